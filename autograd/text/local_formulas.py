"""A local derivative as a formula in the names of the nodes: ``∂(a*b)/∂a = b``."""

import re
from collections.abc import Callable
from typing import Any

from autograd import ops
from autograd.operation import TIGHTEST
from autograd.text.formulas import Phrase, leaf_phrase

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
    template, letters = derivative_template(node, position, digits)
    words = {"out": name or "out"}
    for letter, parent in letters.items():
        if found := operand(parent):
            text, binding = found
            alone = template == letter  # then nothing binds it to anything else
            words[letter] = text if alone or binding == TIGHTEST else f"({text})"
    if not template or set(re.findall(r"\b[xy]\b", template)) - set(words):
        return None
    formula = re.sub(r"\b(?:out|x|y)\b", lambda match: words[match[0]], template)
    if re.fullmatch(r"\(-[^()]*\)", formula):
        formula = formula[1:-1]
    return formula if len(formula) <= LONGEST_FORMULA else None


def has_names(formula: str) -> bool:
    """Tell whether a formula says more than its number: ``1e+10`` does not."""
    return re.search(r"[^\W\d_]", re.sub(r"\d\.?\d*e[-+]?\d+", "", formula)) is not None


def derivative_template(node: Any, position: int, digits: int) -> tuple[str, dict[str, Any]]:
    """Return the formula of ∂node/∂parent in letters, and the parent each letter stands for.

    ``out`` is the node itself; the formula is empty where there is none, as for one-off nodes.
    """
    row, parents = node.operation, node.parents
    if row is ops.dot_of:
        return _dot_template(parents, position)
    if row is ops.total_of:
        return "1", {}
    if row is ops.mean_of:
        return f"1/{len(parents)}", {}
    if row is ops.logsumexp_of:
        return "exp(x - out)", {"x": parents[position]}
    if row is ops.cross_entropy_of:
        letters = {"x": parents[position], "y": parents[0]}
        softmax = "exp(-out)" if letters["x"] is letters["y"] else "exp(x - y - out)"
        return (softmax, letters) if position else ("-1", {})
    if row in (ops.maximum, ops.minimum) and node.record[1] == node.record[2]:
        return "1/2", {}
    template = row.formulas[position] if row.formulas else ""
    if row is ops.pow and position == 0 and parents[1].is_constant:
        template = _power_template(parents[1].data, digits)
    return template, dict(zip("xy", parents, strict=False))


def _power_template(exponent: Any, digits: int) -> str:
    """Return ``2*x`` for x**2, ``3*x**2`` for x**3."""
    if exponent == 2:
        return "2*x"
    text, binding = leaf_phrase(None, exponent - 1, digits)
    text = text.removeprefix("≈")
    return f"y*x**{text}" if binding == TIGHTEST else f"y*x**({text})"


def _dot_template(parents: tuple[Any, ...], position: int) -> tuple[str, dict[str, Any]]:
    """Return the operand that this one is multiplied by; the bias has none."""
    size = len(parents) // 2
    if position == 2 * size:
        return "1", {}
    return "x", {"x": parents[position + size if position < size else position - size]}
