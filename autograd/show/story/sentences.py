"""Sentences with places for numbers: said once, filled by whoever has the numbers."""

from collections.abc import Mapping
from dataclasses import dataclass

from autograd.wording import WrittenNumber

Numbers = Mapping[str, WrittenNumber]  # by the names that places give them


@dataclass(frozen=True, slots=True)
class Place:
    """Where a number stands: ``as`` a "term", a "factor" (in parentheses where it needs them), or
    "alone", with its own ``≈``.
    """

    number: str
    role: str = "term"

    def filled(self, numbers: Numbers) -> str:
        number = numbers[self.number]
        return {"term": number.text, "factor": number.factor, "alone": str(number)}[self.role]


@dataclass(frozen=True, slots=True)
class Equals:
    """``=``, or ``≈`` where one of the numbers ``between`` both sides is rounded."""

    between: tuple[str, ...]

    def filled(self, numbers: Numbers) -> str:
        return equals(any(numbers[name].is_rounded for name in self.between))


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula with an equals sign before it, left out where it reads as its ``result`` does."""

    sign: Equals
    parts: "tuple[str | Place, ...]"
    result: str

    def filled(self, numbers: Numbers) -> str:
        text = Sentence(self.parts).filled(numbers)
        return "" if text == numbers[self.result].text else f"{self.sign.filled(numbers)} {text} "


Part = str | Place | Equals | Formula


@dataclass(frozen=True, slots=True)
class Sentence:
    """What views say, in parts: text, places for numbers, and signs that depend on these."""

    parts: tuple[Part, ...] = ()

    def filled(self, numbers: Numbers) -> str:
        return "".join(
            part if isinstance(part, str) else part.filled(numbers) for part in self.parts
        )


def sentence(*parts: Part) -> Sentence:
    return Sentence(parts)


def equals(is_rounded: bool) -> str:
    return "≈" if is_rounded else "="
