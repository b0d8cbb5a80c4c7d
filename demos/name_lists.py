"""First names of the United States, as symbols, and how well counting alone foretells them."""

import math
import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from string import ascii_lowercase

from demos.extras import imports_from

SYMBOLS = "." + ascii_lowercase  # a name begins and ends with a dot
HELD_OUT = 0.1


def first_names(seed: int = 0) -> tuple[list[str], list[str]]:
    """Return names to train on, and others held out: 5,163 in all, each once.

    They are those of the census of 1990 (U.S. Census Bureau), without regard to how common each is.
    """
    with imports_from("names"):  # here, since others need only the symbols
        from names import FILES

    listed = set()
    for group in ("first:female", "first:male"):
        with open(FILES[group], encoding="ascii") as lines:
            listed |= {line.split()[0].lower() for line in lines}
    shuffled = sorted(listed)
    random.Random(seed).shuffle(shuffled)
    n = round(HELD_OUT * len(shuffled))
    return shuffled[n:], shuffled[:n]


def numbered(name: str) -> list[int]:
    """Return the numbers of a name's symbols, with the dots around it."""
    return [SYMBOLS.index(symbol) for symbol in f".{name}."]


def entropy(names: Sequence[str], n_before: int) -> float:
    """Return the entropy of a symbol, in nats, if the ``n_before`` symbols before it are known.

    It is the lowest loss on these names of what looks back so far and not further.
    """
    return _mean_surprise(names, _counts(names, n_before), n_before, 0)


def surprise(names: Sequence[str], counted: Sequence[str], n_before: int) -> float:
    """Return the loss on ``names`` of frequencies counted in others, in nats a symbol.

    Every count is one more than it is (Laplace), or what has not been met would be impossible.
    """
    return _mean_surprise(names, _counts(counted, n_before), n_before, 1)


def _counts(names: Sequence[str], n_before: int) -> dict[str, Counter[str]]:
    """Return how often each symbol comes after each text of ``n_before`` symbols."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for name in names:
        for before, symbol in _in_context(name, n_before):
            counts[before][symbol] += 1
    return counts


def _mean_surprise(
    names: Sequence[str], counts: dict[str, Counter[str]], n_before: int, extra: int
) -> float:
    surprises = []
    for name in names:
        for before, symbol in _in_context(name, n_before):
            found = counts.get(before, Counter())
            n = found.total() + extra * len(SYMBOLS)
            surprises.append(-math.log((found[symbol] + extra) / n))
    return sum(surprises) / len(surprises)


def _in_context(name: str, n_before: int) -> list[tuple[str, str]]:
    """Return each symbol after the first dot, and what stands before it."""
    text = f".{name}."
    return [(text[max(0, k - n_before) : k], text[k]) for k in range(1, len(text))]
