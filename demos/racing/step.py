"""What every contestant brings: its step, and how to read its result."""

import time
from collections.abc import Callable
from typing import Any

Result = tuple[float, list[float]]  # loss and gradient; of a training, the last loss and weights


class Step:
    """One step of a contestant.

    ``run`` is what the clock sees. ``result`` makes numbers of what ``run`` returned, in the order
    that all contestants agree on, when the clock stands.
    """

    warms_up = True  # before the clock starts
    counts_cpu = False  # instead of the time that passes: where others work on the machine

    def __init__(self, run: Callable[[], Any], result: Callable[[Any], Result]) -> None:
        self.run, self._result = run, result

    def result(self) -> Result:
        """Do a step and return its numbers."""
        return self._result(self.run())

    def seconds(self, n: int) -> float:
        """Return the seconds that ``n`` steps take; graphs are dropped as the next one comes."""
        run, clock = self.run, time.process_time if self.counts_cpu else time.perf_counter
        start = clock()
        for _ in range(n):
            made = run()
        seconds = clock() - start
        del made
        return seconds
