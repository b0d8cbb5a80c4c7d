"""A program as lines: an assignment a step, some computed once and some for each row."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from autograd.numeric import Number
from autograd.program.library import functions_of
from autograd.program.steps.expressions import template
from autograd.program.steps.naming import Names, step_names
from autograd.program.steps.reducing import RowSum
from autograd.program.steps.tracing import LEAVES, Trace


class Line(NamedTuple):
    """``name = text``."""

    name: str
    text: str


class Lines:
    """The steps of a trace as assignments in a language, and what they are called."""

    def __init__(
        self, language: str, literal: Callable[[Number], str], trace: Trace, steps: Sequence[int]
    ) -> None:
        self.trace = trace
        self.literal = literal
        computed = [step for step in steps if trace.kinds[step] not in LEAVES]
        parameters, inputs = trace.steps_of("parameter"), trace.steps_of("input")
        self.used = Names(functions_of(language))
        self.names = step_names(trace, [*parameters, *inputs, *computed], self.used)
        self.parameters = [self.names[step] for step in parameters]
        self.inputs = [self.names[step] for step in inputs]
        self.once: list[Line] = []
        self.each_row: list[Line] = []
        for step in computed:
            operands = trace.operands[step]
            text = template(language, trace.kinds[step], len(operands))
            line = Line(self.names[step], text.format(*map(self.operand, operands)))
            (self.each_row if trace.varies[step] else self.once).append(line)

    def operand(self, step: int) -> str:
        """Return what a step is called, or the number that it is."""
        return self.names.get(step) or self.literal(self.trace.numbers[step])

    def summed(self, row_sum: RowSum) -> list[str]:
        """Return the terms of a sum over rows."""
        products = [f"{self.operand(x)}*{self.operand(y)}" for x, y in row_sum.products]
        return products + [self.operand(step) for step in row_sum.singles]

    def fixed(self, row_sum: RowSum) -> list[str]:
        """Return the terms that are the same in every row."""
        return [self.operand(step) for step in row_sum.fixed]

    def totals(self) -> list[str]:
        """Return fresh names for the sums over rows: of the output, and of each gradient."""
        return [self.used.fresh(n) for n in ["output", *[f"d_{p}" for p in self.parameters]]]


def sum_of(terms: Sequence[str]) -> str:
    """Return terms with + between them, 0 for none."""
    return " + ".join(terms) or "0"


def means_of_rows(lines: Lines, totals: Sequence[str], sums: Sequence[RowSum]) -> list[str]:
    """Return the mean over the rows of each total, with the terms that are the same in each."""
    return [
        sum_of([*([f"{name}/rows"] if lines.summed(s) else []), *lines.fixed(s)])
        for name, s in zip(totals, sums, strict=True)
    ]
