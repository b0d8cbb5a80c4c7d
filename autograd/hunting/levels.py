"""Which bug a hunt has: twenty levels, and a seed that chooses among the bugs of one.

The bugs stand from easy to hard in ``levels.json``: first those that a smaller graph shows, and
of these first those that more of the graphs of that size show. Each level has a twentieth.
"""

import hashlib
import json
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from autograd.conformance import MUTANTS_BY_NAME, Mutant
from autograd.errors import HuntError

ORDERED = Path(__file__).with_name("levels.json")
LEVELS = 20
CHOICES = 6
LONGEST_SEED = 80


@dataclass(frozen=True)
class Bug:
    """A planted bug: a mutant, and a smallest graph that shows it."""

    mutant: Mutant
    graph: str
    nodes: int


@cache
def stored() -> Any:
    return json.loads(ORDERED.read_text(encoding="utf-8"))


@cache
def bugs_of(level: int) -> tuple[Bug, ...]:
    """Return the bugs of a level."""
    rows = stored()["bugs"]
    return tuple(
        Bug(MUTANTS_BY_NAME[row["bug"]], row["graph"], row["nodes"])
        for k, row in enumerate(rows)
        if k * LEVELS // len(rows) + 1 == level
    )


def chosen_level(level: object, seed: str) -> int:
    """Return the level: the given one, or the first, or, with a seed, what that chooses.

    Raises HuntError for what is not a level.
    """
    if level is None:
        return 1 + _number("level", seed) % LEVELS if seed else 1
    is_whole = isinstance(level, int) and not isinstance(level, bool)
    if not is_whole or not 1 <= level <= LEVELS:  # type: ignore[operator]  # an int then
        raise HuntError(f"{level!r:.40} is not a level: there are the levels 1 to {LEVELS}")
    return level  # type: ignore[return-value]


def normal_seed(seed: object) -> str:
    """Return a seed, a number or a name, as text: ``Ada`` and ``ADA`` are one.

    Raises HuntError for what is neither.
    """
    if not isinstance(seed, int | str) or isinstance(seed, bool):
        raise HuntError(f"{seed!r:.40} is not a seed: it is a number or a name, as in 7 or 'Ada'")
    text = " ".join(unicodedata.normalize("NFC", str(seed)).casefold().split())
    if "|" in text or not text.isprintable() or len(text) > LONGEST_SEED:
        raise HuntError(
            f"{seed!r:.40} is not a seed: at most {LONGEST_SEED} letters, without | and controls"
        )
    return text


def chosen_bug(level: int, seed: str) -> Bug:
    """Return the bug that the seed chooses: the same on every machine."""
    bugs = bugs_of(level)
    return bugs[_number("bug", level, seed) % len(bugs)]


def choices_for(bug: Bug, level: int, seed: str) -> list[Mutant]:
    """Return six descriptions, the true one among them, in an order that the seed chooses.

    They come in pairs of one method each, so that none is alone in its place.
    """

    def shuffled(mutants: list[Mutant], use: str) -> list[Mutant]:
        return sorted(mutants, key=lambda mutant: _number(use, level, seed, mutant.name))

    by_method: dict[str, list[Mutant]] = {bug.mutant.method: [bug.mutant]}
    mutants = [other.mutant for k in range(1, LEVELS + 1) for other in bugs_of(k)]
    for mutant in shuffled(mutants, "choice"):
        if mutant != bug.mutant:
            by_method.setdefault(mutant.method, []).append(mutant)
    pairs = [together[:2] for together in by_method.values() if len(together) > 1]
    if len(by_method[bug.mutant.method]) == 1:
        pairs.insert(0, [bug.mutant])
    chosen = [mutant for pair in pairs for mutant in pair]
    return shuffled(chosen[:CHOICES], "order")


def _number(*parts: object) -> int:
    """Return a number that looks random and is the same everywhere, unlike that of ``hash``."""
    text = "|".join(map(str, parts))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
