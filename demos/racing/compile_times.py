"""How long ``compile`` takes, in a process of its own: python -m demos.racing.compile_times

It prints milliseconds of the processor as JSON: medians of compiling each graph anew, and of
getting the kernels ready in a new process, from the folder that keeps them.
"""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

from autograd import Value, compile
from demos.racing.goals import COMPILE_GOALS
from demos.racing.with_chalkgrad import graph_of_names, graph_of_network
from demos.racing.workloads import WORKLOADS

TIMES = 7
ALONE = "--kernels"


def compile_times() -> dict[str, float]:
    """Return the medians; how many rows there are does not matter."""
    one = Value(1.0)
    compile(one * one, backend="native")  # the kernels are there
    graphs: list[tuple[Any, Any]] = [
        (graph_of_network, WORKLOADS["moons"]),
        (graph_of_network, WORKLOADS["wide"]._replace(n=1)),
        (graph_of_names, WORKLOADS["name"]),
    ]
    medians = [median_of(compiling(make, workload)) for make, workload in graphs]
    medians.append(median_of(load_kernels))
    return dict(zip(COMPILE_GOALS, medians, strict=True))


def compiling(make: Callable[..., Any], workload: Any) -> Callable[[], float]:
    """Return what makes the graph, compiles it, and returns the milliseconds of the latter."""

    def once() -> float:
        graph = make(workload)
        start = time.process_time()
        graph.compiled("native")
        return (time.process_time() - start) * 1000

    return once


def median_of(once: Callable[[], float]) -> float:
    return statistics.median(once() for _ in range(TIMES))


def load_kernels() -> float:
    """Return the milliseconds that a new process needs until the kernels can run."""
    done = subprocess.run(
        [sys.executable, "-m", "demos.racing.compile_times", ALONE],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return float(done.stdout)


def alone() -> float:
    """Return the milliseconds of loading the kernels, when all packages are imported."""
    machine = import_module("autograd.program.native.kernels.machine_code").machine
    start = time.process_time()
    machine()
    return (time.process_time() - start) * 1000


if __name__ == "__main__":
    print(json.dumps(alone() if ALONE in sys.argv else compile_times()))
