"""Six optimizers and Newton's method race down a valley, plateaus, a saddle and bumps.

python -m demos.optimizers
"""

import random
from collections.abc import Callable
from math import inf, isfinite
from typing import Any, NamedTuple

from autograd import Value, grad, hessian
from demos.claim import claim
from demos.extras import imports_from
from demos.landscapes import BUMPS, PLATEAUS, SADDLE, VALLEY, Landscape, Point
from demos.output_folder import output_path, say, shown
from demos.plotting import COLOURS, fill_contours, new_figure, save_figure
from demos.running import run_demo, try_next
from nn import SGD, Adagrad, Adam, Optimizer, RMSprop

with imports_from("demos"):
    import numpy as np

RATES = (0.3, 0.1, 0.03, 0.01, 0.003, 0.001)
OPTIMIZERS: dict[str, Callable[[list[Value], float], Optimizer]] = {
    "SGD": SGD,
    "momentum": lambda weights, lr: SGD(weights, lr, momentum=0.9),
    "Nesterov": lambda weights, lr: SGD(weights, lr, momentum=0.9, nesterov=True),
    "Adagrad": Adagrad,
    "RMSprop": lambda weights, lr: RMSprop(weights, lr, alpha=0.9),
    "Adam": Adam,
}
LOOKS = zip([*COLOURS, "#e69f00", "#111111"], "osv^DPX", strict=True)
STYLES = dict(zip([*OPTIMIZERS, "Newton"], LOOKS, strict=True))


class Run(NamedTuple):
    """Where a run went, the loss where it ended, and from which step on it was home."""

    path: list[Point]
    loss: float
    home: float  # infinite if it never was


def finished(land: Landscape, path: list[Point]) -> Run:
    losses = [float(land.loss(*point)) for point in path]
    above = [step for step, loss in enumerate(losses) if not loss < land.home]
    return Run(path, losses[-1], inf if above[-1] == len(path) - 1 else above[-1] + 1)


def descend(land: Landscape, name: str, lr: float, backend: str) -> Run:
    """Let an optimizer go downhill, until its steps are used up or it is beyond all bounds."""
    x, y = Value(land.start[0]), Value(land.start[1])
    optimizer = OPTIMIZERS[name]([x, y], lr)
    add_gradient = land.slope(x, y, backend)
    path = [land.start]
    while len(path) <= land.limit and max(map(abs, path[-1])) < 100:
        optimizer.zero_grad()
        add_gradient()
        optimizer.step()
        path.append((float(x.data), float(y.data)))
    return finished(land, path)


def newton(land: Landscape) -> Run:
    """Jump, again and again, to where the parabola that fits the loss is flat: by -H⁻¹·gradient."""
    path = [land.start]
    for _ in range(20):
        x, y = path[-1]
        step = np.linalg.solve(hessian(land.loss)(x, y), grad(land.loss)(x, y))
        path.append((x - float(step[0]), y - float(step[1])))
    return finished(land, path)


def race(land: Landscape, backend: str) -> dict[str, Run]:
    """Return the run of each optimizer, at the rate that brought it home first, and Newton's."""
    say(f"\n{land.name}: home is where the loss stays below {land.home}.")
    runs = {}
    for name in OPTIMIZERS:
        by_rate = {lr: descend(land, name, lr, backend) for lr in RATES}
        lr = min(RATES, key=lambda lr: (by_rate[lr].home, by_rate[lr].loss))
        runs[f"{name}, lr {lr}"] = by_rate[lr]
    runs["Newton"] = newton(land)
    for name, run in runs.items():
        came = f"home after {run.home} steps" if isfinite(run.home) else "not home"
        say(f"    {name:18} {came}, loss {run.loss:.2g}")
    return {name.split(",")[0]: run for name, run in runs.items()}


def save_picture(races: dict[Landscape, dict[str, Run]]) -> Any:
    """Draw a row for each landscape: a panel for each path until it is home, then all losses."""
    figure, axes = new_figure(
        len(STYLES) + 1, len(races), width=2.6, height=3, ratios=[1] * len(STYLES) + [2]
    )
    for row, (land, runs) in zip(axes, races.items(), strict=True):
        row[0].set_ylabel(land.name)
        *panels, losses = row
        lowest = land.home - 0.01
        losses.axhline(0.01, color="#888888", linewidth=1)
        for panel, (name, run) in zip(panels, runs.items(), strict=True):
            colour, marker = STYLES[name]
            fill_contours(panel, land.loss, land.view)
            is_home = isfinite(run.home)
            path = run.path[: int(run.home) + 1] if is_home else run.path
            style = {"color": colour, "marker": marker, "markevery": [-1]}
            panel.plot(*zip(*path, strict=True), linewidth=2, markersize=11, **style)
            panel.plot(*land.start, "*", color="#111111", markersize=16)
            panel.set(title=f"{name}\n{run.home if is_home else '–'}", xticks=[], yticks=[])
            heights = [max(float(land.loss(*point)) - lowest, 1e-6) for point in path]
            losses.semilogy(heights, linewidth=2, label=name, **style)
        losses.yaxis.tick_right()
        losses.set(title="loss above the lowest", xlabel="step", ylim=(1e-3, None))
    axes[0, -1].legend(fontsize=9, loc="upper right", ncols=2)
    return save_figure(figure, output_path("optimizers"))[0]


def deepest(name: str, rng: random.Random, backend: str) -> int:
    """Return from how many of 20 starts among the bumps an optimizer ends in the deepest one."""
    lands = [BUMPS._replace(start=(rng.uniform(-5, 5), rng.uniform(-5, 5))) for _ in range(20)]
    return sum(descend(land, name, 0.1, backend).loss < 0.2 for land in lands)


def one_step_on_bumps(scale: int) -> Landscape:
    return BUMPS._replace(loss=lambda x, y: scale * BUMPS.loss(x, y), limit=1)


def compare_first_moves(backend: str) -> None:
    say("\nOne gradient, two optimizers: how far is the first step among the bumps, at lr 0.1?")
    moves = {}
    for name in ("SGD", "Adam"):
        for scale in (1, 100):
            path = descend(one_step_on_bumps(scale), name, 0.1, backend).path
            moves[name, scale] = np.diff(path, axis=0)[0]
            x, y = moves[name, scale]
            say(f"    {name:5} {scale:3} * loss: x moves by {x:7.3f}, y by {y:7.3f}")
    far = np.allclose(moves["SGD", 100], 100 * moves["SGD", 1])
    claim("100 times the loss moves SGD 100 times as far", far)
    signs = np.allclose(np.abs([moves["Adam", 1], moves["Adam", 100]]), 0.1)
    claim("Adam first moves by lr, either way: it knows only the signs", signs)


def main(backend: str = "eager", seed: int = 0) -> None:
    say("Each optimizer may take as many steps as the others, at the rate that suits it best.")
    races = {land: race(land, backend) for land in (VALLEY, PLATEAUS, SADDLE, BUMPS)}
    plain, rolling = (deepest(name, random.Random(seed), backend) for name in ("SGD", "momentum"))
    say(f"\nBumps from 20 starts, lr 0.1: the deepest minimum {plain} times with plain SGD,")
    say(f"{rolling} times with momentum, which rolls on through the shallow ones.\n")
    valley, _, saddle, _ = races.values()
    ahead = valley["momentum"].loss < valley["SGD"].loss / 10
    claim("momentum is far ahead of plain SGD in the valley", ahead)
    claim("Newton, who knows the curvature, is home there in 10 steps", valley["Newton"].home <= 10)
    left = [name for name, run in saddle.items() if run.loss < SADDLE.home]
    claim("all six leave the saddle; it draws Newton in", left == list(OPTIMIZERS))
    twice = rolling > 2 * plain
    claim("with momentum more than twice as many starts lead to the deepest minimum", twice)
    compare_first_moves(backend)
    path = save_picture(races)
    say("\nFollow each line from the star to its marker, home or where its steps were used up; the")
    say("number is the steps until home. Where it is darker the loss is higher, each shade has the")
    say(f"same area. At the right, the loss by step, and home as a line: {shown(path)}")
    try_next(
        "start the saddle at (-1.5, 0.0), just on its ridge: who leaves it now?",
        "one rate of 0.03 for all in RATES: who depends on the rate the most?",
    )


if __name__ == "__main__":
    run_demo(main)
