"""How many points for one step? Batch, mini-batch and stochastic descent on the same network.

python -m demos.batch_sizes
"""

import random
from itertools import pairwise
from math import sqrt

from autograd import Value, gradients
from demos.batch_loss import batch_loss
from demos.claim import claim
from demos.data import make_moons
from demos.output_folder import output_path, say, shown
from demos.plotting import BLUE, GREEN, ORANGE, new_figure, save_figure
from demos.running import run_demo
from nn import MLP, SGD, binary_cross_entropy_with_logits

N = 128
EPOCHS = 15
RATE = 0.1
POINTS, CLASSES = make_moons(N, noise=0.2)
ROWS, TARGETS = [list(point) for point in POINTS], [int(c > 0) for c in CLASSES]
KINDS = {N: "batch: all 128", 16: "mini-batch: 16", 1: "stochastic: 1"}


def loss_on(model: MLP, chosen: list[int]) -> Value:
    """Return the mean loss over the chosen points."""
    outputs = model.batch([ROWS[k] for k in chosen])
    loss: Value = binary_cross_entropy_with_logits(outputs, [TARGETS[k] for k in chosen])
    return loss


def train(
    batch_size: int, rng: random.Random, backend: str = "eager"
) -> tuple[list[int], list[float]]:
    """Return how many points had been seen, and the loss on all 128 of them then."""
    model = MLP(2, [8, 8, 1], "tanh")
    optimizer = SGD(model.parameters(), lr=RATE)
    step = batch_loss(model, binary_cross_entropy_with_logits, ROWS, TARGETS, backend)
    order = list(range(N))
    seen, losses = [0], [float(loss_on(model, order).data)]
    for _ in range(EPOCHS):
        rng.shuffle(order)
        for start in range(0, N, batch_size):
            batch = order[start : start + batch_size]
            optimizer.zero_grad()
            step(batch)
            optimizer.step()
            if (start + batch_size) % 16 == 0:
                seen.append(seen[-1] + max(16, batch_size))
                losses.append(float(loss_on(model, order).data))
    return seen, losses


def gradient(model: MLP, chosen: list[int]) -> list[float]:
    return [float(number) for number in gradients(loss_on(model, chosen), model.parameters())]


def length(numbers: list[float]) -> float:
    return sqrt(sum(number * number for number in numbers))


def noise(size: int, rng: random.Random, draws: int = 40) -> float:
    """Return how far the gradient of ``size`` drawn points is from that of all, relative to it.

    It is the root of the mean square over many draws, with replacement, at the first weights.
    """
    model = MLP(2, [8, 8, 1], "tanh")
    whole = gradient(model, list(range(N)))
    squares = []
    for _ in range(draws):
        drawn = gradient(model, rng.choices(range(N), k=size))
        squares.append(length([a - b for a, b in zip(drawn, whole, strict=True)]) ** 2)
    return sqrt(sum(squares) / draws) / length(whole)


def main(backend: str = "eager") -> None:
    say(f"One network, {N} points, {EPOCHS} times through them, the same learning rate {RATE}.")
    say("What differs is how many points are looked at before each step:\n")
    figure, (falling, noises) = new_figure(2, width=7.5, height=5.5)
    last, rises = {}, {}
    for (size, kind), colour, line in zip(
        KINDS.items(), (BLUE, GREEN, ORANGE), ("-", "--", ":"), strict=True
    ):
        seen, losses = train(size, random.Random(0), backend)
        last[size] = losses[-1]
        rises[size] = sum(b > a for a, b in pairwise(losses))
        falling.plot(seen, losses, color=colour, linestyle=line, linewidth=2.5, label=kind)
        say(
            f"    {kind:16} {N // size * EPOCHS:5} steps: loss {losses[0]:.3f} → {losses[-1]:.3f},"
            f" up {rises[size]} of the {len(losses) - 1} times we looked"
        )
    sizes = (1, 4, 16, 64)
    measured = [noise(size, random.Random(1)) for size in sizes]
    say("\nThe gradient of a few points is that of all, and noise. Its size, relative to it:\n")
    for size, level in zip(sizes, measured, strict=True):
        say(f"    {size:3} points: {level:.2f}")
    say("\nFour times the points cost four times as much and only halve the noise: 1/√n.")
    noises.loglog(sizes, measured, "o", color=BLUE, markersize=11, label="measured")
    noises.loglog(sizes, [measured[0] / sqrt(size) for size in sizes], "--", color="#111111",
                  label="as 1/√n")  # fmt: skip
    falling.set(
        title="Small batches get further", xlabel="points seen", ylabel="loss on all points"
    )
    noises.set(title="... on noisier gradients", xlabel="points in a batch",
               ylabel="noise / gradient")  # fmt: skip
    for axes in (falling, noises):
        axes.legend()
        axes.grid(alpha=0.3)
    path = save_figure(figure, output_path("batch_sizes"))[0]
    say(f"Look at which curve is lowest, and which is smooth: {shown(path)}\n")
    claim("for the same points seen, smaller batches get further", last[1] < last[16] < last[N])
    claim("all points together never lead up; single ones do, often", rises[N] == 0 < rises[1] - 30)
    claim("16 times the points, about a quarter of the noise", 2.5 < measured[0] / measured[2] < 6)


if __name__ == "__main__":
    run_demo(main)
