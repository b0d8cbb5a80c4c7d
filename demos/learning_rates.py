"""How large a step? Too small a learning rate never arrives, too large a one flies off.

python -m demos.learning_rates
"""

from autograd import Value, hessian
from demos.claim import claim
from demos.extras import imports_from
from demos.landscapes import RAVINE, Point
from demos.output_folder import output_path, say, shown
from demos.plotting import BLUE, GREEN, ORANGE, PINK, fill_contours, new_figure, save_figure
from demos.running import run_demo, try_next
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
    """Draw a panel for each rate, both axes to one scale, and the losses of all below."""
    figure, axes = new_figure(2, 3, width=7.5, height=3.1)
    for unused in axes[2]:
        unused.remove()
    losses = figure.add_subplot(3, 1, 3)
    styles = ((BLUE, "-", "o"), (GREEN, "-", "s"), (PINK, "--", "^"), (ORANGE, "-.", "X"))
    four = zip(axes[:2].flat, paths.items(), words, styles, strict=True)
    for panel, (lr, path), word, (colour, line, marker) in four:
        fill_contours(panel, RAVINE.loss, RAVINE.view)
        style = {"color": colour, "marker": marker, "linewidth": 2}
        panel.plot(*zip(*path[:13], strict=True), **style | {"linewidth": 1.2})
        panel.plot(0, 0, "*", color="#111111", markersize=14)
        panel.set(title=f"{lr:.3g}: {word}", xlabel="x", ylabel="y", aspect="equal")
        label = f"{lr:.3g}: {word}"
        losses.semilogy([RAVINE.loss(*point) for point in path], line, markevery=6, label=label,
                        **style)  # fmt: skip
    losses.set(title=f"The limit of the Hessian is a rate of {limit:.3g}", xlabel="step")
    losses.set(ylabel="loss")
    losses.set_ylim(bottom=1e-7)
    losses.legend(loc="lower center", ncols=4, fontsize=12)
    losses.grid(alpha=0.3)
    picture = save_figure(figure, output_path("learning_rates"))[0]
    say("\nThe panels show 12 steps from the left, dark where the loss is high. See the zigzag")
    say(f"across the ravine, and which curve goes up: {shown(picture)}\n")


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
    try_next(
        "RAVINE with 200 * y**2 in demos/landscapes.py: what is the limit then, and the best rate?",
        "momentum=0.9 in SGD: does it arrive at a rate beyond the limit?",
    )


if __name__ == "__main__":
    run_demo(main)
