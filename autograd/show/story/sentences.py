"""Sentences with places for numbers: said once, filled by whoever has the numbers.

A page gets them ``as_json`` and fills them in JavaScript (show/pages/graph/sentences.js).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autograd.text import Typesetter
from autograd.wording import WrittenNumber

Numbers = Mapping[str, WrittenNumber]  # by the names that places give them


@dataclass(frozen=True, slots=True)
class Place:
    """Where a number stands, and in which role.

    term      as it is, without ``≈``
    factor    in parentheses where it needs them
    exponent  raised, as pictures and pages do
    alone     with its own ``≈``
    """

    number: str
    role: str = "term"

    def filled(self, numbers: Numbers) -> str:
        number = numbers[self.number]
        match self.role:
            case "factor":
                return number.factor
            case "exponent":
                return Typesetter.raised(number.factor)
            case "alone":
                return str(number)
        return number.text

    def as_json(self) -> list[Any]:
        return [self.role, self.number]


@dataclass(frozen=True, slots=True)
class Equals:
    """``=``, or ``≈`` where one of the numbers ``between`` both sides is rounded.

    Where one of the ``factors`` is exactly zero it is ``=``, however rounded the others are.
    """

    between: tuple[str, ...]
    factors: tuple[str, ...] = ()

    def filled(self, numbers: Numbers) -> str:
        is_rounded = any(numbers[name].is_rounded for name in self.between)
        return equals(is_rounded and not any(numbers[name].is_zero for name in self.factors))

    def as_json(self) -> list[Any]:
        return ["=", self.between, *([self.factors] if self.factors else [])]


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula with an equals sign before it, left out where it would repeat its ``result``."""

    sign: Equals
    parts: "tuple[str | Place, ...]"
    result: str

    def filled(self, numbers: Numbers) -> str:
        text = Sentence(self.parts).filled(numbers)
        return "" if text == numbers[self.result].text else f"{self.sign.filled(numbers)} {text} "

    def as_json(self) -> list[Any]:
        return ["formula", self.sign.as_json(), Sentence(self.parts).as_json(), self.result]


Part = str | Place | Equals | Formula


@dataclass(frozen=True, slots=True)
class Sentence:
    """What views say, in parts: text, places for numbers, and signs that depend on these."""

    parts: tuple[Part, ...] = ()

    def filled(self, numbers: Numbers) -> str:
        return "".join(
            part if isinstance(part, str) else part.filled(numbers) for part in self.parts
        )

    def as_json(self) -> list[Any]:
        """Return the parts: text as text, any other as a list whose first item says what it is."""
        return [part if isinstance(part, str) else part.as_json() for part in self.parts]


def sentence(*parts: Part) -> Sentence:
    return Sentence(parts)


def equals(is_rounded: bool) -> str:
    return "≈" if is_rounded else "="
