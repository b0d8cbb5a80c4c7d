"""Backends: what can run a program, each with its writer, its kind of columns, its way to run."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import Any

from autograd.numeric import Number
from autograd.program import python_writer
from autograd.program.columns import checked_columns, checked_numbers
from autograd.program.eager import Graph
from autograd.program.reducing import RowSum
from autograd.program.tracing import Traced

Function = Callable[[Any, Any], Any]


class Backend(ABC):
    """What a program needs, to run in one language.

    A function that was written raises ArithmeticError or ValueError where some number of some row
    may be outside an operation's domain.
    """

    is_exact: bool  # whether fractions stay fractions
    write_run: Callable[[Traced, Sequence[RowSum]], str]
    write_evaluate: Callable[[Traced], str]

    @abstractmethod
    def columns(self, columns: Any, graph: Graph) -> Any:
        """Return what the user gave, checked, as the functions take it."""

    @abstractmethod
    def numbers(self, numbers: Any, graph: Graph) -> Any:
        """Return the parameters' numbers, checked, as the functions take them."""

    @abstractmethod
    def run(self, function: Function, numbers: Any, columns: Any) -> tuple[Number, Any]:
        """Return the mean output and its gradient."""

    @abstractmethod
    def run_anyway(
        self, function: Function, graph: Graph, numbers: Any, columns: Any
    ) -> tuple[Number, Any]:
        """Do it also where a number has no neighbour, such as sin(inf), which is NaN."""

    @abstractmethod
    def holds_nan(self, mean: Number, gradient: Any) -> bool:
        """Tell whether a result holds NaN."""

    @abstractmethod
    def evaluate(self, function: Function, numbers: Any, columns: Any) -> list[tuple[Any, ...]]:
        """Return a tuple of the outputs for each row."""

    @abstractmethod
    def part(self, columns: Any, start: int, stop: int) -> Any:
        """Return some rows of the columns."""

    @abstractmethod
    def n_rows(self, columns: Any) -> int:
        """Return how many rows there are; without inputs, one."""

    @abstractmethod
    def rows(self, columns: Any) -> list[tuple[Number, ...]]:
        """Return the columns as rows; of none, as one row of nothing."""


class Python(Backend):
    """Plain Python: the numbers are the engine's own, fractions too."""

    is_exact = True
    write_run = staticmethod(python_writer.write_run)
    write_evaluate = staticmethod(python_writer.write_evaluate)

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


def _numpy() -> Backend:
    if find_spec("numpy") is None:
        raise ImportError(
            "backend='numpy' needs NumPy: pip install numpy, or take backend='python'"
        )
    from autograd.program.numpy_backend import NumPy

    return NumPy()


BACKENDS: dict[str, Callable[[], Backend]] = {"python": Python, "numpy": _numpy}


def fastest() -> str:
    """Return the name of the fastest backend that is installed."""
    return "numpy" if find_spec("numpy") is not None else "python"
