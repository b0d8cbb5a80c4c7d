"""The numbers that a program is given: one column for each input, one number for each parameter."""

from collections.abc import Iterable, Sequence
from typing import Any

from autograd.numeric import Number, as_number
from autograd.value import Value


def checked_columns(columns: Any, inputs: Sequence[Value]) -> list[list[Number]]:
    """Return the columns as lists of numbers.

    Raises ValueError for a wrong number of columns, unequal lengths and no rows, TypeError for what
    is not a number, naming the column and the row's number.
    """
    listed = [
        checked_list(column, f"column {called(leaf, k)}")
        for k, (column, leaf) in enumerate(paired(columns, inputs))
    ]
    check_lengths([len(column) for column in listed], inputs)
    return listed


def require_one_list(columns: Any, *more: Any) -> None:
    """Raise TypeError where columns, or the numbers of a row, were given one by one."""
    if more:
        listed = [column if is_list(column) else [column] for column in (columns, *more)]
        raise TypeError(
            f"write program({listed!r:.60}): the columns are in one list, with a list of numbers "
            "for each input"
        )


def paired(columns: Any, inputs: Sequence[Value]) -> list[tuple[Any, Value]]:
    """Return each column beside its input; raises ValueError for a wrong number of columns."""
    if not is_list(columns):
        raise TypeError(
            "columns are a list, with one list of numbers for each input, as in "
            f"program([[2.0], [3.0]]), not {columns!r:.60}"
        )
    given = list(columns)
    if len(given) != len(inputs):
        wanted = (
            f": {', '.join(called(leaf, k) for k, leaf in enumerate(inputs))}" if inputs else ""
        )
        hint = "; of rows, list(zip(*rows)) makes columns" if inputs else "; it has no inputs"
        raise ValueError(
            f"the program takes {len(inputs)} column{'s' * (len(inputs) != 1)}{wanted}; "
            f"it was given {len(given)}{hint}"
        )
    for k, (column, leaf) in enumerate(zip(given, inputs, strict=True)):
        if not is_list(column):
            raise TypeError(f"column {called(leaf, k)} is a list of numbers, not {column!r:.60}")
    return list(zip(given, inputs, strict=True))


def check_lengths(lengths: Sequence[int], inputs: Sequence[Value]) -> None:
    """Raise ValueError unless all columns have as many rows, and at least one."""
    for k, length in enumerate(lengths):
        if length != lengths[0]:
            raise ValueError(
                f"columns of unequal length: {called(inputs[0], 0)} has {lengths[0]} rows, "
                f"{called(inputs[k], k)} has {length}"
            )
    if lengths and not lengths[0]:
        raise ValueError("there are no rows: a mean needs at least one")


def called(leaf: Value, k: int) -> str:
    """Return what messages call input ``k``."""
    return leaf.label or f"input {k}"


def is_list(given: Any) -> bool:
    """Tell a list, or what can be made one, from text and from an array of a single number."""
    return isinstance(given, Iterable) and not isinstance(given, str) and _n_axes(given) > 0


def _n_axes(given: Any) -> int:
    found: int = getattr(given, "ndim", 1)  # of an array; a list has none
    return found


def check_array(numbers: Any, place: str) -> None:
    """Raise ValueError, naming the place, for an array of more than one list."""
    if _n_axes(numbers) != 1:
        raise ValueError(f"{place} has the shape {numbers.shape}: it is one list of numbers")


def checked_list(numbers: Any, place: str) -> list[Number]:
    """Return numbers as a list; raises TypeError, naming the place, for what is not a number."""
    check_array(numbers, place)
    items = numbers.tolist() if hasattr(numbers, "tolist") else list(numbers)
    if {*map(type, items)} <= {float, int}:
        return items
    return [_number(item, f"{place}, number {k}") for k, item in enumerate(items)]


def _number(item: Any, place: str) -> Number:
    try:
        return as_number(item)
    except TypeError as error:
        raise TypeError(f"{place}: {error}") from None


def checked_numbers(numbers: Any, parameters: Sequence[Value]) -> list[Number]:
    """Return one number for each parameter; raises as ``checked_columns``."""
    if not is_list(numbers):
        raise TypeError(f"parameters are a list of numbers, not {numbers!r:.60}")
    items = checked_list(numbers, "parameters")
    if len(items) != len(parameters):
        raise ValueError(f"the program has {len(parameters)} parameters; it was given {len(items)}")
    return items
