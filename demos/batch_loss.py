"""The loss of a batch and its gradient: on graphs of Values, or on a compiled program."""

from collections.abc import Callable, Sequence
from typing import Any

from autograd import Value, compile
from nn import Module

Rows = Sequence[Sequence[float]]
Loss = Callable[[list[Any], list[Any]], Value]


def batch_loss(
    model: Module, loss: Loss, rows: Rows, targets: Sequence[float], backend: str
) -> Callable[[Sequence[int]], float]:
    """Return a function of some rows' numbers: their mean loss, whose gradient it adds to ``grad``.

    With a ``backend`` other than "eager" the graph of the first row runs, compiled, for all.
    """

    def on_graphs(chosen: Sequence[int]) -> float:
        result = loss(model.batch([rows[k] for k in chosen]), [targets[k] for k in chosen])
        result.backward()
        return float(result.data)

    if backend == "eager":
        return on_graphs
    x = [Value(number, label=f"x{k}") for k, number in enumerate(rows[0])]
    y = Value(float(targets[0]), label="y")
    program = compile(
        loss([model(x)], [y]), inputs=[*x, y], parameters=model.parameters(), backend=backend
    )
    columns = [*zip(*rows, strict=True), list(map(float, targets))]

    def on_program(chosen: Sequence[int]) -> float:
        return float(program([[column[k] for k in chosen] for column in columns]))

    return on_program
