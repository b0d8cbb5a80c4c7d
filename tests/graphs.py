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


def reused() -> tuple[Value, Value, Value, Value]:
    """Return x, s, t, y of demos/why_topological_order.py: y = t*x + s, t = s + 1, s = x*x."""
    x = Value(3.0, label="x")
    s = x * x
    t = s + 1.0
    y = t * x + s
    s.label, t.label, y.label = "s", "t", "y"
    return x, s, t, y


def doublings(count: int, a: Value) -> Value:
    u = a
    for _ in range(count):
        u = u + u
    return u
