"""A part of a compiled training: a program of some results, and the columns that it takes."""

from collections.abc import Sequence
from typing import Any

from autograd import Value
from autograd.numeric import Number
from autograd.program import compile
from nn.training.columns import columns_for
from nn.training.one_row import OneRow, Rows
from nn.training.weights import InArrays, InValues


class Part:
    """A program of results of the graph of one row, and the columns that it takes."""

    def __init__(
        self, results: Sequence[Value], graph: OneRow, rows: Rows,
        parameters: Sequence[Value] | None = None,
    ) -> None:  # fmt: skip
        places = self._places = graph.inputs_of(*results)
        self._rows, backend = rows, rows.settings.backend
        self.is_single = len(results) == 1
        self.program = compile(
            results[0] if self.is_single else results,
            inputs=[graph.inputs[k] for k in places], parameters=parameters, backend=backend,
        )  # fmt: skip
        n = len(rows.data.rows)
        self._columns = columns_for(backend, [self._numbers_of(k) for k in range(n)])
        self._last: tuple[list[int], Any] = ([], None)
        self.n_columns = len(places)

    def _numbers_of(self, k: int) -> list[Number]:
        numbers = self._rows.numbers_of(k)
        return [numbers[place] for place in self._places]

    def columns(self, batch: list[int]) -> Any:
        """Return the columns of some rows; those of the last time are at hand."""
        if self._last[0] != batch:
            self._last = batch, self._columns(batch)
        return self._last[1]

    def run(self, numbers: Any, batch: list[int]) -> tuple[Any, Any]:
        """Return the mean of the result, and its derivative in each parameter."""
        return self.program.run(numbers, self.columns(batch))

    def evaluate(self, batch: list[int], weights: InValues | InArrays) -> list[Any]:
        """Return a tuple of the results for each row, with the numbers of the weights."""
        numbers = weights.numbers_of(self.program.parameters)
        results = self.program.evaluate(self.columns(batch), numbers)
        results = results if self.n_columns else results * len(batch)
        return [(result,) for result in results] if self.is_single else results

    def difference(self, built: Value, k: int, parameters: Sequence[Value]) -> str:
        """Return which number of row ``k`` differs in its loss that was built anew, "" if none."""
        return self.program.difference([built], self._numbers_of(k), parameters, "loss")
