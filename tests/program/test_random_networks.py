"""Random networks with random losses, in every backend, against the engine."""

import random
from typing import Any

import pytest

from autograd import Value, compile, dot, logsumexp, maximum, minimum, total
from autograd.graph import topological_order
from nn import (
    Layer,
    LayerNorm,
    RMSNorm,
    Sequential,
    binary_cross_entropy_with_logits,
    cross_entropy,
    huber_loss,
    l1_loss,
    mse_loss,
)
from tests.backends import every_backend
from tests.program.graphs import Case, assert_close, eager

ACTIVATIONS = ["linear", "relu", "tanh", "sigmoid", "leaky_relu", "elu", "gelu", "silu"]
LOSSES: dict[str, Any] = {
    "mse": mse_loss,
    "l1": l1_loss,
    "huber": huber_loss,
    "bce": binary_cross_entropy_with_logits,
    "cross-entropy": cross_entropy,
    "logsumexp": lambda out, y: logsumexp(out) * 2.0 + dot(out, y),
    "kinks": lambda out, y: maximum(out[0], y[0]) * minimum(out[-1], 0.3) + total(map(abs, out)),
}


def random_network(seed: int) -> Case:
    """Return layers and norms, perhaps with a residual connection and a penalty on some weights."""
    rng = random.Random(seed)
    n_inputs = size = rng.randint(1, 4)
    parts: list[Any] = []
    for _ in range(rng.randint(1, 3)):
        before, size = size, rng.randint(1, 5)
        parts.append(Layer(before, size, rng.choice(ACTIVATIONS), rng=seed))
        if size > 1 and rng.random() < 0.3:
            parts.append(rng.choice([LayerNorm, RMSNorm])(size))
    model = Sequential(*parts)
    x = [
        Value(rng.gauss(0, 1), label=rng.choice([f"x{k}", f"x[{k}]", "x", None]))
        for k in range(n_inputs)
    ]
    outputs = model(x)
    if len(outputs) == n_inputs and rng.random() < 0.5:
        outputs = [a + b for a, b in zip(outputs, x, strict=True)]
    shares = [rng.random() for _ in outputs]
    y = [Value(share / sum(shares), label=f"y[{k}]") for k, share in enumerate(shares)]
    loss = LOSSES[rng.choice(list(LOSSES))](outputs, y)
    parameters = model.parameters()
    if rng.random() < 0.4:
        some = rng.sample(parameters, rng.randint(1, len(parameters)))
        loss = loss + 0.1 * dot(some, some)
    inside = set(topological_order(loss))
    inputs = [leaf for leaf in [*x, *y] if leaf in inside]
    columns = [[leaf.data, leaf.data + rng.uniform(0, 0.2), rng.random()] for leaf in inputs]
    return Case(loss, inputs, parameters, columns)


@pytest.mark.parametrize(
    "seeds", [range(40), pytest.param(range(40, 600), marks=pytest.mark.slow)], ids=["few", "many"]
)
@every_backend
def test_random_networks(seeds: range, backend: str) -> None:
    for seed in seeds:
        case = random_network(seed)
        program = compile(
            case.output, inputs=case.inputs, parameters=case.parameters, backend=backend
        )
        found = program.run(case.numbers, case.columns)
        outputs = program.evaluate(case.columns)
        expected = eager(case)
        assert_close(found, expected)
        assert sum(outputs) / len(outputs) == pytest.approx(expected[0], rel=1e-12, abs=1e-12)
