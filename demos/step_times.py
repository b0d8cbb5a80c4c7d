"""How long a step takes, by the number of rows, for some ways to do it: a table and a plot."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from demos.compiling import timed
from demos.moons_in_blocks import Step, first_weights
from demos.output_folder import output_path, say
from demos.plotting import COLOURS, new_figure, save_figure


def step_times(
    ways: Mapping[str, Callable[[int], Step]], sizes: Sequence[int]
) -> dict[str, list[float]]:
    """Return the milliseconds of a step in each way, one for each size, and say them."""
    found: dict[str, list[float]] = {}
    weights = first_weights()
    for rows in sizes:
        steps = {name: partial(way(rows), weights) for name, way in ways.items()}
        for step in steps.values():
            step()  # its blocks are made
        for name, seconds in timed(steps).items():
            found.setdefault(name, []).append(1000 * seconds)
        if rows == sizes[0]:
            say("    rows     " + "".join(f"{name:>16}" for name in found))
        say(f"    {rows:9,}" + "".join(f"{each[-1]:13.1f} ms" for each in found.values()))
    return found


def save_times(times: Mapping[str, Sequence[float]], sizes: Sequence[int]) -> Path:
    """Plot the milliseconds of a step over the number of rows, a line for each way."""
    figure, axes = new_figure(width=8)
    for (name, milliseconds), colour in zip(times.items(), COLOURS, strict=False):
        axes.loglog(sizes, milliseconds, "o-", color=colour, linewidth=2, label=name)
    axes.set_xticks(sizes, [f"{rows:,}" for rows in sizes])
    axes.set(xlabel="rows", ylabel="milliseconds a step")
    axes.minorticks_off()
    axes.grid(alpha=0.3)
    axes.legend()
    return save_figure(figure, output_path("data_parallel"))[0]
