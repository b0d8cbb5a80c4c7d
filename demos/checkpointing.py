"""Recompute checkpoints: the way back needs the numbers of the way there; some can be made again.

A chain of n steps keeps n numbers. Keep one after every k steps only, and on the way back run each
part again when its turn comes: n/k + k numbers, for one more forward pass. That is least at k = √n:
2√n numbers instead of n (Griewank and Walther, 2008; Chen et al., 2016, train networks so).

A recompute checkpoint is not a training checkpoint, which writes the weights to a file.

python -m demos.checkpointing
"""

import math
import random
import tracemalloc
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from autograd import Value, checkpoint, cost, sin
from demos.claim import claim
from demos.output_folder import output_path, say, shown
from demos.plotting import BLUE, ORANGE, new_figure, save_figure
from demos.running import run_demo, try_next

LENGTHS = (10, 30, 100, 300, 1_000, 3_000)  # of a part, in steps
KILOBYTE = 1024


def steps(x: Value, rate: Value, count: int) -> Value:
    """Move ``count`` times: x ← x + rate · sin(x)."""
    for _ in range(count):
        x = x + rate * sin(x)
    return x


def in_parts(x: Value, rate: Value, count: int, length: int) -> Value:
    """Do the same, with a recompute checkpoint around each part of ``length`` steps."""
    for start in range(0, count, length):
        part = min(length, count - start)
        x = checkpoint(lambda x, rate, part=part: steps(x, rate, part))(x, rate)
    return x


class Found(NamedTuple):
    """The gradient, the most memory held on the way, and what was kept and made again."""

    gradient: tuple[float, float]
    kilobytes: float
    kept: int
    again: int
    operations: int


def measured(build: Callable[[Value, Value], Value], start: float) -> Found:
    tracemalloc.start()
    x, rate = Value(start), Value(0.001)
    output = build(x, rate)
    output.backward()
    kilobytes = tracemalloc.get_traced_memory()[1] / KILOBYTE
    tracemalloc.stop()
    counted = cost(output)
    gradient = float(x.grad), float(rate.grad)
    operations = counted.forward.total() + counted.backward.total()
    return Found(gradient, kilobytes, counted.kept, counted.again, operations)


def close(one: Found, other: Found) -> bool:
    return all(
        math.isclose(a, b, rel_tol=1e-12) for a, b in zip(one.gradient, other.gradient, strict=True)
    )


def save_picture(found: dict[int, Found], whole: Found, count: int) -> None:
    figure, (left, right) = new_figure(2, height=5.2)
    lengths = list(found)
    left.loglog(lengths, [f.kept + f.again for f in found.values()], "o-", color=BLUE,
                linewidth=2.5, label="kept + made again")  # fmt: skip
    left.loglog(lengths, [count / k + 3 * k for k in lengths], ":", color="#111111",
                label="n/k + 3k")  # fmt: skip
    left.axhline(whole.kept, color=ORANGE, linewidth=2.5, linestyle="--", label="no checkpoints")
    left.set(title=f"Numbers held, a chain of n = {count:,}", xlabel="steps k of a part")
    right.loglog(lengths, [f.kilobytes for f in found.values()], "o-", color=BLUE, linewidth=2.5)
    right.axhline(whole.kilobytes, color=ORANGE, linewidth=2.5, linestyle="--")
    right.set(title="Kilobytes held by Python at most", xlabel="steps k of a part")
    for axes in (left, right):
        axes.axvline(math.sqrt(count), color="#999999", linewidth=1)
        axes.grid(alpha=0.3)
    left.legend()
    picture = save_figure(figure, output_path("checkpointing"))[0]
    say(f"\nWhere is the lowest point? The grey line is √n: {shown(picture)}")


def main(seed: int = 0, quick: bool = False) -> None:
    count = 1_000 if quick else 10_000
    start = random.Random(seed).uniform(0.5, 2.5)
    say(f"x ← x + rate · sin(x), {count:,} times from x = {start:.3f}. How does the end depend on")
    say("the start, and on the rate? Parts of k steps are run again on the way back. A step makes")
    say("three numbers, of which the way back reads two: 2n in all, and in parts n/k + 3k.\n")
    whole = measured(lambda x, rate: steps(x, rate, count), start)
    say("         k   numbers kept   made again   kilobytes   operations")
    rows = {"none": whole}
    lengths = [k for k in LENGTHS if k <= count]
    found = {}
    for k in lengths:
        found[k] = measured(partial(in_parts, count=count, length=k), start)
        rows[f"{k:,}"] = found[k]
    for name, row in rows.items():
        say(f"    {name:>6}{row.kept:15,}{row.again:13,}{row.kilobytes:12,.0f}{row.operations:13,}")
    best = min(found, key=lambda k: found[k].kilobytes)
    root = math.sqrt(count)
    claim("the gradients agree to 1e-12", all(close(whole, one) for one in found.values()))
    claim(f"least memory at k = {best}, near √n = {root:.0f}", root / 4 < best < root * 4)
    claim(f"there it takes less than a tenth: {found[best].kilobytes:,.0f} kB instead of "
          f"{whole.kilobytes:,.0f}", found[best].kilobytes < whole.kilobytes / 10)  # fmt: skip
    claim("for less than twice the operations", found[best].operations < 2 * whole.operations)
    save_picture(found, whole, count)
    try_next(
        "Put a recompute checkpoint around parts of parts: three levels hold 3·∛n numbers.",
        "Let the step draw random numbers. What does backward() say?",
    )


if __name__ == "__main__":
    run_demo(main)
