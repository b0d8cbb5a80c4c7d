"""What a picture shows, before anything is laid out: boxes and edges, with their words.

A scene is made from a graph in topological order and a cut of its folds.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from numbers import Real
from typing import Any

from autograd import ops
from autograd.numeric import Number, closest_float
from autograd.show.folding import Fold
from autograd.text import LOCAL_MARK, Labels
from autograd.wording import word, write_number

MOST_NODES_WITH_LOCALS = 30
DISTANT = 2  # an edge over more ranks than this may be replaced by a reference ...
MANY_USES = 6  # ... if its node has more uses than this, ...
COMPACT_DIGITS = 2
STRENGTHS = (0.01, 0.1, 0.5)  # of the largest gradient in the picture
LONG_HAUL = 1500  # ... or if the edges of the scene span more ranks than this in all


@dataclass(eq=False)
class Box:
    """One box of the picture; ``kind`` is leaf, constant, node, folded, reference or local.

    A local box stands on an edge, and has its local derivative for a title.
    """

    key: str
    kind: str
    title: str
    data: str = ""
    grad: str = ""
    tooltip: str = ""
    name: str = ""
    remarks: tuple[str, ...] = ()  # further lines
    rank: int = 0
    look: str = ""  # one of themes.LOOKS: how a step of the passes marks the box
    has_stale_grad: bool = False  # it is of an earlier forward pass
    what: str = "grad"  # what stands for ``grad``: the word for it, "tangent" in forward mode
    says: str = ""  # what a folded box is
    fold: Fold | None = None  # of a folded box; its numbers are those of what leaves it


@dataclass(eq=False)
class Edge:
    """One arrow of the picture, from a box to one it was used for."""

    source: Box
    target: Box
    label: str = ""
    tooltip: str = ""
    is_bundle: bool = False  # several edges of a folded picture, drawn as one
    is_cut: bool = False  # no gradient flows through it, by ``detach``
    look: str = ""
    key: str = ""
    has_head: bool = True  # not up to a local box
    strength: int = 0  # 1 to 4: how large the gradient of its source is among those of the picture


@dataclass
class Scene:
    """All of a picture: its boxes and edges, a caption, and a description for screen readers.

    ``box_of`` finds the box of a node, ``edge_of`` the edge to a node from its parent at a
    position; edges inside of a folded box have none.
    """

    boxes: list[Box] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    caption: str = ""
    description: str = ""
    is_compact: bool = False  # to fit more on a screen: no counts on edges, norms of two digits
    box_of: dict[Any, Box] = field(default_factory=dict)
    edge_of: dict[tuple[Any, int], Edge] = field(default_factory=dict)

    def copy(self) -> "Scene":
        """Return the scene with boxes and edges of its own, to be changed."""
        boxes = {box: replace(box) for box in self.boxes}
        edges = {
            edge: replace(edge, source=boxes[edge.source], target=boxes[edge.target])
            for edge in self.edges
        }
        return replace(
            self,
            boxes=list(boxes.values()),
            edges=list(edges.values()),
            box_of={node: boxes[box] for node, box in self.box_of.items()},
            edge_of={ends: edges[edge] for ends, edge in self.edge_of.items()},
        )


def make_scene(
    order: Sequence[Any],
    place_of: Mapping[Any, Any],
    labels: Labels,
    *,
    locals_: bool,
    is_compact: bool = False,
) -> Scene:
    """Return the scene of a graph in which the nodes of a closed fold share a box.

    ``place_of`` maps a node to the fold it is in; other nodes stand alone.
    """
    scene = Scene(is_compact=is_compact)
    boxes: dict[Any, Box] = {}
    for node in order:
        place = place_of.get(node, node)
        if place not in boxes:
            key = f"v{len(scene.boxes)}"
            is_fold = isinstance(place, Fold)
            boxes[place] = (
                _folded_box(place, key, labels, is_compact) if is_fold else _box(node, key, labels)
            )
            scene.boxes.append(boxes[place])
        scene.box_of[node] = boxes[place]
    _connect(scene, order, labels, locals_=locals_)
    if len(boxes) < len(order):
        _set_strengths(scene, labels)
    _rank(scene)
    _shorten(scene)
    for k, edge in enumerate(scene.edges):
        edge.key = f"e{k}"
    return scene


def _box(node: Any, key: str, labels: Labels) -> Box:
    if node.is_constant:
        return Box(key, "constant", labels.short(node), tooltip=word("constant"))
    kind = "node" if node.parents else "leaf"
    box = Box(key, kind, labels.title(node), labels.data(node), labels.grad(node))
    box.name = labels.name(node) or ""
    box.tooltip = f"{box.title}: " if box.title else ""
    box.tooltip += f"{word('data')} {box.data}, {word('grad')} {box.grad}"
    if labels.is_stale(node):
        box.has_stale_grad = True
        box.tooltip += f" ({word('stale')})"
    return box


def _folded_box(fold: Fold, key: str, labels: Labels, is_compact: bool) -> Box:
    title = fold.title
    if all(node.is_constant for node in fold.nodes):
        return Box(key, "constant", title, tooltip=word("constant"))
    box = Box(key, "folded", title, says=fold.says, fold=fold)
    outputs = fold.outputs
    data = [labels.forward_data[node] for node in outputs]
    gradients = map(labels.gradient, outputs)
    box.data, box.grad = norms_of(fold, data, gradients, labels, is_compact)
    box.has_stale_grad = any(map(labels.is_stale, outputs))
    parts = (title, fold.says, word("hides", count=len(fold.nodes)), box.data, box.grad)
    box.tooltip = ", ".join(filter(None, parts))
    if box.has_stale_grad:
        box.tooltip += f" ({word('stale')})"
    return box


def norms_of(
    fold: Fold,
    data: Iterable[Number | None],
    gradients: Iterable[Number | None],
    labels: Labels,
    is_compact: bool,
    derivative: str = "grad",
) -> tuple[str, str]:
    """Return the two lines of a folded box: norms, or the numbers themselves if one leaves it.

    A compact box says them in short, but for the output of the graph.
    """
    lines = []
    is_one = len(fold.outputs) == 1
    is_short = is_compact and fold.outputs[0] is not next(reversed(labels.forward_data))
    for what, numbers in ((word("data"), data), (word(derivative), gradients)):
        there = [number for number in numbers if isinstance(number, Real)]
        number = there[0] if is_one and there else _norm(there)
        if not there:
            text = word("no grad")
        elif is_short:
            text = labels.writer.shown(write_number(number, _few_digits(number, labels))).text
        else:
            text = labels.number(number)
        lines.append(f"{what} {text}" if is_one else word("norm", what=what, norm=text))
    return lines[0], lines[1]


def _few_digits(number: Any, labels: Labels) -> int:
    """Return how many digits say a number in short: all before its point, so as not to use e.

    99.6 takes three: with two it is 1e+02.
    """
    size = abs(closest_float(number))
    before_point = len(str(round(size))) if math.isfinite(size) else 0
    return min(labels.digits, max(COMPACT_DIGITS, before_point))


def _norm(numbers: Iterable[Any]) -> float:
    return math.hypot(*map(closest_float, numbers))


def _set_strengths(scene: Scene, labels: Labels) -> None:
    """Let edges tell by their width how large the gradient of their source is."""
    sizes: dict[Box, float] = {}
    sources: dict[Box, Sequence[Any]] = {box: (node,) for node, box in scene.box_of.items()}
    for box, nodes in sources.items():
        outputs = box.fold.outputs if box.fold else nodes
        gradients = [g for g in map(labels.gradient, outputs) if isinstance(g, Real)]
        if gradients and box.kind != "constant" and not box.has_stale_grad:
            sizes[box] = _norm(gradients)
    given = (sizes.get(edge.source, 0.0) for edge in scene.edges)
    largest = max(filter(math.isfinite, given), default=0.0)
    for edge in scene.edges:
        size = sizes.get(edge.source, 0.0)
        if size:
            edge.strength = 1 + sum(not size <= share * largest for share in STRENGTHS)


def _connect(scene: Scene, order: Sequence[Any], labels: Labels, *, locals_: bool) -> None:
    """Add the edges; those between the same two boxes of a folded picture are one."""
    bundles: dict[tuple[Box, Box], Edge] = {}
    counts: Counter[tuple[Box, Box]] = Counter()
    for node in order:
        target = scene.box_of[node]
        has_locals = locals_ and target.kind != "folded"
        locals_of = labels.local_derivatives(node) if has_locals else ()
        for position, parent in enumerate(node.parents):
            source = scene.box_of.get(parent)
            if source is None or source is target:
                continue  # outside of the part that is drawn, or inside of one box
            if "folded" in (source.kind, target.kind):
                ends = (source, target)
                counts[ends] += 1
                if ends not in bundles:
                    names = (source.title or source.data, target.title or target.data)
                    bundles[ends] = Edge(*ends, tooltip=" → ".join(names))
                    scene.edges.append(bundles[ends])
                scene.edge_of[node, position] = bundles[ends]
                continue
            edge = Edge(source, target, is_cut=getattr(node, "operation", None) is ops.detach)
            edge.tooltip = f"{labels.short(parent)} → {labels.short(node)}"
            if locals_of and not parent.is_constant:
                edge.label = LOCAL_MARK + locals_of[position]
                edge.tooltip = f"{labels.partial(node, position)} = {locals_of[position]}"
            if edge.is_cut:
                edge.tooltip += f" ({word('cut')})"
            scene.edges.append(edge)
            scene.edge_of[node, position] = edge
    for ends, edge in bundles.items():
        if counts[ends] > 1:
            times = word("times", count=counts[ends])
            edge.label = "" if scene.is_compact else times
            edge.tooltip += f" {times}"
            edge.is_bundle = True


def _rank(scene: Scene) -> None:
    """Set each box's rank: the length of the longest path to it."""
    place = {box: k for k, box in enumerate(scene.boxes)}
    for edge in sorted(scene.edges, key=lambda edge: place[edge.target]):
        if place[edge.source] < place[edge.target]:
            edge.target.rank = max(edge.target.rank, edge.source.rank + 1)


def _shorten(scene: Scene) -> None:
    """Replace long edges of much-used boxes by references, small boxes with the same title.

    Otherwise a leaf that feeds a chain of 200 costs the layout minutes, and the reader more.
    """
    uses = Counter(edge.source for edge in scene.edges)
    spans = {edge: edge.target.rank - edge.source.rank for edge in scene.edges}
    crowded = sum(spans.values()) > LONG_HAUL
    shortest: dict[Box, int] = {}
    for edge, span in spans.items():
        shortest[edge.source] = min(shortest.get(edge.source, span), span)
    references: dict[tuple[Box, Box], Box] = {}
    for edge, span in spans.items():
        source = edge.source
        if span > max(DISTANT, shortest[source]) and (crowded or uses[source] > MANY_USES):
            title = source.name or source.title or source.data
            key = f"r{len(references)}"
            reference = Box(key, "reference", title, tooltip=source.tooltip)
            edge.source = references.setdefault((source, edge.target), reference)
    scene.boxes += references.values()
