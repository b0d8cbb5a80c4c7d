"""The loss of a network on two moons, block by block: the same bits whoever computes a block."""

from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Any

from autograd import Program, Value, compile
from demos.data import make_moons
from demos.extras import imports_from
from nn import MLP, SGD, hinge_loss

with imports_from("demos"):
    import numpy as np

BLOCKS = 4  # however many rows and workers there are: so the sums have one order
Array = Any  # of NumPy
Part = tuple[float, Array]  # the mean loss of some rows, and its gradient
Step = Callable[[Array], Part]  # from weights


def program() -> Program:
    x, y = [Value(0.5, label="x1"), Value(0.5, label="x2")], Value(1.0, label="y")
    model = MLP(2, [16, 16, 1])
    return compile(hinge_loss([model(x)], [y]), inputs=[*x, y], parameters=model.parameters())


def block(k: int, rows: int) -> Array:
    """Return the columns of block ``k``, a BLOCKS-th of the rows: the same wherever it is made."""
    points, classes = make_moons(rows // BLOCKS, seed=k)
    return np.array([*zip(*points, strict=True), classes], float)


def part(columns: Array, program: Program, weights: Array) -> Part:
    return program.run(weights, columns)


def added(parts: Sequence[Part]) -> Part:
    """Return the mean loss and gradient of all blocks, summed in the order of the blocks."""
    losses, gradients = zip(*parts, strict=True)
    return sum(losses) / BLOCKS, sum(gradients) / BLOCKS


def in_one_process(rows: int) -> Step:
    compiled, blocks = program(), [block(k, rows) for k in range(BLOCKS)]
    return lambda weights: added([part(columns, compiled, weights) for columns in blocks])


def first_weights() -> Array:
    return np.array([float(parameter.data) for parameter in program().parameters])


def descent(
    step: Step, steps: int, half_way: Callable[[], object] | None = None
) -> tuple[list[float], float]:
    """Return the weights after some steps, and the seconds that these took.

    What is to be done ``half_way`` is called before the step in the middle.
    """
    weights, memory = first_weights(), dict[str, Array]()
    optimizer = SGD(program().parameters, lr=0.3, momentum=0.9)
    start = perf_counter()
    for k in range(steps):
        if half_way is not None and k == steps // 2:
            half_way()
        weights = optimizer.updated(weights, step(weights)[1], memory)
    return weights.tolist(), perf_counter() - start
