"""What views call a node: a given name, its label, or the variable that holds it."""

from collections.abc import Iterable, Mapping
from types import FrameType
from typing import Any


def names_of(
    nodes: Iterable[Any], names: Mapping[str, Any] | None, frame: FrameType | None
) -> dict[int, str]:
    """Return the name of each node that has one, by ``id(node)``.

    A name in ``names`` (name → node) comes first, then the label, then, if ``names`` is None,
    the first variable of ``frame`` bound to the node, or to a list that holds it (``x[0]``).
    Variables that start with ``_`` are skipped.
    """
    wanted = {id(node): node for node in nodes}
    found: dict[int, str] = {}
    if names is None and frame is not None:
        for variables in (frame.f_globals, frame.f_locals):
            students = {k: v for k, v in variables.items() if k[0] not in "_@"}  # @: pytest's
            found.update(_variables(students, wanted))
    for key, node in wanted.items():
        label = getattr(node, "label", None)
        if label:
            found[key] = str(label)
    found.update(_variables(names or {}, wanted))
    return found


def _variables(variables: Mapping[str, Any], wanted: Mapping[int, Any]) -> dict[int, str]:
    found: dict[int, str] = {}
    for name, held in list(variables.items()):
        if id(held) in wanted:
            found.setdefault(id(held), name)
        elif isinstance(held, list | tuple):
            for k, item in enumerate(held):
                if id(item) in wanted:
                    found.setdefault(id(item), f"{name}[{k}]")
    return found
