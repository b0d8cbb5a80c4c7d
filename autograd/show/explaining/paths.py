"""explain: a gradient as the sum over all paths, each the product of its local derivatives."""

import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import groupby, islice
from typing import Any, NamedTuple

from autograd import ops
from autograd.foreign import as_value, is_node, standing_for
from autograd.graph import topological_order
from autograd.numeric import Number, whole_number
from autograd.show.explaining.path_telling import PathTeller
from autograd.show.story import Event, Story
from autograd.value import Value
from autograd.wording import for_terminal, word

MOST_REASONS = 10


class Path(NamedTuple):
    """One way from a node to the output, and what the node's gradient gets along it."""

    nodes: tuple[Value, ...]  # both ends included
    local_derivatives: tuple[Number, ...]  # of each node after the first in the one before it
    product: Number


@dataclass(frozen=True)
class Explanation:
    """A gradient, the paths it is the sum of, and why it is zero if it is.

    paths     the first ones; a node that is an operand twice has two through it
    gradient  the sum over all paths, also those left out: ``wrt.grad`` after one backward pass
    left_out  how many further paths there are
    reasons   for a gradient of zero, in words; else empty
    told      all of it in words
    """

    paths: list[Path]
    gradient: Number
    left_out: int
    reasons: list[str]
    told: str

    def __repr__(self) -> str:
        return for_terminal(self.told)


def explain(
    output: Value,
    wrt: Value,
    *,
    names: Mapping[str, Value] | None = None,
    max_paths: int = 20,
    digits: int = 4,
) -> Explanation:
    """Return why ∂output/∂wrt is what it is: path by path, and the reason if it is zero.

    names      name → node; without it nodes are called by label or by the caller's variables,
               and t1, t2, ... where they have neither
    max_paths  the most paths to list; the others are counted
    digits     significant digits of the numbers

    ``wrt`` is any node, also an interior one; no ``grad`` is touched. Raises NotAGraphError for
    an output that is not a node, TypeError for a ``wrt`` that is not one, ValueError for max_paths
    below 1.
    """
    frame = sys._getframe(1)
    output = as_value(output, frame)
    _require_node(wrt)
    max_paths = whole_number("max_paths", max_paths, least=1)
    wrt = standing_for(wrt, output)
    story = Story(output, names=names, frame=frame, digits=digits, beside=[wrt])
    return _explained(story, wrt, max_paths)


def _require_node(wrt: Any) -> None:
    if isinstance(wrt, list | tuple):
        raise TypeError("explain takes one node at a time: [explain(output, w) for w in nodes]")
    if not is_node(wrt):
        raise TypeError(
            f"explain tells the gradient of a Value; {wrt!r:.60} is of type {type(wrt).__name__}"
        )


def _explained(story: Story, wrt: Value, max_paths: int) -> Explanation:
    teller = PathTeller(story.labels, story.given)
    seed, *backward = story.backward
    gradient = story.gradients.get(wrt, type(seed.after)())
    if wrt is seed.node:
        told = teller.tell(seed).arithmetic
        return Explanation([Path((wrt,), (), gradient)], gradient, 0, [], told)
    if wrt.is_constant:
        reason = word("is constant", name=teller.name(wrt))
        return Explanation([], gradient, 0, [reason], reason)
    steps = _steps_from(wrt, backward)
    found = list(islice(_walks(seed.node, wrt, steps), max_paths))
    paths = [_path(wrt, seed.after, walk) for walk in found]
    left_out = sum(n for step, n in ways(steps) if step.parent is wrt) - len(paths)
    reasons = _reasons(seed.node, wrt, backward, teller) if gradient == 0 else []
    products = [path.product for path in paths]
    lines = teller.paths(found, products)
    if left_out:
        lines.append("… " + word("paths left out", count=left_out))
    lines.append(teller.sum_of(wrt, products, left_out, gradient))
    lines += [f"  {word('because')} {reason}" for reason in reasons[:MOST_REASONS]]
    if len(reasons) > MOST_REASONS:
        lines.append("  … " + word("more", count=len(reasons) - MOST_REASONS))
    return Explanation(paths, gradient, left_out, reasons, "\n".join(lines))


# -- finding the paths -------------------------------------------------------------------------


def _steps_from(wrt: Value, backward: Sequence[Event]) -> list[Event]:
    """Return the steps of the backward pass that lie on the paths from ``wrt``."""
    depending = {wrt}
    steps = []
    for step in reversed(backward):
        if step.parent in depending:
            depending.add(step.node)
            steps.append(step)
    return steps[::-1]


def ways(backward: Sequence[Event]) -> Iterator[tuple[Event, int]]:
    """Yield each step of a backward pass with the number of paths from the output to its node."""
    counts: dict[Any, int] = defaultdict(int)
    if backward:
        counts[backward[0].node] = 1
    for node, steps in groupby(backward, key=lambda step: step.node):
        count = counts.pop(node)  # not kept: a count may have thousands of digits
        for step in steps:
            yield step, count
            if step.receiver.parents:  # type: ignore[union-attr]  # a backward step has one
                counts[step.receiver] += count


def _walks(output: Value, wrt: Value, steps: Sequence[Event]) -> Iterator[list[Event]]:
    """Yield the steps of each path, from ``wrt`` on; paths come in the order of the operands.

    Each of the ``steps`` leads to ``wrt`` in the end, so no walk is useless.
    """
    steps_of: dict[Any, list[Event]] = defaultdict(list)
    for step in steps:
        steps_of[step.node].append(step)
    stack: list[tuple[Any, Any]] = [(output, None)]  # a node and the walk to it: (step, rest)
    while stack:
        node, walk = stack.pop()
        if node is not wrt:
            stack += [(step.parent, (step, walk)) for step in reversed(steps_of[node])]
            continue
        path = []
        while walk:
            step, walk = walk
            path.append(step)
        yield path


def _path(wrt: Value, seed: Number, walk: Sequence[Event]) -> Path:
    """Return a path with its product, multiplied from the output on as in the chain rule."""
    locals_ = tuple(step.local for step in walk)
    product = reduce(ops.mul.evaluate, reversed(locals_), seed)
    return Path((wrt, *[step.node for step in walk]), locals_, product)


# -- why a gradient is zero ----------------------------------------------------------------------


def _reasons(output: Value, wrt: Value, backward: Sequence[Event], teller: PathTeller) -> list[str]:
    """Return where the zero comes from, going from ``wrt`` along contributions that are zero."""
    received: dict[Any, list[Event]] = defaultdict(list)
    for step in backward:
        received[step.parent].append(step)
    if wrt not in received:
        is_swapped = output in topological_order(wrt)
        key = "swapped" if is_swapped else "not connected"
        return [word(key, output=teller.name(output), name=teller.name(wrt))]
    reasons = []
    waiting, seen = [wrt], {wrt}
    for node in waiting:  # which grows
        steps = received[node]
        if any(step.contribution for step in steps):
            reasons.append(teller.cancelling(steps))
            continue
        for step in steps:
            if step.upstream or not step.local:
                reasons.append(teller.vanishing(step))
            elif step.node not in seen:
                seen.add(step.node)
                waiting.append(step.node)
    return list(dict.fromkeys(reasons))
