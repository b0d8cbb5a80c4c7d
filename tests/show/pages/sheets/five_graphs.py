"""Five kinds of graph that a teacher puts on paper."""

from collections.abc import Callable

from autograd import Value, dot, tanh
from nn import MLP, cross_entropy


def leaves(**numbers: float) -> list[Value]:
    return [Value(number, label=name) for name, number in numbers.items()]


def called(output: Value, name: str) -> Value:
    output.label = name
    return output


def neuron() -> Value:
    w1, x1, w2, x2, b = leaves(w1=-3.0, x1=1.0, w2=1.0, x2=2.0, b=1.5)
    return called(tanh(called(w1 * x1 + w2 * x2 + b, "n")), "out")


def reuse() -> Value:
    a, b = leaves(a=2.0, b=-3.0)
    return called(a * b + a, "L")


def softmax_cross_entropy() -> Value:
    return called(cross_entropy(leaves(z0=1.0, z1=-1.0, z2=0.5), 1), "loss")


def network_loss() -> Value:
    y = MLP(2, [2, 1], activation="tanh", rng=0)(leaves(x0=1.0, x1=-2.0))
    return called((y - 1.0) ** 2, "loss")


def recurrence() -> Value:
    w, u, b, h = leaves(w=0.5, u=-1.0, b=0.5, h0=1.0)
    for k in range(1, 4):
        h = called(tanh(dot([w, u], [Value(float(k), label=f"x{k}"), h], b)), f"h{k}")
    return h


FIVE: dict[str, Callable[[], Value]] = {
    "neuron": neuron, "reuse": reuse, "softmax": softmax_cross_entropy, "mlp": network_loss,
    "rnn": recurrence,
}  # fmt: skip
