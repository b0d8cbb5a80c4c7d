"""The native writer: a program as instructions of kernels, a few for each layer."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from autograd.numeric import saturated
from autograd.program.native.groups import Groups
from autograd.program.native.sums import Sums
from autograd.program.steps import Plan, RowSum, Trace, Traced

Array = np.ndarray[Any, Any]
ZEROS = (0.0, -0.0)  # the first of the constants


class Instructions(NamedTuple):
    """A program, without a place in memory: it can be pickled, and runs on any processor.

    code           a kernel for each instruction, and the rest of it as words
    n_slots        how many numbers of a row are held at once
    lanes          how many rows
    n_parameters   the numbers that are fixed are these,
    once           what is computed of them once,
    constants      and constants, the last
    pack           which of them the weights are
    spread         which of them fill a slot: pairs of an offset and a place
    n_sums         how many sums over rows there are
    result_of      pairs of a result and a sum that is added to it
    fixed_of       pairs of a result, and what is fixed and added to its mean
    n_results      how many results are means over rows: the output, and its derivatives
    n_outputs      how many each row has
    """

    code: list[tuple[str, Array]]
    n_slots: int
    lanes: int
    n_parameters: int
    once: "Instructions | None"
    n_once: int
    constants: Array
    pack: Array
    spread: Array
    n_sums: int
    result_of: Array
    fixed_of: Array
    n_results: int
    n_outputs: int

    def __str__(self) -> str:
        lines = [f"{self.n_slots} slots of {self.lanes} lanes, {len(self.pack)} weights"]
        lines += [f"    {kernel:16} {_shown(words)}" for kernel, words in self.code]
        if self.once is not None:
            lines += ["once, of the parameters:", *str(self.once).splitlines()]
        return "\n".join(lines) + "\n"


def _shown(words: Array) -> str:
    shown = " ".join(map(str, words[:12].tolist()))
    return f"{shown} … {len(words)} words" if len(words) > 12 else shown


def write_run(traced: Traced, sums: Sequence[RowSum], plan: Plan) -> Instructions:
    """Return the instructions that compute the mean output and its gradient."""
    fixed_results = [(k, step) for k, row_sum in enumerate(sums) for step in row_sum.fixed]
    return _Writer(traced.trace, plan, [step for _, step in fixed_results]).run(sums, fixed_results)


def write_evaluate(traced: Traced, plan: Plan) -> Instructions:
    """Return the instructions that compute the outputs of each row."""
    return _Writer(traced.trace, plan, traced.outputs).evaluate(traced.outputs)


class _Writer:
    """Divides a program in two stages, once and for each row, and gives what is fixed its place."""

    def __init__(self, trace: Trace, plan: Plan, wanted: Sequence[int]) -> None:
        self.trace = trace
        varies, kinds = trace.varies, trace.kinds
        self.inputs = [step for step in plan.steps if kinds[step] == "input"]
        self.each_row = [group for group in plan.groups if varies[group.steps[0]]]
        computed = [group for group in plan.groups if not varies[group.steps[0]]]
        read = {o for group in self.each_row for step in group.steps for o in trace.operands[step]}
        read |= set(wanted)
        once = [step for group in computed for step in group.steps if step in read]
        constants = [step for step in plan.steps if kinds[step] == "constant"]
        parameters = trace.steps_of("parameter")
        self.n_parameters, self.n_once = len(parameters), len(once)
        self.constants = np.array([*ZEROS, *[saturated(trace.numbers[c]) for c in constants]])
        self.once = self._once(computed, once, constants) if once else None
        self.fixed = {step: place for place, step in enumerate([*parameters, *once])}
        self.fixed |= self._places(constants, len(self.fixed))

    def _places(self, constants: Sequence[int], start: int) -> dict[int, int]:
        """Return the places of constants, behind those of 0.0 and -0.0, which are called -1, -2."""
        return {step: start + k for k, step in enumerate([-1, -2, *constants])}

    def _once(self, groups: list[Any], wanted: list[int], constants: list[int]) -> Instructions:
        """Return what is computed once, with the parameters as the inputs of a single row."""
        kinds, operands = self.trace.kinds, self.trace.operands
        read = {o for group in groups for step in group.steps for o in operands[step]}
        inputs = [step for step in sorted(read) if kinds[step] == "parameter"]
        stage = Groups(self.trace, groups, inputs, self._places(constants, 0), wanted)
        stage.store(wanted)
        return self._assembled(stage, is_once=True)._replace(n_outputs=len(wanted))

    def run(self, sums: Sequence[RowSum], fixed_results: Sequence[tuple[int, int]]) -> Instructions:
        wanted = [step for row_sum in sums for step in row_sum.read]
        stage = Groups(self.trace, self.each_row, self.inputs, self.fixed, wanted)
        summed = Sums(stage, sums)
        return self._assembled(stage)._replace(
            n_results=len(sums),
            n_sums=summed.count,
            result_of=_words(summed.result_of),
            fixed_of=_words([(k, self.fixed[step]) for k, step in fixed_results]),
        )

    def evaluate(self, outputs: Sequence[int]) -> Instructions:
        stage = Groups(self.trace, self.each_row, self.inputs, self.fixed, outputs)
        stage.store(outputs)
        return self._assembled(stage)._replace(n_outputs=len(outputs))

    def _assembled(self, stage: Groups, *, is_once: bool = False) -> Instructions:
        code, n_slots, lanes = stage.assembled()
        return Instructions(
            code=[(kernel, _words(words)) for kernel, words in code],
            n_slots=n_slots,
            lanes=lanes,
            n_parameters=0 if is_once else self.n_parameters,
            once=None if is_once else self.once,
            n_once=0 if is_once else self.n_once,
            constants=self.constants,
            pack=_words(stage.pack),
            spread=_words([(slot, stage.fixed[step]) for step, slot in stage.spread.items()]),
            n_sums=0,
            result_of=_words([]),
            fixed_of=_words([]),
            n_results=0,
            n_outputs=0,
        )


def _words(words: Sequence[Any]) -> Array:
    return np.array(words, np.int32).reshape(-1)
