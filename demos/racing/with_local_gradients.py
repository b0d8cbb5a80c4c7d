"""The formulation of microgpt (Karpathy, 2026), written anew for this race.

An object holds its operands and, as numbers, the local gradients of the operation that made it:
the backward pass is one loop over both, and no closure is made. The GPT reads symbol by symbol, and
keeps the keys and values of those before.
"""

import math
import sys
from collections.abc import Sequence
from typing import Any

from demos.gpt import EPS, HEADS, SIZE
from demos.racing.elementary import network_of
from demos.racing.step import Step
from demos.racing.workloads import Names, Network

sys.setrecursionlimit(20_000)


class Number:
    """A number that knows of which it was made, and its derivative in each of them."""

    __slots__ = ("data", "grad", "local", "operands")

    def __init__(self, data: float, operands: Any = (), local: Any = ()) -> None:
        self.data, self.grad, self.operands, self.local = data, 0.0, operands, local

    def __add__(self, other: Any) -> "Number":
        other = other if isinstance(other, Number) else Number(other)
        return Number(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other: Any) -> "Number":
        other = other if isinstance(other, Number) else Number(other)
        return Number(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, exponent: float) -> "Number":
        power = self.data ** (exponent - 1)
        return Number(power * self.data, (self,), (exponent * power,))

    def exp(self) -> "Number":
        result = math.exp(self.data)
        return Number(result, (self,), (result,))

    def log(self) -> "Number":
        return Number(math.log(self.data), (self,), (1 / self.data,))

    def relu(self) -> "Number":
        return Number(max(0.0, self.data), (self,), (float(self.data > 0),))

    def __neg__(self) -> "Number":
        return self * -1.0

    def __sub__(self, other: float) -> "Number":
        return self + -other

    def __truediv__(self, other: "Number") -> "Number":
        return self * other**-1

    __radd__, __rmul__ = __add__, __mul__

    def backward(self) -> None:
        order: list[Number] = []
        seen = set()

        def visit(number: Number) -> None:
            if number not in seen:
                seen.add(number)
                for operand in number.operands:
                    visit(operand)
                order.append(number)

        visit(self)
        self.grad = 1.0
        for number in reversed(order):
            for operand, local in zip(number.operands, number.local, strict=True):
                operand.grad += local * number.grad


Row = list[Number]


def network(workload: Network) -> Step:
    return network_of(Number, workload)


def names(workload: Names) -> Step:
    matrices = workload.matrices()
    weights = {name: [[Number(w) for w in row] for row in m] for name, m in matrices.items()}
    parameters = [p for matrix in weights.values() for row in matrix for p in row]
    columns = [*zip(*weights["symbols"], strict=True)]
    tokens, following = workload.data()

    def step() -> Number:
        for parameter in parameters:
            parameter.grad = 0.0
        losses: list[Any] = []
        for name, targets in zip(tokens, following, strict=True):
            keys: list[Row] = []
            values: list[Row] = []
            for place, (token, target) in enumerate(zip(name, targets, strict=True)):
                logits = next_logits(weights, columns[token], place, keys, values)
                losses.append(-softmax(logits)[target].log())
        loss: Number = sum(losses[1:], losses[0]) * (1 / len(losses))
        loss.backward()
        return loss

    return Step(step, lambda loss: (loss.data, [p.grad for p in parameters]))


def next_logits(
    weights: dict[str, list[Row]], symbol: Sequence[Number], place: int, keys: list[Row],
    values: list[Row],
) -> Row:  # fmt: skip
    """Return the logits behind one more symbol; its key and its value join the others."""
    x = rms_norm(added(symbol, weights["places"][place]))
    read = rms_norm(x)
    query = linear(read, weights["query"])
    keys.append(linear(read, weights["key"]))
    values.append(linear(read, weights["value"]))
    found: Row = []
    for head in range(HEADS):
        part = slice(head * SIZE, (head + 1) * SIZE)
        looks = softmax([product(query[part], key[part]) * SIZE**-0.5 for key in keys])
        found += [
            product(looks, column)
            for column in zip(*(value[part] for value in values), strict=True)
        ]
    x = added(x, linear(found, weights["output"]))
    wide = [z.relu() for z in linear(rms_norm(x), weights["wide"])]
    return linear(added(x, linear(wide, weights["narrow"])), weights["logits"])


def product(row: Sequence[Any], other: Sequence[Any]) -> Any:
    return sum(a * b for a, b in zip(row, other, strict=True))


def linear(x: Row, matrix: list[Row]) -> Row:
    return [product(row, x) for row in matrix]


def added(row: Sequence[Number], other: Sequence[Number]) -> Row:
    return [a + b for a, b in zip(row, other, strict=True)]


def rms_norm(row: Row) -> Row:
    scale = (product(row, row) * (1 / len(row)) + EPS) ** -0.5
    return [x * scale for x in row]


def softmax(logits: Row) -> Row:
    largest = max(logit.data for logit in logits)
    powers = [(logit - largest).exp() for logit in logits]
    total: Any = sum(powers)
    return [power / total for power in powers]
