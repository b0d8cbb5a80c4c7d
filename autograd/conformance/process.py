"""check_file: the cases of the conformance check on a file, in a process under limits.

The limits protect against accidents: loops, floods of text, graphs that fill the memory. They do
not stop code that means to do harm, which can find a way around them.
"""

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
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autograd.conformance.methods import Methods
from autograd.conformance.report import Report
from autograd.conformance.result import Result
from autograd.conformance.running import (
    CASES,
    SECONDS,
    TIMES_IN_ALL,
    limit_for_next,
    not_run,
    result_of,
)
from autograd.conformance.worker import UNDER_MAIN
from autograd.errors import EngineFileError
from autograd.system import end_group, start_group
from autograd.wording import word

LOADING_SECONDS = 20.0  # some import PyTorch
GRACE = 1.0  # seconds for a case to be stopped from within, which tells the line it was in

ENVIRONMENT = {
    "PYTHONDONTWRITEBYTECODE": "1",  # nothing is left beside the file
    "PYTHONIOENCODING": "utf-8:backslashreplace",  # its prints cannot fail
    "OMP_NUM_THREADS": "1",  # NumPy would take addresses for every core
    "OPENBLAS_NUM_THREADS": "1",
}

START = """\
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from autograd.conformance.worker import main
main(sys.argv[2])
"""


def check_file(engine: str, class_name: str = "", *, seconds: float = SECONDS) -> Report:
    """Run every case on a class of the file, or of the module, called ``engine``.

    Unless named, the class is Value, or the only one with a method ``backward``. If a case takes
    longer than ``seconds``, or ends the process, the others still get their results. Raises
    EngineFileError if there is nothing that could be checked.
    """
    request = {"engine": engine, "folder": _folder_of(engine), "class": class_name}
    results: list[Result] = []
    title = note = ""
    methods: Methods = {}
    end = math.inf  # the clock starts once the file has been loaded
    while len(results) < len(CASES) and (limit := limit_for_next(results, end, seconds)):
        started = time.monotonic()
        with _Worker({**request, "start": len(results), "seconds": limit}) as worker:
            try:
                loaded_class, others, places = worker.loaded_classes()
                methods = methods or places
                title = f"{loaded_class} of {Path(engine).name}"
                note = word("other engines", names=", ".join(others)) if others else ""
            except EngineFileError as error:
                if not results:
                    raise
                reason = word("not again", reason=error)
                results += [result_of(case, "raised", reason) for case in CASES[len(results) :]]
                break
            loaded = time.monotonic()  # loading does not count
            end = min(end + loaded - started, loaded + TIMES_IN_ALL * seconds)
            results += worker.results(len(results), end)
    results += [not_run(case, seconds) for case in CASES[len(results) :]]
    return Report(title, results, note, methods)


def _folder_of(engine: str) -> str:
    """Return the folder of a file, or nothing for the name of a module."""
    if not engine:
        raise EngineFileError("name a file, as in my_engine.py")
    path = Path(engine)
    if path.is_file():
        return str(path.absolute().parent)
    if path.is_dir() and not (path / "__init__.py").exists():
        raise EngineFileError(f"{engine} is a folder: name the file in it")
    if engine.endswith(".py") or not all(part.isidentifier() for part in engine.split(".")):
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
             json.dumps([os.path.abspath(entry) for entry in sys.path]),
             json.dumps({**request, "cpu_seconds": cpu_seconds})],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            cwd=self.scratch.name, env={**os.environ, **ENVIRONMENT},
        )  # fmt: skip
        self.lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.listener = threading.Thread(target=self._listen, daemon=True)
        self.listener.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None  # it is a pipe
        with self.process.stdout as lines:
            for line in lines:
                self.lines.put(line)
        self.lines.put("")  # the end

    def __enter__(self) -> "_Worker":
        return self

    def __exit__(self, *error: object) -> None:
        """End the process and what it has started, and delete what they wrote."""
        end_group(self.process)
        self.listener.join(GRACE)
        self.scratch.cleanup()

    def loaded_classes(self) -> tuple[str, list[str], Methods]:
        """Return the names of the class and of others beside it, and the methods of the class.

        Raises EngineFileError if the file did not load.
        """
        try:
            line = self.lines.get(timeout=LOADING_SECONDS)
        except queue.Empty:
            raise EngineFileError(
                f"{self.name} was not read to its end in {LOADING_SECONDS:g} s; {UNDER_MAIN}"
            ) from None
        if not line:
            raise EngineFileError(f"{self.name}: it ended its process: {self._death()}")
        told = json.loads(line)
        if "error" in told:
            raise EngineFileError(told["error"])
        return told["class"], told["others"], told["methods"]

    def results(self, start: int, end: float) -> Iterator[Result]:
        """Yield the results from case ``start`` to the last, or to the one that was fatal."""
        for case in CASES[start:]:
            left = end - time.monotonic()
            if left <= 0:
                return
            limit = min(self.seconds, left)
            try:
                line = self.lines.get(timeout=limit + GRACE)
            except queue.Empty:
                received = word("no answer", seconds=f"{limit:.3g}", place="")
                yield result_of(case, "timed out", received)
                return
            if not line:
                yield result_of(case, "raised", word("died", reason=self._death()))
                return
            result = Result(**json.loads(line))
            yield result
            if result.verdict == "timed out":
                return

    def _death(self) -> str:
        """Return how the process ended."""
        try:
            code = self.process.wait(timeout=GRACE)
        except subprocess.TimeoutExpired:  # it closed its output but goes on
            return word("no more output")
        if code >= 0:
            return word("exit code", code=code)
        return signal.strsignal(-code) or word("signal", number=-code)
