"""Graphs that several test files share."""

from autograd import (
    Value,
)


def graph() -> tuple[Value, Value, Value, Value]:
    """Return a = 2, b = -3, c = a*b, d = c + a."""
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    c = a * b
    d = c + a
    c.label, d.label = "c", "d"
    return a, b, c, d


def powers(length: int, label: str = "x") -> Value:
    """Return a chain of products that uses one leaf at every step."""
    x = Value(1.0, label=label)
    output = x
    for _ in range(length):
        output = output * x
    return output
