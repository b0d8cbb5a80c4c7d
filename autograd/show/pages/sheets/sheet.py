"""worksheet: both passes of a graph to be done by hand, on paper, and the solutions."""

import os
import re
import sys
from collections.abc import Iterable, Mapping
from typing import Any

from autograd.errors import NotAGraphError, PictureError
from autograd.foreign import Mirror, as_value
from autograd.numeric import Number
from autograd.show.pages import require_html
from autograd.show.pages.sheets.drawn_numbers import with_drawn_numbers
from autograd.show.pages.sheets.one_sheet import Seed, Sheet, TraceSheet
from autograd.show.pages.sheets.paper import Paper
from autograd.show.story import Story, input_of
from autograd.system import write_whole
from autograd.value import Value
from autograd.wording import Text, for_terminal, word

MOST_NODES = 40
MOST_SHEETS = 200
BLANKS = ("gradients", "all")
MODULE = re.compile(r"\b([a-z])[a-z]+(\d+)\.")  # in the name of a parameter


def worksheet(
    output: Value,
    path: str | os.PathLike[str],
    *,
    wrt: Value | None = None,
    seed: Seed | Iterable[Seed] | None = 0,
    blank: str = "gradients",
    names: Mapping[str, Value] | None = None,
    title: str | None = None,
    digits: int = 4,
) -> Text:
    """Write an exercise to print on A4, in black and white: the graph, its gradients left blank.

    One HTML file: the graph with lines to write on, a table of contributions to fill in, six
    values to look up of each function that nobody computes by hand, and on pages of their own the
    solutions.

    wrt     an input: the sheet is then the evaluation trace of the textbooks, with columns for the
            primal, the tangent with respect to ``wrt`` and the adjoint of each node (``trace``)
    seed    chooses small numbers for all leaves except constants, the same for the same seed. A
            function such as tanh is then at one of six simple inputs wherever it can be. Several
            seeds, such as ``range(30)`` or students' names, give a sheet each, and all solutions
            after them; of a small graph some are alike. None keeps the numbers. The graph itself
            does not change.
    blank   what is left to fill in: "gradients" (and tangents), or "all", the forward pass too
    names   name → node; without it nodes are called by label or by the caller's variables; in
            ``layer0.neuron1.w[2]`` the names of modules are shortened
    title   the text at the top of each sheet
    digits  significant digits of the numbers

    Raises NotAGraphError for what is not a node, ValueError for a ``wrt`` that the output does not
    depend on, PictureError for a graph too big for the paper, or if no numbers suit it,
    NoForwardRuleError for a one-off node unless ``seed`` is None, LayoutError without an engine,
    OSError where the file cannot be written.
    """
    require_html(path, "worksheet")
    frame = sys._getframe(1)
    if blank not in BLANKS:
        raise PictureError(f"blank={blank!r} is unknown; there are 'gradients' and 'all'")
    seeds = _seeds(seed)
    output = as_value(output, frame)
    if isinstance(output, Mirror) and seeds != [None]:
        raise NotAGraphError(
            "a worksheet chooses new numbers for Values only; for your own engine, pass seed=None"
        )
    story = Story(output, names=names, frame=frame, digits=digits)
    if len(story.order) > MOST_NODES:
        raise PictureError(
            f"{len(story.order):,} nodes are too many for a worksheet, which takes {MOST_NODES}; "
            "take a smaller part of the graph, such as one neuron"
        )
    story = _with_short_names(story)
    wrt = None if wrt is None else input_of(story.output, wrt)
    sheets = [_sheet(one, story, wrt, blank) for one in seeds]
    heading = word("sheet title") if title is None else title
    write_whole(path, Paper(sheets, blank, heading, story.equation).html())
    key = "wrote sheet" if len(seeds) == 1 else "wrote sheets"
    told = [word(key, path=os.fspath(path), count=len(seeds))]
    if (different := len({_numbers_of(sheet.story) for sheet in sheets})) < len(seeds):
        told.append(word("sheets alike", count=len(seeds), different=different))
    told += dict.fromkeys(sheet.story.edited for sheet in sheets if sheet.story.edited)
    return for_terminal("\n".join(told))


def _seeds(seed: Any) -> list[Seed | None]:
    if seed is None or isinstance(seed, int | str):
        return [seed]
    if not isinstance(seed, Iterable):
        raise TypeError(f"seed={seed!r:.60}: a whole number, a text, several of them, or None")
    seeds: list[Seed | None] = []
    for one in seed:
        if not isinstance(one, int | str):
            raise TypeError(f"seed has {one!r:.60} in it: each is a whole number or a text")
        seeds.append(one)
        if len(seeds) > MOST_SHEETS:
            raise PictureError(f"seed has more than {MOST_SHEETS} seeds: write several files")
    if len(set(seeds)) < len(seeds):
        raise PictureError("seed has a seed twice: both would get the same sheet")
    if not seeds:
        raise PictureError("seed has no seed in it: there would be no sheet")
    return seeds


def _numbers_of(story: Story) -> tuple[Number, ...]:
    return tuple(node.data for node in story.order if not node.parents)


def _with_short_names(story: Story) -> Story:
    """Return the story with ``l0.n1.w[2]`` for ``layer0.neuron1.w[2]``, which is too long."""
    short = {MODULE.sub(r"\1\2.", name): node for name, node in story.by_name.items()}
    if len(short) < len(story.names) or short == story.by_name:
        return story
    return Story(story.output, names=short, digits=story.labels.digits)


def _sheet(seed: Seed | None, story: Story, wrt: Value | None, blank: str) -> Sheet:
    """Return the sheet of a seed; None keeps the numbers."""
    digits, output = story.labels.digits, story.output
    if seed is not None:
        output = with_drawn_numbers(output, seed, digits, wrt)
    is_forward_blank = blank == "all"
    if wrt is None:
        return Sheet(seed, story.retold(output), is_forward_blank=is_forward_blank)
    moving = Story(story.output, names=story.by_name, digits=digits, wrt=wrt).retold(output)
    return TraceSheet(seed, story.retold(output), moving, is_forward_blank=is_forward_blank)
