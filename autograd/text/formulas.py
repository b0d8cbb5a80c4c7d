"""A graph as text: ``formula`` on one line, ``tree`` on many."""

import re
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

from autograd.foreign import as_graph, notation_of, remarks_on
from autograd.graph import forward_data, is_same, topological_order
from autograd.notation import PRODUCT, SIGN, TIGHTEST, Notation
from autograd.numeric import shown, whole_number
from autograd.text.names import names_of
from autograd.text.writer import LOOSEST, Phrase, Writer, abbreviated, by_letter, write
from autograd.wording import (
    Text,
    WrittenNumber,
    checked_digits,
    for_terminal,
    show_number,
    word,
    write_number,
)

LONGEST_FORMULA = 200
LONGEST_PART = 80


def formula(output: Any, *, names: Mapping[str, Any] | None = None, digits: int = 4) -> Text:
    """Return the expression that made ``output``, as in ``tanh(a*b + c)``.

    Nodes are called by label or by the caller's variables; constants are written in full, so that
    the expression can be pasted back. A part that is used more than once is named and explained
    after "where"; past 200 characters ``…`` stands for the rest. Raises NotAGraphError for what is
    not a node.
    """
    root = as_graph(output, sys._getframe(1))
    called = names_of(topological_order(root), names, sys._getframe(1))
    return for_terminal(formula_text(root, called, checked_digits(digits), _InFull))


class _InFull(Writer):
    """Writes all constants in full but those that are very long."""

    longest_constant = 80


def formula_text(
    root: Any, called: Mapping[Any, str], digits: int, writer: type[Writer] = Writer
) -> str:
    """Return the formula of ``root``, its nodes named as in ``called``, as text for a file."""
    order = topological_order(root)
    data = forward_data(order)
    uses = Counter(parent for node in order for parent in node.parents)
    phrases: dict[Any, Phrase] = {}
    definitions: list[str] = []
    fresh_names = (t for k in count(1) if (t := f"t{k}") not in called.values())
    for node in order:
        name = called.get(node)
        if not node.parents:
            name = None if node.is_constant else name
            phrases[node] = leaf_phrase(name, data[node], digits, writer)
            continue
        operands = [phrases.get(parent, ("…", TIGHTEST)) for parent in node.parents]
        text, binding = phrase(notation_of(node), operands, writer=writer)
        if len(text) > LONGEST_PART and node is not root:
            text, binding = "…", TIGHTEST
        if uses[node] > 1 and node is not root and text != "…":
            name = name or next(fresh_names)
            definitions.append(f"{name} = {text}")
            text, binding = name, TIGHTEST
        phrases[node] = text, binding
    text = _with_definitions(phrases[root][0], definitions)
    return text + _remark(order, "  ")


def _with_definitions(text: str, definitions: Sequence[str]) -> str:
    for k, definition in enumerate(definitions):
        text += f" {word('where')} {definition}" if k == 0 else f", {definition}"
        if len(text) > LONGEST_FORMULA:
            break
    return text if len(text) <= LONGEST_FORMULA else text[: LONGEST_FORMULA - 1] + "…"


def is_name(text: str) -> bool:
    """Tell whether a label is a name, as ``layer0.neuron3.w[1]`` is, and not a formula."""
    return re.fullmatch(r"[^\W\d][\w.]*(\[\d+\])*", text) is not None


def leaf_phrase(
    name: str | None, number: Any, digits: int, writer: type[Writer] = Writer
) -> Phrase:
    """Return the name, or without one the number, as an operand of a formula."""
    if name:
        return name, LOOSEST if re.search(r"[-+*/\s]", name) else TIGHTEST
    written = writer.shown(constant(number, digits, writer))
    return str(written), binding_of(written)


def constant(number: Any, digits: int, writer: type[Writer]) -> WrittenNumber:
    """Return a number in a formula, in full if short: rounded, it would make another formula."""
    written = write_number(number, digits)
    if written.is_rounded and len(shown(number)) <= writer.longest_constant:
        return WrittenNumber(shown(number), False)
    return written


def binding_of(number: WrittenNumber) -> int:
    """Return how tightly a number binds as a part of a formula."""
    if number.is_fraction:
        return PRODUCT
    return SIGN if number.is_negative else TIGHTEST


def phrase(
    notation: Notation,
    operands: Sequence[Phrase],
    name: str | None = None,
    writer: type[Writer] = Writer,
) -> Phrase:
    """Return the formula of one operation on operands that are formulas themselves.

    ``name`` is what to call the operation, if not by its own name.
    """
    formula = notation.value_formula(len(operands))
    if formula is None:
        texts = abbreviated([text for text, _ in operands], "…")
        return f"{name or notation.name or '?'}({', '.join(texts)})", TIGHTEST
    return write(formula, by_letter(operands), writer)


def tree(
    output: Any,
    *,
    names: Mapping[str, Any] | None = None,
    digits: int = 4,
    max_nodes: int = 200,
) -> Text:
    """Return the graph as an indented tree, the output first, with data and gradients.

    A node used more than once is written in full the first time and referred to afterwards.
    Raises NotAGraphError for what is not a node.
    """
    root = as_graph(output, sys._getframe(1))
    digits = checked_digits(digits)
    max_nodes = whole_number("max_nodes", max_nodes, least=1)
    order = topological_order(root)
    called = names_of(order, names, sys._getframe(1))
    data = forward_data(order)
    lines: list[str] = []
    written: set[Any] = set()
    stack: list[tuple[Any, str, str]] = [(root, "", "")]
    while stack and len(lines) < max_nodes:
        node, branch, margin = stack.pop()
        repeated = node in written and not node.is_constant
        written.add(node)
        name, number = called.get(node), show_number(data[node], digits)
        if not is_same(node.data, data[node]):
            number += f", {word('edited')} {show_number(node.data, digits)}"
        lines.append(branch + _tree_line(node, name, number, digits, repeated))
        if repeated:
            continue
        last = len(node.parents) - 1
        stack += [
            (
                parent,
                margin + ("└─ " if k == last else "├─ "),
                margin + ("   " if k == last else "│  "),
            )
            for k, parent in reversed(list(enumerate(node.parents)))
        ]
    if stack:
        left = len(set(order) - written)
        lines.append("… " + word("more", count=left) if left else "…")
    return for_terminal("\n".join(lines) + _remark(order, "\n"))


def _remark(order: Sequence[Any], before: str) -> str:
    return "".join(f"{before}({remark})" for remark in remarks_on(order))


def _tree_line(node: Any, name: str | None, number: str, digits: int, repeated: bool) -> str:
    head = " = ".join(part for part in (name, node.op) if part)
    if repeated:
        return f"{head or number}  ({word('see above')})"
    line = f"{head}  {word('data')} {number}" if head else number
    if not node.is_constant and node.has_grad:
        line += f"  {word('grad')} {show_number(node.grad, digits)}"
        line += f" ({word('stale')})" if node.grad_is_stale else ""
    return line
