"""A local derivative as a formula in the names of the nodes: ``∂(a*b)/∂a = b``."""

import re
from collections.abc import Callable
from typing import Any

from autograd.operation import TIGHTEST, Operation
from autograd.ops import dot_of, mean_of, pow
from autograd.text import Phrase, leaf_phrase

LONGEST_FORMULA = 28


def local_formula(
    node: Any,
    position: int,
    name: str | None,
    operand: Callable[[Any], Phrase | None],
    digits: int,
) -> str | None:
    """Return the formula of ∂node/∂parent, or None where it has none or an operand no name.

    ``operand`` gives a parent's name or number; ``out`` is written for a node without a name.
    """
    row: Operation = node.operation
    if row is dot_of:
        return _dot_formula(node, position, operand)
    if row is mean_of:
        return f"1/{len(node.parents)}"
    if not row.formulas:  # of any number of operands, or one-off
        return None
    words = {"out": name or "out"}
    for letter, parent in zip(("x", "y"), node.parents, strict=False):
        if found := operand(parent):
            text, binding = found
            words[letter] = text if binding == TIGHTEST else f"({text})"
    template = row.formulas[position]
    if row is pow and position == 0 and node.parents[1].is_constant:
        template = _power_template(node.parents[1].data, digits)
    if set(re.findall(r"\b[xy]\b", template)) - set(words):
        return None
    formula = re.sub(r"\b(?:out|x|y)\b", lambda match: words[match[0]], template)
    if re.fullmatch(r"\(-[^()]*\)", formula):
        formula = formula[1:-1]
    return formula if len(formula) <= LONGEST_FORMULA else None


def _power_template(exponent: Any, digits: int) -> str:
    """Return ``2*x`` for x**2, ``3*x**2`` for x**3."""
    if exponent == 2:
        return "2*x"
    text, binding = leaf_phrase(None, exponent - 1, digits)
    text = text.removeprefix("≈")
    return f"y*x**{text}" if binding == TIGHTEST else f"y*x**({text})"


def _dot_formula(node: Any, position: int, operand: Callable[[Any], Phrase | None]) -> str | None:
    """Return the name of the operand that this one is multiplied by; the bias has none."""
    size = len(node.parents) // 2
    if position == 2 * size:
        return "1"
    found = operand(node.parents[position + size if position < size else position - size])
    return found[0] if found else None
