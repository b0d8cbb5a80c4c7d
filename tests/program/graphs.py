"""Graphs that the tests of programs share: networks that are matrices, and others."""

import math
import random
from typing import Any, NamedTuple

import pytest

from autograd import (
    Program,
    Value,
    compile,
    detach,
    dot,
    gradients,
    logsumexp,
    mean,
    refresh,
    relu,
    softmax,
    tanh,
    total,
)
from autograd.ops import cross_entropy_of
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


OPERATIONS_ANYWHERE: list[Any] = [  # each operation, of operands that it is defined for and tame at
    lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a * b, lambda a, b: -a, lambda a, b: +a,
    lambda a, b: a / (1.5 + b * b), lambda a, b: (a * a + 1.0) ** b.tanh(), lambda a, b: a**2,
    lambda a, b: (a * a + 1.0).log(), lambda a, b: (a * a).log1p(), lambda a, b: a.tanh().exp(),
    lambda a, b: a.tanh().expm1(), lambda a, b: (a * a + 1.0).sqrt(), lambda a, b: a.sin(),
    lambda a, b: a.cos(), lambda a, b: a.tanh().tan(), lambda a, b: (0.9 * a.tanh()).asin(),
    lambda a, b: (0.9 * b.tanh()).acos(), lambda a, b: a.atan(), lambda a, b: a.tanh().sinh(),
    lambda a, b: a.tanh().cosh(), lambda a, b: a.tanh(), lambda a, b: a.sigmoid(),
    lambda a, b: a.softplus(), lambda a, b: a.relu(), lambda a, b: a.leaky_relu(0.1),
    lambda a, b: a.elu(), lambda a, b: a.gelu(), lambda a, b: a.silu(), lambda a, b: a.erf(),
    lambda a, b: abs(a), lambda a, b: a.maximum(b), lambda a, b: a.minimum(b),
    lambda a, b: total([a, b, a]), lambda a, b: mean([a, b, 1.0]),
    lambda a, b: dot([a, b], [b, a], a), lambda a, b: logsumexp([a, b, a]),
    lambda a, b: softmax([a, b])[0], lambda a, b: cross_entropy_of(+a, a, b),
    lambda a, b: detach(a),
]  # fmt: skip


def irregular(n_nodes: int = 150, seed: int = 6, rows: int = 5) -> Case:
    """Return a graph of random operations on random nodes."""
    rng = random.Random(seed)
    x = [Value(rng.uniform(-1, 1), label=f"x{i}") for i in range(4)]
    p = [Value(rng.uniform(-1, 1), label=f"p[{i}]") for i in range(8)]
    nodes, used = [*x, *p], set()
    for _ in range(n_nodes):
        a, b = nodes[-rng.randrange(1, min(len(nodes), 40))], rng.choice(nodes)
        made = rng.choice(OPERATIONS_ANYWHERE)(a, b)
        nodes.append(made if abs(made.data) < 5 else made.tanh())
        used |= {a, b}
    ends = [node for node in nodes if node not in used]
    return Case(total([*ends, *x]) * (1 / len(ends)), x, p, normal(rng, 4, rows))


def gpt(positions: int, rows: int = 2, tokens: int = 27, width: int = 16, heads: int = 4) -> Case:
    """Return the loss of microgpt: one layer of attention, RMS norms, one-hot tokens as columns."""
    rng = random.Random(7)
    parameters: list[Value] = []

    def matrix(name: str, m: int, n: int) -> list[list[Value]]:
        lines = [
            [Value(rng.gauss(0.0, 0.08), label=f"{name}[{i}][{j}]") for j in range(n)]
            for i in range(m)
        ]
        parameters.extend(w for line in lines for w in line)
        return lines

    def times(lines: list[list[Value]], x: list[Any]) -> list[Any]:
        return [dot(line, x) for line in lines]

    def normed(x: list[Any]) -> list[Any]:
        scale = (dot(x, x) / len(x) + 1e-5) ** -0.5
        return [number * scale for number in x]

    embedding, places = matrix("wte", width, tokens), matrix("wpe", positions, width)
    wq, wk, wv, wo = (matrix(name, width, width) for name in ("wq", "wk", "wv", "wo"))
    up, down = matrix("up", 4 * width, width), matrix("down", width, 4 * width)
    head = matrix("head", tokens, width)
    x, y = leaves("x", positions * tokens), leaves("y", positions * tokens)
    keys, values, losses = [], [], []
    size = width // heads
    for t in range(positions):
        token = x[t * tokens : (t + 1) * tokens]
        h = normed([dot(w, token, place) for w, place in zip(embedding, places[t], strict=True)])
        before, h = h, normed(h)
        query = times(wq, h)
        keys.append(times(wk, h))
        values.append(times(wv, h))
        joined = []
        for start in range(0, width, size):
            part = slice(start, start + size)
            scores = [dot(query[part], key[part]) * size**-0.5 for key in keys]
            looked = softmax(scores)
            joined += [dot(looked, [v[i] for v in values]) for i in range(start, start + size)]
        h = [a + b for a, b in zip(times(wo, joined), before, strict=True)]
        before = h
        h = times(down, [relu(number) for number in times(up, normed(h))])
        logits = times(head, [a + b for a, b in zip(h, before, strict=True)])
        target = y[t * tokens : (t + 1) * tokens]
        losses.append(logsumexp(logits) - dot(target, logits))
    columns = [[0.0] * rows for _ in [*x, *y]]
    for row in range(rows):
        for t in range(2 * positions):
            columns[t * tokens + rng.randrange(tokens)][row] = 1.0
    return Case(total(losses) / positions, [*x, *y], parameters, columns)


def neuron() -> Case:
    x, w, b = leaves("x", 2), leaves("w", 2), Value(0.5, label="b")
    return Case(tanh(dot(w, x, b)), x, [*w, b], [])


NETWORKS = {
    "moons": lambda: moons(2, 16, 16, 1),
    "moons with L2": lambda: moons(2, 8, 1, l2=1e-2),
    "softmax regression": softmax_regression,
    "autoencoder": autoencoder,
    "rnn": rnn,
}
OTHERS = {"attention": attention, "irregular": irregular}


# labels that are words of a language, no names, or alike
LABELS = [
    "lambda", "class", "return", "np", "rows", "x y", "x-y", "x_y", "", "θ", "∂", "🙂", "1x",
    "import os; os.abort()", "x\n    raise SystemExit", '"""', "run", "exp", "float", "x[0", "_",
    "columns", "parameters", "d_w", "w", "output", "loss", "gradient", "total", "power",
]  # fmt: skip


def eager(case: Case) -> tuple[float, list[float]]:
    """Return the mean output and gradient over the rows, by running the graph for each."""
    rows = list(zip(*case.columns, strict=True)) or [()]
    results = []
    for row in rows:
        for leaf, number in zip(case.inputs, row, strict=True):
            leaf.data = number
        refresh(case.output)
        results.append([case.output.data, *gradients(case.output, case.parameters)])
    means = [math.fsum(column) / len(rows) for column in zip(*results, strict=True)]
    return means[0], means[1:]


def compiled(case: Case, backend: str) -> Program:
    """Return the program of a case."""
    return compile(case.output, inputs=case.inputs, parameters=case.parameters, backend=backend)


def assert_close(found: Any, expected: Any) -> None:
    """Hold that two means and gradients agree, to 1e-12 of the largest number."""
    scale = 1 + max([abs(expected[0]), *map(abs, expected[1])])
    assert found[0] == pytest.approx(expected[0], rel=1e-12, abs=1e-12 * scale)
    assert list(found[1]) == pytest.approx(expected[1], rel=1e-12, abs=1e-12 * scale)
