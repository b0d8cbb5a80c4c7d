"""Functions of numbers, gradients that are graphs, and the check against differences."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import mpmath
import pytest

from autograd import (
    StaleGraphError,
    Value,
    derivative,
    dot,
    exp,
    grad,
    gradients,
    hessian,
    jacobian,
    sin,
    tanh,
    value_and_grad,
)
from autograd.graph import topological_order


def test_grad_of_one_argument_is_a_number() -> None:
    assert grad(lambda x: x**3)(2.0) == 12.0


def test_grad_of_several_arguments_is_the_list_of_partial_derivatives() -> None:
    assert grad(lambda x, y: x * y**2)(3.0, 2.0) == [4.0, 12.0]


def test_one_value_given_twice_counts_as_two_arguments() -> None:
    x = Value(3.0)
    assert [g.data for g in grad(lambda a, b: a * a * b)(x, x)] == [18.0, 9.0]
    assert not x.has_grad


def test_grad_nests() -> None:
    assert grad(grad(grad(lambda x: x**4)))(2.0) == 48.0


def test_value_and_grad_gives_both() -> None:
    assert value_and_grad(lambda x, y: x * y)(3.0, 2.0) == (6.0, [2.0, 3.0])


def test_grad_of_a_function_that_ignores_its_argument_is_zero() -> None:
    assert grad(lambda x: 5.0)(2.0) == 0.0
    assert grad(lambda x, y: y)(2.0, 3.0) == [0.0, 1.0]


def test_jacobian_has_a_row_for_each_output() -> None:
    assert jacobian(lambda x, y: [x * y, x + y, x])(2.0, 3.0) == [
        [3.0, 2.0],
        [1.0, 1.0],
        [1.0, 0.0],
    ]


def test_hessian_is_the_symmetric_matrix_of_second_derivatives() -> None:
    assert hessian(lambda x, y: x**3 * y + y**2)(2.0, 3.0) == [[36.0, 12.0], [12.0, 2.0]]


def test_hessian_of_fractions_is_exact() -> None:
    second = hessian(lambda x, y: x * x * y)(Fraction(1, 3), Fraction(2))
    assert second == [[4, Fraction(2, 3)], [Fraction(2, 3), 0]]
    assert not any(isinstance(entry, float) for row in second for entry in row)


@pytest.mark.parametrize("order", range(6))
@pytest.mark.parametrize(
    ("f", "reference"),
    [(tanh, mpmath.tanh), (lambda x: exp(x) * sin(x), lambda x: mpmath.exp(x) * mpmath.sin(x))],
)
def test_derivatives_of_any_order_match_high_precision(
    f: Callable[[Any], Any], reference: Callable[[Any], Any], order: int
) -> None:
    with mpmath.workdps(60):
        wanted = float(mpmath.diff(reference, mpmath.mpf("0.5"), order))
    assert derivative(f, order)(0.5) == pytest.approx(wanted, rel=1e-13)


@pytest.mark.parametrize("order", [-1, 1.5, True, "2"])
def test_the_order_of_a_derivative_is_a_whole_number(order: Any) -> None:
    with pytest.raises(ValueError, match=r"order = .*: it must be a whole number from 0"):
        derivative(tanh, order)


def test_a_function_with_several_results_is_for_jacobian() -> None:
    with pytest.raises(TypeError, match="use jacobian"):
        grad(lambda x: [x, x])(1.0)


def test_gradients_take_interior_nodes() -> None:
    x = Value(3.0)
    square = x * x
    output = square * x
    assert gradients(output, [square, x, output]) == [3.0, 27.0, 1.0]


def test_gradients_of_what_the_output_does_not_depend_on_are_zero() -> None:
    x, stranger = Value(3.0), Value(1.0)
    assert gradients(x * x, [stranger]) == [0.0]
    (graph,) = gradients(x * x, [stranger], create_graph=True)
    assert graph.data == 0.0


def test_gradients_want_values() -> None:
    with pytest.raises(TypeError, match="gradients works on Values"):
        gradients(Value(1.0), [2.0])  # type: ignore[list-item]


def test_the_gradient_graph_is_fresh_even_where_it_equals_a_leaf() -> None:
    a, b = Value(2.0), Value(3.0)
    (slope,) = gradients(a * b, [a], create_graph=True)
    assert slope.data == 3.0
    assert slope is not b


def test_the_gradient_graph_has_no_literal_zeros_and_ones_and_one_sum_a_node() -> None:
    x = [Value(0.1 * k) for k in range(5)]
    hidden = [dot(x, x[k:] + x[:k]) * x[k] for k in range(5)]
    output = dot(hidden, hidden)
    slopes = gradients(output, x, create_graph=True)
    nodes = topological_order(*slopes)
    assert not [node for node in nodes if node.is_constant]  # the rules of * and dot have none
    assert len(nodes) <= 3 * len(topological_order(output))


def test_an_edit_before_create_graph_is_stale() -> None:
    x = Value(2.0, label="x")
    y = x * x
    x.data = 3.0
    with pytest.raises(StaleGraphError, match=r"x was 2\.0 in the forward pass and is 3\.0 now"):
        gradients(y, [x], create_graph=True)
    assert gradients(y, [x]) == [4.0]


def test_grad_within_grad_keeps_the_outer_variable_it_closes_over() -> None:
    assert grad(lambda x: x * grad(lambda y: x * y)(2.0))(3.0) == 6.0
    assert derivative(lambda x: x * derivative(lambda y: x * y * y)(2.0))(3.0) == 24.0


def test_a_value_from_outside_leaves_the_result_a_number() -> None:
    weight = Value(3.0)
    assert grad(lambda y: weight * y)(2.0) == 3.0


def test_the_kind_of_number_is_the_outputs() -> None:
    x = Value(1)
    output = x + 1.5
    assert repr(gradients(output, [x])) == "[1.0]"
    assert repr(gradients(output, [x], create_graph=True)) == "[Value(1.0)]"
