"""check_gradients: analytic gradients beside numeric ones, which share no code with them."""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

from autograd.calculus import grad
from autograd.numeric import as_number
from autograd.value import Value
from autograd.wording import aligned

TOLERANCE = 1e-6  # relative to the gradient, beyond ten times the numeric side's own error
SMALLEST = 1e-9  # no gradient is held to less than this


Function = Callable[[float], float]
Quotient = Callable[[Function, float, float], float]


class Check(NamedTuple):
    """One row of the table: ∂f/∂input by the chain rule and by differences."""

    input: str
    analytic: float
    numeric: float
    error: float
    note: str

    @property
    def ok(self) -> bool:
        return self.error <= TOLERANCE * abs(self.numeric) + SMALLEST


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
        return aligned([header, *rows], left=0)


def check_gradients(f: Callable[..., Any], *point: Any) -> GradientCheck:
    """Compare the gradient of ``f`` at ``point`` with numeric differentiation.

    The numeric side evaluates ``f`` only, and extrapolates central differences to step zero
    (Ridders, 1982; Press et al., Numerical Recipes, 5.7). Where they disagree, the two sides are
    looked at one by one: at a kink any derivative between theirs is accepted, at the edge of the
    domain that of the one side, and the row says so.
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
    numeric, noise = _extrapolated(along, point[i], _central)
    check = Check(name, analytic, numeric, max(0.0, abs(analytic - numeric) - 10 * noise), "")
    if check.ok:
        return check
    left, right = (_extrapolated(along, point[i], side)[0] for side in (_backward, _forward))
    if math.isinf(analytic) and _is_steep(along, point[i], analytic):
        return Check(name, analytic, analytic, 0.0, "infinitely steep")
    if math.isnan(left) != math.isnan(right):
        one = right if math.isnan(left) else left
        return Check(name, analytic, one, abs(analytic - one), "edge of the domain")
    if abs(left - right) > 1e-3 * (abs(left) + abs(right)):
        nearest = min(max(analytic, min(left, right)), max(left, right))
        note = f"kink: {left:.4g} from the left, {right:.4g} from the right"
        return Check(name, analytic, nearest, abs(analytic - nearest), note)
    return check


def _is_steep(g: Function, x: float, slope: float) -> bool:
    """Tell whether difference quotients grow without bound, with the sign of ``slope``."""
    for quotient in (_forward, _backward):
        try:
            wide, narrow = (quotient(g, x, h) * math.copysign(1, slope) for h in (1e-6, 1e-12))
        except (ValueError, ArithmeticError):
            continue
        if narrow > 10 * wide > 0:
            return True
    return False


def _argument_name(f: Callable[..., Any], i: int) -> str:
    code = getattr(f, "__code__", None)
    return code.co_varnames[i] if code and i < code.co_argcount else f"argument {i}"


def _central(g: Function, x: float, h: float) -> float:
    return _quotient_between(g, x - h, x + h)


def _forward(g: Function, x: float, h: float) -> float:
    return _quotient_between(g, x, x + h)


def _backward(g: Function, x: float, h: float) -> float:
    return _quotient_between(g, x - h, x)


def _quotient_between(g: Function, low: float, high: float) -> float:
    return (g(high) - g(low)) / (high - low)  # the step as rounded: x + h may not be x + h


def _extrapolated(g: Function, x: float, quotient: Quotient) -> tuple[float, float]:
    """Return the difference quotient at step zero and its likely error, from the best of many
    first steps: some too wide for a sharp bend or the edge of the domain, some lost in rounding.
    """
    power = 2 if quotient is _central else 1
    first_steps = {scale * 10.0**-k for scale in (1.0, abs(x) or 1.0) for k in range(7)}
    tableaus = [_ridders(g, x, h, quotient, power) for h in sorted(first_steps)]
    return min(tableaus, key=lambda found: found[1])


def _ridders(
    g: Function, x: float, h: float, quotient: Quotient, power: int
) -> tuple[float, float]:
    """Return the quotient extrapolated from steps h, h/1.4, ..., and its error.

    ``power`` is that of h in the quotient's leading error.
    """
    best, least = math.nan, math.inf
    rounding = 2.0**-52 * abs(g(x))  # of the difference, by which no error is smaller
    previous: list[float] = []
    for _ in range(10):
        try:
            row = [quotient(g, x, h)]
        except (ValueError, ArithmeticError):  # the step left the domain of g
            row = []
        for k, coarser in enumerate(previous if row else []):
            factor = 1.4 ** (power * (k + 1))
            row.append((row[k] * factor - coarser) / (factor - 1))
            error = max(abs(row[k + 1] - row[k]), abs(row[k + 1] - coarser), rounding / h)
            if error < least:
                best, least = row[k + 1] + 0.0, error  # + 0.0: never -0.0
        previous, h = row, h / 1.4
    return best, least
