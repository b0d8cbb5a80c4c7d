"""The corners of every operation: the two ways to a derivative agree there, and are right.

``backward`` hands floats to a rule, ``gradients(create_graph=True)`` hands it Values; a rule that
is written in two ways, or whose sum cancels or overflows in one of them, shows itself at zeros,
infinities, tiny, huge and whole numbers. Where mpmath knows a derivative, it is the oracle.
"""

import itertools
import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import mpmath as mp
import pytest

import autograd
from autograd import DomainError, Value, gradients, ops
from autograd.numeric import saturated
from tests.cases import CASES, Case

inf, nan = math.inf, math.nan
FEW = [0.0, -0.0, 1e-17, -1e-155, 0.5, -0.5, 1.0, -2.0, 1e155, -1e155, inf, -inf, nan]
EXACT = [10**400, -(10**400), Fraction(1, 10**400), Fraction(-1, 10**400), Fraction(1, 3), 0, 3]
MORE = [*FEW, 5e-324, -1e-12, 1e-12, 1e-155, 1e-310, 2.0, -1.0, -7.4e99, 3.0, 40.0, -40.0, 1e308]
every_case = pytest.mark.parametrize("case", CASES, ids=[row.operation.name for row in CASES])


def points(case: Case, special: list[Any]) -> list[tuple[Any, ...]]:
    """Return special operands for the operation: all of them, or all pairs, or triples of a few."""
    first, _ = case.points[0]
    constants = first[len(first) - case.n_constants :]
    n_varying = len(first) - case.n_constants
    choice = special if n_varying <= 2 else [0.0, -2.0, 1e155, inf, nan][: 7 - n_varying]
    return [(*chosen, *constants) for chosen in itertools.product(choice, repeat=n_varying)]


def agree(got: Any, expected: Any) -> bool:
    got, expected = saturated(got), saturated(expected)
    return (got != got and expected != expected) or math.isclose(
        got, expected, rel_tol=1e-13, abs_tol=1e-305
    )


def disagreements(case: Case, special: list[Any]) -> list[Any]:
    found = []
    for point in points(case, special):
        n_varying = len(point) - case.n_constants
        # every operand a Value, and then one of them, beside plain numbers
        for varying in [tuple(range(n_varying)), *[(k,) for k in range(n_varying)]]:
            operands = [Value(x) if k in varying else x for k, x in enumerate(point)]
            inputs = [operands[k] for k in varying]
            try:
                output = case.operation(*operands)
            except DomainError:
                continue
            graphs = gradients(output, inputs, create_graph=True)
            output.backward()
            pairs = [(node.grad, graph.data) for node, graph in zip(inputs, graphs, strict=True)]
            if not all(agree(*pair) for pair in pairs):
                found.append((point, varying, pairs))
    return found


@every_case
def test_backward_and_gradient_graphs_agree_in_every_corner(case: Case) -> None:
    assert disagreements(case, FEW) == []


@every_case
def test_backward_and_gradient_graphs_agree_at_exact_numbers_beyond_floats(case: Case) -> None:
    assert disagreements(case, [*EXACT, 0.5, -2.0, inf]) == []


@pytest.mark.slow
@every_case
def test_backward_and_gradient_graphs_agree_in_many_corners(case: Case) -> None:
    assert disagreements(case, MORE) == []


# -- higher derivatives --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("f", "order", "x", "expected"),
    [
        (autograd.tanh, 2, 1e-17, -2e-17),
        (autograd.tanh, 2, 1e-12, -2e-12),
        (autograd.tanh, 4, 1e-12, 1.6e-11),
        (autograd.tanh, 4, -1e-155, -1.6e-154),
        (autograd.sigmoid, 2, 1e-17, -1.25e-18),
        (autograd.sigmoid, 4, 1e-12, 2.5e-13),
        (autograd.softplus, 3, 1e-17, -1.25e-18),
        (autograd.silu, 3, 1e-12, -5e-13),
        (autograd.silu, 3, 1e308, 0.0),
        (autograd.silu, 4, -inf, 0.0),
        (autograd.gelu, 3, 1e-12, -1.5957691216057308e-12),
        (autograd.gelu, 3, 1e155, 0.0),
        (autograd.gelu, 5, -1e155, 0.0),
        (autograd.gelu, 3, inf, 0.0),
        (autograd.erf, 2, 1e-12, -2.256758334191025e-12),
        (autograd.erf, 4, 1e155, 0.0),
        (autograd.erf, 5, -inf, 0.0),
        (autograd.atan, 2, -7.4e99, 4.935541823781414e-300),
        (autograd.atan, 2, 1e-17, -2e-17),
        (autograd.atan, 3, 1e75, 6e-300),
        (autograd.atan, 4, 1e-12, 2.4e-11),
        (autograd.atan, 2, -inf, 0.0),
        (lambda x: x**x, 2, 1e-155, 1e155),
        (lambda x: x**x, 3, 1e-110, -1e220),
        (lambda x: x**-1, 2, -7.4e99, -4.935541823781414e-300),
        (lambda x: x**inf, 1, 0.5, 0.0),
        (lambda x: x.elu(2.0), 2, 0.0, 2.0),
    ],
)
def test_higher_derivatives_neither_cancel_nor_overflow(
    f: Callable[[Any], Any], order: int, x: float, expected: float
) -> None:
    assert autograd.derivative(f, order)(x) == pytest.approx(expected, rel=1e-13, abs=0)


def test_mixed_derivatives_at_a_kink_do_not_depend_on_their_order() -> None:
    for f in (ops.leaky_relu, ops.elu):
        ((_, by_x_and_slope), (by_slope_and_x, _)) = autograd.hessian(f)(0.0, 0.5)
        assert by_x_and_slope == by_slope_and_x == 1.0


REFERENCES: dict[str, Callable[[Any], Any]] = {
    **{
        case.operation.name: case.reference
        for case in CASES
        if case.operation.arity == 1 and hasattr(Value, case.operation.name)
    },
    "gelu": lambda x: x * (1 + mp.erf(x / mp.sqrt(2))) / 2,  # mp.ncdf fails far out
}
SMOOTH = sorted(set(REFERENCES) - {"abs", "relu"})
CORNERS = [0.5, -0.3, 1e-5, 1e-12, -1e-17, 1e-100]
CORNERS += [6.0, -6.0, 35.0, -35.0, 300.0, -1000.0, 1e30, -7.4e99]
LARGEST = {"sin": 1e3, "cos": 1e3, "tan": 1e3}  # a larger float says little of its angle


def exact_derivative(name: str, order: int, x: float) -> float:
    """Return the derivative of mpmath's function by differences, in a great many digits."""
    exponent = math.ceil(abs(math.log10(abs(x))))
    with mp.workdps(1000 if abs(x) > 30 else 60 + (order + 2) * (20 + 2 * exponent)):
        step = mp.mpf(10) ** -(20 + (exponent if abs(x) < 1 else 0))
        return float(mp.diff(REFERENCES[name], mp.mpf(x), order, h=step))


def corners_in_the_domain(name: str) -> list[float]:
    domain = ops.OPERATIONS[name].domain
    largest = LARGEST.get(name, inf)
    return [x for x in CORNERS if abs(x) <= largest and (domain is None or domain.holds(x))]


@pytest.mark.slow
@pytest.mark.parametrize("order", [1, 2, 3, 4])
@pytest.mark.parametrize("name", SMOOTH)
def test_derivatives_of_smooth_functions_agree_with_mpmath(name: str, order: int) -> None:
    for x in corners_in_the_domain(name):
        got = autograd.derivative(getattr(autograd, name), order)(x)
        expected = exact_derivative(name, order, x)
        assert got == pytest.approx(expected, rel=1e-11, abs=1e-305), x
