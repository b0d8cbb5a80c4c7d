"""A local derivative as a formula in the names of the nodes: ``∂(a*b)/∂a = b``."""

import re
from collections.abc import Callable
from typing import Any

from autograd.notation import TIGHTEST, places
from autograd.text.formulas import binding_of, constant
from autograd.text.writer import Phrase, Writer, wrapped, write

LONGEST_FORMULA = 28


def local_formula(
    node: Any,
    position: int,
    name: str | None,
    operand: Callable[[Any], Phrase | None],
    digits: int,
    writer: type[Writer] = Writer,
) -> str | None:
    """Return the formula of ∂node/∂parent, or None if there is none or an operand has no name.

    ``operand`` gives a parent's name or number; ``out`` is written for a node without a name.
    """
    formula, numbers = node.operation.notation.local_formula_at(node, position)
    phrases: dict[str, Phrase] = {}
    for letter, number in numbers.items():
        written = writer.shown(constant(number, digits, writer))
        phrases[letter] = written.text, binding_of(written)
    for letter, place in places(formula).items():
        found = operand(node.parents[place - 1]) if place else (name or "out", TIGHTEST)
        if not found:
            return None
        phrases[letter] = found
    if not formula:
        return None
    if formula not in phrases:  # a letter alone needs no parentheses
        phrases = {p: (wrapped(phrase, TIGHTEST), TIGHTEST) for p, phrase in phrases.items()}
    text, _ = write(formula, phrases.get, writer)
    return text if len(text) <= LONGEST_FORMULA else None


def has_names(formula: str) -> bool:
    """Tell whether a formula says more than its number: ``1e+10`` does not."""
    return re.search(r"[^\W\d_]", re.sub(r"\d\.?\d*e[-−+]?\d+", "", formula)) is not None
