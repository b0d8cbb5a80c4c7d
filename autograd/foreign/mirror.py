"""A graph of a student's own engine as Values, where its local derivatives are known.

They come from the node itself (``local_derivatives``, or microgpt's ``_local_grads``: numbers, one
for each parent), or from our table of operations, if the node's operation is in it and gives its
data.
"""

from collections.abc import Iterator, Sequence
from types import FrameType
from typing import Any

from autograd import ops
from autograd.errors import NotAGraphError
from autograd.foreign.reading import (
    ForeignNode,
    StandIn,
    as_graph,
    exponent_of,
    gives,
    is_close,
    operation_of,
    original,
    parents_of,
)
from autograd.graph import in_a_cycle, topological_order
from autograd.numeric import Number, as_number, saturated
from autograd.operation import Operation, one_off
from autograd.value import Value, lifted

LOCALS = ("local_derivatives", "_local_grads")


class Mirror(StandIn, Value):
    """A Value that stands for an object of another engine, and shares its ``grad``."""

    __slots__ = ("started_with", "thing")

    def __init__(self, thing: Any, data: Number, label: str | None) -> None:
        super().__init__(data, label=label)
        self.thing = thing
        self.started_with = getattr(thing, "grad", None)
        if self.started_with is not None:
            _number("grad", self.started_with, thing)

    @property
    def _grad(self) -> Number:
        grad = getattr(self.thing, "grad", None)
        if grad is None:
            raise AttributeError("no pass has been here")
        return as_number(grad)

    @_grad.setter
    def _grad(self, number: Number | None) -> None:
        nothing = None if self.started_with is None else 0.0
        self.thing.grad = nothing if number is None else number

    def _refuse(self, *_: Any) -> Any:
        raise TypeError("this node stands for one of another engine: copy or pickle that one")

    __copy__ = __deepcopy__ = __reduce__ = _refuse  # type: ignore[assignment]


def as_value(output: Any, frame: FrameType | None = None) -> Value:
    """Return ``output``, or the Value that stands for it if it is a node of another engine.

    Raises NotAGraphError for what is not a node, and where a local derivative is not known: it
    names the node, and says what is missing. ``frame`` is as in ``as_graph``.
    """
    if isinstance(output, Value):
        return output
    graph = as_graph(output, frame)
    order = topological_order(graph)
    if (node := in_a_cycle(order)) is not None:
        raise NotAGraphError(
            f"{_called(node)} depends on itself: the graph has a cycle, so there is no order "
            "in which gradients are complete; draw() shows where"
        )
    values: dict[ForeignNode, Value] = {}
    for node in order:
        values[node] = _value_of(node, tuple(values[parent] for parent in node.parents))
    return values[graph]


def standing_for(thing: Any, output: Value) -> Any:
    """Return the node of ``output``'s graph that stands for ``thing``, or else a new Value."""
    if isinstance(thing, Value):
        return thing
    for node in topological_order(output):
        if original(node) is thing:
            return node
    return as_value(thing)


def _value_of(node: ForeignNode, parents: tuple[Value, ...]) -> Value:
    data = _number("data", node.data, node.thing)
    if node.is_constant:
        return lifted(data)
    if any(isinstance(parent.record[0], float) for parent in parents):
        data = saturated(data)  # a relu may give the int 0
    value = Mirror(node.thing, data, node.label)
    if not parents:
        return value
    given = _given_locals(node)
    for operation, operands in _candidates(node, parents):
        numbers = [operand.record[0] for operand in operands]
        if gives(operation, numbers, data) and _agrees(operation, data, numbers, given):
            value.parents, value.operation = operands, operation
            value.record = (data, *numbers)
            return value
    if given is None:
        raise _missing(node)
    if isinstance(parents_of(node.thing), set | frozenset) and len(set(given)) > 1:
        raise NotAGraphError(
            f"{_called(node)} keeps its parents in a set, which has no order, so it is not known "
            "which local derivative belongs to which parent: keep them in a tuple"
        )
    value.parents, value.operation = parents, one_off(node.op, parents, lambda *_: given)
    if node.op:
        value.operation.notation = node.notation._replace(locals=(), simpler=None)
    value.record = (data, *[parent.record[0] for parent in parents])
    return value


def _given_locals(node: ForeignNode) -> tuple[Number, ...] | None:
    """Return the local derivatives that the node itself knows; None if it has none."""
    for name in LOCALS:
        given = getattr(node.thing, name, None)
        if isinstance(given, tuple | list) and given:
            if len(given) != len(node.parents):
                raise NotAGraphError(
                    f"{_called(node)} has {len(given)} {name} for {len(node.parents)} parents: "
                    "it takes one for each"
                )
            return tuple(_number(name, local, node.thing) for local in given)
    return None


def _candidates(
    node: ForeignNode, parents: tuple[Value, ...]
) -> Iterator[tuple[Operation, tuple[Value, ...]]]:
    """Yield operations of the table that ``node.op`` may mean, each with its operands."""
    if exponent := exponent_of(node):
        is_whole = exponent.lstrip("-").isdecimal()
        yield ops.pow, (*parents, lifted(int(exponent) if is_whole else float(exponent)))
    operation = operation_of(node, len(parents))
    if operation is not None and operation.arity in (len(parents), None):
        yield operation, parents


def _agrees(
    operation: Operation,
    data: Number,
    numbers: Sequence[Number],
    given: Sequence[Number] | None,
) -> bool:
    """Tell whether the local derivatives that the node knows, if any, are those of the table."""
    if given is None:
        return True
    ours = operation.derivatives(data, *numbers)
    ours = ours if isinstance(ours, tuple) else (ours,)
    return all(map(is_close, ours, given))


def _number(name: str, candidate: Any, thing: Any) -> Number:
    try:
        return as_number(candidate)
    except TypeError as error:
        raise NotAGraphError(f"{name} of {type(thing).__name__}: {error}") from None


def _missing(node: ForeignNode) -> NotAGraphError:
    if not node.op:
        why = "and no op that names its operation"
    elif exponent_of(node) is None and operation_of(node, len(node.parents)) is None:
        why = f"and its op {node.op!r} is not an operation of ours"
    else:
        numbers = ", ".join(f"{parent.data}" for parent in node.parents)
        why = f"and ours are of no use: its data {node.data} is not {node.op} of ({numbers})"
    return NotAGraphError(
        f"{_called(node)} has no local derivatives, {why}. Give each node "
        "local_derivatives, a tuple with one number for each of its parents; draw(), tree() and "
        "formula() do without"
    )


def _called(node: ForeignNode) -> str:
    name = f"{node.label} (data = {node.data})" if node.label else f"the node with data {node.data}"
    return f"{name}, op {node.op!r}," if node.op else name
