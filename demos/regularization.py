"""A network learns 24 noisy points by heart; three ways to make it learn the moons instead.

python -m demos.regularization
"""

import random
from statistics import median
from typing import Any, NamedTuple

from autograd import Value
from demos.batch_loss import Array, flat_loss
from demos.claim import claim
from demos.data import make_moons
from demos.extras import imports_from
from demos.output_folder import output_path, say, shown
from demos.plotting import BLUE, ORANGE, new_figure, save_figure
from demos.running import run_demo, try_next
from nn import AdamW, Layer, Module
from nn import binary_cross_entropy_with_logits as loss_of

with imports_from("demos"):
    import numpy as np

EPOCHS, BATCH, HIDDEN, SEEDS = 80, 8, 24, 8
PATIENCE = 15  # epochs without progress in validation that early stopping puts up with
NOISE = 0.35  # so the moons overlap: a boundary through their middle is the best there is
REMEDIES = {  # the share of neurons that is dropped, and the weight decay
    "nothing": (0.0, 0.0),
    "dropout": (0.5, 0.0),  # Srivastava et al., 2014
    "weight decay": (0.0, 1.0),  # Krogh and Hertz, 1991
}


class Network(Module):
    """2-24-24-1 with relu: 697 parameters for 24 points, enough to remember each.

    A row is a point, then a mask for all hidden neurons: 0 drops one, and the others make up for
    it (``nn.Dropout`` draws the masks itself). So one program serves, whatever is dropped.
    """

    def __init__(self, seed: int) -> None:
        rng = random.Random(seed)
        self.hidden = [Layer(n, HIDDEN, "relu", rng=rng) for n in (2, HIDDEN)]
        self.output = Layer(HIDDEN, 1, "linear", rng=rng)

    def forward(self, row: list[Value]) -> Any:
        """Return a logit."""
        reached, masks = row[:2], row[2:]
        for k, layer in enumerate(self.hidden):
            mask = masks[k * HIDDEN : (k + 1) * HIDDEN]
            reached = [number * kept for number, kept in zip(layer(reached), mask, strict=True)]
        return self.output(reached)


class Losses(NamedTuple):
    """The losses after each epoch, with all neurons: on three sets of points."""

    training: list[float]  # the 24 points
    validation: list[float]  # 40, to say when to stop
    test: list[float]  # 200, to judge

    def gap(self, epoch: int = -1) -> float:
        return self.test[epoch] - self.training[epoch]


def rows_of(n: int, seed: int, rng: Any, dropped: float = 0.0) -> Array:
    """Return a row for each of ``n`` points: the point, and a mask."""
    points, _ = make_moons(n, noise=NOISE, seed=seed)
    masks = (rng.random((n, 2 * HIDDEN)) >= dropped) / (1 - dropped)
    return np.column_stack([points, masks])


def train(remedy: str, seed: int, backend: str) -> Losses:
    """Descend with AdamW on 24 points; the weights are one array, moved by the same formula."""
    dropped, decay = REMEDIES[remedy]
    rng, model = np.random.default_rng(seed), Network(seed)
    loss = flat_loss(model, loss_of, 2 + 2 * HIDDEN, backend)
    optimizer = AdamW(model.parameters(), lr=0.01, weight_decay=decay)
    weights = np.array([parameter.data for parameter in model.parameters()])
    drawn = [(24, seed), (40, seed + 100_000), (200, seed + 200_000)]
    targets = [(np.array(make_moons(n, NOISE, s)[1]) > 0) * 1.0 for n, s in drawn]
    judged = [(rows_of(n, s, rng), t) for (n, s), t in zip(drawn, targets, strict=True)]
    memory: dict[str, Array] = {}
    losses = []
    for _ in range(EPOCHS):
        rows, order = rows_of(24, seed, rng, dropped), rng.permutation(24)
        for start in range(0, 24, BATCH):
            chosen = order[start : start + BATCH]
            _, gradient = loss(weights, rows[chosen], targets[0][chosen])
            weights = optimizer.updated(weights, gradient, memory)
        losses.append([loss(weights, *each)[0] for each in judged])
    return Losses(*map(list, zip(*losses, strict=True)))


def kept(validation: list[float]) -> int:
    """Return the epoch at which early stopping keeps the weights (Prechelt, 1998)."""
    best = 0
    for epoch, loss in enumerate(validation):
        if loss < validation[best]:
            best = epoch
        elif epoch - best >= PATIENCE:
            break
    return best


def draw(axes: Any, name: str, runs: list[Losses], gap: float, stops: list[int]) -> None:
    """Draw the median of the runs by epoch, and their range; a dot where a run was stopped."""
    epochs = range(1, EPOCHS + 1)
    for what, colour, line in (("training", BLUE, "-"), ("test", ORANGE, "--")):
        by_epoch = list(zip(*(getattr(run, what) for run in runs), strict=True))
        axes.plot(epochs, [*map(median, by_epoch)], line, color=colour, linewidth=2.5, label=what)
        axes.fill_between(epochs, [*map(min, by_epoch)], [*map(max, by_epoch)], color=colour,
                          alpha=0.15)  # fmt: skip
    if name == "early stopping":
        ends = [run.test[stop] for run, stop in zip(runs, stops, strict=True)]
        axes.plot([stop + 1 for stop in stops], ends, "o", color="#111111", label="test, stopped")
    axes.set(title=f"{name}: median gap {gap:.2f}", xlim=(0, EPOCHS), ylim=(0, 2), xlabel="epoch",
             ylabel="loss")  # fmt: skip
    axes.legend(loc="upper left", fontsize=12)
    axes.grid(alpha=0.3)


def main(backend: str = "auto", seed: int = 1, quick: bool = False) -> None:
    seeds = range(seed, seed + (1 if quick or backend == "eager" else SEEDS))
    say("697 parameters and 24 points: a network can learn each point by heart, noise and all.")
    say("The gap between its loss on these and on 200 points it never saw tells whether it did.")
    say(f"Each seed draws the points and the first weights; medians of seeds {[*seeds]}:\n")
    runs = {name: [train(name, number, backend) for number in seeds] for name in REMEDIES}
    runs["early stopping"] = runs["nothing"]
    stops = [kept(run.validation) for run in runs["nothing"]]
    ends = {name: stops if name == "early stopping" else [-1] * len(seeds) for name in runs}
    say("                  loss: training    test     gap    better on new points than nothing")
    gaps, tests, better = {}, {}, {}
    for name, each in runs.items():
        found = list(zip(each, runs["nothing"], ends[name], strict=True))
        training = median(run.training[end] for run, _, end in found)
        tests[name] = median(run.test[end] for run, _, end in found)
        gaps[name] = median(run.gap(end) for run, _, end in found)
        better[name] = sum(run.test[end] < nothing.test[-1] for run, nothing, end in found)
        told = f"{better[name]} of {len(seeds)} seeds" if name != "nothing" else ""
        row = f"    {name:16} {training:11.3f} {tests[name]:7.3f} {gaps[name]:7.3f}    {told}"
        say(row.rstrip())
    figure, axes = new_figure(2, 2, width=6.5, height=4)
    for panel, (name, each) in zip(axes.flat, runs.items(), strict=True):
        draw(panel, name, each, gaps[name], stops)
    path = save_figure(figure, output_path("regularization"))[0]
    say("\nDropout hides half of the neurons at each step, so that none relies on one other;")
    say("weight decay pulls every weight to zero; early stopping keeps the weights of the epoch")
    say("that was best on 40 points set aside for this. Look at where the dashed line turns up,")
    say(f"how steeply, and how far the seeds differ: {shown(path)}\n")
    learnt = median(run.training[-1] for run in runs["nothing"])
    by_heart = tests["nothing"] > 2 * learnt
    claim("without a remedy the median loss is more than twice as large on new points", by_heart)
    for name in ("dropout", "weight decay", "early stopping"):
        narrower = gaps[name] < 0.75 * gaps["nothing"]
        claim(f"{name} takes a quarter off the median gap or more", narrower)
        claim(f"with {name} most seeds are better on new points", 2 * better[name] > len(seeds))
    claim("the best of the three more than halves it", min(gaps.values()) < gaps["nothing"] / 2)
    try_next(
        "240 points instead of 24: what do the remedies still do? More data is the best of them.",
        "weight decay 10 in REMEDIES: when does it pull too hard?",
    )


if __name__ == "__main__":
    run_demo(main)
