"""Graphs that the tests of programs share: networks that are matrices, and others."""

import random
from typing import Any, NamedTuple

from autograd import Value, dot, relu, softmax, tanh, total
from nn import MLP, Layer, cross_entropy, mse_loss


class Case(NamedTuple):
    """A graph to compile, and columns for it."""

    output: Value
    inputs: list[Value]
    parameters: list[Value]
    columns: list[list[float]]

    @property
    def numbers(self) -> list[Any]:
        return [parameter.data for parameter in self.parameters]


def leaves(name: str, n: int) -> list[Value]:
    return [Value(0.1 * k + 0.1, label=f"{name}[{k}]") for k in range(n)]


def normal(rng: random.Random, n_columns: int, rows: int) -> list[list[float]]:
    return [[rng.gauss(0.0, 1.0) for _ in range(rows)] for _ in range(n_columns)]


def moons(*sizes: int, rows: int = 7, l2: float = 0.0) -> Case:
    """Return a network with the hinge loss, and perhaps an L2 penalty."""
    rng = random.Random(1)
    model = MLP(sizes[0], list(sizes[1:]), rng=1)
    x, y = leaves("x", sizes[0]), Value(1.0, label="y")
    loss = relu(1 - y * model(x))
    parameters = model.parameters()
    if l2:
        loss = loss + l2 * dot(parameters, parameters)
    targets = [rng.choice([-1.0, 1.0]) for _ in range(rows)]
    return Case(loss, [*x, y], parameters, [*normal(rng, sizes[0], rows), targets])


def softmax_regression(rows: int = 7) -> Case:
    rng = random.Random(2)
    layer = Layer(4, 3, "linear", rng=2)
    x, t = leaves("x", 4), [Value(float(k == 1), label=f"t[{k}]") for k in range(3)]
    classes = [rng.randrange(3) for _ in range(rows)]
    one_hot = [[float(c == k) for c in classes] for k in range(3)]
    loss = cross_entropy(layer(x), t)
    return Case(loss, [*x, *t], layer.parameters(), [*normal(rng, 4, rows), *one_hot])


def autoencoder(rows: int = 7) -> Case:
    model = MLP(4, [2, 4], "tanh", rng=3)
    x = leaves("x", 4)
    return Case(mse_loss(model(x), x), x, model.parameters(), normal(random.Random(3), 4, rows))


def rnn(steps: int = 4, size: int = 3, rows: int = 7) -> Case:
    """Return a recurrent network, written by hand: h ← tanh(Wx·x + Wh·h + b)."""
    rng = random.Random(4)

    def matrix(name: str, m: int, n: int) -> list[list[Value]]:
        return [
            [Value(rng.gauss(0.0, 0.7), label=f"{name}[{i}][{j}]") for j in range(n)]
            for i in range(m)
        ]

    wx, wh, wy = matrix("Wx", size, 1), matrix("Wh", size, size), matrix("Wy", 1, size)
    b = [Value(0.1, label=f"b[{i}]") for i in range(size)]
    x, y = leaves("x", steps), Value(1.0, label="y")
    h: list[Any] = [0.0] * size
    for step in range(steps):
        h = [tanh(dot([*wx[i], *wh[i]], [x[step], *h], b[i])) for i in range(size)]
    loss = (dot(wy[0], h) - y) ** 2
    parameters = [w for m in (wx, wh, wy) for row in m for w in row] + b
    return Case(loss, [*x, y], parameters, normal(rng, steps + 1, rows))


def attention(positions: int = 3, size: int = 2, rows: int = 5) -> Case:
    """Return one head of attention: no matrices are found in it, so it is written flat."""
    rng = random.Random(5)
    q = leaves("q", size)
    keys = [
        [Value(rng.gauss(0, 1), label=f"k{t}[{i}]") for i in range(size)] for t in range(positions)
    ]
    weights = softmax([dot(q, key) for key in keys])
    output = dot(weights, [keys[t][0] for t in range(positions)])
    parameters = [v for key in keys for v in key]
    return Case(tanh(output), q, parameters, normal(rng, size, rows))


def irregular(n_nodes: int = 150, seed: int = 6, rows: int = 5) -> Case:
    """Return a graph of random operations on random nodes."""
    rng = random.Random(seed)
    x = [Value(rng.uniform(-1, 1), label=f"x{i}") for i in range(4)]
    p = [Value(rng.uniform(-1, 1), label=f"p[{i}]") for i in range(8)]
    nodes, used = [*x, *p], set()
    for _ in range(n_nodes):
        a, b = nodes[-rng.randrange(1, min(len(nodes), 40))], rng.choice(nodes)
        made = rng.choice([
            lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a * b, lambda a, b: a.tanh(),
            lambda a, b: a.relu(), lambda a, b: a.sigmoid(), lambda a, b: a.maximum(b),
            lambda a, b: a / (1.5 + b * b), lambda a, b: (a * a + 1.0).log(),
        ])(a, b)  # fmt: skip
        nodes.append(made if abs(made.data) < 5 else made.tanh())
        used |= {a, b}
    ends = [node for node in nodes if node not in used]
    return Case(total([*ends, *x]) * (1 / len(ends)), x, p, normal(rng, 4, rows))


NETWORKS = {
    "moons": lambda: moons(2, 16, 16, 1),
    "moons with L2": lambda: moons(2, 8, 1, l2=1e-2),
    "softmax regression": softmax_regression,
    "autoencoder": autoencoder,
    "rnn": rnn,
}
OTHERS = {"attention": attention, "irregular": irregular}
