"""Sentences said once for all steps that are alike: names stand in slots, numbers in places.

A network of thousands of nodes has few kinds of steps. So a page gets each sentence once, with a
letter of an old script in the place of each name, and for each step the nodes that have them.
"""

import re
from collections.abc import Callable
from typing import Any

from autograd.show.story import Event, Story, StoryLabels, Teller
from autograd.text import Phrase, Typesetter, is_name

FIRST_NAME, LAST_NAME = 0x12000, 0x12399  # cuneiform: letters, which nobody's variables have
FIRST_NUMBER, LAST_NUMBER = 0x1D7CE, 0x1D7FF  # digits of mathematics, for constants
MOST_WRITTEN = 3  # operands of a step whose constants are a part of the sentence
SLOTS = re.compile(
    f"([{chr(FIRST_NAME)}-{chr(LAST_NAME)}{chr(FIRST_NUMBER)}-{chr(LAST_NUMBER)}])\\1*"
)


class SlotLabels(StoryLabels):
    """Labels that write slots for a node and its parents: slot 0 for it, 1 for the first parent.

    A slot is as long as what it stands for, since long formulas are written in short.
    """

    def __init__(self, story: Story) -> None:
        super().__init__(story, Typesetter)
        self._slots: dict[Any, int] = {}

    def stand_for(self, node: Any) -> None:
        """Write slots for ``node`` and its parents."""
        self._slots = {parent: k for k, parent in enumerate(node.parents, start=1)}
        self._slots[node] = 0

    def name(self, node: Any) -> str | None:
        name = super().name(node)
        if name is None or node not in self._slots:
            return name
        return chr(FIRST_NAME + self._slots[node]) * len(name)

    def operand(self, node: Any) -> Phrase | None:
        found = super().operand(node)
        if found is None or not node.is_constant or len(self._slots) - 1 <= MOST_WRITTEN:
            return found
        text, binding = found
        sign = text[:1] if text[:1] in "−-" else ""
        return sign + chr(FIRST_NUMBER + self._slots[node]) * (len(text) - len(sign)), binding


class Slotted:
    """The sentences of a story, each once; ``find`` returns the number of one."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.labels = SlotLabels(story)
        self.teller = Teller(self.labels)
        self.plain = Teller(StoryLabels(story, Typesetter))
        self.sentences: list[Any] = []
        self._known: dict[Any, int] = {}
        self._looks: dict[Any, tuple[Any, ...]] = {}
        self._names: dict[str | None, bool] = {}

    def find(self, event: Event, say: Callable[[Teller, Event], Any]) -> int:
        """Return the number of what ``say`` makes of an event, as JSON."""
        look = self._look(event.node)
        key = (say, event.kind, event.position, look)
        if key not in self._known:
            can_stand = look[0]
            if can_stand:
                self.labels.stand_for(event.node)
            said = say(self.teller if can_stand else self.plain, event)
            self._known[key] = len(self.sentences)
            self.sentences.append([int(can_stand), collapsed(said) if can_stand else said])
        return self._known[key]

    def _look(self, node: Any) -> tuple[Any, ...]:
        """Return all that sentences on a node depend on, besides what stands in slots and places.

        Of names, that is their length in all, since long formulas are written in short.
        """
        if node not in self._looks:
            self._looks[node] = self._compute_look(node)
        return self._looks[node]

    def _compute_look(self, node: Any) -> tuple[Any, ...]:
        parents = node.parents
        names = [self.story.names.get(place) for place in (node, *parents)]
        operation = node.operation if parents else None
        if len(names) > LAST_NUMBER - FIRST_NUMBER or not all(map(self._can_stand, names)):
            return (False, node)
        if len(parents) > MOST_WRITTEN:
            constants = tuple(p.is_constant and float(p.data) < 0 for p in parents)
        else:
            constants = tuple(p.is_constant and repr(p.data) for p in parents)
        first: dict[int, int] = {}
        pattern = tuple(first.setdefault(id(parent), k) for k, parent in enumerate(parents))
        return (True, operation, sum(map(len, filter(None, names))), pattern, constants)

    def _can_stand(self, name: str | None) -> bool:
        if name not in self._names:
            self._names[name] = name is None or is_name(name)
        return self._names[name]


def collapsed(said: Any) -> Any:
    """Return JSON with each slot a single letter."""
    if isinstance(said, str):
        return SLOTS.sub(r"\1", said)
    return [collapsed(part) for part in said] if isinstance(said, list | tuple) else said
