"""What is raced: one step, forward + backward, of a network or of a GPT; or training to the end.

Every contestant makes the same numbers, by itself, in a process of its own.
"""

import random
from typing import Any, NamedTuple

from demos.data import make_moons
from demos.gpt import BLOCK, GPT, WIDTH
from nn import MLP

Matrix = list[list[float]]  # a row for each number that comes out

LETTERS = ".abcdefghijklmnopqrstuvwxyz"  # a name begins and ends with a dot
NAMES = [
    "anthony", "barbara", "beverly", "brandon", "brianna", "camilla", "candice", "carolyn",
    "charles", "chelsea", "clayton", "colleen", "cynthia", "desmond", "dorothy", "douglas",
    "florian", "francis", "gabriel", "georgia", "gilbert", "harriet", "jasmine", "jessica",
    "jillian", "kaitlyn", "kenneth", "leonard", "lillian", "matilda", "melanie", "melissa",
]  # fmt: skip
SHAPES = {
    "symbols": (WIDTH, len(LETTERS)), "places": (BLOCK, WIDTH),
    "query": (WIDTH, WIDTH), "key": (WIDTH, WIDTH), "value": (WIDTH, WIDTH),
    "output": (WIDTH, WIDTH), "wide": (4 * WIDTH, WIDTH), "narrow": (WIDTH, 4 * WIDTH),
    "logits": (len(LETTERS), WIDTH),
}  # fmt: skip


class Network(NamedTuple):
    """A network with ReLU inside and the hinge loss, on rows with a class of -1 or 1 each."""

    name: str
    title: str
    sizes: tuple[int, ...]
    n: int  # rows
    unit: str = "row"

    def layers(self) -> list[tuple[Matrix, list[float]]]:
        """Return the weights that all start from: of each layer, a row a neuron, and biases."""
        model = MLP(self.sizes[0], self.sizes[1:], rng=1)
        return [
            (
                [[float(w.data) for w in neuron.w] for neuron in layer.neurons],
                [float(neuron.b.data) for neuron in layer.neurons],
            )
            for layer in model.layers
        ]

    def data(self) -> tuple[Matrix, list[float]]:
        """Return the rows, and their classes."""
        if self.sizes[0] == 2:
            points, classes = make_moons(self.n)
            return [list(point) for point in points], [float(c) for c in classes]
        rng = random.Random(1)
        rows = [[rng.gauss(0, 1) for _ in range(self.sizes[0])] for _ in range(self.n)]
        return rows, [rng.choice((-1.0, 1.0)) for _ in rows]


class Names(NamedTuple):
    """A GPT, that of ``demos.gpt``, on names of seven letters: eight positions."""

    name: str
    title: str
    n: int  # names
    unit: str = "name"

    def matrices(self) -> dict[str, Matrix]:
        """Return the weights that all start from, in the order of the gradient."""
        parameters = GPT(len(LETTERS), random.Random(0)).parameters()
        numbers = iter([float(parameter.data) for parameter in parameters])
        return {
            name: [[next(numbers) for _ in range(n)] for _ in range(m)]
            for name, (m, n) in SHAPES.items()
        }

    def texts(self) -> list[str]:
        return [NAMES[k % len(NAMES)] for k in range(self.n)]

    def data(self) -> tuple[list[list[int]], list[list[int]]]:
        """Return the tokens of each name, from its dot on, and those that come next."""
        tokens = [[LETTERS.index(letter) for letter in f".{text}."] for text in self.texts()]
        return [line[:-1] for line in tokens], [line[1:] for line in tokens]


class Training(NamedTuple):
    """A network that is trained to the end: all rows in each step, so many of them."""

    name: str
    title: str
    network: Network
    optimizer: str
    settings: dict[str, Any]
    epochs: int
    unit: str = "training"
    n: int = 1


Workload = Network | Names | Training

MOONS = Network("moons", "moons, 2-16-16-1, 100 rows", (2, 16, 16, 1), 100)
MOMENTUM: dict[str, Any] = {"lr": 0.05, "momentum": 0.9}
WORKLOADS: dict[str, Workload] = {
    workload.name: workload
    for workload in (
        MOONS,
        Network("many", "moons, 2-16-16-1, 100,000 rows", (2, 16, 16, 1), 100_000),
        Network("wide", "16-64-64-1, 20,000 rows", (16, 64, 64, 1), 20_000),
        Names("name", "GPT, 1 name of 8 positions", 1),
        Names("names8", "GPT, 8 names of 8 positions", 8),
        Names("names32", "GPT, 32 names of 8 positions", 32),
        Training("sgd", "moons, 100 epochs, SGD with momentum", MOONS, "SGD", MOMENTUM, 100),
        Training("adam", "moons, 100 epochs, Adam", MOONS, "Adam", {"lr": 0.01}, 100),
    )
}


def quick(workload: Workload) -> Workload:
    """Return a workload of the same kind, so small that a step takes moments."""
    title = f"{workload.title}, made tiny"
    if isinstance(workload, Training):
        return workload._replace(title=title, epochs=3)
    if isinstance(workload, Network):
        n, *_ = workload.sizes
        return workload._replace(title=title, sizes=(n, 8, 8, 1), n=min(workload.n, 20))
    return workload._replace(title=title, n=min(workload.n, 2))


def in_a_line(layers: Any) -> list[float]:
    """Return numbers of all layers as every gradient is: a neuron's weights, then its bias."""
    return [
        float(number)
        for matrix, biases in layers
        for row, bias in zip(matrix, biases, strict=True)
        for number in (*row, bias)
    ]
