"""trace: the evaluation trace of the textbooks, a line for each node, in three forms."""

import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from autograd.numeric import Number
from autograd.show.handout.handout import Handout, equals_sign
from autograd.show.handout.tex import FRACTION, tex_number, wrapped
from autograd.show.story import Event, Story, input_of
from autograd.text import abbreviated
from autograd.value import Value
from autograd.wording import Text, aligned, for_terminal, word

BLANK = "____"
MOST_ROWS = 100  # of a longer trace the first ones are shown, and the last


class TraceRow(NamedTuple):
    """One node: its name, how it was made ("" for a leaf), and its three numbers.

    primal   its data
    tangent  how it moves with the input of the trace; None if it stands still
    adjoint  ∂output/∂node, its gradient
    """

    node: Value
    name: str
    made: str
    primal: Number
    tangent: Number | None
    adjoint: Number


class EvaluationTrace(list[TraceRow]):
    """The rows of a trace: primals and tangents from top to bottom, adjoints from bottom to top.

    At the prompt it is a table; Jupyter shows ``markdown``.

    markdown  a table of equations
    tex       the same as an array, for LaTeX
    blank     the table without its numbers, to be filled in by hand
    """

    def __init__(self, forward: Story, reverse: Story) -> None:
        self._labels, names = forward.labels, forward.names
        self._equations = _Equations(forward, reverse)
        self._edited = forward.edited
        self._head = word("trace of", output=names[forward.output], input=names[forward.wrt])
        for node in (node for node in forward.order if not node.is_constant):
            made = forward.teller.made(node) if node.parents else ""
            primal, tangent = self._labels.forward_data[node], forward.gradients.get(node)
            row = TraceRow(node, names[node], made, primal, tangent, reverse.gradients[node])
            self.append(row)

    def __repr__(self) -> str:
        return self._table([[self._text(n) for n in row[3:]] for row in self])

    @property
    def blank(self) -> Text:
        """The table with a line in place of each number that is to be computed by hand."""
        rows = []
        for row in self:
            primal = BLANK if row.node.parents else self._text(row.primal)
            tangent = self._text(None) if row.tangent is None else BLANK
            rows.append([primal, tangent, BLANK])
        return Text(self._table(rows))

    def _text(self, number: Number | None) -> str:
        return word("no grad") if number is None else self._labels.number(number)

    def _table(self, numbers: Sequence[Sequence[str]]) -> str:
        header = ["", word("primal"), word("tangent"), word("adjoint")]
        rows = [
            [f"{row.name} = {row.made}" if row.made else row.name, *three]
            for row, three in zip(self, numbers, strict=True)
        ]
        first, *lines = aligned([header, *rows], left=1).split("\n")
        lines = [self._head, first, *_most_of(lines), self._edited]
        return for_terminal("\n".join(filter(None, lines)))

    @property
    def markdown(self) -> Text:
        """The trace as a table of equations, which Jupyter, GitHub and Pandoc typeset."""
        header = f"| {word('primal')} | {word('tangent')} ↓ | {word('adjoint')} ↑ |"
        lines = []
        for row in self:
            cells = (f"${cell}$" if cell else word("no grad") for cell in self._cells(row))
            lines.append("| " + " | ".join(cells) + " |")
        lines = [f"{self._head}\n", header, "| :-- | :-- | :-- |", *_most_of(lines)]
        lines += ["", self._edited] if self._edited else []
        return Text("\n".join(lines) + "\n")

    @property
    def tex(self) -> Text:
        """The trace as an array, for LaTeX."""
        header = " & ".join(rf"\text{{{word(key)}}}" for key in ("primal", "tangent", "adjoint"))
        rows = " \\\\\n".join(
            _most_of([" & ".join(self._cells(row)) for row in self], r"\text{%s}")
        )
        remark = f"% {self._edited}\n" if self._edited else ""
        return Text(
            f"{remark}\\begin{{array}}{{lll}}\n{header} \\\\ \\hline\n{rows}\n\\end{{array}}\n"
        )

    def _repr_markdown_(self) -> str:
        return str(self.markdown)

    def _cells(self, row: TraceRow) -> list[str]:
        made = self._equations
        return [made.primal(row.node), made.tangent(row.node), made.adjoint(row.node)]


def _most_of(lines: Sequence[str], remark: str = "%s") -> Sequence[str]:
    """Return the lines, of many the first ones, how many are left out, and the last."""
    if len(lines) <= MOST_ROWS:
        return lines
    left_out = remark % ("… " + word("more", count=len(lines) - MOST_ROWS))
    return [*lines[: MOST_ROWS - 1], left_out, lines[-1]]


def trace(
    output: Value,
    wrt: Value,
    *,
    names: Mapping[str, Value] | None = None,
    digits: int = 4,
) -> EvaluationTrace:
    """Return the evaluation trace of ``output``: each node with its primal, tangent and adjoint.

    The tangents start from 1 at ``wrt``, the adjoints from 1 at the output; both end with the same
    number, ∂output/∂wrt. Nodes are called by label or by the caller's variables, or v1, v2, ...
    without either. No ``grad`` is touched. Raises NotAGraphError for what is not a node, TypeError
    or ValueError for a ``wrt`` that is not one that the output depends on.
    """
    frame = sys._getframe(1)
    reverse = Story(output, names=names, frame=frame, digits=digits)
    wrt = input_of(reverse.output, wrt)
    forward = Story(reverse.output, names=reverse.by_name, digits=digits, wrt=wrt)
    return EvaluationTrace(forward, reverse)


class _Equations(Handout):
    """Writes the equations of a trace as TeX."""

    def __init__(self, forward: Story, reverse: Story) -> None:
        super().__init__(forward)
        self.received: dict[Any, list[Event]] = defaultdict(list)
        for event in [*forward.backward, *reverse.backward]:
            self.received[event.about, event.receiver].append(event)

    def primal(self, node: Value) -> str:
        """Return ``v_1 = a \\cdot b = -6.0``."""
        name, number = self.names[node], self.written(node.record[0])
        sign = equals_sign(number.is_rounded)
        if node.parents:
            name += f" = {self.made(node, [self.operand(p) for p in node.parents])[0]}"
        return f"{name} {sign} {tex_number(number.text)[0]}"

    def tangent(self, node: Value) -> str:
        """Return ``\\dot{v_1} = b \\cdot \\dot{a} = -3.0``; "" for what stands still."""
        return self._equation(node, "tangent", self.story.gradients.get(node))

    def adjoint(self, node: Value) -> str:
        """Return ``\\bar{a} = b \\cdot \\bar{v_1} = -3.0``."""
        events = self.received["gradient", node]
        return self._equation(node, "gradient", events[-1].after if events else 0)

    def _equation(self, node: Value, about: str, number: Any) -> str:
        events = self.received[about, node]
        if not events:
            return ""
        terms = [self._term(event) for event in events if event.giver is not None]
        written = self.written(number)
        formula = f" = {_sum(terms)}" if terms else ""
        name, sign = self._rate(about, node), equals_sign(written.is_rounded)
        return f"{name}{formula} {sign} {tex_number(written.text)[0]}"

    def _term(self, event: Event) -> str:
        """Return local derivative × what the giver has; a factor 1 or -1 is not written."""
        rate = self._rate(event.about, event.giver)
        formula = self.local_formula(event)
        if formula and r"\begin" in formula[0]:  # of cases: it is known which
            formula = None
        if event.local in (1, -1) and not formula:
            return rate if event.local == 1 else f"-{rate}"
        local = formula or tex_number(self.written(event.local).text)
        return rf"{wrapped(local, FRACTION)} \cdot {rate}"

    def _rate(self, about: str, node: Any) -> str:
        accent = r"\dot" if about == "tangent" else r"\bar"
        return rf"{accent}{{{self.names[node]}}}"


def _sum(terms: Sequence[str]) -> str:
    """Return the sum of the terms, of many only some."""
    first, *others = abbreviated(terms, r"\cdots")
    return first + "".join(f" - {t[1:]}" if t.startswith("-") else f" + {t}" for t in others)
