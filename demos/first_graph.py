"""The first graph: one weight, one input, one squared error.

python -m demos.first_graph
"""

from autograd import Value, draw, formula
from autograd.wording import show_number
from demos.output_folder import output_path, say, shown
from demos.running import run_demo, try_next


def build() -> tuple[Value, list[Value]]:
    """Return the loss of the README, with gradients, and the nodes on the way to it."""
    w, x, b = Value(2.0, label="w"), Value(3.0, label="x"), Value(1.0, label="b")
    error = w * x + b - 5.0
    error.label = "error"
    loss = error**2
    loss.label = "loss"
    loss.backward()
    return loss, [w, x, b, error, loss]


def main() -> None:
    say("A line w*x + b should hit 5. How wrong is it, and what would make it less wrong?\n")
    loss, nodes = build()
    say(f"    loss = {formula(loss)}\n")
    say("           data    grad")
    for node in nodes:
        data, grad = show_number(node.data), show_number(node.grad)
        say(f"    {node.label:5} {data:>6}  {grad:>6}")
    say(
        "\nThe forward pass filled in `data` from left to right. loss.backward() filled in `grad`\n"
        "from right to left: how much the loss grows if that number grows a little.\n"
        "w.grad = 12: raising w by 0.01 raises the loss by about 0.12. So lower it.\n"
    )
    path = output_path("first_graph.svg")
    draw(loss, names={}).save(path)
    say(f"Look at the edges of the picture, one local derivative each: {shown(path)}")
    try_next(
        "w.data = 4/3 before loss.backward(): what are the gradients where the loss is 0?",
        "python -m demos.stepping: the same chain rule, one number at a time",
    )


if __name__ == "__main__":
    run_demo(main)
