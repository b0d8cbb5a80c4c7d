"""What a page has to know of a graph to compute, draw and tell it anew: data, and a script."""

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from autograd.numeric import saturated
from autograd.program import write_rules
from autograd.show.pages.graph.slots import Slotted
from autograd.show.picture import LETTER_WIDTHS, WIDEST_LETTER
from autograd.show.story import Event, Story, StoryLabels, Teller, three_lines
from autograd.text import Typesetter, has_names
from autograd.value import Value


class GraphData:
    """The data of one story, and the script with the rules of its operations.

    Nodes are known by their place in topological order; an edge by its place when the parents of
    all nodes are counted in that order.
    """

    def __init__(self, story: Story) -> None:
        self.story = story
        self.order: Sequence[Value] = story.order
        self.labels = StoryLabels(story, Typesetter)
        self.teller = Teller(self.labels)
        self.place = {node: k for k, node in enumerate(self.order)}
        self.edge_at = {
            edge: k
            for k, edge in enumerate((n, p) for n in self.order for p in range(len(n.parents)))
        }
        self._rules = write_rules(self.order)
        self._slotted = Slotted(story)

    @property
    def script(self) -> str:
        return self._rules.script

    def as_json(self) -> dict[str, Any]:
        """Return nodes and edges in columns, and the sentences of all steps."""
        forward = {event.node: event for event in self.story.forward}
        backward = {(e.node, e.position): e for e in self.story.contributions}
        seed = self.story.backward[0]
        edges = list(self.edge_at)
        find = self._slotted.find
        return {
            "digits": self.labels.digits,
            "seed": _number(self.story.seed),
            "wrt": -1 if self.story.wrt is None else self.place[self.story.wrt],
            "nodes": {
                "name": [self.story.names.get(node, "") for node in self.order],
                "title": [self._title(node, forward.get(node)) for node in self.order],
                "op": [node.op for node in self.order],
                "kind": [_kind(node) for node in self.order],
                "number": [_number(self.labels.forward_data[node]) for node in self.order],
                "parents": [[self.place[p] for p in node.parents] for node in self.order],
                "rule": [self._rules.rule_of.get(node, -1) for node in self.order],
                "said": [
                    find(forward[node], _say) if node in forward else -1 for node in self.order
                ],
            },
            "edges": {
                "local": [
                    _number(backward[edge].local) if edge in backward else 0 for edge in edges
                ],
                "said": [find(backward[edge], _say) if edge in backward else -1 for edge in edges],
                "label": [
                    find(backward[edge], _say_label) if edge in backward else -1 for edge in edges
                ],
            },
            "seed_said": find(seed, _say),
            "letter_widths": {**LETTER_WIDTHS, "": WIDEST_LETTER},
            "sentences": self._slotted.sentences,
            "is_exact": any(isinstance(self.labels.forward_data[n], Fraction) for n in self.order),
            "exact": self._exact(edges, backward),
        }

    def _title(self, node: Value, event: Event | None) -> str | int:
        """Return the title of a leaf or constant, and of others the number of its sentence."""
        if event is None:
            return self.labels.short(node) if node.is_constant else self.labels.title(node)
        return self._slotted.find(event, _say_title)

    def _exact(
        self, edges: Sequence[tuple[Value, int]], backward: Mapping[Any, Event]
    ) -> dict[str, Any]:
        """Return the texts of numbers that are no floats, which a page cannot compute."""
        data, gradients = self.labels.forward_data, self.story.gradients
        steps = {
            k: [self._text_if_exact(n) for n in (e.local, e.contribution, e.before, e.after)]
            for k, edge in enumerate(edges)
            if (e := backward.get(edge))
        }
        return {
            "data": {
                self.place[n]: text for n in self.order if (text := self._text_if_exact(data[n]))
            },
            "grads": {
                self.place[n]: text
                for n, number in gradients.items()
                if (text := self._text_if_exact(number))
            },
            "edges": {k: texts for k, texts in steps.items() if any(texts)},
        }

    def _text_if_exact(self, number: Any) -> list[Any] | None:
        if isinstance(number, float):
            return None
        written = self.labels.written(number)
        return [written.text, int(written.is_rounded)]


def _say(teller: Teller, event: Event) -> list[Any]:
    """Return a step in words: title, the lines of the arithmetic, and in one line."""
    title = "" if event.giver is None else teller.title(event)
    lines = [[cell.as_json() for cell in line] for line in three_lines(teller, event) if line]
    return [title, lines, teller.arithmetic(event).as_json()]


def _say_title(teller: Teller, event: Event) -> str:
    return teller.labels.title(event.node)


def _say_label(teller: Teller, event: Event) -> str:
    """Return the formula of a local derivative for its edge; "" where it says no more."""
    formula = teller.labels.local_formula(event.node, event.position)
    return formula if formula is not None and has_names(formula) else ""


def _kind(node: Value) -> str:
    return "constant" if node.is_constant else "node" if node.parents else "leaf"


def _number(number: Any) -> float | str:
    """Return a number as JSON has it; NaN and infinity as text that JavaScript reads."""
    nearest = float(saturated(number))
    if math.isfinite(nearest):
        return nearest
    return str(nearest).replace("inf", "Infinity").replace("nan", "NaN")
