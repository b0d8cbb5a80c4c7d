"""Forward mode: each operation's tangent, graphs, nesting, products, and matrices."""

import math
import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import nn
from autograd import (
    StaleGraphError,
    Value,
    derivative,
    dot,
    exp,
    grad,
    gradients,
    hessian,
    hvp,
    jacobian,
    jvp,
    logsumexp,
    mean,
    ops,
    relu,
    sin,
    softmax,
    sqrt,
    tanh,
    total,
    vjp,
)
from autograd.graph import topological_order
from autograd.operation import Operation
from autograd.tangents import numeric_tangents
from tests.cases import CASES, SPECIAL, Case
from tests.engine.random_graphs import random_graph

EPS = 2.0**-52
third = Fraction(1, 3)

POINTS = [
    pytest.param(case, point, id=f"{case.operation.name}{point}")
    for case in CASES
    for point, _ in case.points
]


def same(got: Any, expected: Any) -> bool:
    return bool(got == expected or (got != got and expected != expected))


def basis(k: int, n: int) -> list[int]:
    return [int(j == k) for j in range(n)]


# -- every operation, by the table of cases ----------------------------------------------------


@pytest.mark.parametrize(("case", "point"), POINTS)
def test_the_tangent_along_each_operand_is_the_derivative(
    case: Case, point: tuple[float, ...]
) -> None:
    """It is compared with reverse mode, which ``test_ops`` compares with mpmath."""
    value, slopes = vjp(case.operation)(point, 1)
    for k, slope in enumerate(slopes):
        assert jvp(case.operation)(point, basis(k, len(point))) == (value, slope)


@pytest.mark.parametrize(("case", "point"), POINTS)
def test_along_a_direction_the_tangent_is_the_sum_of_slopes_times_tangents(
    case: Case, point: tuple[float, ...]
) -> None:
    direction = [0.75, -1.25, 0.5, 2.0, -3.0, 0.25][: len(point)]
    _, slopes = vjp(case.operation)(point, 1)
    products = [slope * tangent for slope, tangent in zip(slopes, direction, strict=True)]
    allowed = 2 * EPS * sum(map(abs, products))
    _, got = jvp(case.operation)(point, direction)
    assert same(got, sum(products)) or abs(got - math.fsum(products)) <= allowed


@pytest.mark.parametrize(
    ("operation", "operands", "slopes"),
    [
        pytest.param(row.operation, row.operands, row.slopes, id=f"{row[0].name}{row[1]!s:.40}")
        for row in SPECIAL
    ],
)
def test_kinks_zeros_and_infinities_keep_the_promise_of_the_table(
    operation: Operation, operands: tuple[Any, ...], slopes: tuple[Any, ...]
) -> None:
    for k, slope in enumerate(slopes):
        _, got = jvp(operation)(operands, basis(k, len(operands)))
        assert got == pytest.approx(slope, rel=1e-15, nan_ok=True)


def test_an_input_of_tangent_zero_stands_still_even_where_its_slope_is_infinite() -> None:
    def f(x: Any, y: Any) -> Any:
        return sqrt(x) * y

    assert grad(sqrt)(0.0) == math.inf
    assert jvp(sqrt)([0.0], [0.0]) == (0.0, 0.0)
    assert jvp(sqrt)([0.0], [1.0]) == (0.0, math.inf)
    assert jvp(f)([0.0, 2.0], [0.0, 1.0]) == (0.0, grad(f)(0.0, 2.0)[1])


def test_an_operand_that_stands_still_contributes_nothing() -> None:
    assert jvp(lambda x, y: x**y)([-2.0, 3.0], [1.0, 0.0]) == (-8.0, 12.0)
    assert same(jvp(lambda x, y: x**y)([-2.0, 3.0], [1.0, 1e-9])[1], math.nan)


# -- graphs --------------------------------------------------------------------------------------


def test_jvp_gives_the_value_and_the_derivative() -> None:
    assert jvp(lambda x, y: x * y**2)([3.0, 2.0], [1.0, 10.0]) == (12.0, 124.0)
    assert jvp(sin)([0.5], [2.0]) == (math.sin(0.5), 2 * math.cos(0.5))


def test_a_point_is_any_sequence_of_numbers() -> None:
    points: list[Any] = [np.array([3.0, 2.0]), (3.0, 2.0), iter([3.0, 2.0])]
    for point in points:
        assert jvp(ops.mul)(point, [1.0, 0.0]) == (6.0, 2.0)
    assert vjp(ops.mul)(points[0], 1.0) == (6.0, [2.0, 3.0])
    assert hvp(ops.mul)(points[0], [1.0, 0.0]) == [0.0, 1.0]


def test_of_several_results_both_are_lists() -> None:
    assert jvp(lambda x: [x, x * x, 7.0])([3.0], [1.0]) == ([3.0, 9.0, 7.0], [1.0, 6.0, 0.0])
    assert jvp(lambda x: [x])([3.0], [1.0]) == ([3.0], [1.0])


def sizes_of_paths(output: Value) -> dict[Value, float]:
    """Return for each node Σ |product of local derivatives| over its paths to the output."""
    order = topological_order(output)
    sizes = dict.fromkeys(order, 0.0)
    sizes[output] = 1.0
    for node in reversed(order):
        for parent, local in zip(node.parents, node.local_derivatives, strict=True):
            sizes[parent] += sizes[node] * abs(local)
    return sizes


@pytest.mark.parametrize("seeds", [range(k, k + 100) for k in range(0, 1000, 100)], ids=str)
def test_forward_and_reverse_agree_on_random_graphs(seeds: range) -> None:
    """The error is eps for each of the at most 40 products and sums of a path, and its size."""
    for seed in seeds:
        leaves, output = random_graph(seed)
        sizes = sizes_of_paths(output)
        for leaf, slope in zip(leaves, gradients(output, leaves), strict=True):
            got = numeric_tangents(topological_order(output), {leaf: 1}).get(output, 0.0)
            assert abs(got - slope) <= 40 * 2 * EPS * sizes.get(leaf, 0.0)


def random_function_of_fractions(seed: int) -> Callable[..., Any]:
    def f(*inputs: Value) -> Value:
        rng = random.Random(seed)
        nodes = list(inputs)
        for _ in range(20):
            a, b = rng.choice(nodes), rng.choice(nodes)
            made = [a + b, a - b, a * third, a * b + 1, -a, relu(a), abs(b), total([a, b, a])]
            nodes.append(rng.choice(made) if abs(a.data) < 10**6 else a / (1 + b * b))
        return total([mean(nodes[-4:]), dot(nodes[-2:], inputs[:2], nodes[-3])])

    return f


@pytest.mark.parametrize("seed", range(100))
def test_of_fractions_forward_and_reverse_are_equal_and_exact(seed: int) -> None:
    rng = random.Random(-seed)
    point = [Fraction(rng.randint(-9, 9), rng.randint(1, 9)) for _ in range(3)]
    f = random_function_of_fractions(seed)
    direction = [Fraction(2, 7), -3, third]
    value, slopes = vjp(f)(point, 1)
    got = jvp(f)(point, direction)
    assert got == (value, sum(s * t for s, t in zip(slopes, direction, strict=True)))
    assert not isinstance(got[1], float)


def test_the_kind_of_number_is_the_outputs() -> None:
    assert repr(jvp(lambda x: [x, x + 1.5, x * third])([1], [1])) == (
        "([1, 2.5, Fraction(1, 3)], [1, 1.0, Fraction(1, 3)])"
    )
    assert repr(jvp(lambda x: 5.0)([1.0], [1.0])) == "(5.0, 0.0)"


def test_a_tangent_too_large_for_a_float_is_infinite() -> None:
    assert jvp(lambda x: x * 0.5)([10**400], [10**400]) == (math.inf, math.inf)


def test_functions_are_written_as_for_grad() -> None:
    def cube(x: Value) -> Value:
        rule = lambda out, x: 3 * x * x  # noqa: E731
        return Value(x.data**3, parents=(x,), local_derivatives=rule, op="cube")

    def f(x: Value, y: Value) -> Value:
        if x > y:  # the branch that runs is differentiated
            x = x.tanh() + cube(y)
        return 2 / logsumexp([x, *softmax([y, x, 1.0])]) + abs(-x).maximum(y)

    for point in ([0.5, -0.25], [0.5, 1.5]):
        slope = dot(grad(f)(*point), [1.0, -2.0])
        assert jvp(f)(point, [1.0, -2.0])[1] == pytest.approx(slope, rel=1e-14)


def test_modules_of_nn_are_functions_too() -> None:
    model = nn.MLP(2, [4, 3], activation="tanh", rng=0)
    rows = jacobian(lambda *xs: model(list(xs)), mode="reverse")(0.5, -1.0)
    _, got = jvp(lambda *xs: model(list(xs)))([0.5, -1.0], [1.0, 3.0])
    assert got == pytest.approx([row[0] + 3.0 * row[1] for row in rows], rel=1e-13)


def test_no_grad_is_touched() -> None:
    x, w = Value(2.0), Value(3.0)
    jvp(lambda x: x * w)([x], [1.0])
    assert not x.has_grad
    assert not w.has_grad


def test_a_chain_of_10_000_nodes() -> None:
    def chain(x: Any) -> Any:
        for _ in range(10_000):
            x = -x
        return x

    assert jvp(chain)([2.0], [3.0]) == (2.0, 3.0)


# -- nested ----------------------------------------------------------------------------------------


def along(f: Callable[[Any], Any], x: Any, tangent: Any = 1.0) -> Any:
    return jvp(f)([x], [tangent])[1]


def test_a_tangent_within_a_tangent_is_not_taken_for_ones_own() -> None:
    """d/dx (x · d/dy (x + y) at y = 1) is 1; confused tangents give 2."""
    assert along(lambda x: x * along(lambda y: x + y, 1.0), 1.0) == 1.0
    assert grad(lambda x: x * along(lambda y: x + y, 1.0))(1.0) == 1.0
    assert along(lambda x: x * grad(lambda y: x + y)(1.0), 1.0) == 1.0


@pytest.mark.parametrize("inner", [derivative, lambda f: lambda y: along(f, y)])
@pytest.mark.parametrize("outer", [derivative, lambda f: lambda x: along(f, x)])
def test_modes_nest_and_keep_the_variable_they_close_over(outer: Any, inner: Any) -> None:
    """d/dx (x · 2xy) at y = 2 is 8x."""
    assert outer(lambda x: x * inner(lambda y: x * y * y)(2.0))(3.0) == 24.0
    assert outer(lambda x: inner(lambda y: tanh(y) * x)(x))(0.5) == pytest.approx(
        derivative(lambda x: x * (1 - tanh(x) ** 2))(0.5), rel=1e-14
    )


MODES = {"forward": lambda f: lambda x: along(f, x), "reverse": derivative}


@pytest.mark.parametrize("modes", ["fff", "ffr", "frf", "frr", "rff", "rfr", "rrf", "ffff", "rffr"])
def test_any_order_in_any_mix_of_modes(modes: str) -> None:
    f: Any = lambda x: exp(2 * x) * x  # noqa: E731
    for letter in modes:
        f = MODES["forward" if letter == "f" else "reverse"](f)
    n, x = len(modes), 0.5
    assert f(x) == pytest.approx((2**n * x + n * 2 ** (n - 1)) * math.exp(2 * x), rel=1e-13)


def test_higher_orders_of_fractions_are_exact() -> None:
    twice = along(lambda x: along(lambda x: x**3 / 2, x, Fraction(1)), Fraction(2, 3), Fraction(1))
    assert (twice, type(twice)) == (2, Fraction)


def test_a_derivative_may_be_differentiated_in_the_tangent() -> None:
    assert grad(lambda t: along(lambda x: x**3, 2.0, t) ** 2)(0.5) == 2 * 12.0 * 12.0 * 0.5
    assert along(lambda t: vjp(lambda x: x**3)([2.0], t)[1][0] ** 2, 0.5) == 144.0


def test_of_values_given_the_result_is_part_of_their_graph() -> None:
    x = Value(3.0)
    value, slope = jvp(lambda x: x * x)([x], [1.0])
    assert (value.data, slope.data) == (9.0, 6.0)
    assert gradients(slope, [x]) == [2.0]
    value, (slope,) = vjp(lambda x: x * x)([x], 1.0)
    assert gradients(slope, [x]) == [2.0]


def test_the_result_is_fresh_even_where_it_equals_an_operand() -> None:
    x, y = Value(2.0), Value(3.0)
    assert jvp(lambda x: x * y)([x], [1.0])[1] is not y


def test_an_edit_within_the_function_is_stale() -> None:
    def f(x: Value) -> Value:
        y = x * x
        y.data = 1.0
        return y * x

    with pytest.raises(StaleGraphError):
        jvp(f)([Value(3.0)], [1.0])


# -- products and matrices -----------------------------------------------------------------------


def two_of_three(x: Any, y: Any, z: Any) -> list[Any]:
    return [x * y + z, sin(x * z)]


def test_vjp_is_the_gradient_of_the_weighted_results() -> None:
    value, slopes = vjp(two_of_three)([1.0, 2.0, 3.0], [10.0, 1.0])
    assert value == [5.0, math.sin(3.0)]
    assert slopes == pytest.approx([20 + 3 * math.cos(3), 10, 10 + math.cos(3)], rel=1e-15)
    assert vjp(sin)([0.5], 2.0) == (math.sin(0.5), [2 * math.cos(0.5)])


def test_hvp_is_the_hessian_times_the_direction() -> None:
    def f(x: Any, y: Any) -> Any:
        return x**3 * y + y**2

    assert hvp(f)([2.0, 3.0], [1.0, 10.0]) == [36.0 + 120.0, 12.0 + 20.0]
    assert hvp(lambda x: x**3)([2.0], [1.0]) == [12.0]
    assert hvp(lambda x, y: x)([2.0, 3.0], [1.0, 1.0]) == [0.0, 0.0]
    exact = hvp(lambda x, y: x * x * y)([third, 2], [Fraction(1, 2), 3])
    assert exact == [4, third]
    assert not any(isinstance(entry, float) for entry in exact)


def test_hvp_builds_no_hessian() -> None:
    """Of 300 inputs it makes a graph of the gradient, not one for each of the inputs."""
    made = 0

    def rule(out: Any, x: Any) -> Any:
        nonlocal made
        made += 1
        return 2 * x

    def f(*xs: Value) -> Value:
        squares = [Value(x.data**2, parents=(x,), local_derivatives=rule, op="square") for x in xs]
        return total(squares) ** 2

    xs = [0.01 * k for k in range(300)]
    got = hvp(f)(xs, [1.0] * 300)
    square, slope = math.fsum(x * x for x in xs), math.fsum(2 * x for x in xs)
    assert got == pytest.approx([4 * square + 4 * x * slope for x in xs], rel=1e-12)
    assert made == 2 * 300  # once in reverse, once forwards


def test_hvp_nests() -> None:
    assert grad(lambda x: hvp(lambda y: y**3 * x)([2.0], [1.0])[0])(5.0) == 12.0


@pytest.mark.parametrize("f", [two_of_three, lambda x, y, z: [y, x * z, x, z, tanh(y)]])
def test_both_modes_give_the_same_jacobian(f: Callable[..., Any]) -> None:
    forward, reverse = (jacobian(f, mode=mode)(0.5, 2.0, -1.0) for mode in ("forward", "reverse"))
    assert (forward.mode, reverse.mode) == ("forward", "reverse")
    assert forward == [pytest.approx(row, rel=2 * EPS) for row in reverse]


def test_the_cheaper_mode_is_taken_and_told() -> None:
    assert jacobian(lambda x, y: [x, y, x * y])(2.0, 3.0).mode == "forward"
    assert jacobian(lambda x, y: x * y)(2.0, 3.0).mode == "reverse"
    assert jacobian(lambda x, y: [x * y, x])(2.0, 3.0).mode == "reverse"


def test_a_jacobian_is_differentiated_in_either_mode() -> None:
    for mode in ("forward", "reverse"):
        f = jacobian(lambda x: [x**3, x], mode=mode)  # type: ignore[arg-type]
        assert grad(lambda x, f=f: f(x)[0][0])(2.0) == 12.0
    assert jacobian(jacobian_of_a_square, mode="forward")(2.0, 3.0) == [[0, 1], [1, 0]]
    assert hessian(lambda x, y: x * y)(2.0, 3.0) == [[0, 1], [1, 0]]


def jacobian_of_a_square(x: Any, y: Any) -> Any:
    return jacobian(lambda a, b: a * b, mode="forward")(x, y)[0]


# -- bad input -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("attempt", "message"),
    [
        (
            lambda: jvp(ops.mul)([1.0, 2.0], [1.0]),
            "jvp got 1 tangents for 2 numbers of the point: it takes one for each",
        ),
        (
            lambda: hvp(ops.mul)([1.0, 2.0], [1.0]),
            "hvp got 1 numbers of a direction for 2 numbers of the point: it takes one for each",
        ),
        (
            lambda: vjp(two_of_three)([1.0, 2.0, 3.0], [1.0]),
            "vjp got 1 upstream gradients for 2 results of f: it takes one for each",
        ),
        (
            lambda: jacobian(sin, mode="forwards"),  # type: ignore[arg-type]
            'mode = \'forwards\': it must be "forward", "reverse" or None',
        ),
        (
            lambda: jacobian(ops.mul, [2.0, 3.0]),  # type: ignore[arg-type]
            r'mode = \[2\.0, 3\.0\]: it must be "forward", "reverse" or None; the point follows, '
            r"as in jacobian\(f\)\(2\.0, 3\.0\)",
        ),
    ],
)
def test_what_does_not_fit_is_a_value_error(attempt: Callable[[], Any], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        attempt()


@pytest.mark.parametrize(
    ("attempt", "message"),
    [
        (
            lambda: jvp(sin)([1.0], [Value(1.0)]),
            r"tangents are numbers; Value\(1\.0\) is a Value: write v\.data",
        ),
        (
            lambda: vjp(sin)([1.0], Value(1.0)),
            r"upstream gradients are numbers; Value\(1\.0\) is a Value: write v\.data",
        ),
        (
            lambda: jvp(sin)(1.0, 1.0),  # type: ignore[arg-type]
            r"jvp takes lists, such as jvp\(f\)\(\[2\.0\], \[1\.0\]\), not 1\.0",
        ),
        (
            lambda: vjp(sin)(1.0, 1.0),  # type: ignore[arg-type]
            r"vjp takes lists, such as vjp\(f\)\(\[2\.0\], \[1\.0\]\), not 1\.0",
        ),
        (
            lambda: vjp(two_of_three)([1.0, 2.0, 3.0], 1.0),
            r"vjp of a function that returns a list takes a list as upstream, not 1\.0",
        ),
        (
            lambda: vjp(sin)([1.0], [1.0]),
            r"vjp of a function that returns one Value takes a number as upstream, not \[1\.0\]",
        ),
        (lambda: jvp(sin)([1.0], ["1"]), "'1' is a str, not a number; .*"),
        (lambda: jvp(sin)([1.0], [True]), "True is a bool, not a number; .*"),
        (lambda: jvp(sin)(["1"], [1.0]), "'1' is a str, not a number; .*"),
        (lambda: jvp(lambda: 1.0)([], []), "differentiating needs a point: .*"),
        (lambda: hvp(lambda x: [x, x])([1.0], [1.0]), "the function should have one result; .*"),
    ],
)
def test_what_is_not_a_list_of_numbers_is_a_type_error(
    attempt: Callable[[], Any], message: str
) -> None:
    with pytest.raises(TypeError, match=f"^{message}$"):
        attempt()


@pytest.mark.parametrize(
    ("call", "form"),
    [
        (lambda f: jvp(f, [2.0], [1.0]), r"jvp\(f\)\(point, tangents\)"),
        (lambda f: vjp(f, [2.0], 1.0), r"vjp\(f\)\(point, upstream\)"),
        (lambda f: hvp(f, [2.0], [1.0]), r"hvp\(f\)\(point, direction\)"),
        (lambda f: jvp(3.0), r"jvp\(f\)\(point, tangents\)"),
    ],
)
def test_another_form_is_told_ours(call, form):
    with pytest.raises(TypeError, match=f"write {form}: the function first"):
        call(lambda x: x * x)
