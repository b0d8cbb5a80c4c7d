"""Five playgrounds: pages in which small networks learn, and can be touched while they do.

python -m demos.playgrounds
"""

import functools
import math
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograd import Value, sin
from demos.claim import claim
from demos.data import make_moons
from demos.output_folder import output_path, say, shown
from demos.running import run_demo, try_next
from nn import (
    MLP,
    SGD,
    Adam,
    Module,
    Sequential,
    binary_cross_entropy_with_logits,
    cross_entropy,
    hinge_loss,
    mse_loss,
    playground,
)


class Features(Module):
    """x and y, and after them x², y², xy, sin x and sin y."""

    def forward(self, row: list[Value]) -> list[Value]:
        x, y = row
        return [x, y, x**2, y**2, x * y, sin(x), sin(y)]


class Squares(Module):
    """x² and y² alone."""

    def forward(self, row: list[Value]) -> list[Value]:
        x, y = row
        return [x**2, y**2]


def line_fit(page: Path) -> None:
    """Points near a line: a neuron without activation finds slope and height"""
    rng = random.Random(1)
    rows = [[-2 + 4 * k / 29] for k in range(30)]
    targets = [1.5 * x - 0.5 + rng.gauss(0, 0.4) for (x,) in rows]
    models = {"a line": MLP(1, [1]), "8 tanh": MLP(1, [8, 1], "tanh"), "8 relu": MLP(1, [8, 1])}
    sgd = functools.partial(SGD, lr=0.03)
    playground(models, rows, targets, page, loss=mse_loss, optimizer=sgd, validation=0.2)


def moons(page: Path) -> None:
    """Two moons: how many neurons does a curved boundary need?"""
    rows, classes = make_moons()
    models = {
        "no hidden layer": MLP(2, [1]), "4": MLP(2, [4, 1]), "16-16": MLP(2, [16, 16, 1]),
    }  # fmt: skip
    sgd = functools.partial(SGD, lr=0.1, momentum=0.9)
    playground(models, rows, classes, page, loss=hinge_loss, optimizer=sgd, validation=0.2)


def circles(page: Path) -> None:
    """A ring around a disc: squares of the inputs do what a hidden layer has to learn"""
    rng = random.Random(2)
    rows, classes = [], []
    for k in range(120):
        radius, angle = (rng.gauss(2.0, 0.2) if k % 2 else rng.gauss(0.7, 0.3)), 6.3 * rng.random()
        rows.append([radius * math.cos(angle), radius * math.sin(angle)])
        classes.append(k % 2)
    models = {
        "no hidden layer": MLP(2, [1]), "x² and y²": Sequential(Squares(), MLP(2, [1])),
        "4 tanh": MLP(2, [4, 1], "tanh"),
    }  # fmt: skip
    playground(
        models, rows, classes, page, loss=binary_cross_entropy_with_logits,
        optimizer=functools.partial(SGD, lr=0.3), validation=0.25,
    )  # fmt: skip


def xor(page: Path) -> None:
    """XOR: no line parts it; two hidden neurons can, if they start well"""
    rng = random.Random(3)
    rows, classes = [], []
    for k in range(80):
        x, y = (1 if k & 1 else -1), (1 if k & 2 else -1)
        rows.append([x + rng.gauss(0, 0.3), y + rng.gauss(0, 0.3)])
        classes.append(int(x != y))
    models = {
        "2 tanh": MLP(2, [2, 1], "tanh", rng=1), "no hidden layer": MLP(2, [1]),
        "4 tanh": MLP(2, [4, 1], "tanh"), "features": Sequential(Features(), MLP(7, [1])),
    }  # fmt: skip
    playground(
        models, rows, classes, page, loss=binary_cross_entropy_with_logits,
        optimizer=functools.partial(SGD, lr=0.1), batch_size=16,
    )  # fmt: skip


def spiral(page: Path) -> None:
    """A spiral of three arms: two hidden layers of 16, and Adam"""
    rng = random.Random(4)
    rows, classes = [], []
    for k in range(150):
        arm, t = k % 3, 0.1 + 0.9 * (k // 3) / 50
        angle = 2 * math.pi * arm / 3 + 4.5 * t + rng.gauss(0, 0.12)
        rows.append([2 * t * math.cos(angle), 2 * t * math.sin(angle)])
        classes.append(arm)
    models = {
        "16-16": MLP(2, [16, 16, 3], "tanh"), "8": MLP(2, [8, 3], "tanh"),
        "features, 8": Sequential(Features(), MLP(7, [8, 3], "tanh")),
    }  # fmt: skip
    adam = functools.partial(Adam, lr=0.01)
    playground(models, rows, classes, page, loss=cross_entropy, optimizer=adam, validation=0.2)


PAGES: tuple[Callable[[Path], Any], ...] = (line_fit, moons, circles, xor, spiral)


def main() -> None:
    say("Five pages in which a network trains; open one in a browser, and press play:\n")
    written = []
    for write in PAGES:
        path = output_path(f"playground_{write.__name__}.html")
        write(path)
        written.append(path)
        say(f"    {shown(path)}\n        {write.__doc__}")
    say(
        "\nLook at the boxes: each is what one neuron makes of the whole plane."
        "\nLook at what happens without a hidden layer, and then with four neurons."
        "\nSet the learning rate of the line to 3: the page names the first weight to go bad."
    )
    largest = max(path.stat().st_size for path in written)
    claim("each page is a file of less than 1.2 MB, Graphviz among it", largest < 1_200_000)
    try_next(
        "nn.playground with points of your own, as in circles",
        "seven features and no hidden layer, on the spiral: how far does it get?",
    )


if __name__ == "__main__":
    run_demo(main)
