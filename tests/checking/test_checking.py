"""check_gradients: right rules pass, false rules do not, and what cannot be told is "not sure"."""

import itertools
import math
import time
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import mpmath
import pytest

import autograd
from autograd import (
    Value,
    check_gradients,
    cos,
    detach,
    exp,
    log,
    maximum,
    relu,
    sigmoid,
    sin,
    sqrt,
    tan,
    tanh,
)
from autograd.checking import Check

Function = Callable[[Any], Any]


def claimed(f: Callable[[float], float], slope: float) -> Callable[[Value], Value]:
    """A one-off operation with the value of ``f`` and the rule ``slope``, right or false."""
    return lambda x: Value(
        f(float(x.data)), parents=(x,), local_derivatives=lambda out, x: slope, op="one-off"
    )


def row_of(f: Function, x: float) -> Check:
    (row,) = check_gradients(f, x)
    return row


def false_rules(slope: float) -> list[float]:
    return [rule for rule in (0.0, 1.01 * slope, 1.5 * slope, -slope) if rule != slope]


# -- the table -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("f", "point"),
    [
        (lambda x, y: tanh(x) * y**2 + sigmoid(x * y), (0.5, 3.0)),
        (lambda x: log(x) / x, (0.001,)),
        (lambda x, y: x**y, (2.0, -1.5)),
    ],
)
def test_check_gradients_agrees_where_gradients_are_right(
    f: Callable[..., Any], point: tuple[float, ...]
) -> None:
    table = check_gradients(f, *point)
    assert table.ok
    assert [row.analytic for row in table] == pytest.approx([row.numeric for row in table])


def test_check_gradients_finds_a_wrong_rule() -> None:
    def wrong_cube(x: Value) -> Value:
        return Value(x.data**3, parents=(x,), local_derivatives=lambda out, x: 2 * x, op="cube")

    table = check_gradients(wrong_cube, 2.0)
    assert not table.ok
    assert "WRONG" in repr(table)
    assert table[0].numeric == pytest.approx(12.0)


def test_where_detach_cuts_a_path_the_row_says_that_differences_do_not() -> None:
    cut, beside = check_gradients(lambda a, b: a * detach(a) * b, 3.0, 2.0)
    assert (cut.analytic, cut.numeric, cut.verdict) == (6.0, pytest.approx(12.0), "WRONG")
    assert cut.note == "detach cuts a path to the output, differences do not"
    assert (beside.verdict, beside.note) == ("ok", "")
    (wrong,) = check_gradients(lambda x: claimed(math.sin, 5.0)(x) + detach(Value(2.0)), 0.5)
    assert (wrong.verdict, wrong.note) == ("WRONG", "")


def test_check_gradients_notes_kinks_and_edges() -> None:
    (at_kink,) = check_gradients(relu, 0.0)
    assert at_kink.ok
    assert at_kink.note == "kink: 0 from the left, 1 from the right"
    (at_edge,) = check_gradients(sqrt, 0.0)
    assert at_edge.ok
    assert math.isinf(at_edge.analytic)


def test_check_gradients_names_its_inputs() -> None:
    assert [row.input for row in check_gradients(lambda weight, bias: weight + bias, 1, 2)] == [
        "weight",
        "bias",
    ]


class Line:
    def at(self, x: Value, y: Value) -> Value:
        return x + y


@pytest.mark.parametrize(
    ("f", "names"),
    [
        (Line().at, ["x", "y"]),
        (partial(Line.at, Line()), ["x", "y"]),
        (lambda x, *others: x + others[0], ["x", "argument 1"]),
        (lambda *xs: xs[0] + xs[1], ["argument 0", "argument 1"]),
        (max, ["argument 0", "argument 1"]),  # Python does not know its signature
    ],
)
def test_check_gradients_names_the_inputs_of_every_callable(f: Function, names: list[str]) -> None:
    assert [row.input for row in check_gradients(f, 1.0, 2.0)] == names


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((lambda x: x,), r"^check_gradients needs a point: .*\(lambda x, y: x\*y, 2.0, 3.0\)$"),
        ((Value(2.0) * 3,), "not 6.0, a Value: put the computation into a function, as in check_g"),
        ((Value(2.0) * 3, 1.0), "not 6.0, a Value: put the computation into a function"),
        ((lambda x: x, [2.0]), r"one by one: write check_gradients\(f, 2\.0\), or \(f, \*point\)$"),
        ((lambda x: x, (1, 2, 3, 4)), r"write check_gradients\(f, 1, 2, 3, \.\.\.\), or"),
        (("loss", 1.0), "^check_gradients takes a function and a point, not 'loss': put"),
    ],
)
def test_what_is_no_function_and_no_point_is_told_what_to_write(
    arguments: Any, message: str
) -> None:
    with pytest.raises(TypeError, match=message):
        check_gradients(*arguments)


@pytest.mark.parametrize(
    ("f", "x"),
    [
        (log, 5e-5),
        (log, 1e-5),
        (sqrt, 1e-4),
        (lambda x: x.asin(), 0.9999),
        (lambda x: x.tan(), 1.57),
        (lambda x: x * x + 1e10, 1.0),
        (lambda x: sin(1000 * x), 0.3),
        (relu, 1e-5),
        (lambda x: 1 / x, 1e-3),
        (lambda x: 1 / x, 1e-5),
        (lambda x: x.cos(), 1e6),
        (lambda x: sin(1e4 * x), 1.0),
        (log, 1e-12),
        (lambda x: x * x, 0.0),
        (lambda x: x.cos(), 0.0),
        (exp, 600.0),
    ],
)
def test_check_gradients_is_not_fooled_by_steep_or_curved_functions(
    f: Callable[[Any], Any], x: float
) -> None:
    (row,) = check_gradients(f, x)
    assert row.ok
    assert row.note == ""


def test_check_gradients_finds_a_small_gradient_wrong_too() -> None:
    table = check_gradients(lambda x: Value(1e-8 * float(x.data) ** 2), 3.0)
    assert not table.ok


# -- small steps before wide ones ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("f", "x"),
    [
        (lambda x: exp(-100 * x * x), 0.05),
        (lambda x: maximum(x, x * x), 0.4),
        (lambda x: maximum(1 - 3 * maximum(x, -x), 0.0), 0.1),
        (lambda x: x**-2, 1e-4),
        (lambda x: (1 - cos(x)) / (x * x), 0.5),
        (lambda x: (x - 1) ** 4, 1.0),
        (sin, math.pi / 2),
        (tanh, 20.0),
        (sigmoid, 40.0),
    ],
)
def test_a_bump_or_a_kink_beside_the_point_does_not_mislead(f: Function, x: float) -> None:
    row = row_of(f, x)
    assert (row.verdict, row.note) == ("ok", "")


def test_a_false_rule_is_found_where_wide_steps_see_nothing() -> None:
    row = row_of(claimed(lambda x: math.exp(-((100 * x) ** 2)), 0.0), 0.005)
    assert row.verdict == "WRONG"
    assert row.numeric == pytest.approx(-100 * math.exp(-0.25))


def test_numbers_inside_f_larger_than_f_do_not_mislead() -> None:
    assert row_of(lambda b: (100 + b - 99) ** 2, 0.5).ok
    assert row_of(lambda x: x + 100 - 100, 0.5).ok
    assert row_of(lambda x: x + 1e5 - 1e5, 0.0).ok
    assert row_of(claimed(lambda x: x + 1e5 - 1e5, 0.0), 0.5).verdict == "WRONG"


# -- not sure ------------------------------------------------------------------------------------


def lost_in_rounding(x: Value) -> Value:
    return x + 1e14 - 1e14


def test_what_differences_cannot_tell_is_not_sure_and_says_what_to_do() -> None:
    for f in (
        lost_in_rounding,
        claimed(lambda x: x + 1e14 - 1e14, 0.0),
        claimed(lambda x: x + 1e12 - 1e12, 0.0),
    ):
        table = check_gradients(f, 0.3)
        assert table.verdict == table[0].verdict == "not sure"
        assert not table.ok  # an assertion asks for evidence
        assert math.isnan(table[0].numeric)
        assert "not sure: difference quotients do not agree here; try another point" in repr(table)
        assert "WRONG" not in repr(table)
        assert repr(table).splitlines()[1].split()[2:4] == ["–", "–"]


@pytest.mark.parametrize(("rule", "verdict"), [(3.0, "not sure"), (2.0, "WRONG")])
def test_the_verdict_of_the_table_is_its_worst_row(rule: float, verdict: str) -> None:
    triple = claimed(lambda y: 3 * y, rule)
    assert (
        check_gradients(lambda x, y: lost_in_rounding(x) + triple(y), 0.3, 0.5).verdict == verdict
    )


def test_a_point_where_f_is_not_finite_is_not_sure() -> None:
    row = row_of(exp, 1000.0)
    assert row.verdict == "not sure"
    assert "f is not a finite number here" in row.note


def test_a_pole_within_a_rounding_of_the_point_is_not_sure() -> None:
    row = row_of(tan, math.pi / 2)
    assert row.verdict == "not sure"
    assert "infinitely steep here, or jumps" in row.note


def test_nan_is_right_where_f_has_no_neighbours_and_wrong_where_it_is_smooth() -> None:
    by_base, by_exponent = check_gradients(lambda x, y: x**y, -2.0, 3.0)
    assert by_base.ok
    assert by_exponent.ok
    assert by_exponent.note == "f has no values beside this point"
    assert row_of(claimed(math.sin, math.nan), 0.3).verdict == "WRONG"


# -- kinks and edges -----------------------------------------------------------------------------


@pytest.mark.parametrize("slope", [-0.01, 1.01, 7.0])
def test_a_derivative_beyond_the_slopes_of_a_kink_is_wrong_and_the_table_says_both(
    slope: float,
) -> None:
    table = check_gradients(claimed(lambda x: max(x, 0.0), slope), 0.0)
    assert table.verdict == "WRONG"
    assert "WRONG: kink: 0 from the left, 1 from the right" in repr(table)


@pytest.mark.parametrize("slope", [0.0, 0.5, 1.0])
def test_any_derivative_between_the_slopes_of_a_kink_is_accepted(slope: float) -> None:
    assert row_of(claimed(lambda x: max(x, 0.0), slope), 0.0).ok


def test_the_edge_of_the_domain_takes_the_slope_of_its_one_side() -> None:
    def power(x: Value) -> Value:
        return x**1.5

    row = row_of(power, 0.0)
    assert (row.verdict, row.note) == ("ok", "edge of the domain")
    assert row.numeric == pytest.approx(0.0, abs=1e-10)
    assert row_of(claimed(lambda x: math.sqrt(x) ** 2 + x, 3.0), 0.0).verdict == "WRONG"
    assert row_of(sqrt, 0.0).note == "infinitely steep"
    assert row_of(claimed(math.sqrt, -math.inf), 0.0).verdict == "not sure"
    assert row_of(claimed(math.sqrt, 1.0), 0.0).verdict == "not sure"
    assert row_of(claimed(lambda x: x * x, math.inf), 2.0).verdict == "WRONG"


# -- sweeps: for each function its slope in closed form, and false rules --------------------------

Case = tuple[Callable[[float], float], float, float]


def bumps(widths: Iterable[float], centres: Iterable[float]) -> Iterable[Case]:
    for w, c, t in itertools.product(widths, centres, (0.0, 0.1, 0.5, 1.0, -1.5, 4.0)):
        x = c + t * w
        u = (x - c) / w
        yield lambda x, w=w, c=c: math.exp(-(((x - c) / w) ** 2)), x, -2 * u / w * math.exp(-u * u)


def kinks(distances: Iterable[float], points: Iterable[float]) -> Iterable[Case]:
    for d, x, side in itertools.product(distances, points, (-1, 1)):
        k = x + side * d
        if abs(x - k) > 2000 * math.ulp(x):  # nearer ones are the point itself, in floats
            sign = math.copysign(1.0, x - k)
            yield lambda x, k=k: abs(x - k), x, sign
            yield lambda x, k=k: 5 + abs(x - k), x, sign
            yield lambda x, k=k: 3 * max(x - k, 0.0) + x, x, 1.0 + 3 * (sign > 0)
            yield lambda x, k=k: x * abs(x - k), x, abs(x - k) + x * sign


def sweep(cases: Iterable[Case]) -> Counter[str]:
    """Check that right rules are never WRONG and false ones never ok; count the verdicts."""
    verdicts: Counter[str] = Counter()
    for f, x, slope in cases:
        row = row_of(claimed(f, slope), x)
        assert row.verdict != "WRONG", (x, row)
        verdicts[row.verdict] += 1
        for rule in false_rules(slope):
            row = row_of(claimed(f, rule), x)
            assert not row.ok, (x, slope, row)
    return verdicts


def test_bumps_narrow_and_wide() -> None:
    assert sweep(bumps([1e-6, 1e-2, 1e6], [0.0, 1.0])) == {"ok": 36}


def test_kinks_near_and_far() -> None:
    assert set(sweep(kinks([1e-12, 1e-5, 0.3], [0.0, 0.4]))) == {"ok"}


@pytest.mark.slow
def test_bumps_of_every_width() -> None:
    verdicts = sweep(bumps([10.0**k for k in range(-6, 7)], [0.0, 1.0, 1000.0, -3.7]))
    assert verdicts["not sure"] <= 4  # of 312: the narrowest, in the roundings of 1000


@pytest.mark.slow
def test_kinks_at_every_distance() -> None:
    points = [0.0, 1e-3, 0.4, 1.0, -2.5, 1000.0]
    assert set(sweep(kinks([10.0**-k for k in range(13)], points))) == {"ok"}


REFERENCES: dict[str, Function] = {
    "exp": mpmath.exp,
    "log": mpmath.log,
    "sqrt": mpmath.sqrt,
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "tan": mpmath.tan,
    "atan": mpmath.atan,
    "sinh": mpmath.sinh,
    "cosh": mpmath.cosh,
    "tanh": mpmath.tanh,
    "erf": mpmath.erf,
    "log1p": mpmath.log1p,
    "expm1": mpmath.expm1,
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
    "softplus": lambda x: mpmath.log(1 + mpmath.exp(x)),
    "silu": lambda x: x / (1 + mpmath.exp(-x)),
    "gelu": lambda x: x * mpmath.ncdf(x),
}


@pytest.mark.parametrize("name", REFERENCES)
def test_ordinary_functions_at_ordinary_points_are_never_not_sure(name: str) -> None:
    f = getattr(autograd, name)
    for x in (1e-3, 0.3, 1.0, 2.5, 3.0):
        row = row_of(f, x)
        assert (row.verdict, row.note) == ("ok", "")
        with mpmath.workdps(40):
            wanted = float(mpmath.diff(REFERENCES[name], x))
        assert row.numeric == pytest.approx(wanted, rel=1e-6)
        for rule in false_rules(wanted):
            false = claimed(lambda x: float(f(Value(x)).data), rule)
            assert row_of(false, x).verdict == "WRONG"


def test_a_check_takes_less_than_a_tenth_of_a_second() -> None:
    def check() -> float:
        start = time.perf_counter()
        check_gradients(lambda x, y, z: tanh(x) * y**2 + sigmoid(y * z), 0.5, 3.0, 0.2)
        return time.perf_counter() - start

    assert min(check() for _ in range(3)) < 0.1
