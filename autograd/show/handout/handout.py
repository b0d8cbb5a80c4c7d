"""derivation: the steps of both passes as a worked derivation, in Markdown with TeX."""

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from autograd.foreign import notation_of
from autograd.notation import TIGHTEST, places
from autograd.numeric import whole_number
from autograd.show.handout.tex import (
    FRACTION,
    PRODUCT,
    TexWriter,
    tex_formula,
    tex_names,
    tex_number,
    tex_sum,
    tex_value,
    wrapped,
)
from autograd.show.story import Event, Story, on_one_line, result_sign
from autograd.text import Phrase, constant
from autograd.value import Value
from autograd.wording import Text, WrittenNumber, word

ROWS = 12  # of one display, so that a page can break between two
LONGEST_PART = 200  # letters of TeX; beyond it the expression refers to a node by its name


def derivation(
    output: Value,
    *,
    names: Mapping[str, Value] | None = None,
    digits: int = 4,
    max_steps: int = 200,
) -> Text:
    """Return the forward and backward pass as a derivation to hand out, in Markdown with TeX.

    It starts from ``∂output/∂output = 1``, whatever ``backward`` has done before. Nodes are called
    by label or by the caller's variables, or v1, v2, ... without either. Past ``max_steps``
    it says how many steps it leaves out; the table has all gradients. Jupyter, GitHub and Pandoc
    typeset it. Raises NotAGraphError for what is not a node, ValueError for a max_steps below 0.
    """
    max_steps = whole_number("max_steps", max_steps, least=0)
    story = Story(output, names=names, frame=sys._getframe(1), digits=digits)
    return Text(Handout(story).write(max_steps))


class Handout:
    """Writes the hand-out of one story."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.order = story.order
        self.labels = story.labels
        self.names = tex_names(story.names)

    def write(self, max_steps: int) -> str:
        """Return the whole text; if there are many steps, only the first ones of each pass."""
        forward, backward = self.story.forward, self.story.backward
        head = forward[: max_steps // 2]
        tail = backward[: max_steps - len(head)]
        output = self.names[self.order[-1]]
        parts = ["# " + word("derivation", output=f"${output}$")]
        if self.story.edited:
            parts.append(self.story.edited)
        if forward:
            parts.append(f"$$\n{output} = {self.expression()}\n$$")
            parts += ["## " + word("forward pass"), *_displays(map(self.forward, head))]
            parts += _left_out(len(forward) - len(head))
        notation = rf"$\overline{{v}} = {_partial(output, 'v')}$"
        parts += ["## " + word("backward pass"), word("chain rule", notation=notation)]
        parts += _displays(self.backward(tail, backward))
        parts += _left_out(len(backward) - len(tail))
        parts += ["## " + word("gradients"), self.table()]
        return "\n\n".join(parts) + "\n"

    # -- forward ---------------------------------------------------------------------------------

    def expression(self) -> str:
        """Return the output in terms of the leaves, and of the nodes that are used repeatedly."""
        uses = Counter(parent for node in self.order for parent in node.parents)
        phrases: dict[Value, Phrase] = {}
        for node in self.order:
            phrases[node] = self.operand(node)
            if node.parents and uses[node] < 2:
                made = self.made(node, [phrases[parent] for parent in node.parents])
                if len(made[0]) <= LONGEST_PART or node is self.order[-1]:
                    phrases[node] = made
        return phrases[self.order[-1]][0]

    def forward(self, event: Event) -> str:
        r"""Return ``c &= a \cdot b = 2.0 \times (-3.0) = -6.0``."""
        node = event.node
        formula = self.made(node, [self.operand(parent) for parent in node.parents])[0]
        result, *operands = map(self.written, node.record)
        numbers = self.made(node, [tex_number(operand.text) for operand in operands])[0]
        numbers = numbers.replace(r"\cdot ", r"\times ")
        rounded = any(operand.is_rounded for operand in operands)
        row = f"{self.names[node]} &= {formula} "
        if numbers != tex_number(result.text)[0]:
            row += f"{equals_sign(rounded)} {numbers} "
        sign = result_sign(node).filled(self.story.teller.numbers_of(event))
        return f"{row}{equals_sign(sign != '=')} {tex_number(result.text)[0]}"

    def made(self, node: Value, operands: Sequence[Phrase]) -> Phrase:
        """Return how the node was made from operands written as names or as numbers."""
        return tex_value(notation_of(node), operands, on_one_line(node.op))

    def operand(self, node: Value) -> Phrase:
        """Return the name of a node, the number of a constant."""
        if node in self.names:
            return self.names[node], TIGHTEST
        return self.constant(self.labels.forward_data[node])

    def constant(self, number: Any) -> Phrase:
        return tex_number(constant(number, self.labels.digits, TexWriter).text)

    # -- backward --------------------------------------------------------------------------------

    def backward(self, events: Iterable[Event], all_events: Iterable[Event]) -> Iterable[str]:
        """Yield a row for each event, and the sum below the last contribution of several."""
        left = Counter(event.receiver for event in all_events)
        contributions: dict[Any, list[WrittenNumber]] = defaultdict(list)
        for event in events:
            node = event.receiver
            yield self.seed(event) if event.kind == "seed" else self.contribution(event)
            contributions[node].append(self.written(event.contribution))
            left[node] -= 1
            if not left[node] and len(contributions[node]) > 1:
                yield self.sum(node, contributions[node], self.written(event.after))

    def seed(self, event: Event) -> str:
        name = self.names[event.node]
        one = tex_number(self.written(event.after).text)[0]
        return f"{self.gradient(event.node)} &= {_partial(name, name)} = {one}"

    def contribution(self, event: Event) -> str:
        """Return ``ā += c̄ × ∂c/∂a = 1.0 × b = 1.0 × (-3.0) = -3.0``."""
        node, parent = event.node, event.parent
        numbers = (event.upstream, event.local, event.contribution)
        upstream, local, contribution = map(self.written, numbers)
        rounded = upstream.is_rounded or local.is_rounded
        row = rf"{self.gradient(parent)} &\mathrel{{+}}= {self.gradient(node)} \cdot "
        row += _partial(self.names[node], self.names[parent])
        factor = wrapped(tex_number(upstream.text), PRODUCT)
        if formula := self.local_formula(event):
            row += (
                rf" {equals_sign(upstream.is_rounded)} {factor} \times {wrapped(formula, FRACTION)}"
            )
        row += (
            rf" {equals_sign(rounded)} {factor} \times {wrapped(tex_number(local.text), FRACTION)}"
        )
        is_exact = upstream.is_zero or local.is_zero
        equals = equals_sign((rounded or contribution.is_rounded) and not is_exact)
        return f"{row} {equals} {tex_number(contribution.text)[0]}"

    def local_formula(self, event: Event) -> Phrase | None:
        """Return the local derivative in names, None where it is a bare number."""
        node = event.node
        formula, numbers = node.operation.notation.local_formula_at(node, event.position)
        nodes = (node, *node.parents)
        operands = {letter: nodes[place] for letter, place in places(formula).items()}
        if not any(operand in self.names for operand in operands.values()):
            return None
        phrases = {letter: self.operand(operand) for letter, operand in operands.items()}
        for letter, number in numbers.items():
            phrases[letter] = self.constant(number)
        return tex_formula(formula, phrases)

    def sum(self, node: Any, contributions: Sequence[WrittenNumber], total: WrittenNumber) -> str:
        """Return ``ā &= -3.0 + 1.0 = -2.0``."""
        terms, _ = tex_sum([tex_number(number.text) for number in contributions])
        rounded = any(number.is_rounded for number in contributions)
        equals = equals_sign(rounded or total.is_rounded)
        row = f"{self.gradient(node)} &{equals_sign(rounded)} {terms}"
        return f"{row} {equals} {tex_number(total.text)[0]}"

    def gradient(self, node: Any) -> str:
        """Return the gradient of the output in a node, written unlike a local derivative."""
        return rf"\overline{{{self.names[node]}}}"

    # -- the table -------------------------------------------------------------------------------

    def table(self) -> str:
        rows = [f"| {word('node')} | {word('data')} | {word('grad')} |", "| :-- | --: | --: |"]
        for node in self.names:
            cells = [self.names[node]]
            for number in (self.labels.forward_data[node], self.story.gradients[node]):
                shown = self.written(number)
                sign = r"\approx " if shown.is_rounded else ""
                cells.append(sign + tex_number(shown.text)[0])
            rows.append("| " + " | ".join(f"${cell}$" for cell in cells) + " |")
        return "\n".join(rows)

    def written(self, number: Any) -> WrittenNumber:
        return self.labels.written(number)


def _partial(top: str, bottom: str) -> str:
    return rf"\frac{{\partial {top}}}{{\partial {bottom}}}"


def equals_sign(is_rounded: bool) -> str:
    return r"\approx" if is_rounded else "="


def _displays(rows: Iterable[str]) -> list[str]:
    """Return displayed mathematics, in rows; ``&`` marks what is aligned."""
    written = list(rows)
    blocks = [written[k : k + ROWS] for k in range(0, len(written), ROWS)]
    return [
        "$$\n\\begin{aligned}\n" + " \\cr\n".join(block) + "\n\\end{aligned}\n$$"
        for block in blocks
    ]


def _left_out(count: int) -> list[str]:
    return [word("steps left out", count=count)] if count else []
