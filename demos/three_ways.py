"""Three ways to a derivative: symbolic, by differences, and automatic.

The function is the logistic map, y ← 4 y (1 - y), n times from y = x: the example of Baydin,
Pearlmutter, Radul and Siskind (2018). Symbols swell, differences round, and a graph does neither.

python -m demos.three_ways
"""

import math
import random
import re
import statistics
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from autograd import Value, grad
from autograd.graph import topological_order
from demos.claim import claim
from demos.output_folder import output_path, say, shown
from demos.plotting import BLUE, GREEN, ORANGE, PINK, new_figure, save_figure
from demos.running import run_demo, try_next

MOST = 8  # times that the map is applied, in the table
TIMES, POINTS = 4, 25  # for differences
STEPS = [10.0**-k for k in range(1, 21)]
EPS = 2.0**-52


def logistic(x: Any, n: int) -> Any:
    """Apply the map ``n`` times to a number of any kind: float, complex, Fraction or Value."""
    for _ in range(n):
        x = 4 * x * (1 - x)
    return x


class Symbols:
    """An expression in x and its derivative, both as texts: each rule writes the next ones."""

    def __init__(self, text: str = "x", slope: str = "1") -> None:
        self.text, self.slope = text, slope

    def __rmul__(self, number: int) -> "Symbols":
        slope = "" if self.slope == "1" else f"*{self.slope}"
        return Symbols(f"{number}*{self.text}", f"{number}{slope}")

    def __rsub__(self, number: int) -> "Symbols":
        return Symbols(f"({number} - {self.text})", f"(-{self.slope})")

    def __mul__(self, other: "Symbols") -> "Symbols":
        slope = f"({self.slope}*{other.text} + {self.text}*{other.slope})"
        return Symbols(f"{self.text}*{other.text}", slope)


def count_symbols() -> dict[int, tuple[int, int, int]]:
    """Return, and say, for each n: symbols of f and of f', and the nodes of the graph."""
    rows, agree = {}, True
    for n in range(1, MOST + 1):
        written, x = logistic(Symbols(), n), Value(0.2)
        y = logistic(x, n)
        y.backward()
        agree = agree and math.isclose(eval(written.slope, {"x": x.data}), x.grad, rel_tol=1e-9)
        symbols = [len(re.findall(r"[x+*-]|\d", text)) for text in (written.text, written.slope)]
        rows[n] = symbols[0], symbols[1], len(topological_order(y))
        say("".join(f"{number:10,}" for number in (n, *rows[n])))
    claim("f' and the graph give the same slope", agree)
    claim("each further n makes f' more than twice as long; the graph grows by 5 nodes", all(
        rows[n + 1][1] > 2 * rows[n][1] and rows[n + 1][2] == rows[n][2] + 5
        for n in range(1, MOST)
    ))  # fmt: skip
    return rows


Way = Callable[[Callable[[Any], Any], float, float], float]
DIFFERENCES: dict[str, tuple[Way, str, str]] = {
    "forward difference": (lambda f, x, h: (f(x + h) - f(x)) / h, ORANGE, "s-"),
    "central difference": (lambda f, x, h: (f(x + h) - f(x - h)) / (2 * h), GREEN, "^-"),
    "complex step": (lambda f, x, h: f(complex(x, h)).imag / h, PINK, "D-"),
}


def error_of(way: Way, points: list[float], h: float = 0.0) -> float:
    """Return the median error of a way, relative to the exact slope, which fractions give."""

    def error(x: float) -> float:
        exact = grad(lambda x: logistic(x, TIMES))(Fraction(x))
        return abs(float((Fraction(way(lambda x: logistic(x, TIMES), x, h)) - exact) / exact))

    return statistics.median(map(error, points))


def save_picture(rows: dict[int, tuple[int, int, int]], errors: dict[str, list[float]]) -> None:
    figure, (left, right) = new_figure(2, height=5.5)
    kinds = (("symbols of f′", ORANGE, "s-"), ("symbols of f", PINK, "D-"), ("nodes", BLUE, "o-"))
    for column, (name, colour, marks) in zip((1, 0, 2), kinds, strict=True):
        sizes = [row[column] for row in rows.values()]
        left.semilogy(list(rows), sizes, marks, color=colour, linewidth=2.5, label=name)
    left.set(title="What is written down", xlabel="times that the map is applied")
    for name, (_, colour, marks) in DIFFERENCES.items():
        floored = [max(error, EPS / 8) for error in errors[name]]
        right.loglog(STEPS, floored, marks, color=colour, linewidth=2, label=name)
    right.axhline(EPS, color=BLUE, linewidth=2.5, linestyle="--", label="2⁻⁵², of one rounding")
    right.set(title=f"Relative error of the slope, n = {TIMES}", xlabel="step h")
    right.invert_xaxis()
    for axes in (left, right):
        axes.grid(alpha=0.3)
        axes.legend()
    picture = save_figure(figure, output_path("three_ways"))[0]
    say(f"\nSee the swell on the left, and the U of each difference on the right: {shown(picture)}")


def main(seed: int = 0) -> None:
    say("1. Symbolic. The rules of sums and products turn the text of f into the text of f'.\n")
    say("         n symbols f symbols f'     nodes")
    rows = count_symbols()
    say("A graph is the same calculus with a name for each part; nothing is written twice.\n")
    say(f"2. Differences, n = {TIMES}: median error at {POINTS} points. Smaller steps are better,")
    say("   until the numbers that are subtracted are almost the same.")
    draw, errors = random.Random(seed).uniform, {}
    points = [draw(0.05, 0.95) for _ in range(POINTS)]
    for name, (way, _, _) in DIFFERENCES.items():
        found = errors[name] = [error_of(way, points, h) for h in STEPS]
        best = min(range(len(STEPS)), key=found.__getitem__)
        say(f"   {name:18} best at h = {STEPS[best]:.0e}, error {found[best]:.0e}")
    forward, central = min(errors["forward difference"]), min(errors["central difference"])
    claim("the best forward difference has lost half of the 16 digits", 1e-10 < forward < 1e-6)
    claim("the best central one has lost a third", 1e-13 < central < forward / 10)
    claim("the complex step may be 1e-20, as nothing is subtracted",
          errors["complex step"][-1] < 20 * EPS)  # fmt: skip
    say("\n3. Automatic: no text, no h. The chain rule on numbers, node by node.")
    claim("its error is a few roundings", error_of(lambda f, x, _: grad(f)(x), points) < 20 * EPS)
    save_picture(rows, errors)
    try_next(
        "Put x**3 for the map. Where is the best h of a forward difference now?",
        "Print what Symbols write for n = 2, and collect its terms by hand.",
    )


if __name__ == "__main__":
    run_demo(main)
