"""check_file: the cases of the conformance check on a file, in a process under limits.

The limits protect against accidents: loops, floods of text, graphs that fill the memory. They do
not stop code that means to do harm, which can find a way around them.
"""

import contextlib
import json
import math
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from autograd.conformance.cases import (
    UNREAD,
    Answer,
    Case,
    Names,
    Result,
    judged,
    not_found,
    read_answer,
    result_of,
)
from autograd.conformance.diagnosis import Methods
from autograd.conformance.reports import Part, Report
from autograd.conformance.running.in_this_process import (
    SECONDS,
    TIMES_IN_ALL,
    cases_of,
    limit_for_next,
    not_run,
)
from autograd.conformance.running.worker import UNDER_MAIN
from autograd.errors import EngineFileError
from autograd.system import end_group, start_group
from autograd.wording import printable, word

LOADING_SECONDS = 20.0  # some import PyTorch
GRACE = 1.0  # seconds for a case to be stopped from within, which tells the line it was in

ENVIRONMENT = {
    "PYTHONDONTWRITEBYTECODE": "1",  # nothing is left beside the file
    "PYTHONIOENCODING": "utf-8:backslashreplace",  # its prints cannot fail
    "OMP_NUM_THREADS": "1",  # NumPy would take addresses for every core
    "OPENBLAS_NUM_THREADS": "1",
}

LONGEST_LINE = 2**22  # characters of one line from the process

START = """\
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from autograd.conformance.running.worker import main
main()
"""


def check_file(
    engine: str,
    class_name: str = "",
    *,
    seconds: float = SECONDS,
    names: Names | None = None,
    hidden: str = "",
    parts: Sequence[Part] = (),
) -> Report:
    """Run every case on a class of the file, or of the module, called ``engine``.

    Unless named, the class is Value, or the only one with a method ``backward``. If a case takes
    longer than ``seconds``, or ends the process, the others still get their results. ``names`` are
    the engine's own for ours, as in ``{"data": "value"}``; ``hidden`` is a seed that makes more
    cases; ``parts`` are given points. Raises EngineFileError if there is nothing that could be
    checked.
    """
    cases = cases_of(hidden)
    names = names or {}
    request = {
        "engine": engine, "folder": _folder_of(engine), "class": class_name,
        "backward": names.get("backward", "backward").partition(".")[0],
    }  # fmt: skip
    results: list[Result] = []
    loaded = _Loaded()
    end = math.inf  # the clock starts once the file has been loaded
    while len(results) < len(cases) and (
        limit := limit_for_next(results, len(cases), end, seconds)
    ):
        started = time.monotonic()
        rest = cases[len(results) :]
        asked = {"questions": [asdict(case.question(names)) for case in rest], "seconds": limit}
        with _Worker({**request, **asked, "methods": not results}) as worker:
            try:
                told = worker.loaded()
            except EngineFileError as error:
                if not results:
                    raise
                reason = word("not again", reason=error)
                results += [result_of(case, "raised", reason) for case in rest]
                break
            loaded = loaded if results else told
            now = time.monotonic()  # loading does not count
            end = min(end + now - started, now + TIMES_IN_ALL * seconds)
            results += worker.results(rest, end)
    results += [not_run(case, seconds) for case in cases[len(results) :]]
    title = f"{loaded.name} of {Path(engine).name}"
    return Report(title, results, loaded.note(names, results), loaded.methods, names, parts)


@dataclass(frozen=True)
class _Loaded:
    """What a process told: the class, others beside it, its origins, and limits that are off."""

    name: str = ""
    others: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    methods: Methods = field(default_factory=dict)
    unlimited: tuple[str, ...] = ()

    def note(self, names: Names, results: Sequence[Result]) -> str:
        notes = []
        if self.others:
            notes.append(word("other engines", names=", ".join(self.others)))
        if self.origins:
            origins = ", ".join(self.origins)
            notes.append(word("origins", name=self.name, origins=origins))
        if UNREAD in names:
            notes.append(word("unread name", name=UNREAD))
        if missing := not_found(names, results):
            notes.append(word("names not found", name=self.name, names=", ".join(missing)))
        if self.unlimited:
            notes.append(word("unlimited", what=", ".join(self.unlimited)))
        return " ".join(notes)


def _read_loaded(line: str, file: str) -> _Loaded:
    """Return what a process told of the file; raises EngineFileError if it did not load."""
    told = _from_json(line)
    if isinstance(told, dict) and isinstance(reason := told.get("error"), str):
        raise EngineFileError(reason)
    try:
        methods = {str(name): (int(at), str(text)) for name, (at, text) in told["methods"].items()}
        name, *others = (printable(str(name)) for name in (told["class"], *told["others"]))
        origins = tuple(printable(str(name)) for name in told["origins"])
        unlimited = tuple(printable(str(what)) for what in told["unlimited"])
    except (KeyError, TypeError, ValueError, AttributeError):
        raise EngineFileError(f"{file}: {word('unreadable')}") from None
    return _Loaded(name, tuple(others), origins, methods, unlimited)


def _from_json(line: str) -> Any:
    """Return what a line says, and None if it says nothing: an engine may have written it."""
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _folder_of(engine: str) -> str:
    """Return the folder of a file, or nothing for the name of a module."""
    if not engine:
        raise EngineFileError("name a file, as in my_engine.py")
    path = Path(engine)
    if path.is_file():
        return str(path.absolute().parent)
    is_module = all(part.isidentifier() for part in engine.split("."))
    if path.is_dir() and not (is_module and (path / "__init__.py").exists()):
        raise EngineFileError(f"{engine} is a folder: name the file in it")
    if engine.endswith(".py") or not is_module:
        raise EngineFileError(f"there is no file {engine}")
    return ""


class _Worker:
    """A process that runs cases for as long as the ``with`` block lasts."""

    def __init__(self, request: dict[str, Any]) -> None:
        self.seconds = request["seconds"]
        self.name = Path(request["engine"]).name
        self.scratch = tempfile.TemporaryDirectory(
            prefix="engine-check-", ignore_cleanup_errors=True
        )
        cpu_seconds = math.ceil(LOADING_SECONDS + TIMES_IN_ALL * self.seconds)
        self.process = start_group(
            [sys.executable, "-P", "-c", START,
             json.dumps([os.path.abspath(entry) for entry in sys.path])],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            errors="replace", cwd=self.scratch.name, env={**os.environ, **ENVIRONMENT},
        )  # fmt: skip
        assert self.process.stdin is not None  # it is a pipe
        with contextlib.suppress(BrokenPipeError), self.process.stdin as questions:
            json.dump({**request, "cpu_seconds": cpu_seconds}, questions)
        self.lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.expects = 1 + len(request["questions"])
        self.listener = threading.Thread(target=self._listen, daemon=True)
        self.listener.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None  # it is a pipe
        with self.process.stdout as lines:
            for _ in range(self.expects):  # what comes beyond them is not ours
                if line := lines.readline(LONGEST_LINE):
                    self.lines.put(line)
        self.lines.put("")  # the end

    def __enter__(self) -> "_Worker":
        return self

    def __exit__(self, *error: object) -> None:
        """End the process and what it has started, and delete what they wrote."""
        end_group(self.process)
        self.listener.join(GRACE)
        self.scratch.cleanup()

    def loaded(self) -> _Loaded:
        """Return what the process tells of the file; raises EngineFileError if it did not load."""
        try:
            line = self.lines.get(timeout=LOADING_SECONDS)
        except queue.Empty:
            raise EngineFileError(
                f"{self.name} was not read to its end in {LOADING_SECONDS:g} s; {UNDER_MAIN}"
            ) from None
        if not line:
            raise EngineFileError(f"{self.name}: it ended its process: {self._death()}")
        return _read_loaded(line, self.name)

    def results(self, cases: Sequence[Case], end: float) -> Iterator[Result]:
        """Yield the result of each case, up to the last, or to the one that was fatal."""
        for case in cases:
            left = end - time.monotonic()
            if left <= 0:
                return
            answer, goes_on = self._next_answer(min(self.seconds, left))
            yield judged(case, answer)
            if not goes_on:
                return

    def _next_answer(self, limit: float) -> tuple[Answer, bool]:
        """Return the answer to the next question, and whether this process can go on."""
        try:
            line = self.lines.get(timeout=limit + GRACE)
        except queue.Empty:
            text = word("no answer", seconds=f"{limit:.3g}", place="")
            return Answer("timed out", text=text), False
        if not line:
            return Answer("raised", text=word("died", reason=self._death())), False
        answer = read_answer(_from_json(line))
        if answer is None:
            return Answer("raised", text=word("unreadable")), False
        return answer, answer.kind != "timed out"

    def _death(self) -> str:
        """Return how the process ended."""
        try:
            code = self.process.wait(timeout=GRACE)
        except subprocess.TimeoutExpired:  # it closed its output but goes on
            return word("no more output")
        if code >= 0:
            return word("exit code", code=code)
        return signal.strsignal(-code) or word("signal", number=-code)
