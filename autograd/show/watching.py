"""watch: the board follows an interactive session, line by line."""

import atexit
import shutil
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograd.files import open_in_browser
from autograd.show.board import Board, Drawing, drawing_of
from autograd.value import Value
from autograd.words import Text, for_terminal, word


class _Watcher:
    """Draws in a thread of its own, so that the session never waits and never sees an error."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="board-"))
        atexit.register(shutil.rmtree, self._folder, ignore_errors=True)
        self.board = Board(self._folder)
        self._poked = threading.Event()
        self._stopped = False
        self._thread = threading.Thread(target=self._work, name="board", daemon=True)
        self._thread.start()

    def poke(self, *_: Any) -> None:
        """Say that a line has been done. This is all the session's own thread does for us."""
        self._poked.set()

    def stop(self) -> None:
        self._stopped = True
        self._poked.set()
        self._thread.join(timeout=5)

    def _work(self) -> None:
        drawing_of({"warming_up": Value(0.0) * 1})  # the first picture takes longest
        while True:
            self._poked.wait()
            self._poked.clear()
            if self._stopped:
                return
            try:
                drawing = drawing_of(dict(vars(sys.modules["__main__"])))
            except Exception:
                drawing = Drawing(error=traceback.format_exc(limit=-3))
            try:
                self.board.put(drawing)
            except OSError:
                return  # the folder is gone, and with it whoever looked at the board


class _Prompt:
    """The prompt of the plain REPL, which shows it after every line."""

    def __init__(self, prompt: Any, poke: Callable[[], None]) -> None:
        self.prompt = prompt
        self._poke = poke

    def __str__(self) -> str:
        self._poke()
        return str(self.prompt)


_watcher: _Watcher | None = None
_undo: Callable[[], None] | None = None


def watch() -> Text:
    """Open the board, a page that shows the Values bound in this session after every line.

    Works in the plain REPL, IPython and Jupyter; ``unwatch()`` ends it. It draws in the
    background: no line waits for it, and what goes wrong in drawing stands on the board. A file
    is followed by ``python -m autograd watch FILE``.
    """
    global _watcher, _undo
    if _watcher is None:
        watcher = _Watcher()
        undo = _hook(watcher)
        if undo is None:
            watcher.stop()
            raise RuntimeError(word("no session"))
        _watcher, _undo = watcher, undo
    _watcher.poke()
    path = _watcher.board.page
    return for_terminal(word("watching" if open_in_browser(path) else "watching unseen", path=str(path)))


def unwatch() -> None:
    """End ``watch()`` and restore the prompt."""
    global _watcher, _undo
    if _watcher is not None and _undo is not None:
        _undo()
        _watcher.stop()
    _watcher = _undo = None


def _hook(watcher: _Watcher) -> Callable[[], None] | None:
    """Have the watcher poked after every line; return what undoes it, None without a session."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if shell is not None:
        shell.events.register("post_run_cell", watcher.poke)
        return lambda: shell.events.unregister("post_run_cell", watcher.poke)
    if not (hasattr(sys, "ps1") or sys.flags.interactive):
        return None
    before = getattr(sys, "ps1", None)
    prompt = _Prompt(">>> " if before is None else before, watcher.poke)
    sys.ps1 = prompt

    def undo() -> None:
        if sys.ps1 is prompt:  # else somebody has set another one since
            sys.ps1 = prompt.prompt

    return undo
