"""The graph of a worksheet on A4: empty and filled in, in one layout for all sheets."""

import math
import re
from collections.abc import Sequence
from typing import Any

from autograd.errors import PictureError
from autograd.show.picture import Box, Edge, Options, Picture, Scene, picture_of
from autograd.text import LOCAL_MARK, Labels

POINT = 25.4 / 72  # in millimetres
WIDTH = 180.0  # of what is printed on A4, in millimetres, as in sheet.css
# The length of a number such as -0.0353 written by hand, in millimetres, as in sheet.css.
PEN = 22.2
READABLE = (1.0, 0.85, 0.7, 0.55)  # scales; at 1 the letters are of 14 points
LEGIBLE = (0.48, 0.42)
UNDERSCORE, SPACE = 7.0, 4.0  # their lengths in points, in the font that has the shortest

Labelled = Sequence[tuple[Sequence[Any], Labels]]


class SheetPicture:
    """The graphs of ``labelled``, alike except for their numbers, as pictures of the same size.

    ``blank`` is what is left to fill in, "gradients" or "all". The picture is as high as ``room``
    at most, or, where it could not be read then, as ``page``, if need be on its side; all in
    millimetres. Local derivatives are on the edges if there is space for them. Raises PictureError
    for a graph too big.
    """

    def __init__(self, labelled: Labelled, blank: str, room: float, page: float) -> None:
        upright, turned = (WIDTH, page), (page, WIDTH)
        tries = [
            (sides, scale, has_locals)
            for places, scales in (
                ([(WIDTH, room)], READABLE), ([upright, turned], READABLE),
                ([upright, turned], LEGIBLE),
            )
            for has_locals in (True, False)
            for scale in scales
            for sides in places
        ]  # fmt: skip
        laid_out: dict[tuple[float, bool], list[_Layout]] = {}
        for sides, scale, has_locals in tries:
            if (scale, has_locals) not in laid_out:
                laid_out[scale, has_locals] = [
                    _Layout(labelled, blank, direction, pen=PEN / POINT / scale, locals_=has_locals)
                    for direction in ("LR", "TB")
                ]
            self._layout = max(laid_out[scale, has_locals], key=lambda one: one.scale(*sides))
            self._scale = self._layout.scale(*sides)
            if self._scale >= scale:
                break
        else:
            raise PictureError(
                "this graph is too big to be read on A4; take a smaller part of it, such as one "
                "neuron, or write sums of products with dot"
            )
        self.has_own_page = page in sides
        self._is_turned = sides == turned
        self.has_locals = has_locals  # on the edges

    def blank(self, k: int) -> str:
        """Return the SVG of the graph number ``k`` to be filled in."""
        return self._svg(self._layout.blank[k], f"blank{k}-")

    def solved(self, k: int) -> str:
        """Return the SVG of the graph number ``k`` with all numbers."""
        return self._svg(self._layout.solved[k], f"solved{k}-")

    def _svg(self, scene: Scene, prefix: str) -> str:
        svg = self._layout.widest.with_scene(scene).svg_with_ids(prefix)
        width, height = (side * self._scale for side in self._layout.widest.size)
        pattern = r'width="[\d.]+pt" height="[\d.]+pt"'
        if not self._is_turned:
            return re.sub(pattern, f'width="{width:.1f}pt" height="{height:.1f}pt"', svg, count=1)
        svg = re.sub(pattern, f'width="{width:.1f}" height="{height:.1f}"', svg, count=1)
        return (
            f'<svg width="{height:.1f}pt" height="{width:.1f}pt" '
            f'viewBox="0 0 {height:.1f} {width:.1f}">'
            f'<g transform="translate(0 {width:.1f}) rotate(-90)">{svg}</g></svg>'
        )


class _Layout:
    """One way to lay out the graphs, with room for their longest numbers and for a pen."""

    def __init__(
        self, labelled: Labelled, blank: str, direction: str, *, pen: float, locals_: bool
    ) -> None:
        options = Options(direction, locals_, "none", theme="print", pen=pen)
        self.solved = [_solved(order, labels, options) for order, labels in labelled]
        line = "_" * math.ceil(pen / UNDERSCORE)
        self.blank = [_blanked(scene, blank, line) for scene in self.solved]
        self.widest = Picture(_widest([*self.solved, *self.blank]), options)

    def scale(self, width: float, height: float) -> float:
        """Return the scale, 1 at most, at which it is at most so many millimetres large."""
        sides = zip((width, height), self.widest.size, strict=True)
        return min(1.0, *(most / (side * POINT) for most, side in sides))


def _solved(order: Sequence[Any], labels: Labels, options: Options) -> Scene:
    """Return the scene with all numbers; a local derivative has a box of its own on its edge."""
    scene = picture_of(order, labels, options).scene.copy()
    numbers = {
        edge: LOCAL_MARK + str(labels.local_parts(node)[position][1])
        for (node, position), edge in scene.edge_of.items()
        if edge.label
    }
    for k, (edge, number) in enumerate(numbers.items()):
        box = Box(f"l{k}", "local", number)
        scene.boxes.append(box)
        scene.edges.append(Edge(box, edge.target, key=f"{edge.key}-"))
        edge.target, edge.label, edge.has_head = box, "", False
    return scene


def _blanked(scene: Scene, blank: str, line: str) -> Scene:
    scene = scene.copy()
    for box in scene.boxes:
        if box.kind in ("leaf", "node") and box.grad:
            box.grad = line
        if box.kind == "node" and blank == "all":
            box.data = line
        if box.kind == "local":
            box.title = LOCAL_MARK + " " * round(len(line) * UNDERSCORE / SPACE)
    return scene


def _widest(scenes: Sequence[Scene]) -> Scene:
    """Return the scene to lay out; its tooltips, which all pictures share, have no numbers."""
    widest = scenes[0].copy()
    for k, box in enumerate(widest.boxes):
        box.title = max((scene.boxes[k].title for scene in scenes), key=len)
        box.data = max((scene.boxes[k].data for scene in scenes), key=len)
        box.grad = max((scene.boxes[k].grad for scene in scenes), key=len)
        box.tooltip = box.title if box.kind != "local" else ""
    for edge in widest.edges:
        edge.tooltip = f"{edge.source.title} → {edge.target.title}"
    return widest
