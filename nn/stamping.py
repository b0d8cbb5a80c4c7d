"""Nodes are marked with the module that made them."""

from collections.abc import Iterable, Mapping
from typing import Any

from autograd import Value
from autograd.scope import Call


def values_in(nested: Any) -> list[Value]:
    """Return the Values in nested lists, tuples and dictionaries."""
    if isinstance(nested, Value):
        return [nested]
    if isinstance(nested, Mapping):
        nested = list(nested.values())
    if not isinstance(nested, list | tuple):
        return []
    if all(type(item) is Value for item in nested):
        return list(nested)
    return [value for item in nested for value in values_in(item)]


def stamp(outputs: Any, inputs: Iterable[Any], call: Call) -> None:
    """Mark the nodes a module made in a call, from its outputs back to its inputs.

    Nodes of inner modules keep their mark, and the way back leads through them. It ends at nodes of
    other modules, and at those that the module itself made in an earlier call.
    """
    waiting = values_in(outputs)
    seen = set(values_in(inputs))
    is_inner: dict[Call, bool] = {}
    while waiting:
        node = waiting.pop()
        if node in seen or not node.parents:
            continue
        seen.add(node)
        made_by = getattr(node, "scope", None)
        if made_by is None:
            node.scope = call
        elif made_by not in is_inner:
            is_inner[made_by] = call in made_by.calls
        if made_by is None or is_inner[made_by]:
            waiting += node.parents
