"""Modes in which each new node is handed to a function: outside of them nothing is asked.

While a mode is active anywhere, the functions that make nodes are replaced by ones that look who
wants to see the node; when the last one ends, they are back.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from autograd import value
from autograd.operation import Operation
from autograd.value import Value

Stamp = Callable[[Value], None]

_stamps: ContextVar[tuple[Stamp, ...]] = ContextVar("stamps", default=())
_active: list[Stamp] = []  # in any thread
_everywhere: list[Stamp] = []  # in all threads
_lock = threading.Lock()  # held while functions are exchanged

_init = Value.__init__
_record_operation = Value.record_operation
_binary = value._binary


@contextmanager
def making(stamp: Stamp) -> Iterator[None]:
    """Hand each node that is made inside, in this thread or task, to ``stamp``.

    Modes nest; nodes are leaves, constants and results. Copies are not new nodes.
    """
    token = _stamps.set((*_stamps.get(), stamp))
    try:
        with _active_mode(stamp):
            yield
    finally:
        _stamps.reset(token)


@contextmanager
def making_everywhere(stamp: Stamp) -> Iterator[None]:
    """Hand each node that is made meanwhile to ``stamp``, whichever thread or task makes it."""
    _everywhere.append(stamp)
    try:
        with _active_mode(stamp):
            yield
    finally:
        _everywhere.remove(stamp)


@contextmanager
def _active_mode(stamp: Stamp) -> Iterator[None]:
    with _lock:
        _active.append(stamp)
        _exchange(_STAMPING)
    try:
        yield
    finally:
        with _lock:
            _active.remove(stamp)
            _exchange(_STAMPING if _active else _PLAIN)


def _exchange(functions: tuple[Any, ...]) -> None:
    Value.__init__, Value.record_operation, value._binary = functions  # type: ignore[method-assign]


def _stamped(node: Value) -> Value:
    for stamp in (*_everywhere, *_stamps.get()):
        stamp(node)
    return node


def _init_stamped(self: Value, *arguments: Any, **options: Any) -> None:
    _init(self, *arguments, **options)
    _stamped(self)


def _record_operation_stamped(operation: Operation, operands: tuple[Any, ...]) -> Value:
    return _stamped(_record_operation(operation, operands))


def _binary_stamped(operation: Operation, left: Any, right: Any) -> Value:
    """Go by way of ``record_operation``, as ``_binary`` itself does for one Value and a number."""
    if isinstance(left, Value) and isinstance(right, Value):
        return Value.record_operation(operation, (left, right))
    return _binary(operation, left, right)


_PLAIN = (_init, vars(Value)["record_operation"], _binary)
_STAMPING = (_init_stamped, staticmethod(_record_operation_stamped), _binary_stamped)
