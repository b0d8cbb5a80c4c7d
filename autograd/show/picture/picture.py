"""Picture: a graph, drawn; and how it is to look."""

import math
import os
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from autograd.errors import LayoutError, PictureError
from autograd.numeric import whole_number
from autograd.show.picture.dot_text import write_dot
from autograd.show.picture.layout import render
from autograd.show.picture.scene import Scene
from autograd.show.picture.svg import finish, finish_for_page
from autograd.show.picture.themes import Theme, theme_named
from autograd.system import open_in_browser, write_whole
from autograd.wording import for_terminal, word

SUFFIXES = (".svg", ".png", ".pdf", ".dot")
SCREEN = (1280.0, 720.0)  # points that keep the text above 14 px on a screen of that many pixels
MOST_BOXES_ON_A_SCREEN = 125  # of 75 by 98 points, the least a box and its surroundings take


class Picture:
    """A drawn graph: ``svg`` and ``source`` (DOT) as text, ``save``, ``show``; Jupyter shows it.

    The layout is done when it is first needed, so ``source`` is there without any engine. ``page``
    returns the HTML page that ``show`` opens, in which boxes open on a click; ``draw`` sets it.
    """

    def __init__(self, scene: Scene, options: "Options", like: "Picture | None" = None) -> None:
        self.scene = scene
        self.options = options
        self._like = like
        self.page: Callable[[], str] | None = None

    @cached_property
    def source(self) -> str:
        """The picture as DOT, the language of Graphviz."""
        options = self.options
        return write_dot(self.scene, options.colours, options.direction, pen=options.pen)

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
        return self.fits(SCREEN)

    def fits(self, room: tuple[float, float]) -> bool:
        """Tell whether the picture is at most so many points wide and high, and not too full."""
        return self.screens(room) <= 1

    def screens(self, room: tuple[float, float]) -> float:
        """Return how many screens of so many points the picture fills; infinity if it is too full.

        1 is what is seen whole.
        """
        if len(self.scene.boxes) > MOST_BOXES_ON_A_SCREEN:
            return math.inf
        try:
            shares = [side / most for side, most in zip(self.size, room, strict=True)]
        except LayoutError:
            return 1.0  # asking for the SVG tells why there is none
        return math.prod(max(share, 1.0) for share in shares)

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
        content, suffix = (self.page(), "html") if self.page else (self.svg, "svg")
        path = Path(tempfile.mkdtemp(prefix="graph-")) / f"graph.{suffix}"
        write_whole(path, content)
        if not open_in_browser(path):
            print(for_terminal(word("picture unseen", path=str(path))))

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"image/svg+xml": self.svg, "text/plain": repr(self)}

    def __repr__(self) -> str:
        boxes, edges = len(self.scene.boxes), len(self.scene.edges)
        note = f", {' '.join(self.scene.caption.split())}" if self.scene.caption else ""
        what = word("picture of", boxes=boxes, edges=edges)
        return for_terminal(f"<{what}{note}; .save(path), .show(), .svg>")


@dataclass(frozen=True)
class Options:
    """The options of ``draw`` that decide how a picture looks; checked when made.

    ``pen`` is for pictures on paper: how long, in points, is the least that is written by hand into
    a box. ``are_from_caller`` tells whether the one who asks for the picture can give others:
    messages name them then.
    """

    direction: str = "LR"
    locals: bool | str = "auto"
    fold: str = "auto"
    max_nodes: int = 500
    theme: str = "projector"
    engine: str = "auto"
    pen: float = 0.0
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
