"""check_gradients: analytic gradients beside numeric ones, which share no code with them."""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

from autograd.calculus import grad
from autograd.numeric import as_number
from autograd.value import Value

TOLERANCE = 1e-6  # relative to 1 + |gradient|; Ridders' method reaches about 1e-9
KINK = 1e-3  # one-sided derivatives that differ by more, likewise relative, make a kink


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

    name = _argument_name(f, i)
    left, right = (_one_sided(along, point[i], side) for side in (-1, 1))
    if left is None or right is None:
        numeric = right if left is None else left
        if numeric is None:
            return Check(name, analytic, math.nan, math.nan, "f is undefined on both sides")
        if math.isinf(analytic) and abs(numeric) > 100 and analytic * numeric > 0:
            return Check(name, analytic, analytic, 0.0, "edge of the domain, infinitely steep")
        return Check(name, analytic, numeric, abs(analytic - numeric), "edge of the domain")
    if abs(left - right) > KINK * (1 + abs(left) + abs(right)):
        nearest = min(max(analytic, min(left, right)), max(left, right))
        note = f"kink: {left:.4g} from the left, {right:.4g} from the right"
        return Check(name, analytic, nearest, abs(analytic - nearest), note)
    scale = max(1.0, abs(point[i]))
    numeric, _ = min(
        (_ridders(along, point[i], step * scale) for step in (1e-2, 1e-4)), key=lambda pair: pair[1]
    )
    return Check(name, analytic, numeric, abs(analytic - numeric), "")


def _argument_name(f: Callable[..., Any], i: int) -> str:
    code = getattr(f, "__code__", None)
    return code.co_varnames[i] if code and i < code.co_argcount else f"argument {i}"


def _one_sided(g: Callable[[float], float], x: float, side: int) -> float | None:
    """Return the derivative from one side, None where ``g`` is undefined there."""
    h = side * 1e-4 * max(1.0, abs(x))
    try:
        here, near, far = g(x), g(x + h / 2), g(x + h)
    except ValueError:
        return None
    return (4 * near - 3 * here - far) / h + 0.0  # never -0.0


def _ridders(g: Callable[[float], float], x: float, h: float) -> tuple[float, float]:
    """Return the central-difference derivative extrapolated to step zero, and its error."""
    best, least = math.nan, math.inf
    previous: list[float] = []
    for _ in range(12):
        try:
            row = [(g(x + h) - g(x - h)) / (2 * h)]
        except ValueError:  # the step left the domain of g
            row = []
        for k, coarser in enumerate(previous if row else []):
            factor = 1.96 ** (k + 1)
            row.append((row[k] * factor - coarser) / (factor - 1))
            error = max(abs(row[k + 1] - row[k]), abs(row[k + 1] - coarser))
            if error < least:
                best, least = row[k + 1], error
        previous, h = row, h / 1.4
    return best, least
