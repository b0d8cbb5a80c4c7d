"""Two losses on a saturated sigmoid: squared error is stuck where cross-entropy learns.

Solla, Levin and Fleisher (1988), "Accelerated learning in layered neural networks".

python -m demos.losses
"""

from collections.abc import Callable
from typing import Any

from autograd import DomainError, Value, explain, log, sigmoid
from demos.batch_loss import batch_loss
from demos.claim import claim
from demos.output_folder import output_path, say, shown
from demos.plotting import BLUE, ORANGE, new_figure, save_figure
from demos.running import run_demo, try_next
from nn import SGD, Neuron, binary_cross_entropy_with_logits

STEPS = 300
STARTS = (-2.0, -3.0)  # of w and b both, so that z = w*1 + b starts at -4 and -6


def squared_error(z: Value) -> Value:
    """Return (p - 1)² of p = sigmoid(z): the target is 1 throughout."""
    p = sigmoid(z)
    p.label = "p"
    return (p - 1.0) ** 2


def cross_entropy(z: Value) -> Value:
    """Return -log(p) of p = sigmoid(z), out of elementary operations."""
    p = sigmoid(z)
    p.label = "p"
    return -log(p)


LOSSES: dict[str, Callable[[Value], Value]] = {
    "squared error": squared_error,
    "cross-entropy": cross_entropy,
}
STYLES = {"squared error": {"color": BLUE}, "cross-entropy": {"color": ORANGE, "linestyle": "--"}}


def derivative_at(name: str, z: float) -> float:
    node = Value(z)
    LOSSES[name](node).backward()
    return float(node.grad)


def learn(name: str, start: float, backend: str) -> list[float]:
    """Train p = sigmoid(w*1 + b) towards 1 from w = b = start; return p before each step."""
    neuron = Neuron(1, "linear")
    neuron.load_state_dict({"w[0]": start, "b": start})
    optimizer = SGD(neuron.parameters(), lr=0.5)
    loss_of = batch_loss(neuron, lambda zs, _ones: LOSSES[name](zs[0]), [[1.0]], [1.0], backend)
    outputs = []
    for _ in range(STEPS):
        outputs.append(float(sigmoid(neuron([1.0]).data)))
        optimizer.zero_grad()
        loss_of([0])
        optimizer.step()
    return outputs


def steps_until_right(outputs: list[float]) -> int:
    """Return at which step the output first was above 0.9; STEPS if never."""
    return next((step for step, p in enumerate(outputs) if p > 0.9), STEPS)


def explain_both() -> None:
    """Say which local derivatives the chain rule multiplies on the way back to z = -6."""
    for name, loss_of in LOSSES.items():
        z = Value(-6.0, label="z")
        loss = loss_of(z)
        say(f"{name}:\n{explain(loss, z)}\n")
    say("Both begin with ∂p/∂z = σ'(z) = p*(1 - p), which is 0.0025 here and kills the one. In the")
    say("other, the 1/p of the logarithm cancels the p: what is left is p - 1. Further out:\n")
    say("     z   squared error   cross-entropy")
    for at in (0.0, -5.0, -10.0, -20.0):
        derivatives = [derivative_at(name, at) for name in LOSSES]
        say(f"  {at:4.0f}   {derivatives[0]:13.1e}   {derivatives[1]:13.4f}")
    places = [k / 4 for k in range(-80, 41)]
    claim("the derivative of cross-entropy is p - 1, from z = -20 to 10", all(
        abs(derivative_at("cross-entropy", at) - (sigmoid(at) - 1)) < 1e-12 for at in places
    ))  # fmt: skip
    dead = abs(derivative_at("squared error", -20.0))
    claim("at z = -20 that of squared error is below a millionth", dead < 1e-6)


def save_picture(curves: dict[tuple[str, float], list[float]]) -> Any:
    """Draw the derivatives of both losses, and how both learn."""
    figure, (left, right) = new_figure(2, height=5.5)
    zs = [k / 10 for k in range(-100, 61)]
    for name, style in STYLES.items():
        sizes = [abs(derivative_at(name, z)) for z in zs]
        left.semilogy(zs, sizes, linewidth=3, label=name, **style)
    for (name, start), outputs in curves.items():
        right.plot(outputs, linewidth=3, **STYLES[name])
        if name == "squared error":
            half = next(step for step, p in enumerate(outputs) if p > 0.5)
            right.annotate(f"  from z = {2 * start:.0f}", (half, 0.5))
    left.set(title="Sure and wrong: one derivative dies", xlabel="z", ylabel="|∂loss/∂z|")
    right.set(
        title="So squared error learns late, if at all", xlabel="step", ylabel="p, should be 1"
    )
    left.legend(loc="lower center")
    return save_figure(figure, output_path("losses"))


def main(backend: str = "eager") -> None:
    say("A sigmoid neuron should say 1. It is sure of the opposite: z = -6, p = sigmoid(-6) =")
    say(f"{sigmoid(-6.0):.4f}. How does either loss tell it so? Look at the second factor.\n")
    explain_both()

    say("\nThe same neuron, descending from two starts; the steps until p > 0.9:\n")
    curves = {(name, start): learn(name, start, backend) for start in STARTS for name in LOSSES}
    for start in STARTS:
        steps = [steps_until_right(curves[name, start]) for name in LOSSES]
        say(f"  from z = {2 * start:3.0f}: squared error {steps[0]:4}, cross-entropy {steps[1]:3}")
    claim("cross-entropy is right three times as soon, or sooner", all(
        3 * steps_until_right(curves["cross-entropy", start])
        < steps_until_right(curves["squared error", start])
        for start in STARTS
    ))  # fmt: skip
    say("\nOne danger is left: at z = -800, p itself is 0, in floats.")
    z = Value(-800.0, label="z")
    try:
        cross_entropy(z)
    except DomainError as error:
        say(f"    {error}")
    binary_cross_entropy_with_logits(z, 1).backward()
    claim("computed from z, without p, the derivative is -1 even there", z.grad == -1.0)
    say("\nLook at the left half of the left plot, where the neuron is sure and wrong:")
    for path in save_picture(curves):
        say(f"    {shown(path)}")
    try_next(
        "a start at -5.0 in STARTS: how long does squared error need now?",
        "python -m demos.lesson_pages: softmax and cross-entropy, step by step",
    )


if __name__ == "__main__":
    run_demo(main)
