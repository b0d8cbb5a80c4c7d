"""Checking gradients by differences: what is found, where a mistake hides, and which step h.

python -m demos.gradient_checking
"""

import math
import random
from collections.abc import Callable
from statistics import median
from typing import Any

from autograd import Value, check_gradients, derivative, exp, sin, tanh
from demos.claim import claim
from demos.output_folder import output_path, say, shown
from demos.plotting import COLOURS, new_figure, save_figure
from demos.running import run_demo, try_next

Function = Callable[..., Any]
STEPS = [10.0**-k for k in range(1, 16)]
TOLERANCE = 1e-6  # of a check with one step
Errors = dict[str, list[list[float]]]  # by quotient, then step, then point


def planted(f: Callable[[float], float], rule: Callable[[Any, Any], Any]) -> Function:
    """Return ``f`` for Values, with a wrong rule for its derivative, of its result and x."""
    return lambda x: Value(f(x.data), parents=(x,), local_derivatives=rule, op="planted")


TANH = planted(math.tanh, lambda out, x: 1 - x * x)
MISTAKES = {
    "tanh    1 - x**2, for 1 - out**2": TANH,
    "cos     sin(x), for -sin(x)": planted(math.cos, lambda out, x: sin(x)),
    "square  2, for 2*x": planted(lambda x: x * x, lambda out, x: 2.0),
    "relu    1, also below 0": planted(lambda x: max(x, 0.0), lambda out, x: 1.0),
}


def chain(wrong: int) -> Function:
    """Return three tanh neurons in a row, one of them with the wrong tanh."""
    first, second, third = (TANH if k == wrong else tanh for k in range(3))
    return lambda w1, w2, w3: third(w3 * second(w2 * first(w1 * 0.7)))


def find_the_place(rng: random.Random, tries: int) -> None:
    """Check the chain, and say what the verdicts tell of the place of the mistake."""
    say(f"{check_gradients(chain(1), 1.2, -0.8, 1.5)!r}\n")
    say("w3 is right; w2 and w1 are WRONG. Backward comes from the output, so what it met before")
    say("w3 is right, and the mistake is between w3 and w2: in the second tanh. There it is.")
    found = []
    for wrong in [0, 1, 2] * tries:
        weights = [rng.choice((-1, 1)) * rng.uniform(0.5, 2.0) for _ in range(3)]
        verdicts = [row.verdict for row in check_gradients(chain(wrong), *weights)]
        found.append(verdicts == ["WRONG"] * (wrong + 1) + ["ok"] * (2 - wrong))
    claim(f"so it is for each of the three, at {tries} random points", all(found))


def hide_and_seek(points: list[float]) -> None:
    """Say at which points each mistake is found: at 0, at 1, and at random ones."""
    say(f"  {'f, and the rule that is wrong':42}at 0    at 1    at {len(points)} random points")
    table = []
    for text, f in MISTAKES.items():
        found = [check_gradients(f, x).verdict == "WRONG" for x in (0.0, 1.0, *points)]
        words = ("found   " if it else "hides   " for it in found[:2])
        say(f"  {text:42}{''.join(words)}{sum(found[2:])}")
        table.append(found)
    claim("each hides at 0 or at 1", not any(all(found[:2]) for found in table))
    claim("at random points each is found, twice or more", min(sum(f[2:]) for f in table) > 1)


def curve(x: Any) -> Any:
    return exp(x) * sin(x)


def error_of(x: float, left: float, right: float) -> float:
    """Return how far the slope from x - left to x + right is off, relative to the derivative."""
    slope = float(curve(x + right) - curve(x - left)) / (left + right)
    return abs(slope / float(derivative(curve)(x)) - 1)


def choose_a_step(points: list[float]) -> Errors:
    """Say the errors of both quotients by step; return those of all points for each step."""
    errors = {
        "one-sided": [[error_of(x, 0.0, h) for x in points] for h in STEPS],
        "central": [[error_of(x, h, h) for x in points] for h in STEPS],
    }
    say(f"       h   one-sided     central   (median error of {len(points)} points)")
    for h, *rows in zip(STEPS, *errors.values(), strict=True):
        say(f"  {h:6.0e}   {median(rows[0]):9.0e}   {median(rows[1]):9.0e}")
    medians = [[median(row) for row in rows] for rows in errors.values()]
    (one, long), (both, longer) = (min(zip(found, STEPS, strict=True)) for found in medians)
    claim("one-sided is best near 1e-8, central near 1e-5", 1e-9 < long < 1e-7 < longer < 1e-4)
    claim("at its best, central is 30 times as close or closer", one > 30 * both)
    return errors


def save_picture(errors: Errors) -> Any:
    """Draw the error against the step: the median, and the range of all points."""
    figure, axes = new_figure(width=10, height=6)
    for (name, rows), colour, marks in zip(errors.items(), COLOURS, ("s--", "o-"), strict=False):
        axes.loglog(STEPS, [*map(median, rows)], marks, color=colour, linewidth=3, label=name)
        axes.fill_between(STEPS, [*map(min, rows)], [*map(max, rows)], color=colour, alpha=0.15)
    axes.set(title="A step can be too long, and too short", ylim=(1e-13, 10))
    axes.set(xlabel="step h", ylabel="relative error of the slope")
    axes.text(1e-13, 1e-8, "rounding", fontsize=18, ha="center")
    axes.text(1e-2, 1e-9, "curvature", fontsize=18, ha="center")
    axes.legend(loc="lower left")
    return save_figure(figure, output_path("gradient_checking"))


def main(seed: int = 0, quick: bool = False) -> None:
    rng, tries = random.Random(seed), 5 if quick else 20
    say("A wrong rule says nothing: training goes on, with a wrong gradient. But a gradient is a")
    say("slope, and slopes can be measured. check_gradients sets both side by side. Here are three")
    say("tanh neurons in a row; in one tanh the rule says 1 - x**2 instead of 1 - out**2:\n")
    find_the_place(rng, tries)
    say("\nA check looks at one point. At 0 or 1 a wrong rule may be right by luck:\n")
    hide_and_seek([rng.uniform(-2, 2) for _ in range(tries)])
    say("So check at several points, on both sides of a kink.")

    say("\nHow long a step h? The slope of e^x * sin(x), measured to one side and to both:\n")
    points = [rng.uniform(0, 2) for _ in range(tries)]
    errors = choose_a_step(points)
    say("\nA long step sees the curve bend; a short one subtracts numbers that agree in most of")
    say(f"their digits. How many right derivatives pass, if they may be off by {TOLERANCE:.0e}?")
    passes = [sum(error < TOLERANCE for error in row) for row in errors["central"]]
    claim("h = 0.1 and h = 1e-13: none of them", passes[0] == passes[12] == 0)
    claim("h = 1e-5: all of them", passes[4] == tries)
    say("check_gradients goes from small steps to wide ones, and trusts those that agree:")
    claim("all of them", all(check_gradients(curve, x).ok for x in points))
    say("\nLook at the two valleys, and at what each side of them is made of:")
    for path in save_picture(errors):
        say(f"    {shown(path)}")
    try_next(
        "add to MISTAKES one that hides at 0 and at 1, and is wrong at all points between",
        "multiply the curve by 1000, then add 1000 to it: which of the two shifts the valleys?",
    )


if __name__ == "__main__":
    run_demo(main)
