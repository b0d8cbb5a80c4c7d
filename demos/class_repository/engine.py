"""A small engine, as a student may write it: right in every case of the check."""

import math
from collections.abc import Sequence
from typing import Any


class Value:
    """A number, its gradient, its parents, and the local derivative in each of them."""

    def __init__(
        self, data: float, parents: "Sequence[Value]" = (), local_derivatives: Sequence[float] = ()
    ) -> None:
        self.data = data
        self.grad = 0.0
        self.parents = tuple(parents)
        self.local_derivatives = tuple(local_derivatives)  # numbers of the forward pass that ran

    def lift(self, other: Any) -> "Value":
        return other if isinstance(other, Value) else type(self)(other)

    def node(
        self, data: float, parents: "Sequence[Value]", local_derivatives: Sequence[float]
    ) -> "Value":
        return type(self)(data, parents, local_derivatives)

    # -- forward -------------------------------------------------------------------------------

    def __add__(self, other: Any) -> "Value":
        other = self.lift(other)
        return self.node(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other: Any) -> "Value":
        other = self.lift(other)
        return self.node(self.data * other.data, (self, other), (other.data, self.data))

    def __truediv__(self, other: Any) -> "Value":
        other = self.lift(other)
        quotient = self.data / other.data
        return self.node(quotient, (self, other), (1.0 / other.data, -quotient / other.data))

    def __pow__(self, exponent: float) -> "Value":
        if not isinstance(exponent, int | float):
            return NotImplemented
        if self.data < 0 and exponent != int(exponent):
            raise ValueError(f"({self.data})**{exponent} is not a real number")
        local = exponent * self.data ** (exponent - 1) if exponent else 0.0
        return self.node(self.data**exponent, (self,), (local,))

    def __neg__(self) -> "Value":
        return self * -1.0

    def __sub__(self, other: Any) -> "Value":
        return self + -self.lift(other)

    def __radd__(self, other: float) -> "Value":
        return self + other

    def __rmul__(self, other: float) -> "Value":
        return self * other

    def __rsub__(self, other: float) -> "Value":
        return self.lift(other) - self

    def __rtruediv__(self, other: float) -> "Value":
        return self.lift(other) / self

    def relu(self) -> "Value":
        return self.node(max(self.data, 0.0), (self,), (1.0 if self.data > 0 else 0.0,))

    def tanh(self) -> "Value":
        out = math.tanh(self.data)
        return self.node(out, (self,), (1.0 - out**2,))

    def exp(self) -> "Value":
        out = math.exp(self.data)
        return self.node(out, (self,), (out,))

    def log(self) -> "Value":
        return self.node(math.log(self.data), (self,), (1.0 / self.data,))

    # -- backward ------------------------------------------------------------------------------

    def order(self) -> "list[Value]":
        """Return every node this one depends on, children before parents."""
        parents_first: list[Value] = []
        seen: set[Value] = set()
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

    def receive(self, contribution: float) -> None:
        self.grad += contribution

    def hand_on(self) -> None:
        for parent, local in zip(self.parents, self.local_derivatives, strict=True):
            parent.receive(self.grad * local)

    def forget(self) -> None:
        """Start afresh; leaves gather what several passes give them."""
        if self.parents:
            self.grad = 0.0

    def backward(self) -> None:
        """Give every node this one depends on the derivative of this one in it."""
        order = self.order()
        for node in order:
            node.forget()
        self.receive(1.0)
        for node in order:
            node.hand_on()
