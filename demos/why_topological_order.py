"""Why a backward pass needs a topological order, told as a story.

python -m demos.why_topological_order
"""

from pathlib import Path

from autograd import Value, draw
from demos.claim import claim
from demos.output_folder import output_path, say, shown
from demos.running import run_demo, try_next


def backward_at_once(node: Value, upstream: float = 1.0) -> int:
    """Hand every contribution on as soon as it arrives; return how many were handed on."""
    node.grad += upstream
    handed_on = 0
    for parent, local in zip(node.parents, node.local_derivatives, strict=True):
        handed_on += 1 + backward_at_once(parent, upstream * local)
    return handed_on


def backward_too_early(node: Value) -> None:
    """Visit each node once, children before parents seen so far, but in no topological order."""
    node.grad = 1.0
    queue, seen = [node], {node}
    while queue:
        child = queue.pop(0)
        for parent, local in zip(child.parents, child.local_derivatives, strict=True):
            parent.grad += child.grad * local
            if parent not in seen:
                seen.add(parent)
                queue.append(parent)


def ladder(rungs: int) -> tuple[Value, Value]:
    """Return (a, u) for u = a doubled ``rungs`` times by u = u + u."""
    a = u = Value(1.0)
    for _ in range(rungs):
        u = u + u
    return a, u


def save_picture(output: Value, name: str) -> Path:
    """Draw the graph with the gradients that it has now."""
    path = output_path(f"why_topological_order_{name}.svg")
    draw(output, names={}).save(path)
    return path


def main() -> None:
    say("Act 1. b = a + a; c = b + b. The derivative of c in a is 4: two doublings.\n")
    a = Value(3.0, label="a")
    b = a + a
    c = b + b
    b.label, c.label = "b", "c"
    steps = backward_at_once(c)
    say(f"Handing on each contribution at once: a.grad = {a.grad}, after {steps} steps.")
    say("Right, but c told b twice, and each time b told a twice. Double again and again:\n")
    for rungs in (4, 8, 12, 16):
        _, u = ladder(rungs)
        say(f"    {rungs:2} doublings: {backward_at_once(u):>7,} steps")
    say("\nThe steps double too. 50 doublings would take a lifetime.\n")

    say("Act 2. Then let each node speak once only, as soon as it has heard something.")
    say("y = t*x + s, where t = s + 1 and s = x*x. So y = x³ + x² + x, and y' = 34 at x = 3.\n")
    x = Value(3.0, label="x")
    s = x * x
    t = s + 1.0
    y = t * x + s
    s.label, t.label, y.label = "s", "t", "y"
    pictures = []
    backward_too_early(y)
    say(f"    too early: x.grad = {x.grad}      (s spoke before t had told it everything)")
    pictures.append(save_picture(y, "too_early"))
    for node in (x, s, t, y):
        del node.grad
    y.backward()
    say(f"    in order:  x.grad = {x.grad}\n")
    pictures.append(save_picture(y, "in_order"))
    claim("in order it is what the formula says, 3x² + 2x + 1", x.grad == 3 * 9 + 2 * 3 + 1)

    say("Act 3. A topological order puts every node after all of its children in the backward")
    say("pass: when it speaks, it has heard everything, and it speaks once.\n")
    start, end = ladder(50)
    end.backward()
    say(f"    50 doublings: a.grad = {start.grad:,.0f} = 2^50, at once, in 100 steps.")
    say("\nAct 2 drawn twice. Compare what came to s, and what s handed on to x:")
    for path in pictures:
        say(f"    {shown(path)}")
    try_next(
        "python -m demos.stepping: the same order, one contribution at a time",
        "compare_algorithms(y) of y = t*x + s: the famous mistakes beside the right way",
    )


if __name__ == "__main__":
    run_demo(main)
