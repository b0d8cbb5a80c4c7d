"""How busy the machine is, for tests that keep promises made of a quiet one."""

import time
from typing import Any

QUIET = 90.0  # milliseconds that the work below takes on a core of its own
WORK = """() => {
  const work = () => { let t = 0; for (let k = 0; k < 2e7; k++) t = (t * 31 + k) | 0; return t; };
  const times = [];
  for (let k = 0; k < 6; k++) {
    const start = performance.now();
    work();
    times.push(performance.now() - start);
  }
  return Math.min(...times.slice(2));
}"""


QUIET_PYTHON = 0.011  # seconds of the processor for the loop below


def slowness_of_python() -> float:
    """Return how many times as much of the processor the same work takes as on a quiet machine."""
    times = []
    for _ in range(7):
        started, total = time.process_time(), 0.0
        for k in range(300_000):
            total += k * 0.5
        times.append(time.process_time() - started)
    return max(1.0, min(times) / QUIET_PYTHON)


def slowness(page: Any) -> float:
    """Return how many times as long a page takes for the same work as on a quiet machine."""
    return max(1.0, float(page.evaluate(WORK)) / QUIET)
