"""Forward and reverse: one graph, two directions, and who wins for n inputs and m outputs.

Forward mode asks of each node how fast it moves when one input does (its tangent): one sweep for
each input. Reverse mode asks how fast the output moves when the node does (its gradient, which the
books call adjoint): one sweep for each output. The rules, and the results, are the same.

python -m demos.forward_and_reverse
"""

import math
import random
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from typing import Any

from autograd import Value, cost, hessian, hvp, jacobian, jvp, sin, total, trace
from demos.claim import claim
from demos.output_folder import output_path, say, shown
from demos.plotting import BLUE, GREEN, ORANGE, new_figure, save_figure
from demos.running import run_demo, try_next

PRODUCT = 64  # inputs × outputs
SHAPES = [(2**k, PRODUCT // 2**k) for k in range(7)]
STYLES = {"forward": (GREEN, "^-"), "reverse": (BLUE, "o-"), "differences": (ORANGE, "s--")}


def show_trace() -> None:
    say("Act 1. y = x1*x2 + sin(x1) at (2, 5), as the books write it: each line a value, how fast")
    say("it moves with x1 (read downwards), and how fast y moves with it (read upwards).\n")
    x1, x2 = Value(2.0, label="x1"), Value(5.0, label="x2")
    y = x1 * x2 + sin(x1)
    y.label = "y"
    for line in repr(trace(y, wrt=x1)).splitlines():
        say(f"    {line}")
    _, slope = jvp(lambda a, b: a * b + sin(a))([2.0, 5.0], [1.0, 0.0])
    y.backward()
    say()
    claim("the last tangent is the first adjoint, ∂y/∂x1", slope == x1.grad)


def mixing(n: int, m: int) -> Callable[..., list[Any]]:
    """Return a function of n numbers with m results: a sum, its sine, and m multiples of that."""

    def f(*xs: Any) -> list[Any]:
        mixed = sin(total([x * x for x in xs]))
        return [mixed * (k + 1) for k in range(m)]

    return f


def count_shapes(seed: int) -> dict[str, list[int]]:
    """Return the operations of all derivatives by way, for each shape, and say a row for each."""
    say(f"\nAct 2. All n × m derivatives, for n × m = {PRODUCT}: operations, counted.\n")
    rng = random.Random(seed)
    counts: dict[str, list[int]] = {way: [] for way in STYLES}
    taken, agree = [], True
    say("     n   m   forward  reverse  differences   jacobian() takes")
    for n, m in SHAPES:
        point = [rng.uniform(-1.0, 1.0) for _ in range(n)]
        ways = cost(mixing(n, m)(*map(Value, point))).jacobian
        taken.append(jacobian(mixing(n, m))(*point).mode)
        for way, found in counts.items():
            found.append(ways[way])
        one, other = (jacobian(mixing(n, m), mode)(*point) for mode in ("forward", "reverse"))
        agree = agree and all(
            math.isclose(a, b, rel_tol=1e-14)
            for rows in zip(one, other, strict=True) for a, b in zip(*rows, strict=True)
        )  # fmt: skip
        say(f"    {n:2}  {m:2}{ways['forward']:10,}{ways['reverse']:9,}{ways['differences']:13,}"
            f"   {taken[-1]}")  # fmt: skip
    claim("both find the same derivatives, to 1e-14", agree)
    claim("for one input forward takes fewer, for one output reverse",
          counts["forward"][0] < counts["reverse"][0]
          and counts["forward"][-1] > 10 * counts["reverse"][-1])  # fmt: skip
    claim("jacobian() takes the one with fewer sweeps",
          taken == ["forward" if n < m else "reverse" for n, m in SHAPES])  # fmt: skip
    say("A loss is one output of many inputs: that is why networks learn in reverse mode.")
    return counts


def multiply_by_a_hessian(seed: int) -> None:
    say("\nAct 3. Both at once: how the gradient moves along a direction, without a Hessian.\n")

    def f(*xs: Any) -> Any:
        return total([a * b * b for a, b in pairwise(xs)])

    rng = random.Random(seed)
    point = [Fraction(rng.randrange(-9, 10), 4) for _ in range(12)]
    direction = [Fraction(rng.randrange(-9, 10), 3) for _ in point]
    matrix = hessian(f)(*point)
    by_matrix = [sum(a * d for a, d in zip(row, direction, strict=True)) for row in matrix]
    claim("hvp is Hessian × direction, exactly (in fractions), in one sweep instead of 12",
          hvp(f)(point, direction) == by_matrix)  # fmt: skip


def save_picture(counts: dict[str, list[int]]) -> None:
    figure, axes = new_figure(width=9, height=5.5)
    for way, found in counts.items():
        colour, marks = STYLES[way]
        axes.semilogy(found, marks, color=colour, linewidth=2.5, markersize=9, label=way)
    axes.set(title=f"Operations for all {PRODUCT} derivatives", xlabel="inputs → outputs")
    axes.set_xticks(range(len(SHAPES)), [f"{n} → {m}" for n, m in SHAPES])
    axes.grid(alpha=0.3)
    axes.legend()
    picture = save_figure(figure, output_path("forward_and_reverse"))[0]
    say(f"\nWhere do the lines cross? {shown(picture)}")


def main(seed: int = 0) -> None:
    show_trace()
    counts = count_shapes(seed)
    multiply_by_a_hessian(seed)
    save_picture(counts)
    try_next(
        "Write the trace of x1*x1*x2 by hand, both columns, and check it with trace().",
        "Take the derivative of jvp itself: jvp within jvp gives second derivatives.",
    )


if __name__ == "__main__":
    run_demo(main)
