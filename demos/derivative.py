"""The derivative as a slope: zoom in on a curve until it is a line, and on a kink, which never is.

python -m demos.derivative
"""

from collections.abc import Callable
from itertools import pairwise
from math import isclose
from typing import Any, NamedTuple

from autograd import Value, derivative, sqrt
from autograd.wording import show_number
from demos.claim import claim
from demos.output_folder import output_path, say, shown
from demos.plotting import BLUE, ORANGE, new_figure, save_figure
from demos.running import run_demo, try_next

Function = Callable[[Any], Any]


class Curve(NamedTuple):
    """A function, as it is written, and the point that is zoomed in on."""

    text: str
    f: Function
    x: float


SMOOTH = Curve("x³ - 2x", lambda x: x**3 - 2 * x, 1.5)
KINK = Curve("|x|", abs, 0.0)
ROUNDED = Curve("√(x² + 0.001)", lambda x: sqrt(x * x + 0.001), 0.0)
CURVES = (SMOOTH, KINK, ROUNDED)
WIDTHS = (1.0, 0.1, 0.01, 0.001)  # of the view, to either side of the point


def distance_to_line(curve: Curve, width: float) -> float:
    """Return how far the curve is from the line of its slope, at most, in parts of the width."""
    f, x, slope = curve.f, curve.x, derivative(curve.f)(curve.x)
    moves = [width * k / 50 for k in range(-50, 51)]
    return max(abs(float(f(x + d) - f(x) - slope * d)) for d in moves) / width


def secant_slopes(curve: Curve, h: float) -> tuple[float, float]:
    """Return how much f rises for each unit of x: to the left of the point, and to the right."""
    f, x = curve.f, curve.x
    return float((f(x) - f(x - h)) / h), float((f(x + h) - f(x)) / h)


def approach(curve: Curve) -> list[tuple[float, float]]:
    """Say and return the slopes from the point to its neighbours, h to either side of it."""
    found = [secant_slopes(curve, h) for h in WIDTHS]
    say(f"\n  {curve.text} at x = {show_number(curve.x)}")
    say("       h   slope to the left   to the right   off the line, at most")
    for h, (left, right) in zip(WIDTHS, found, strict=True):
        off = distance_to_line(curve, h)
        say(f"  {h:6g}   {left:17.6f}   {right:12.6f}   {100 * off:8.3f} % of h")
    return found


def foretell(slope: float) -> list[float]:
    """Say how much f should rise for small moves of x, and rises; return how far that is off."""
    f, x, errors = SMOOTH.f, SMOOTH.x, []
    for move in (0.1, 0.01, 0.001):
        foretold, rise = slope * move, f(x + move) - f(x)
        errors.append(abs(rise - foretold))
        say(f"  move {move:5}: foretold {foretold:.6f}, found {rise:.6f}, off by {errors[-1]:.6f}")
    return errors


def save_picture() -> Any:
    """Draw each curve and its tangent in a row of views, each ten times as near as the last."""
    figure, rows = new_figure(len(WIDTHS), len(CURVES), width=3.9, height=3.4)
    for curve, row in zip(CURVES, rows, strict=True):
        slope, height = derivative(curve.f)(curve.x), float(curve.f(curve.x))
        for width, axes in zip(WIDTHS, row, strict=True):
            xs = [curve.x + width * k / 200 for k in range(-200, 201)]
            line = [height + slope * (x - curve.x) for x in xs]
            if curve is not KINK:  # which has no tangent
                axes.plot(xs, line, "--", color=ORANGE, linewidth=3)
            axes.plot(xs, [float(curve.f(x)) for x in xs], color=BLUE, linewidth=3)
            axes.plot(curve.x, height, "o", color="#111111", markersize=9)
            tall = width * max(1.0, abs(slope)) * 1.2
            axes.set(xlim=(xs[0], xs[-1]), ylim=(height - tall, height + tall))
            axes.set(xticks=[], yticks=[])
            if curve is SMOOTH:
                axes.set_title(f"{1 / width:.0f} times as near" if width < 1 else "from afar")
        row[0].set_ylabel(curve.text, fontsize=18)
    return save_figure(figure, output_path("derivative"))


def main() -> None:
    say("How steep is a curve at one point? A line through the point and a neighbour has a slope:")
    say("rise divided by run. Bring the neighbour nearer, from the left and from the right. The")
    say(
        "last column is how far the curve, in a view so wide, is from a line with the slope x.grad."
    )
    smooth = approach(SMOOTH)
    slope = derivative(SMOOTH.f)(SMOOTH.x)
    x = Value(SMOOTH.x, label="x")
    SMOOTH.f(x).backward()
    say(f"\nBoth go to one number, the derivative: {show_number(slope)}. The rule 3x² - 2 says it,")
    say(f"and so does backward(): x.grad = {show_number(x.grad)}, and there is no h in it.")
    claim("the rule and backward() agree", 3 * SMOOTH.x**2 - 2 == x.grad == slope)
    gaps = [abs(side - slope) for side in (*smooth[-2], *smooth[-1])]
    claim("a neighbour ten times as near: a slope ten times as close to it", all(
        isclose(far / near, 10, rel_tol=0.01)
        for far, near in zip(gaps[:2], gaps[2:], strict=True)
    ))  # fmt: skip

    say("\nIs every curve a line, from near enough? No:")
    kink = approach(KINK)
    say("\nThe two sides never meet: this is a kink, and there is neither tangent nor derivative.")
    say("An engine has to answer something; ours says 0, which lies between the two.")
    claim("at every zoom the kink has the same two slopes", set(kink) == {(-1.0, 1.0)})
    claim("the engine says 0 there", derivative(abs)(0.0) == 0)
    say("\nAnd this one only looks like a kink, until one is near enough:")
    rounded = approach(ROUNDED)
    afar, near = (distance_to_line(ROUNDED, width) for width in (WIDTHS[0], WIDTHS[-1]))
    claim("from afar it is 90 % off its tangent, at last below 2 %", afar > 0.9 > 0.02 > near)
    claim("its two slopes go to 0", max(map(abs, rounded[-1])) < 0.02)

    say(f"\nThe use of it: rise = slope * move foretells small moves. From x = {SMOOTH.x}:\n")
    errors = foretell(slope)
    claim("a move a tenth as long is foretold a hundred times as well", all(
        isclose(far / near, 100, rel_tol=0.05) for far, near in pairwise(errors)
    ))  # fmt: skip
    say(
        "\nThat is all that training needs: which way is down, and how steeply. Look along the rows"
    )
    say("of the picture, for the one that never becomes a line:")
    for path in save_picture():
        say(f"    {shown(path)}")
    try_next(
        "put sin(50*x) at x = 0.3 into CURVES: from which view on is it a line?",
        "let WIDTHS go on to 1e-14: why do the slopes get worse again? gradient_checking tells",
    )


if __name__ == "__main__":
    run_demo(main)
