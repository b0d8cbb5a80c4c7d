"""python -m autograd watch FILE: the board follows a file, run again whenever it is saved."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
import types
from pathlib import Path

from autograd.show.pages.board.board import Board
from autograd.show.pages.board.drawing import Drawing, drawing_of
from autograd.sources import record_sources
from autograd.system import end_group, open_in_browser, start_group, write_whole
from autograd.wording import for_terminal, word

POLL = 0.1  # seconds
SETTLED = 0.03
OURS = str(Path(__file__).parents[3])


def watch_file(path: Path, limit: float) -> None:
    """Run ``path`` and draw its Values, again after every save, until Ctrl-C.

    Each run is a process of its own that is stopped after ``limit`` seconds. Raises OSError where
    there is no such file.
    """
    if not path.is_file():
        raise FileNotFoundError(f"there is no file {path}: save it first")
    folder = Path(tempfile.mkdtemp(prefix="board-"))
    try:
        board = Board(folder)
        seen = word(
            "watching" if open_in_browser(board.page) else "watching unseen", path=str(board.page)
        )
        print(for_terminal(seen), flush=True)
        saved: object = ()
        while True:
            now = _stamp(path)
            if now != saved:
                time.sleep(SETTLED)  # an editor may be in the middle of writing
                saved = _stamp(path)
                board.put(run(path, folder / "drawing.json", limit))
            time.sleep(POLL)
    except KeyboardInterrupt:
        pass
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _stamp(path: Path) -> object:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def run(path: Path, result: Path, limit: float) -> Drawing:
    """Return what the file's Values look like when it has run, or why it did not."""
    result.unlink(missing_ok=True)
    here = f"from {__name__} import run_here; run_here()"
    command = [sys.executable, "-c", here, str(path), str(result)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    process = start_group(command, env=environment, stdin=subprocess.DEVNULL)
    try:
        process.wait(timeout=limit)
    except subprocess.TimeoutExpired:
        return Drawing(error=word("endless", path=str(path), limit=f"{limit:g}"))
    finally:
        end_group(process)
    if not result.exists():
        return Drawing(error=word("crashed", path=str(path)))
    return Drawing(**json.loads(result.read_text(encoding="utf-8")))


def run_here() -> None:
    """Run the file named on the command line as ``__main__``; write its drawing to the other."""
    path, result = map(Path, sys.argv[1:])
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        told = word("gone", path=str(path))
        print(for_terminal(told), file=sys.stderr)
        write_whole(result, json.dumps(Drawing(error=told)._asdict()))
        return
    write_whole(result, json.dumps(_drawing_of_run(text, path)._asdict()))


def _drawing_of_run(text: bytes, path: Path) -> Drawing:
    """Return what the Values look like of a program that was saved at ``path``."""
    sys.argv[:] = [str(path)]
    sys.path[0] = str(path.resolve().parent)
    module = types.ModuleType("__main__")
    module.__file__ = str(path)
    sys.modules["__main__"] = module
    error = ""
    try:
        program = compile(text, str(path), "exec")
        with record_sources():  # so that lesson(output) shows the code beside the graph
            exec(program, vars(module))
    except SystemExit:
        pass
    except BaseException as raised:
        error = _told(raised)
        print(error, file=sys.stderr)
    try:
        drawing = drawing_of(vars(module))
    except Exception as raised:  # a student's class may raise anything
        drawing = Drawing(error=_told(raised))
    if error:
        graph = drawing.graph or None  # if nothing can be drawn, the last picture stays
        drawing = drawing._replace(graph=graph, note="", error=error)
    return drawing


def _told(error: BaseException) -> str:
    """Return the traceback of an error, without the lines of our own code."""
    told = traceback.TracebackException.from_exception(error)
    told.stack = traceback.StackSummary.from_list(
        [line for line in told.stack if not line.filename.startswith(OURS)]
    )
    return "".join(told.format())
