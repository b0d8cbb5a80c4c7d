"""The engine of a lecture, with closures: right in every case, and the place of all mutants.

It is read as text: ``mutants`` plants mistakes in it, and ``planting`` other manners of writing it.
Every operation writes out its chain rule, as one does at the blackboard.
"""

import math
from collections.abc import Iterable
from typing import Any


class Value:
    """A number, its gradient, its parents, and how it hands its gradient on to them."""

    def __init__(self, data: float, parents: "Iterable[Value]" = ()) -> None:
        self.data = data
        self.grad = 0.0
        self.parents = tuple(parents)
        self._backward: Any = lambda: None

    def __add__(self, other: Any) -> "Value":
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other))

        def _backward() -> None:
            self.grad += out.grad
            other.grad += out.grad

        out._backward = _backward
        return out

    def __sub__(self, other: Any) -> "Value":
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data - other.data, (self, other))

        def _backward() -> None:
            self.grad += out.grad
            other.grad += -out.grad

        out._backward = _backward
        return out

    def __mul__(self, other: Any) -> "Value":
        other = other if isinstance(other, Value) else Value(other)
        a, b = self.data, other.data
        out = Value(a * b, (self, other))

        def _backward() -> None:
            self.grad += b * out.grad
            other.grad += a * out.grad

        out._backward = _backward
        return out

    def __truediv__(self, other: Any) -> "Value":
        other = other if isinstance(other, Value) else Value(other)
        a, b = self.data, other.data
        out = Value(a / b, (self, other))

        def _backward() -> None:
            self.grad += 1 / b * out.grad
            other.grad += -a / b**2 * out.grad

        out._backward = _backward
        return out

    def __pow__(self, n: float) -> "Value":
        if not isinstance(n, int | float):
            return NotImplemented
        a = self.data
        if a < 0 and n != int(n):
            raise ValueError(f"({a})**{n} is not a real number")
        out = Value(a**n, (self,))

        def _backward() -> None:
            self.grad += (n * a ** (n - 1) if n else 0.0) * out.grad

        out._backward = _backward
        return out

    def __neg__(self) -> "Value":
        out = Value(-self.data, (self,))

        def _backward() -> None:
            self.grad += -out.grad

        out._backward = _backward
        return out

    def __radd__(self, other: Any) -> Any:
        return self + other

    def __rmul__(self, other: Any) -> Any:
        return self * other

    def __rsub__(self, other: Any) -> "Value":
        return Value(other) - self

    def __rtruediv__(self, other: Any) -> "Value":
        return Value(other) / self

    def relu(self) -> "Value":
        a = self.data
        out = Value(max(a, 0.0), (self,))

        def _backward() -> None:
            self.grad += (a > 0) * out.grad

        out._backward = _backward
        return out

    def tanh(self) -> "Value":
        a = self.data
        t = math.tanh(a)
        out = Value(t, (self,))

        def _backward() -> None:
            self.grad += (1 - t**2) * out.grad

        out._backward = _backward
        return out

    def exp(self) -> "Value":
        a = self.data
        e = math.exp(a)
        out = Value(e, (self,))

        def _backward() -> None:
            self.grad += e * out.grad

        out._backward = _backward
        return out

    def log(self) -> "Value":
        a = self.data
        out = Value(math.log(a), (self,))

        def _backward() -> None:
            self.grad += 1 / a * out.grad

        out._backward = _backward
        return out

    def order(self) -> "list[Value]":
        parents_first: list[Value] = []
        seen = set()
        stack = [(self, False)]
        while stack:
            node, is_complete = stack.pop()
            if is_complete:
                parents_first.append(node)
            elif node not in seen:
                seen.add(node)
                stack.append((node, True))
                stack += [(parent, False) for parent in node.parents]
        return parents_first[::-1]

    def backward(self) -> None:
        order = self.order()
        for node in order:
            if node.parents:
                node.grad = 0.0
        self.grad = 1.0
        for node in order:
            node._backward()
