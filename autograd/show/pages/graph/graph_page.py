"""A story as a page has it: the first picture, the data, the program, and Graphviz itself."""

import base64
import gzip
import hashlib
import json
from functools import cache
from typing import Any

from autograd.foreign import remarks_on
from autograd.show.folding import Cut, Fold, finest_cut, fold_tree
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
        self._tried: dict[Cut, Picture | None] = {}
        self._cut = finest_cut(tree, self._fits)
        if len(self._cut) > Options().max_nodes:
            raise too_many(len(story.order), len(self._cut), Options())

    @property
    def script(self) -> str:
        """The program of the page: the rules of the graph's operations."""
        return self.data.script

    @property
    def svg(self) -> str:
        """The first picture, after the last step: what is seen where no script runs."""
        picture = self._fitting(self._cut) or self._picture(self._cut, is_compact=False)
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
        if len(equation) <= LONGEST_TITLE or not 1 < len(names) <= MOST_NAMES:
            return equation
        return f"{self.story.names[self.story.output]}: {' → '.join(names)}"

    def as_json(self) -> dict[str, Any]:
        """Return what the scripts of the graph read."""
        data = self.data.as_json()
        shape = json.dumps([data["nodes"]["name"], data["nodes"]["parents"]])
        return data | {
            "tree": self._tree.as_json(),
            "cut": self._tree.cut_as_json(self._cut) | {"compact": self._is_compact},
            "fingerprint": hashlib.sha256(shape.encode()).hexdigest()[:10],
        }

    @property
    def _is_compact(self) -> bool:
        picture = self._fitting(self._cut)
        return picture is not None and picture.scene.is_compact

    def _fits(self, cut: Cut) -> bool:
        return self._fitting(cut) is not None

    def _fitting(self, cut: Cut) -> Picture | None:
        """Return the picture of a cut that fits the stage, a compact one if need be."""
        if cut not in self._tried:
            pictures = (self._picture(cut, is_compact) for is_compact in (False, True))
            fitting = (picture for picture in pictures if picture.fits(self._room))
            self._tried[cut] = next(fitting, None) if len(cut) <= MOST_BOXES else None
        return self._tried[cut]

    def _picture(self, cut: Cut, is_compact: bool) -> Picture:
        scene = scene_at(cut, self.story.order, self._labels, is_compact=is_compact)
        for box in scene.boxes:
            if box.fold is not None:
                outputs = box.fold.outputs
                data = [self._final.forward_data[node] for node in outputs]
                gradients = map(self._final.gradient, outputs)
                what = self.story.what
                box.data, box.grad = norms_of(box.fold, data, gradients, self._final, False, what)
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
