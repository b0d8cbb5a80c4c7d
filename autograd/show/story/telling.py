"""A step in words: the arithmetic of the chain rule with names and numbers."""

import re
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any, NamedTuple

from autograd import ops
from autograd.foreign import notation_of
from autograd.notation import TIGHTEST
from autograd.numeric import Number
from autograd.show.story.events import Event
from autograd.show.story.sentences import Equals, Formula, Numbers, Part, Place, Sentence, sentence
from autograd.text import LOOSEST, Labels, has_names, is_name
from autograd.wording import WrittenNumber, printable, word

LONGEST_NAME = 40
LONGEST_FORMULA = 60  # beyond it the operation alone is named
SELECTING = (ops.relu, ops.abs, ops.maximum, ops.minimum)  # an operand, its size, or zero
ROLES = {"\0": "term", "\1": "factor", "\2": "exponent"}  # of a place, by its mark


class Told(NamedTuple):
    """A step in words: which pass, a title, the arithmetic, the new total; "" if none."""

    phase: str
    title: str
    arithmetic: str
    total: str = ""


def step_names(order: Sequence[Any], called: Mapping[Any, str]) -> dict[Any, str]:
    """Return a different name for each node except constants: v1, v2, ... where it has none.

    So they are called in the textbooks, in evaluation traces.
    """
    given = {node: on_one_line(name) for node, name in called.items()}
    taken = set(given.values())
    fresh = (name for k in count(1) if (name := f"v{k}") not in taken)
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
    """Tells the events of one graph; its ``labels`` have the names of ``step_names``.

    Sentences have places for the numbers of an event, which ``numbers_of`` fills; a page may fill
    them with others.
    """

    def __init__(self, labels: Labels) -> None:
        self.labels = labels

    def tell(self, event: Event) -> Told:
        """Return the event in words and numbers."""
        phase, numbers = word(event.kind), self.numbers_of(event)
        arithmetic = self.arithmetic(event).filled(numbers)
        if event.giver is None:
            return Told(phase, "", arithmetic)
        return Told(phase, self.title(event), arithmetic, self.total(event).filled(numbers))

    def numbers_of(self, event: Event) -> Numbers:
        """Return the numbers of an event, as written, by the names that its sentences use."""
        return {name: self.written(number) for name, number in numbers_in(event).items()}

    def question(self, event: Event) -> str:
        """Return what to ask before the event is told: data, seed or contribution."""
        if event.kind == "forward":
            return word("ask", target=f"{self.name(event.node)} = {self.made(event.node)}")
        target = self.derivative(event, event.receiver)
        if event.giver is None:
            return word("ask", target=target)
        return word("ask more", title=self.title(event), target=target)

    def name(self, node: Any) -> str:
        """Return the name of a node, the number of a constant."""
        return self.labels.name(node) or self.labels.number(node.data)

    def gradient(self, node: Any) -> str:
        """Return ``c.grad``, with parentheses around a name that is a formula itself."""
        name = self.name(node)
        return f"{name}.grad" if is_name(name) else f"({name}).grad"

    def derivative(self, event: Event, node: Any) -> str:
        """Return ``c.grad``, or ``c.tangent`` for an event of forward mode."""
        gradient = self.gradient(node)
        return gradient.removesuffix("grad") + "tangent" if event.is_tangent else gradient

    def written(self, number: Any) -> WrittenNumber:
        return self.labels.written(number)

    def arithmetic(self, event: Event) -> Sentence:
        """Return the arithmetic of an event, with places for its numbers."""
        if event.kind == "forward":
            return self._forward(event)
        return self._seed(event) if event.giver is None else self._contribution(event)

    # -- forward: c = a*b = 2.0 × (-3.0) = -6.0 --------------------------------------------------

    def _forward(self, event: Event) -> Sentence:
        node = event.node
        parts: list[Part] = [f"{self.name(node)} = {self.made(node)} "]
        if formula := self.in_numbers(event):
            parts.append(Formula(Equals(operands_of(node)), formula, "result"))
        return sentence(*parts, result_sign(node), " ", Place("result"))

    def in_numbers(self, event: Event) -> tuple[str | Place, ...]:
        """Return how a node was made, with places for its operands; nothing if that is long."""
        formula = self._in_numbers(event.node)
        if len(Sentence(formula).filled(self.numbers_of(event))) > LONGEST_FORMULA:
            return ()
        is_call = notation_of(event.node).value_formula(len(event.node.parents)) is None
        return formula if is_call else _with_times(formula)  # a name may have a * of its own

    def _in_numbers(self, node: Any) -> tuple[str | Place, ...]:
        """Return how a node was made, as in ``a*b``, with places for the numbers of its operands.

        The formula is written twice, with marks that need parentheses and with marks that do not.
        """
        count_, op = len(node.parents), on_one_line(node.op)
        loose, tight = (
            self.labels.phrase(node, [(f"\0{k}\0", binding) for k in range(count_)], op)[0]
            for binding in (LOOSEST, TIGHTEST)
        )
        is_sum = notation_of(node).sign in ("+", "-") and count_ == 2
        for k in range(count_):
            wrapped = f"(\0{k}\0)"
            if wrapped in loose and wrapped not in tight:
                is_first = k == 0 and is_sum  # a sign at the start needs no parentheses
                loose = loose.replace(wrapped, f"\0{k}\0" if is_first else f"\1{k}\1")
        if self.labels.writer.raised("2") != "**2":
            loose = re.sub(r"\*\*[\0\1](\d+)[\0\1]", "\2\\1\2", loose)
        parts: list[str | Place] = []
        for text, mark, k in re.findall(r"([^\0\1\2]*)(?:([\0\1\2])(\d+)[\0\1\2])?", loose):
            parts += [text] if text else []
            parts += [Place(_operand(int(k)), ROLES[mark])] if mark else []
        return tuple(parts)

    def made(self, node: Any) -> str:
        """Return how a node was made, as in ``a*b``; the operation alone where that is long."""
        operands = [self.labels.operand(parent) or ("?", TIGHTEST) for parent in node.parents]
        formula, _ = self.labels.phrase(node, operands, on_one_line(node.op))
        return formula if len(formula) <= LONGEST_FORMULA else on_one_line(node.op)

    # -- backward: a.grad += c.grad × ∂c/∂a = 1.0 × b = 1.0 × (-3.0) = -3.0 ----------------------

    def title(self, event: Event) -> str:
        """Return ``c = a*b → a``, saying which operand where ``a`` is one twice.

        In forward mode it is ``a → c = a*b``.
        """
        node, parent = event.node, event.parent
        ends = [f"{self.name(node)} = {self.made(node)}", self.name(parent)]
        title = " → ".join(reversed(ends) if event.is_tangent else ends)
        if node.parents.count(parent) > 1:
            place = word("operand", position=event.position + 1, count=len(node.parents))
            title += f" ({place})"
        return title

    def _seed(self, event: Event) -> Sentence:
        name = self.name(event.node)
        what = f"∂{name}/∂{name}" if event.after == 1 else word("seed is")
        head = f"{self.derivative(event, event.node)} = {what} "
        return sentence(head, Equals(("after",)), " ", Place("after"))

    def _contribution(self, event: Event) -> Sentence:
        partial = self.labels.partial(event.node, event.position)
        receiver, giver = (self.derivative(event, end) for end in (event.receiver, event.giver))
        head = f"{receiver} += {giver} × {partial} "
        parts: list[Part] = [head]
        if formula := self.formula(event):
            parts += [Equals(("upstream",)), " ", Place("upstream", "factor"), f" × {formula} "]
        return sentence(*parts, Equals(FACTORS), " ", *PRODUCT.parts)

    def numbers(self, event: Event) -> str:
        """Return ``1.0 × (-3.0) = -3.0``."""
        return PRODUCT.filled(self.numbers_of(event))

    def sum(self, event: Event) -> str:
        """Return ``a.grad = 6.0``, ``a.grad = -2.0 + 6.0 = 4.0`` where it is not the first."""
        head = f"{self.derivative(event, event.receiver)} "
        return head + (FIRST if event.is_first else SUM).filled(self.numbers_of(event))

    def formula(self, event: Event) -> str | None:
        """Return the local derivative as a factor in names, None where it is a bare number."""
        formula = self.labels.local_formula(event.node, event.position)
        if formula is None or not has_names(formula):
            return None
        return formula if _is_one_factor(formula) else f"({formula})"

    def total(self, event: Event) -> Sentence:
        """Return ``a.grad: 0.0 → -3.0``."""
        head = f"{self.derivative(event, event.receiver)}: "
        return sentence(head, Place("before", "alone"), " → ", Place("after", "alone"))


def numbers_in(event: Event) -> dict[str, Number]:
    """Return the numbers of an event by the names that its sentences use."""
    if event.kind == "forward":
        result, *operands = event.record
        return dict(zip(operands_of(event.node), operands, strict=True)) | {"result": result}
    return {
        "upstream": event.upstream, "local": event.local, "contribution": event.contribution,
        "before": event.before, "after": event.after,
    }  # fmt: skip


FACTORS = ("upstream", "local")
PRODUCT_SIGN = Equals((*FACTORS, "contribution"), factors=FACTORS)
PRODUCT = sentence(
    Place("upstream", "factor"), " × ", Place("local", "factor"), " ",
    PRODUCT_SIGN, " ", Place("contribution"),
)  # fmt: skip
FIRST = sentence(Equals(("after",)), " ", Place("after"))
SUM = sentence(
    Equals(("before", "contribution")), " ", Place("before"), " + ",
    Place("contribution", "factor"), " ",
    Equals(("before", "contribution", "after")), " ", Place("after"),
)  # fmt: skip


def result_sign(node: Any) -> Equals:
    """Return the sign between the numbers of the operands and the result.

    An operation that selects, as relu does, is exact on rounded numbers if what it selects is.
    """
    if node.operation in SELECTING:
        return Equals(("result",))
    operands = operands_of(node)
    return Equals((*operands, "result"), factors=operands if node.operation is ops.mul else ())


def operands_of(node: Any) -> tuple[str, ...]:
    """Return what ``numbers_of`` calls the numbers of the operands."""
    return tuple(map(_operand, range(len(node.parents))))


def _operand(k: int) -> str:
    return f"operand {k}"


def _with_times(formula: tuple[str | Place, ...]) -> tuple[str | Place, ...]:
    """Return a formula with × for ``*``, but not for ``**``."""
    return tuple(
        re.sub(r"(?<!\*)\*(?!\*)", " × ", part) if isinstance(part, str) else part
        for part in formula
    )


def _is_one_factor(formula: str) -> bool:
    """Tell whether a formula is a name or a call, and so a factor without parentheses."""
    while formula != (shorter := re.sub(r"\([^()]*\)|\[[^\[\]]*\]", "", formula)):
        formula = shorter
    return re.fullmatch(r"[\w.]*", formula) is not None
