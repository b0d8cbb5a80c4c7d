"""Two moons: a small network of Values learns a curved boundary.

python -m demos.moons
"""

from collections.abc import Callable, Sequence

from autograd import Value, dot
from demos.batch_loss import batch_loss
from demos.claim import claim
from demos.data import Point, make_moons
from demos.extras import imports_from
from demos.output_folder import output_path, say, shown
from demos.plotting import draw_boundary, new_figure, save_curve, save_figure
from demos.running import run_demo, try_next
from nn import MLP, SGD, hinge_loss

with imports_from("demos"):
    from tqdm import tqdm

STEPS = 80
RATE = 0.3
L2 = 1e-4
MOMENTS = (0, 10, 25, STEPS)  # steps after which the boundary is drawn


def loss_and_accuracy(
    model: MLP, points: Sequence[Point], classes: Sequence[int]
) -> tuple[Value, float]:
    """Return the hinge loss with L2 regularization, and the share of points on the right side."""
    scores = [model([Value(x), Value(y)]) for x, y in points]
    parameters = model.parameters()
    loss = hinge_loss(scores, classes) + L2 * dot(parameters, parameters)
    right = sum(
        (score.data > 0) == (wanted > 0) for score, wanted in zip(scores, classes, strict=True)
    )
    return loss, right / len(points)


def train(
    model: MLP,
    points: Sequence[Point],
    classes: Sequence[int],
    backend: str = "eager",
    look: Callable[[int], None] = lambda step: None,
) -> list[float]:
    """Descend for STEPS steps, with a learning rate that falls to a tenth; return the losses.

    ``look`` is called before each step, and once after the last.
    """
    parameters = model.parameters()

    def regularized(scores: list[Value], targets: list[float]) -> Value:
        loss: Value = hinge_loss(scores, targets) + L2 * dot(parameters, parameters)
        return loss

    loss_of = batch_loss(model, regularized, points, classes, backend)
    optimizer = SGD(parameters, lr=RATE, momentum=0.9)
    losses = []
    progress = tqdm(range(STEPS), desc="training", unit="step")
    for step in progress:
        look(step)
        optimizer.lr = RATE * (1 - 0.9 * step / STEPS)
        optimizer.zero_grad()
        losses.append(loss_of(range(len(points))))
        optimizer.step()
        progress.set_postfix(loss=f"{losses[-1]:.3f}")
    look(STEPS)
    return losses


def main(backend: str = "eager", seed: int = 0) -> None:
    points, classes = make_moons(seed=seed + 1)
    model = MLP(2, [16, 16, 1], rng=seed)
    say(f"100 points on two moons; {model} has {len(model.parameters())} parameters.\n")
    figure, axes = new_figure(2, 2, width=6.5, height=4.4)
    panels = dict(zip(MOMENTS, axes.flat, strict=True))

    def look(step: int) -> None:
        if step in panels:
            draw_boundary(panels[step], model, points, classes)
            panels[step].set_title(f"after {step} steps")

    losses = train(model, points, classes, backend, look)
    _, accuracy = loss_and_accuracy(model, points, classes)
    fresh = make_moons(400, seed=seed + 1001)
    _, on_fresh = loss_and_accuracy(model, *fresh)
    weights = L2 * sum(float(parameter.data) ** 2 for parameter in model.parameters())
    say(f"\nloss {losses[0]:.3f} → {losses[-1]:.3f}; {accuracy:.0%} of the points are right,")
    say(f"and {on_fresh:.1%} of 400 fresh ones, drawn in the same way.")
    say(f"The loss stops falling at the L2 term: {weights:.3f} of it is the size of the weights.")
    claim("at least 99 % of the points are on their side", accuracy >= 0.99)
    claim("and at least 97 % of the fresh points", on_fresh >= 0.97)
    claim("more than half of the loss that is left is the L2 term", weights > losses[-1] / 2)
    pictures = save_curve(losses, "loss", output_path("moons_loss"), floor=("L2 term", weights))
    pictures += save_figure(figure, output_path("moons_boundary"))
    say("Look at how the boundary bends around the moons, and where it is not sure (pale):")
    for path in pictures:
        say(f"    {shown(path)}")
    try_next(
        "L2 = 0 at the top: where does the loss stop falling now?",
        "make_moons(noise=0.3): how do the points and the fresh ones differ?",
    )


if __name__ == "__main__":
    run_demo(main)
