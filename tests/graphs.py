"""Graphs that several test files share."""

from autograd import Value


def graph() -> tuple[Value, Value, Value, Value]:
    """Return a = 2, b = -3, c = a*b, d = c + a."""
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    c = a * b
    d = c + a
    c.label, d.label = "c", "d"
    return a, b, c, d
