"""The network in elementary arithmetic, on any class that has +, *, relu and backward."""

from typing import Any

from demos.racing.step import Step
from demos.racing.workloads import Network, in_a_line


def network_of(value: Any, workload: Network) -> Step:
    """Return the step in which each number is an object of the class ``value``."""
    layers = [
        ([[value(w) for w in row] for row in matrix], [value(b) for b in biases])
        for matrix, biases in workload.layers()
    ]
    parameters = [p for matrix, biases in layers for row in (*matrix, biases) for p in row]
    rows, classes = workload.data()

    def score(x: list[Any]) -> Any:
        for k, (matrix, biases) in enumerate(layers, start=1):
            sums = [
                sum((w * xi for w, xi in zip(row, x, strict=True)), b)
                for row, b in zip(matrix, biases, strict=True)
            ]
            x = sums if k == len(layers) else [s.relu() for s in sums]
        return x[0]

    def step() -> Any:
        for p in parameters:
            p.grad = 0.0
        scores = [score([value(number) for number in row]) for row in rows]
        losses = [(1 + -c * s).relu() for c, s in zip(classes, scores, strict=True)]
        loss = sum(losses) * (1.0 / len(losses))
        loss.backward()
        return loss

    def result(loss: Any) -> tuple[float, list[float]]:
        gradient = [
            ([[w.grad for w in row] for row in matrix], [b.grad for b in biases])
            for matrix, biases in layers
        ]
        return loss.data, in_a_line(gradient)

    return Step(step, result)
