"""watch: the board follows an interactive session, line by line."""

import atexit
import contextlib
import shutil
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from autograd.making import making_everywhere
from autograd.show.pages.board.board import Board, Follower
from autograd.show.pages.board.drawing import drawing_of
from autograd.show.pages.board.prompt import attach, in_session
from autograd.show.pages.board.typed import Typed
from autograd.sources import line_stamp
from autograd.system import open_in_browser
from autograd.value import Value
from autograd.wording import Text, for_terminal, word


class _Watcher:
    """Draws in a thread of its own, so that the session never waits and never sees an error."""

    def __init__(self) -> None:
        folder = Path(tempfile.mkdtemp(prefix="board-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        self.board = Board(folder)
        self.follower = Follower(self.board.put)
        self._last = ("", "")  # the line typed last, and what it raised
        self._poked = threading.Event()
        self._stopped = False
        self._thread = threading.Thread(target=self._work, name="board", daemon=True)
        self._thread.start()
        typed = Typed()
        self._recording = contextlib.ExitStack()
        self._recording.enter_context(making_everywhere(line_stamp(typed.file_of)))
        self._detach = attach(self.line_done, typed)

    def line_done(self, typed: str, error: str) -> None:
        """Say that a line has been done. This is all that the session's own thread does for us."""
        self._last = (typed, error)
        self._poked.set()

    def poke(self) -> None:
        self._poked.set()

    def stop(self) -> None:
        self._detach()
        self._recording.close()
        self._stopped = True
        self._poked.set()
        self._thread.join(timeout=5)
        with contextlib.suppress(OSError):  # the folder may be gone
            self.board.end()

    def _work(self) -> None:
        drawing_of({"warming_up": Value(0.0) * 1})  # the first picture takes longest
        while True:
            self._poked.wait()
            self._poked.clear()
            if self._stopped:
                return
            try:
                self.follower.look(dict(vars(sys.modules["__main__"])), *self._last)
            except OSError:
                if not self.board.page.exists():
                    return  # the folder is gone: nobody can see the board any more


_watchers: list[_Watcher] = []  # at most one


def watch(output: Any = None) -> Text:
    """Open the board, a page that shows the Values bound in this session after every line.

    Works in the plain REPL, IPython and Jupyter; ``unwatch()`` ends it. With an ``output``, a node
    or a list of them, only its graph is shown, and if it has a name, later on that of the node that
    has the name then; ``watch()`` shows all again. The line typed last stands under the picture,
    and so does its error. It draws in the background: no line waits for it, and errors in drawing
    are shown on the board. Nodes remember the line that made them, as in ``record_sources()``, so
    that ``lesson`` shows the code beside the graph. For a file there is
    ``python -m autograd watch FILE``. Raises RuntimeError outside of a session, NotAGraphError for
    what holds no node.
    """
    if not _watchers and not in_session():
        raise RuntimeError(word("no session"))
    watcher = _watchers[0] if _watchers else _Watcher()
    _watchers[:] = [watcher]
    if output is None:
        watcher.follower.unpin()
    else:
        watcher.follower.pin(_name_of(output), output)
    watcher.poke()
    path = watcher.board.page
    said = "watching" if open_in_browser(path) else "watching unseen"
    return for_terminal(word(said, path=str(path)))


def unwatch() -> None:
    """End ``watch()`` and restore the prompt."""
    while _watchers:
        _watchers.pop().stop()


def _name_of(thing: Any) -> str:
    """Return the session's variable that holds ``thing``; "" if none does."""
    held = dict(vars(sys.modules["__main__"]))
    return next((name for name, one in held.items() if one is thing and name[0] != "_"), "")
