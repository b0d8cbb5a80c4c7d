"""The NumPy backend: arrays of float64, in blocks of rows that stay in the cache."""

from collections.abc import Iterator
from typing import Any, TypeGuard

import numpy as np

from autograd.numeric import Number
from autograd.program.numpy.writer import write_evaluate, write_run
from autograd.program.running import (
    Backend,
    Function,
    Graph,
    called,
    check_array,
    check_lengths,
    checked_list,
    checked_numbers,
    paired,
)

RAISE: dict[str, Any] = {"invalid": "raise", "divide": "raise", "over": "ignore", "under": "ignore"}
FLOATS = np.dtype(np.float64)
Array = np.ndarray[Any, np.dtype[np.float64]]


class OfArrays(Backend):
    """Takes and returns arrays of float64; fractions are refused, since only Python has them."""

    is_exact = False

    def columns(self, columns: Any, graph: Graph) -> Array:
        if _is_ready(columns, 2) and len(columns) == len(graph.inputs):
            if not columns.shape[1]:
                check_lengths([0], graph.inputs)
            return columns if graph.inputs else columns[:, :1]
        arrays = [
            _floats(column, f"column {called(leaf, k)}")
            for k, (column, leaf) in enumerate(paired(columns, graph.inputs))
        ]
        check_lengths([len(array) for array in arrays], graph.inputs)
        return np.array(arrays) if arrays else np.empty((0, 1))

    def numbers(self, numbers: Any, graph: Graph) -> Array:
        if _is_ready(numbers, 1) and len(numbers) == len(graph.parameters):
            return numbers
        return _as_floats(checked_numbers(numbers, graph.parameters), "the list of parameters")

    def packed(self, numbers: list[Number]) -> Array:
        return _as_floats(numbers, "the list of parameters")

    def holds_nan(self, mean: Number, gradient: Any) -> bool:
        return mean != mean or bool(np.count_nonzero(np.isnan(gradient)))

    def part(self, columns: Any, start: int, stop: int) -> Array:
        part: Array = columns[:, start:stop]
        return part

    def n_rows(self, columns: Any) -> int:
        n: int = columns.shape[1]
        return n

    def rows(self, columns: Any) -> list[tuple[Number, ...]]:
        return list(map(tuple, columns.T.tolist()))


class NumPy(OfArrays):
    """Statements on whole arrays."""

    raised = (FloatingPointError,)
    write_run = staticmethod(write_run)
    write_evaluate = staticmethod(write_evaluate)

    def run(self, function: Function, numbers: Any, columns: Any) -> tuple[Number, Array]:
        with np.errstate(**RAISE):
            return _in_blocks(function, numbers, columns)

    def run_anyway(
        self, function: Function, graph: Graph, numbers: Any, columns: Any
    ) -> tuple[Number, Array]:
        with np.errstate(all="ignore"):
            return _in_blocks(function, numbers, columns)

    def evaluate(self, function: Function, numbers: Any, columns: Any) -> list[tuple[Any, ...]]:
        with np.errstate(**RAISE):
            outputs = np.concatenate([function(numbers, b) for b in _blocks(function, columns)], 1)
        return list(map(tuple, outputs.T.tolist()))


def _is_ready(given: Any, n_axes: int) -> TypeGuard[Array]:
    return type(given) is np.ndarray and given.dtype is FLOATS and given.ndim == n_axes


def _floats(numbers: Any, name: str) -> Array:
    """Return a list of numbers as float64; raises TypeError, saying what to do, for others."""
    check_array(numbers, name)
    if np.ma.is_masked(numbers):
        raise TypeError(f"{name} has a mask: leave out what is masked, or give it a number")
    is_array = isinstance(numbers, np.ndarray) and numbers.dtype.kind in "fiu"
    return _as_floats(numbers if is_array else checked_list(numbers, name), name)


def _as_floats(checked: Any, name: str) -> Array:
    array = np.asarray(checked)
    if array.dtype.kind not in "fiu":
        raise TypeError(
            f"{name} holds fractions, or integers too large for a float: they are for "
            "backend='python'"
        )
    return array.astype(np.float64, copy=False)


def _rows_at_once(function: Function, columns: Array) -> int:
    n: int = function.__globals__.get("ROWS_AT_ONCE", columns.shape[1])
    return n


def _blocks(function: Function, columns: Array) -> Iterator[Array]:
    size = _rows_at_once(function, columns)
    for start in range(0, columns.shape[1], size):
        yield columns[:, start : start + size]


def _in_blocks(function: Function, numbers: Array, columns: Array) -> tuple[float, Array]:
    """Return the mean output and gradient, summed in the order of the blocks."""
    rows = columns.shape[1]
    if rows <= _rows_at_once(function, columns):
        mean, gradient = function(numbers, columns)
        return float(mean), gradient
    total, gradients = 0.0, np.zeros(len(numbers))
    for block in _blocks(function, columns):
        share = block.shape[1] / rows
        mean, gradient = function(numbers, block)
        total += mean * share
        gradients += gradient * share
    return float(total), gradients
