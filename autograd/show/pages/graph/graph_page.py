"""A story as a page has it: the first picture, the data, the program, and Graphviz itself."""

import base64
import gzip
import hashlib
import json
import math
from functools import cache
from typing import Any

from autograd.foreign import remarks_on
from autograd.show.folding import Cut, Fold, fold_tree, readable_cut
from autograd.show.pages.graph.graph_data import GraphData
from autograd.show.pages.graph.tree_data import TreeData
from autograd.show.picture import (
    Options,
    Picture,
    Scene,
    graphviz_program,
    norms_of,
    scene_at,
    too_many,
)
from autograd.show.stepping import WidestLabels
from autograd.show.story import Story, StoryLabels
from autograd.text import Typesetter

SCRIPTS = tuple(
    f"graph/{name}.js"
    for name in (
        "numbers",
        "sentences",
        "evaluate",
        "unpacking",
        "layout",
        "cut",
        "dot",
        "rectangles",
        "frames",
        "view",
        "pointers",
    )
)
LONGEST_TITLE, MOST_NAMES = 70, 6
MOST_BOXES = 80  # that could stand on such a stage
STAGE = (1244.0, 436.0)  # points that a page leaves for the graph on a screen of 1280 x 720 pixels


class GraphPage:
    """All that a page needs of one story; ``beside`` is the width of what else stands there."""

    def __init__(self, story: Story, beside: float = 0.0) -> None:
        self.story = story
        self._room = (STAGE[0] - beside, STAGE[1])
        self.data = GraphData(story)
        self._labels = WidestLabels(story, story.events)
        self._final = StoryLabels(story, Typesetter)
        tree = fold_tree(story.order, story.given)
        self._tree = TreeData(tree, self.data.place)
        self._pictures: dict[Cut, Picture] = {}
        self._cut = readable_cut(tree, self._screens)
        if len(self._cut) > Options().max_nodes:
            raise too_many(len(story.order), len(self._cut), Options())

    @property
    def script(self) -> str:
        """The program of the page: the rules of the graph's operations."""
        return self.data.script

    @property
    def svg(self) -> str:
        """The first picture, after the last step: what is seen where no script runs."""
        picture = self._picture(self._cut)
        scene = picture.scene.copy()
        for node, box in scene.box_of.items():
            if node in self.story.gradients and box.fold is None:
                box.grad = self._final.grad(node)
        return picture.with_scene(scene).svg_with_ids("")

    @property
    def title(self) -> str:
        """The formula of the output, or where that is long, what leads to it."""
        equation = self.story.equation
        folds = (box for box in self._tree.tree if isinstance(box, Fold))
        names = [fold.name for fold in folds if fold.depth is not None]
        is_cut = "…" in equation
        is_short = len(equation) <= LONGEST_TITLE and not is_cut
        if is_short or not (1 if is_cut else 2) <= len(names) <= MOST_NAMES:
            return equation
        return f"{self.story.names[self.story.output]}: {' → '.join(names)}"

    def as_json(self) -> dict[str, Any]:
        """Return what the scripts of the graph read."""
        data = self.data.as_json()
        shape = json.dumps([data["nodes"]["name"], data["nodes"]["parents"]])
        return data | {
            "tree": self._tree.as_json(),
            "cut": self._tree.cut_as_json(self._cut)
            | {"compact": self._picture(self._cut).scene.is_compact},
            "fingerprint": hashlib.sha256(shape.encode()).hexdigest()[:10],
        }

    def _screens(self, cut: Cut) -> float:
        return self._picture(cut).screens(self._room) if len(cut) <= MOST_BOXES else math.inf

    def _picture(self, cut: Cut) -> Picture:
        """Return the picture of a cut; where it does not fit, its closed boxes say less."""
        if cut not in self._pictures:
            picture = self._drawn(cut, is_compact=False)
            if len(cut) <= MOST_BOXES and not picture.fits(self._room):
                compact = self._drawn(cut, is_compact=True)
                if len(cut) < len(self.story.order) or compact.fits(self._room):
                    picture = compact
            self._pictures[cut] = picture
        return self._pictures[cut]

    def _drawn(self, cut: Cut, is_compact: bool) -> Picture:
        scene = scene_at(cut, self.story.order, self._labels, is_compact=is_compact)
        for box in scene.boxes:
            if box.fold is not None:
                outputs = box.fold.outputs
                data = [self._final.forward_data[node] for node in outputs]
                gradients = map(self._final.gradient, outputs)
                what = self.story.what
                box.data, box.grad = norms_of(
                    box.fold, data, gradients, self._final, is_compact, what
                )
            box.what = self.story.what
        scene.caption = "; ".join(remarks_on(self.story.order))  # the boxes themselves say the rest
        self._name_parts(scene, cut)
        return Picture(scene, Options())

    def _name_parts(self, scene: Scene, cut: Cut) -> None:
        """Give boxes and edges the ids that the scripts give them too."""
        for k, box in enumerate(box for box in scene.boxes if box.kind == "reference"):
            box.key = f"q{k}"
        for node, box in scene.box_of.items():
            box.key = self._tree.key(cut.place_of[node])
        for (node, position), edge in scene.edge_of.items():
            source = scene.box_of[node.parents[position]]
            is_bundle = "folded" in (source.kind, edge.target.kind)
            ends = f"{source.key}-{edge.target.key}"
            edge.key = ends if is_bundle else f"e{self.data.edge_at[node, position]}"


def packed(data: Any) -> str:
    """Return data as JSON, gzipped, in base 85 (RFC 1924): so it cannot end its element."""
    return _packed(json.dumps(data, separators=(",", ":"), ensure_ascii=False).encode())


def _packed(content: bytes) -> str:
    return base64.b85encode(gzip.compress(content, mtime=0)).decode()


@cache
def packed_graphviz() -> str:
    """Return the program of the embedded Graphviz, gzipped, in base 85; "" if it is not there."""
    program = graphviz_program()
    return _packed(program) if program else ""
