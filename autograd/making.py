"""Modes in which something is noted about each node as it is made: ``with group("step 3"):``.

Outside of all modes nodes are made by the plain functions of ``value``, and modes cost nothing.
While one is on, anywhere, those functions are replaced by others that look whether it is on here:
it is one of the context, and so of the thread, that entered it.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from autograd import value as engine
from autograd.scope import Call, GroupScope, current_call
from autograd.value import Value

Note = Callable[[Any], None]

_notes: ContextVar[tuple[Note, ...]] = ContextVar("notes", default=())
_plain_binary, _plain_record, _plain_init = (
    engine._binary,
    Value.record_operation,
    Value.__init__,
)
_lock = threading.Lock()
_modes_on: list[Note] = []  # in all threads


@contextmanager
def noting(note: Note) -> Iterator[None]:
    """Call ``note`` with every node that is made in this context, right after it is made.

    Leaves are not noted. The same node may be noted twice.
    """
    notes = _notes.get()
    token = _notes.set(notes if note in notes else (*notes, note))
    _modes_on.append(note)
    _choose_functions()
    try:
        yield
    finally:
        _modes_on.remove(note)
        _choose_functions()
        _notes.reset(token)


@contextmanager
def group(name: str) -> Iterator[None]:
    """Show the nodes made within ``with group(name):`` as one box, where a picture is folded.

    For what no module makes, such as the steps of a loop. Groups may be inside of each other, of
    modules, and around them; independent groups of the same name lie on one another, like the rows
    of a batch. Raises TypeError for a name that is not text, ValueError for an empty one.
    """
    if not isinstance(name, str):
        raise TypeError(f"a group has a name, as in group('step 3'), not {name!r:.60}")
    if not name:
        raise ValueError("a group needs a name, as in group('step 3'): this one is empty")
    around = current_call.get()
    scope = GroupScope(name, around.scope if around else None)
    token = current_call.set(Call(scope, around))
    try:
        with noting(_mark_with_call):
            yield
    finally:
        current_call.reset(token)


def _mark_with_call(node: Any) -> None:
    node.scope = current_call.get()


def _choose_functions() -> None:
    """Let nodes be made with notes while any mode is on, and plainly otherwise."""
    with _lock:
        plain = (_plain_binary, _plain_record, _plain_init)
        noted = (_noted_binary, _noted_record, _noted_init)
        engine._binary, record, init = noted if _modes_on else plain
        for name, function in (("record_operation", staticmethod(record)), ("__init__", init)):
            setattr(Value, name, function)


def _noted(node: Any) -> Any:
    for note in _notes.get():
        note(node)
    return node


def _noted_binary(operation: Any, left: Any, right: Any) -> Any:
    node = _plain_binary(operation, left, right)
    return node if node is NotImplemented else _noted(node)


def _noted_record(operation: Any, operands: tuple[Any, ...]) -> Any:
    return _noted(_plain_record(operation, operands))


def _noted_init(node: Any, *arguments: Any, **named: Any) -> None:
    _plain_init(node, *arguments, **named)
    if node.parents:  # a one-off operation
        _noted(node)
