"""A local derivative as a formula in the names of the nodes: ``∂(a*b)/∂a = b``."""

import re
from collections.abc import Callable
from typing import Any

from autograd.operation import OPERATIONS, TIGHTEST, Operation
from autograd.ops import dot_of, leaf, mean_of, pow, total_of
from autograd.text import leaf_phrase

LONGEST_SLOPE = 28


def slope_text(
    node: Any, position: int, name: Callable[[Any], str | None], digits: int
) -> str | None:
    """Return the formula of ∂node/∂parent, or None where it has none or an operand no name.

    ``out`` is written for a node without a name.
    """
    row: Operation = getattr(node, "operation", leaf)
    words = {"out": name(node) or "out"}
    operands = node.parents
    if row is dot_of:
        return _dot_slope(node, position, name, digits)
    if row is total_of:
        return "1"
    if row is mean_of:
        return f"1/{len(operands)}"
    if position >= len(row.slopes) or OPERATIONS.get(row.name) is not row:
        return None
    for letter, operand in zip(("x", "y"), operands, strict=False):
        operand_name = name(operand)
        if operand_name is None and not operand.is_constant:
            continue
        text, binding = leaf_phrase(operand, operand_name, digits)
        words[letter] = text if binding == TIGHTEST else f"({text})"
    template = row.slopes[position]
    if row is pow and position == 0 and operands[1].is_constant:
        template = _power_template(operands[1].record[0])
    used = set(re.findall(r"\b(?:x|y)\b", template))
    if used - set(words):
        return None
    formula = re.sub(r"\b(?:out|x|y)\b", lambda match: words[match[0]], template)
    if re.fullmatch(r"\(-[^()]*\)", formula):
        formula = formula[1:-1]
    return formula if len(formula) <= LONGEST_SLOPE else None


def _power_template(exponent: Any) -> str:
    """Return ``2*x`` for x**2, ``3*x**2`` for x**3."""
    if exponent == 2:
        return "2*x"
    return f"y*x**{exponent - 1}" if exponent > 1 else f"y*x**({exponent - 1})"


def _dot_slope(
    node: Any, position: int, name: Callable[[Any], str | None], digits: int
) -> str | None:
    size = len(node.parents) // 2
    if position == 2 * size:
        return "1"
    partner = node.parents[position + size if position < size else position - size]
    if name(partner) is None and not partner.is_constant:
        return None
    text: str = leaf_phrase(partner, name(partner), digits)[0]
    return text
