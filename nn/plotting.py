"""Plots of training, by Matplotlib (extra ``demos``), which is loaded when one is asked for."""

import math
import os
from collections.abc import Mapping, Sequence
from typing import Any

from autograd.numeric import Number, saturated

BLUE = "#0072b2"  # Okabe and Ito's
BINS_A_DECADE = 4


def gradient_histograms(
    gradients: Mapping[str, Sequence[Number]], path: str | os.PathLike[str] | None = None
) -> Any:
    """Return a Matplotlib figure: the sizes of the gradients of each layer, one below the other.

    They share a logarithmic axis; zeros, which have no place on it, are counted in the text. With
    a ``path`` the figure is saved there, in the format that the suffix says. Raises ImportError,
    with the cure, where Matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ImportError('Matplotlib is missing: pip install ".[demos]"') from error
    sizes = {name: [abs(saturated(x)) for x in held] for name, held in gradients.items()}
    decades = {
        name: [math.log10(size) for size in held if 0 < size < math.inf]
        for name, held in sizes.items()
    }
    figure = Figure(figsize=(7, 1.2 + 0.7 * len(gradients)), layout="constrained")
    axes = figure.subplots(len(gradients), 1, sharex=True, squeeze=False)[:, 0]
    edges = _edges([decade for held in decades.values() for decade in held])
    for one, (name, held) in zip(axes, decades.items(), strict=True):
        one.hist(held, bins=edges, color=BLUE)
        one.set_ylabel(name, rotation=0, ha="right", va="center")
        one.set_yticks([])
        zeros = sizes[name].count(0.0)
        one.text(
            0.01, 0.8, f"{zeros} of {len(sizes[name])} zero", transform=one.transAxes, va="top"
        )
    axes[-1].set_xlabel("log₁₀ of the size of a gradient")
    if path is not None:
        figure.savefig(path)
    return figure


def _edges(decades: Sequence[float]) -> list[float]:
    """Return the edges of bins that hold all of them."""
    low, high = math.floor(min(decades, default=0.0)), math.floor(max(decades, default=0.0)) + 1
    return [low + k / BINS_A_DECADE for k in range(BINS_A_DECADE * (high - low) + 1)]
