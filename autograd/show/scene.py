"""What a picture shows, before anything is laid out: boxes and edges, with their words.

A scene is made from a graph in topological order and a grouping of its nodes; a group of more than
one node is a folded box.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograd.graph import forward_data, is_same
from autograd.operation import OPERATIONS
from autograd.show.slopes import slope_text
from autograd.text import Phrase, leaf_phrase, phrase, thing
from autograd.words import show_number, word

MOST_NODES_WITH_SLOPES = 30
LONGEST_TITLE = 40
LONGEST_OWN_FORMULA = 18
DISTANT = 2  # an edge over more ranks than this may be replaced by a reference ...
MANY_USES = 6  # ... if its node has more uses than this, ...
LONG_HAUL = 1500  # ... or if the edges of the scene span more ranks than this in all


@dataclass
class Box:
    """One box of the picture; ``kind`` is leaf, constant, node, folded or reference."""

    key: str
    kind: str
    title: str
    data: str = ""
    grad: str = ""
    tooltip: str = ""
    name: str = ""
    rank: int = 0


@dataclass
class Edge:
    source: str
    target: str
    label: str = ""
    tooltip: str = ""
    is_bundle: bool = False  # several edges of a folded picture, drawn as one


@dataclass
class Scene:
    boxes: list[Box] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    caption: str = ""
    description: str = ""


class Labels:
    """The words for each node of a graph: its title, data, gradient and slopes."""

    def __init__(self, order: Sequence[Any], called: Mapping[int, str], digits: int) -> None:
        self.called = called
        self.digits = digits
        self.forward_data = forward_data(order)

    def number(self, number: Any) -> str:
        return show_number(number, self.digits)

    def name(self, node: Any) -> str | None:
        return self.called.get(id(thing(node)))

    def short(self, node: Any) -> str:
        """Return the name, or the number of a constant, or the operation."""
        number = self.number(self.forward_data[node])
        return number if node.is_constant else self.name(node) or node.op or number

    def operand(self, node: Any) -> Phrase | None:
        """Return the node as an operand in a formula, None if it has neither name nor number."""
        name = self.name(node)
        if node.is_constant:
            name = None
        elif name is None:
            return None
        return leaf_phrase(name, self.forward_data[node], self.digits)

    def title(self, node: Any) -> str:
        """Return ``a`` for a leaf, ``c = a*b`` or ``c = tanh`` for the result of an operation."""
        name = self.name(node)
        if not node.parents:
            return _capped(name or "", LONGEST_TITLE)
        made = node.op
        operands = [operand for p in node.parents if (operand := self.operand(p))]
        if len(operands) == len(node.parents):
            formula, _ = phrase(node.op, operands)
            if len(formula) <= LONGEST_OWN_FORMULA:
                made = formula
        elif node.op in OPERATIONS:
            made = {"neg": "-", "pos": "+"}.get(node.op, node.op)
        return f"{_capped(name, LONGEST_TITLE)} = {made}" if name else made

    def data(self, node: Any) -> str:
        seen = self.forward_data[node]
        text = self.number(seen)
        if not is_same(node.data, seen):
            text += f", {word('edited')} {self.number(node.data)}"
        return text

    def grad(self, node: Any) -> str:
        return self.number(node.grad) if node.has_grad else word("no grad")

    def slopes(self, node: Any) -> list[str]:
        """Return each local derivative as formula and number, as in ``b = -3.0``."""
        shown = []
        for position, slope in enumerate(node.local_derivatives):
            formula = slope_text(node, position, self.name(node), self.operand, self.digits)
            number = self.number(slope)
            if formula is None or not any(map(str.isalpha, formula)):
                shown.append(number)
            elif number.startswith("≈"):
                shown.append(f"{formula} ≈ {number[1:]}")
            else:
                shown.append(f"{formula} = {number}")
        return shown

    def partial(self, node: Any, parent: Any) -> str:
        """Return ``∂c/∂a`` for the local derivative on an edge."""
        ends = [self.short(end) for end in (node, parent)]
        child_name, parent_name = (e if e.isidentifier() else f"({e})" for e in ends)
        return f"∂{child_name}/∂{parent_name}"


def _capped(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def make_scene(
    order: Sequence[Any], groups: Mapping[Any, Any], labels: Labels, *, slopes: bool
) -> Scene:
    """Return the scene of a graph in which nodes of the same group share a box.

    ``groups`` maps a node to its group, an object with ``title``; other nodes stand alone.
    """
    scene = Scene()
    sizes = Counter(id(groups[node]) for node in order if node in groups)
    box_of: dict[Any, Box] = {}
    by_group: dict[int, Box] = {}
    for node in order:
        group = groups.get(node)
        if group is not None and sizes[id(group)] > 1:
            box = by_group.get(id(group))
            if box is None:
                inside = word("hides", count=sizes[id(group)])
                box = Box(f"v{len(scene.boxes)}", "folded", group.title, inside)
                by_group[id(group)] = box
                scene.boxes.append(box)
        else:
            box = _box(node, f"v{len(scene.boxes)}", labels)
            scene.boxes.append(box)
        box_of[node] = box
    for box in scene.boxes:
        box.tooltip = box.tooltip or ", ".join(part for part in (box.title, box.data) if part)
    _connect(scene, order, box_of, labels, slopes=slopes)
    return scene


def _box(node: Any, key: str, labels: Labels) -> Box:
    if node.is_constant:
        return Box(key, "constant", labels.short(node), tooltip="constant")
    kind = "node" if node.parents else "leaf"
    box = Box(key, kind, labels.title(node), labels.data(node), labels.grad(node))
    box.name = labels.name(node) or ""
    box.tooltip = f"{box.title}: " if box.title else ""
    box.tooltip += f"{word('data')} {box.data}, {word('grad')} {box.grad}"
    return box


def _connect(
    scene: Scene, order: Sequence[Any], box_of: Mapping[Any, Box], labels: Labels, *, slopes: bool
) -> None:
    """Add the edges; those between the same two boxes of a folded picture are one."""
    bundles: dict[tuple[str, str], Edge] = {}
    counts: Counter[tuple[str, str]] = Counter()
    for node in order:
        target = box_of[node]
        labels_of_edges = labels.slopes(node) if slopes and target.kind != "folded" else ()
        for position, parent in enumerate(node.parents):
            source = box_of[parent]
            if source is target:
                continue
            if "folded" in (source.kind, target.kind):
                ends = (source.key, target.key)
                counts[ends] += 1
                if ends not in bundles:
                    bundles[ends] = Edge(*ends)
                    scene.edges.append(bundles[ends])
                continue
            edge = Edge(source.key, target.key)
            if labels_of_edges and not parent.is_constant:
                edge.label = labels_of_edges[position]
                edge.tooltip = f"{labels.partial(node, parent)} = {edge.label}"
            scene.edges.append(edge)
    for ends, edge in bundles.items():
        if counts[ends] > 1:
            edge.label = word("times", count=counts[ends])
            edge.tooltip = edge.label
            edge.is_bundle = True
    _rank(scene)
    _shorten(scene)


def _rank(scene: Scene) -> None:
    """Set each box's rank: the length of the longest path to it."""
    rank = {box.key: 0 for box in scene.boxes}
    place = {box.key: k for k, box in enumerate(scene.boxes)}
    for edge in sorted(scene.edges, key=lambda edge: place[edge.target]):
        if place[edge.source] < place[edge.target]:
            rank[edge.target] = max(rank[edge.target], rank[edge.source] + 1)
    for box in scene.boxes:
        box.rank = rank[box.key]


def _shorten(scene: Scene) -> None:
    """Replace long edges of much-used boxes by references, small boxes with the same title.

    A leaf that feeds a chain of 200 costs the layout minutes otherwise, and the reader more.
    """
    boxes = {box.key: box for box in scene.boxes}
    uses = Counter(edge.source for edge in scene.edges)
    spans = {id(edge): boxes[edge.target].rank - boxes[edge.source].rank for edge in scene.edges}
    crowded = sum(spans.values()) > LONG_HAUL
    first: dict[str, int] = {}
    for edge in scene.edges:
        first[edge.source] = min(first.get(edge.source, 1 << 60), spans[id(edge)])
    references: dict[tuple[str, str], Box] = {}
    for edge in scene.edges:
        distant = spans[id(edge)] > max(DISTANT, first[edge.source])
        if distant and (crowded or uses[edge.source] > MANY_USES):
            source = boxes[edge.source]
            ends = (edge.source, edge.target)
            if ends not in references:
                title = source.name or source.title or source.data
                references[ends] = Box(
                    f"r{len(references)}", "reference", title, tooltip=source.tooltip
                )
            edge.source = references[ends].key
    scene.boxes += references.values()
