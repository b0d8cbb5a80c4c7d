"""Forward mode: tangents from the same table of rules, and what forward and reverse do together.

A dual number is a value and its tangent: how fast the value moves when the inputs move along a
direction. Here every node is the value of one, and ``tangents`` of the graph carries its other half
through the rules, from the inputs on. So a function is written as for ``grad``, with every operator
and method of a Value, one-off operations and modules of ``nn``; and as a tangent belongs to one
sweep over one graph, derivatives within derivatives cannot take one another's for their own.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from autograd.calculus.functions import (
    AGAIN,
    arguments,
    is_nested,
    numbers_in,
    of_function,
    one_for_each,
    results,
    returned,
)
from autograd.calculus.reverse import Terms, fresh_value, gradient_of, own_operands
from autograd.graph import require_fresh, topological_order
from autograd.tangents import numeric_tangents, tangents
from autograd.value import Value


@of_function("jvp(f)(point, tangents)")
def jvp(f: Callable[..., Any]) -> Callable[[Sequence[Any], Sequence[Any]], tuple[Any, Any]]:
    """Return a function of a point and of tangents, two lists, giving ``(value, derivative)``.

    The derivative is that of ``f`` along the tangents, Σ ∂f/∂x_j × tangent_j, by one sweep forwards
    (the Jacobian-vector product); where ``f`` returns several Values, both are lists.

    An input with the tangent 0 stands still: it contributes nothing, and not 0 × ∂f/∂x_j. So along
    ``[0, 1]`` it is ∂f/∂y even where ∂f/∂x is infinite, and ``sqrt`` at 0 does not change along
    ``[0]``, where PyTorch's product 0 × ∞ is NaN.
    """
    return _along(f, "jvp", "tangents")


@of_function("hvp(f)(point, direction)", of_graph=AGAIN)
def hvp(f: Callable[..., Any]) -> Callable[[Sequence[Any], Sequence[Any]], list[Any]]:
    """Return a function of a point and a direction, two lists, giving Hessian × direction.

    It is forward over reverse: the gradient is a graph, and one sweep forwards through it gives how
    it moves along the direction. No Hessian is built.
    """
    along = _along(gradient_of(f), "hvp", "numbers of a direction")
    return lambda point, direction: along(point, direction)[1]


def _along(
    f: Callable[..., Any], name: str, what: str
) -> Callable[[Sequence[Any], Sequence[Any]], tuple[Any, Any]]:
    def along(point: Sequence[Any], tangents: Sequence[Any]) -> tuple[Any, Any]:
        point = numbers_in(name, point)
        direction = one_for_each(name, what, tangents, "numbers of the point", point)
        with arguments(point) as inputs:
            outputs, is_list = results(returned(f, inputs))
            nested = is_nested([*point, *direction], inputs, outputs)
            pairs = zip(inputs, direction, strict=True)
            seeds = {x: moved for x, moved in pairs if isinstance(moved, Value) or moved != 0}
            derivatives = tangents_of(outputs, seeds, nested)
        values = outputs if nested else [output.data for output in outputs]
        return (values, derivatives) if is_list else (values[0], derivatives[0])

    return along


def tangents_of(outputs: list[Value], seeds: Mapping[Value, Any], nested: bool) -> list[Any]:
    """Return the tangent of each output, as a graph if ``nested``; see ``tangents``."""
    order = topological_order(*outputs)
    if nested:
        return tangent_graphs(order, outputs, seeds)
    moving = numeric_tangents(order, seeds)
    zeros = {output: 0.0 if isinstance(output.record[0], float) else 0 for output in outputs}
    return [moving.get(output, zeros[output]) for output in outputs]


def tangent_graphs(
    order: list[Value],
    outputs: list[Value],
    seeds: Mapping[Value, Any],
    operands_of: Callable[[Value], list[Any]] = own_operands,
) -> list[Value]:
    """Return the tangents of ``outputs`` as graphs, as ``gradient_graphs`` does the gradients."""
    require_fresh(order)
    terms = tangents(order, {x: Terms([(seed, 1)]) for x, seed in seeds.items()}, operands_of)
    originals = set(order)
    return [
        fresh_value(terms[output].value if output in terms else 0, output, originals)
        for output in outputs
    ]
