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
) -> dict[N, Any]:
    """Return the tangent of each node of ``order`` that moves when the nodes of ``seeds`` do.

    The multivariable chain rule, forwards: each node moves with its parents,

        tangent of node = Σ ∂node/∂parent × tangent of parent

    ``seeds`` has the tangents to start from; what it does not have, and does not reach, stands
    still and is left out. Their type decides the arithmetic, as in ``chain_rule``.
    """
    moving = dict(seeds)
    for node in order:
        if node in seeds or moving.keys().isdisjoint(node.parents):
            continue
        operands = node.record if operands_of is None else operands_of(node)
        locals_ = node.operation.derivatives(*operands)
        if type(locals_) is Replay:
            nodes = locals_.below(node)
            known = {parent: moving[parent] for parent in node.parents if parent in moving}
            inner = tangents(nodes, known, operands_of)
            if nodes[-1] in inner:
                moving[node] = inner[nodes[-1]]
            continue
        locals_ = locals_ if type(locals_) is tuple else (locals_,)
        pairs = zip(node.parents, locals_, strict=True)
        terms = [moving[parent] * local for parent, local in pairs if parent in moving]
        tangent = terms[0]
        for term in terms[1:]:
            tangent += term
        moving[node] = tangent
    return moving


def numeric_tangents(order: Sequence[N], seeds: Mapping[N, Number]) -> dict[N, Number]:
    """Return the tangents as numbers of each node's own kind, as ``numeric_chain_rule`` does."""
    try:
        moving = tangents(order, seeds)
    except OverflowError:
        floats = {node: saturated(seed) for node, seed in seeds.items()}
        moving = tangents(order, floats, record_in_floats)
    return {
        node: saturated(tangent) if isinstance(node.record[0], float) else tangent
        for node, tangent in moving.items()
    }
