"""Other numbers for a graph, chosen by a seed, so that both passes can be done by hand."""

import copy
import math
import random
from collections.abc import Sequence
from fractions import Fraction

from autograd import ops
from autograd.calculus import RecomputeCheckpoint
from autograd.errors import DomainError, NoForwardRuleError, PictureError
from autograd.graph import refresh, topological_order
from autograd.numeric import Number, saturated
from autograd.operation import OPERATIONS
from autograd.show.pages.sheets.lookup import ARITHMETIC, calls_in_value, easy_inputs
from autograd.show.story import events_of, forward_mode_events
from autograd.value import Value
from autograd.wording import show_number, write_number

TRIES = 300
MOST_TRIES = 1200  # as long as a function is where its table has no value
SMALLEST, LARGEST = 0.001, 1000  # the sizes that the numbers of both passes may have, ...
SMALL, LARGE = 0.01, 100  # ... and should have ...
LONGEST = 5  # ... in at most this many characters, without the sign
HARD_INPUT = 10  # blemishes, as which a function counts where its table has no value

WHOLE = [sign * k for k in range(1, 5) for sign in (1, -1)]
POOLS: dict[type, Sequence[Number]] = {
    int: WHOLE,
    float: [*map(float, WHOLE), *(sign * k / 2 for k in (1, 3, 5) for sign in (1, -1))],
    Fraction: [
        sign * Fraction(*ends) for ends in ((1, 2), (1, 3), (2, 3), (3, 2)) for sign in (1, -1)
    ],
}


def with_drawn_numbers(
    output: Value, seed: int | str, digits: int, wrt: Value | None = None
) -> Value:
    """Return a copy of the graph of ``output`` with other numbers in its leaves.

    With ``wrt`` they suit the tangents from there too.
    They are small, of the kind that was there (float, int or Fraction), and the same for the same
    seed. No operation is outside its domain or at a kink, no number gets too large or too small;
    and, if some hundred tries find such numbers, none is zero, none has more than five characters
    unless it is rounded to ``digits``, none is rounded in a graph of plain arithmetic, and a
    function such as tanh, of what is plain arithmetic, is at one of its six simple inputs. Raises
    PictureError if no try works, NoForwardRuleError for a one-off node.
    """
    copied = copy.deepcopy(output)
    order = topological_order(copied)
    start = None if wrt is None else order[topological_order(output).index(wrt)]
    _require_forward_rules(order)
    leaves = [node for node in order if not node.parents and not node.is_constant]
    rng = random.Random(seed)
    best: list[Number] = []
    fewest = math.inf
    reason = ""
    for k in range(MOST_TRIES):
        if k >= TRIES and not HARD_INPUT <= fewest < math.inf:
            break
        drawn = _draw(leaves, rng)
        try:
            blemishes = _blemishes(copied, start, order, leaves, drawn, digits)
        except (DomainError, _UnfitError) as error:
            reason = str(error)
            continue
        if blemishes < fewest:
            best, fewest = drawn, blemishes
        if not blemishes:
            return copied
    if not best:
        raise PictureError(
            f"none of {TRIES} tries with small numbers from seed={seed!r} suits this graph: in the "
            f"last, {reason}; give it numbers of your own, without a seed"
        )
    _blemishes(copied, start, order, leaves, best, digits)
    return copied


def _require_forward_rules(order: Sequence[Value]) -> None:
    for node in order:
        if node.parents and isinstance(node.operation, RecomputeCheckpoint):
            raise NoForwardRuleError(
                f"{node.op} is a recompute checkpoint, and nobody could run {node.op} again by "
                f"hand: call {node.op} itself, so that its operations are in the graph"
            )
        if node.parents and OPERATIONS.get(node.op) is not node.operation:
            raise NoForwardRuleError(
                f"{node.op} is a one-off node: it does not know its value for other numbers; "
                "seed=None keeps those it has"
            )


def _draw(leaves: Sequence[Value], rng: random.Random) -> list[Number]:
    """Return a number for each leaf, all different as long as there are enough.

    It takes ``random()`` only, which gives the same in every version of Python.
    """
    drawn: list[Number] = []
    for leaf in leaves:
        pool = POOLS[type(leaf.data)]
        left = [number for number in pool if number not in drawn] or pool
        drawn.append(left[int(rng.random() * len(left))])
    return drawn


class _UnfitError(ValueError):
    """Why numbers cannot be used."""


def _blemishes(
    output: Value,
    wrt: Value | None,
    order: Sequence[Value],
    leaves: Sequence[Value],
    drawn: Sequence[Number],
    digits: int,
) -> int:
    """Compute the graph with the numbers drawn; return how many things are not nice about them.

    Raises DomainError, or _UnfitError where nobody could do the passes by hand.
    """
    for leaf, number in zip(leaves, drawn, strict=True):
        leaf.data = number
    refresh(output)
    for node in order:
        if node.parents and _is_at_kink(node):
            raise _UnfitError(f"{node.op} is at its kink")
    numbers = [node.record[0] for node in order if not node.is_constant]
    blemishes = sum(number == 0 for number in numbers)
    tangents = [] if wrt is None else forward_mode_events(output, wrt)
    for event in [*events_of(output), *tangents]:
        if event.giver is not None:
            numbers += (event.local, event.contribution, event.after)
            blemishes += event.local == 0 and not _chooses(event.node)
    for number in numbers:
        if number and not SMALLEST <= abs(saturated(number)) <= LARGEST:  # also if it is NaN
            raise _UnfitError(f"a number comes to {show_number(number, digits)}")
    plain = _plain(order)
    is_exact = len(plain) == len(order)
    blemishes += sum(not _is_handy(number, digits, is_exact) for number in numbers)
    return blemishes + HARD_INPUT * sum(
        call.argument in node.record[1:] and call.argument not in easy_inputs(call.function)
        for node in order
        if node not in plain and plain.issuperset(node.parents)
        for call in calls_in_value(node, node.record)
    )


def _plain(order: Sequence[Value]) -> set[Value]:
    """Return the nodes that are computed without functions to look up."""
    plain: set[Value] = set()
    for node in order:
        is_arithmetic = not node.parents or node.operation in ARITHMETIC
        if is_arithmetic and plain.issuperset(node.parents):
            plain.add(node)
    return plain


def _is_at_kink(node: Value) -> bool:
    kink = node.operation.kink
    return kink is not None and kink(*node.record[1:])


def _chooses(node: Value) -> bool:
    """Tell whether an operation chooses one operand: the other's gradient is then always zero."""
    return node.operation.kink is ops.where_equal


def _is_handy(number: Number, digits: int, is_exact: bool) -> bool:
    written = write_number(number, digits)
    size = abs(saturated(number))
    if written.is_rounded:
        return not is_exact and SMALL <= size <= LARGE
    return size <= LARGE and len(written.text.removeprefix("-")) <= LONGEST
