"""Gradients in deep networks: they vanish, they explode, and what keeps them in size.

Bengio, Simard and Frasconi (1994), "Learning long-term dependencies with gradient descent is
difficult"; Ioffe and Szegedy (2015), "Batch normalization"; Ba, Kiros and Hinton (2016), "Layer
normalization"; Pascanu, Mikolov and Bengio (2013), on clipping.

python -m demos.vanishing_gradients
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
from nn import (
    SGD,
    BatchNorm,
    GradientReport,
    Layer,
    LayerNorm,
    Module,
    Sequential,
    clip_grad_norm_,
    gradient_report,
    mse_loss,
)

WIDTH, INPUTS = 12, 4
DEPTHS = (5, 10, 20)
STEPS, RATE = 100, 0.1
NETWORKS: dict[str, tuple[str, Any]] = {  # the activation, and what follows each layer
    "sigmoid": ("sigmoid", None),
    "tanh": ("tanh", None),
    "relu": ("relu", None),
    "sigmoid, BatchNorm": ("sigmoid", BatchNorm),
    "sigmoid, LayerNorm": ("sigmoid", LayerNorm),
}


def make_network(name: str, depth: int, seed: int = 0) -> Sequential:
    """Return so many hidden layers, each started as suits its activation, and a linear output."""
    activation, norm = NETWORKS[name]
    rng = random.Random(seed)
    parts: list[Module] = []
    for k in range(depth):
        parts.append(Layer(WIDTH if k else INPUTS, WIDTH, activation, rng=rng))
        if (
            norm
        ):  # behind sigmoid, whose outputs are all positive: before it LayerNorm rescues little
            parts.append(norm(WIDTH))
    return Sequential(*parts, Layer(WIDTH, 1, "linear", rng=rng))


def data() -> tuple[list[list[float]], list[float]]:
    """Return 8 random rows with random targets, always the same."""
    rng = random.Random(1)
    rows = [[rng.gauss(0, 1) for _ in range(INPUTS)] for _ in range(8)]
    return rows, [rng.choice((-1.0, 1.0)) for _ in rows]


def report_of(name: str, depth: int, seed: int) -> GradientReport:
    """Return the state of the gradients at the start of training."""
    network = make_network(name, depth, seed)
    rows, targets = data()
    mse_loss(network.batch(rows), targets).backward()
    return gradient_report(network)


def hidden_sizes(name: str, depth: int, seed: int) -> list[float]:
    """Return the root mean square gradient of each hidden layer, first to last."""
    return [row.size for row in report_of(name, depth, seed) if row.units][:-1]


def descend(
    max_norm: float, rate: float, backend: str, seed: int = 0, steps: int = STEPS
) -> list[float]:
    """Train ten relu layers whose weights are a quarter too large; return the finite losses."""
    network = make_network("relu", depth=10, seed=seed)
    for parameter in network.parameters():
        parameter.data *= 1.25
    optimizer = SGD(network.parameters(), lr=rate)
    rows, targets = data()
    loss_of = batch_loss(network, mse_loss, rows, targets, backend)
    losses: list[float] = []
    while len(losses) <= steps:
        optimizer.zero_grad()
        loss = loss_of(range(len(rows)))
        if not loss < 1e300:  # beyond that comes infinity, and then NaN
            break
        losses.append(loss)
        clip_grad_norm_(network.parameters(), max_norm)
        optimizer.step()
    return losses


def save_picture(sizes: dict[str, list[float]], losses: dict[str, list[float]]) -> Any:
    """Draw the gradients by layer, and training with and without clipping."""
    figure, (left, right) = new_figure(2, height=5.5)
    markers = ("o-", "s--", "^-.", "D-", "v:")
    for (name, numbers), colour, marks in zip(sizes.items(), COLOURS, markers, strict=True):
        left.semilogy(range(1, len(numbers) + 1), numbers, marks, color=colour, label=name)
    left.set(title="20 hidden layers: which gradients reach the first?")
    left.set(xlabel="layer", ylabel="gradient, root mean square", xticks=(1, 5, 10, 15, 20))
    left.legend(fontsize=12)
    lines = ("o-", "-", "--")
    for (name, numbers), colour, marks in zip(losses.items(), COLOURS, lines, strict=False):
        right.semilogy(numbers, marks, color=colour, label=name, linewidth=2)
    right.axhline(1.0, color="#111111", linewidth=1, linestyle=":", label="the answer 0, always")
    right.set(title="Off the chart in a few steps, unless clipped")
    right.set(xlabel="step", ylabel="loss", ylim=(0.01, 1e9))
    right.legend(fontsize=12)
    return save_figure(figure, output_path("vanishing_gradients"))


def main(backend: str = "eager", seed: int = 0, quick: bool = False) -> None:
    say("On the way back a gradient is multiplied at every layer, by weights and by the local")
    say("derivative of the activation, which for sigmoid is at most 1/4. Ten layers, before the")
    say("first step; look at the column of sizes:\n")
    vanishing = report_of("sigmoid", 10, seed)
    say(f"{vanishing!r}\n")
    claim("in ten sigmoid layers the first one vanishes", vanishing.verdicts[0] == "vanishing")
    claim("in ten relu layers, started by Kaiming, all are ok", report_of("relu", 10, seed).ok)

    say("\nHow large is the first layer's gradient, relative to the last hidden one's?\n")
    say(f"  {'hidden layers':19}" + "".join(f"{depth:9}" for depth in DEPTHS))
    sizes, ratios = {}, {}
    for name in NETWORKS:
        by_depth = [hidden_sizes(name, depth, seed) for depth in DEPTHS]
        reached = [numbers[0] / numbers[-1] for numbers in by_depth]
        say(f"  {name:19}" + "".join(f"{ratio:9.1e}" for ratio in reached))
        sizes[name], ratios[name] = by_depth[-1], reached[-1]
    claim("through 20 sigmoid layers less than 1e-8 of it comes back", ratios.pop("sigmoid") < 1e-8)
    claim("relu and tanh, and sigmoid with a norm, stay within a factor of 100", all(
        0.01 < ratio < 100 for ratio in ratios.values()
    ))  # fmt: skip

    say("\nThe opposite: ten relu layers whose weights are a quarter too large. A few steps of SGD")
    say("throw them off. Cut down to norm 1, the same gradients, in the same direction, train it.")
    say("A rate a hundred times smaller does so too from most starts, if one knows it. Losses:\n")
    steps = 20 if quick else STEPS
    ways = {"no clipping": (math.inf, RATE), "clipped to norm 1": (1.0, RATE),
            "no clipping, lr / 100": (math.inf, RATE / 100)}  # fmt: skip
    losses = {name: descend(*way, backend, seed, steps) for name, way in ways.items()}
    for name, numbers in losses.items():
        first = ", ".join(f"{number:.3g}" for number in numbers[:4])
        end = f"{numbers[-1]:.2g}" if len(numbers) > steps else "beyond 1e300"
        say(f"  {name:22} {first} ... {end}")
    wild, tame, _ = losses.values()
    claim("without clipping the loss grows a million times as large", max(wild) > 1e6 * wild[0])
    ends_well = median(tame[-20:]) < 1
    claim("clipped it comes below 1, which is what the answer 0 would give", ends_well)
    say("\nLook at the line that falls to the left, and at those that the norms lift:")
    for path in save_picture(sizes, losses):
        say(f"    {shown(path)}")
    try_next(
        "RATE = 0.3: which norm to clip to keeps it on the chart?",
        "40 in DEPTHS: which of the five still reach the first layer?",
    )


if __name__ == "__main__":
    run_demo(main)
