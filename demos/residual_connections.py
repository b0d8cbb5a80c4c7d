"""Residual connections: x + f(x) in place of f(x) brings a gradient through any depth.

He, Zhang, Ren and Sun (2016), "Deep residual learning for image recognition".

python -m demos.residual_connections
"""

import math
import random
from statistics import fmean, median, pvariance
from typing import Any

from autograd import Value, explain, gradients, tanh
from demos.batch_loss import batch_loss
from demos.claim import claim
from demos.output_folder import output_path, say, shown
from demos.plotting import COLOURS, new_figure, save_figure
from demos.running import run_demo, try_next
from nn import Adam, Layer, Module, Neuron, mse_loss

WIDTH, DEPTH, TRAINED = 6, 40, 16
XS = [k / 5 for k in range(-5, 6)]
YS = [math.sin(3 * x) for x in XS]
MEAN_LOSS = pvariance(YS)  # of whoever always answers the mean
KINDS: dict[str, tuple[str, float | None]] = {  # f, and p: x + f(x)/depth^p, or f(x) alone
    "sigmoid": ("sigmoid", None),
    "x + sigmoid": ("sigmoid", 0.0),
    "relu": ("relu", None),
    "x + relu": ("relu", 0.0),
    "x + relu/√depth": ("relu", 0.5),
}


class Deep(Module):
    """A linear layer, ``depth`` hidden ones of one kind, and a linear output."""

    def __init__(self, kind: str, depth: int, seed: int) -> None:
        rng, (activation, power) = random.Random(seed), KINDS[kind]
        self.share = None if power is None else depth**-power
        self.first = Layer(1, WIDTH, "linear", rng=rng)
        self.hidden = [Layer(WIDTH, WIDTH, activation, rng=rng) for _ in range(depth)]
        self.last = Neuron(WIDTH, "linear", rng=rng)

    def reach(self, x: Any) -> list[list[Value]]:
        """Return what goes into each hidden layer, and what comes out of the last."""
        reached = [self.first([x])]
        for layer in self.hidden:
            f, share = layer(reached[-1]), self.share
            both = zip(reached[-1], f, strict=True)
            reached.append(f if share is None else [a + share * b for a, b in both])
        return reached

    def forward(self, x: Any) -> Any:
        return self.last(self.reach(x[0])[-1])


def show_paths() -> None:
    """Say by which paths a gradient comes back through two layers of one neuron each."""
    x = Value(0.5, label="x")
    x1 = x + (f1 := tanh(x))
    x2 = x1 + (f2 := tanh(x1))
    for node, label in zip((f1, x1, f2, x2), ("f1", "x1", "f2", "x2"), strict=True):
        node.label = label
    say(f"{explain(x2, x)}\n")
    product = (2 - float(f1.data) ** 2) * (2 - float(f2.data) ** 2)
    claim("they add up to (1 + f1')*(1 + f2')", math.isclose(gradients(x2, [x])[0], product))


def gradient_sizes(kind: str, seed: int) -> list[float]:
    """Return the root mean square gradient at each layer before training, the first one first."""
    net = Deep(kind, DEPTH, seed)
    rows = [net.reach(x) for x in (-0.6, 0.8)]
    sum(net.last(reached[-1]) for reached in rows).backward()
    layers = ([v.grad for row in layer for v in row] for layer in zip(*rows, strict=True))
    return [fmean(grad**2 for grad in layer) ** 0.5 for layer in layers]


def train(kind: str, depth: int, seed: int, steps: int, backend: str) -> float:
    """Fit a wave of sin; return the last loss."""
    net, loss = Deep(kind, depth, seed), 0.0
    optimizer = Adam(net.parameters(), lr=0.01)
    loss_of = batch_loss(net, mse_loss, [[x] for x in XS], YS, backend)
    for _ in range(steps):
        optimizer.zero_grad()
        loss = loss_of(range(len(XS)))
        optimizer.step()
    return loss


def save_picture(found: dict[str, list[list[float]]], losses: dict[str, list[float]]) -> Any:
    """Draw the gradients by layer, and where training ends."""
    figure, (left, right) = new_figure(2, width=8, height=5.5)
    for place, (kind, colour, mark) in enumerate(zip(KINDS, COLOURS, "os^Dv", strict=True)):
        middle = [median(numbers) for numbers in zip(*found[kind], strict=True)]
        left.semilogy(middle, mark + "-", color=colour, label=kind, linewidth=2, markevery=4)
        right.semilogx(losses[kind], [-place] * len(losses[kind]), mark, color=colour, ms=11)
    left.set(title=f"Gradients in {DEPTH} layers", xlabel="layer", ylabel="root mean square")
    left.legend(fontsize=12)
    right.axvline(MEAN_LOSS, color="#111111", linestyle="--")
    right.set(title=f"{TRAINED} layers: where training ends (dashed: the mean)", xlabel="last loss")
    right.set(yticks=range(0, -len(KINDS), -1), yticklabels=KINDS)
    return save_figure(figure, output_path("residual_connections"))


def main(backend: str = "python", seed: int = 0, quick: bool = False) -> None:
    seeds, steps = range(seed, seed + (2 if quick else 5)), 50 if quick else 150
    say("A gradient comes back through two layers by one path, f1' * f2'. Let each layer be added")
    say("to what went into it, x + f(x), and there are four. Look at the first:\n")
    show_paths()
    say(f"\nThat path meets no layer: its product is 1 at any depth. In {DEPTH} layers, untrained,")
    say("how much of the last gradient reaches the first? The least and the most of all starts:\n")
    found = {kind: [gradient_sizes(kind, start) for start in seeds] for kind in KINDS}
    reach = {kind: sorted(each[0] / each[-1] for each in found[kind]) for kind in KINDS}
    for kind in KINDS:
        say(f"  {kind:16} {reach[kind][0]:9.0e} {reach[kind][-1]:9.0e}")
    claim("sigmoid: less than 1e-20", reach["sigmoid"][-1] < 1e-20)
    claim("x + sigmoid: all, to a factor of 3", all(1 / 3 < r < 3 for r in reach["x + sigmoid"]))
    claim("x + relu: too much, 1e5 times or more", reach["x + relu"][0] > 1e5)
    claim("a share of it, 1/√depth: below 100 times", reach["x + relu/√depth"][-1] < 100)

    say(f"\nDo they learn? {TRAINED} layers, a wave of sin, the last loss from each start:\n")
    losses = {kind: [train(kind, TRAINED, k, steps, backend) for k in seeds] for kind in KINDS}
    for kind in KINDS:
        say(f"  {kind:16}" + "".join(f"{loss:12.4f}" for loss in sorted(losses[kind])))
    claim(f"no sigmoid beats the mean, {MEAN_LOSS:.4f}", min(losses["sigmoid"]) > 0.99 * MEAN_LOSS)
    claim("x + sigmoid learns more", max(losses["x + sigmoid"]) < 2 / 3 * MEAN_LOSS)
    gain = median(losses["x + relu"]) / median(losses["x + relu/√depth"])
    claim("the share takes the loss of x + relu to a tenth or less", gain > 10)
    shallow = max(train("sigmoid", 1, k, steps, backend) for k in seeds)
    claim("but here nothing needs depth: one layer of sigmoid learns it", shallow < MEAN_LOSS / 3)
    path = save_picture(found, losses)[0]
    say(f"\nLook at the line that falls to the left, and at the level ones: {shown(path)}")
    try_next(
        "tanh for sigmoid in both rows of KINDS: which claim fails first, and is that a pity?",
        "self.share = Value(0.0), trained like a weight, and --seed 1: how does x + relu do now?",
    )


if __name__ == "__main__":
    run_demo(main)
