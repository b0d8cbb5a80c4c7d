"""The graph of one row as a lesson, which a playground opens with the numbers of now."""

from typing import Any, NamedTuple

from autograd import LayoutError, PictureError, Value
from autograd.show.pages.graph import packed
from autograd.show.pages.lessons import lesson_html
from autograd.show.story import Story
from nn.training import Compiled


class RowPage(NamedTuple):
    """A lesson for all rows of a model: written for the first, it takes other numbers.

    html        the page, without Graphviz, which the playground has once for all its models
    row         for each number of a row and its target its leaf, a place in topological order;
                -1 for a number that the loss does not depend on
    parameters  the leaf of each parameter
    """

    html: str
    row: list[int]
    parameters: list[int]

    def as_json(self) -> dict[str, Any]:
        """Return what the script of the playground reads."""
        return {"page": packed(self.html), "row": self.row, "parameters": self.parameters}


def row_page(compiled: Compiled) -> RowPage | None:
    """Return the lesson of a row; None for a graph too large for one, and without Graphviz."""
    graph, parameters = compiled.graph, compiled.program.program.parameters
    story = Story(graph.loss, names={"loss": graph.loss})
    try:
        page = lesson_html(story, graphviz=False)
    except (LayoutError, PictureError):
        return None
    place = {node: k for k, node in enumerate(story.order)}

    def places(nodes: list[Value]) -> list[int]:
        return [place.get(node, -1) for node in nodes]

    return RowPage(page, places(graph.inputs), places(list(parameters)))
