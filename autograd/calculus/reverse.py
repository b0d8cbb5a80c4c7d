"""Reverse mode on functions and graphs: gradients and higher derivatives.

``gradients`` works on a graph that exists. ``grad``, ``value_and_grad`` and ``derivative`` take a
function of numbers and return one, as in JAX; each differentiates in all its arguments. Given a
``Value`` instead of a number they return Values, part of its graph, so they nest:
``grad(grad(f))``.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from autograd.calculus.functions import (
    GRADIENT,
    arguments,
    is_nested,
    is_several,
    numbers_in,
    of_function,
    one_for_each,
    one_value,
    results,
    returned,
)
from autograd.graph import chain_rule, numeric_chain_rule, require_fresh, topological_order
from autograd.numeric import saturated, whole_number
from autograd.sequences import dot, total
from autograd.value import Value


def gradients(output: Value, inputs: Iterable[Value], *, create_graph: bool = False) -> list[Any]:
    """Return ∂output/∂input for each input, leaf or interior, and touch no ``grad``.

    With ``create_graph=True`` each is a Value, a graph of its own to differentiate further;
    this reads the parents again, so it raises StaleGraphError if any data was edited since.
    """
    if isinstance(inputs, Value):
        raise TypeError("gradients takes a list of inputs: gradients(output, [x])")
    wanted = [value_required("gradients", node) for node in inputs]
    order = topological_order(value_required("gradients", output))
    if create_graph:
        return gradient_graphs(order, wanted)
    zero = 0.0 if isinstance(output.record[0], float) else 0
    by_node = numeric_chain_rule(order, 1)
    return [by_node.get(node, zero) for node in wanted]


def value_required(name: str, node: Any) -> Value:
    if isinstance(node, Value):
        return node
    raise TypeError(f"{name} works on Values; {node!r} is a {type(node).__name__}")


def gradient_graphs(
    order: list[Value],
    wanted: list[Value],
    operands_of: Callable[[Value], list[Any]] | None = None,
) -> list[Value]:
    """Return the gradients of ``wanted`` as graphs; see ``chain_rule``."""
    require_fresh(order)
    needed = set(wanted)  # the nodes through which some input reaches the output
    for node in order:
        if not needed.isdisjoint(node.parents):
            needed.add(node)

    through = [node for node in order if node in needed or node is order[-1]]
    terms = chain_rule(order, Terms([(1, 1)]), operands_of or own_operands, through)
    by_node = {node: terms[node].value for node in wanted if node in terms}
    originals = set(order)
    return [fresh_value(by_node.get(node, 0), order[-1], originals) for node in wanted]


def fresh_value(derivative: Any, output: Value, originals: set[Value]) -> Value:
    """Return a derivative of ``output`` as a node of its own, a number as one of its kind."""
    if not isinstance(derivative, Value):
        return Value(saturated(derivative) if isinstance(output.record[0], float) else derivative)
    return +derivative if derivative in originals else derivative


def own_operands(node: Value) -> list[Any]:
    """Return the node and its parents themselves, and constants as the numbers they are."""
    return [node, *[parent.data if parent.is_constant else parent for parent in node.parents]]


class Terms:
    """A gradient on its way to becoming a graph: a sum of upstream × local, not yet nodes.

    The chain rule adds and multiplies these like numbers. ``value`` is then one ``dot`` or
    ``total`` node, without literal zeros and ones.
    """

    __slots__ = ("_value", "pairs")

    def __init__(self, pairs: list[tuple[Any, Any]] | None = None) -> None:
        self.pairs = pairs or []
        self._value: Any = None

    def __mul__(self, local: Any) -> "Terms":
        return Terms([(self.value, local)])

    def __iadd__(self, contribution: "Terms") -> "Terms":
        if not self.pairs:
            return contribution
        self.pairs += contribution.pairs
        return self

    @property
    def value(self) -> Any:
        """The sum, as a Value, or as a number where nothing in it varies."""
        if self._value is None:
            self._value = self._sum()
        return self._value

    def _sum(self) -> Any:
        addends: list[Any] = []
        products: list[tuple[Any, Any]] = []
        for upstream, local in self.pairs:
            numbers = [x for x in (upstream, local) if not isinstance(x, Value)]
            if 0 in numbers:
                continue
            if 1 in numbers:
                addends.append(local if _is_number(upstream, 1) else upstream)
            else:
                products.append((upstream, local))
        bias = addends[0] if len(addends) == 1 else total(addends) if addends else None
        if not products:
            return 0 if bias is None else bias
        if len(products) == 1 and bias is None:
            ((upstream, local),) = products
            return -upstream if _is_number(local, -1) else upstream * local
        return dot([u for u, _ in products], [local for _, local in products], bias)


def _is_number(candidate: Any, number: int) -> bool:
    return not isinstance(candidate, Value) and bool(candidate == number)


# -- functions of numbers ------------------------------------------------------------------------


def _unwrapped(partials: list[Any]) -> Any:
    return partials[0] if len(partials) == 1 else partials


@of_function("value_and_grad(f)(x, y)", of_graph=GRADIENT)
def value_and_grad(f: Callable[..., Any]) -> Callable[..., tuple[Any, Any]]:
    """Return a function of numbers giving ``(f, gradient)``; see ``grad``."""

    def value_and_gradient(*point: Any) -> tuple[Any, Any]:
        with arguments(point) as inputs:
            output = one_value(returned(f, inputs))
            nested = is_nested(point, inputs, [output])
            partials = gradients(output, inputs, create_graph=nested)
        return output if nested else output.data, _unwrapped(partials)

    return value_and_gradient


@of_function("grad(f)(x, y)", of_graph=GRADIENT)
def grad(f: Callable[..., Any]) -> Callable[..., Any]:
    """Return the gradient of ``f`` as a function of numbers.

    The gradient is a number if ``f`` has one argument, else the list of partial derivatives,
    one for each argument. (JAX takes the first argument only, unless told otherwise.)
    """
    both = value_and_grad(f)

    def gradient(*point: Any) -> Any:
        return both(*point)[1]

    return gradient


@of_function("vjp(f)(point, upstream)")
def vjp(f: Callable[..., Any]) -> Callable[[Sequence[Any], Any], tuple[Any, list[Any]]]:
    """Return a function of a point and of upstream gradients, giving ``(value, gradients)``.

    The gradients are Σ upstream_i × ∂f_i/∂x_j for each input, by one sweep in reverse (the
    vector-Jacobian product). ``upstream`` is a number if ``f`` returns one Value, else a list.
    """

    def against(point: Sequence[Any], upstream: Any) -> tuple[Any, list[Any]]:
        point = numbers_in("vjp", point)
        with arguments(point) as inputs:
            outputs, is_list = results(returned(f, inputs))
            if is_several(upstream) != is_list:
                what = "a list takes a list" if is_list else "one Value takes a number"
                raise TypeError(
                    f"vjp of a function that returns {what} as upstream, not {upstream!r:.60}"
                )
            given = upstream if is_list else [upstream]
            weights = one_for_each("vjp", "upstream gradients", given, "results of f", outputs)
            nested = is_nested([*point, *weights], inputs, outputs)
            slopes = gradients(dot(weights, outputs), inputs, create_graph=nested)
        values = outputs if nested else [output.data for output in outputs]
        return (values if is_list else values[0]), slopes

    return against


def gradient_of(f: Callable[..., Any]) -> Callable[..., list[Value]]:
    """Return the function of Values that gives the gradient of ``f`` as a list of graphs."""
    return lambda *inputs: gradients(one_value(returned(f, inputs)), inputs, create_graph=True)


@of_function("derivative(f, order)(x)", of_graph=GRADIENT)
def derivative(f: Callable[[Any], Any], order: int = 1) -> Callable[[Any], Any]:
    """Return the ``order``-th derivative of a function of one number.

    Raises ValueError unless ``order`` is a whole number, zero or more.
    """
    try:
        order = whole_number("order", order, least=0)
    except ValueError as error:
        raise ValueError(
            f"{error}; the point goes into brackets of its own, as in derivative(f)(2.0)"
        ) from None

    def nth_derivative(x: Any) -> Any:
        with arguments([x]) as inputs:
            output = one_value(returned(f, inputs))
            nested = is_nested([x], inputs, [output])
            for _ in range(order):
                (output,) = gradients(output, inputs, create_graph=True)
        return output if nested else output.data

    return nth_derivative
