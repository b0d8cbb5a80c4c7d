"""The Python backend: lists of the engine's own numbers, fractions too."""

from typing import Any

from autograd.numeric import Number
from autograd.program.python.writer import write_evaluate, write_run
from autograd.program.running import Backend, Function, Graph, checked_columns, checked_numbers


class Python(Backend):
    """Lists of numbers; what overflows or has no limit is run by the engine itself."""

    is_exact = True
    raised = (ArithmeticError, ValueError)
    write_run = staticmethod(write_run)
    write_evaluate = staticmethod(write_evaluate)

    def columns(self, columns: Any, graph: Graph) -> list[list[Number]]:
        return checked_columns(columns, graph.inputs)

    def numbers(self, numbers: Any, graph: Graph) -> list[Number]:
        return checked_numbers(numbers, graph.parameters)

    def run(self, function: Function, numbers: Any, columns: Any) -> tuple[Number, list[Number]]:
        mean, gradients = function(numbers, columns)
        return mean, gradients

    def run_anyway(
        self, function: Function, graph: Graph, numbers: Any, columns: Any
    ) -> tuple[Number, list[Number]]:
        return graph.run(numbers, self.rows(columns))

    def holds_nan(self, mean: Number, gradient: Any) -> bool:
        return any(number != number for number in (mean, *gradient))

    def evaluate(self, function: Function, numbers: Any, columns: Any) -> list[tuple[Any, ...]]:
        return list(function(numbers, columns))

    def part(self, columns: Any, start: int, stop: int) -> list[list[Number]]:
        return [column[start:stop] for column in columns]

    def n_rows(self, columns: Any) -> int:
        return len(columns[0]) if columns else 1

    def rows(self, columns: Any) -> list[tuple[Number, ...]]:
        return list(zip(*columns, strict=True)) if columns else [()]
