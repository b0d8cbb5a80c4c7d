"""Rows and targets: some held out for validation, the others cut into batches."""

import random
import zlib
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from autograd import Value
from autograd.numeric import as_number
from nn.training.guard import is_bad

MOST_NAMES = 8

Pair = tuple[Iterable[Any], Iterable[Any]]


class Data(NamedTuple):
    """Rows and targets; from ``n_given`` on they are the pair that was given for validation."""

    rows: list[Any]
    targets: list[Any]
    n_given: int

    def names(self, numbers: Sequence[int]) -> str:
        """Return the names of rows for the caller of ``fit``, as in ``rows[3], rows[0]``."""
        known = [
            f"rows[{k}]" if k < self.n_given else f"validation[0][{k - self.n_given}]"
            for k in numbers[:MOST_NAMES]
        ]
        return ", ".join(known) + (", …" if len(numbers) > MOST_NAMES else "")

    def is_bad(self, k: int) -> bool:
        """Tell whether row ``k`` or its target holds NaN or infinity."""
        return _holds_bad(_plain([self.rows[k], self.targets[k]]))

    def checksum(self) -> int:
        """Return a number that almost surely differs for other data."""
        return zlib.crc32(repr(_plain([self.rows, self.targets])).encode())


def _plain(held: Any) -> Any:
    """Return nested lists of numbers; the name of its class stands for any other object."""
    if hasattr(held, "tolist"):
        held = held.tolist()
    if isinstance(held, list | tuple):
        return [_plain(item) for item in held]
    number = held.data if isinstance(held, Value) else held
    return number if isinstance(number, int | float | Fraction | str) else type(held).__name__


def _holds_bad(held: Any) -> bool:
    return any(map(_holds_bad, held)) if isinstance(held, list) else is_bad(held)


def divided(
    rows: Iterable[Any], targets: Iterable[Any], validation: float | Pair, rng: random.Random
) -> tuple[Data, list[int], list[int]]:
    """Return the data, the numbers of the rows to train on, and of those to validate on.

    Raises TypeError for what is not a list, ValueError for no rows, for unequal lengths and for a
    share of rows that is out of range.
    """
    given = _beside("rows", "targets", rows, targets)
    n = len(given[0])
    if isinstance(validation, tuple | list):
        if len(validation) != 2:
            raise ValueError(f"validation has {len(validation)} parts: it must be (rows, targets)")
        further = _beside("validation rows", "validation targets", *validation)
        data = Data(given[0] + further[0], given[1] + further[1], n)
        return data, list(range(n)), list(range(n, len(data.rows)))
    held_out = set(rng.sample(range(n), _count(validation, n)))
    order = [k for k in range(n) if k not in held_out]
    return Data(*given, n), order, sorted(held_out)


def _beside(one: str, other: str, rows: Any, targets: Any) -> tuple[list[Any], list[Any]]:
    for name, held in ((one, rows), (other, targets)):
        if not isinstance(held, Iterable) or isinstance(held, str | Mapping):
            raise TypeError(f"{name} are a list, not {held!r:.60}")
    listed = list(rows), list(targets)
    if not listed[0]:
        raise ValueError(f"there are no {one}: training needs at least one")
    if len(listed[0]) != len(listed[1]):
        counts = f"{len(listed[0])} {one} and {len(listed[1])} {other}"
        raise ValueError(f"{counts}: give one target for each row")
    return listed


def _count(share: Any, n: int) -> int:
    """Return how many of ``n`` rows to validate on: at least one, unless the share is zero."""
    message = (
        f"validation = {share!r:.60}: it must be a share of the rows, from 0 to below 1, or a pair"
    )
    try:
        number = as_number(share)
    except TypeError as error:
        raise TypeError(message) from error
    if not 0 <= number < 1:
        raise ValueError(message)
    count = max(1, round(number * n)) if number else 0
    if count == n:
        raise ValueError(f"validation = {share} of {n} rows leaves none to train on")
    return count


def batches(numbers: Sequence[int], size: int) -> list[list[int]]:
    """Return ``numbers`` cut into lists of ``size``; the last has what is left.

    A single one left joins the list before it: with one row BatchNorm has no variance.
    """
    cut = [list(numbers[k : k + size]) for k in range(0, len(numbers), size)]
    if size > 1 and len(cut) > 1 and len(cut[-1]) == 1:
        cut[-2:] = [cut[-2] + cut[-1]]
    return cut
