"""draw: the picture of a computation graph."""

import sys
from collections.abc import Mapping
from functools import partial
from typing import Any

from autograd.foreign import as_graph
from autograd.graph import topological_order
from autograd.show.pages.board import MOST_NODES, page_of_picture
from autograd.show.picture import Options, Picture, picture_of
from autograd.text import Labels, Typesetter, names_of


def draw(
    output: Any,
    *,
    names: Mapping[str, Any] | None = None,
    direction: str = "LR",
    locals: bool | str = "auto",
    fold: str = "auto",
    max_nodes: int = 500,
    theme: str = "projector",
    digits: int = 4,
    engine: str = "auto",
) -> Picture:
    """Return the picture of the graph that ``output`` is the result of.

    Each box shows name or operation, data and grad ("–" before any pass, struck through once
    ``refresh`` has made it one of an earlier forward pass); each edge its local derivative, as
    formula and number.

    names      name → node; without it nodes are called by label, or by the caller's variables
    direction  LR, TB, RL or BT
    locals     local derivatives on the edges: True, False, or up to 30 boxes ("auto")
    fold       "none"; "alike" nodes; a module's name such as "neuron" or "layer"; or "auto": the
               finest that is readable at 1280 x 720. Up to 40 boxes no name of yours is folded
               away. Where nothing makes it readable, it is folded if that at least halves the
               boxes, or to fit ``max_nodes``
    max_nodes  the most boxes a picture may have
    theme      projector, print or dark
    digits     significant digits of the numbers
    engine     auto, embedded or dot (the system's)

    ``output`` may belong to a student's own engine: any object with data and parents (or _prev).
    Raises NotAGraphError for anything else, PictureError for an unknown option or a graph that
    cannot be folded to ``max_nodes``.
    """
    options = Options(direction, locals, fold, max_nodes, theme, engine, are_from_caller=True)
    order = topological_order(as_graph(output, sys._getframe(1)))
    labels = Labels(order, names_of(order, names, sys._getframe(1)), digits, Typesetter)
    picture = picture_of(order, labels, options)
    if len(order) <= MOST_NODES:
        picture.page = partial(page_of_picture, order, labels, picture)
    return picture
