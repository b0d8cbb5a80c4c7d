"""What views call a node: a given name, its label, or the variable that holds it."""

from collections.abc import Iterable, Mapping
from types import FrameType
from typing import Any

from autograd.foreign import original


def names_of(
    nodes: Iterable[Any], names: Mapping[str, Any] | None, frame: FrameType | None
) -> dict[Any, str]:
    """Return the name of each node that has one.

    A name in ``names`` (name → node) comes first, then the label, then, if ``names`` is None,
    the first variable of ``frame`` bound to the node, or to a list that holds it (``x[0]``).
    Variables that start with ``_`` are skipped, and globals that a local hides.
    """
    if names is not None and not isinstance(names, Mapping):
        raise TypeError(f"names is a mapping of name → node, as in {{'x': x}}, not {names!r:.60}")
    wanted = {id(original(node)): node for node in nodes}
    found: dict[Any, str] = {}
    if names is None and frame is not None:
        variables = {**frame.f_globals, **frame.f_locals}
        visible = {name: held for name, held in variables.items() if name[0] not in "_@"}
        found.update(_variables(visible, wanted))  # @: names that pytest makes up
        if frame.f_locals is not frame.f_globals:
            found.update(
                _variables({k: v for k, v in frame.f_locals.items() if k in visible}, wanted)
            )
    found.update((node, node.label) for node in wanted.values() if node.label)
    found.update(_variables(names or {}, wanted))
    return found


def _variables(variables: Mapping[str, Any], wanted: Mapping[int, Any]) -> dict[Any, str]:
    found: dict[Any, str] = {}
    for name, held in variables.items():
        if id(held) in wanted:
            found.setdefault(wanted[id(held)], name)
        elif isinstance(held, list | tuple):
            for k, item in enumerate(held):
                if id(item) in wanted:
                    found.setdefault(wanted[id(item)], f"{name}[{k}]")
    return found
