"""A step in words: the arithmetic of the chain rule with names and numbers."""

import re
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any, NamedTuple

from autograd.numeric import Number
from autograd.operation import TIGHTEST
from autograd.show.story.events import Event
from autograd.text import Labels, has_names, is_name, local_formula, phrase
from autograd.wording import printable, word

LONGEST_NAME = 40
LONGEST_FORMULA = 60  # beyond it the operation alone is named
LOOSEST = 0  # the binding of a number that is always put in parentheses


class Told(NamedTuple):
    """A step in words: which pass, a title, the arithmetic, the new total; "" where none."""

    phase: str
    title: str
    arithmetic: str
    total: str = ""


class Figure(NamedTuple):
    """A number as text, without the ≈ that ``is_rounded`` stands for."""

    text: str
    is_rounded: bool

    @property
    def factor(self) -> str:
        """The number in a product, in parentheses where it needs them."""
        return f"({self.text})" if self.needs_parentheses else self.text

    @property
    def needs_parentheses(self) -> bool:
        return self.text.startswith("-") or "/" in self.text


def figure(text: str) -> Figure:
    """Return a number, given as views show it."""
    return Figure(text.removeprefix("≈"), text.startswith("≈"))


def step_names(order: Sequence[Any], called: Mapping[Any, str]) -> dict[Any, str]:
    """Return a name of its own for each node but constants: t1, t2, ... where it has none."""
    given = {node: on_one_line(name) for node, name in called.items()}
    taken = set(given.values())
    fresh = (name for k in count(1) if (name := f"t{k}") not in taken)
    names: dict[Any, str] = {}
    used: set[str] = set()
    for node in order:
        if node.is_constant:
            continue
        name = given.get(node) or next(fresh)
        if name in used:
            numbered = (f"{name}_{k}" for k in count(2))
            name = next(name for name in numbered if name not in taken | used)
        used.add(name)
        names[node] = name
    return names


def on_one_line(name: str) -> str:
    """Return a name as a view of steps can show it."""
    name = " ".join(printable(name).split())
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"


class Teller:
    """Tells the events of one graph; its ``labels`` have the names of ``step_names``."""

    def __init__(self, labels: Labels) -> None:
        self.labels = labels

    def tell(self, event: Event) -> Told:
        """Return the event in words."""
        phase = word(event.kind)
        if event.kind == "forward":
            return Told(phase, "", self._forward(event))
        if event.kind == "seed":
            return Told(phase, "", self._seed(event))
        return Told(phase, self.title(event), self._contribution(event), self._total(event))

    def question(self, event: Event) -> tuple[str, Number]:
        """Return what to ask before the event is told, and the answer."""
        if event.kind == "forward":
            target = f"{self.name(event.node)} = {self.made(event.node)}"
            return word("ask", target=target), event.record[0]
        target = self.gradient(event.receiver)
        if event.kind == "seed":
            return word("ask", target=target), event.after
        return word("ask more", title=self.title(event), target=target), event.contribution

    def name(self, node: Any) -> str:
        """Return the name of a node, the number of a constant."""
        return self.labels.name(node) or self.labels.number(node.data)

    def gradient(self, node: Any) -> str:
        """Return ``c.grad``, with parentheses around a name that is a formula itself."""
        name = self.name(node)
        return f"{name}.grad" if is_name(name) else f"({name}).grad"

    def figure(self, number: Any) -> Figure:
        return figure(self.labels.number(number))

    # -- forward: c = a*b = 2.0 × (-3.0) = -6.0 --------------------------------------------------

    def _forward(self, event: Event) -> str:
        node = event.node
        head = f"{self.name(node)} = {self.made(node)}"
        result, *operands = map(self.figure, event.record)
        rounded = any(operand.is_rounded for operand in operands)
        phrases = [(o.text, LOOSEST if o.needs_parentheses else TIGHTEST) for o in operands]
        if node.op in ("+", "-"):
            phrases[0] = operands[0].text, TIGHTEST  # a sign at the start needs no parentheses
        formula, _ = phrase(on_one_line(node.op), phrases)
        if len(formula) <= LONGEST_FORMULA and formula != result.text:
            head += f" {_equals(rounded)} " + re.sub(r"(?<!\*)\*(?!\*)", " × ", formula)
        return f"{head} {_equals(rounded or result.is_rounded)} {result.text}"

    def made(self, node: Any) -> str:
        """Return how a node was made, as in ``a*b``; the operation alone where that is long."""
        operands = [self.labels.operand(parent) or ("?", TIGHTEST) for parent in node.parents]
        formula, _ = phrase(on_one_line(node.op), operands)
        return formula if len(formula) <= LONGEST_FORMULA else on_one_line(node.op)

    # -- backward: a.grad += c.grad × ∂c/∂a = 1.0 × b = 1.0 × (-3.0) = -3.0 ----------------------

    def title(self, event: Event) -> str:
        """Return ``c = a*b → a``, saying which operand where ``a`` is one twice."""
        node, parent = event.node, event.parent
        title = f"{self.name(node)} = {self.made(node)} → {self.name(parent)}"
        if node.parents.count(parent) > 1:
            place = word("operand", position=event.position + 1, count=len(node.parents))
            title += f" ({place})"
        return title

    def _seed(self, event: Event) -> str:
        name = self.name(event.node)
        what = f"∂{name}/∂{name}" if event.after == 1 else word("seed is")
        seed = self.figure(event.after)
        head = f"{self.gradient(event.node)} = {what}"
        return f"{head} {_equals(seed.is_rounded)} {seed.text}"

    def _contribution(self, event: Event) -> str:
        node, parent = event.node, event.parent
        partial = self.labels.partial(node, event.position)
        head = f"{self.gradient(parent)} += {self.gradient(node)} × {partial}"
        return f"{head} {self.product(event)}"

    def product(self, event: Event) -> str:
        """Return ``= 1.0 × b = 1.0 × (-3.0) = -3.0``."""
        upstream, local = map(self.figure, (event.upstream, event.local))
        text = ""
        if formula := self.formula(event):
            text = f"{_equals(upstream.is_rounded)} {upstream.factor} × {formula} "
        return text + f"{_equals(upstream.is_rounded or local.is_rounded)} {self.numbers(event)}"

    def numbers(self, event: Event) -> str:
        """Return ``1.0 × (-3.0) = -3.0``."""
        factors = (event.upstream, event.local, event.contribution)
        upstream, local, contribution = figures = [*map(self.figure, factors)]
        equals = _equals(any(figure.is_rounded for figure in figures))
        return f"{upstream.factor} × {local.factor} {equals} {contribution.text}"

    def sum(self, event: Event) -> str:
        """Return ``a.grad = 6.0``, ``a.grad = -2.0 + 6.0 = 4.0`` where it is not the first."""
        terms = (event.before, event.contribution, event.after)
        before, contribution, after = figures = [*map(self.figure, terms)]
        text = f"{self.name(event.receiver)}.grad"
        if event.is_first:
            return f"{text} {_equals(after.is_rounded)} {after.text}"
        rounded = before.is_rounded or contribution.is_rounded
        text += f" {_equals(rounded)} {before.text} + {contribution.factor}"
        return f"{text} {_equals(any(figure.is_rounded for figure in figures))} {after.text}"

    def formula(self, event: Event) -> str | None:
        """Return the local derivative as a factor in names, None where it is a bare number."""
        node, labels = event.node, self.labels
        formula = local_formula(
            node, event.position, self.name(node), labels.operand, labels.digits
        )
        if formula is None or not has_names(formula):
            return None
        return formula if _is_one_factor(formula) else f"({formula})"

    def _total(self, event: Event) -> str:
        before, after = map(self.labels.number, (event.before, event.after))
        return f"{self.gradient(event.receiver)}: {before} → {after}"


def _equals(is_rounded: bool) -> str:
    return "≈" if is_rounded else "="


def _is_one_factor(formula: str) -> bool:
    """Tell whether a formula is a name or a call, and so a factor without parentheses."""
    while formula != (shorter := re.sub(r"\([^()]*\)|\[[^\[\]]*\]", "", formula)):
        formula = shorter
    return re.fullmatch(r"[\w.]*", formula) is not None
