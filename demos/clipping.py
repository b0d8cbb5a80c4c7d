"""Gradients that explode, and clipping: the same direction, no longer than a norm allows.

Pascanu, Mikolov and Bengio (2013), "On the difficulty of training recurrent neural networks".

python -m demos.clipping
"""

import math
import random
from statistics import median
from typing import Any

from demos.batch_loss import batch_loss
from demos.claim import claim
from demos.output_folder import output_path, say, shown
from demos.plotting import COLOURS, new_figure, save_figure
from demos.running import run_demo, try_next
from nn import MLP, SGD, clip_grad_norm_, mse_loss

INPUTS, WIDTH, DEPTH = 4, 12, 10
STEPS, RATE = 100, 0.1
WAYS = {  # the largest norm, and the learning rate
    "no clipping": (math.inf, RATE),
    "clipped to norm 1": (1.0, RATE),
    "no clipping, lr / 100": (math.inf, RATE / 100),
}
Run = tuple[list[float], list[float]]  # by step: losses, and norms of the gradients before clipping


def data() -> tuple[list[list[float]], list[float]]:
    """Return 8 random rows with random targets, always the same."""
    rng = random.Random(1)
    rows = [[rng.gauss(0, 1) for _ in range(INPUTS)] for _ in range(8)]
    return rows, [rng.choice((-1.0, 1.0)) for _ in rows]


def descend(way: str, backend: str, seed: int = 0, steps: int = STEPS) -> Run:
    """Train ten relu layers whose weights are a quarter too large, while the loss is finite."""
    max_norm, rate = WAYS[way]
    network = MLP(INPUTS, [WIDTH] * DEPTH + [1], "relu", rng=random.Random(seed))
    for parameter in network.parameters():
        parameter.data *= 1.25
    optimizer = SGD(network.parameters(), lr=rate)
    rows, targets = data()
    loss_of = batch_loss(network, mse_loss, rows, targets, backend)
    losses: list[float] = []
    norms: list[float] = []
    while len(losses) <= steps:
        optimizer.zero_grad()
        loss = loss_of(range(len(rows)))
        if not loss < 1e300:  # beyond that comes infinity, and then NaN
            break
        losses.append(loss)
        norms.append(float(clip_grad_norm_(network.parameters(), max_norm)))
        optimizer.step()
    return losses, norms


def save_picture(runs: dict[str, Run]) -> Any:
    """Draw the losses by step, and how long the gradients were before they were clipped."""
    figure, (left, right) = new_figure(2, height=5.5)
    for (way, (losses, norms)), colour, marks in zip(
        runs.items(), COLOURS, ("o-", "-", "--"), strict=False
    ):
        left.semilogy(losses, marks, color=colour, label=way, linewidth=2)
        right.semilogy(norms, marks, color=colour, label=way, linewidth=2)
    left.axhline(1.0, color="#111111", linewidth=1, linestyle=":", label="the answer 0, always")
    left.set(title="Off the chart in a few steps, unless clipped")
    left.set(xlabel="step", ylabel="loss", ylim=(0.01, 1e9))
    left.legend(fontsize=12)
    limit = right.axhline(1.0, color="#111111", linewidth=1, linestyle=":", label="norm 1")
    right.legend(handles=[limit], fontsize=12)
    right.set(title="The gradients before they are clipped")
    right.set(xlabel="step", ylabel="norm", ylim=(0.01, 1e9))
    return save_figure(figure, output_path("clipping"))


def main(backend: str = "eager", seed: int = 0, quick: bool = False) -> None:
    say("Ten relu layers whose weights are a quarter too large. A few steps of SGD throw them off.")
    say("Cut down to norm 1, the same gradients, in the same direction, train it. A rate a hundred")
    say("times smaller does so too from most starts, if one knows it. Losses:\n")
    steps = 20 if quick else STEPS
    runs = {way: descend(way, backend, seed, steps) for way in WAYS}
    for way, (losses, _) in runs.items():
        first = ", ".join(f"{number:.3g}" for number in losses[:4])
        end = f"{losses[-1]:.2g}" if len(losses) > steps else "beyond 1e300"
        say(f"  {way:22} {first} ... {end}")
    wild, tame, _ = (losses for losses, _ in runs.values())
    claim("without clipping the loss grows a million times as large", max(wild) > 1e6 * wild[0])
    ends_well = median(tame[-20:]) < 1
    claim("clipped it comes below 1, which is what the answer 0 would give", ends_well)
    say("\nLook at the line that leaves the chart, and at how many gradients are longer than 1:")
    for path in save_picture(runs):
        say(f"    {shown(path)}")
    try_next(
        "RATE = 0.3: which norm to clip to keeps it on the chart?",
        "clip to norm 0.01: what does a step that is always so short cost?",
    )


if __name__ == "__main__":
    run_demo(main)
