"""Costs counted, not timed: how many operations a gradient takes, and how many numbers it keeps.

A clock measures the machine too. Counting is the same on all of them: cost(output) lets the rules
run on numbers that count. Griewank and Walther (2008) prove that value and gradient together take
at most four times the operations of the value, for any number of inputs.

python -m demos.costs_counted
"""

import random
from collections.abc import Callable
from typing import Any

from autograd import Value, cost, tanh, total
from demos.claim import claim
from demos.output_folder import output_path, say, shown
from demos.plotting import BLUE, COLOURS, ORANGE, new_figure, save_figure
from demos.running import run_demo, try_next
from nn import MLP, mse_loss

SIZES = (1, 2, 4, 8, 16, 32, 64)
BOUND = 4


def product(xs: list[Value]) -> Any:
    """Return x₁ x₂ … xₙ: Speelpenning's product, an old test of differentiators."""
    result = xs[0]
    for x in xs[1:]:
        result = result * x
    return result


def chain(xs: list[Value]) -> Any:
    """Return tanh(… tanh(tanh(x₁) + x₂) … + xₙ): what a recurrent cell does."""
    result = tanh(xs[0])
    for x in xs[1:]:
        result = tanh(result + x)
    return result


def layers(xs: list[Value]) -> Any:
    """Return the loss of a network n-8-1 on one row; its weights are inputs too."""
    model = MLP(len(xs), [8, 1], "tanh")
    return mse_loss([model(xs)], [1.0])


def squares(xs: list[Value]) -> Any:
    return total([x * x for x in xs])


def powers(xs: list[Value]) -> Any:
    """Return x₁ to the power of x₂ to the power of …: all exponents vary."""
    result = xs[-1]
    for x in reversed(xs[:-1]):
        result = x**result
    return result


def quotients(xs: list[Value]) -> Any:
    """Return 1/(1 + x₁/(1 + x₂/…)): a continued fraction, one division for each input."""
    result: Any = xs[-1]
    for x in reversed(xs[:-1]):
        result = x / (1.0 + result)
    return 1.0 / (1.0 + result)


FUNCTIONS: dict[str, Callable[[list[Value]], Any]] = {
    "product": product, "squares": squares, "recurrent cell": chain, "network n-8-1": layers,
    "continued fraction": quotients, "powers": powers,
}  # fmt: skip


def count_by_hand() -> None:
    say("Act 1. y = (a*b + c)**2, by hand. Forward: one *, one +, one square. Backward, from y:")
    say("2*(a*b + c) for the square; times b for a, times a for b; c takes it as it is.\n")
    a, b, c = Value(2.0, label="a"), Value(-3.0, label="b"), Value(10.0, label="c")
    found = cost((a * b + c) ** 2)
    for line in repr(found).splitlines():
        say(f"    {line}")
    claim("3 operations forward, 3 multiplications back: as counted by hand",
          found.forward.total() == 3 and dict(found.backward) == {"*": 3})  # fmt: skip


def count_by_size(seed: int) -> dict[str, list[float]]:
    """Return the ratio of each function for each number of inputs, and say a row for each."""
    say("\nAct 2. Value and gradient together, in operations of the value alone:\n")
    rng = random.Random(seed)
    ratios: dict[str, list[float]] = {}
    say("    n inputs           " + "".join(f"{n:7}" for n in SIZES))
    for name, function in FUNCTIONS.items():
        inputs = [[Value(rng.uniform(0.5, 1.5)) for _ in range(n)] for n in SIZES]
        ratios[name] = [cost(function(xs)).ratio for xs in inputs]
        say(f"    {name:19}" + "".join(f"{ratio:7.2f}" for ratio in ratios[name]))
    below = [ratios[name] for name in FUNCTIONS if name != "powers"]
    claim(f"but for the last of them it is {BOUND} at most, for every n",
          max(map(max, below)) <= BOUND)  # fmt: skip
    claim("and does not grow: for 64 inputs it is that for 16, to 5 %", all(
        abs(row[-1] / row[-3] - 1) < 0.05 for row in below
    ))  # fmt: skip
    claim("powers whose exponents vary are beyond it", ratios["powers"][-1] > BOUND)
    say("The bound takes a function and its derivative for one operation together. Here what is")
    say("in the derivatives of x**y, and of x / y, is counted: a chain of divisions comes to 6.")
    return ratios


def save_picture(ratios: dict[str, list[float]], seed: int) -> None:
    figure, (left, right) = new_figure(2, height=5.2)
    for (name, row), colour, marks in zip(
        ratios.items(), (*COLOURS, "#111111"), "osD^vX", strict=True
    ):
        left.semilogx(SIZES, row, marker=marks, color=colour, linewidth=2.5, label=name, base=2)
    left.axhline(BOUND, color="#111111", linestyle=":", label="cheap-gradient bound")
    left.set(title="(value + gradient) / value", xlabel="inputs n", ylim=(0, 8))
    left.legend(fontsize=11, loc="upper left", ncols=2)
    found = cost(layers([Value(random.Random(seed).uniform(0.5, 1.5)) for _ in range(16)]))
    kinds = sorted({*found.forward, *found.backward})
    places = range(len(kinds))
    right.barh([p - 0.2 for p in places], [found.forward[k] for k in kinds], 0.4,
               color=BLUE, label="forward")  # fmt: skip
    right.barh([p + 0.2 for p in places], [found.backward[k] for k in kinds], 0.4,
               color=ORANGE, label="backward", hatch="//")  # fmt: skip
    right.set(title="A network 16-8-1, by operation", yticks=list(places), yticklabels=kinds)
    right.legend()
    for axes in (left, right):
        axes.grid(alpha=0.3)
    picture = save_figure(figure, output_path("costs_counted"))[0]
    say(f"\nWhich function is above the dotted line, and why? {shown(picture)}")


def main(seed: int = 0) -> None:
    count_by_hand()
    save_picture(count_by_size(seed), seed)
    try_next(
        "Count logsumexp of 64 Values: cost(logsumexp(xs)). Then log(total of exp).",
        "python -m demos.cost_of_gradients times what this demo counts.",
    )


if __name__ == "__main__":
    run_demo(main)
