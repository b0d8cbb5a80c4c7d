"""Settings: which are allowed, and what is said about the others."""

import math
import operator
import random
from collections.abc import Callable
from typing import Any, SupportsIndex

from autograd.numeric import Number, as_number, saturated, shortened, shown, whole_number

Range = tuple[str, Callable[[Number], bool]]  # in words, and as a test

ANY: Range = ("a number", lambda number: True)
NOT_NEGATIVE: Range = ("zero or more", lambda number: number >= 0)
POSITIVE: Range = ("above zero", lambda number: number > 0)
DIVISOR: Range = ("above zero, so that nothing is divided by zero", lambda number: number > 0)
SHARE: Range = ("from 0 to below 1", lambda number: 0 <= number < 1)
FACTOR: Range = ("above 0 and at most 1", lambda number: 0 < number <= 1)
UP_TO_ONE: Range = ("from 0 to 1", lambda number: 0 <= number <= 1)
PROBABILITY: Range = ("a probability, from 0 to 1", lambda number: 0 <= number <= 1)


def checked_number(what: str, candidate: Any, allowed: Range, *, within: Any = None) -> Any:
    """Return ``candidate`` as a number; ``within`` is the setting that it is only a part of.

    Raises ValueError, with the setting, for what is not a number, for one out of range, and for
    one that no float can hold.
    """
    words, holds = allowed
    try:
        number = as_number(candidate)
    except TypeError as error:
        setting = candidate if within is None else within
        raise ValueError(f"{what} = {setting!r:.60}: {error}") from error
    told = shown(number) if within is None else within
    if not isinstance(number, float) and math.isinf(saturated(number)):
        raise ValueError(f"{what} = {shortened(str(told))}: it is too large for a float")
    if not holds(number):
        raise ValueError(f"{what} = {shortened(str(told))}: it must be {words}")
    return number


def checked_count(what: str, count: Any) -> int:
    """Return ``count`` as an int, also one of NumPy's; ValueError unless it is at least 1."""
    return whole_number(what, count, least=1)


def as_random(rng: int | random.Random) -> random.Random:
    """Return ``rng`` itself, or a generator seeded with it; raises TypeError for anything else."""
    if isinstance(rng, random.Random):
        return rng
    if isinstance(rng, SupportsIndex) and not isinstance(rng, bool):
        return random.Random(operator.index(rng))
    raise TypeError(f"rng is a seed, as in rng=1, or a random.Random, not {rng!r:.60}")
