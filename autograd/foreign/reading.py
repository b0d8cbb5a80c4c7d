"""Graphs of a student's own engine, read as ours.

Any object with ``data`` and ``parents`` (or micrograd's ``_prev``, microgpt's ``_children``) is a
node; ``grad``, ``label`` and ``op`` (or ``_op``) are shown if it has them.
"""

import math
import re
from collections.abc import Mapping, Sequence
from types import FrameType
from typing import Any

from autograd.errors import DomainError, NotAGraphError
from autograd.freeing import Freeing
from autograd.graph import in_a_cycle, is_same
from autograd.notation import Notation
from autograd.operation import OPERATIONS, Operation
from autograd.value import Value
from autograd.wording import word

PARENTS = ("parents", "_prev", "_children")
BINARY = ("+", "-", "*", "/")
ALIASES = {
    "add": "+", "sub": "-", "mul": "*", "div": "/", "truediv": "/", "pow": "**", "^": "**",
    "sum": "total", "max": "maximum", "min": "minimum",
}  # fmt: skip
SIGNS = {"-": "neg", "+": "pos"}  # of one operand
POWER = r"(?:\*\*|\^|pow)\s*(-?\d+(?:\.\d*)?(?:e[-+]?\d+)?)"
COLLECTIONS = (tuple, list, set, frozenset)


class StandIn:
    """A node that stands for ``thing``, an object of somebody's own engine."""

    __slots__ = ()
    thing: Any


class ForeignNode(StandIn, Freeing):
    """A stand-in with the attributes that views read of a Value."""

    local_derivatives = ()
    scope = None
    grad_is_stale = False
    parents: "tuple[ForeignNode, ...]" = ()
    is_completed = False  # its set of parents had one, where the operation takes two

    def __init__(self, thing: Any) -> None:
        self.thing = thing
        self.is_constant = not is_node(thing)
        self.data = thing if self.is_constant else thing.data
        grad = getattr(thing, "grad", None)
        self.has_grad = grad is not None and not callable(grad)
        self.grad = grad
        self.label = _text(getattr(thing, "label", None))
        self.op = _text(getattr(thing, "op", None)) or _text(getattr(thing, "_op", None)) or ""

    @property
    def record(self) -> tuple[Any, ...]:
        return (self.data, *[parent.data for parent in self.parents])

    @property
    def notation(self) -> Notation:
        """How it is written: as our operation of exactly that name, else as a call of it."""
        if exponent := exponent_of(self):
            return Notation(self.op, 1, value=f"x**{exponent}")
        row = OPERATIONS.get(_sign_of_one(self.op, len(self.parents)))
        return row.notation if row else Notation(self.op)


def original(node: Any) -> Any:
    """Return the object the user knows a node by: a Value itself, or that of another engine."""
    return node.thing if isinstance(node, StandIn) else node


def notation_of(node: Any) -> Notation:
    """Return how a node that is not a leaf is written."""
    found: Notation = (node if isinstance(node, ForeignNode) else node.operation).notation
    return found


def _read(output: Any, hints: Mapping[int, int], known: dict[int, ForeignNode]) -> ForeignNode:
    """Return the node of ``output``, with all it was made from; ``hints`` order sets."""
    if id(output) in known:
        return known[id(output)]
    root = known[id(output)] = ForeignNode(output)
    waiting = [root]
    while waiting:
        node = waiting.pop()
        parents = []
        for thing in _ordered_parents(node, hints):
            if id(thing) not in known:
                known[id(thing)] = ForeignNode(thing)
                waiting.append(known[id(thing)])
            parents.append(known[id(thing)])
        node.parents = tuple(parents)
    return root


def _ordered_parents(node: ForeignNode, hints: Mapping[int, int]) -> Sequence[Any]:
    """Return the operands in their order. A set has no order, and holds x once for x*x."""
    things = () if node.is_constant else parents_of(node.thing)
    if isinstance(things, set | frozenset):
        things = sorted(things, key=lambda t: (hints.get(id(t), len(hints)), _sort_key(t)))
        operation = operation_of(node, 2)
        if len(things) == 2 and operation is not None and operation.arity == 2:
            numbers = [thing.data if is_node(thing) else thing for thing in things]
            is_given = gives(operation, numbers, node.data)
            if not is_given and gives(operation, numbers[::-1], node.data):
                things.reverse()
        if len(things) == 1 and operation is not None and operation.name in BINARY:
            node.is_completed = True
            things = things * 2
    return tuple(things)


def operation_of(node: ForeignNode, count: int) -> Operation | None:
    """Return the operation of our table that ``node.op`` names with ``count`` operands, if any."""
    name = _sign_of_one(node.op.strip().lower(), count)
    return OPERATIONS.get(ALIASES.get(name, name))


def exponent_of(node: ForeignNode) -> str | None:
    """Return the exponent that micrograd writes into the name of a power, as in ``**2``."""
    power = re.fullmatch(POWER, node.op.strip().lower())
    return power[1] if power and len(node.parents) == 1 else None


def _sign_of_one(name: str, count: int) -> str:
    """Return the name of our operation if ``name`` is the sign of one operand, else ``name``."""
    return SIGNS.get(name, name) if count == 1 else name


def gives(operation: Operation, numbers: Sequence[Any], data: Any) -> bool:
    """Tell whether the operation on ``numbers`` gives ``data``, apart from rounding."""
    try:
        return is_close(operation.evaluate(*numbers), data)
    except (DomainError, TypeError, ValueError):  # their data may be anything
        return False


def is_close(number: Any, other: Any) -> bool:
    """Tell whether two numbers are the same, apart from rounding."""
    return is_same(number, other) or math.isclose(number, other, rel_tol=1e-9, abs_tol=1e-12)


def _text(candidate: Any) -> str | None:
    return candidate if isinstance(candidate, str) and candidate else None


def parents_of(thing: Any) -> Any:
    """Return what an object keeps its operands in, as it is; None for what is not a node."""
    held = (getattr(thing, name, None) for name in PARENTS)
    return next((parents for parents in held if parents is not None), None)


def _sort_key(thing: Any, depth: int = 2) -> str:
    """Return a key that is the same in every run: never repr, which may hold an address."""
    own = [str(getattr(thing, name, "")) for name in ("label", "op", "_op", "data", "grad")]
    if depth and is_node(thing):
        own += sorted(_sort_key(parent, depth - 1) for parent in parents_of(thing))
    return repr(own)


def is_node(thing: Any) -> bool:
    """Tell whether an object is a node: a Value, or one with ``data`` and parents."""
    return hasattr(thing, "data") and isinstance(parents_of(thing), COLLECTIONS)


def remarks_on(order: Sequence[Any]) -> list[str]:
    """Return what is odd about a graph, in words."""
    remarks = []
    if in_a_cycle(order) is not None:
        remarks.append(word("cycle"))
    if any(getattr(node, "is_completed", False) for node in order):
        remarks.append(word("set of parents"))
    return remarks


def as_graphs(outputs: Sequence[Any], variables: Mapping[str, Any]) -> list[Any]:
    """Return nodes as something views can read, shared parts shared; ``variables`` order sets."""
    hints = {id(held): k for k, held in enumerate(variables.values())}
    known: dict[int, ForeignNode] = {}
    return [
        output if isinstance(output, Value) else _read(output, hints, known) for output in outputs
    ]


def as_graph(output: Any, frame: FrameType | None = None) -> Any:
    """Return ``output`` as something views can read; raises NotAGraphError if it is not a node.

    Where an engine keeps its operands in a set, operands that look alike come in the order of
    ``frame``'s variables.
    """
    if isinstance(output, Value):
        return output
    if not isinstance(output, type) and is_node(output):
        return as_graphs([output], {**frame.f_globals, **frame.f_locals} if frame else {})[0]
    raise NotAGraphError(
        f"{output!r:.80} (of type {type(output).__name__}) is not a node of a graph: pass a "
        "Value, or an object of your own engine with data and parents (or _prev)"
    )
