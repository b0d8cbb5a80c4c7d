"""A stage of a program: instructions of kernels in order, and slots for their results.

There are two: what is the same in every row is computed once, from the parameters; the rest for
each row. In both a number that does not vary is "fixed", and known by its place.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from autograd.program.native.kernels import WIDTH
from autograd.program.steps import Trace

SlotOf = Callable[[int], int]
TRASH, ZEROS = -1, -2  # in place of steps: a slot that nobody reads, and one that nobody writes
KILOBYTES = 448  # of all slots, to stay in a core's own cache
MOST_LANES, LEAST_LANES = 128, 8


class Instruction(NamedTuple):
    """A kernel, and what it reads and writes; ``words`` gives the rest, once slots are known."""

    depth: int
    kernel: str
    words: Callable[[SlotOf], list[int]]
    reads: list[int]
    writes: list[int]


class Stage:
    """The instructions that compute something from inputs, and from what is fixed."""

    def __init__(self, trace: Trace, inputs: Sequence[int], fixed: dict[int, int]) -> None:
        self.trace, self.fixed = trace, fixed
        self.instructions: list[Instruction] = []
        self.pack: list[int] = []  # places of what is fixed, in the order of the weights
        self.spread: dict[int, int] = {}  # the slots of what is fixed, where a kernel reads lanes
        self.depth = dict.fromkeys(inputs, 0)
        self._packed: dict[tuple[int, ...], int] = {}
        if inputs:
            self.add("load", lambda slot: _columns(trace, inputs, slot), [], inputs, depth=0)

    # -- instructions --------------------------------------------------------------------------

    def add(
        self, kernel: str, words: Callable[[SlotOf], list[int]], reads: Iterable[int],
        writes: Sequence[int] = (), depth: int | None = None,
    ) -> None:  # fmt: skip
        read = list(dict.fromkeys(reads))
        depth = self.after(read) if depth is None else depth
        self.depth.update(dict.fromkeys(writes, depth))
        self.instructions.append(Instruction(depth, kernel, words, read, list(writes)))

    def after(self, steps: Iterable[int]) -> int:
        """Return the depth of what needs some steps."""
        return 1 + max([self.depth.get(step, 0) for step in steps], default=0)

    def zero(self, number: float) -> int:
        """Return the place of a zero among what is fixed."""
        return self.fixed[-1 if str(number) == "0.0" else -2]

    def place(self, weights: Sequence[int]) -> int:
        """Return where some weights are packed, once for all that read the same ones."""
        key = tuple(weights)
        if key not in self._packed:
            self._packed[key] = len(self.pack)
            self.pack += weights
        return self._packed[key]

    def store(self, outputs: Sequence[int]) -> None:
        """Write results to outputs, after all else."""

        def words(slot: SlotOf) -> list[int]:
            return [len(outputs), *[w for k, step in enumerate(outputs) for w in (k, slot(step))]]

        self.add("store", words, outputs, depth=max(self.depth.values(), default=0) + 1)

    # -- slots ---------------------------------------------------------------------------------

    def assembled(self) -> tuple[list[tuple[str, list[int]]], int, int]:
        """Return the instructions with offsets of slots; how many slots, and how many lanes each.

        A slot is used again after the last instruction that reads its number.
        """
        ordered = sorted(self.instructions, key=lambda instruction: instruction.depth)
        slots = self._slots(ordered)
        self.pack += [0] * (-len(self.pack) % WIDTH)  # they are gathered eight at once
        n_slots, lanes = 1 + max(slots.values()), MOST_LANES
        while lanes > LEAST_LANES and n_slots * lanes * 8 > KILOBYTES * 1024:
            lanes //= 2
        self.spread = {step: slot * lanes for step, slot in self.spread.items()}
        code = [(each.kernel, each.words(lambda step: slots[step] * lanes)) for each in ordered]
        return code, n_slots, lanes

    def _slots(self, ordered: Sequence[Instruction]) -> dict[int, int]:
        """Return a slot for each step; one is free again after the last that reads its number."""
        slots = {TRASH: 0, ZEROS: 1}
        last = {step: k for k, each in enumerate(ordered) for step in each.reads}
        self.spread = {step: 2 + k for k, step in enumerate(s for s in last if s not in self.depth)}
        slots |= self.spread
        free: list[int] = []
        count = len(slots)
        for k, each in enumerate(ordered):
            for step in each.writes:
                if not free:
                    free.append(count)
                    count += 1
                slots[step] = free.pop()
            free += [slots[step] for step in each.writes if step not in last]
            free += [slots[step] for step in each.reads if last[step] == k and step in self.depth]
        return slots


def _columns(trace: Trace, inputs: Sequence[int], slot: SlotOf) -> list[int]:
    """Return the words of a load: how many, and the place and the slot of each input."""
    return [len(inputs), *[w for step in inputs for w in (int(trace.numbers[step]), slot(step))]]
