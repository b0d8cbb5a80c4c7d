"""What a backend is: a writer, its own kind of columns, and its way to run."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any

from autograd.numeric import Number
from autograd.program.running.eager import Graph
from autograd.program.steps import Plan, RowSum, Traced

Function = Callable[[Any, Any], Any]


class CannotRunError(Exception):
    """A backend cannot run a graph, or not on this machine; the message says why."""


class Backend(ABC):
    """What a program needs, to run in one language.

    A function that was written raises an error where some number of some row may be outside an
    operation's domain.
    """

    is_exact: bool  # whether fractions stay fractions
    raised: tuple[type[Exception], ...]  # by a function where an operation may be undefined
    write_run: Callable[[Traced, Sequence[RowSum], Plan], Any]  # most write a text
    write_evaluate: Callable[[Traced, Plan], Any]

    def load(self, name: str, written: Any) -> Function:
        """Return the function of this name that was written."""
        namespace: dict[str, Any] = {}
        exec(compile(written, f"<{name}, compiled>", "exec"), namespace)
        function: Function = namespace[name]
        return function

    @abstractmethod
    def columns(self, columns: Any, graph: Graph) -> Any:
        """Return what the user gave, checked, as the functions take it."""

    @abstractmethod
    def numbers(self, numbers: Any, graph: Graph) -> Any:
        """Return the parameters' numbers, checked, as the functions take them."""

    def packed(self, numbers: list[Number]) -> Any:
        """Return the data of parameters as they run fastest: their kind is known already."""
        return numbers

    @abstractmethod
    def run(self, function: Function, numbers: Any, columns: Any) -> tuple[Number, Any]:
        """Return the mean output and its gradient."""

    @abstractmethod
    def run_anyway(
        self, function: Function, graph: Graph, numbers: Any, columns: Any
    ) -> tuple[Number, Any]:
        """Do the same, and let NaN and infinity through instead of raising."""

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
