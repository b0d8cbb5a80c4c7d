"""What views call a node: a given name, its label, or the variable that holds it."""

from collections.abc import Iterable, Mapping
from types import FrameType
from typing import Any

from autograd.foreign import is_node, original
from autograd.wording import printable


def names_of(
    nodes: Iterable[Any], names: Mapping[str, Any] | None, frame: FrameType | None
) -> dict[Any, str]:
    """Return the name of each node that has one.

    A name in ``names`` (name → node) comes first, then the label, then, if ``names`` is None,
    the first variable of ``frame`` bound to the node, or to a list that holds it (``x[0]``), or
    to a list of such lists (``x[0][1]``).
    Variables that start with ``_`` are skipped, and globals that a local hides. Every view has its
    names from here or from ``names_in``, so that none passes on what is not ``printable``.
    """
    if names is not None:
        _require_names(names)
    nodes = list(nodes)
    variables: dict[str, Any] = {}
    if names is None and frame is not None:
        held = dict(frame.f_locals)
        variables = held | {
            name: thing for name, thing in frame.f_globals.items() if name not in held
        }
    wanted = {id(original(node)): node for node in nodes}
    return names_in(nodes, variables) | _variables(names or {}, wanted)


def _require_names(names: Any) -> None:
    """Raise TypeError for what is not a mapping of name → node, or list of nodes."""
    if not isinstance(names, Mapping):
        raise TypeError(f"names is a mapping of name → node, as in {{'x': x}}, not {names!r:.60}")
    for name in names:
        if not isinstance(name, str) or not name.strip():
            raise TypeError(
                f"names has {name!r:.60} for a name: a name is a text, as in {{'x': x}}"
            )
    if names and not any(
        isinstance(h, list | tuple) or is_node(original(h)) for h in names.values()
    ):
        name, held = next(iter(names.items()))  # globals() may have other things beside nodes
        raise TypeError(
            f"names[{name!r:.40}] is {held!r:.60}, and not a node: names is a mapping of "
            "name → node, as in {'x': x}"
        )


def names_in(nodes: Iterable[Any], variables: Mapping[str, Any]) -> dict[Any, str]:
    """Return the label of each node, or the first of ``variables`` that holds it."""
    wanted = {id(original(node)): node for node in nodes}
    return _variables(_visible(variables), wanted) | _labels(wanted)


def _labels(wanted: Mapping[int, Any]) -> dict[Any, str]:
    return {node: printable(node.label) for node in wanted.values() if node.label}


def _visible(variables: Mapping[str, Any]) -> dict[str, Any]:
    return {name: held for name, held in variables.items() if name[0] not in "_@"}  # @: pytest's


def _variables(variables: Mapping[str, Any], wanted: Mapping[int, Any]) -> dict[Any, str]:
    """Return the name of each node: the variable's own, else x[0] of a list, else x[0][1]."""
    found: dict[Any, str] = {}
    held = dict(variables)
    for _ in range(3):
        for name, thing in held.items():
            if (node := wanted.get(id(original(thing)))) is not None:
                found.setdefault(node, printable(name))
        lists = ((name, thing) for name, thing in held.items() if isinstance(thing, list | tuple))
        held = {f"{name}[{k}]": item for name, things in lists for k, item in enumerate(things)}
    return found
