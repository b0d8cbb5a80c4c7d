"""Which parts of a graph may lie on one another, so that no box depends on itself.

Parts are calls of modules, and nodes on their own. A rank is a pair, (how many calls lead to the
part, how many nodes in a row since the last of them); along every edge between parts it grows. So
parts of equal rank do not depend on each other, and if only those share a box, the boxes of a
picture never depend on each other in a circle. As this holds among the parts of every fold, it
holds whichever folds are open: a circle would be one among the parts of the innermost fold around
it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Any

from autograd.scope import Call

Rank = tuple[int, int]


@dataclass(frozen=True)
class Piece:
    """A piece of a call that something else happens in the midst of."""

    call: Call
    turn: int


def is_call(part: Any) -> bool:
    """Tell whether a part is a call, or a piece of one, and not a node."""
    return isinstance(part, Call | Piece)


def call_of(part: Any) -> Call:
    call: Call = part.call if isinstance(part, Piece) else part
    return call


def ranked(
    nodes: Sequence[Any], part_of: Mapping[Any, Any]
) -> tuple[dict[Any, Any], dict[Any, Rank]]:
    """Return the part of each node, and the rank of each part.

    Calls that depend on each other in a circle, as do two that are interleaved, come in pieces.
    """
    parts = {node: part_of[node] for node in nodes}
    needs = _needs(nodes, parts)
    try:
        ordered = list(TopologicalSorter(needs).static_order())
    except CycleError:
        parts = _in_pieces(nodes, parts, _in_circles(needs))
        needs = _needs(nodes, parts)
        ordered = list(TopologicalSorter(needs).static_order())
    ranks: dict[Any, Rank] = {}
    for part in ordered:
        calls, since = max((ranks[need] for need in needs[part]), default=(0, -1))
        ranks[part] = (calls + 1, 0) if is_call(part) else (calls, since + 1)
    return parts, ranks


def _needs(nodes: Sequence[Any], parts: Mapping[Any, Any]) -> dict[Any, dict[Any, None]]:
    """Return for each part those it is computed from, in order.

    Edges that lead backwards, in the cycle of a student's broken engine, do not count.
    """
    needs: dict[Any, dict[Any, None]] = {part: {} for part in parts.values()}
    seen: set[Any] = set()
    for node in nodes:
        seen.add(node)
        part = parts[node]
        for parent in node.parents:
            if parent in seen and parts[parent] != part:
                needs[part][parts[parent]] = None
    return needs


def _in_circles(needs: Mapping[Any, Mapping[Any, None]]) -> set[Any]:
    """Return the parts in circles, and between them: what is left without beginnings and ends."""
    left = set(needs)
    backwards: dict[Any, list[Any]] = {part: [] for part in needs}
    for part, others in needs.items():
        for other in others:
            backwards[other].append(part)
    for edges in (needs, backwards):
        opposite = backwards if edges is needs else needs
        counts = {part: sum(other in left for other in edges[part]) for part in left}
        waiting = [part for part in left if not counts[part]]
        while waiting:
            part = waiting.pop()
            left.discard(part)
            for other in opposite[part]:
                if other in counts:
                    counts[other] -= 1
                    if not counts[other] and other in left:
                        waiting.append(other)
    return left


def _in_pieces(nodes: Sequence[Any], parts: Mapping[Any, Any], circles: set[Any]) -> dict[Any, Any]:
    """Cut the calls in circles wherever the way changes from one part to another."""
    turns: dict[Any, int] = {}
    pieces = dict(parts)
    for node in nodes:
        part = parts[node]
        if part not in circles:
            continue
        inside = [parent for parent in node.parents if parent in turns]
        turns[node] = max((turns[p] + (parts[p] != part) for p in inside), default=0)
        if is_call(part):
            pieces[node] = Piece(part, turns[node])
    return pieces
