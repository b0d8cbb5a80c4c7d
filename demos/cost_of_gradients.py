"""What a gradient costs: one backward pass, or one more evaluation for every parameter.

The cheap gradient principle: a function and all its n partial derivatives cost a small multiple of
the function alone, whatever n is (Baur and Strassen, 1983; Griewank, 1989).

python -m demos.cost_of_gradients
"""

import random
import time
from collections.abc import Sequence
from typing import Any, NamedTuple

from autograd import Value, dot, tanh
from demos.claim import claim
from demos.output_folder import output_path, say, shown
from demos.plotting import BLUE, GREEN, ORANGE, new_figure, save_figure
from demos.running import run_demo, try_next

INPUTS = [0.5, -1.0, 0.25, 0.75, -0.5, 1.0, -0.25, 0.1]
HIDDEN = (1, 4, 16, 64, 128)  # neurons, each of 8 weights, a bias, and a weight to the output
STEP = 1e-6


class Network:
    """The loss of a network of one hidden layer; it counts how often it was evaluated.

    Its parameters are Values, and it builds a graph, or bare numbers, and it builds none.
    """

    def __init__(self) -> None:
        self.evaluations = 0

    def __call__(self, parameters: list[Any]) -> Any:
        self.evaluations += 1
        bias, *rest = parameters
        neurons = [rest[k : k + 10] for k in range(0, len(rest), 10)]
        hidden = [tanh(dot(neuron[:8], INPUTS, neuron[8])) for neuron in neurons]
        return (dot([neuron[9] for neuron in neurons], hidden, bias) - 1.0) ** 2


def backward_gradient(network: Network, numbers: list[float]) -> list[float]:
    """Evaluate once, remembering how, and go back through it once."""
    parameters = [Value(number) for number in numbers]
    network(parameters).backward()
    return [float(parameter.grad) for parameter in parameters]


def difference_gradient(network: Network, numbers: list[float]) -> list[float]:
    """Move each number a little, by itself, and evaluate again."""
    here = network(numbers)
    gradient = []
    for k, number in enumerate(numbers):
        moved = [*numbers[:k], number + STEP, *numbers[k + 1 :]]
        gradient.append((network(moved) - here) / STEP)
    return gradient


def loss_alone(network: Network, numbers: list[float]) -> list[float]:
    return [network(numbers)]


WAYS = {"differences": difference_gradient, "backward": backward_gradient, "loss alone": loss_alone}
STYLES = {"differences": (ORANGE, "s--"), "backward": (BLUE, "o-"), "loss alone": (GREEN, "^:")}


class Cost(NamedTuple):
    """What a way took: evaluations of the loss, and seconds of one core; and what it found."""

    evaluations: int
    seconds: float
    found: list[float]


def cost_of(way: str, numbers: list[float]) -> Cost:
    """Run a way ten times, or once if it is dear; the least time is the one least disturbed."""
    seconds = []
    for _ in range(1 if way == "differences" else 10):
        network = Network()
        start = time.process_time()
        found = WAYS[way](network, numbers)
        seconds.append(time.process_time() - start)
    return Cost(network.evaluations, min(seconds), found)


def costs_by_size(sizes: Sequence[int], seed: int) -> dict[int, dict[str, Cost]]:
    """Measure all ways for networks of n parameters, and say a row for each n."""
    rng = random.Random(seed)
    costs = {}
    for hidden in sizes:
        numbers = [rng.gauss(0.0, 0.3) for _ in range(10 * hidden + 1)]
        row = costs[len(numbers)] = {way: cost_of(way, numbers) for way in WAYS}
        counts = "".join(f"{cost.evaluations:13,}" for cost in row.values())
        times = "".join(f"{1000 * cost.seconds:13.2f}" for cost in row.values())
        say(f"  {len(numbers):5,}{counts}  {times}")
    return costs


def save_picture(costs: dict[int, dict[str, Cost]]) -> Any:
    """Draw evaluations and milliseconds over the number of parameters."""
    figure, (left, right) = new_figure(2, height=5.5)
    for way, (colour, marks) in STYLES.items():
        line = {"color": colour, "linewidth": 2.5, "markersize": 8, "label": way}
        if way != "loss alone":
            left.loglog(
                list(costs), [row[way].evaluations for row in costs.values()], marks, **line
            )
        milliseconds = [1000 * row[way].seconds for row in costs.values()]
        right.loglog(list(costs), milliseconds, marks, **line)
    left.set(title="Evaluations of the loss for one gradient", xlabel="parameters n")
    right.set(title="Milliseconds for one gradient", xlabel="parameters n")
    for axes in (left, right):
        axes.grid(alpha=0.3)
        axes.legend()
    return save_figure(figure, output_path("cost_of_gradients"))


def main(seed: int = 0, quick: bool = False) -> None:
    say("A network of n parameters: which way is downhill? Two ways to find out. Differences move")
    say("one parameter a little and evaluate the loss again, n times over, in bare numbers.")
    say("Backward evaluates once, and goes back through the graph once.\n")
    say("                evaluations of the loss                     milliseconds")
    say("      n  differences     backward   loss alone    differences     backward   loss alone")
    costs = costs_by_size(HIDDEN[:3] if quick else HIDDEN, seed)
    say("\nLook down the columns. Ten times the parameters: differences evaluate ten times as")
    say("often a loss ten times as large. Backward stays at a small multiple of the loss alone.")
    claim("differences evaluate the loss n + 1 times, backward once", all(
        row["differences"].evaluations == n + 1 and row["backward"].evaluations == 1
        for n, row in costs.items()
    ))  # fmt: skip
    claim("both find the same gradient, to 0.00001", all(
        abs(near - exact) < 1e-5
        for row in costs.values()
        for near, exact in zip(row["differences"].found, row["backward"].found, strict=True)
    ))  # fmt: skip
    claim("backward takes less than 25 times the loss alone, for every n", all(
        row["backward"].seconds < 25 * row["loss alone"].seconds for row in costs.values()
    ))  # fmt: skip
    largest = max(costs)
    times = costs[largest]["differences"].seconds / costs[largest]["backward"].seconds
    claim(f"at n = {largest:,} differences take over 30 times as long as backward", times > 30)
    say("\nLook at the distance between the lines at the right end:")
    for path in save_picture(costs):
        say(f"    {shown(path)}")
    try_next(
        "1024 in HIDDEN: how long would differences take? Guess first",
        "STEP = 1e-12: what becomes of the differences?",
    )


if __name__ == "__main__":
    run_demo(main)
