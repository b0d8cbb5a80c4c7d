"""Sentences with places for numbers: said once, filled by whoever has the numbers."""

from collections.abc import Mapping
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Equals:
    """``=``, or ``≈`` where one of the numbers ``between`` both sides is rounded."""

    between: tuple[str, ...]

    def filled(self, numbers: Numbers) -> str:
        return equals(any(numbers[name].is_rounded for name in self.between))


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula with an equals sign before it, left out where it would repeat its ``result``."""

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


def sentence_as_json(sentence):
    def part(p):
        if isinstance(p, str):
            return p
        if isinstance(p, Place):
            return ["place", p.number, p.role]
        if isinstance(p, Equals):
            return ["equals", list(p.between)]
        return ["formula", list(p.sign.between), [part(q) for q in p.parts], p.result]

    return [part(p) for p in sentence.parts]
