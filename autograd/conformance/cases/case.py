"""What a case of the conformance check is, and which numbers pass it.

A case is a program of a few lines, as a student would type it, and the numbers it must give. They
are literals from mathematics, so no engine is measured by another. Where engines differ for good
reasons, every choice that can be defended is listed.
"""

import math
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from numbers import Real
from typing import Any

from autograd.conformance.cases.names import Names, in_words_of
from autograd.numeric import shortened
from autograd.wording import show_number, word

TOLERANCE = 1e-6  # relative and absolute, so that engines in single precision pass
LONGEST = 60  # characters of a received thing that is not a number


@dataclass(frozen=True)
class Between:
    """Any number from ``low`` to ``high``: a derivative at a kink."""

    low: float
    high: float


Accepted = float | Between | None
Given = float | str | None  # a number, words for what is not one, or None itself


@dataclass(frozen=True)
class Question:
    """What an engine is asked: a case without the numbers that are right."""

    name: str
    lines: tuple[str, ...]
    quantities: tuple[str, ...]
    needs: tuple[str, ...]
    may_decline: bool
    surely_runs: int  # the first lines, in which an error is not a refusal

    @property
    def file(self) -> str:
        """What Python calls the program in a traceback."""
        return f"<case {self.name}>"


@dataclass(frozen=True)
class Case:
    """One idea, the ``program`` that tries it, and the numbers that are right.

    ``expected`` maps each quantity, an expression after the program has run, to the number or the
    tuple of numbers that pass. Statements of the program are separated by lines or by ``"; "``.
    """

    name: str
    idea: str
    program: str
    expected: Mapping[str, Accepted | tuple[Accepted, ...]]
    hint: str
    needs: tuple[str, ...] = ()  # methods, or functions beside the class: else "not offered"
    may_decline: bool = False  # a TypeError or a failed assert says "not offered"
    may_refuse: int = 0  # in this many of its last lines an error is as right as the number
    group: str = "core"  # what a lecture builds, or "robustness": deep chains, kinks, edits
    tolerance: float = TOLERANCE

    @property
    def lines(self) -> list[str]:
        return self.program.replace("; ", "\n").strip().splitlines()

    @property
    def is_optional(self) -> bool:
        return bool(self.needs) or self.may_decline

    def question(self, names: Names) -> Question:
        """Return the case without the numbers that are right, in the engine's names."""
        lines, quantities = (
            tuple(in_words_of(names, text) for text in texts)
            for texts in (self.lines, self.expected)
        )
        needs = tuple(names.get(name, name) for name in self.needs)
        return Question(
            self.name, lines, quantities, needs, self.may_decline, len(lines) - self.may_refuse
        )

    def accepted(self, quantity: str) -> tuple[Accepted, ...]:
        """Return all choices that pass as ``quantity``."""
        number = self.expected[quantity]
        return number if isinstance(number, tuple) else (number,)

    def shown_expectation(self, quantity: str) -> float | str:
        """Return the number that is right, or the words for several of them."""
        choices = self.accepted(quantity)
        first = choices[0]
        if len(choices) == 1 and isinstance(first, float) and not self.may_refuse:
            return first
        phrases = [_phrase(choice) for choice in choices]
        if self.may_refuse:
            phrases.append(word("an error"))
        return f" {word('or')} ".join(phrases)


def _phrase(choice: Accepted) -> str:
    if isinstance(choice, Between):
        low, high = show_number(choice.low), show_number(choice.high)
        return word("from to", low=low, high=high)
    return str(choice) if choice is None else show_number(choice, 10)


def is_accepted(case: Case, quantity: str, given: Given) -> bool:
    """Tell whether what an engine gave as ``quantity``, a number, words or None, is right."""
    return any(_matches(given, choice, case.tolerance) for choice in case.accepted(quantity))


def _matches(given: Given, choice: Accepted, tolerance: float) -> bool:
    if choice is None or not isinstance(given, float):
        return choice is None and given is None
    if isinstance(choice, Between):
        return choice.low - tolerance <= given <= choice.high + tolerance
    if math.isnan(choice):
        return math.isnan(given)
    return math.isclose(given, choice, rel_tol=tolerance, abs_tol=tolerance)


def number_in(thing: Any) -> float | None:
    """Return the real number that ``thing`` is, or holds: an int, a NumPy scalar, a node.

    None if there is none.
    """
    for _ in range(3):
        if isinstance(thing, Real):
            return _as_float(thing)
        if callable(getattr(thing, "item", None)):
            thing = thing.item()
        else:
            thing = getattr(thing, "data", None)
    return None


def _as_float(number: Any) -> float:
    try:
        return float(number)
    except OverflowError:  # an int or a fraction beyond the floats
        return math.inf if number > 0 else -math.inf


def given_by(thing: Any) -> Given:
    """Return the number that ``thing`` is or holds, None itself, or words for anything else.

    The student's ``__repr__`` is not run.
    """
    if thing is None:
        return None
    number = number_in(thing)
    return _described(thing) if number is None else number


def _described(thing: Any) -> str:
    if type(thing) in (str, bytes, complex):
        return shortened(repr(thing), LONGEST)
    return word("a thing", type=type(thing).__name__[:LONGEST])


def find_function(engine: type, name: str) -> Callable[..., Any] | None:
    """Return ``name`` as the engine offers it: a method, or a function beside the class."""
    method: Callable[..., Any] | None = getattr(engine, name, None)
    if callable(method):
        return method
    beside: Callable[..., Any] | None = getattr(sys.modules.get(engine.__module__), name, None)
    is_for_numbers = type(beside).__name__ in ("builtin_function_or_method", "ufunc")
    return beside if callable(beside) and not is_for_numbers else None
