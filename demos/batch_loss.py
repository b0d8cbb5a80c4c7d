"""The loss of a batch and its gradient: on graphs of Values, or on a compiled program."""

import warnings
from collections.abc import Callable, Sequence
from typing import Any

from autograd import Value, compile
from autograd.graph import topological_order
from demos.extras import imports_from
from nn import Module

with imports_from("demos"):
    import numpy as np

Array = Any  # of NumPy
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
    output = loss([model(x)], [y])
    columns = dict(zip(x, zip(*rows, strict=True), strict=True)) | {y: tuple(map(float, targets))}
    inside = set(topological_order(output))  # a loss may have one target for all, and take none
    inputs = [leaf for leaf in columns if leaf in inside]
    program = compile(output, inputs=inputs, parameters=model.parameters(), backend=backend)

    def on_program(chosen: Sequence[int]) -> float:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # a demo shows how a loss becomes NaN
            return float(program([[columns[leaf][k] for k in chosen] for leaf in inputs]))

    return on_program


def flat_loss(
    model: Module, loss: Loss, n_inputs: int, backend: str
) -> Callable[[Array, Array, Array], tuple[float, Array]]:
    """Return a function of weights, rows and targets, arrays all: the mean loss and its gradient.

    The weights are the model's parameters in their order. Where thousands of steps are to be taken,
    arrays are cheaper than as many Values; "eager" takes them through graphs all the same.
    """
    parameters = model.parameters()

    def on_graphs(weights: Array, rows: Array, targets: Array) -> tuple[float, Array]:
        for parameter, number in zip(parameters, weights.tolist(), strict=True):
            parameter.data = number
        model.zero_grad()
        result = loss(model.batch(rows.tolist()), targets.tolist())
        result.backward()
        return float(result.data), np.array([parameter.grad for parameter in parameters])

    if backend == "eager":
        return on_graphs
    x, y = [Value(0.5, label=f"x{k}") for k in range(n_inputs)], Value(1.0, label="y")
    program = compile(loss([model(x)], [y]), inputs=[*x, y], parameters=parameters, backend=backend)

    def on_program(weights: Array, rows: Array, targets: Array) -> tuple[float, Array]:
        mean, gradient = program.run(
            weights, np.ascontiguousarray(np.column_stack([rows, targets]).T)
        )
        return mean, np.asarray(gradient)

    return on_program
