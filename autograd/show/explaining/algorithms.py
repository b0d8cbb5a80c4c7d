"""compare_algorithms: the right backward pass beside three famous wrong ones."""

import math
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from autograd import ops
from autograd.graph import is_same, topological_order
from autograd.numeric import Number
from autograd.show.explaining.paths import ways
from autograd.show.picture import Options, Picture, picture_of
from autograd.show.story import Event, Story, StoryLabels
from autograd.text import Labels, Typesetter
from autograd.value import Value
from autograd.wording import aligned, for_terminal, word

MOST_HAND_ONS = 100_000
MOST_ROWS = 40

Gradients = dict[Any, Number]


@dataclass(frozen=True)
class Attempt:
    """What a wrong algorithm makes of the gradients.

    name       "recursion", "assigning" or "not resetting"
    gradients  of each node in the end; empty if the algorithm was not run
    wrong      those that are wrong, the output first
    hand_ons   how many contributions it hands on; it is run up to 100,000 of them
    """

    name: str
    gradients: Gradients
    wrong: Gradients
    hand_ons: int

    @property
    def departs(self) -> Value | None:
        """The first node that is wrong, the output first; None where all are right."""
        return next(iter(self.wrong), None)


@dataclass(frozen=True)
class Comparison:
    """The right gradients, and what three wrong algorithms make of them; ``picture`` shows both.

    right     the gradient of each node except constants, the output first
    attempts  recursion without a topological order, ``=`` for ``+=``, a pass without a reset
              of any node
    """

    right: Gradients
    attempts: list[Attempt]
    labels: Labels

    @cached_property
    def picture(self) -> Picture:
        """The graph with the right gradients and, in each box, who gets it wrong.

        The boxes where an algorithm first goes wrong are marked.
        """
        labels = self.labels.written_by(Typesetter)
        picture = picture_of(topological_order(next(iter(self.right))), labels, Options())
        scene = picture.scene.copy()
        for attempt in self.attempts:
            for node, gradient in attempt.wrong.items():
                remark = f"{word(attempt.name)}: {labels.number(gradient)}"
                scene.box_of[node].remarks += (remark,)
            if attempt.departs is not None:
                scene.box_of[attempt.departs].look = "departs"
        verdicts = [self._verdict(attempt, labels) for attempt in self.attempts]
        scene.caption = "\n".join(filter(None, [scene.caption, *verdicts]))
        return Picture(scene, picture.options)

    def __repr__(self) -> str:
        heads = ["right", *[attempt.name for attempt in self.attempts]]
        rows = [[word("node"), *[f"{word(head)}  " for head in heads]]]
        lines = [aligned(rows + [self._row(node) for node in self._chosen()])]
        if len(self.right) > MOST_ROWS:
            lines.append("… " + word("more", count=len(self.right) - MOST_ROWS))
        if any(attempt.wrong for attempt in self.attempts):
            lines.append(word("marks"))
        verdicts = [self._verdict(attempt, self.labels) for attempt in self.attempts]
        return for_terminal("\n".join([*lines, "", *verdicts]))

    def _chosen(self) -> list[Value]:
        """Return the nodes of the table; if there are too many, those that matter most."""
        firsts = {attempt.departs for attempt in self.attempts}
        wrong = {node for attempt in self.attempts for node in attempt.wrong}
        output = next(iter(self.right))
        urgent = sorted(
            self.right,
            key=lambda node: (
                node not in firsts, bool(node.parents) and node is not output, node not in wrong
            ),
        )  # fmt: skip
        chosen = set(urgent[:MOST_ROWS])
        return [node for node in self.right if node in chosen]

    def _row(self, node: Value) -> list[str]:
        cells = [f"{self.labels.number(self.right[node])}  "]
        for attempt in self.attempts:
            known = attempt.gradients.get(node)
            mark = "←" if node is attempt.departs else "≠" if node in attempt.wrong else " "
            cells.append(
                f"{word('no grad') if known is None else self.labels.number(known)} {mark}"
            )
        title = self.labels.title(node) or self.labels.short(node)
        return [" ".join(title.split()), *cells]

    def _verdict(self, attempt: Attempt, labels: Labels) -> str:
        algorithm, node = word(f"{attempt.name} is"), attempt.departs
        if not attempt.gradients:
            count = attempt.hand_ons
            return word("not run", algorithm=algorithm, count=count, most=MOST_HAND_ONS)
        if node is None:
            return word("right here", algorithm=algorithm)
        wrong, right = map(labels.number, (attempt.wrong[node], self.right[node]))
        name = labels.short(node)
        return word("first wrong", algorithm=algorithm, name=name, wrong=wrong, right=right)


def compare_algorithms(
    output: Value, *, names: Mapping[str, Value] | None = None, digits: int = 4
) -> Comparison:
    """Return the gradients of ``output.backward()`` beside those of three wrong algorithms.

    recursion  a node hands on what it has gathered so far and then calls itself on each parent,
               in no topological order: what it hands on again counts twice
    = for +=   in the right order, but the last contribution replaces the others
    no reset   a second pass on what the first one left in each node except the output: in interior
               nodes too, which ``backward()`` itself clears

    They run on dictionaries of gradients: no node is touched. ``names`` and ``digits`` are as in
    ``explain``. Raises NotAGraphError for what is not a node.
    """
    story = Story(output, names=names, frame=sys._getframe(1), digits=digits)
    right, backward = story.gradients, story.contributions
    hand_ons = sum(count for _, count in ways(backward))
    results = [
        ("recursion", _recursion(right, backward) if hand_ons <= MOST_HAND_ONS else {}, hand_ons),
        ("assigning", _assigning(right, backward), len(backward)),
        ("not resetting", _second_pass(right, backward), 2 * len(backward)),
    ]
    errors = _rounding_errors(right, backward)
    attempts = [
        Attempt(name, found, _wrong(found, right, errors), count) for name, found, count in results
    ]
    return Comparison(right, attempts, StoryLabels(story))


# -- the algorithms ----------------------------------------------------------------------------


def _recursion(right: Gradients, backward: Sequence[Event]) -> Gradients:
    """Return the gradients that this leaves, with a stack of our own instead of Python's:

    def hand_on(node):
        for parent, local in zip(node.parents, node.local_derivatives):
            parent.grad += node.grad * local
        for parent in node.parents:
            hand_on(parent)
    """
    steps_of: dict[Any, list[Event]] = defaultdict(list)
    for step in backward:
        steps_of[step.node].append(step)
    gradients = _seeded(right)
    stack = list(gradients)
    while stack:
        steps = steps_of[stack.pop()]
        for step in steps:
            _hand_on(gradients, step, step.local)
        stack += [step.parent for step in reversed(steps)]
    return dict(gradients)


def _assigning(right: Gradients, backward: Sequence[Event]) -> Gradients:
    gradients = _seeded(right)
    for step in backward:
        gradients[step.parent] = ops.mul.evaluate(gradients[step.node], step.local)
    return dict(gradients)


def _second_pass(right: Gradients, backward: Sequence[Event]) -> Gradients:
    """Return what a second pass leaves, started from the ``right`` gradients and a fresh seed."""
    gradients = dict(right)
    for step in backward:
        _hand_on(gradients, step, step.local)
    return gradients


def _seeded(right: Gradients) -> Gradients:
    """Return gradients that are zero except at the output, the first of the ``right`` ones."""
    output, seed = next(iter(right.items()))
    return defaultdict(int, {output: seed})


def _hand_on(gradients: Gradients, step: Event, local: Number) -> None:
    contribution = ops.mul.evaluate(gradients[step.node], local)
    gradients[step.parent] = ops.add.evaluate(gradients[step.parent], contribution)


# -- judging them --------------------------------------------------------------------------------


def _rounding_errors(right: Gradients, backward: Sequence[Event]) -> Gradients:
    """Return how far rounding can move each gradient where contributions come in another order.

    That is a share of what the gradient would be without signs (Higham, 2002, section 3.1).
    """
    sizes = _seeded(right)
    for step in backward:
        _hand_on(sizes, step, ops.abs.evaluate(step.local))
    share = 4 * len(backward) * sys.float_info.epsilon
    return {node: share * size if isinstance(size, float) else 0 for node, size in sizes.items()}


def _wrong(found: Gradients, right: Gradients, errors: Gradients) -> Gradients:
    """Return the gradients found that are not the right ones, in the order of the latter."""
    wrong: Gradients = {}
    for node in right if found else ():
        error = ops.abs.evaluate(ops.sub.evaluate(found[node], right[node]))
        if not is_same(found[node], right[node]) and not error <= errors[node] < math.inf:
            wrong[node] = found[node]
    return wrong
