"""Random expression graphs against an independent oracle: forward-mode dual numbers."""

import math
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import Value, gradients, refresh, zero_grad
from tests.programs import (
    DUAL_FUNCTIONS,
    VALUE_FUNCTIONS,
    Dual,
    Instruction,
    exact_programs,
    points,
    programs,
    run,
)


def dual_gradient(program: list[Instruction], point: list[Any]) -> list[Any]:
    return [
        run(
            program,
            [Dual(x, type(x)(k == wanted)) for k, x in enumerate(point)],
            DUAL_FUNCTIONS,
        ).slope
        for wanted in range(len(point))
    ]


def is_close(got: float, wanted: float) -> bool:
    if not math.isfinite(wanted) or abs(wanted) > 1e100:
        return True  # duals and chain rule may overflow at different places
    return math.isclose(got, wanted, rel_tol=1e-7, abs_tol=1e-7 * (1 + abs(wanted)))


@given(programs, points)
def test_backward_gives_the_gradient_of_dual_numbers(
    program: list[Instruction], point: list[float]
) -> None:
    inputs = [Value(x) for x in point]
    output = run(program, inputs, VALUE_FUNCTIONS)
    output.backward()
    for node, wanted in zip(inputs, dual_gradient(program, point), strict=True):
        assert is_close(float(node.grad), wanted)


@given(exact_programs, st.lists(st.fractions(-2, 2, max_denominator=9), min_size=2, max_size=3))
def test_gradients_of_fractions_are_exact(
    program: list[Instruction], point: list[Fraction]
) -> None:
    inputs = [Value(x) for x in point]
    run(program, inputs, {}).backward()
    for node, wanted in zip(inputs, dual_gradient(program, point), strict=True):
        assert node.grad == wanted
        assert not isinstance(node.grad, float)


@given(programs, points)
def test_a_second_backward_doubles_the_leaves_exactly_and_leaves_the_rest(
    program: list[Instruction], point: list[float]
) -> None:
    inputs = [Value(x) for x in point]
    output = run(program, inputs, VALUE_FUNCTIONS)
    if not output.parents:
        return
    output.backward()
    first = [node.grad for node in inputs]
    output.backward()
    for node, once in zip(inputs, first, strict=True):
        assert node.grad == 2 * once or math.isnan(once)
    assert output.grad == 1.0


@given(programs, points)
def test_gradients_agree_with_backward_bit_for_bit_and_touch_no_grad(
    program: list[Instruction], point: list[float]
) -> None:
    inputs = [Value(x) for x in point]
    output = run(program, inputs, VALUE_FUNCTIONS)
    separate = gradients(output, inputs)
    assert not any(node.has_grad for node in [*inputs, output])
    output.backward()
    for node, gradient in zip(inputs, separate, strict=True):
        assert node.grad == gradient or math.isnan(gradient)


@settings(max_examples=50)
@given(programs, points)
def test_a_gradient_that_is_a_graph_has_the_value_of_the_number(
    program: list[Instruction], point: list[float]
) -> None:
    inputs = [Value(x) for x in point]
    output = run(program, inputs, VALUE_FUNCTIONS)
    numbers = gradients(output, inputs)
    graphs = gradients(output, inputs, create_graph=True)
    for number, graph in zip(numbers, graphs, strict=True):
        assert is_close(graph.data, number) or math.isnan(number)


@given(programs, points, points)
def test_refresh_equals_building_anew(
    program: list[Instruction], point: list[float], other: list[float]
) -> None:
    other = (other * 2)[: len(point)]
    inputs = [Value(x) for x in point]
    output = run(program, inputs, VALUE_FUNCTIONS)
    for node, x in zip(inputs, other, strict=True):
        node.data = x
    refresh(output)
    anew = run(program, [Value(x) for x in other], VALUE_FUNCTIONS)
    assert output.data == anew.data or math.isnan(anew.data)
    zero_grad(output)
    output.backward()
    for node, wanted in zip(inputs, dual_gradient(program, other), strict=True):
        assert is_close(float(node.grad), wanted)
