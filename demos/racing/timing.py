"""The race itself: contestants in processes of their own, one step each, in random order."""

import json
import os
import random
import statistics
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from typing import Any, NamedTuple

from autograd.system import end_group, start_group
from demos.racing.contestants import CONTESTANTS
from demos.racing.workloads import Workload

ONE_THREAD = {
    **dict.fromkeys(["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NPROC"], "1"),
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false",
}
ENDED = "its process ended"
LEAST = 3  # rounds of each, however slow
TOLERANCE = 1e-9


class Settings(NamedTuple):
    """How the race is run."""

    rounds: int = 21
    shortest: float = 0.02  # seconds of a measurement: one step of a graph, many of a program
    most: float = 20.0  # seconds of one contestant in all; what is slower has fewer rounds
    options: tuple[str, ...] = ()  # of a worker


class Race(NamedTuple):
    """What came of one workload."""

    workload: Workload
    seconds: dict[str, list[float]]  # of a step, by contestant and round; the slow have fewer
    left_out: dict[str, str]  # why
    differences: dict[str, float]  # of loss and gradient, from those of most others

    @property
    def agrees(self) -> bool:
        return all(difference < TOLERANCE for difference in self.differences.values())

    def median(self, key: str) -> float:
        return statistics.median(self.seconds[key])

    def ratio(self, slower: str, faster: str) -> float:
        """Return how many times as fast one is as the other: the median over their rounds."""
        pairs = zip(self.seconds[slower], self.seconds[faster], strict=False)
        return statistics.median(slow / fast for slow, fast in pairs)


class Worker:
    """A contestant at work."""

    def __init__(self, key: str, workload: Workload, options: Sequence[str]) -> None:
        command = [sys.executable, "-m", "demos.racing.worker", key, workload.name, *options]
        environment = {k: v for k, v in os.environ.items() if k not in ONE_THREAD}
        if not CONTESTANTS[key].has_all_threads:
            environment |= ONE_THREAD
        self._process = start_group(  # out of reach of Ctrl-C: this process ends it
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
        )
        self._title = CONTESTANTS[key].title
        self.first = self._read() or {"ready": False, "why": ENDED}
        self.n = 0

    def end(self) -> None:
        end_group(self._process)
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with suppress(BrokenPipeError):  # a question that nobody has read
                pipe.close()

    def ask(self, question: str, number: float) -> Any:
        """Return what it answers; raises SystemExit where its process has ended."""
        assert self._process.stdin is not None
        try:
            print(json.dumps([question, number]), file=self._process.stdin, flush=True)
        except BrokenPipeError:
            raise SystemExit(f"{self._title}: {ENDED}") from None
        answer = self._read()
        if answer is None:
            raise SystemExit(f"{self._title}: {ENDED}")
        return answer

    def _read(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        return json.loads(line) if line else None


def entered(
    workload: Workload, only: Sequence[str], options: Sequence[str]
) -> tuple[list[str], dict[str, str]]:
    """Return who takes part in a workload, and who does not, with the reason."""
    taking = [key for key in only if CONTESTANTS[key].takes(workload)]
    left_out = {key: lacks for key in taking if (lacks := CONTESTANTS[key].lacks())}
    if "cpu" in options:
        threads = [key for key in taking if CONTESTANTS[key].has_all_threads]
        left_out |= dict.fromkeys(threads, "its threads' times would be added up")
    return [key for key in taking if key not in left_out], left_out


def race(
    workload: Workload, only: Sequence[str], settings: Settings, tell: Callable[[str], None]
) -> Race:
    """Race on one workload; each round has another order."""
    keys, left_out = entered(workload, only, settings.options)
    with ExitStack() as ending:
        workers: dict[str, Worker] = {}
        for key in keys:
            tell(f"{workload.title}: {CONTESTANTS[key].title} gets ready")
            worker = Worker(key, workload, settings.options)
            ending.callback(worker.end)
            if worker.first["ready"]:
                workers[key] = worker
            else:
                left_out[key] = worker.first["why"]
        differences = differing({key: worker.first["result"] for key, worker in workers.items()})
        for worker in workers.values():
            worker.n = worker.ask("calibrate", settings.shortest)
        seconds = timed(workers, settings, lambda k: tell(f"{workload.title}: round {k}"))
    return Race(workload, seconds, left_out, differences)


def timed(
    workers: dict[str, Worker], settings: Settings, tell: Callable[[int], None]
) -> dict[str, list[float]]:
    """Return the seconds of a step of each, round by round."""
    seconds: dict[str, list[float]] = {key: [] for key in workers}
    spent = dict.fromkeys(workers, 0.0)
    for k in range(settings.rounds):
        tell(k + 1)
        for key in random.sample([*workers], len(workers)):
            if spent[key] < settings.most or k < LEAST:
                taken = workers[key].ask("time", workers[key].n)
                seconds[key].append(taken / workers[key].n)
                spent[key] += taken
    return seconds


def differing(results: dict[str, Any]) -> dict[str, float]:
    """Return how far the numbers of each are from the medians of all, beside the largest one."""
    if not results:
        return {}
    lines = [[loss, *gradient] for loss, gradient in results.values()]
    if len({len(line) for line in lines}) > 1:
        return dict.fromkeys(results, float("inf"))
    middle = [statistics.median(numbers) for numbers in zip(*lines, strict=True)]
    scale = max(1.0, *map(abs, middle))
    return {
        key: max(abs(a - b) for a, b in zip(line, middle, strict=True)) / scale
        for key, line in zip(results, lines, strict=True)
    }
