"""watch: the board follows an interactive session, line by line."""

import atexit
import contextlib
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograd.show.pages.board.board import Board, Follower
from autograd.show.pages.board.drawing import drawing_of
from autograd.system import open_in_browser
from autograd.value import Value
from autograd.wording import Text, for_terminal, word


class _Watcher:
    """Draws in a thread of its own, so that the session never waits and never sees an error."""

    def __init__(self) -> None:
        folder = Path(tempfile.mkdtemp(prefix="board-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        self.board = Board(folder)
        self._poked = threading.Event()
        self._stopped = False
        self._thread = threading.Thread(target=self._work, name="board", daemon=True)
        self._thread.start()
        self._detach = _attach(self.poke)

    def poke(self, *_: Any) -> None:
        """Say that a line has been done. This is all that the session's own thread does for us."""
        self._poked.set()

    def stop(self) -> None:
        self._detach()
        self._stopped = True
        self._poked.set()
        self._thread.join(timeout=5)
        with contextlib.suppress(OSError):  # the folder may be gone
            self.board.end()

    def _work(self) -> None:
        drawing_of({"warming_up": Value(0.0) * 1})  # the first picture takes longest
        follower = Follower(self.board.put)
        while True:
            self._poked.wait()
            self._poked.clear()
            if self._stopped:
                return
            try:
                follower.look(dict(vars(sys.modules["__main__"])))
            except OSError:
                if not self.board.page.exists():
                    return  # the folder is gone: nobody can see the board any more


class _Prompt:
    """The prompt of the plain REPL, which shows it after every line."""

    def __init__(self, prompt: Any, poke: Callable[[], None]) -> None:
        self.prompt = prompt
        self._poke = poke

    def __str__(self) -> str:
        self._poke()
        return str(self.prompt)


_watchers: list[_Watcher] = []  # at most one


def watch() -> Text:
    """Open the board, a page that shows the Values bound in this session after every line.

    Works in the plain REPL, IPython and Jupyter; ``unwatch()`` ends it. It draws in the
    background: no line waits for it, and errors in drawing are shown on the board. For a file
    there is ``python -m autograd watch FILE``. Raises RuntimeError outside of a session.
    """
    if not _watchers:
        if not _in_session():
            raise RuntimeError(word("no session"))
        _watchers.append(_Watcher())
    watcher = _watchers[0]
    watcher.poke()
    path = watcher.board.page
    said = "watching" if open_in_browser(path) else "watching unseen"
    return for_terminal(word(said, path=str(path)))


def unwatch() -> None:
    """End ``watch()`` and restore the prompt."""
    while _watchers:
        _watchers.pop().stop()


def _shell() -> Any:
    """Return the shell of IPython or Jupyter, None in another session."""
    return getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()


def _in_session() -> bool:
    return _shell() is not None or hasattr(sys, "ps1") or bool(sys.flags.interactive)


def _attach(poke: Callable[..., None]) -> Callable[[], None]:
    """Have ``poke`` called after every line; return what undoes that."""
    if shell := _shell():
        shell.events.register("post_run_cell", poke)
        return lambda: shell.events.unregister("post_run_cell", poke)
    prompt = _Prompt(getattr(sys, "ps1", ">>> "), poke)
    sys.ps1 = prompt

    def detach() -> None:
        if sys.ps1 is prompt:  # else somebody has set another one since
            sys.ps1 = prompt.prompt

    return detach
