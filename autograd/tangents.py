"""The chain rule forwards: the tangent of each node, parents before children."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from autograd.graph import Replay, record_in_floats
from autograd.numeric import Number, saturated

N = TypeVar("N", bound=Any)


def tangents(
    order: Sequence[N],
    seeds: Mapping[N, Any],
    operands_of: Callable[[N], Sequence[Any]] | None = None,
    *,
    opens: bool = True,
) -> dict[N, Any]:
    """Return the tangent of each node of ``order`` that moves when the nodes of ``seeds`` do.

    The multivariable chain rule, forwards: each node gets from each of its parents

        contribution = tangent of parent × local derivative = tangent of parent × ∂node/∂parent

    ``seeds`` has the tangents to start from; what it does not have, and does not reach, stands
    still and is left out. Their type decides the arithmetic, as in ``chain_rule``, and
    ``operands_of`` and ``opens`` are as there.
    """
    moving = dict(seeds)
    for node in order:
        if node in seeds or moving.keys().isdisjoint(node.parents):
            continue
        operands = node.record if operands_of is None else operands_of(node)
        locals_ = node.operation.derivatives(*operands)
        if type(locals_) is Replay:
            if opens:
                nodes = locals_.below(node)
                known = {parent: moving[parent] for parent in node.parents if parent in moving}
                inner = tangents(nodes, known, operands_of)
                if nodes[-1] in inner:
                    moving[node] = inner[nodes[-1]]
                continue
            locals_ = locals_.local_derivatives(node)
        locals_ = locals_ if type(locals_) is tuple else (locals_,)
        pairs = [pair for pair in zip(node.parents, locals_, strict=True) if pair[0] in moving]
        tangent = type(moving[pairs[0][0]])()
        for parent, local in pairs:
            tangent += moving[parent] * local
        moving[node] = tangent
    return moving


def numeric_tangents(
    order: Sequence[N], seeds: Mapping[N, Number], as_sum: Callable[[Number], Any] | None = None
) -> dict[N, Any]:
    """Return the ``tangents`` in numbers of each node's own kind; see ``numeric_chain_rule``.

    ``as_sum`` makes the seeds numbers of another kind, as there.
    """
    kind, opens = as_sum or (lambda number: number), as_sum is None
    try:
        moving = tangents(order, {node: kind(seeds[node]) for node in seeds}, opens=opens)
    except OverflowError:
        floats = {node: kind(saturated(seeds[node])) for node in seeds}
        moving = tangents(order, floats, record_in_floats, opens=opens)
    if as_sum:
        return moving
    return {
        node: saturated(tangent) if isinstance(node.record[0], float) else tangent
        for node, tangent in moving.items()
    }
