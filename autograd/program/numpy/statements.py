"""Statements on arrays: what is read, in which formula, and under which name."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from autograd.notation import PRODUCT, SUM, TIGHTEST
from autograd.program.steps import literal


class Read(NamedTuple):
    """An operand of a statement: an array, what is taken of it, and how tightly it must bind."""

    array: str
    taken: str = ""  # the text behind the name, ``[0:3]`` or ``.T``; of a number all of its text
    binding: int = TIGHTEST

    def within(self, binding: int) -> "Read":
        return self._replace(binding=binding)


@dataclass
class Expression:
    """A formula: a format string, what it reads at the places, and how tightly it binds."""

    text: str
    reads: list[Read]
    binding: int = TIGHTEST


@dataclass
class Statement:
    """One array of the program, and the expression that computes it.

    Until the text is written its name ends in ``#`` and a number of its own.
    """

    name: str
    expression: Expression
    steps: list[int]


def times(x: Read, y: Read, sign: str = "*") -> Expression:
    """Return the product of two arrays, number by number, or with ``@`` of matrices."""
    reads = [x.within(PRODUCT if sign == "*" else PRODUCT + 1), y.within(PRODUCT + 1)]
    return Expression(f"{{0}} {sign} {{1}}", reads, PRODUCT if sign == "*" else SUM)


def whole(read: Read) -> Expression:
    return Expression("{0}", [read.within(SUM)], SUM)


def add(terms: Sequence[Expression]) -> Expression:
    """Return the sum of some expressions."""
    if len(terms) == 1:
        return terms[0]
    texts: list[str] = []
    reads: list[Read] = []
    for term in terms:
        places = [f"{{{len(reads) + k}}}" for k in range(len(term.reads))]
        texts.append(term.text.format(*places))
        reads += [read.within(max(read.binding, SUM)) for read in term.reads]
    return Expression(" + ".join(texts), reads, SUM)


def summed(expression: Expression) -> Expression:
    """Return the sum over the numbers of each row."""
    text = expression.text if expression.text == "{0}" else f"({expression.text})"
    reads = [r.within(TIGHTEST) for r in expression.reads] if text == "{0}" else expression.reads
    return Expression(f"{text}.sum(axis=0, keepdims=True)", reads)


def listed(numbers: Any) -> str:
    """Return numbers, in lists, as they are typed."""
    if isinstance(numbers, list | tuple):
        return f"[{', '.join(map(listed, numbers))}]"
    text = literal(numbers)
    return text[1:-1] if text.startswith("(") else text
