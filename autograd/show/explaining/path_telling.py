"""A path in words: the product of its local derivatives, their sum, and why one is zero."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from autograd import ops
from autograd.graph import is_same
from autograd.numeric import Number, saturated
from autograd.show.story import Event, Teller, equals
from autograd.text import Labels
from autograd.value import Value
from autograd.wording import WrittenNumber, aligned, word

MOST_ON_A_LINE = 8  # nodes, factors or terms; if there are more, ...
ENDS = 3  # ... this many are written at each end
LONGEST_LINE = 100  # of a path and its product; if longer, they take two lines

T = TypeVar("T")


class PathTeller(Teller):
    """Tells paths, their sum, and why a contribution is zero; ``given`` has nodes with a name."""

    def __init__(self, labels: Labels, given: Mapping[Value, str]) -> None:
        super().__init__(labels)
        self.given = given

    def paths(self, walks: Sequence[Sequence[Event]], products: Sequence[Number]) -> list[str]:
        """Return a line for each path, and one that tells how nodes without a name were made."""
        rows: list[tuple[str, str]] = []
        nameless: set[Any] = set()
        for walk, product in zip(walks, products, strict=True):
            start, ends = walk[0].parent, _ends(walk)
            names = _joined(" → ", [self._arrival(step) for step in ends], len(walk))
            rows.append((f"{self.name(start)} → {names}:", self.product_of(walk, product)))
            nameless |= {start, *[step.node for step in ends]} - self.given.keys()
        lines = [aligned(rows, left=2)] if rows else []
        if any(len(names) + len(product) > LONGEST_LINE for names, product in rows):
            lines = [f"{names}\n    {product}" for names, product in rows]
        if nameless:
            inner = [node for node in self.labels.called if node in nameless]
            made = [f"{self.name(node)} = {self._definition(node)}" for node in _ends(inner)]
            lines.append(f"{word('where')} {_joined(', ', made, len(inner))}")
        return lines

    def _definition(self, node: Value) -> str:
        return self.made(node) if node.parents else self.labels.number(node.record[0])

    def _arrival(self, step: Event) -> str:
        """Return the name of a node on a path, and from which operand the path came."""
        name, parents = self.name(step.node), step.node.parents
        if parents.count(step.receiver) == 1:
            return name
        return f"{name} ({word('operand', position=step.position + 1, count=len(parents))})"

    def product_of(self, walk: Sequence[Event], product: Number) -> str:
        """Return ``∂c/∂a × ∂L/∂c = b × d = (-3.0) × (-2.0) = 6.0``."""
        ends = _ends(walk)
        numbers = [self.written(step.local) for step in ends]
        formulas = [self.formula(step) for step in ends]
        if len(walk) == 1 and formulas[0]:
            formulas = [_bare(formulas[0])]
        partials = [self.labels.partial(step.node, step.position) for step in ends]
        text = _joined(" × ", partials, len(walk))
        if any(formulas):
            pairs = list(zip(formulas, numbers, strict=True))
            rounded = any(number.is_rounded for formula, number in pairs if not formula)
            factors = [formula or number.factor for formula, number in pairs]
            text += f" {equals(rounded)} {_joined(' × ', factors, len(walk))}"
        rounded = any(number.is_rounded for number in numbers)
        if len(walk) > 1:
            factors = [number.factor for number in numbers]
            text += f" {equals(rounded)} {_joined(' × ', factors, len(walk))}"
        result = self.written(product)
        if product == 0:  # exact, unless it is too small for a float
            rounded = all(step.local for step in walk)
        return f"{text} {equals(rounded or result.is_rounded)} {result.text}"

    def sum_of(
        self, wrt: Value, products: Sequence[Number], left_out: int, gradient: Number
    ) -> str:
        """Return ``a.grad = 6.0 - 2.0 = 4.0``."""
        head, result = self.gradient(wrt), self.written(gradient)
        if any(map(_overflows, products)) and not _overflows(gradient):
            return f"{head} {equals(result.is_rounded)} {result.text} ({word('path overflows')})"
        if len(products) < 2 and not left_out:
            return f"{head} {equals(result.is_rounded)} {result.text}"
        terms = self._terms(products, is_cut=left_out > 0)
        is_exact = left_out > 0 or _is_sum(gradient, products)
        sign = equals(terms.is_rounded or result.is_rounded or not is_exact)
        return f"{head} {equals(terms.is_rounded)} {terms.text} {sign} {result.text}"

    def _terms(self, numbers: Sequence[Number], *, is_cut: bool = False) -> WrittenNumber:
        """Return ``6.0 - 2.0``."""
        first, *others = map(self.written, numbers[:MOST_ON_A_LINE])
        text = first.text
        for other in others:
            sign, size = ("-", other.text[1:]) if other.text[0] == "-" else ("+", other.text)
            text += f" {sign} {size}"
        if is_cut or len(numbers) > MOST_ON_A_LINE:
            text += " + …"
        return WrittenNumber(text, first.is_rounded or any(other.is_rounded for other in others))

    def cancelling(self, steps: Sequence[Event]) -> str:
        """Return a sentence: what one node receives adds up to zero."""
        contributions = [step.contribution for step in steps if step.contribution]
        terms, zero = self._terms(contributions), self.written(steps[-1].after).text
        sign = equals(terms.is_rounded or not _is_sum(steps[-1].after, contributions))
        name = self.name(steps[0].receiver)
        return word("cancel", name=name, sum=f"{terms.text} {sign} {zero}")

    def cuts(self, walks: Iterable[Sequence[Event]]) -> list[str]:
        """Return a sentence for each edge on the paths that ``detach`` cuts."""
        steps = [step for walk in walks for step in walk if step.node.operation is ops.detach]
        return list(dict.fromkeys(map(self.vanishing, steps)))

    def vanishing(self, step: Event) -> str:
        """Return why a contribution is zero, if not because its upstream gradient is."""
        if step.local:
            factors = [self.written(number) for number in (step.upstream, step.local)]
            sign = equals(any(factor.is_rounded for factor in factors))
            partial = self.labels.partial(step.node, step.position)
            names = f"{self.gradient(step.node)} × {partial}"
            numbers = " × ".join(factor.factor for factor in factors)
            return word("too small", product=f"{names} {sign} {numbers}")
        if step.node.operation is ops.detach:
            return word("detached", name=self.name(step.receiver))
        if step.node.operation is not ops.relu:
            return self.product_of([step], step.local)
        operand = self.written(step.node.record[1])
        name = f"{self.name(step.receiver)} {equals(operand.is_rounded)} {operand.text}"
        return word("flat", op=step.node.op, operand=name)


def _overflows(number: Number) -> bool:
    return isinstance(number, float) and not math.isfinite(number)


def _is_sum(total: Number, terms: Sequence[Number]) -> bool:
    """Tell whether a sum is exact, or rounded just once: 1e16 + 1.0 - 1e16 = 0.0 is neither."""
    if not isinstance(total, float):
        return total == sum(terms)
    try:
        return is_same(total, math.fsum(map(saturated, terms)))
    except (OverflowError, ValueError):  # past the largest float; infinity minus infinity
        return total != total


def _bare(formula: str) -> str:
    """Return a factor as it is written alone."""
    return formula[1:-1] if formula.startswith("(") and formula.endswith(")") else formula


def _ends(items: Sequence[T]) -> Sequence[T]:
    """Return the items that are written: all, or if there are many, only those at the two ends."""
    return items if len(items) <= MOST_ON_A_LINE else [*items[:ENDS], *items[-ENDS:]]


def _joined(sign: str, ends: Sequence[str], count: int) -> str:
    """Return what was written of ``count`` items, joined, with … for those between the ends."""
    return sign.join(ends if len(ends) == count else [*ends[:ENDS], "…", *ends[ENDS:]])
