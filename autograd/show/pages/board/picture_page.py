"""The page that ``draw(...).show()`` opens: a board with one drawing, in which boxes open."""

from collections.abc import Sequence
from typing import Any

from autograd.foreign import remarks_on
from autograd.show.pages.board.board import BoardState, board_html
from autograd.show.pages.board.drawing import Drawing
from autograd.show.pages.board.drawn_graph import graph_data
from autograd.show.picture import Picture
from autograd.text import Labels
from autograd.wording import word


def page_of_picture(order: Sequence[Any], labels: Labels, picture: Picture) -> str:
    """Return the page of a picture; the picture itself stands there where nothing can be opened.

    Raises PictureError where the graph is too large for a page, LayoutError without an engine.
    """
    graph = graph_data(order, labels, picture.options)
    state = BoardState().after(Drawing(graph, "; ".join(remarks_on(order))))
    title = labels.name(order[-1]) or word("picture")
    return board_html(state, picture.svg_with_ids(""), title, picture.options)
