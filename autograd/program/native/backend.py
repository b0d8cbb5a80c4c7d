"""The native backend: kernels of machine code, on arrays of float64."""

from typing import Any

from autograd.numeric import Number
from autograd.program.native.run import Code
from autograd.program.native.writer import Instructions, write_evaluate, write_run
from autograd.program.numpy import Array, OfArrays
from autograd.program.running import Function, Graph


class OutsideDomainError(ArithmeticError):
    """Some number of some row is outside the domain of an operation."""


class Native(OfArrays):
    """Instructions of kernels, which run on blocks of rows that stay in a core's own cache."""

    raised = (OutsideDomainError,)
    write_run = staticmethod(write_run)
    write_evaluate = staticmethod(write_evaluate)

    def load(self, name: str, written: Instructions) -> Function:
        """Return the instructions, ready to run."""
        code = Code(written)
        return code.run if name == "run" else code.evaluate

    def run(self, function: Function, numbers: Any, columns: Any) -> tuple[Number, Array]:
        means, outside = function(numbers, columns)
        if outside:
            raise OutsideDomainError
        return float(means[0]), means[1:]

    def run_anyway(
        self, function: Function, graph: Graph, numbers: Any, columns: Any
    ) -> tuple[Number, Array]:
        means, _ = function(numbers, columns)
        return float(means[0]), means[1:]

    def evaluate(self, function: Function, numbers: Any, columns: Any) -> list[tuple[Any, ...]]:
        outputs, outside = function(numbers, columns)
        if outside:
            raise OutsideDomainError
        return list(map(tuple, outputs.T.tolist()))
