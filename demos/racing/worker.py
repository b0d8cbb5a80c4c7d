"""The process of one contestant: it says loss and gradient, then answers lines of JSON on stdin.

["calibrate", s] with how many steps take s seconds, and ["time", n] with the seconds that n steps
took.
"""

import gc
import json
import sys
from typing import Any

from demos.racing.contestants import CONTESTANTS
from demos.racing.step import Step
from demos.racing.workloads import WORKLOADS, quick

LONG = 0.5  # seconds of a step; before a shorter one there is another, to bring its memory back


def main(key: str, name: str, *options: str) -> None:
    """Make the step and say so, or why not; then answer until stdin ends."""
    workload = quick(WORKLOADS[name]) if "quick" in options else WORKLOADS[name]
    try:
        step = CONTESTANTS[key].step(workload)
        say({"ready": True, "result": step.result()})
    except (Exception, SystemExit) as error:  # whatever others raise: the race goes on without it
        say({"ready": False, "why": f"{type(error).__name__}: {error}".splitlines()[0]})
        return
    step.counts_cpu = "cpu" in options
    if "collector off" in options:
        gc.disable()
    for line in sys.stdin:
        say(answer(step, *json.loads(line)))
        if not gc.isenabled():
            gc.collect()  # micrograd's graphs are cycles: without this they pile up


def answer(step: Step, question: str, number: float) -> float:
    if question == "time":
        if step.warms_up:
            step.seconds(1)
        return step.seconds(int(number))
    n, seconds = 1, step.seconds(1)
    step.warms_up = seconds < LONG
    while seconds < number:  # more often, and warm
        n = max(n + 1, min(10 * n, int(1.2 * n * number / max(seconds, 1e-9))))
        seconds = step.seconds(n)
    return n


def say(found: Any) -> None:
    print(json.dumps(found), file=ANSWERS, flush=True)


if __name__ == "__main__":
    ANSWERS, sys.stdout = sys.stdout, sys.stderr  # what others print is not an answer
    main(*sys.argv[1:])
