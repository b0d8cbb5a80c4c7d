"""Rows and targets as columns: one for each number in a row, and in its target."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from autograd import Value
from autograd.numeric import Number, as_number
from nn.rows import plain

OF_ARRAYS = ("numpy", "native")  # the backends that run on arrays of float64


class Columns:
    """What rows hold, all of one shape: a number, or nested lists of numbers.

    ``name(k)`` is what messages call row ``k``. Raises TypeError for what is not a number, and
    ValueError for rows of several shapes.
    """

    def __init__(self, label: str, rows: Sequence[Any], name: Callable[[int], str]) -> None:
        self.label = label
        self.rows = [_numbers(row, name(k)) for k, row in enumerate(rows)]
        shape = _shape(self.rows[0])
        for k, row in enumerate(self.rows):
            if _shape(row) != shape:
                raise ValueError(
                    f"{name(k)} is not of the shape of {name(0)}, and a compiled program takes "
                    'rows of one shape: pad them, or take backend="eager"'
                )
        self.flat = [list(_flat(row)) for row in self.rows]

    def leaves(self, k: int) -> tuple[list[Value], Any]:
        """Return a leaf for each number of row ``k``, and these leaves nested as the row is."""
        leaves: list[Value] = []
        return leaves, _as_leaves(self.rows[k], self.label, leaves)


def _numbers(held: Any, name: str) -> Any:
    held = plain(held)
    if isinstance(held, list | tuple):
        return [_numbers(item, name) for item in held]
    try:
        return held.data if isinstance(held, Value) else as_number(held)
    except TypeError as error:
        hint = 'a compiled program takes numbers, and nested lists of them; or take backend="eager"'
        raise TypeError(f"{name}: {error}; {hint}") from error


def _shape(row: Any) -> Any:
    return [_shape(item) for item in row] if isinstance(row, list) else None


def _flat(row: Any) -> Iterator[Number]:
    if isinstance(row, list):
        for item in row:
            yield from _flat(item)
    else:
        yield row


def _as_leaves(row: Any, label: str, leaves: list[Value]) -> Any:
    if isinstance(row, list):
        return [_as_leaves(item, f"{label}[{k}]", leaves) for k, item in enumerate(row)]
    leaves.append(Value(row, label=label))
    return leaves[-1]


def filled(template: Any, numbers: Iterator[Number], kind: Callable[[Number], Any] = Value) -> Any:
    """Return nested outputs with the numbers, in turn, in the places of its Values."""
    if isinstance(template, Value):
        return kind(next(numbers))
    if isinstance(template, Mapping):
        return {key: filled(item, numbers, kind) for key, item in template.items()}
    if isinstance(template, list | tuple):
        return [filled(item, numbers, kind) for item in template]
    return template


def columns_for(backend: str, rows: Sequence[Sequence[Number]]) -> Callable[[Sequence[int]], Any]:
    """Return a function of the numbers of some rows that returns their columns.

    Raises TypeError for what is not a float to NumPy.
    """
    if backend in OF_ARRAYS:
        import numpy as np

        array = np.array(rows).T
        if array.dtype.kind not in "fiu":
            raise TypeError(
                "rows or targets hold fractions, or integers too large for a float, which are for "
                'backend="python"'
            )
        array = array.astype(np.float64)
        return lambda batch: array.take(batch, axis=1)
    columns = [list(column) for column in zip(*rows, strict=True)]
    return lambda batch: [[column[k] for k in batch] for column in columns]
