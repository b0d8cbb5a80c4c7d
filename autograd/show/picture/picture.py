"""draw: the picture of a computation graph."""

import os
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from autograd.errors import LayoutError, PictureError
from autograd.foreign import as_graph, remarks_on
from autograd.graph import topological_order
from autograd.numeric import whole_number
from autograd.show.picture.dot_text import write_dot
from autograd.show.picture.fold import Level, levels
from autograd.show.picture.layout import render
from autograd.show.picture.scene import MOST_NODES_WITH_LOCALS, Scene, make_scene
from autograd.show.picture.svg import finish, finish_for_page
from autograd.show.picture.themes import Theme, theme_named
from autograd.system import open_in_browser, write_whole
from autograd.text import Labels, Typesetter, names_of
from autograd.wording import for_terminal, word

SUFFIXES = (".svg", ".png", ".pdf", ".dot")
SCREEN = (1280.0, 720.0)  # points that keep the text above 14 px on a screen of that many pixels
MOST_BOXES_ON_A_SCREEN = 125  # of 75 by 98 points, the least a box and its surroundings take
LEAST_FOLDED = (
    2  # what is not readable even folded has at most one box in so many, or is not folded
)


class Picture:
    """A drawn graph: ``svg`` and ``source`` (DOT) as text, ``save``, ``show``; Jupyter shows it.

    The layout is done when it is first needed, so ``source`` is there without any engine.
    """

    def __init__(self, scene: Scene, options: "Options", like: "Picture | None" = None) -> None:
        self.scene = scene
        self.options = options
        self._like = like

    @cached_property
    def source(self) -> str:
        """The picture as DOT, the language of Graphviz."""
        options = self.options
        return write_dot(self.scene, options.colours, options.direction, for_pen=options.for_pen)

    @cached_property
    def _raw(self) -> bytes:
        if self._like is not None:
            return self._like._raw
        return render(self.source, "svg", self.options.engine)

    @cached_property
    def svg(self) -> str:
        """The picture as SVG text; raises LayoutError, with what to install, if no engine works."""
        return finish(self._raw, self.scene, self.options.colours)

    def svg_with_ids(self, prefix: str) -> str:
        """Return the SVG with ``prefix`` before every id, for a page of several pictures."""
        return finish_for_page(self._raw, self.scene, self.options.colours, prefix)

    def with_scene(self, scene: Scene) -> "Picture":
        """Return the picture of a scene that differs in numbers and looks, laid out like this."""
        return Picture(scene, self.options, like=self)

    @property
    def is_readable(self) -> bool:
        """Whether the text stays above 14 px with the whole picture on a 1280 x 720 screen."""
        if len(self.scene.boxes) > MOST_BOXES_ON_A_SCREEN:
            return False
        try:
            return all(side <= most for side, most in zip(self.size, SCREEN, strict=True))
        except LayoutError:
            return True  # asking for the SVG tells why there is none

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in points; raises LayoutError if no engine works."""
        found = re.search(rb'<svg width="([\d.]+)pt" height="([\d.]+)pt"', self._raw)
        width, height = map(float, found.groups()) if found else (0.0, 0.0)
        return width, height

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the picture, as the suffix says: .svg, .png, .pdf or .dot.

        PNG and PDF need the system's Graphviz. Raises PictureError for another suffix,
        LayoutError without an engine, OSError where the file cannot be written.
        """
        suffix = Path(path).suffix.lower()
        if suffix not in SUFFIXES:
            raise PictureError(f"{os.fspath(path)!r}: a picture is saved as {', '.join(SUFFIXES)}")
        if suffix == ".svg":
            write_whole(path, self.svg)
        elif suffix == ".dot":
            write_whole(path, self.source)
        else:
            write_whole(path, render(self.source, suffix[1:], "auto"))

    def show(self) -> None:
        """Open the picture in the browser, or say which file it is in where there is none."""
        svg = self.svg
        path = Path(tempfile.mkdtemp(prefix="graph-")) / "graph.svg"
        write_whole(path, svg)
        if not open_in_browser(path):
            print(for_terminal(word("picture unseen", path=str(path))))

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"image/svg+xml": self.svg, "text/plain": repr(self)}

    def __repr__(self) -> str:
        boxes, edges = len(self.scene.boxes), len(self.scene.edges)
        note = f", {' '.join(self.scene.caption.split())}" if self.scene.caption else ""
        what = word("picture of", boxes=boxes, edges=edges)
        return for_terminal(f"<{what}{note}; .save(path), .show(), .svg>")


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
    fold       "none"; "alike" nodes; a module's name such as "neuron" or "layer"; or "auto": as
               little as needed to fit ``max_nodes`` and be readable at 1280 x 720; where no fold
               makes it readable, only one that at least halves the boxes
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
    return picture_of(order, labels, options)


@dataclass(frozen=True)
class Options:
    """The options of ``draw`` that decide how a picture looks; checked when made.

    ``for_pen`` is for pictures on paper: it leaves room to write in the boxes. ``are_from_caller``
    tells whether the one who asks for the picture can give others: messages name them then.
    """

    direction: str = "LR"
    locals: bool | str = "auto"
    fold: str = "auto"
    max_nodes: int = 500
    theme: str = "projector"
    engine: str = "auto"
    for_pen: bool = False
    are_from_caller: bool = False

    def __post_init__(self) -> None:
        if self.direction not in ("LR", "TB", "RL", "BT"):
            raise PictureError(
                f"direction {self.direction!r} is unknown; there are LR, TB, RL and BT"
            )
        if self.engine not in ("auto", "embedded", "dot"):
            raise PictureError(
                f"engine {self.engine!r} is unknown; there are auto, embedded and dot"
            )
        if self.locals not in (True, False, "auto"):
            raise PictureError(
                f"locals {self.locals!r} is unknown; there are True, False and 'auto'"
            )
        whole_number("max_nodes", self.max_nodes, least=1)
        theme_named(self.theme)

    @property
    def colours(self) -> Theme:
        return theme_named(self.theme)


def picture_of(order: Sequence[Any], labels: Labels, options: Options) -> Picture:
    """Return the picture of a graph in topological order, folded as the options say."""
    pictures: list[Picture] = []
    for scene in _scenes(order, labels, options):
        pictures.append(Picture(scene, options))
        if options.fold != "auto" or pictures[-1].is_readable:
            return pictures[-1]
    most = len(pictures[0].scene.boxes) // LEAST_FOLDED
    folded = [picture for picture in pictures if len(picture.scene.boxes) <= most]
    return min(folded, key=lambda picture: len(picture.scene.boxes), default=pictures[0])


def _scenes(order: Sequence[Any], labels: Labels, options: Options) -> Iterator[Scene]:
    """Yield the scenes that fit ``max_nodes``, from fine to coarse; PictureError if none does."""
    max_nodes = options.max_nodes
    titles = {node: labels.title(node) for node in order if not node.parents}
    ways = list(levels(order, titles))
    fold = options.fold
    chosen = [level for level in ways if fold in ("auto", level.name)]
    if not chosen:
        known = ", ".join(repr(level.name) for level in ways)
        raise PictureError(f"fold={fold!r} is unknown here; this graph folds by {known}")
    counts = []
    for level in chosen:
        counts.append(level.count_boxes(order))
        if counts[-1] <= max_nodes:  # else its scene would take long to make
            scene = scene_at(level, order, labels, options.locals)
            counts[-1] = len(scene.boxes)  # references are boxes too
            if counts[-1] <= max_nodes:
                yield scene
    if min(counts) > max_nodes:
        raise _too_many(len(order), min(counts), options)


def _too_many(nodes: int, boxes: int, options: Options) -> PictureError:
    if options.are_from_caller:
        return PictureError(
            f"{nodes:,} nodes make {boxes:,} boxes at fold={options.fold!r}, more than "
            f"max_nodes={options.max_nodes:,}; take a smaller part, or give draw() a coarser fold= "
            "or a higher max_nodes="
        )
    return PictureError(
        f"{nodes:,} nodes make {boxes:,} boxes, folded as far as they can be, more than the "
        f"{options.max_nodes:,} of a picture; take a smaller part, such as fewer steps of a loop "
        "or the loss of one sample; models made of nn's modules fold further"
    )


def scene_at(
    level: Level, order: Sequence[Any], labels: Labels, locals_: bool | str = "auto"
) -> Scene:
    """Return the scene of a graph folded in one way, with a caption that says so."""
    boxes = level.count_boxes(order)
    shown = boxes <= MOST_NODES_WITH_LOCALS if locals_ == "auto" else bool(locals_)
    scene = make_scene(order, level.groups, labels, locals_=shown)
    remarks = []
    if level.name != "none":
        key = "folded alike" if level.name == "alike" else "folded"
        remarks.append(word(key, level=level.name, nodes=len(order), boxes=boxes))
    scene.caption = "; ".join(remarks + remarks_on(order))
    leaves = [labels.short(node) for node in order if not node.parents and not node.is_constant]
    scene.description = word(
        "description",
        nodes=len(order),
        leaves=_listed(leaves),
        output=labels.name(order[-1]) or word("output"),
    )
    if stale := [box.title for box in scene.boxes if box.has_stale_grad]:
        scene.description += " " + word("stale gradients", nodes=_listed(stale))
    return scene


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:10]) + (", …" if len(names) > 10 else "")


def picture_at(cut: Any, order: Sequence[Any], labels: Labels, options: Options) -> Picture:
    """TEMPORARY until the fold tree lands."""
    from autograd.show.folding import Fold

    class G:
        def __init__(self, f):
            self.title = f"{f.name} ×{f.count}" if f.count > 1 else f.name

    gs = {}
    groups = {n: gs.setdefault(b, G(b)) for n, b in cut.place_of.items() if isinstance(b, Fold)}
    scene = make_scene(order, groups, labels, locals_=len(cut) <= 30)
    return Picture(scene, options)
