"""check_gradients: analytic gradients beside numeric ones, which share no code with them."""

import math
from collections.abc import Callable
from typing import Any, Literal, NamedTuple

from autograd import ops
from autograd.calculus import grad
from autograd.checking.differences import Differences, Slope
from autograd.graph import topological_order
from autograd.numeric import as_number, shown
from autograd.value import Value
from autograd.wording import aligned, for_terminal, word

TOLERANCE = 1e-6  # relative to the gradient, beyond the numeric side's own error

Verdict = Literal["ok", "not sure", "WRONG"]


class Check(NamedTuple):
    """One row of the table: ∂f/∂input by the chain rule and by differences.

    ``error`` is their distance beyond the numeric side's own error.
    """

    input: str
    analytic: float
    numeric: float
    error: float
    note: str
    verdict: Verdict

    @property
    def ok(self) -> bool:
        """True where the two sides were seen to agree: "not sure" is not ok."""
        return self.verdict == "ok"


class GradientCheck(list[Check]):
    """The table of all inputs, with one verdict: the worst of its rows.

    ``assert table.ok`` asks for evidence, so it fails for "not sure" as for "WRONG"; to accept
    "not sure", write ``table.verdict != "WRONG"``.
    """

    @property
    def verdict(self) -> Verdict:
        verdicts = {row.verdict for row in self}
        return "WRONG" if "WRONG" in verdicts else "not sure" if "not sure" in verdicts else "ok"

    @property
    def ok(self) -> bool:
        return self.verdict == "ok"

    def __repr__(self) -> str:
        header = (*map(word, ("input", "analytic", "numeric", "error")), "")
        rows = [
            (row.input, f"{row.analytic:.9g}", _found(row.numeric, ".9g"), _found(row.error, ".1e"),
             _said(row))
            for row in self
        ]  # fmt: skip
        return for_terminal(aligned([header, *rows], left=0))


def _found(number: float, form: str) -> str:
    """Return a number of the numeric side, a dash where there is none."""
    return word("no slope") if math.isnan(number) else format(number, form)


def _said(row: Check) -> str:
    verdict = word(row.verdict)
    if not row.note:
        return verdict
    return row.note if row.ok else f"{verdict}: {row.note}"


def check_gradients(f: Callable[..., Any], *point: Any) -> GradientCheck:
    """Compare the gradient of ``f`` at ``point`` with numeric differentiation.

    The numeric side evaluates ``f`` only. It trusts small steps before wide ones, and a slope only
    where neighbouring steps agree (see ``checking/differences.py``). At a kink any derivative
    between the one-sided slopes is accepted, at the edge of the domain that of the one side, and
    the row says so. A row is "not sure" where steps do not agree, and says what to do. Where
    ``detach`` cuts a path, differences do not: such a row is WRONG, and says why. Raises
    TypeError for an ``f`` that is not a function, and without a point.
    """
    if not callable(f):
        what = f"{shown(f.data)}, a Value" if isinstance(f, Value) else f"{f!r:.60}"
        raise TypeError(
            f"check_gradients takes a function and a point, not {what}: put the computation into "
            "a function, as in check_gradients(lambda x: x**2, 3.0)"
        )
    if not point:
        raise TypeError(
            "check_gradients needs a point: a number for each argument of the function, as in "
            "check_gradients(lambda x, y: x*y, 2.0, 3.0)"
        )
    if len(point) == 1 and isinstance(point[0], list | tuple) and point[0]:
        told = ", ".join(f"{x!r:.20}" for x in point[0][:3]) + ", ..." * (len(point[0]) > 3)
        raise TypeError(
            f"check_gradients takes the numbers of the point one by one: write "
            f"check_gradients(f, {told}), or (f, *point)"
        )
    numbers = [float(as_number(x.data if isinstance(x, Value) else x)) for x in point]
    analytic = grad(f)(*numbers)
    partials = analytic if len(numbers) > 1 else [analytic]
    rows = GradientCheck()
    for i, partial in enumerate(partials):
        row = _check(f, numbers, i, float(partial))
        if row.verdict == "WRONG" and _is_cut(f, numbers, i):
            row = row._replace(note=word("cut by detach"))
        rows.append(row)
    return rows


def _is_cut(f: Callable[..., Any], point: list[float], i: int) -> bool:
    """Tell whether a path from the input to the output leads through ``detach``."""
    inputs = [*map(Value, point)]
    output = f(*inputs)
    depending = {inputs[i]}
    for node in topological_order(output) if isinstance(output, Value) else ():
        if not depending.isdisjoint(node.parents):
            if node.operation is ops.detach:
                return True
            depending.add(node)
    return False


def _check(f: Callable[..., Any], point: list[float], i: int, analytic: float) -> Check:
    def along(x: float) -> float:
        output = f(*[Value(x if k == i else other) for k, other in enumerate(point)])
        return float(output.data if isinstance(output, Value) else output)

    name = _argument_name(f, i)
    differences = Differences(along, point[i])
    left, right = differences.left, differences.right
    if math.isinf(analytic) and differences.steepening(analytic):
        return Check(name, analytic, analytic, 0.0, word("steep"), "ok")
    if math.isnan(differences.middle):
        note = word("not finite")
        return _not_sure(name, analytic, note)
    if differences.steepening(1) or differences.steepening(-1):
        note = word("steep or jumps")
        return _not_sure(name, analytic, note)
    if left and right:
        return _two_sided(name, analytic, left, right, differences.central or left)
    if one_side := left or right:
        return _row(name, analytic, one_side, word("edge of the domain"))
    if math.isnan(analytic):
        return Check(name, analytic, math.nan, 0.0, word("no values"), "ok")
    return _not_sure(name, analytic, word("no values: elsewhere"))


def _two_sided(name: str, analytic: float, left: Slope, right: Slope, central: Slope) -> Check:
    apart = abs(left.value - right.value)
    uncertain = 10 * (left.error + right.error)
    if apart <= uncertain + TOLERANCE * (abs(left.value) + abs(right.value)):
        best = min(central, left, right, key=lambda slope: slope.error)
        others = [max(s.low - best.value, best.value - s.high, 0.0) for s in (left, right)]
        precise = best.precise and left.rough and right.rough
        best = best._replace(error=max(best.error, *others), precise=precise)
        return _row(name, analytic, best, "")
    low, high = sorted((left, right))
    note = word("kink", left=f"{left.value:.4g}", right=f"{right.value:.4g}")
    nearest = min(max(analytic, low.value), high.value)
    error = 0.0 if nearest == analytic else max(left.error, right.error)
    precise = left.precise and right.precise
    return _row(name, analytic, Slope(nearest, error, precise, precise), note)


def _row(name: str, analytic: float, slope: Slope, note: str) -> Check:
    distance = abs(analytic - slope.value)
    beyond = max(0.0, distance - slope.error)
    tolerance = TOLERANCE * abs(slope.value)
    if slope.precise and distance <= 3 * slope.error + tolerance:
        return Check(name, analytic, slope.value, beyond, note, "ok")
    if slope.precise and not distance <= 10 * slope.error + tolerance:  # NaN is WRONG too
        return Check(name, analytic, slope.value, beyond, note, "WRONG")
    return _not_sure(name, analytic, word("no agreement"))


def _not_sure(name: str, analytic: float, note: str) -> Check:
    return Check(name, analytic, math.nan, math.nan, note, "not sure")


def _argument_name(f: Callable[..., Any], i: int) -> str:
    import inspect  # here, because it takes a tenth of the time of ``import autograd``

    try:
        parameters = [*inspect.signature(f).parameters.values()]
    except (TypeError, ValueError):  # of some functions written in C
        parameters = []
    named = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    names = [parameter.name for parameter in parameters if parameter.kind in named]
    return names[i] if i < len(names) else f"argument {i}"
