"""Deep networks before their first step: what comes through, forward and back."""

import random
from typing import Any

from autograd import Value, dot
from nn import (
    BatchNorm,
    GradientReport,
    Layer,
    LayerNorm,
    Module,
    Sequential,
    calculate_gain,
    gradient_report,
    kaiming_normal,
    mse_loss,
    normal,
    xavier_normal,
)

GAIN = calculate_gain("tanh")
STARTS: dict[str, tuple[str, Any]] = {  # the activation, and what fills the weights
    "tanh, std 0.05": ("tanh", lambda w, rng: normal(w, std=0.05, rng=rng)),
    "tanh, Xavier × 5/3": ("tanh", lambda w, rng: xavier_normal(w, GAIN, rng=rng)),
    "relu, Xavier": ("relu", lambda w, rng: xavier_normal(w, rng=rng)),
    "relu, Kaiming": ("relu", lambda w, rng: kaiming_normal(w, nonlinearity="relu", rng=rng)),
    "relu, std 0.5": ("relu", lambda w, rng: normal(w, std=0.5, rng=rng)),
}
NETWORKS: dict[str, tuple[str, Any]] = {  # the activation, and what follows each layer
    "sigmoid": ("sigmoid", None),
    "tanh": ("tanh", None),
    "relu": ("relu", None),
    "sigmoid, BatchNorm": ("sigmoid", BatchNorm),
    "sigmoid, LayerNorm": ("sigmoid", LayerNorm),
}
Profile = tuple[list[float], list[float]]  # by layer: mean squares of numbers, and of gradients


def mean_square(rows: Any) -> float:
    return float(sum(number**2 for row in rows for number in row) / sum(map(len, rows)))


def profile_of(start: str, seed: int, width: int = 40) -> Profile:
    """Send 6 random rows forward through 10 layers, and random gradients back."""
    activation, fill = STARTS[start]
    rng = random.Random(seed)
    reached = [[[Value(rng.gauss(0, 1)) for _ in range(width)] for _ in range(6)]]
    for _ in range(10):
        layer = Layer(width, width, activation)
        fill(layer.weight, rng)
        reached.append(layer.batch(reached[-1]))
    outputs = [output for row in reached[-1] for output in row]
    dot([rng.gauss(0, 1) for _ in outputs], outputs).backward()
    forward = [mean_square([[v.data for v in row] for row in rows]) for rows in reached]
    backward = [mean_square([[v.grad for v in row] for row in rows]) for rows in reached]
    return forward, backward


def report_of(name: str, depth: int, seed: int, width: int = 12) -> GradientReport:
    """Return the gradients of so many hidden layers, before the first step on 8 random rows."""
    activation, norm = NETWORKS[name]
    rng, data = random.Random(seed), random.Random(1)
    parts: list[Module] = []
    for k in range(depth):
        parts.append(Layer(width if k else 4, width, activation, rng=rng))
        if norm:  # behind sigmoid, whose outputs are positive: before it LayerNorm rescues little
            parts.append(norm(width))
    network = Sequential(*parts, Layer(width, 1, "linear", rng=rng))
    rows = [[data.gauss(0, 1) for _ in range(4)] for _ in range(8)]
    mse_loss(network.batch(rows), [data.choice((-1.0, 1.0)) for _ in rows]).backward()
    return gradient_report(network)
