"""What views say about each node: one place, so that pictures and steps say the same."""

import copy
from collections.abc import Mapping, Sequence
from typing import Any, Self

from autograd.foreign import notation_of
from autograd.graph import forward_data, is_same
from autograd.notation import TIGHTEST
from autograd.numeric import Number
from autograd.text.formulas import is_name, leaf_phrase, phrase
from autograd.text.local_formulas import has_names, local_formula
from autograd.text.writer import Phrase, Writer
from autograd.wording import WrittenNumber, checked_digits, word, write_number

LOCAL_MARK = "∂ "  # before a local derivative on its edge: colour alone tells nothing
LONGEST_TITLE = 40
LONGEST_OWN_FORMULA = 18
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


class Labels:
    """The words for each node of one graph: its name, title, data, gradient and local derivatives.

    ``called`` has the names; ``digits`` is the number of significant digits; ``writer`` writes for
    the prompt, or for pictures and pages. ``given`` has the names that users gave, if others are
    ``called`` something too.
    """

    has_live_grads = True  # False for those of a separate pass, never stale

    def __init__(
        self,
        order: Sequence[Any],
        called: Mapping[Any, str],
        digits: int,
        writer: type[Writer] = Writer,
        given: Mapping[Any, str] | None = None,
    ) -> None:
        self.called = called
        self.given = called if given is None else given
        self.writer = writer
        self.digits = checked_digits(digits)
        self.forward_data = forward_data(order)

    def written_by(self, writer: type[Writer]) -> Self:
        """Return the same labels, written by another writer."""
        labels = copy.copy(self)
        labels.writer = writer
        return labels

    def written(self, number: Any) -> WrittenNumber:
        return self.writer.shown(write_number(number, self.digits))

    def number(self, number: Any) -> str:
        """Return a number alone, with ``≈`` where it is rounded."""
        return str(self.written(number))

    def name(self, node: Any) -> str | None:
        return self.called.get(node)

    def short(self, node: Any) -> str:
        """Return the name, or the number of a constant, or the operation."""
        number = self.number(self.forward_data[node])
        return number if node.is_constant else self.name(node) or node.op or number

    def operand(self, node: Any) -> Phrase | None:
        """Return the node as an operand in a formula, None if it has neither name nor number."""
        name = self.name(node)
        if node.is_constant:
            name = None
        elif name is None:
            return None
        return leaf_phrase(name, self.forward_data[node], self.digits, self.writer)

    def phrase(self, node: Any, operands: Sequence[Phrase], name: str | None = None) -> Phrase:
        """Return how a node was made of ``operands``; ``name`` is what to call its operation."""
        return phrase(notation_of(node), operands, name, self.writer)

    def title(self, node: Any) -> str:
        """Return ``a`` for a leaf, ``c = a*b``, ``c = … + b``, ``c = -…`` or ``c = tanh``."""
        name = self.name(node)
        if not node.parents:
            return _capped(name or "", LONGEST_TITLE)
        notation = notation_of(node)
        made = self.writer.sign(notation.sign) or node.op
        operands = [self.operand(parent) for parent in node.parents]
        if all(operands) or (notation.sign and (any(operands) or len(operands) == 1)):
            formula, _ = self.phrase(node, [operand or ("…", TIGHTEST) for operand in operands])
            if len(formula) <= LONGEST_OWN_FORMULA:
                made = formula
        return f"{_capped(name, LONGEST_TITLE)} = {made}" if name else made

    def data(self, node: Any) -> str:
        seen = self.forward_data[node]
        text = self.number(seen)
        if not is_same(node.data, seen):
            text += f", {word('edited')} {self.number(node.data)}"
        return text

    def grad(self, node: Any) -> str:
        return self.number(node.grad) if node.has_grad else word("no grad")

    def gradient(self, node: Any) -> Number | None:
        """Return the gradient as a number, None before any pass."""
        return node.grad if node.has_grad else None

    def is_stale(self, node: Any) -> bool:
        """Tell whether the gradient shown is of an earlier forward pass."""
        return self.has_live_grads and bool(node.grad_is_stale)

    def local_derivatives(self, node: Any) -> list[str]:
        """Return each local derivative as formula and number, as in ``b = -3.0``."""
        return [
            number.equation(formula) if formula else str(number)
            for formula, number in self.local_parts(node)
        ]

    def local_parts(self, node: Any) -> list[tuple[str, WrittenNumber]]:
        """Return the formula of each local derivative, "" where it says no more, and its number."""
        parts = []
        for position, local in enumerate(node.local_derivatives):
            formula = self.local_formula(node, position)
            says_more = formula is not None and has_names(formula)
            parts.append((str(formula) if says_more else "", self.written(local)))
        return parts

    def local_formula(self, node: Any, position: int) -> str | None:
        """Return the formula of ∂node/∂parent, None if there is none or an operand has no name."""
        name = self.name(node)
        return local_formula(node, position, name, self.operand, self.digits, self.writer)

    def partial(self, node: Any, position: int) -> str:
        """Return ``∂c/∂a`` for the local derivative on an edge, ``∂c/∂a₂`` for a's second use."""
        parent = node.parents[position]
        ends = [self.short(end) for end in (node, parent)]
        child_name, parent_name = (e if is_name(e) else f"({e})" for e in ends)
        if node.parents.count(parent) > 1:
            parent_name += str(position + 1).translate(SUBSCRIPTS)
        return f"∂{child_name}/∂{parent_name}"


def _capped(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
