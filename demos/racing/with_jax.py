"""JAX: pure functions of the weights, ``value_and_grad`` and ``jit``, float64 on the CPU."""

from collections.abc import Callable
from typing import Any

from demos.extras import imports_from
from demos.gpt import EPS, HEADS, SIZE, WIDTH
from demos.racing.step import Result, Step
from demos.racing.workloads import Names, Network, Training, in_a_line

with imports_from("race"):
    import jax
    import jax.numpy as jnp

jax.config.update("jax_enable_x64", True)
jax.config.update("jax_platforms", "cpu")


def network(workload: Network) -> Step:
    layers = [(jnp.array(matrix), jnp.array(biases)) for matrix, biases in workload.layers()]
    rows, classes = map(jnp.array, workload.data())
    return step_of(hinge, (layers, rows, classes), flat_layers)


def hinge(layers: Any, rows: Any, classes: Any) -> Any:
    *inside, (weight, bias) = layers
    x = rows
    for w, b in inside:
        x = jax.nn.relu(x @ w.T + b)
    scores = (x @ weight.T + bias)[:, 0]
    return jax.nn.relu(1 - classes * scores).mean()


def flat_layers(layers: Any) -> list[float]:
    return in_a_line([(matrix.tolist(), biases.tolist()) for matrix, biases in layers])


def step_of(loss: Any, given: tuple[Any, ...], flat: Callable[[Any], list[float]]) -> Step:
    """Return the compiled step; JAX computes behind the call, so the clock waits for the end."""
    compiled = jax.jit(jax.value_and_grad(loss))

    def result(found: Any) -> Result:
        return float(found[0]), flat(found[1])

    return Step(lambda: jax.block_until_ready(compiled(*given)), result)


def names(workload: Names) -> Step:
    weights = {name: jnp.array(matrix) for name, matrix in workload.matrices().items()}
    tokens, targets = map(jnp.array, workload.data())

    def flat(gradient: Any) -> list[float]:
        numbers: list[float] = jnp.concatenate(
            [gradient[name].ravel() for name in weights]
        ).tolist()
        return numbers

    return step_of(gpt_loss, (weights, tokens, targets), flat)


def gpt_loss(weights: Any, tokens: Any, targets: Any) -> Any:
    n, length = tokens.shape
    x = rms_norm(weights["symbols"].T[tokens] + weights["places"][:length])
    read = rms_norm(x)
    query, key, value = (
        (read @ weights[name].T).reshape(n, length, HEADS, SIZE)
        for name in ("query", "key", "value")
    )
    scores = jnp.einsum("nthi,nshi->nhts", query, key) * SIZE**-0.5
    causal = jnp.tril(jnp.ones((length, length), bool))
    looks = jax.nn.softmax(jnp.where(causal, scores, -jnp.inf))
    found = jnp.einsum("nhts,nshi->nthi", looks, value).reshape(n, length, WIDTH)
    x = x + found @ weights["output"].T
    x = x + jax.nn.relu(rms_norm(x) @ weights["wide"].T) @ weights["narrow"].T
    likely = jax.nn.log_softmax(x @ weights["logits"].T)
    return -jnp.take_along_axis(likely, targets[..., None], axis=-1).mean()


def rms_norm(x: Any) -> Any:
    return x * jax.lax.rsqrt((x * x).mean(-1, keepdims=True) + EPS)


def training(workload: Training) -> Step:
    """Return a whole training as one compiled loop, which never comes back to Python."""
    network = workload.network
    start = [(jnp.array(matrix), jnp.array(biases)) for matrix, biases in network.layers()]
    rows, classes = map(jnp.array, network.data())
    zeros = jax.tree.map(jnp.zeros_like, start)
    moved: Any = {"SGD": momentum_step, "Adam": adam_step}[workload.optimizer]

    def run(rows: Any, classes: Any) -> Any:
        def epoch(k: Any, state: Any) -> Any:
            loss, gradient = jax.value_and_grad(hinge)(state[0], rows, classes)
            return (*moved(k, *state[:3], gradient, **workload.settings), loss)

        return jax.lax.fori_loop(0, workload.epochs, epoch, (start, zeros, zeros, jnp.array(0.0)))

    compiled = jax.jit(run)
    return Step(
        lambda: jax.block_until_ready(compiled(rows, classes)),
        lambda state: (float(state[3]), flat_layers(state[0])),
    )


def momentum_step(
    k: Any, weights: Any, velocity: Any, unused: Any, gradient: Any, lr: float, momentum: float
) -> Any:
    """Return weights and memory after a step; the velocity is that of PyTorch."""
    velocity = jax.tree.map(lambda v, g: momentum * v + g, velocity, gradient)
    return jax.tree.map(lambda w, v: w - lr * v, weights, velocity), velocity, unused


def adam_step(k: Any, weights: Any, mean: Any, square: Any, gradient: Any, lr: float) -> Any:
    """Return weights and memory after a step (Kingma and Ba, 2015)."""
    mean = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, mean, gradient)
    square = jax.tree.map(lambda s, g: 0.999 * s + 0.001 * g * g, square, gradient)

    def moved(w: Any, m: Any, s: Any) -> Any:
        return w - lr * (m / (1 - 0.9 ** (k + 1))) / (jnp.sqrt(s / (1 - 0.999 ** (k + 1))) + 1e-8)

    return jax.tree.map(moved, weights, mean, square), mean, square
