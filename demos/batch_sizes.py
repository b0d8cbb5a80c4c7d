"""How many points for one step? Batch, mini-batch and stochastic descent, each at its best rate.

python -m demos.batch_sizes
"""

import random
from collections.abc import Callable, Sequence
from math import sqrt
from statistics import median
from typing import NamedTuple

from demos.batch_loss import Array, flat_loss
from demos.claim import claim
from demos.data import make_moons
from demos.extras import imports_from
from demos.output_folder import output_path, say, shown
from demos.plotting import BLUE, GREEN, ORANGE, new_figure, save_figure
from demos.running import run_demo, try_next
from nn import MLP
from nn import binary_cross_entropy_with_logits as loss_of

with imports_from("demos"):
    import numpy as np

Step = Callable[[Array, Sequence[int]], tuple[float, Array]]  # weights, points: loss, gradient
N, EPOCHS, SEEDS = 128, 15, 8
EVERYTHING = list(range(N))
RATES = (0.03, 0.1, 0.3, 1.0, 3.0)
KINDS = {1: "stochastic: 1", 16: "mini-batch: 16", N: f"batch: all {N}"}
STYLES = {1: (ORANGE, ":", "o"), 16: (GREEN, "--", "s"), N: (BLUE, "-", "^")}


class Task(NamedTuple):
    """First weights; and at any weights, the loss of some of the points, and its gradient."""

    weights: Array
    step: Step


def make_task(seed: int, backend: str) -> Task:
    """Draw moons and a 2-8-8-1 network."""
    points, classes = map(np.array, make_moons(N, noise=0.2, seed=seed + 1))
    model = MLP(2, [8, 8, 1], "tanh", rng=seed)
    loss, targets = flat_loss(model, loss_of, 2, backend), (classes > 0).astype(float)
    weights = np.array([parameter.data for parameter in model.parameters()])
    return Task(weights, lambda at, chosen: loss(at, points[chosen], targets[chosen]))


def train(task: Task, size: int, rate: float, seed: int, looks: int = 1) -> list[float]:
    """Descend, ``size`` points a step; return the loss on all, ``looks`` times an epoch."""
    weights, order = task.weights, list(range(N))
    rng, losses = random.Random(seed), [task.step(weights, EVERYTHING)[0]]
    for _ in range(EPOCHS):
        rng.shuffle(order)
        for start in range(0, N, size):
            weights = weights - rate * task.step(weights, order[start : start + size])[1]
            if (start + size) % (N // looks) == 0:
                losses.append(task.step(weights, EVERYTHING)[0])
    return losses


def noise(task: Task, size: int, rng: random.Random, draws: int = 40) -> float:
    """Return how far the gradient of ``size`` drawn points is from that of all, relative to it.

    It is the root of the mean square over many draws, with replacement, at the first weights.
    """
    _, whole = task.step(task.weights, EVERYTHING)
    drawn = [task.step(task.weights, rng.choices(range(N), k=size))[1] for _ in range(draws)]
    squares = [float(((one - whole) ** 2).sum()) for one in drawn]
    return sqrt(sum(squares) / draws / float((whole**2).sum()))


def plot(last: dict[int, dict[float, list[float]]], best: dict[int, float], task: Task,
         seed: int, noises: dict[int, float]) -> None:  # fmt: skip
    figure, (rates, falling, noisy) = new_figure(3, width=6, height=5)
    for size, by_rate in last.items():
        colour, line, marker = STYLES[size]
        style = {"color": colour, "linestyle": line, "linewidth": 2.5, "label": KINDS[size]}
        rates.loglog(RATES, [median(all_) for all_ in by_rate.values()], marker=marker, **style)
        low, high = ([end(all_) for all_ in by_rate.values()] for end in (min, max))
        rates.fill_between(RATES, low, high, color=colour, alpha=0.15)
        looks = min(8, N // size)
        losses = train(task, size, best[size], seed, looks)
        seen = [k * N // looks for k in range(len(losses))]
        falling.semilogy(seen, losses, **style | {"label": f"{size} at rate {best[size]:g}"})
    sizes, levels = list(noises), list(noises.values())
    noisy.loglog(sizes, levels, "o", color=BLUE, markersize=11, label="measured")
    noisy.loglog(sizes, [levels[0] / sqrt(n) for n in sizes], "--", color="#111111", label="1/√n")
    rates.set(title="Each size has a rate of its own", xlabel="learning rate",
              ylabel=f"loss after {EPOCHS} epochs")  # fmt: skip
    rates.set_xticks(RATES, [f"{rate:g}" for rate in RATES], minor=False)
    rates.set_xticks([], minor=True)
    falling.set(title="Each at its best rate", xlabel="points seen", ylabel="loss on all points")
    noisy.set(title="Noise of the gradient", xlabel="points", ylabel="noise / gradient")
    for axes in (rates, falling, noisy):
        axes.legend(fontsize=12)
        axes.grid(alpha=0.3)
    path = save_figure(figure, output_path("batch_sizes"))[0]
    say("\nLines are medians of the seeds, shades their range. Look where each line is lowest, and")
    say(f"which line is lowest at rate 0.1, and which at rate 1: {shown(path)}\n")


def main(backend: str = "auto", seed: int = 0, quick: bool = False) -> None:
    seeds = range(seed, seed + (1 if quick or backend == "eager" else SEEDS))
    say(
        f"One network, {N} points, {EPOCHS} times through them. What differs is how many points are"
    )
    say(f"looked at before each step, and how far it goes. The median loss of seeds {[*seeds]}:\n")
    tasks = {number: make_task(number, backend) for number in seeds}
    say("    learning rate          " + "".join(f"{rate:8g}" for rate in RATES))
    last, middle, best = {}, {}, {}
    for size, kind in KINDS.items():
        last[size] = {
            rate: [train(task, size, rate, number)[-1] for number, task in tasks.items()]
            for rate in RATES
        }
        middle[size] = {rate: median(losses) for rate, losses in last[size].items()}
        best[size] = min(RATES, key=middle[size].__getitem__)
        told = "".join(f"{loss:8.3f}" for loss in middle[size].values())
        say(f"    {kind:14} {N // size * EPOCHS:5} steps {told}")
    say("\nWhich size gets furthest at one rate for all is the doing of the rate. The smaller the")
    say("batch, the noisier its gradient, and the smaller the rate that it bears.\n")
    first = tasks[seed]
    noises = {size: noise(first, size, random.Random(seed)) for size in (1, 4, 16, 64)}
    for size, level in noises.items():
        say(f"    {size:3} points: noise {level:.2f} × gradient")
    say("\nFour times the points cost four times as much and only halve the noise: 1/√n.")
    plot(last, best, first, seed, noises)
    single, few, everything = (middle[size] for size in KINDS)
    claim("at rate 0.1 smaller batches get further", single[0.1] < few[0.1] < everything[0.1])
    claim("at rate 1 single points are the worst", single[1.0] > max(few[1.0], everything[1.0]))
    claim("single points have the smallest best rate", best[1] < min(best[16], best[N]))
    one, some, most = (middle[size][best[size]] for size in KINDS)
    claim("each at its best rate, 16 points reach less than twice the loss of 1, in a 16th of the"
          " steps", some < 2 * one)  # fmt: skip
    claim("and all points, with a step an epoch, lose more", most > some)
    claim("16 times the points, about a quarter of the noise", 2.5 < noises[1] / noises[16] < 6)
    try_next(
        "EPOCHS = 120: does a step an epoch catch up, and at which rate?",
        "let the rate fall while it trains: which size gains the most?",
    )


if __name__ == "__main__":
    run_demo(main)
