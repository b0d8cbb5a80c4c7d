"""How busy the machine is, for tests that keep promises made of a quiet one."""

from typing import Any

QUIET = 22.0  # milliseconds that the work below takes on a core of its own
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


def slowness(page: Any) -> float:
    """Return how many times as long a page takes for the same work as on a quiet machine."""
    return max(1.0, float(page.evaluate(WORK)) / QUIET)
