"""The plots of the demos, each saved as PNG and as SVG."""

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from demos.extras import imports_from

with imports_from("demos"):
    import matplotlib
    import numpy as np

    matplotlib.use("Agg")  # files only: no window, no display needed
    import matplotlib.pyplot as plt
    from matplotlib.colors import LinearSegmentedColormap

BLUE, ORANGE, GREEN, PINK, SKY = "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9"
COLOURS = (BLUE, ORANGE, GREEN, PINK, SKY)  # Okabe and Ito's: told apart by everyone
SIGNED = LinearSegmentedColormap.from_list("signed", [ORANGE, "white", BLUE])
matplotlib.rcParams.update({"font.size": 14, "svg.hashsalt": "chalkgrad", "figure.dpi": 120})


def new_figure(
    columns: int = 1,
    rows: int = 1,
    *,
    width: float = 7,
    height: float = 4.5,
    ratios: Sequence[float] | None = None,
) -> tuple[Any, Any]:
    """Return a figure and its axes: one, or an array of them; each so many inches in size.

    The columns are ``ratios`` times as wide as ``width``, where it is given.
    """
    total = width * sum(ratios or [1] * columns)
    figure, axes = plt.subplots(rows, columns, figsize=(total, height * rows), width_ratios=ratios)
    return figure, axes


def save_curve(
    numbers: Sequence[float], name: str, path: Path, floor: tuple[str, float] | None = None
) -> list[Path]:
    """Plot ``numbers`` by step, on a logarithmic scale, and a line at ``floor``, by its name."""
    figure, axes = new_figure()
    axes.semilogy(range(1, len(numbers) + 1), numbers, color=BLUE, linewidth=2, label=name)
    if floor is not None:
        axes.axhline(floor[1], color=ORANGE, linestyle="--", linewidth=2, label=floor[0])
        axes.legend()
    axes.set(xlabel="step", ylabel=name)
    axes.grid(alpha=0.3)
    return save_figure(figure, path)


def draw_boundary(
    axes: Any,
    model: Callable[[list[float]], Any],
    points: Sequence[tuple[float, float]],
    classes: Sequence[int],
    size: int = 60,
) -> None:
    """Shade the plane by the model's score, from -1 to 1, line where it is 0; mark the points."""
    xs, ys = ([p[k] for p in points] for k in (0, 1))
    horizontal, vertical = _steps(xs, size), _steps(ys, size)
    scores = [[float(model([x, y]).data) for x in horizontal] for y in vertical]
    levels = [k / 5 for k in range(-5, 6)]
    axes.contourf(horizontal, vertical, scores, levels=levels, cmap=SIGNED, alpha=0.6,
                  extend="both")  # fmt: skip
    axes.contour(horizontal, vertical, scores, levels=[0.0], colors="#111111", linewidths=2)
    for wanted, colour, marker in ((1, BLUE, "o"), (-1, ORANGE, "s")):
        chosen = [k for k, c in enumerate(classes) if c == wanted]
        axes.scatter(
            [xs[k] for k in chosen], [ys[k] for k in chosen], c=colour, marker=marker,
            edgecolors="#111111", s=22, label=f"class {wanted:+d}",
        )  # fmt: skip
    axes.set(xlabel="x", ylabel="y", aspect="equal")
    axes.legend(fontsize=10, loc="lower left")


def fill_contours(
    axes: Any,
    height: Callable[[float, float], float],
    view: tuple[float, float, float, float],
    size: int = 80,
) -> None:
    """Fill the plane in 15 shades of grey, each of them as large as the others, dark where high.

    ``view`` is left, right, bottom, top. Equal areas, so that one cliff does not hide the rest.
    """
    left, right, bottom, top = view
    xs, ys = np.linspace(left, right, size), np.linspace(bottom, top, size)
    heights = np.array([[height(float(x), float(y)) for x in xs] for y in ys])
    ranks = np.searchsorted(np.sort(heights, axis=None), heights)
    axes.contourf(xs, ys, ranks, 15, cmap="Greys", alpha=0.5)
    axes.set(xlim=(left, right), ylim=(bottom, top))


def show_image(
    axes: Any, pixels: Sequence[float], left: float, bottom: float, *, signed: float = 0.0
) -> None:
    """Show a square image, given row by row, one unit wide, with its corner at (left, bottom).

    Ink goes from 0 to 1; numbers up to ``signed`` in size are blue above zero, orange below.
    """
    side = math.isqrt(len(pixels))
    rows = [pixels[k * side : (k + 1) * side] for k in range(side)]
    colours = {"cmap": SIGNED, "vmin": -signed, "vmax": signed}
    ink = {"cmap": "Greys", "vmin": 0.0, "vmax": 1.0}
    extent = (left, left + 1, bottom, bottom + 1)
    axes.imshow(rows, extent=extent, **(colours if signed else ink))


def _steps(numbers: Sequence[float], size: int, margin: float = 0.3) -> list[float]:
    low, high = min(numbers) - margin, max(numbers) + margin
    return [low + (high - low) * k / (size - 1) for k in range(size)]


def save_figure(figure: Any, path: Path) -> list[Path]:
    """Save ``figure`` as PNG and as SVG, the same bytes from run to run, and close it."""
    paths = [path.with_suffix(".png"), path.with_suffix(".svg")]
    figure.tight_layout()
    figure.savefig(paths[0])
    figure.savefig(paths[1], metadata={"Date": None})
    plt.close(figure)
    return paths
