"""XOR: why one neuron fails, and what a hidden layer sees.

Minsky and Papert (1969), "Perceptrons".

python -m demos.xor
"""

from itertools import combinations, product
from math import dist
from typing import Any, NamedTuple

from autograd import sigmoid
from demos.batch_loss import batch_loss
from demos.claim import claim
from demos.output_folder import output_path, say, shown
from demos.plotting import BLUE, ORANGE, SIGNED, new_figure, save_figure
from demos.running import run_demo, try_next
from nn import MLP, Adam, Neuron, binary_cross_entropy_with_logits

Table = tuple[int, ...]  # the answers at the corners
CORNERS = [(0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0)]
WITH_PRODUCT = [(x, y, x * y) for x, y in CORNERS]
AND, OR, XOR, NOT_XOR = (0, 0, 0, 1), (0, 1, 1, 1), (0, 1, 1, 0), (1, 0, 0, 1)
MODELS: dict[str, tuple[Any, Any]] = {  # what makes one from a seed, and the inputs that it sees
    "one neuron": (lambda rng: Neuron(2, "linear", rng=rng), CORNERS),
    "2 hidden neurons, linear": (lambda rng: MLP(2, [2, 1], "linear", rng=rng), CORNERS),
    "2 hidden neurons, tanh": (lambda rng: MLP(2, [2, 1], "tanh", rng=rng), CORNERS),
    "one neuron, and x1*x2 as input": (lambda rng: Neuron(3, "linear", rng=rng), WITH_PRODUCT),
}


class Trained(NamedTuple):
    """A model, the probability of a 1 that it gives to each corner, and whether all are right."""

    model: Any
    outputs: list[float]
    right: bool


def train(model: Any, rows: Any, table: Table, backend: str) -> Trained:
    """Train a model on the four corners, for the answers of the table."""
    optimizer = Adam(model.parameters(), lr=0.1)
    loss_of = batch_loss(model, binary_cross_entropy_with_logits, rows, table, backend)
    for _ in range(300):
        optimizer.zero_grad()
        loss_of(range(len(rows)))
        optimizer.step()
    outputs = [float(sigmoid(model(row).data)) for row in rows]
    right = all(abs(p - y) < 0.4 for p, y in zip(outputs, table, strict=True))
    return Trained(model, outputs, right)


def train_on_all_tables(seed: int, backend: str) -> list[Table]:
    """Train one neuron on each table of two inputs; say and return which it does not learn."""
    failed = []
    for table in product((0, 1), repeat=4):
        neuron = train(Neuron(2, "linear", rng=seed), CORNERS, table, backend)
        failed += [] if neuron.right else [table]
        if table in (AND, OR, XOR):
            say(f"  {table}, learnt as {tuple(round(p, 2) for p in neuron.outputs)}")
    return failed


def hidden_points(net: Trained) -> list[list[float]]:
    """Return what the two hidden neurons say of each corner."""
    return [[float(h.data) for h in net.model.layers[0](corner)] for corner in CORNERS]


def nearest(net: Trained, *, alike: bool) -> float:
    """Return how near two hidden points come, of corners that XOR answers alike, or not."""
    points = hidden_points(net)
    pairs = combinations(range(4), 2)
    return min(dist(points[i], points[j]) for i, j in pairs if (XOR[i] == XOR[j]) == alike)


def look_inside(nets: list[Trained]) -> Trained:
    """Say how the first network that learnt XOR sees the corners; return it."""
    first = max(nets, key=lambda net: net.right)
    for corner, h, p in zip(CORNERS, hidden_points(first), first.outputs, strict=True):
        say(f"  x = {corner}   h = ({h[0]:5.2f}, {h[1]:5.2f})   p = {p:.2f}")
    fine = [nearest(n, alike=True) < 0.3 < 1 < nearest(n, alike=False) for n in nets if n.right]
    claim("in all that learn, two corners of one answer meet, and no others", all(fine))
    lost = [nearest(n, alike=False) < 0.3 for n in nets if not n.right]
    claim("in all that are stuck, corners of different answers meet", all(lost))
    return first


def save_picture(neuron: Any, net: Trained) -> Any:
    """Draw the plane as a neuron and a network see it, and the plane of the hidden neurons."""
    figure, panels = new_figure(3, width=5.2, height=5.6)
    output = net.model.layers[1]
    views: tuple[tuple[str, Any, Any, str], ...] = (
        ("One neuron is undecided", neuron, CORNERS, "x"),
        ("Two hidden neurons", net.model, CORNERS, "x"),
        ("What they see: two corners meet", lambda h: output(h)[0], hidden_points(net), "h"),
    )
    for axes, (title, score, points, name) in zip(panels, views, strict=True):
        low = min(map(min, points))
        steps = [low - 0.4 + (1.8 - low) * k / 60 for k in range(61)]
        shades = [[float(sigmoid(score([x, y]).data)) for x in steps] for y in steps]
        axes.contourf(steps, steps, shades, [k / 9 for k in range(10)], cmap=SIGNED, alpha=0.6)
        axes.contour(steps, steps, shades, levels=[0.5], colors="#111111", linewidths=2)
        for (x, y), answer in zip(points, XOR, strict=True):
            colour, marker = (BLUE, "o") if answer else (ORANGE, "s")
            axes.plot(x, y, marker, color=colour, markersize=15, markeredgecolor="#111111")
        axes.set(title=title, xlabel=f"{name}1", ylabel=f"{name}2", aspect="equal")
        axes.set(xticks=range(round(low), 2), yticks=range(round(low), 2))
    return save_figure(figure, output_path("xor"))


def main(backend: str = "python", seed: int = 0, quick: bool = False) -> None:
    say("A neuron splits the plane along a line. Is that enough for AND, OR and XOR?\n")
    failed = train_on_all_tables(seed, backend)
    claim("of 16 such tables one neuron fails at XOR and its opposite", failed == [XOR, NOT_XOR])
    say(
        "\nBefore the sigmoid is z = w1*x1 + w2*x2 + b. So z(0,0) + z(1,1) = w1 + w2 + 2b, which is"
    )
    say("z(0,1) + z(1,0). XOR wants one below zero and one above. How many starts learn it?\n")
    starts, found = range(seed, seed + (5 if quick else 20)), []
    for name, (make, rows) in MODELS.items():
        found.append([train(make(start), rows, XOR, backend) for start in starts])
        say(f"  {name:30} {sum(each.right for each in found[-1]):3} of {len(starts)}")
    neurons, linear, nets, given = found
    claim("no neuron and no linear layers learn it", not any(n.right for n in neurons + linear))
    claim(
        "with tanh some learn it and some are stuck", {net.right for net in nets} == {True, False}
    )
    claim("a neuron that is given x1*x2 always does", all(each.right for each in given))
    say("\nSo a hidden layer is not the only way. But nobody has to give it a product. It sees:\n")
    net = look_inside(nets)
    path = save_picture(neurons[0].model, net)[0]
    say(f"\nLook at the right panel, where two of the four corners meet: {shown(path)}")
    try_next(
        "run it with --seed 20, then 40: how much do the counts depend on the start?",
        "write [4, 1] for [2, 1] in the row of tanh: which claim no longer holds, and why?",
    )


if __name__ == "__main__":
    run_demo(main)
