"""What a picture shows, before anything is laid out: boxes and edges, with their words.

A scene is made from a graph in topological order and a grouping of its nodes; a group of more than
one node is a folded box.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from autograd.text import Labels
from autograd.wording import word

MOST_NODES_WITH_LOCALS = 30
DISTANT = 2  # an edge over more ranks than this may be replaced by a reference ...
MANY_USES = 6  # ... if its node has more uses than this, ...
LONG_HAUL = 1500  # ... or if the edges of the scene span more ranks than this in all


@dataclass(eq=False)
class Box:
    """One box of the picture; ``kind`` is leaf, constant, node, folded or reference."""

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


@dataclass(eq=False)
class Edge:
    """One arrow of the picture, from a box to one it was used for."""

    source: Box
    target: Box
    label: str = ""
    tooltip: str = ""
    is_bundle: bool = False  # several edges of a folded picture, drawn as one
    look: str = ""
    key: str = ""


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
    order: Sequence[Any], groups: Mapping[Any, Any], labels: Labels, *, locals_: bool
) -> Scene:
    """Return the scene of a graph in which nodes of the same group share a box.

    ``groups`` maps a node to its group, an object with ``title``; other nodes stand alone.
    """
    scene = Scene()
    sizes = Counter(groups[node] for node in order if node in groups)
    by_group: dict[Any, Box] = {}
    for node in order:
        group = groups.get(node)
        if group is not None and sizes[group] > 1:
            box = by_group.get(group)
            if box is None:
                inside = word("hides", count=sizes[group])
                box = Box(f"v{len(scene.boxes)}", "folded", group.title, inside)
                by_group[group] = box
                scene.boxes.append(box)
        else:
            box = _box(node, f"v{len(scene.boxes)}", labels)
            scene.boxes.append(box)
        scene.box_of[node] = box
    for box in scene.boxes:
        box.tooltip = box.tooltip or ", ".join(part for part in (box.title, box.data) if part)
    _connect(scene, order, labels, locals_=locals_)
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


def _connect(scene: Scene, order: Sequence[Any], labels: Labels, *, locals_: bool) -> None:
    """Add the edges; those between the same two boxes of a folded picture are one."""
    bundles: dict[tuple[Box, Box], Edge] = {}
    counts: Counter[tuple[Box, Box]] = Counter()
    for node in order:
        target = scene.box_of[node]
        labels_of_edges = (
            labels.local_derivatives(node) if locals_ and target.kind != "folded" else ()
        )
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
            edge = Edge(source, target)
            edge.tooltip = f"{labels.short(parent)} → {labels.short(node)}"
            if labels_of_edges and not parent.is_constant:
                edge.label = labels_of_edges[position]
                edge.tooltip = f"{labels.partial(node, position)} = {edge.label}"
            scene.edges.append(edge)
            scene.edge_of[node, position] = edge
    for ends, edge in bundles.items():
        if counts[ends] > 1:
            edge.label = word("times", count=counts[ends])
            edge.tooltip += f" {edge.label}"
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
