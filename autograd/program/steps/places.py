"""Places: where each number of a graph stands in one array, ``v``, for all shapes of graphs."""

from collections.abc import Sequence

from autograd.program.steps.grouping import Group
from autograd.program.steps.reducing import RowSum
from autograd.program.steps.tracing import Trace

Owned = list[tuple[int, ...]]  # the number of an output, and what is added to it


class Places:
    """The places of steps in ``v``: inputs, parameters, constants, and then group after group."""

    def __init__(self, trace: Trace, steps: Sequence[int]) -> None:
        self.trace = trace
        self.place: dict[int, int] = {}
        self.inputs = self.put(trace.steps_of("input"))
        self.parameters = self.put(trace.steps_of("parameter"))
        constants = [step for step in steps if trace.kinds[step] == "constant"]
        self.numbers = [trace.numbers[step] for step in constants]
        self.constants = self.put(constants)

    def put(self, steps: Sequence[int]) -> range:
        """Give steps the next places, and return these."""
        start = len(self.place)
        self.place.update((step, start + k) for k, step in enumerate(steps))
        return range(start, len(self.place))

    def in_order(self, group: Group) -> list[int]:
        """Return the steps of a group in the order of their operands' places."""
        operands = self.trace.operands
        return sorted(group.steps, key=lambda step: [self.place[o] for o in operands[step]])


def owned(sums: Sequence[RowSum]) -> tuple[Owned, Owned, Owned]:
    """Return all products, singles and fixed steps of some sums, each behind its sum's number."""
    products: Owned = [(k, *pair) for k, row_sum in enumerate(sums) for pair in row_sum.products]
    singles: Owned = [(k, step) for k, row_sum in enumerate(sums) for step in row_sum.singles]
    fixed: Owned = [(k, step) for k, row_sum in enumerate(sums) for step in row_sum.fixed]
    return products, singles, fixed
