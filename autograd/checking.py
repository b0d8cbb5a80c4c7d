"""check_gradients: analytic gradients beside numeric ones, which share no code with them."""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

from autograd.calculus import grad
from autograd.numeric import Number, as_number
from autograd.value import Value

TOLERANCE = 1e-6  # relative to 1 + |gradient|; Ridders' method reaches about 1e-9


class Check(NamedTuple):
    """One row of the table: ∂f/∂input by the chain rule and by differences."""

    input: str
    analytic: float
    numeric: float
    error: float
    note: str

    @property
    def ok(self) -> bool:
        return self.error <= TOLERANCE * (1 + abs(self.numeric))


class GradientCheck(list[Check]):
    """The table of all inputs; ``ok`` is the verdict."""

    @property
    def ok(self) -> bool:
        return all(row.ok for row in self)

    def __repr__(self) -> str:
        header = ("input", "analytic", "numeric", "error", "")
        rows = [
            (row.input, f"{row.analytic:.9g}", f"{row.numeric:.9g}", f"{row.error:.1e}",
             row.note or ("ok" if row.ok else "WRONG"))
            for row in self
        ]  # fmt: skip
        widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
        lines = [
            "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in (header, *rows)
        ]
        return "\n".join(lines)


def check_gradients(f: Callable[..., Any], *point: Any) -> GradientCheck:
    """Compare the gradient of ``f`` at ``point`` with numeric differentiation.

    The numeric side evaluates ``f`` only, and extrapolates central differences to step zero
    (Ridders, 1982; Press et al., Numerical Recipes, 5.7). Where the two sides of a kink differ,
    any derivative between them is accepted, and the row says so.
    """
    numbers = [float(as_number(x.data if isinstance(x, Value) else x)) for x in point]
    analytic = grad(f)(*numbers)
    partials = analytic if len(numbers) > 1 else [analytic]
    rows = GradientCheck()
    for i, partial in enumerate(partials):
        rows.append(_check(f, numbers, i, float(partial)))
    return rows


def _check(f: Callable[..., Any], point: list[float], i: int, analytic: float) -> Check:
    def along(x: float) -> float:
        output = f(*[Value(x if k == i else other) for k, other in enumerate(point)])
        return float(output.data if isinstance(output, Value) else output)

    names = f.__code__.co_varnames if hasattr(f, "__code__") else ()
    name = names[i] if i < len(names[: getattr(f, "__code__", None) and f.__code__.co_argcount]) else f"x{i}"
    scale = 1e-2 * max(1.0, abs(point[i]))
    left, right = (_one_sided(along, point[i], side * scale) for side in (-1, 1))
    if abs(left - right) > 1e-4 * (1 + abs(left) + abs(right)):
        low, high = min(left, right), max(left, right)
        nearest = min(max(analytic, low), high)
        note = f"kink: {left:.4g} from the left, {right:.4g} from the right"
        return Check(name, analytic, nearest, abs(analytic - nearest), note)
    numeric = _ridders(along, point[i], scale)
    return Check(name, analytic, numeric, abs(analytic - numeric), "")
