"""Nodes are marked with the module that made them."""

from collections.abc import Iterable, Mapping
from typing import Any

from autograd import Value
from autograd.scope import Scope


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


def stamp(outputs: Any, inputs: Iterable[Any], scope: Scope) -> None:
    """Mark the nodes a module made, from its outputs back to its inputs or to inner modules."""
    outer = outputs if type(outputs) is list else [outputs]
    if all([hasattr(node, "scope") for node in outer]):  # noqa: C419  (a list is faster here)
        return  # inner modules made them all
    fresh = values_in(outputs)
    given = set(values_in(inputs))
    while fresh:
        node = fresh.pop()
        if node not in given and node.parents and not hasattr(node, "scope"):
            node.scope = scope
            fresh += node.parents
