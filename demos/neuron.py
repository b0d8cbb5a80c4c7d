"""One tanh neuron, drawn twice: every * and + on its own, and the weighted sum as one node.

python -m demos.neuron
"""

from autograd import Value, draw, tree
from demos.claim import claim
from demos.output_folder import output_path, say, shown
from demos.running import run_demo, try_next
from nn import Neuron


def build(*, expanded: bool) -> tuple[Neuron, Value]:
    """Return a neuron of two inputs and its output, with gradients."""
    neuron = Neuron(2, activation="tanh", expanded=expanded)
    neuron.load_state_dict({"w[0]": -3.0, "w[1]": 1.0, "b": 7.0})
    x = [Value(2.0, label="x[0]"), Value(-0.5, label="x[1]")]
    output: Value = neuron(x)
    output.label = "output"
    output.backward()
    return neuron, output


def main() -> None:
    say("A neuron weighs its inputs, adds a bias, and squashes: tanh(w[0]*x[0] + w[1]*x[1] + b)\n")
    found = []
    for expanded, name in ((True, "elementary"), (False, "fused")):
        neuron, output = build(expanded=expanded)
        found.append([p.grad for p in neuron.parameters()])
        grads = ", ".join(f"{label} {p.grad:+.4f}" for label, p in neuron.named_parameters())
        say(f"{name}: output {output.data:.4f}; gradients {grads}")
        say(tree(output, names={}))
        path = output_path(f"neuron_{name}.svg")
        draw(output, names={}, fold="none").save(path)
        say(f"picture: {shown(path)}\n")
    claim("the gradients are the same", found[0] == found[1])
    say("Elementary shows every multiplication; fused has one box for the whole sum. It is what")
    say("networks are built of, and makes them several times cheaper.")
    try_next(
        "w[0] = -3.4: the output is near 0. How large are the gradients?",
        "python -m demos.five_steps: a neuron learns",
    )


if __name__ == "__main__":
    run_demo(main)
