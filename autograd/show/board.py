"""The board: a page that shows the Values of a session or a file, whatever they are by now."""

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from autograd.errors import LayoutError, PictureError
from autograd.files import write_whole
from autograd.foreign import as_graphs, is_node
from autograd.graph import topological_order
from autograd.names import names_in
from autograd.show.labels import Labels
from autograd.show.picture import Options, picture_of
from autograd.show.scene import Scene
from autograd.show.web import page
from autograd.words import word

PAGE_WORDS = (
    "board", "picture", "controls", "smaller", "fit", "larger", "theme", "noscript",
)  # fmt: skip

Shown = dict[str, tuple[str, list[str]]]  # by title and count: the id of a box, and what it shows


class Drawing(NamedTuple):
    """A picture as the board keeps it; without ``svg`` there is nothing to see, or an error."""

    svg: str | None = None
    shown: Mapping[str, tuple[str, list[str]]] = MappingProxyType({})
    note: str = ""
    error: str = ""


def drawing_of(variables: Mapping[str, Any]) -> Drawing:
    """Return one picture of all graphs that ``variables`` hold, of our own or another engine."""
    held = [thing for name, value in variables.items() if name[0] != "_" for thing in _nodes(value)]
    nodes = as_graphs(held, variables)
    order = topological_order(*nodes)
    if not order:
        return Drawing("", note=word("empty board"))
    try:
        picture = picture_of(order, Labels(order, names_in(order, variables), 4), Options())
        return Drawing(picture.svg, _shown(picture.scene))
    except (PictureError, LayoutError) as error:
        return Drawing(error=str(error))


def _nodes(value: Any) -> list[Any]:
    """Return ``value`` if it is a node, or the nodes that it is a list of."""
    things = value if isinstance(value, list | tuple) else [value]
    return [thing for thing in things if not isinstance(thing, type) and is_node(thing)]


def _shown(scene: Scene) -> Shown:
    counts: Counter[str] = Counter()
    shown: Shown = {}
    for box in scene.boxes:
        if box.kind in ("leaf", "node", "folded"):
            counts[box.title] += 1
            shown[f"{box.title} {counts[box.title]}"] = (box.key, [box.data, box.grad])
    return shown


class Board:
    """A page in ``folder``, which loads the drawing that is put on it, again and again."""

    def __init__(self, folder: Path) -> None:
        self.page = folder / "board.html"
        self._state = folder / "state.js"
        self._version = 0
        self._drawing = Drawing()
        write_whole(self.page, page("board", PAGE_WORDS, scripts_from="file:"))
        self.put(Drawing("", note=word("empty board")))

    def put(self, drawing: Drawing) -> None:
        """Show a drawing, with marks on what changed; an error leaves the last picture there."""
        if drawing == self._drawing:
            return
        before = self._drawing.shown
        changed = [
            key
            for title, (key, numbers) in drawing.shown.items()
            if before and (title not in before or before[title][1] != numbers)
        ]
        self._version += 1
        state = {"version": self._version, "changed": changed} | drawing._asdict()
        del state["shown"]
        write_whole(self._state, f"board({json.dumps(state)});\n")
        if drawing.svg is None:
            drawing = self._drawing._replace(error=drawing.error)
        self._drawing = drawing
