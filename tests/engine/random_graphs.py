"""What the tests of the graph share."""

import random
from typing import Any

from autograd import (
    Value,
    dot,
    tanh,
    total,
)


def grads(*nodes: Value) -> list[Any]:
    return [node.grad for node in nodes]


def random_graph(seed: int) -> tuple[list[Value], Value]:
    """Return the leaves and the output of a graph with many shared nodes."""
    rng = random.Random(seed)
    leaves = [Value(rng.uniform(-2.0, 2.0)) for _ in range(4)]
    nodes = list(leaves)
    for _ in range(30):
        a, b = rng.choice(nodes), rng.choice(nodes)
        nodes.append(
            rng.choice([a + b, a * b, a - b, tanh(a), a * 0.5, b.sigmoid(), dot([a], [b])])
        )
    return leaves, tanh(total(nodes[-6:]))


def broken(x: Value) -> Value:
    """Return a node whose rule raises."""

    def rule(out: Any, operand: Any) -> Any:
        raise ArithmeticError("this rule is broken")

    return Value(x.data, parents=(x,), local_derivatives=rule, op="broken")
