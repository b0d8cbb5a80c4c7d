"""How an operation is written: its value and its local derivatives as formulas in letters.

A formula is an expression of Python, kept as text. ``out`` is the result; ``x``, ``y`` and ``z``
are the operands; where there may be more of them they are ``x0``, ``x1``, ``x2``, ...
``sum(a, b, c)`` stands for a + b + c, and a letter may be explained after a comma, as in
``s + out*(1 - s), s = sigmoid(x)``. A writer, one for each language, puts names, numbers or other
formulas in place of the letters.
"""

import ast
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from autograd.numeric import Number

SUM, PRODUCT, SIGN, POWER, TIGHTEST = 1, 2, 3, 4, 9  # how tightly the parts of a formula bind
PLACES = {"out": 0, "x": 1, "y": 2, "z": 3}


class Formula(NamedTuple):
    """A formula, and the numbers that some of its letters stand for; "" where there is none."""

    text: str
    numbers: Mapping[str, Number] = {}


class Notation(NamedTuple):
    """How one operation is written.

    name         what it is called
    arity        how many operands it takes, None for any number
    locals       the formula of each local derivative, "" where it has none; for any number of
                 operands, a function of the position and of their number
    value        the value as it is typed in Python, for any number of operands a function of their
                 number; None: a call of the name, as in ``exp(x)``
    meaning      the same in mathematics, where nobody would write it as it is typed
    simpler      a function of a node and a position: a simpler formula of that local derivative,
                 None where there is none
    tex          the name as TeX, or the whole call, in which ``#1`` stands for the first operand
    python       the value in a program; "" for the value as it is typed, a sign or a call
    numpy        the same in a program of arrays
    javascript   the same in JavaScript

    A call in a program is of a function of the operation's name, from the library of its language.
    """

    name: str
    arity: int | None = None
    locals: Sequence[str] | Callable[[int, int], str] = ()
    value: str | Callable[[int], str] | None = None
    meaning: str | Callable[[int], str] | None = None
    simpler: Callable[[Any, int], Formula | None] | None = None
    tex: str = ""
    python: str = ""
    numpy: str = ""
    javascript: str = ""

    @property
    def sign(self) -> str:
        """The sign before an operand or between two, as ``-`` for neg; "" for other operations."""
        if not isinstance(self.value, str):
            return ""
        match parsed(self.value):
            case ast.BinOp(ast.Name(), _, ast.Name()) | ast.UnaryOp(_, ast.Name()):
                return re.sub(r"[\w\s]", "", self.value)
        return ""

    def value_formula(self, count: int) -> str | None:
        """Return the formula of the value of ``count`` operands, None for a call of the name."""
        return self._for(count, self.value)

    def meaning_formula(self, count: int) -> str | None:
        """Return the formula of the value in mathematics, None for a call of the name."""
        return self._for(count, self.meaning or self.value)

    def _for(self, count: int, value: str | Callable[[int], str] | None) -> str | None:
        if callable(value):
            return value(count)
        return value if self.arity == count else None

    def local_formula(self, position: int, count: int) -> str:
        """Return the formula of a local derivative of ``count`` operands, "" where it has none."""
        if callable(self.locals):
            return self.locals(position, count)
        return self.locals[position] if self.locals else ""

    def local_formula_at(self, node: Any, position: int) -> Formula:
        """Return the formula of a local derivative of a node, the simpler one if it has one."""
        found = self.simpler(node, position) if self.simpler else None
        return found or Formula(self.local_formula(position, len(node.parents)))


# -- formulas ------------------------------------------------------------------------------------


@lru_cache(maxsize=256)
def parsed(formula: str) -> ast.expr:
    """Return a formula as a tree, without the explanation after its comma."""
    return ast.parse(formula, mode="eval").body


def explained(formula: str) -> tuple[str, str, str] | None:
    """Return ``("s*(1 - s)", "s", "sigmoid(x)")`` for ``s*(1 - s), s = sigmoid(x)``."""
    found = re.fullmatch(r"(.*), (\w+) = (.*)", formula)
    return (found[1], found[2], found[3]) if found else None


def letters_of(count: int) -> list[str]:
    """Return the letters that stand for ``count`` operands."""
    return [f"x{k}" for k in range(count)] if count > len("xyz") else list("xyz"[:count])


def place_of(letter: str) -> int | None:
    """Return what a letter stands for: ``out`` 0, the first operand 1, and so on; else None."""
    if letter in PLACES:
        return PLACES[letter]
    return int(letter[1:]) + 1 if letter[0] == "x" and letter[1:].isdecimal() else None


def places(formula: str) -> dict[str, int]:
    """Return the place of each letter in a formula that stands for the result or an operand."""
    found = {letter: place_of(letter) for letter in re.findall(r"[^\W\d]\w*", formula)}
    return {letter: place for letter, place in found.items() if place is not None}


# -- simpler formulas ----------------------------------------------------------------------------


def for_constant_exponent(node: Any, position: int) -> Formula | None:
    """Return ``2*x`` for x**2, ``3*x**2`` for x**3."""
    exponent = node.parents[1]
    if position == 1 or not exponent.is_constant:
        return None
    if exponent.data == 2:
        return Formula("2*x")
    return Formula("y*x**n", {"n": exponent.data - 1})


def for_equal_operands(node: Any, position: int) -> Formula | None:
    """Return one half, where neither of two operands is the larger one."""
    return Formula("1/2") if node.record[1] == node.record[2] else None


def for_chosen_score(node: Any, position: int) -> Formula | None:
    """Return ``exp(-out)`` for exp(x - x - out), in which the score is that of the chosen class."""
    is_chosen = position > 0 and node.parents[position] is node.parents[0]
    return Formula("exp(-out)") if is_chosen else None


# -- of n operands: the value, its meaning, and the local derivative of operand k ------------------


def _listed(n: int, term: str = "x{k}", start: int = 0) -> str:
    """Return ``x0, x1, x2``: a term for each of the operands from ``start`` to ``n``."""
    return ", ".join(term.format(k=k) for k in range(start, n))


def total(n: int) -> str:
    return f"sum({_listed(n)})"


def total_local(k: int, n: int) -> str:
    return "1"


def mean(n: int) -> str:
    return f"mean([{_listed(n)}])"


def mean_meaning(n: int) -> str:
    return f"{total(n)}/{n}"


def mean_local(k: int, n: int) -> str:
    return f"1/{n}"


def dot(n: int) -> str:
    """Return ``sum(x0*x2, x1*x3, x4)``: weights, as many inputs, and perhaps a bias."""
    size = n // 2
    products = [f"x{k}*x{k + size}" for k in range(size)]
    return f"sum({', '.join(products + [f'x{n - 1}'] * (n % 2))})"


def dot_local(k: int, n: int) -> str:
    size = n // 2
    if k == 2 * size:
        return "1"
    return f"x{k + size if k < size else k - size}"


def logsumexp(n: int) -> str:
    return f"logsumexp([{_listed(n)}])"


def logsumexp_meaning(n: int) -> str:
    return f"log(sum({_listed(n, 'exp(x{k})')}))"


def logsumexp_local(k: int, n: int) -> str:
    return f"exp(x{k} - out)"


def cross_entropy(n: int) -> str:
    """Return the formula of the scores x1, x2, ..., of which the chosen one comes first, as x0."""
    return f"logsumexp([{_listed(n, start=1)}]) - x0"


def cross_entropy_meaning(n: int) -> str:
    return f"log(sum({_listed(n, 'exp(x{k})', 1)})) - x0"


def cross_entropy_local(k: int, n: int) -> str:
    return f"exp(x{k} - x0 - out)" if k else "-1"
