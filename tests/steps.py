"""The steps of one small graph, and steppers on it."""

import math

from autograd import (
    Stepper,
)
from tests.graphs import graph

inf, nan = math.inf, math.nan


STEPS = [
    "[1/7] forward: c = a*b = 2.0 × (-3.0) = -6.0",
    "[2/7] forward: d = c + a = -6.0 + 2.0 = -4.0",
    "[3/7] backward: d.grad = ∂d/∂d = 1.0",
    "[4/7] backward: d = c + a → c\n"
    "  c.grad += d.grad × ∂d/∂c = 1.0 × 1.0 = 1.0\n"
    "  c.grad: 0.0 → 1.0",
    "[5/7] backward: d = c + a → a\n"
    "  a.grad += d.grad × ∂d/∂a = 1.0 × 1.0 = 1.0\n"
    "  a.grad: 0.0 → 1.0",
    "[6/7] backward: c = a*b → a\n"
    "  a.grad += c.grad × ∂c/∂a = 1.0 × b = 1.0 × (-3.0) = -3.0\n"
    "  a.grad: 1.0 → -2.0",
    "[7/7] backward: c = a*b → b\n"
    "  b.grad += c.grad × ∂c/∂b = 1.0 × a = 1.0 × 2.0 = 2.0\n"
    "  b.grad: 0.0 → 2.0",
]


START = "[0/7] nothing has happened yet"


END = "[7/7] that was the last step: every gradient is complete"


TABLE = """\
node  data  grad
a      2.0  -2.0
b     -3.0   2.0
c     -6.0   1.0
d     -4.0   1.0"""


def stepper(**options) -> Stepper:
    return Stepper(graph()[-1], **{"names": {}, **options})


def texts(output, **options):
    return [repr(step) for step in Stepper(output, **{"names": {}, **options})]


def shown(*texts):
    return "\n".join([*texts, ">>> "])
