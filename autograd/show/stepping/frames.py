"""The picture of each step: what has been reached, what hands on, what receives."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from autograd.numeric import Number
from autograd.show.picture import Box, Edge, Options, Picture, Scene, picture_of
from autograd.show.story import Event, Teller
from autograd.text import Labels
from autograd.wording import word


class WidestLabels(Labels):
    """Labels with the longest number that each node shows at any step, to lay out all alike."""

    has_live_grads = False

    def __init__(self, labels: Labels, events: Sequence[Event], order: Sequence[Any]) -> None:
        super().__init__(order, labels.called, labels.digits)
        self.widest: dict[Any, str] = {}
        for event in events:
            for number in (event.before, event.after):
                text = self.number(number)
                if len(text) > len(self.widest.get(event.receiver, word("no grad"))):
                    self.widest[event.receiver] = text

    def grad(self, node: Any) -> str:
        return self.widest.get(node, word("no grad"))


class Frames:
    """The pictures of all steps of one graph, laid out alike: only numbers and marks change.

    ``held`` has the gradients that leaves start from.
    """

    def __init__(
        self,
        order: Sequence[Any],
        events: Sequence[Event],
        teller: Teller,
        held: Mapping[Any, Number],
        options: Options,
    ) -> None:
        self.order = order
        self.events = events
        self.teller = teller
        self.held = held
        chosen = picture_of(order, WidestLabels(teller.labels, events, order), options)
        self.remark = chosen.scene.caption
        lines = zip(*map(self._lines, range(len(events) + 1)), strict=True)
        longest = "\n".join(max(column, key=len) for column in lines)
        self.widest = Picture(replace(chosen.scene, caption=longest), options)

    def picture(self, k: int) -> Picture:
        """Return the picture after ``k`` steps."""
        scene = self.widest.scene.copy()
        reached = {node for node in self.order if not node.parents}
        grads = dict(self.held)
        used: set[Edge] = set()  # by the backward pass
        for event in self.events[:k]:
            if event.kind == "forward":
                reached.add(event.node)
                continue
            grads[event.receiver] = event.after
            if edge := scene.edge_of.get((event.node, event.position)):
                used.add(edge)
        for node in self.order:
            box = scene.box_of[node]
            if box.kind in ("leaf", "node"):
                box.data = box.data if node in reached else word("no data")
                box.grad = self._shown(grads.get(node))
        looks = _looks(scene, self.events[k - 1]) if k else {}
        begun = {scene.box_of[node] for node in reached}
        for box in scene.boxes:
            is_ahead = box not in begun and box.kind != "reference"
            box.look = looks.get(box) or ("ahead" if is_ahead else "")
        for edge in scene.edges:
            edge.look = looks.get(edge) or ("ahead" if edge.target.look == "ahead" else "")
            if edge not in used and not edge.is_bundle:
                edge.label = ""
        scene.caption = "\n".join(self._lines(k))
        return self.widest.with_scene(scene)

    def _lines(self, k: int) -> list[str]:
        """Return the caption after ``k`` steps, always of as many lines."""
        lines = [self.remark] if self.remark else []
        if k == 0:
            return [*lines, f"[0/{len(self.events)}] {word('start')}", "", ""]
        told = self.teller.tell(self.events[k - 1])
        head = f"[{k}/{len(self.events)}] {told.phase}: {told.title or told.arithmetic}"
        return [*lines, head, told.arithmetic if told.title else "", told.total]

    def _shown(self, grad: Number | None) -> str:
        return word("no grad") if grad is None else self.teller.labels.number(grad)


def _looks(scene: Scene, event: Event) -> dict[Box | Edge, str]:
    """Return how a step marks the boxes and edges it is about."""
    looks: dict[Box | Edge, str] = {}
    if event.kind == "forward":
        for position, parent in enumerate(event.node.parents):
            looks[scene.box_of[parent]] = "operand"
            if edge := scene.edge_of.get((event.node, position)):
                looks[edge] = "operand"
        looks[scene.box_of[event.node]] = "computed"
        return looks
    looks[scene.box_of[event.node]] = "gives"
    looks[scene.box_of[event.receiver]] = "receives"
    if edge := scene.edge_of.get((event.node, event.position)):
        looks[edge] = "receives"
    return looks
