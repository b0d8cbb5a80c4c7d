"""Graphs and nodes that the tests of pictures share."""

import shutil

import pytest

from autograd import (
    Value,
    tanh,
)

needs_dot = pytest.mark.skipif(not shutil.which("dot"), reason="the system has no Graphviz")


def product() -> Value:
    """Return c = a*b + 1 after its backward pass; drawn, v0 is a, v1 b, v2 a*b and v4 c."""
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    c = a * b + 1
    c.label = "c"
    c.backward()
    return c


def chain(length: int) -> Value:
    output = Value(0.5, label="x")
    for _ in range(length):
        output = tanh(output)
    return output


class Node:
    """The smallest engine a student could write."""

    def __init__(self, data, parents=(), op="", label=None):
        self.data, self.parents, self.op, self.label, self.grad = data, parents, op, label, None
