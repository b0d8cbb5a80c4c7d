"""Graphs of a student's own engine, read as ours.

Any object with ``data`` and ``parents`` (or micrograd's ``_prev``) is a node; ``grad``, ``label``
and ``op`` (or ``_op``) are shown if it has them.
"""

from typing import Any

from autograd.errors import NotAGraphError
from autograd.value import Value


class ForeignNode:
    """An object of somebody's own engine behind the attributes that views read of a Value."""

    local_derivatives = ()
    scope = None

    def __init__(self, thing: Any, known: dict[int, "ForeignNode"]) -> None:
        self.thing = thing
        self._known = known
        self._parents: tuple[ForeignNode, ...] | None = None
        self.is_constant = not _is_node(thing)
        self.data = thing if self.is_constant else thing.data
        grad = getattr(thing, "grad", None)
        self.has_grad = grad is not None and not callable(grad)
        self.grad = grad
        self.label = _text(getattr(thing, "label", None))
        self.op = _text(getattr(thing, "op", None)) or _text(getattr(thing, "_op", None)) or ""
        known[id(thing)] = self

    @property
    def record(self) -> tuple[Any, ...]:
        return (self.data, *[parent.data for parent in self.parents])

    @property
    def parents(self) -> "tuple[ForeignNode, ...]":
        """The operands, in their order; a set, which has none, is put in one by op and data."""
        if self._parents is None:
            things = () if self.is_constant else _parents_of(self.thing)
            if isinstance(things, set | frozenset):
                things = sorted(things, key=_sort_key)
                if len(things) == 1 and self.op in ("+", "-", "*", "/"):
                    things = things * 2  # a set forgets that x*x has two edges
            self._parents = tuple(
                self._known.get(id(thing)) or ForeignNode(thing, self._known) for thing in things
            )
        return self._parents


def _text(candidate: Any) -> str | None:
    return candidate if isinstance(candidate, str) and candidate else None


def _parents_of(thing: Any) -> Any:
    parents = getattr(thing, "parents", None)
    return getattr(thing, "_prev", ()) if parents is None else parents


def _sort_key(thing: Any) -> tuple[str, ...]:
    names = ("label", "op", "_op", "data", "grad")  # never repr: it may hold an address
    return tuple(str(getattr(thing, name, "")) for name in names)


def _is_node(thing: Any) -> bool:
    return hasattr(thing, "data") and isinstance(
        _parents_of(thing) if hasattr(thing, "parents") or hasattr(thing, "_prev") else None,
        tuple | list | set | frozenset,
    )


def as_graph(output: Any) -> Any:
    """Return ``output`` as something views can read; raises NotAGraphError if it is no node."""
    if isinstance(output, Value):
        return output
    if not isinstance(output, type) and _is_node(output):
        return ForeignNode(output, {})
    raise NotAGraphError(
        f"{output!r:.80} is a {type(output).__name__}, not a node of a graph: pass a Value, or an "
        "object of your own engine with data and parents (or _prev)"
    )
