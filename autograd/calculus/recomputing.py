"""checkpoint(f)(*values): a node that keeps its inputs only, and runs f again on the way back."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from autograd.calculus.functions import (
    alive,
    is_several,
    of_function,
    one_value,
    require_one_by_one,
    returned,
)
from autograd.errors import NoForwardRuleError, StaleGraphError
from autograd.graph import Replay, is_same
from autograd.making import making
from autograd.numeric import Number, shown
from autograd.operation import Operation
from autograd.value import Value, lifted

_made: ContextVar[list[Value] | None] = ContextVar("the nodes of a run", default=None)


MADE = "its graph is made already, and checkpoint takes the function that would make it"


class RecomputeCheckpoint(Operation):
    """The operation of one node, whose rule runs a function again."""


@of_function("checkpoint(f)(x, y)", of_graph=MADE)
def checkpoint(f: Callable[..., Any]) -> Callable[..., Value]:
    """Return ``f`` as a function that makes one node: a recompute checkpoint.

    The node keeps the inputs of ``f``, and the Values that ``f`` closes over, such as weights. What
    ``f`` computed on the way is dropped; on the way back ``f`` runs again, and gradients go through
    its graph. They are the same to the bit; only where a Value gets three contributions or more, in
    another order, the last bit may differ. So ``f`` has to do the same again: one that draws random
    numbers, or changes what it closes over, does not. Raises StaleGraphError where the second value
    differs; a change that leaves the value as it was is not noticed. ``f`` returns one Value. A
    program keeps no graph: leave the recompute checkpoint out of what you ``compile``.
    """
    name = getattr(f, "__name__", type(f).__name__).strip("<>")

    def one_node(*values: Any) -> Value:
        require_one_by_one(values)
        operands = [lifted(operand) for operand in values]
        inputs = list(dict.fromkeys(operands))  # a Value given twice is one input
        places = [inputs.index(operand) for operand in operands]
        stand_ins = [Value(node.data, label=node.label) for node in inputs]
        nodes = _run(f, [stand_ins[place] for place in places])
        closed_over = _from_outside(nodes, stand_ins)
        others = [node for node in closed_over if node not in inputs]
        operation = _operation(name, f, places, len(inputs), closed_over, others)
        parents = (*inputs, *others)
        if not parents:
            raise TypeError(f"checkpoint({name})() has no inputs: nothing could be run again for")
        rule = operation.derivatives
        node = Value(nodes[-1].data, parents=parents, local_derivatives=rule, op=name)
        node.operation = operation
        return node

    return one_node


def _operation(
    name: str,
    f: Callable[..., Any],
    places: Sequence[int],
    count: int,
    closed_over: Sequence[Value],
    others: Sequence[Value],
) -> RecomputeCheckpoint:
    """Return an operation of ``count`` inputs. It holds no Value but what ``f`` closes over.

    ``others`` are those of them that are not inputs too.
    """

    def forward(*numbers: Number) -> Number:
        if not all(map(is_same, numbers[count:], [node.data for node in others])):
            raise NoForwardRuleError(
                f"{name} closes over a Value that is computed again too: give it as an argument"
            )
        return _run(f, [Value(numbers[place]) for place in places])[-1].data

    def rule(out: Any, *operands: Any) -> Replay:
        stand_ins = [x if isinstance(x, Value) else Value(x) for x in operands[:count]]
        nodes = _run(f, [stand_ins[place] for place in places])
        before = out.data if isinstance(out, Value) else out
        if not is_same(nodes[-1].data, before):
            raise _differs(name, f"gave {shown(before)}, and {shown(nodes[-1].data)}")
        if not set(_from_outside(nodes, stand_ins)) <= set(closed_over):
            raise _differs(name, "closed over other Values than it did")
        return Replay([*stand_ins, *others], nodes)

    return RecomputeCheckpoint(name, forward, rule)


def _differs(name: str, what: str) -> StaleGraphError:
    return StaleGraphError(
        f"{name} {what} when it ran again for the way back: a function with a recompute "
        "checkpoint has to do the same each time it runs, with Values that nobody edits between"
    )


def _run(f: Callable[..., Any], arguments: Sequence[Value]) -> list[Value]:
    """Run ``f`` and return the nodes it made that lead to its result, which is the last."""
    with _collected() as made, alive(arguments):
        result = returned(f, arguments)
        if is_several(result):
            raise TypeError("a recompute checkpoint is one node: its function returns one Value")
        output = one_value(result)
        if output not in set(made):
            output = +output
    needed = {output}
    for node in reversed(made):
        if node in needed:
            needed.update(node.parents)
    return [node for node in made if node in needed]


def _from_outside(nodes: Sequence[Value], stand_ins: Sequence[Value]) -> list[Value]:
    """Return the parents of a run's nodes that neither are of the run nor were given to it."""
    known = {*nodes, *stand_ins}
    parents = [parent for node in nodes for parent in node.parents]
    return list(dict.fromkeys(parent for parent in parents if parent not in known))


@contextmanager
def _collected() -> Iterator[list[Value]]:
    """Collect the nodes made inside, without those of an inner run, in the order they are made."""
    made: list[Value] = []
    token = _made.set(made)
    try:
        with making(_collect):
            yield made
    finally:
        _made.reset(token)


def _collect(node: Value) -> None:
    made = _made.get()
    if made is not None and not (made and made[-1] is node):  # an inner run collects again
        made.append(node)
