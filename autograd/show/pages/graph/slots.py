"""Sentences said once for all steps that are alike: names stand in slots, numbers in places.

A network of thousands of nodes has few kinds of steps. So a page gets each sentence once, with a
letter of an old script in the place of each name, and for each step the nodes whose names these are.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any

from autograd.show.story import Event, Story, StoryLabels, Teller
from autograd.text import Phrase, Typesetter, is_name

FIRST_NAME, LAST_NAME = 0x12000, 0x12399  # cuneiform: letters, which nobody's variables have
FIRST_NUMBER, LAST_NUMBER = 0x1D7CE, 0x1D7FF  # digits of mathematics, for constants
MOST_WRITTEN = 3  # operands of a step whose constants are a part of the sentence
SLOTS = re.compile(f"([{chr(FIRST_NAME)}-{chr(LAST_NAME)}{chr(FIRST_NUMBER)}-{chr(LAST_NUMBER)}])\\1*")


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

    def find(self, event: Event, say: Callable[[Teller, Event], Any]) -> int:
        """Return the number of what ``say`` makes of an event, as JSON."""
        node = event.node
        names = [self.story.names.get(place) for place in (node, *node.parents)]
        can_stand = len(names) <= LAST_NUMBER - FIRST_NUMBER and all(
            name is None or is_name(name) for name in names
        )
        key = (say, event.kind, event.position, *self._look(event, names, can_stand))
        if key not in self._known:
            if can_stand:
                self.labels.stand_for(node)
            said = say(self.teller if can_stand else self.plain, event)
            self._known[key] = len(self.sentences)
            self.sentences.append([int(can_stand), collapsed(said) if can_stand else said])
        return self._known[key]

    def _look(
        self, event: Event, names: Sequence[str | None], can_stand: bool
    ) -> tuple[Any, ...]:
        """Return all that a sentence depends on, besides what stands in slots and places."""
        node = event.node
        parents = node.parents
        constants = tuple(
            self.labels.number(parent.data) if parent.is_constant else None for parent in parents
        )
        if not can_stand:
            return (node.operation if parents else None, tuple(names), constants)
        if len(parents) > MOST_WRITTEN:
            constants = tuple(text and (len(text), text[0] == "−") for text in constants)
        numbers = self.plain.numbers_of(event)
        return (
            node.operation if parents else None,
            tuple(name and len(name) for name in names),
            tuple(map(parents.index, parents)),
            constants,
            sum(len(number.factor) for number in numbers.values()) if len(parents) > 2 else 0,
            tuple(number.is_rounded for number in numbers.values()) if not parents else (),
            event.is_first,
            event.kind == "seed" and event.after == 1,
        )


def collapsed(said: Any) -> Any:
    """Return JSON with each slot a single letter."""
    if isinstance(said, str):
        return SLOTS.sub(r"\1", said)
    return [collapsed(part) for part in said] if isinstance(said, list | tuple) else said
