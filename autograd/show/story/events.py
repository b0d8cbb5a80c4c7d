"""The passes over a graph, in reverse or forward mode, as one list of events for every view.

The numbers are those of the chain rule itself, in either direction, run once on numbers that keep a
log.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from autograd.errors import NotAGraphError
from autograd.graph import numeric_chain_rule, topological_order
from autograd.numeric import Number, as_number, saturated
from autograd.tangents import numeric_tangents
from autograd.value import Value


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happens in a pass.

    kind          "forward": ``node`` got its data; "seed": the output got the first gradient;
                  "backward": ``node`` handed a contribution to one of its parents;
                  in forward mode "tangent seed": the input got the first tangent;
                  "tangent": ``node`` got a contribution from one of its parents
    node          the node that was computed, got the seed, or hands on
    position      which of its parents the contribution goes to, or comes from; else -1
    upstream      ∂output/∂node, or the tangent of the parent; complete by then
    local         ∂node/∂parent
    contribution  upstream × local
    before        the gradient, or tangent, of the receiver before the contribution
    after         and after it
    is_first      whether nothing reached the receiver earlier in this pass
    record        the numbers of the forward pass at ``node``: the result, then the operands
    """

    kind: str
    node: Value
    position: int = -1
    upstream: Number = 0
    local: Number = 0
    contribution: Number = 0
    before: Number = 0
    after: Number = 0
    is_first: bool = False
    record: tuple[Number, ...] = ()

    @property
    def parent(self) -> Value | None:
        """The node at the other end of the edge that a contribution takes."""
        return self.node.parents[self.position] if self.position >= 0 else None

    @property
    def is_tangent(self) -> bool:
        """Whether it is about a tangent, as in forward mode, and not about a gradient."""
        return self.kind in ("tangent seed", "tangent")

    @property
    def about(self) -> str:
        """What changes: "data", "gradient" or "tangent"."""
        return "tangent" if self.is_tangent else "data" if self.kind == "forward" else "gradient"

    @property
    def receiver(self) -> Value | None:
        """The node whose gradient or tangent changes; None in the forward pass."""
        return self.parent if self.kind in ("forward", "backward") else self.node

    @property
    def giver(self) -> Value | None:
        """The node a contribution comes from; None unless the event is one."""
        return self.parent if self.is_tangent else self.node if self.kind == "backward" else None


Sum = tuple[Number, Number, Number, Number, Number]  # upstream, local, their product, before, after


class _Logged:
    """A number in the chain rule that logs each sum it takes part in."""

    __slots__ = ("factors", "log", "number")

    def __init__(
        self,
        number: Number = 0,
        log: list[Sum] | None = None,
        factors: tuple[Number, Number] = (0, 0),
    ) -> None:
        self.number = number
        self.log = log
        self.factors = factors

    def __mul__(self, local: Number) -> "_Logged":
        return _Logged(self.number * local, self.log, (self.number, local))

    def __iadd__(self, contribution: "_Logged") -> "_Logged":
        after = self.number + contribution.number
        contribution.log.append(  # type: ignore[union-attr]  # the seed had one
            (*contribution.factors, contribution.number, self.number, after)
        )
        return _Logged(after, contribution.log)


def events_of(output: Any, seed: Number = 1) -> list[Event]:
    """Return what happens in the forward pass and in ``output.backward(seed)``, in order.

    Writing each event's ``after`` to its receiver's ``grad`` gives, bit for bit, what
    ``backward`` gives. Constants get no events. Raises NotAGraphError for what is not a Value, and
    for a constant.
    """
    if not isinstance(output, Value):
        raise NotAGraphError(
            f"{output!r:.80} is a {type(output).__name__}: stepping needs local derivatives, "
            "which a Value has; draw() shows the graphs of other engines"
        )
    if output.is_constant:
        raise NotAGraphError(f"{output!r} is a constant, a bare number: there is nothing to step")
    order = topological_order(output)
    start, sums = _logged_chain_rule(order, as_number(seed))
    events = [Event("forward", node, record=node.record) for node in order if node.parents]
    zero = type(start)()
    events.append(Event("seed", output, -1, start, 1, start, zero, start, True))
    numbers = iter(sums)
    reached: set[Value] = set()
    for node in reversed(order):
        for position, parent in enumerate(node.parents):
            entry = next(numbers)
            if not parent.is_constant:
                events.append(
                    Event("backward", node, position, *entry, is_first=parent not in reached)
                )
                reached.add(parent)
    return events


def forward_mode_events(output: Value, wrt: Value, seed: Number = 1) -> list[Event]:
    """Return what happens when data and tangents go forwards together, from ``wrt`` on.

    Only what depends on ``wrt`` has a tangent. The output has to be one of those.
    """
    order = topological_order(output)
    log: list[Sum] = []
    start = saturated(seed) if isinstance(wrt.record[0], float) else seed
    moving = numeric_tangents(order, {wrt: start}, _logging_in(log))
    sums = iter(log)
    events: list[Event] = []
    for node in order:
        if node.parents:
            events.append(Event("forward", node, record=node.record))
        if node is wrt:
            start = moving[wrt].number
            zero = type(start)()
            events.append(Event("tangent seed", node, -1, start, 1, start, zero, start, True))
        elif node in moving:
            places = [k for k, parent in enumerate(node.parents) if parent in moving]
            for k in places:
                entry = next(sums)
                if isinstance(node.record[0], float):
                    entry = _in_floats(entry)
                events.append(Event("tangent", node, k, *entry, is_first=k == places[0]))
    return events


def _logging_in(log: list[Sum]) -> Callable[[Number], _Logged]:
    """Return what makes the seeds of a chain rule numbers that log their sums."""

    def logged(number: Number) -> _Logged:
        log.clear()  # of a first attempt, in exact numbers
        return _Logged(number, log)

    return logged


def _in_floats(entry: Sum) -> Sum:
    """Return a sum in floats: rules give the ints 0 and 1 where they can."""
    upstream, local, contribution, before, after = map(saturated, entry)
    return upstream, local, contribution, before, after


def _logged_chain_rule(order: Sequence[Value], seed: Number) -> tuple[Number, list[Sum]]:
    """Return the seed as used, and (upstream, local, contribution, before, after) of each sum."""
    log: list[Sum] = []
    sums = numeric_chain_rule(order, seed, _logging_in(log))
    start: Number = sums[order[-1]].number
    return start, [*map(_in_floats, log)] if isinstance(start, float) else log
