"""explain: a gradient as the sum over all paths, each the product of its local derivatives."""

import math
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from heapq import nlargest
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from autograd import ops
from autograd.foreign import as_value, is_node, standing_for
from autograd.graph import topological_order
from autograd.numeric import Number, saturated, whole_number
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

    paths     those with the largest products, the largest first; a node that is an operand twice
              has two through it
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
    max_paths: int = 5,
    digits: int = 4,
) -> Explanation:
    """Return why ∂output/∂wrt is what it is: path by path, and the reason if it is zero.

    names      name → node; without it nodes are called by label or by the caller's variables,
               and v1, v2, ... where they have neither
    max_paths  how many paths to list, the largest first; the others are counted
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
    explained = _explained(story, wrt, max_paths)
    told = "\n".join(filter(None, [explained.told, story.edited]))
    return replace(explained, told=told)


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
    walks = _largest_walks(seed.node, wrt, steps, max_paths)
    found = sorted(((_path(wrt, seed.after, walk), walk) for walk in walks), key=_by_size)
    paths = [path for path, _ in found]
    left_out = sum(n for step, n in ways(steps) if step.parent is wrt) - len(paths)
    reasons = _reasons(seed.node, wrt, backward, teller) if gradient == 0 else []
    products = [path.product for path in paths]
    lines = teller.paths([walk for _, walk in found], products)
    if left_out:
        lines.append("… " + word("paths left out", count=left_out))
    lines.append(teller.sum_of(wrt, products, left_out, gradient))
    if gradient != 0:
        lines += [f"  {cut}" for cut in teller.cuts(walk for _, walk in found)]
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


def _largest_walks(
    output: Value, wrt: Value, steps: Sequence[Event], most: int
) -> list[list[Event]]:
    """Return the steps of the paths with the largest products, those of each from ``wrt`` on.

    The largest to a node go on from the largest to its children, so ``most`` of each node are
    enough. Each of the ``steps`` leads to ``wrt`` in the end, so no walk is useless.
    """
    found: dict[Any, list[tuple[float, Any]]] = defaultdict(list)  # a size and (step, rest)
    found[output] = [(0.0, None)]
    for node, group in groupby(steps, key=lambda step: step.node):
        largest = nlargest(most, found.pop(node), key=itemgetter(0))
        for step in group:
            size = _logarithm(step.local)
            found[step.parent] += [
                (_number_or_infinity(held + size), (step, walk)) for held, walk in largest
            ]
    return [_unlinked(walk) for _, walk in nlargest(most, found[wrt], key=itemgetter(0))]


def _unlinked(walk: Any) -> list[Event]:
    steps = []
    while walk:
        step, walk = walk
        steps.append(step)
    return steps


def _logarithm(local: Number) -> float:
    """Return the logarithm of the size: in sums of these, no product is too large or small."""
    size = abs(saturated(local))
    return _number_or_infinity(math.log(size)) if size else -math.inf


def _number_or_infinity(size: float) -> float:
    """Return ``size``; what is not a number counts as the largest, for it is what is looked for."""
    return math.inf if math.isnan(size) else size


def _by_size(found: tuple[Path, list[Event]]) -> tuple[float, list[int]]:
    """Return what sorts paths: the largest product first, equal ones as their operands stand."""
    path, walk = found
    size = _number_or_infinity(abs(saturated(path.product)))
    return -size, [step.position for step in reversed(walk)]


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
