"""Expressions: how a step is written, with names for its operands, in the language of a program."""

import re
from collections.abc import Sequence
from functools import cache
from typing import TypeVar

from autograd.notation import letters_of, place_of
from autograd.operation import OPERATIONS
from autograd.program.library import alias

T = TypeVar("T")

LONGEST_SUM = 30  # terms that stand side by side; Python nests what is longer too deeply


def halves(operands: Sequence[T]) -> tuple[Sequence[T], Sequence[T], Sequence[T]]:
    """Return the operands of a dot: the weights, as many inputs, and a list of the bias, if any."""
    half = len(operands) // 2
    return operands[:half], operands[half : 2 * half], operands[2 * half :]


def takes_many(kind: str) -> bool:
    """Tell whether an operation takes any number of operands."""
    return kind == "linear" or OPERATIONS[kind].arity is None


@cache
def template(language: str, kind: str, count: int) -> str:
    """Return a step of ``count`` operands as a format string, ``{0} + {1}``."""
    operands = [f"{{{k}}}" for k in range(count)]
    if kind in ("linear", "dot", "total"):
        return _sum(language, operands if kind == "total" else _products(operands))
    notation = OPERATIONS[kind].notation
    formula = getattr(notation, language) or (notation.sign and notation.value_formula(count))
    if not formula:
        return f"{alias(language, kind)}({', '.join(operands)})"
    places = {letter: place_of(letter) for letter in letters_of(count)}
    if language == "numpy":
        formula = re.sub(r"(?<=\w)([*/])(?=\w)", r" \1 ", formula)
    return re.sub(r"[^\W\d]\w*", lambda found: _brace(found[0], places), formula)


def _brace(word: str, places: dict[str, int | None]) -> str:
    place = places.get(word)
    return word if place is None else f"{{{place - 1}}}"


def _products(operands: list[str]) -> list[str]:
    xs, ys, bias = halves(operands)
    return [*[f"{x}*{y}" for x, y in zip(xs, ys, strict=True)], *bias]


def _sum(language: str, terms: list[str]) -> str:
    if language == "python" and len(terms) > LONGEST_SUM:
        return f"sum(({', '.join(terms)}))"
    return " + ".join(terms)


def functions_called(texts: set[str]) -> set[str]:
    """Return the names of the functions that some texts call."""
    return {name for text in texts for name in re.findall(r"(?<![\w.])([^\W\d]\w*)\(", text)}
