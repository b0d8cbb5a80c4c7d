"""Activations beside their derivatives: which let a gradient through, where, and how much of it.

Glorot, Bordes and Bengio (2011), "Deep sparse rectifier neural networks"; Maas, Hannun and Ng
(2013), on leaky relu; Hendrycks and Gimpel (2016), on gelu.

python -m demos.activations
"""

from collections.abc import Callable
from typing import Any

import autograd
from autograd import Value, derivative, sigmoid, tanh
from demos.claim import claim
from demos.output_folder import output_path, say, shown
from demos.plotting import BLUE, ORANGE, new_figure, save_figure
from demos.running import run_demo, try_next

Function = Callable[[Any], Any]
NAMES = ("sigmoid", "tanh", "softplus", "elu", "relu", "leaky_relu", "gelu", "silu")
ACTIVATIONS: dict[str, Function] = {name: getattr(autograd, name) for name in NAMES}
GRID = [k / 100 for k in range(-600, 601)]
DEPTH = 10
KINKED = ("relu", "leaky_relu")


def slope(f: Function, x: float, h: float = 1e-5) -> float:
    """Return the slope from x - h to x + h: values of ``f`` alone, no rule."""
    return float(f(x + h) - f(x - h)) / (2 * h)


def show_table(derivatives: dict[str, list[float]]) -> None:
    """Say each activation's derivative at five places, and where it is largest."""
    say("  derivative at      -5       -1        0        1        5   largest, first at x =")
    for name, numbers in derivatives.items():
        at = "  ".join(
            f"{round(numbers[GRID.index(x)], 4) + 0.0:7.4f}" for x in (-5.0, -1.0, 0.0, 1.0, 5.0)
        )
        top = max(numbers)
        rises = " and beyond" if top == numbers[-1] > numbers[-2] else ""
        say(f"  {name:12} {at}   {top:6.4f}   {GRID[numbers.index(top)]:5.2f}{rises}")


def check_rules(derivatives: dict[str, list[float]]) -> None:
    """Compare the rules with measured slopes, and with what else is known of them."""
    off = [
        abs(slope(f, x) - derivative_at)
        for name, f in ACTIVATIONS.items()
        for x, derivative_at in zip(GRID, derivatives[name], strict=True)
        if x  # for there two have a kink, and the slope of elu bends
    ]
    claim("away from 0 each rule is the slope of its curve, to a billionth", max(off) < 1e-9)
    kinks = [derivatives[name][GRID.index(0.0)] for name in KINKED]
    claim("at their kink relu and leaky_relu keep the left slope, 0 and 0.01", kinks == [0, 0.01])
    known: dict[str, Function] = {
        "sigmoid": lambda x: sigmoid(x) * (1 - sigmoid(x)),
        "tanh": lambda x: 1 - tanh(x) ** 2,
        "softplus": sigmoid,
    }
    apart = [abs(derivatives[n][k] - f(x)) for n, f in known.items() for k, x in enumerate(GRID)]
    claim("sigmoid' = out*(1 - out), tanh' = 1 - out², softplus' = sigmoid", max(apart) < 1e-12)
    off = [abs(tanh(x) - (2 * sigmoid(2 * x) - 1)) for x in GRID]
    claim("tanh is a sigmoid of twice the slope and height: 2*sigmoid(2x) - 1", max(off) < 1e-12)


def through_many(name: str, x: float) -> float:
    """Return the derivative of DEPTH activations, one behind the other."""
    start = Value(x)
    node = start
    for _ in range(DEPTH):
        node = ACTIVATIONS[name](node)
    node.backward()
    return float(start.grad)


def save_picture(derivatives: dict[str, list[float]]) -> Any:
    """Draw each activation and its derivative, all to one scale."""
    figure, panels = new_figure(4, 2, width=4.2, height=4)
    for (name, f), axes in zip(ACTIVATIONS.items(), panels.flat, strict=True):
        axes.axhline(0, color="#999999", linewidth=1)
        axes.axvline(0, color="#999999", linewidth=1)
        axes.plot(GRID, [float(f(x)) for x in GRID], color=BLUE, linewidth=3, label="f(x)")
        axes.plot(GRID, derivatives[name], "--", color=ORANGE, linewidth=3, label="f'(x)")
        axes.set(
            title=name, xlim=(-5, 5), ylim=(-1.3, 2.3), xticks=(-4, 0, 4), yticks=(-1, 0, 1, 2)
        )
    panels[0][0].legend(loc="upper left")
    return save_figure(figure, output_path("activations"))


def main() -> None:
    say("On the way back a gradient is multiplied by the derivative of every activation that it")
    say("meets. So look at the derivative before the curve:\n")
    derivatives = {name: [float(derivative(f)(x)) for x in GRID] for name, f in ACTIVATIONS.items()}
    show_table(derivatives)
    say("\nsigmoid and tanh are flat on both sides: they saturate. relu is flat on one side only;")
    say("but there its derivative is 0, and a neuron that is below 0 for every row learns no more.")
    ends = [derivatives[name][GRID.index(x)] for name in ("sigmoid", "tanh") for x in (-5.0, 5.0)]
    claim("5 away from 0 sigmoid and tanh let through less than a hundredth", max(ends) < 0.01)
    claim("sigmoid never lets through more than a quarter, tanh never more than all", (
        max(derivatives["sigmoid"]), max(derivatives["tanh"])
    ) == (0.25, 1.0))  # fmt: skip
    claim("gelu and silu let through more than all in places, and turn the sign in others", all(
        max(derivatives[name]) > 1 and min(derivatives[name]) < 0 for name in ("gelu", "silu")
    ))  # fmt: skip
    say("\nWhat is known of them, and how the table was tested:")
    check_rules(derivatives)

    say(f"\nHow much of a gradient comes back through {DEPTH} of them, without weights between?\n")
    say("                from x = 1   from x = -1")
    back = {name: [through_many(name, x) for x in (1.0, -1.0)] for name in NAMES}
    for name, found in back.items():
        say(f"  {name:12}  {found[0]:10.1e}   {found[1]:10.1e}")
    claim("through sigmoids less than a millionth", max(back["sigmoid"]) < 1e-6)
    claim("through relu all of it, or nothing", back["relu"] == [1.0, 0.0])
    say(
        "Weights can make up for a factor that is the same everywhere: vanishing_gradients goes on."
    )
    say("\nLook at the dashed lines, and where they lie on zero:")
    for path in save_picture(derivatives):
        say(f"    {shown(path)}")
    try_next(
        "put cos in the place of elu: it keeps as much as tanh here. Why does nobody use it?",
        "let DEPTH be 40: which activation keeps the most, and from which side?",
    )


if __name__ == "__main__":
    run_demo(main)
