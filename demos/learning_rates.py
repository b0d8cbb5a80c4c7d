"""How large a step? Too small a learning rate never arrives, too large a one flies off.

python -m demos.learning_rates
"""

from autograd import Value, hessian
from demos.claim import claim
from demos.extras import imports_from
from demos.landscapes import RAVINE, Point
from demos.output_folder import output_path, say, shown
from demos.plotting import BLUE, GREEN, ORANGE, PINK, fill_contours, new_figure, save_figure
from demos.running import run_demo
from nn import SGD

with imports_from("demos"):
    import numpy as np


def descend(lr: float, backend: str) -> list[Point]:
    """Return the points that plain gradient descent visits in the ravine."""
    x, y = Value(RAVINE.start[0]), Value(RAVINE.start[1])
    optimizer = SGD([x, y], lr=lr)
    add_gradient = RAVINE.slope(x, y, backend)
    path = [RAVINE.start]
    for _ in range(RAVINE.limit):
        optimizer.zero_grad()
        add_gradient()
        optimizer.step()
        path.append((float(x.data), float(y.data)))
    return path


def plot(paths: dict[float, list[Point]], words: list[str], limit: float) -> None:
    figure, (above, losses) = new_figure(2, width=8, height=6)
    fill_contours(above, RAVINE.loss, RAVINE.view)
    styles = ((BLUE, "-", "o"), (GREEN, "-", "s"), (PINK, "--", "^"), (ORANGE, "-.", "X"))
    for (lr, path), word, (colour, line, marker) in zip(paths.items(), words, styles, strict=True):
        label = f"{lr:.3g}: {word}"
        style = {"color": colour, "linestyle": line, "marker": marker, "linewidth": 2}
        above.plot(*zip(*path[:13], strict=True), **style | {"linestyle": "-", "linewidth": 1.2})
        losses.semilogy([RAVINE.loss(*point) for point in path], markevery=6, label=label, **style)
    above.set(title="From the left, the first 12 steps", xlabel="x", ylabel="y")
    losses.set(title=f"The Hessian's limit: {limit:.3g}", xlabel="step", ylabel="loss")
    losses.legend(title="learning rate")
    losses.grid(alpha=0.3)
    picture = save_figure(figure, output_path("learning_rates"))[0]
    say(f"\nSee the zigzag across the ravine, and which curve goes up: {shown(picture)}")


def main(backend: str = "eager") -> None:
    say("A ravine: loss = (x² + 20 y²) / 2. Across it the loss is 20 times as curved as along.")
    curvatures = np.linalg.eigvalsh(hessian(RAVINE.loss)(*RAVINE.start))
    flattest, steepest = float(curvatures[0]), float(curvatures[-1])
    say(f"The Hessian says so too: its eigenvalues are {flattest:g} and {steepest:g}.\n")
    say("A step multiplies the distance to the bottom by 1 - lr × curvature, in each direction.")
    limit = 2 / steepest
    best = 2 / (flattest + steepest)
    say(
        f"Beyond 2 / {steepest:g} = {limit:g} that is below -1: every step is longer than the last."
    )
    say(f"At 2 / ({flattest:g} + {steepest:g}) = {best:.3g} both directions shrink alike.\n")
    words = ["too small", "good", "best here", "too large"]
    rates = (limit / 50, limit / 2, best, limit * 1.02)
    paths = {lr: descend(lr, backend) for lr in rates}
    ends = [RAVINE.loss(*path[-1]) for path in paths.values()]
    for lr, word, end in zip(rates, words, ends, strict=True):
        say(f"    lr {lr:<6.3g} {word:10} loss {RAVINE.loss(*RAVINE.start):g} → {end:.2g}")
    plot(paths, words, limit)
    start = RAVINE.loss(*RAVINE.start)
    claim("too small: more than a tenth of the loss is left", ends[0] > start / 10)
    claim("just below the limit it arrives", ends[2] < RAVINE.home)
    claim("just above the limit it climbs", ends[3] > start)


if __name__ == "__main__":
    run_demo(main)
