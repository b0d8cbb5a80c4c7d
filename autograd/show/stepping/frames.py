"""The picture of each step: what has been reached, what hands on, what receives."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Any

from autograd.numeric import Number
from autograd.show.picture import Box, Edge, Options, Picture, Scene, norms_of, picture_of
from autograd.show.story import AHEAD, Event, Moment, Story, Teller, moment_after
from autograd.text import Labels, Typesetter
from autograd.wording import word

LONG_NUMBER = -1.23456789e-4  # whose text is as long as that of most


class WidestLabels(Labels):
    """Labels with the longest number that each node shows at any step: the layout fits all."""

    has_live_grads = False

    def __init__(self, story: Story, events: Sequence[Event]) -> None:
        super().__init__(
            story.order, story.names, story.labels.digits, Typesetter, given=story.given
        )
        self._received: dict[Any, list[Event]] = defaultdict(list)
        for event in events:
            self._received[event.receiver].append(event)
        self._widest: dict[Any, str] = {}

    def grad(self, node: Any) -> str:
        if node not in self._widest:
            numbers = [n for event in self._received[node] for n in (event.before, event.after)]
            texts = [word("no grad"), *map(self.number, numbers)]
            self._widest[node] = max(texts, key=len)
        return self._widest[node]

    def gradient(self, node: Any) -> None:
        """There is none yet: no edge is wide, and folded boxes are filled step by step."""


class Frames:
    """The pictures of all steps of a story, laid out alike: only numbers and marks change.

    ``held`` has the gradients that leaves start from, and ``events`` are those of the story,
    added to these.
    """

    def __init__(
        self, story: Story, events: Sequence[Event], held: Mapping[Any, Number], options: Options
    ) -> None:
        self.story = story
        self.events = events
        self.held = held
        labels = WidestLabels(story, events)
        self.teller = Teller(labels)
        chosen = picture_of(story.order, labels, options)
        for box in chosen.scene.boxes:
            box.what = story.what
        self.remark = chosen.scene.caption
        for box in filter(attrgetter("fold"), chosen.scene.boxes):
            box.grad += f" {labels.number(LONG_NUMBER)}" if box.grad else ""
        lines = zip(*map(self._lines, range(len(events) + 1)), strict=True)
        longest = "\n".join(max(column, key=len) for column in lines)
        self.widest = Picture(replace(chosen.scene, caption=longest), options)

    def picture(self, k: int) -> Picture:
        """Return the picture after ``k`` steps."""
        scene = self.widest.scene.copy()
        moment = moment_after(self.events[:k], self.story.order, self.held)
        for node in self.story.order:
            box = scene.box_of[node]
            if box.kind in ("leaf", "node"):
                box.data = box.data if node in moment.reached else word("no data")
                box.grad = self._shown(moment.gradients.get(node))
        for box in scene.boxes:
            if box.fold:
                nodes = box.fold.outputs
                seen = self.teller.labels.forward_data
                data = [seen[node] if node in moment.reached else None for node in nodes]
                gradients = map(moment.gradients.get, nodes)
                box.data, box.grad = norms_of(
                    box.fold, data, gradients, self.teller.labels, scene.is_compact, self.story.what
                )
        looks = _looks(scene, moment)
        begun = {scene.box_of[node] for node in moment.reached}
        for box in scene.boxes:
            is_ahead = box not in begun and box.kind != "reference"
            box.look = looks.get(box) or (AHEAD if is_ahead else "")
        used = {scene.edge_of.get(crossing) for crossing in moment.used}
        for edge in scene.edges:
            edge.look = looks.get(edge) or (AHEAD if edge.target.look == AHEAD else "")
            if edge not in used and not edge.is_bundle:
                edge.label = ""
        scene.caption = "\n".join(self._lines(k))
        return self.widest.with_scene(scene)

    def _lines(self, k: int) -> list[str]:
        """Return the caption after ``k`` steps, always with the same number of lines."""
        lines = [self.remark] if self.remark else []
        if k == 0:
            return [*lines, f"[0/{len(self.events)}] {word('start')}", "", ""]
        told = self.teller.tell(self.events[k - 1])
        head = f"[{k}/{len(self.events)}] {told.phase}: {told.title or told.arithmetic}"
        return [*lines, head, told.arithmetic if told.title else "", told.total]

    def _shown(self, grad: Number | None) -> str:
        return word("no grad") if grad is None else self.teller.labels.number(grad)


def _looks(scene: Scene, moment: Moment) -> dict[Box | Edge, str]:
    """Return the looks of a moment by box and edge; edges inside of a folded box have none."""
    looks: dict[Box | Edge, str] = {}
    for marked, look in moment.looks.items():
        drawn = scene.edge_of.get(marked) if isinstance(marked, tuple) else scene.box_of[marked]
        if drawn is not None:
            looks[drawn] = look
    return looks
