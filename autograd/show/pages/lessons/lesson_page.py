"""lesson: one self-contained page that steps through a graph, in any browser, without a network."""

import html
import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from autograd.errors import PictureError
from autograd.numeric import Number
from autograd.show.folding import finest_cut, fold_tree
from autograd.show.pages import page
from autograd.show.picture import Options, Picture, cuts_by_name, picture_of, scene_at
from autograd.show.stepping import WidestLabels
from autograd.show.story import AHEAD, MARKS, Event, Story, Teller
from autograd.system import write_whole
from autograd.value import Value
from autograd.wording import Text, for_terminal, printable, word

MOST_NODES = 2000
MOST_BOXES = 200  # in one picture
MOST_NEIGHBOURS = 40  # beside the nodes of a box that is opened
PAGE_WORDS = (
    "all", "theme", "picture", "table", "node", "data", "grad", "step", "controls", "first", "back",
    "play", "next", "last", "speed", "close", "noscript",
)  # fmt: skip
SCRIPT_WORDS = (
    "data", "grad", "no data", "no grad", "start", "press", "play", "pause", "made",
    "given", "received", "crossed", "not yet", "no detail", "too many", "neighbour",
    "uncomputed",
)  # fmt: skip


def lesson(
    output: Value,
    path: str | os.PathLike[str],
    *,
    names: Mapping[str, Value] | None = None,
    seed: Number = 1,
    title: str | None = None,
    digits: int = 4,
) -> Text:
    """Write a page that steps through the forward and backward pass of ``output``.

    One HTML file with everything in it: the picture, the arithmetic of each step, a table of all
    gradients, keys (arrows, space, Home, End), a scrubber; a click on a node or an edge shows its
    past steps. Graphs too big to read fold, and a folded box opens as its own picture.

    ``names`` is name → node; without it nodes are called by label or by the caller's variables.
    ``seed`` is ∂output/∂output; ``title`` is the formula of the graph unless given; ``digits`` is
    the number of significant digits. Raises NotAGraphError for what is not a node, PictureError for
    another suffix, for more than 2,000 nodes and for any that do not fold to 500 boxes,
    LayoutError without an engine, OSError where the file cannot be written.
    """
    if not os.fspath(path).lower().endswith((".html", ".htm")):
        raise PictureError(f"{os.fspath(path)!r}: a lesson is saved as .html")
    frame = sys._getframe(1)
    story = Story(output, names=names, frame=frame, seed=seed, digits=digits)
    if len(story.order) > MOST_NODES:
        raise PictureError(
            f"{len(story.order):,} nodes are too many for a page, which takes {MOST_NODES:,}; "
            "write one for a smaller part, such as the loss of one sample"
        )
    page_of_steps = _Page(story)
    write_whole(path, page_of_steps.html(story.equation if title is None else title))
    steps = len(story.events)
    key = "wrote lesson" if steps > 1 else "wrote lesson of one"
    return for_terminal(word(key, path=os.fspath(path), steps=steps))


class _Page:
    """The pictures of a lesson, the main one first, and what its script has to know about them."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.order = story.order
        self.labels = WidestLabels(story, story.events)
        self.teller = Teller(self.labels)
        self.svgs: list[str] = []
        self.inside: list[str] = []  # for each picture after the main one, the folded box it opens
        self.boxes_of: dict[Value, list[str]] = {node: [] for node in story.order}
        self.edges_of: dict[tuple[Value, int], list[str]] = {}
        self.edges: list[dict[str, Any]] = []
        cuts = cuts_by_name(fold_tree(story.order, story.given, most_names=0))
        fine = ((level, cut) for level, cut in cuts.items() if len(cut) <= MOST_BOXES)
        level, cut = next(fine, ("", None))
        self.around = cut.place_of if cut else {}
        if cut:
            whole = Picture(scene_at(cut, self.order, self.labels, level=level), Options())
        else:
            whole = picture_of(story.order, self.labels, Options())
        self._add(whole, story.order)

    def _add(self, picture: Picture, opened: Sequence[Value], opens: str = "") -> None:
        """Add a picture, and after it one for each folded box with any of the nodes ``opened``."""
        scene, prefix = picture.scene, f"p{len(self.svgs)}-"
        for box in scene.boxes:
            if box.fold:  # its norms would be those of no step
                box.data, box.grad = word("hides", count=len(box.fold.nodes)), ""
        picture = Picture(scene, picture.options)
        self.svgs.append(self._complete(picture).svg_with_ids(prefix))
        self.inside.append(opens)
        for node, box in scene.box_of.items():
            self.boxes_of[node].append(prefix + box.key)
        hidden = {box: box.fold for node in opened if (box := scene.box_of[node]).fold}
        for crossing, edge in scene.edge_of.items():
            self.edges_of.setdefault(crossing, []).append(prefix + edge.key)
        for edge in scene.edges:
            ends = {"id": prefix + edge.key, "target": prefix + edge.target.key}
            self.edges.append(ends | {"title": edge.tooltip, "bundle": edge.is_bundle})
        for box, fold in hidden.items():
            if inner := self._inside(fold):
                self._add(inner, fold.nodes, opens=prefix + box.key)

    def _complete(self, picture: Picture) -> Picture:
        """Return the picture as of the last step: what is seen where no script runs."""
        scene = picture.scene.copy()
        for node, box in scene.box_of.items():
            if node in self.story.gradients and box.kind != "folded":
                box.grad = self.labels.number(self.story.gradients[node])
        return picture.with_scene(scene)

    def _inside(self, fold: Any) -> Picture | None:
        """Return the picture of what a fold opens to and what leads there; None if too many."""
        nodes = set(fold.nodes)
        leading = {parent for node in nodes for parent in node.parents} - nodes
        order = [node for node in self.order if node in nodes or node in leading]
        neighbours = [node for node in order if node in leading]
        places = {node: self.around.get(node, node) for node in neighbours}
        if len(set(map(id, places.values()))) > MOST_NEIGHBOURS:
            return None
        cut = finest_cut(fold.inside, lambda cut: len(cut) <= MOST_BOXES)
        if len(cut) > MOST_BOXES:
            return None
        cut.place_of.update(places)
        return Picture(scene_at(cut, order, self.labels), Options())

    # -- what the script reads -------------------------------------------------------------------

    def data(self) -> dict[str, Any]:
        nodes = [node for node in self.order if not node.is_constant]
        place = {node: k for k, node in enumerate(nodes)}
        return {
            "nodes": _table([self._node_data(node) for node in nodes]),
            "steps": _table([self._step_data(event, place) for event in self.story.events]),
            "edges": _table(self.edges),
            "marks": MARKS,
            "ahead": AHEAD,
            "words": {key.replace(" ", "_"): word(key) for key in SCRIPT_WORDS},
        }

    def _node_data(self, node: Value) -> dict[str, Any]:
        return {
            "name": self.teller.name(node),
            "gradient": self.teller.gradient(node),
            "data": self.labels.data(node),
            "leaf": not node.parents,
            "widest": self.labels.grad(node),
            "boxes": self.boxes_of[node],
        }

    def _step_data(self, event: Event, place: Mapping[Value, int]) -> dict[str, Any]:
        told = self.teller.tell(event)
        data = {
            "kind": event.kind, "phase": told.phase, "title": told.title, "text": told.arithmetic,
            "total": told.total, "node": place[event.node],
        }  # fmt: skip
        positions: Iterable[int] = (event.position,)
        if event.receiver is None:
            positions = range(len(event.node.parents))
            operands = dict.fromkeys(event.node.parents)
            data["from"] = [place[parent] for parent in operands if not parent.is_constant]
        else:
            data["to"] = place[event.receiver]
            after = self.labels.written(event.after)
            data["after"], data["rounded"] = after.text, int(after.is_rounded)
        found = (self.edges_of.get((event.node, position), []) for position in positions)
        data["edges"] = list(dict.fromkeys(chain.from_iterable(found)))
        return data

    # -- the page --------------------------------------------------------------------------------

    def html(self, title: str) -> str:
        """Return the page; what users wrote is escaped in it, and only our script runs."""
        folded = [
            f'<div id="inside-{opens}">{svg}</div>'
            for svg, opens in zip(self.svgs[1:], self.inside[1:], strict=True)
        ]
        return page(
            "lessons/lesson",
            PAGE_WORDS,
            title=html.escape(printable(title)),
            picture=self.svgs[0],
            folded="".join(folded),
            lesson=json.dumps(self.data(), separators=(",", ":"), ensure_ascii=False).replace(
                "<", "\\u003c"
            ),
        )


def _table(rows: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
    """Return the names of the columns, and then each row without them: that is half as long."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    return [columns, *([row.get(name, 0) for name in columns] for row in rows)]
