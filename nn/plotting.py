"""Plots of training, by Matplotlib (extra ``demos``), which is loaded when a plot is asked for."""

import math
import os
from collections.abc import Mapping, Sequence
from typing import Any

from autograd.numeric import Number, saturated

BLUE, ORANGE, GREY = "#0072b2", "#d55e00", "#555555"  # the colours are Okabe and Ito's
BINS_A_DECADE = 4


def gradient_histograms(
    gradients: Mapping[str, Sequence[Number]], path: str | os.PathLike[str] | None = None
) -> Any:
    """Return a Matplotlib figure: the sizes of the gradients of each layer, one below the other.

    They share a logarithmic axis; zeros and what is not finite, which have no place on it, are
    counted in the text. With a ``path`` the figure is saved there, in the format that the suffix
    says. Raises ImportError, with what to install, where Matplotlib is missing.
    """
    sizes = {name: [abs(saturated(x)) for x in held] for name, held in gradients.items()}
    decades = {
        name: [math.log10(size) for size in held if 0 < size < math.inf]
        for name, held in sizes.items()
    }
    figure, axes = _figure(len(gradients), 1.2 + 0.7 * len(gradients))
    edges = _edges([decade for held in decades.values() for decade in held])
    for one, (name, held) in zip(axes, decades.items(), strict=True):
        one.hist(held, bins=edges, color=BLUE)
        one.set_ylabel(name, rotation=0, ha="right", va="center")
        one.set_yticks([])
        told = f"{sizes[name].count(0.0)} of {len(sizes[name])} zero"
        if lost := sum(not math.isfinite(size) for size in sizes[name]):
            told += f", {lost} not finite"
        one.text(0.01, 0.8, told, transform=one.transAxes, va="top")
    axes[-1].set_xlabel("log₁₀ of the size of a gradient")
    if path is not None:
        figure.savefig(path)
    return figure


def training_curves(
    columns: Mapping[str, Sequence[float]],
    best: int | None,
    path: str | os.PathLike[str] | None = None,
) -> Any:
    """Return a Matplotlib figure: the loss and each metric by epoch, one below the other.

    What was measured in training is a line, what was measured in validation (``val_`` and the same
    name) is dashed; a dotted line marks the ``best`` epoch. With a ``path`` the figure is saved
    there, in the format that the suffix says. Raises ImportError, with what to install,
    where Matplotlib is missing.
    """
    measured = [name for name in columns if name not in ("epoch", "lr")]
    shown = [name for name in measured if not name.startswith("val_")]
    figure, axes = _figure(len(shown), 0.8 + 2.4 * len(shown))
    for one, name in zip(axes, shown, strict=True):
        one.plot(columns["epoch"], columns[name], color=BLUE, marker=".", label="training")
        if f"val_{name}" in columns:
            dashed = {"color": ORANGE, "linestyle": "--", "marker": ".", "label": "validation"}
            one.plot(columns["epoch"], columns[f"val_{name}"], **dashed)
        if best is not None:
            one.axvline(best, color=GREY, linestyle=":", label=f"best: epoch {best}")
        one.set_ylabel(name)
        one.grid(alpha=0.3)
    axes[0].legend()
    axes[-1].set_xlabel("epoch")
    axes[-1].xaxis.get_major_locator().set_params(integer=True)
    if path is not None:
        figure.savefig(path)
    return figure


def _figure(n_axes: int, height: float) -> tuple[Any, Any]:
    """Return an empty figure and its axes, one below the other above a common x axis."""
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ImportError('Matplotlib is missing: pip install ".[demos]"') from error
    figure = Figure(figsize=(7, height), layout="constrained")
    return figure, figure.subplots(n_axes, 1, sharex=True, squeeze=False)[:, 0]


def _edges(decades: Sequence[float]) -> list[float]:
    """Return the edges of bins that hold all of them."""
    low, high = math.floor(min(decades, default=0.0)), math.floor(max(decades, default=0.0)) + 1
    return [low + k / BINS_A_DECADE for k in range(BINS_A_DECADE * (high - low) + 1)]
