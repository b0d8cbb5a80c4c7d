"""Copying and pickling a graph of any depth without recursion."""

import copy
from typing import Any, Self

from autograd.graph import topological_order
from autograd.scope import Call, Scope

FIELDS = ("_number", "_grad", "_label", "operation", "record", "scope", "source")
NOT_OWN = {*FIELDS, "parents"}


class Copying:
    """What ``Value`` inherits to be copied and pickled.

    ``copy.copy`` gives a node with the same parents; ``copy.deepcopy`` and ``pickle`` the whole
    graph. Leaves are shared between graphs that are deep-copied or pickled together; a pickle does
    not promise that for interior nodes. What a subclass keeps on a node is copied with it. One-off
    operations can be copied, not pickled.
    """

    __slots__ = ()

    parents: tuple[Any, ...]

    def __copy__(self) -> Any:
        return _restored(type(self), _state(self) | _own(self), self.parents)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        order = [node for node in topological_order(self) if id(node) not in memo]
        for node in order:
            parents = tuple(memo[id(parent)] for parent in node.parents)
            state = _state(node)
            if "scope" in state:
                state["scope"] = _copied_scope(state["scope"], memo)
            memo[id(node)] = _restored(type(node), state, parents)
        for node in order:  # once all are there, since what they keep may refer to any of them
            if own := _own(node):
                _set(memo[id(node)], copy.deepcopy(own, memo))
        copied: Self = memo[id(self)]
        return copied

    def __reduce__(self) -> tuple[Any, ...]:
        if not self.parents:
            return _restored, (type(self), _state(self), ()), _own(self) or None, None, None, _set
        order = topological_order(self)
        position = {node: k for k, node in enumerate(order)}
        table = [
            (type(node), _state(node), [position[parent] for parent in node.parents])
            if node.parents
            else node
            for node in order
        ]
        owns = {k: own for k, node in enumerate(order) if node.parents and (own := _own(node))}
        return _unpickled, (table,), owns or None, None, None, _set_all


def _state(node: Any) -> dict[str, Any]:
    return {name: getattr(node, name) for name in FIELDS if hasattr(node, name)}


def _own(node: Any) -> dict[str, Any]:
    """Return the attributes that a subclass of Value added, in its slots or a ``__dict__``."""
    state: Any = object.__getstate__(node)
    attributes, slots = state  # a pair, since a node has slots
    return (attributes or {}) | {k: held for k, held in slots.items() if k not in NOT_OWN}


def _copied_scope(scope: Scope | Call, memo: dict[int, Any]) -> Any:
    """Return the copy of a scope or a call, the same for all nodes and the module itself."""
    if isinstance(scope, Call):
        for call in scope.calls:
            if id(call) not in memo:
                around = call.around and memo[id(call.around)]
                memo[id(call)] = Call(_copied_scope(call.scope, memo), around)
    else:
        for place in scope.lineage:
            if id(place) not in memo:
                around = place.around and memo[id(place.around)]
                memo[id(place)] = type(place)(place.name, around)
    return memo[id(scope)]


def _restored(kind: type, state: dict[str, Any], parents: tuple[Any, ...]) -> Any:
    node: Any = object.__new__(kind)
    node.parents = parents
    _set(node, state)
    return node


def _set(node: Any, attributes: dict[str, Any]) -> None:
    for name, content in attributes.items():
        setattr(node, name, content)


def _set_all(output: Any, owns: dict[int, dict[str, Any]]) -> None:
    order = topological_order(output)
    for k, own in owns.items():
        _set(order[k], own)


def _unpickled(table: list[Any]) -> Any:
    nodes: list[Any] = []
    for row in table:
        if isinstance(row, tuple):
            kind, state, positions = row
            nodes.append(_restored(kind, state, tuple(nodes[k] for k in positions)))
        else:
            nodes.append(row)
    return nodes[-1]
