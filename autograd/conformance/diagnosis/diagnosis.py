"""Diagnosis: which of the typical mistakes explains the failures of an engine best.

The failures of every mutant are stored in ``patterns.json``. Of two mutants that fail in the same
cases, that is the more likely one whose numbers are those of the engine, too.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from autograd.conformance.cases import Names, Result
from autograd.conformance.diagnosis.methods import Methods, find_method
from autograd.conformance.diagnosis.mutants import MUTANTS_BY_NAME, Mutant
from autograd.conformance.diagnosis.outcomes import (
    ABSENT,
    missing_methods,
    missing_operator,
    outcomes_of,
    same_attempt,
)
from autograd.wording import word

PATTERNS = Path(__file__).with_name("patterns.json")
FITS = 0.5  # of the weight of the failures, that a mistake has to explain
CLOSE = 0.8  # of the best score: the next best guess is told
SAME_QUANTITY = 0.5  # how much a failure counts that is another number, or error, than the mutant's
ANOTHER_FAILURE = 0.2
EXTRA = 0.5  # how much a failure counts that the mutant has not: there may be two mistakes
IN_ROBUSTNESS = 0.5

Outcomes = Mapping[str, str]


@dataclass(frozen=True)
class Guess:
    """A mistake that explains the failures: its name, in words, and the method to look at.

    ``line`` is where the method begins, and 0 if its source is not at hand.
    """

    name: str
    says: str
    method: str
    line: int
    score: float

    def __str__(self) -> str:
        place = word("method at line", method=self.method, line=str(self.line))
        return f"{self.says}{place if self.line else ''}"


@dataclass(frozen=True)
class Diagnosis:
    """The most likely mistake, and the next best guess if it is close."""

    likely: Guess
    next: Guess | None

    def __str__(self) -> str:
        text = word("most likely", mistake=self.likely)
        return f"{text}. {word('or else', mistake=self.next)}" if self.next else text


@dataclass(frozen=True)
class _Failures:
    """The failures of the engine: ``style`` are those that right engines of some manner have."""

    outcomes: Outcomes
    groups: Mapping[str, str]
    style: frozenset[str]
    unwritten: frozenset[str]

    def weight(self, cases: frozenset[str]) -> float:
        return sum(1.0 if self.groups[case] == "core" else IN_ROBUSTNESS for case in cases)


@cache
def _stored() -> Any:
    return json.loads(PATTERNS.read_text(encoding="utf-8"))


def diagnose(
    results: Sequence[Result], engine: str, methods: Methods, names: Names
) -> Diagnosis | None:
    """Return the most likely mistake, or None if no known one fits, or nothing is wrong.

    The results are in our names, the ``methods`` in the engine's own, which ``names`` tell.
    """
    outcomes = outcomes_of(results, engine)
    if not any(outcome != ABSENT for outcome in outcomes.values()):
        return None
    failures = _failures(results, outcomes)
    missing = missing_methods(outcomes.values())  # where nothing is written, nothing is wrong
    scores = {
        name: max(_score(pattern, failures) for pattern in patterns)
        for name, patterns in _stored()["mutants"].items()
        if MUTANTS_BY_NAME[name].method not in missing
    }
    ranked = sorted(scores, key=lambda name: -scores[name])
    guesses = [
        _guess(MUTANTS_BY_NAME[name], scores[name], methods, names)
        for name in ranked[:2]
        if scores[name] >= FITS
    ]
    if not guesses:
        return None
    is_close = len(guesses) > 1 and guesses[1].score >= CLOSE * guesses[0].score
    return Diagnosis(guesses[0], guesses[1] if is_close else None)


def _guess(mutant: Mutant, score: float, methods: Methods, names: Names) -> Guess:
    method, line = find_method(mutant, methods, names)
    return Guess(mutant.name, mutant.says, method, line, score)


def _failures(results: Sequence[Result], outcomes: Outcomes) -> _Failures:
    failed = {case: outcome for case, outcome in outcomes.items() if outcome != ABSENT}
    style = {
        case
        for case, outcome in failed.items()
        if any(right.get(case) == outcome for right in _stored()["right"].values())
    }
    unwritten = {case for case, outcome in failed.items() if missing_operator(outcome)}
    groups = {result.name: result.group for result in results}
    return _Failures(outcomes, groups, frozenset(style), frozenset(unwritten))


def _score(pattern: Outcomes, found: _Failures) -> float:
    """Return how well a mutant's pattern explains what was found, from 0 to 1."""
    failed = frozenset(case for case, outcome in found.outcomes.items() if outcome != ABSENT)
    same = frozenset(case for case in pattern if found.outcomes.get(case) == pattern[case])
    silent = frozenset(case for case, outcome in found.outcomes.items() if outcome == ABSENT)
    if not same & found.unwritten:  # what is not written yet says nothing about other mistakes
        silent |= found.unwritten
    foreseen = frozenset(pattern) & found.groups.keys() - silent
    extra = failed - silent - pattern.keys()
    if same - found.style:
        extra -= found.style
    other = foreseen & failed - same
    close = frozenset(case for case in other if same_attempt(pattern[case], found.outcomes[case]))
    if all(found.groups[case] != "core" for case in failed - silent):
        explains_all = bool(foreseen) and foreseen == same | close and not extra
        return explains_all * (1.0 if same == foreseen else CLOSE)
    explained = (
        found.weight(same)
        + SAME_QUANTITY * found.weight(close)
        + ANOTHER_FAILURE * found.weight(other - close)
    )
    return explained / (found.weight(foreseen) + EXTRA * found.weight(extra) or 1.0)
