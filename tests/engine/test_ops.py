"""Each operation against the table of cases: values, derivatives, kinks, domains, exactness.

The oracle is mpmath: its own functions, differentiated by central differences in so many digits
that the differences are exact for our purpose. An error is measured in units of eps times the
sum |g| + Σ|x ∂g/∂x|, which is eps × (1 + condition number) × |g|, but makes sense at g = 0 too.
"""

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import mpmath as mp
import pytest

import autograd
from autograd import DivisionByZeroError, DomainError, Value, formula, gradients, ops
from autograd.ops import OPERATIONS, Operation
from tests.cases import CASES, OUTSIDE, SPECIAL, Case, half

EPS = 2.0**-52
SMALLEST = 5e-324  # where floats end, an absolute error is all that can be asked for
NOISE = mp.mpf(10) ** -60  # what the differences of the oracle resolve, relative to the function

POINTS = [
    pytest.param(case, point, value, id=f"{case.operation.name}{point}")
    for case in CASES
    for point, value in case.points
]
at_every_point = pytest.mark.parametrize(("case", "point", "value"), POINTS)
every_case = pytest.mark.parametrize("case", CASES, ids=[row.operation.name for row in CASES])


def partial(f: Callable[..., Any], k: int) -> Callable[..., Any]:
    """Return ∂f/∂x_k by central differences; the step is 1e-30 of x_k."""

    def slope(*point: Any) -> Any:
        step = (abs(point[k]) or 1) * mp.mpf(10) ** -30
        above, below = list(point), list(point)
        above[k] += step
        below[k] -= step
        return (f(*above) - f(*below)) / (2 * step)

    return slope


def reference_and_size(f: Callable[..., Any], point: Sequence[float]) -> tuple[Any, Any]:
    """Return f(point), and |f| + Σ|x ∂f/∂x|, to which the allowed error is proportional."""
    tiniest = min((abs(x) for x in point if x), default=1.0)
    with mp.workdps(200 - 4 * min(0, round(math.log10(tiniest)))):
        xs = [mp.mpf(x) for x in point]
        value = mp.mpf(f(*xs))
        return value, abs(value) + mp.fsum(abs(x * partial(f, k)(*xs)) for k, x in enumerate(xs))


def assert_close(got: Any, expected: Any, allowed: Any) -> None:
    if abs(expected) > mp.mpf(math.ldexp(2.0 - EPS, 1023)):
        assert got == math.copysign(math.inf, expected)
    else:
        assert abs(mp.mpf(got) - expected) <= allowed + SMALLEST


def function_scale(case: Case, point: Sequence[float]) -> Any:
    """Return |f(point)|, or 1 if that is less."""
    return max(1, abs(mp.mpf(case.reference(*map(mp.mpf, point)))))


def leaves(point: Sequence[Any]) -> list[Value]:
    return [Value(x, label=label) for x, label in zip(point, "xyzuvw", strict=False)]


def variables_and_constants(case: Case, point: Sequence[float]) -> tuple[list[Value], list[float]]:
    size = len(point) - case.n_constants
    return leaves(point[:size]), list(point[size:])


def rule(operation: Operation, point: Sequence[Any]) -> tuple[Any, ...]:
    return operation(*leaves(point)).local_derivatives


def same(got: Any, expected: Any) -> bool:
    return got == expected or (got != got and expected != expected)


def test_every_operation_has_one_row() -> None:
    rows = [case.operation for case in CASES]
    assert len(rows) == len(set(rows))
    assert set(rows) == set(OPERATIONS.values())


@at_every_point
def test_value_is_the_literal(case: Case, point: tuple[float, ...], value: float) -> None:
    _, size = reference_and_size(case.reference, point)
    assert_close(case.operation(*point), mp.mpf(value), case.operation.accuracy * EPS * size)


@at_every_point
def test_value_agrees_with_mpmath(case: Case, point: tuple[float, ...], value: float) -> None:
    expected, size = reference_and_size(case.reference, point)
    assert_close(case.operation(*point), expected, case.operation.accuracy * EPS * size)


@at_every_point
def test_node_holds_what_the_function_of_numbers_returns(
    case: Case, point: tuple[float, ...], value: float
) -> None:
    assert case.operation(*leaves(point)).data == case.operation(*point)


@at_every_point
def test_derivatives_agree_with_mpmath(case: Case, point: tuple[float, ...], value: float) -> None:
    noise = NOISE * function_scale(case, point)
    for k, got in enumerate(rule(case.operation, point)):
        expected, size = reference_and_size(partial(case.reference, k), point)
        assert_close(got, expected, case.operation.accuracy * EPS * size + noise)


@at_every_point
def test_second_derivatives_agree_with_mpmath(
    case: Case, point: tuple[float, ...], value: float
) -> None:
    """The rule of a rule multiplies up to four numbers, each as accurate as the row promises.

    It also adds terms, of the size of (∂f/∂x)/x, or of ∂f/∂x for x within ±1; where they cancel
    (asin''(0) = 0), an error of that size times the condition of ∂f/∂x is left.
    """
    noise = NOISE * function_scale(case, point)
    xs, constants = variables_and_constants(case, point)
    for k, slope in enumerate(gradients(case.operation(*xs, *constants), xs, create_graph=True)):
        first, first_size = reference_and_size(partial(case.reference, k), point)
        condition = first_size / abs(first) if first else 1
        for m, got in enumerate(gradients(slope, xs)):
            expected, size = reference_and_size(partial(partial(case.reference, k), m), point)
            terms = condition * first_size / max(1, abs(point[m]))
            allowed = 4 * case.operation.accuracy * EPS * (size + terms)
            assert_close(got, expected, allowed + noise)


@every_case
def test_formula_is_written_as_expected(case: Case) -> None:
    point, _ = case.points[0]
    assert formula(case.operation(*leaves(point))) == case.formula


@every_case
def test_slope_formulas_are_written_as_expected(case: Case) -> None:
    point, _ = case.points[0]
    assert local_formulas(case, point) == case.slopes


def local_formulas(case: Case, point: Sequence[float]) -> tuple[str, ...]:
    notation = case.operation.notation
    return tuple(notation.local_formula(k, len(point)) for k in range(len(point)))


FORMULA_NAMES = {
    **{
        name: getattr(mp, name)
        for name in ("exp", "log", "sin", "cos", "sinh", "cosh", "tanh", "sqrt")
    },
    "pi": mp.pi,
    "sign": mp.sign,
    "min": min,
    "sigmoid": lambda x: 1 / (1 + mp.exp(-x)),
    "Φ": mp.ncdf,
    "φ": mp.npdf,
    "sum": lambda *xs: mp.fsum(xs),
    "mean": lambda xs: mp.fsum(xs) / len(xs),
    "logsumexp": lambda xs: mp.log(mp.fsum(map(mp.exp, xs))),
}


def evaluated(formula: str, case: Case, point: Sequence[float]) -> Any:
    """Evaluate a formula such as ``s + out*(1 - s), s = sigmoid(x)`` in high precision."""
    xs = [mp.mpf(x) for x in point]
    letters = {**dict(zip("xyz", xs, strict=False)), **{f"x{k}": x for k, x in enumerate(xs)}}
    names = {**FORMULA_NAMES, **letters, "out": case.reference(*xs)}
    expression, *definitions = formula.split(", s = ")
    for definition in definitions:
        names["s"] = eval(definition, {}, names)
    return mp.mpf(eval(expression, {"__builtins__": {}}, names))


@at_every_point
def test_slope_formulas_evaluate_to_what_the_rule_gives(
    case: Case, point: tuple[float, ...], value: float
) -> None:
    rules = rule(case.operation, point)
    for k, slope_formula in enumerate(local_formulas(case, point)):
        if not slope_formula:
            continue
        _, size = reference_and_size(partial(case.reference, k), point)
        noise = NOISE * function_scale(case, point)
        with mp.workdps(1000):  # 1 - out**2 cancels
            expected = evaluated(slope_formula, case, point)
        assert_close(rules[k], expected, case.operation.accuracy * EPS * size + noise)


@at_every_point
def test_value_formulas_evaluate_to_the_value(
    case: Case, point: tuple[float, ...], value: float
) -> None:
    """Without one, it is written as a call of its name: then the formula says no more."""
    notation, count = case.operation.notation, len(point)
    _, size = reference_and_size(case.reference, point)
    for value_formula in (notation.value_formula(count), notation.meaning_formula(count)):
        if value_formula is not None:
            with mp.workdps(1000):  # exp(x) - 1 cancels
                expected = evaluated(value_formula, case, point)
            assert_close(case.operation(*point), expected, case.operation.accuracy * EPS * size)


@pytest.mark.parametrize(
    ("operation", "operands"),
    [
        (ops.pow, (3.0, 2)),
        (ops.pow, (-2.0, 3)),
        (ops.pow, (0.25, -1.5)),
        (ops.maximum, (2.0, 2.0)),
        (ops.minimum, (-1.0, -1.0)),
    ],
)
def test_simpler_formulas_of_a_node_evaluate_to_what_the_rule_gives(
    operation: Operation, operands: tuple[float, float]
) -> None:
    x, y = operands
    node = operation(Value(x), y)
    text, numbers = operation.notation.local_formula_at(node, 0)
    assert text != operation.notation.local_formula(0, 2)
    assert eval(text, {}, {"x": x, "y": y, **numbers}) == node.local_derivatives[0]


def test_the_chosen_score_of_a_cross_entropy_has_a_simpler_formula() -> None:
    x, y = Value(0.5), Value(-2.0)
    node = ops.cross_entropy_of(x, y, x)
    formulas = [node.operation.notation.local_formula_at(node, k).text for k in range(3)]
    assert formulas == ["-1", "exp(x1 - x0 - out)", "exp(-out)"]
    assert node.local_derivatives[2] == pytest.approx(math.exp(-node.data), rel=4 * EPS)


@pytest.mark.parametrize(
    ("operation", "operands", "value", "slopes"),
    [pytest.param(*row, id=f"{row.operation.name}{row.operands!s:.40}") for row in SPECIAL],
)
def test_kinks_zeros_and_infinities_keep_their_promise(
    operation: Operation, operands: tuple[Any, ...], value: Any, slopes: tuple[Any, ...]
) -> None:
    assert same(operation(*operands), value)
    got = rule(operation, operands)
    assert len(got) == len(slopes)
    assert all(map(same, got, slopes)), got


@pytest.mark.parametrize("operation", [ops.maximum, ops.minimum])
def test_a_tie_of_fractions_is_shared_exactly(operation: Operation) -> None:
    slopes = rule(operation, (Fraction(1, 3), Fraction(1, 3)))
    assert slopes == (Fraction(1, 2), Fraction(1, 2))
    assert all(isinstance(slope, Fraction) for slope in slopes)


@pytest.mark.parametrize(
    ("operation", "operands", "message"),
    [pytest.param(*row, id=f"{row.operation.name}{row.operands}") for row in OUTSIDE],
)
def test_outside_its_domain_an_operation_says_what_it_needs(
    operation: Operation, operands: tuple[Any, ...], message: str
) -> None:
    for arguments in (operands, [Value(number) for number in operands]):
        with pytest.raises(DomainError) as caught:
            operation(*arguments)
        assert str(caught.value) == message


def test_every_domain_has_a_row() -> None:
    assert {row.operation for row in OUTSIDE} == {op for op in OPERATIONS.values() if op.domain}


def test_domain_errors_call_operands_by_their_labels() -> None:
    with pytest.raises(DomainError, match=r"^log\(loss = -1\.0\) is undefined: loss must be > 0$"):
        Value(-1.0, label="loss").log()
    with pytest.raises(
        DomainError, match=r"^\(a = 1\.0\) / 0 is undefined: the divisor must not be 0$"
    ):
        Value(1.0, label="a") / 0
    with pytest.raises(DomainError, match=r"^1\.0 / \(b = 0\) is undefined: b must not be 0$"):
        Value(1.0) / Value(0, label="b")
    power = r"^\(a = -2\) \*\* 0\.5 is undefined: a must be >= 0 or the exponent whole, and"
    with pytest.raises(DomainError, match=power):
        Value(-2, label="a") ** 0.5


@pytest.mark.parametrize(
    "divide", [lambda: Value(1.0) / 0, lambda: 1 / Value(0.0), lambda: Value(0) ** -1]
)
def test_division_by_zero_is_also_pythons_own(divide: Callable[[], Value]) -> None:
    with pytest.raises(DivisionByZeroError) as caught:
        divide()
    assert isinstance(caught.value, ZeroDivisionError)
    assert isinstance(caught.value, ValueError)


def test_a_negative_root_is_an_error_and_no_division_by_zero() -> None:
    with pytest.raises(DomainError) as caught:
        Value(-2.0) ** 0.5
    assert not isinstance(caught.value, ZeroDivisionError)


third, quarter = Fraction(1, 3), Fraction(1, 4)


@pytest.mark.parametrize(
    ("operation", "operands", "value", "slopes"),
    [
        (ops.add, (third, quarter), Fraction(7, 12), (1, 1)),
        (ops.sub, (third, quarter), Fraction(1, 12), (1, -1)),
        (ops.mul, (third, quarter), Fraction(1, 12), (quarter, third)),
        (ops.div, (third, quarter), Fraction(4, 3), (4, Fraction(-16, 3))),
        (ops.div, (third, 7), Fraction(1, 21), (Fraction(1, 7), Fraction(-1, 147))),
        (ops.neg, (third,), -third, (-1,)),
        (ops.pos, (third,), third, (1,)),
        (ops.abs, (-third,), third, (-1,)),
        (ops.relu, (third,), third, (1,)),
        (ops.leaky_relu, (-third, quarter), Fraction(-1, 12), (quarter, -third)),
        (ops.maximum, (third, quarter), third, (1, 0)),
        (ops.minimum, (third, 1), third, (1, 0)),
        (ops.reciprocal, (3,), third, (Fraction(-1, 9),)),
        (ops.total_of, (third, quarter, 1), Fraction(19, 12), (1, 1, 1)),
        (ops.mean_of, (third, quarter, 1), Fraction(19, 36), (third, third, third)),
        (ops.dot_of, (third, quarter, 1), Fraction(13, 12), (quarter, third, 1)),
    ],
)
def test_fractions_stay_exact(
    operation: Operation, operands: tuple[Any, ...], value: Fraction, slopes: tuple[Any, ...]
) -> None:
    result = operation(*operands)
    assert result == value
    got = rule(operation, operands)
    assert got == slopes
    assert not any(isinstance(number, float) for number in (result, *got))


@pytest.mark.parametrize(
    ("exponent", "value", "slope"),
    [
        (3, Fraction(8, 27), Fraction(4, 3)),
        (1, Fraction(2, 3), 1),
        (0, 1, 0),
        (-2, Fraction(9, 4), Fraction(-27, 4)),
    ],
)
def test_whole_powers_of_fractions_stay_exact(exponent: int, value: Any, slope: Any) -> None:
    x = Value(Fraction(2, 3))
    power = x**exponent
    power.backward()
    assert (power.data, x.grad) == (value, slope)
    assert not isinstance(power.data, float)
    assert not isinstance(x.grad, float)


def test_ints_alone_behave_as_in_python() -> None:
    assert (Value(1) / 3).data == 1 / 3
    assert type((Value(2) ** 3).data) is int
    assert type((Value(2) ** -1).data) is float


def test_a_float_ends_exactness() -> None:
    x = Value(Fraction(1, 3))
    y = x * 0.5
    y.backward()
    assert (type(y.data), type(x.grad)) == (float, float)


HUGE = {
    f"{operation.name}({name})": (operation, x)
    for operation in [case.operation for case in CASES if case.operation.arity == 1]
    for name, x in {
        "1e3": 1e3,
        "-1e3": -1e3,
        "1e308": 1e308,
        "-1e308": -1e308,
        "10**400": 10**400,
        "-10**400": -(10**400),
    }.items()
    if operation.domain is None or operation.domain.holds(x)
}


@pytest.mark.parametrize(("operation", "x"), HUGE.values(), ids=HUGE)
def test_huge_operands_never_crash(operation: Operation, x: Any) -> None:
    node = operation(v := Value(x))
    node.backward()
    assert node.local_derivatives == pytest.approx((v.grad,), nan_ok=True)


@pytest.mark.parametrize(
    ("compute", "value"),
    [
        (lambda: ops.exp(1e3), math.inf),
        (lambda: ops.expm1(1e3), math.inf),
        (lambda: ops.sinh(-1e3), -math.inf),
        (lambda: ops.cosh(-1e3), math.inf),
        (lambda: ops.pow(10.0, 400.0), math.inf),
        (lambda: ops.pow(-10.0, 401), -math.inf),
        (lambda: ops.pow(10.0, -400), 0.0),
        (lambda: ops.pow(9, 9**9), math.inf),
        (lambda: ops.pow(-9, 9**9), -math.inf),
        (lambda: ops.mul(1e308, 10), math.inf),
        (lambda: ops.mul(10**400, 1.0), math.inf),
        (lambda: ops.sub(1.0, 10**400), -math.inf),
        (lambda: ops.div(1e308, 1e-10), math.inf),
        (lambda: ops.div(-(10**400), 3), -math.inf),
        (lambda: ops.total_of(1e308, 1e308), math.inf),
        (lambda: ops.mean_of(10**400, 0.5), math.inf),
        (lambda: ops.dot_of(1e308, 10.0), math.inf),
        (lambda: ops.logsumexp_of(10**400, 0), math.inf),
    ],
)
def test_overflow_gives_infinity(compute: Callable[[], Any], value: float) -> None:
    assert compute() == value


TINY, VAST = Fraction(1, 10**400), 10**400  # no floats, though functions of them are


@pytest.mark.parametrize(
    ("operation", "operands", "value"),
    [  # literals of mpmath at 900 digits
        (ops.log, (TINY,), -921.0340371976183),
        (ops.log, (VAST,), 921.0340371976183),
        (ops.log, (Fraction(3 * VAST, 7),), 920.186739337231),
        (ops.log, (1 + Fraction(1, 10**30),), 1e-30),
        (ops.log1p, (VAST,), 921.0340371976183),
        (ops.log1p, (TINY - 1,), -921.0340371976183),
        (ops.log1p, (Fraction(3 * VAST, 7),), 920.186739337231),
        (ops.sqrt, (VAST,), 1e200),
        (ops.sqrt, (10 * VAST,), 3.1622776601683795e200),
        (ops.sqrt, (Fraction(10 * VAST, 3),), 1.8257418583505538e200),
        (ops.sqrt, (TINY,), 1e-200),
        (ops.sqrt, (TINY / 10,), 3.1622776601683794e-201),
        (ops.sqrt, (VAST**2,), math.inf),
        (ops.sqrt, (TINY**2,), 0.0),
        (ops.asin, (1 - Fraction(1, 10**20),), 1.5707963266534753),
        (ops.acos, (1 - TINY,), 1.4142135623730951e-200),
        (ops.acos, (TINY - 1,), math.pi),
        (ops.asin_derivative, (1 - TINY,), 7.0710678118654755e199),
        (ops.pow, (VAST, half), 1e200),
        (ops.pow, (TINY, half), 1e-200),
        (ops.pow, (TINY, 0.5), 1e-200),
        (ops.pow, (TINY, -0.5), 1e200),
        (ops.pow, (-VAST, Fraction(3)), -(VAST**3)),
        (ops.pow, (1 + Fraction(1, 10**20), 10**20), math.e),
        (ops.atan, (VAST,), math.pi / 2),
        (ops.tanh, (-VAST,), -1.0),
        (ops.tanh, (TINY,), 0.0),
        (ops.sigmoid, (-VAST,), 0.0),
        (ops.sigmoid, (-TINY,), 0.5),
        (ops.softplus, (-VAST,), 0.0),
        (ops.erf, (-VAST,), -1.0),
        (ops.gelu, (-VAST,), 0.0),
        (ops.silu, (-VAST,), 0.0),
        (ops.elu, (-VAST, 1), -1.0),
        (ops.expm1, (-VAST,), -1.0),
        (ops.exp, (-TINY,), 1.0),
        (ops.div, (VAST, 2 * VAST), 0.5),
        (ops.div, (-0.5, TINY), -math.inf),
        (ops.mean_of, (VAST, -VAST, 1), 1 / 3),
        (ops.cross_entropy_of, (VAST, VAST, 0), 0.0),
        (ops.cross_entropy_of, (VAST, VAST, VAST + 1), 1.3132616875182228),
    ],
)  # fmt: skip
def test_a_function_of_an_exact_number_beyond_floats_is_right(
    operation: Operation, operands: tuple[Any, ...], value: float
) -> None:
    tolerance = 1e-12 if operation is ops.pow else 2 * EPS  # eps times log(VAST), its condition
    assert operation(*operands) == pytest.approx(value, rel=tolerance, abs=0)
    assert operation(*leaves(operands)).data == operation(*operands)


@pytest.mark.parametrize(
    ("operation", "x"),
    [
        (ops.sqrt, -TINY),
        (ops.log, -TINY),
        (ops.log1p, -1 - TINY),
        (ops.asin, 1 + TINY),
        (ops.acos, -1 - TINY),
    ],
)
def test_just_outside_its_domain_is_outside_though_no_float_tells(
    operation: Operation, x: Fraction
) -> None:
    with pytest.raises(DomainError):
        operation(x)


def test_an_enormous_power_of_a_fraction_is_not_computed_to_its_last_digit() -> None:
    assert ops.pow(Fraction(3, 2), 3_000_000) == math.inf
    assert ops.pow(Fraction(2, 3), 3_000_000) == 0


@pytest.mark.parametrize("x", [1e3, -1e3])
@pytest.mark.parametrize("name", ["tanh", "sigmoid", "softplus", "gelu", "silu", "erf", "atan"])
def test_second_derivatives_stay_finite_far_out(name: str, x: float) -> None:
    v = Value(x)
    (slope,) = gradients(getattr(v, name)(), [v], create_graph=True)
    (curvature,) = gradients(slope, [v])
    assert curvature == pytest.approx(0.0, abs=1e-8)


@pytest.mark.parametrize(
    ("f", "x", "curvature"),
    [
        (lambda x: x**3, 0.0, 0.0),
        (lambda x: x**2, 0.0, 2.0),
        (lambda x: x**1, 0.0, 0.0),
        (lambda x: x**0, 0.0, 0.0),
        (lambda x: x**0.5, 0.0, -math.inf),
        (lambda x: x.sqrt(), 0.0, -math.inf),
        (lambda x: x**1.5, 0.0, math.inf),
        (lambda x: x**3, -2.0, -12.0),
        (lambda x: x.relu(), 0.0, 0.0),
        (lambda x: x.relu() ** 2, 3.0, 2.0),
        (abs, 0.0, 0.0),
        (lambda x: x.maximum(x), 5.0, 0.0),
        (lambda x: x.asin(), 1.0, math.inf),
        (lambda x: x.elu(2.0), -1.0, 2 * math.exp(-1)),
    ],
)
def test_second_derivatives_at_kinks_and_edges(
    f: Callable[[Value], Value], x: float, curvature: float
) -> None:
    assert autograd.derivative(f, order=2)(x) == pytest.approx(curvature, rel=1e-15)


@pytest.mark.parametrize(("x", "y"), [(0.0, 2.0), (0.0, 3.0), (-2.0, 3.0)])
def test_hessian_of_a_power_never_leaves_the_domain(x: float, y: float) -> None:
    matrix = autograd.hessian(lambda a, b: a**b)(x, y)
    assert matrix[0][0] == y * (y - 1) * x ** (y - 2)
    assert same(matrix[1][1], 0.0 if x == 0 else math.nan)


METHODS = [case.operation for case in CASES if hasattr(Value, case.operation.name)]


@pytest.mark.parametrize("operation", METHODS, ids=lambda operation: operation.name)
def test_functions_exist_both_ways_and_pass_numbers_straight_through(operation: Operation) -> None:
    function = getattr(autograd, operation.name)
    operands = (0.5, 0.25)[: operation.arity]
    number = function(*operands)
    assert isinstance(number, float)
    assert not isinstance(number, Value)
    first, *others = operands
    as_method = getattr(Value(first), operation.name)(*others)
    as_function = function(Value(first), *others)
    assert as_method.data == as_function.data == number
    assert as_method.op == as_function.op == operation.name


def test_functions_of_the_design_are_all_there() -> None:
    assert {operation.name for operation in METHODS} == {
        *("exp", "expm1", "log", "log1p", "sqrt", "sin", "cos", "tan", "asin", "acos", "atan"),
        *("sinh", "cosh", "tanh", "sigmoid", "softplus", "relu", "leaky_relu", "elu", "gelu"),
        *("silu", "erf", "abs", "maximum", "minimum"),
    }


def test_functions_take_their_names_meaning_from_math() -> None:
    for operation in METHODS:
        if hasattr(math, operation.name):
            assert operation(0.25) == pytest.approx(getattr(math, operation.name)(0.25), rel=EPS)


def test_slope_and_alpha_may_be_left_out() -> None:
    assert ops.leaky_relu(-2.0) == Value(-2.0).leaky_relu().data == -0.02
    assert ops.elu(-2.0) == Value(-2.0).elu().data == math.expm1(-2.0)


@pytest.mark.parametrize("operands", [(), (1.0, 2.0), (Value(1.0), 2.0)])
def test_a_wrong_number_of_operands_is_an_error(operands: tuple[Any, ...]) -> None:
    with pytest.raises(TypeError, match=f"^tanh got {len(operands)} operands; it takes 1$"):
        ops.tanh(*operands)


@pytest.mark.parametrize("junk", ["1", None, True, 1j, [1.0]])
def test_functions_refuse_what_is_no_number(junk: Any) -> None:
    with pytest.raises(TypeError, match="not a number"):
        ops.tanh(junk)
    with pytest.raises(TypeError, match="not a number"):
        ops.maximum(Value(1.0), junk)


# -- sequences -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "function", [autograd.total, autograd.mean, autograd.logsumexp, autograd.softmax]
)
def test_an_empty_sequence_is_an_error(function: Callable[..., Any]) -> None:
    with pytest.raises(ValueError, match=f"^{function.__name__} of an empty sequence"):
        function([])


def test_dot_refuses_unequal_and_empty_sequences() -> None:
    with pytest.raises(ValueError, match="unequal lengths: 2 weights and 1 inputs"):
        autograd.dot([1.0, 2.0], [Value(1.0)])
    with pytest.raises(ValueError, match="empty"):
        autograd.dot([], [])


def test_what_is_not_a_sequence_says_what_to_write() -> None:
    a, b = Value(1.0), Value(2.0)
    with pytest.raises(TypeError, match=r"write dot\(\[a, \.\.\.\], \[b, \.\.\.\]\)$"):
        autograd.dot(a, b)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"write mean\(\[a, b\]\)$"):
        autograd.mean(a)  # type: ignore[arg-type]


def test_sequences_are_one_node_and_elementary_ones_when_expanded() -> None:
    w, x, b = [Value(2.0), Value(-3.0)], [Value(0.5), Value(4.0)], Value(1.0)
    fused, expanded = autograd.dot(w, x, b), autograd.dot(w, x, b, expanded=True)
    assert fused.parents == (*w, *x, b)
    assert (fused.op, expanded.op) == ("dot", "+")
    assert fused.data == expanded.data == -10.0
    inputs = [*w, *x, b]
    assert gradients(fused, inputs) == gradients(expanded, inputs) == [0.5, 4.0, 2.0, -3.0, 1.0]
    assert autograd.total(w).parents == tuple(w)
    assert [node.op for node in autograd.total([*w, b], expanded=True).parents] == ["+", ""]


def test_sequences_of_numbers_give_numbers() -> None:
    assert autograd.total([1, 2.5]) == 3.5
    assert autograd.mean([1, 2]) == 1.5
    assert autograd.dot([1, 2], [3, 4], 5) == 16
    assert autograd.softmax([0.0, 0.0]) == [0.5, 0.5]


@pytest.mark.parametrize("shift", [0.0, 1e3, -1e3])
def test_softmax_is_stable_and_its_gradients_sum_to_zero(shift: float) -> None:
    xs = [Value(shift + x) for x in (1.0, 2.0, 3.0)]
    shares = autograd.softmax(xs)
    expected = [0.09003057317038046, 0.24472847105479764, 0.6652409557748219]
    assert [share.data for share in shares] == pytest.approx(expected, rel=1e3 * 8 * EPS)
    slopes = gradients(shares[0], xs)
    assert slopes[1] == pytest.approx(-expected[0] * expected[1], rel=1e3 * 8 * EPS)
    assert sum(slopes) == pytest.approx(0.0, abs=1e3 * 8 * EPS)
