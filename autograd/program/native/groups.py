"""Groups of steps as instructions of kernels."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from autograd.program.native.kernels import (
    DOTS,
    ENDS,
    N_CONSTANTS,
    SPECIAL_EXPONENTS,
    kernel_name,
    product_name,
)
from autograd.program.native.stage import TRASH, ZEROS, SlotOf, Stage
from autograd.program.steps import Group, Trace, halves

MANY = ("total", "dot", "logsumexp", "cross_entropy")


class End(NamedTuple):
    """What becomes of a product before it is stored: a relu, say, or what passes back through one.

    ``step`` is what is stored, the product itself where another step reads it too.
    """

    kernel: str
    step: int
    reads: tuple[int, ...]  # beside the product


class Groups(Stage):
    """The stage that computes some groups; ``wanted`` are the steps that others read."""

    def __init__(
        self, trace: Trace, groups: Sequence[Group], inputs: Sequence[int], fixed: dict[int, int],
        wanted: Iterable[int],
    ) -> None:  # fmt: skip
        super().__init__(trace, inputs, fixed)
        self._gates: list[list[int]] = []  # groups of signs, which most often only multiply
        self._users = defaultdict(list, {step: [step, step] for step in wanted})
        for step in (step for group in groups for step in group.steps):
            for operand in trace.operands[step]:
                self._users[operand].append(step)
        for group in groups:
            self._write(group)
        self._write_signs(set(wanted))

    def _write(self, group: Group) -> None:
        operands = self.trace.operands
        group = group._replace(steps=[step for step in group.steps if step not in self.depth])
        if group.kind == "linear":
            self._linear(group.steps)
        elif group.kind == "sign":
            self._gates.append(group.steps)
            depth = self.after(operands[step][0] for step in group.steps)
            self.depth.update(dict.fromkeys(group.steps, depth))
        elif group.kind == "dot":
            self._dots(group.steps)
        elif group.kind in MANY:
            self._add_members(group.kind, group.steps, lambda step: operands[step])
        else:
            found = defaultdict(list)
            for step in group.steps:
                found[self._kernel(group.kind, step)].append(step)
            for (kernel, count), steps in found.items():
                self._elementwise(kernel, count, steps)

    def _write_signs(self, wanted: set[int]) -> None:
        """Write the signs that are read for themselves, and not as gates."""
        read = wanted.union(*[each.reads for each in self.instructions])
        for group in self._gates:
            if steps := [step for step in group if step in read]:
                self._elementwise("sign", 1, steps)

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

    def _dots(self, steps: Sequence[int]) -> None:
        """Write dots: those that share the operands of one side in fours, others one by one."""
        ahead = list(steps)
        fours: list[tuple[list[int], Sequence[int], list[Sequence[int]]]] = []
        for side in (0, 1):
            alike = defaultdict(list)
            for step in ahead:
                alike[tuple(halves(self.trace.operands[step])[side])].append(step)
            ahead = []
            for shared, found in alike.items():
                n = len(found) // DOTS * DOTS
                ahead += found[n:]
                for four in (found[k : k + DOTS] for k in range(0, n, DOTS)):
                    others = [halves(self.trace.operands[step])[1 - side] for step in four]
                    fours.append((four, shared, others))
        if fours:
            self._fours(fours)
        if ahead:
            self._add_members("dot", ahead, lambda step: self.trace.operands[step])

    def _fours(self, fours: list[tuple[list[int], Sequence[int], list[Sequence[int]]]]) -> None:
        def words(slot: SlotOf) -> list[int]:
            found = [len(fours)]
            for four, shared, others in fours:
                across = [step for term in zip(*others, strict=True) for step in term]
                found += [*map(slot, four), len(shared), *map(slot, shared), *map(slot, across)]
            return found

        reads = [o for four, _, _ in fours for step in four for o in self.trace.operands[step]]
        self.add("dots", words, reads, [step for four, _, _ in fours for step in four])

    # -- products ------------------------------------------------------------------------------

    def _linear(self, steps: Sequence[int]) -> None:
        """Write products: results of the same inputs in panels of 8 and 4, others one by one."""
        alike = defaultdict(list)
        for step in steps:
            inputs = tuple(halves(self.trace.operands[step])[1])
            alike[inputs, self._end(step).kernel].append(step)
        alone: list[int] = []
        for (inputs, _), results in alike.items():
            ahead = list(results)
            while len(ahead) >= 3:
                size = 8 if len(ahead) >= 7 else 4
                n = min(len(ahead), max(1, len(ahead) // size) * size)
                self._panels(size, inputs, ahead[:n])
                ahead = ahead[n:]
            alone += ahead
        if alone:
            self._affine(alone)

    def _end(self, step: int) -> End:
        """Return how a product ends: as what the only step that reads it makes of it, if it can."""
        if len(self._users[step]) == 1:
            (user,) = self._users[step]
            kernel, _ = self._kernel(self.trace.kinds[user], user)
            first, *others = self._operands(user)
            if kernel in ENDS and first == step:
                return End(kernel, user, tuple(others))
        return End("", step, ())

    def _panels(self, size: int, inputs: Sequence[int], steps: Sequence[int]) -> None:
        n_panels = -(-len(steps) // size)
        n_missing = n_panels * size - len(steps)
        lines = [self._weights(step) for step in steps]
        lines += [[self.zero(0.0)] * (1 + len(inputs))] * n_missing
        panels = [lines[k : k + size] for k in range(0, len(lines), size)]
        place = self.place(
            [w for panel in panels for column in zip(*panel, strict=True) for w in column]
        )
        ends = [self._end(step) for step in steps]
        results = [end.step for end in ends]
        beside = [
            [*column, *[ZEROS] * n_missing] for column in zip(*[e.reads for e in ends], strict=True)
        ]

        def words(slot: SlotOf) -> list[int]:
            written = [*results, *[TRASH] * n_missing]
            read = [step for column in beside for step in column]
            return [len(inputs), n_panels, place, *map(slot, [*inputs, *written, *read])]

        reads = [*inputs, *[step for end in ends for step in end.reads]]
        self.add(product_name(size, ends[0].kernel), words, reads, results)

    def _affine(self, steps: Sequence[int]) -> None:
        places = {step: self.place(self._weights(step)) for step in steps}
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
