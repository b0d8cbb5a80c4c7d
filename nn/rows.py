"""Rows: the lists of numbers that modules take."""

from collections.abc import Sequence
from typing import Any

from autograd import Value
from nn.module import Module
from nn.parts import Input

Row = Sequence[Value | float]

ONE_ROW = (
    "{} takes one row, a list of numbers; for several write [model(row) for row in rows] or "
    "model.batch(rows)"
)


def row_of(module: Module, x: Any) -> list[Value]:
    """Return ``x`` as Values; raises TypeError, naming the module, for what is not a list."""
    row = as_inputs(x)
    if not isinstance(row, list):
        raise TypeError(f"{_called(module)} takes a list of numbers, not {x!r:.60}")
    return row


def as_inputs(x: Any) -> Any:
    """Return a list of Values for a list: each number becomes one leaf, not many constants."""
    try:
        items = list(x)
    except TypeError:  # a module that needs a list says so
        return x
    if any(map(_is_row, items)):
        raise TypeError(ONE_ROW.format("a model"))
    return [v if isinstance(v, Value) else Input(v) for v in items]


def plain(held: Any) -> Any:
    """Return an array or a tensor, of NumPy or PyTorch, as lists of numbers; all else as it is."""
    return held.tolist() if hasattr(held, "tolist") else held


def require_row(module: Module, x: Any, size: int) -> None:
    """Raise, naming the module and both lengths, unless ``x`` is a list of ``size`` numbers."""
    try:
        n_given = len(x)
    except TypeError as error:
        message = f"{_called(module)} takes a list of {size} numbers, not {x!r:.60}"
        raise TypeError(message) from error
    if n_given and _is_row(next(iter(x))):
        raise TypeError(ONE_ROW.format(_called(module)))
    if n_given != size:
        raise ValueError(f"{_called(module)} has {size} inputs; it was given {n_given} numbers")


def _is_row(item: Any) -> bool:
    if not hasattr(item, "__len__") or isinstance(item, str | bytes):
        return False
    return getattr(item, "shape", None) != ()  # a tensor of one number has a length that raises


def _called(module: Module) -> str:
    return module.scope.path or f"this {type(module).__name__}"
