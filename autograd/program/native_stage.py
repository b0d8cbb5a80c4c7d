"""A stage of a program: groups of steps as instructions of kernels, and slots for their results.

There are two: what is the same in every row is computed once, from the parameters; the rest for
each row. In both a number that does not vary is "fixed", and known by its place.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from autograd.program.expressions import halves
from autograd.program.grouping import Group
from autograd.program.native_code import (
    N_CONSTANTS,
    SPECIAL_EXPONENTS,
    TOGETHER,
    kernel_name,
)
from autograd.program.tracing import Trace

SlotOf = Callable[[int], int]
TRASH, ZEROS = -1, -2  # in place of steps: a slot that nobody reads, and one that nobody writes
MANY = ("total", "dot", "logsumexp", "cross_entropy")
KILOBYTES = 384  # of all slots, to stay in a core's own cache
MOST_LANES, LEAST_LANES = TOGETHER, 8


class Instruction(NamedTuple):
    """A kernel, and what it reads and writes; ``words`` gives the rest, once slots are known."""

    depth: int
    kernel: str
    words: Callable[[SlotOf], list[int]]
    reads: list[int]
    writes: list[int]


class Stage:
    """The instructions that compute some groups from inputs, and from what is fixed."""

    def __init__(
        self, trace: Trace, groups: Sequence[Group], inputs: Sequence[int], fixed: dict[int, int]
    ) -> None:
        self.trace, self.fixed = trace, fixed
        self.instructions: list[Instruction] = []
        self.pack: list[int] = []  # places of what is fixed, in the order of the weights
        self.spread: dict[int, int] = {}  # the slots of what is fixed, where a kernel reads lanes
        self.depth = dict.fromkeys(inputs, 0)
        self._packed: dict[tuple[int, ...], int] = {}
        self._gates: list[list[int]] = []  # groups of signs, which most often only multiply
        if inputs:
            self.add("load", lambda slot: _columns(trace, inputs, slot), [], inputs, depth=0)
        for group in groups:
            self._write(group)

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

    def _write(self, group: Group) -> None:
        operands = self.trace.operands
        if group.kind == "linear":
            self._linear(group.steps)
        elif group.kind == "sign":
            self._gates.append(group.steps)
            depth = self.after(operands[step][0] for step in group.steps)
            self.depth.update(dict.fromkeys(group.steps, depth))
        elif group.kind in MANY:
            self._add_members(group.kind, group.steps, lambda step: operands[step])
        else:
            found = defaultdict(list)
            for step in group.steps:
                found[self._kernel(group.kind, step)].append(step)
            for (kernel, count), steps in found.items():
                self._elementwise(kernel, count, steps)

    def _kernel(self, kind: str, step: int) -> tuple[str, int]:
        """Return the kernel of a step, and how many operands it takes as lanes."""
        operands, trace = self._operands(step), self.trace
        if kind == "*" and operands != trace.operands[step]:
            return "gate", 2
        count = N_CONSTANTS.get(kind, 0)
        numbers = [trace.numbers[o] if trace.kinds[o] == "constant" else None for o in operands]
        if kind in SPECIAL_EXPONENTS and numbers[1] in SPECIAL_EXPONENTS[kind]:
            count = 1
        constants = tuple(numbers[len(operands) - count :])
        known = tuple(float(number) for number in constants if number is not None)
        if len(known) < count:
            return f"{kind} of orders that are not constants", 0
        return kernel_name(kind, known), len(operands) - count

    def _operands(self, step: int) -> tuple[int, ...]:
        """Return the operands of a step; of a product by a sign, whose sign it is behind.

        So passes the gradient of a relu: a gate that is open or shut, by what came out of it.
        """
        operands, kinds = self.trace.operands[step], self.trace.kinds
        if kinds[step] == "*":
            for x, gate in (operands, operands[::-1]):
                if kinds[gate] == "sign" and gate in self.depth:
                    return x, self.trace.operands[gate][0]
        return operands

    def _elementwise(self, kernel: str, count: int, steps: list[int]) -> None:
        taken = {step: self._operands(step)[:count] for step in steps}

        def words(slot: SlotOf) -> list[int]:
            return [len(steps), *[slot(s) for step in steps for s in (step, *taken[step])]]

        self.add(kernel, words, [o for step in steps for o in taken[step]], steps)

    def _add_members(
        self, kernel: str, steps: Sequence[int], operands: Callable[[int], Sequence[int]]
    ) -> None:
        def words(slot: SlotOf) -> list[int]:
            found = [len(steps)]
            for step in steps:
                taken = operands(step)
                count = {"dot": len(taken) // 2, "cross_entropy": len(taken) - 1}
                found += [slot(step), count.get(kernel, len(taken)), *map(slot, taken)]
            return found

        self.add(kernel, words, [o for step in steps for o in operands(step)], steps)

    # -- products ------------------------------------------------------------------------------

    def _linear(self, steps: Sequence[int]) -> None:
        """Write products: results of the same inputs in panels of 8 and 4, others one by one."""
        by_inputs = defaultdict(list)
        for step in steps:
            by_inputs[tuple(halves(self.trace.operands[step])[1])].append(step)
        alone: list[int] = []
        for inputs, results in by_inputs.items():
            ahead = list(results)
            while len(ahead) >= 3:
                size = 8 if len(ahead) >= 7 else 4
                n = min(len(ahead), max(1, len(ahead) // size) * size)
                self._panels(size, inputs, ahead[:n])
                ahead = ahead[n:]
            alone += ahead
        if alone:
            self._affine(alone)

    def _panels(self, size: int, inputs: Sequence[int], steps: Sequence[int]) -> None:
        n_panels = -(-len(steps) // size)
        lines = [self._weights(step) for step in steps]
        lines += [[self.zero(0.0)] * (1 + len(inputs))] * (n_panels * size - len(steps))
        panels = [lines[k : k + size] for k in range(0, len(lines), size)]
        place = self._place(
            [w for panel in panels for column in zip(*panel, strict=True) for w in column]
        )

        def words(slot: SlotOf) -> list[int]:
            ends = [slot(step) for step in steps] + [slot(TRASH)] * (len(lines) - len(steps))
            return [len(inputs), n_panels, place, *map(slot, inputs), *ends]

        self.add(f"product{size}", words, inputs, steps)

    def _affine(self, steps: Sequence[int]) -> None:
        places = {step: self._place(self._weights(step)) for step in steps}
        inputs = {step: halves(self.trace.operands[step])[1] for step in steps}

        def words(slot: SlotOf) -> list[int]:
            found = [len(steps)]
            for step in steps:
                found += [slot(step), len(inputs[step]), places[step], *map(slot, inputs[step])]
            return found

        self.add("affine", words, [x for step in steps for x in inputs[step]], steps)

    def _weights(self, step: int) -> list[int]:
        """Return the places of the bias and of the weights of a product.

        A sum begins with 0.0; a single product is what it is, also -0.0.
        """
        weights, _, bias = halves(self.trace.operands[step])
        start = [self.fixed[b] for b in bias] or [self.zero(-0.0 if len(weights) == 1 else 0.0)]
        return [*start, *[self.fixed[w] for w in weights]]

    def zero(self, number: float) -> int:
        """Return the place of a zero among what is fixed."""
        return self.fixed[-1 if str(number) == "0.0" else -2]

    def _place(self, weights: Sequence[int]) -> int:
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
        read = {step for each in self.instructions for step in each.reads}
        for group in self._gates:
            if steps := [step for step in group if step in read]:
                self._elementwise("sign", 1, steps)
        ordered = sorted(self.instructions, key=lambda instruction: instruction.depth)
        slots = self._slots(ordered)
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
