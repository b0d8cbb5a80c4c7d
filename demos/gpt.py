"""A GPT of one layer, made of Values: it reads symbols, and says after each what may come next.

The shape is that of Karpathy's microgpt (2026): GPT-2 (Radford et al., 2019) made small, with
RMSNorm without weights for LayerNorm, ReLU for GELU, and no biases.
"""

import random
from collections.abc import Sequence
from math import sqrt
from typing import Any

from autograd import Value, dot, softmax
from nn import Module, normal

WIDTH, HEADS, BLOCK = 16, 4, 16  # numbers a position; heads of attention; positions at most
SIZE = WIDTH // HEADS  # of a query, a key and a value, in each head
EPS = 1e-5
BEYOND = -1e9  # added to the score of a position that is not looked at: its weight is then 0

Row = list[Value]  # the numbers of one position
Maps = list[list[list[Value]]]  # [head][position][earlier position]


def rms_norm(row: Row) -> Row:
    """Return the row, scaled to a mean square of 1 (Zhang and Sennrich, 2019)."""
    scale = (dot(row, row) / len(row) + EPS) ** -0.5
    return [x * scale for x in row]


def added(row: Row, other: Row) -> Row:
    """Return the sum of two rows: a layer adds to what came in, so that gradients pass by it."""
    return [x + y for x, y in zip(row, other, strict=True)]


class Matrix(Module):
    """A layer without biases: ``n_outputs`` weighted sums of ``n_inputs`` numbers."""

    def __init__(self, n_inputs: int, n_outputs: int, rng: random.Random) -> None:
        self.weight = [[Value(0.0) for _ in range(n_inputs)] for _ in range(n_outputs)]
        normal(self.weight, std=0.08, rng=rng)

    def forward(self, x: Row) -> Row:
        """Return ``n_outputs`` Values; the columns of the matrix are what a one-hot ``x`` picks."""
        return [dot(weights, x) for weights in self.weight]


class Attention(Module):
    """Causal attention (Vaswani et al., 2017): a position looks at itself and at those before it.

    Each head has its part of the queries, keys and values:

        weights = softmax(query·key / √SIZE), over the positions up to this one
        output  = matrix of [Σ weight × value, head by head]
    """

    def __init__(self, rng: random.Random) -> None:
        self.query = Matrix(WIDTH, WIDTH, rng)
        self.key = Matrix(WIDTH, WIDTH, rng)
        self.value = Matrix(WIDTH, WIDTH, rng)
        self.output = Matrix(WIDTH, WIDTH, rng)

    def maps(self, rows: list[Row]) -> Maps:
        """Return, head by head, how much each position looks at each one up to it."""
        queries, keys = [self.query(row) for row in rows], [self.key(row) for row in rows]
        return [
            [
                softmax([dot(query[part], key[part]) / sqrt(SIZE) for key in keys[: t + 1]])
                for t, query in enumerate(queries)
            ]
            for part in heads()
        ]

    def forward(self, rows: list[Row]) -> list[Row]:
        """Return a row for each row."""
        values = [self.value(row) for row in rows]
        found: list[Row] = [[] for _ in rows]
        for part, map_of_head in zip(heads(), self.maps(rows), strict=True):
            columns = [*zip(*(value[part] for value in values), strict=True)]
            for row, weights in zip(found, map_of_head, strict=True):
                row += [dot(weights, column[: len(weights)]) for column in columns]
        return [self.output(row) for row in found]

    def at(self, x: Row, rows: list[Row], reach: Row) -> Any:
        """Return the row of one position ``x``; ``reach`` is added to its scores."""
        query, keys = self.query(x), [self.key(row) for row in rows]
        values, found = [self.value(row) for row in rows], []
        for part in heads():
            scores = [dot(query[part], key[part]) / sqrt(SIZE) for key in keys]
            weights = softmax(added(scores, reach))
            columns = zip(*(value[part] for value in values), strict=True)
            found += [dot(weights, column) for column in columns]
        return self.output(found)


def heads() -> list[slice]:
    """Return the part of a row that each head has."""
    return [slice(k * SIZE, (k + 1) * SIZE) for k in range(HEADS)]


class GPT(Module):
    """Logits of the next symbol, at each position, from the symbols up to it.

    ``rows`` are one-hot lists, one a position, BLOCK at most. A position is the sum of what its
    symbol and its place have learned to be; then each layer adds to it what it finds:

        x = rms(symbol + place);   x = x + attention(rms(x));   x = x + mlp(rms(x));   logits of x
    """

    def __init__(self, n_symbols: int, rng: random.Random) -> None:
        self.symbols = Matrix(n_symbols, WIDTH, rng)
        self.places = Matrix(WIDTH, BLOCK, rng)
        self.attention = Attention(rng)
        self.wide = Matrix(WIDTH, 4 * WIDTH, rng)
        self.narrow = Matrix(4 * WIDTH, WIDTH, rng)
        self.logits = Matrix(WIDTH, n_symbols, rng)

    def embedded(self, rows: Sequence[Row]) -> list[Row]:
        """Return what comes into the layer: a row for each position."""
        if not 1 <= len(rows) <= BLOCK:
            raise ValueError(f"this GPT reads 1 to {BLOCK} symbols; it was given {len(rows)}")
        places = self.places.weight
        return [rms_norm(added(self.symbols(row), places[t])) for t, row in enumerate(rows)]

    def maps(self, rows: Sequence[Row]) -> Maps:
        """Return where each head looks, from each position."""
        return self.attention.maps([rms_norm(x) for x in self.embedded(rows)])

    def forward(self, rows: Sequence[Row]) -> Any:
        """Return the logits at each position."""
        came_in = self.embedded(rows)
        found = self.attention([rms_norm(x) for x in came_in])
        attended = [added(x, more) for x, more in zip(came_in, found, strict=True)]
        return [self.logits(added(x, self.perceptron(rms_norm(x)))) for x in attended]

    def at(self, rows: Sequence[Row], chosen: Row, reach: Row) -> Any:
        """Return the logits at one position, which ``chosen`` picks, one-hot.

        ``reach`` is 0 at the positions up to it and BEYOND at later ones. The logits are those of
        ``forward``, by a graph that is the same at each position: a program can run all of them
        side by side.
        """
        came_in = self.embedded(rows)
        x = [dot(chosen, column) for column in zip(*came_in, strict=True)]
        found = self.attention.at(rms_norm(x), [rms_norm(row) for row in came_in], reach)
        attended = added(x, found)
        return self.logits(added(attended, self.perceptron(rms_norm(attended))))

    def perceptron(self, x: Row) -> Any:
        """Return a row for a row; what it does to one position it does to all."""
        return self.narrow([z.relu() for z in self.wide(x)])
