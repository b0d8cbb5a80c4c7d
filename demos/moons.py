"""Two moons: a small network of Values learns a curved boundary.

python -m demos.moons
"""

from collections.abc import Sequence

from autograd import Value, dot
from demos.batch_loss import batch_loss
from demos.claim import claim
from demos.data import Point, make_moons
from demos.extras import imports_from
from demos.output_folder import output_path, say, shown
from demos.plotting import save_boundary, save_curve
from demos.running import run_demo
from nn import MLP, SGD, hinge_loss

with imports_from("demos"):
    from tqdm import tqdm

STEPS = 80
RATE = 0.3
L2 = 1e-4


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
    model: MLP, points: Sequence[Point], classes: Sequence[int], backend: str = "eager"
) -> list[float]:
    """Descend for STEPS steps, with a learning rate that falls to a tenth; return the losses."""
    parameters = model.parameters()

    def regularized(scores: list[Value], targets: list[float]) -> Value:
        loss: Value = hinge_loss(scores, targets) + L2 * dot(parameters, parameters)
        return loss

    loss_of = batch_loss(model, regularized, points, classes, backend)
    optimizer = SGD(parameters, lr=RATE, momentum=0.9)
    losses = []
    progress = tqdm(range(STEPS), desc="training", unit="step")
    for step in progress:
        optimizer.lr = RATE * (1 - 0.9 * step / STEPS)
        optimizer.zero_grad()
        losses.append(loss_of(range(len(points))))
        optimizer.step()
        progress.set_postfix(loss=f"{losses[-1]:.3f}")
    return losses


def main(backend: str = "eager") -> None:
    points, classes = make_moons()
    model = MLP(2, [16, 16, 1])
    say(f"100 points on two moons; {model} has {len(model.parameters())} parameters.\n")
    losses = train(model, points, classes, backend)
    _, accuracy = loss_and_accuracy(model, points, classes)
    say(f"\nloss {losses[0]:.3f} → {losses[-1]:.3f}; {accuracy:.0%} of the points are right.")
    claim("at least 99 % of the points are on their side", accuracy >= 0.99)
    pictures = save_curve(losses, "loss", output_path("moons_loss"))
    pictures += save_boundary(model, points, classes, output_path("moons_boundary"))
    say("Look at how the boundary bends around the moons, and where the loss stops falling:")
    for path in pictures:
        say(f"    {shown(path)}")


if __name__ == "__main__":
    run_demo(main)
