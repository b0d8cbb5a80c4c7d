"""Forward mode: tangents from the same table of rules, and what forward and reverse do together.

A dual number is a value and its tangent: how fast the value moves when the inputs move along a
direction. Here every node is the value of one, and ``tangents`` of the graph carries its other half
through the rules, from the inputs on. So a function is written as for ``grad``, with every operator
and method of a Value, one-off operations and modules of ``nn``; and as a tangent belongs to one
sweep over one graph, derivatives within derivatives cannot take one another's for their own.
"""

from collections.abc import Callable, Sequence
from typing import Any

from autograd.calculus.reverse import (
    Terms,
    arguments,
    fresh_value,
    gradient_of,
    is_nested,
    listed,
    one_for_each,
    own_operands,
    require_function,
    results,
)
from autograd.graph import require_fresh, topological_order
from autograd.tangents import numeric_tangents, tangents
from autograd.value import Value


def jvp(
    f: Callable[..., Any], *given: object
) -> Callable[[Sequence[Any], Sequence[Any]], tuple[Any, Any]]:
    """Return a function of a point and of tangents, two lists, giving ``(value, derivative)``.

    The derivative is that of ``f`` along the tangents, Σ ∂f/∂x_j × tangent_j, by one sweep forwards
    (the Jacobian-vector product); where ``f`` returns several Values, both are lists. Raises
    TypeError for what is ``given`` beside the function, as in JAX's form.
    """
    require_function("jvp(f)(point, tangents)", f, given)
    return _along(f, "jvp", "tangents")


def hvp(
    f: Callable[..., Any], *given: object
) -> Callable[[Sequence[Any], Sequence[Any]], list[Any]]:
    """Return a function of a point and a direction, two lists, giving Hessian × direction.

    It is forward over reverse: the gradient is a graph, and one sweep forwards through it gives how
    it moves along the direction. No Hessian is built. Raises TypeError for what is ``given`` beside
    the function.
    """
    require_function("hvp(f)(point, direction)", f, given)
    along = _along(gradient_of(f), "hvp", "numbers of a direction")
    return lambda point, direction: along(point, direction)[1]


def _along(
    f: Callable[..., Any], name: str, what: str
) -> Callable[[Sequence[Any], Sequence[Any]], tuple[Any, Any]]:
    def along(point: Sequence[Any], tangents: Sequence[Any]) -> tuple[Any, Any]:
        point = listed(name, point)
        direction = one_for_each(name, what, tangents, "numbers of the point", point)
        with arguments(point) as inputs:
            outputs, is_list = results(f(*inputs))
            nested = is_nested([*point, *direction], inputs, outputs)
            derivatives = derivatives_along(outputs, inputs, direction, nested)
        values = outputs if nested else [output.data for output in outputs]
        return (values, derivatives) if is_list else (values[0], derivatives[0])

    return along


def derivatives_along(
    outputs: list[Value],
    inputs: Sequence[Value],
    direction: Sequence[Any],
    nested: bool,
    operands_of: Callable[[Value], list[Any]] = own_operands,
) -> list[Any]:
    """Return the tangent of each output. An input with the tangent 0 stands still."""
    order = topological_order(*outputs)
    seeds = {
        x: tangent
        for x, tangent in zip(inputs, direction, strict=True)
        if isinstance(tangent, Value) or tangent != 0
    }
    if not nested:
        moving = numeric_tangents(order, seeds)
        zeros = {output: 0.0 if isinstance(output.record[0], float) else 0 for output in outputs}
        return [moving.get(output, zeros[output]) for output in outputs]
    require_fresh(order)
    terms = tangents(order, {x: Terms([(seed, 1)]) for x, seed in seeds.items()}, operands_of)
    originals = set(order)
    return [
        fresh_value(terms[output].value if output in terms else 0, output, originals)
        for output in outputs
    ]
