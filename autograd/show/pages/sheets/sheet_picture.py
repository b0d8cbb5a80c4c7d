"""The graph of a worksheet on A4: empty and filled in, in one layout for all sheets."""

import re
from collections.abc import Sequence
from typing import Any

from autograd.errors import PictureError
from autograd.show.picture import Options, Picture, Scene, picture_of
from autograd.text import Labels
from autograd.wording import word

POINT = 25.4 / 72  # in millimetres
WIDTH = 180.0  # of what is printed on A4, in millimetres, as in sheet.css
READABLE, LEGIBLE = 0.55, 0.42  # scales; at 1 the letters are of 14 points


class SheetPicture:
    """The graphs of ``labelled``, alike except for their numbers, as pictures of the same size.

    ``blank`` is what is left to fill in, "gradients" or "all". The picture is as high as ``room``
    at most, or, where it could not be read then, as ``page``; all in millimetres. Local derivatives
    are on the edges if there is space for them. Raises PictureError for a graph too big.
    """

    def __init__(
        self,
        labelled: Sequence[tuple[Sequence[Any], Labels]],
        blank: str,
        room: float,
        page: float,
    ) -> None:
        layouts = [
            _Layout(labelled, blank, locals_=locals_, direction=direction)
            for locals_ in (True, False)
            for direction in ("LR", "TB")
        ]
        self.has_own_page = max(layout.scale(room) for layout in layouts) < READABLE
        height = page if self.has_own_page else room
        self._layout = max(layouts, key=lambda layout: layout.rating(height))
        self._scale = self._layout.scale(height)
        if self._scale < LEGIBLE:
            raise PictureError(
                "this graph is too big to be read on A4; take a smaller part of it, such as one "
                "neuron"
            )

    @property
    def has_locals(self) -> bool:
        """Whether local derivatives are on the edges."""
        return self._layout.has_locals

    def blank(self, k: int) -> str:
        """Return the SVG of the graph number ``k`` to be filled in."""
        return self._svg(self._layout.blank[k], f"blank{k}-")

    def solved(self, k: int) -> str:
        """Return the SVG of the graph number ``k`` with all numbers."""
        return self._svg(self._layout.solved[k], f"solved{k}-")

    def _svg(self, scene: Scene, prefix: str) -> str:
        svg = self._layout.widest.with_scene(scene).svg_with_ids(prefix)
        width, height = (f'"{side * self._scale:.1f}pt"' for side in self._layout.widest.size)
        size = f"width={width} height={height}"
        return re.sub(r'width="[\d.]+pt" height="[\d.]+pt"', size, svg, count=1)


class _Layout:
    """One way to lay out the graphs, with room for their longest numbers and for a pen."""

    def __init__(
        self,
        labelled: Sequence[tuple[Sequence[Any], Labels]],
        blank: str,
        *,
        locals_: bool,
        direction: str,
    ) -> None:
        options = Options(direction, locals_, "none", theme="print", for_pen=True)
        self.has_locals = locals_
        self.solved = [picture_of(order, labels, options).scene for order, labels in labelled]
        self.blank = [_blanked(scene, blank) for scene in self.solved]
        self.widest = Picture(_widest([*self.solved, *self.blank]), options)

    def scale(self, height: float) -> float:
        """Return the scale, 1 at most, at which it fits the paper's width and ``height``."""
        sides = zip((WIDTH, height), self.widest.size, strict=True)
        return min(1.0, *(most / (side * POINT) for most, side in sides))

    def rating(self, height: float) -> tuple[float, bool, float]:
        """Return what the best layout has most of: readable first, then with more on it."""
        scale = self.scale(height)
        return min(scale, READABLE), self.has_locals, scale


def _blanked(scene: Scene, blank: str) -> Scene:
    scene = scene.copy()
    line = word("blank")
    for box in scene.boxes:
        if box.kind in ("leaf", "node"):
            box.grad = line
        if box.kind == "node" and blank == "all":
            box.data = line
    for edge in scene.edges:
        edge.label = edge.label and line
    return scene


def _widest(scenes: Sequence[Scene]) -> Scene:
    """Return the scene to lay out; its tooltips, which all pictures share, have no numbers."""
    widest = scenes[0].copy()
    for k, box in enumerate(widest.boxes):
        box.data = max((scene.boxes[k].data for scene in scenes), key=len)
        box.grad = max((scene.boxes[k].grad for scene in scenes), key=len)
        box.tooltip = box.title
    for k, edge in enumerate(widest.edges):
        edge.label = max((scene.edges[k].label for scene in scenes), key=len)
        edge.tooltip = f"{edge.source.title} → {edge.target.title}"
    return widest
