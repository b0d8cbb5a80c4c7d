"""Story: what happens in the passes of a graph, in numbers and phrases. Every view reads this."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from graphlib import TopologicalSorter
from types import FrameType
from typing import Any

from autograd.foreign import as_value, is_node, standing_for
from autograd.graph import is_same, topological_order
from autograd.numeric import Number, as_number
from autograd.show.story.events import Event, events_of, forward_mode_events
from autograd.show.story.telling import Teller, step_names
from autograd.text import Labels, Typesetter, Writer, abbreviated, formula_text, names_of
from autograd.value import Value
from autograd.wording import word


class Story:
    """Both passes of ``output``: its nodes, their names and words, the events, the gradients.

    With ``wrt`` it is the story of forward mode: the one sweep from there, and its tangents.

    output     the node itself, or the Value that stands for one of another engine
    order      the nodes, parents before children; also those of ``beside``
    given      the names of nodes that have one of their own
    names      a name for every node except constants
    labels     the words for each node; ``teller``, those for each event
    events     what happens, in order
    gradients  the final gradient of each node except constants, the output first; in forward mode
               the tangent of each node that has one

    ``names``, ``seed`` and ``digits`` are those of ``Stepper``; ``frame`` is the caller's, for the
    names of variables; ``beside`` are nodes to be named that the output may not depend on. Raises
    NotAGraphError for what is not a node, and for a constant; ValueError unless digits are 1 to 17.
    """

    def __init__(
        self,
        output: Any,
        *,
        names: Mapping[str, Any] | None = None,
        frame: FrameType | None = None,
        seed: Number = 1,
        digits: int = 4,
        beside: Iterable[Value] = (),
        wrt: Value | None = None,
    ) -> None:
        self.output = as_value(output, frame)
        self.seed = as_number(seed)
        self.wrt = wrt if wrt is None else input_of(self.output, wrt)
        self.events = (
            events_of(self.output, self.seed)
            if self.wrt is None
            else forward_mode_events(self.output, self.wrt, self.seed)
        )
        self.order = topological_order(self.output, *beside)
        self.given = names_of(self.order, names, frame)
        self.names = step_names(self.order, self.given)
        self.labels = Labels(self.order, self.names, digits, given=self.given)
        self.teller = Teller(self.labels)

    @property
    def what(self) -> str:
        """What the events change: "grad", or "tangent" in forward mode, a key of a word."""
        return "grad" if self.wrt is None else "tangent"

    @property
    def forward(self) -> list[Event]:
        """The events of the forward pass."""
        return [event for event in self.events if event.kind == "forward"]

    @property
    def backward(self) -> list[Event]:
        """The events about gradients, or tangents: the seed, and the contributions."""
        return [event for event in self.events if event.kind != "forward"]

    @property
    def contributions(self) -> list[Event]:
        return self.backward[1:]

    @cached_property
    def gradients(self) -> dict[Any, Number]:
        received = {event.receiver: event.after for event in self.backward}
        return {node: received[node] for node in reversed(self.order) if node in received}

    @property
    def by_name(self) -> dict[str, Any]:
        """The nodes by name, as the views take ``names``."""
        return {name: node for node, name in self.names.items()}

    @property
    def equation(self) -> str:
        """The output by its name and its formula, for a page: ``L = tanh(a*b + c)``."""
        made = formula_text(self.output, self.names, self.labels.digits, Typesetter)
        return f"{self.names[self.output]} = {made}"

    @property
    def edited(self) -> str:
        """The sentence that names data edited since the forward pass; "" if none was."""
        labels = self.labels
        edited = [
            f"{name} = {labels.data(node)}"
            for node, name in self.names.items()
            if not is_same(node.data, labels.forward_data[node])
        ]
        return word("edited since", nodes="; ".join(abbreviated(edited, "…"))) if edited else ""

    def retold(self, output: Value | None = None) -> "Story":
        """Return the story as the graph is now, or that of a copy of it, with the same names."""
        copy = self.output if output is None else output
        twins = dict(zip(self.order, topological_order(copy), strict=True))
        names = {name: twins[node] for name, node in self.by_name.items()}
        wrt = None if self.wrt is None else twins[self.wrt]
        digits = self.labels.digits
        return Story(copy, names=names, seed=self.seed, digits=digits, wrt=wrt)

    def chapters(self, place_of: Mapping[Any, Hashable]) -> list["Chapter"]:
        """Return the story at a cut of the fold tree, where nodes of the same place are one box.

        Raises graphlib.CycleError where boxes depend on each other in a circle.
        """
        return chapters(self.order, self.events, place_of)


def require_mode(mode: str, wrt: Any) -> None:
    """Raise ValueError unless the mode is "reverse", or "forward" and there is an input for it."""
    if mode not in ("reverse", "forward") or (mode == "forward") != (wrt is not None):
        raise ValueError(
            f'mode = {mode!r}, wrt = {wrt!r:.60}: it takes mode="forward" and wrt=x together, '
            "or neither"
        )


def input_of(output: Value, wrt: Any) -> Value:
    """Return the node of ``output``'s graph that ``wrt`` is, or stands for, if it may move.

    Raises TypeError for what is not a node, ValueError where the output does not depend on it.
    """
    if not is_node(wrt):
        raise TypeError(f"wrt is a Value, as in wrt=x; {wrt!r:.60} is a {type(wrt).__name__}")
    node: Value = standing_for(wrt, output)
    if node.is_constant:
        raise ValueError(f"wrt = {wrt!r:.60} is a constant: take an input of the graph")
    if node not in topological_order(output):
        swapped = isinstance(node, Value) and output in topological_order(node)
        hint = "it depends on the output, which comes first" if swapped else "take an input of it"
        raise ValueError(f"wrt = {wrt!r:.60} is not one of what the output depends on: {hint}")
    return node


class StoryLabels(Labels):
    """The words for each node with the numbers of the story, whatever the nodes hold by now."""

    has_live_grads = False

    def __init__(self, story: Story, writer: type[Writer] = Writer) -> None:
        super().__init__(story.order, story.names, story.labels.digits, writer, story.given)
        self.gradients = story.gradients

    def data(self, node: Any) -> str:
        return self.number(self.forward_data[node])

    def grad(self, node: Any) -> str:
        found = self.gradients.get(node)
        return word("no grad") if found is None else self.number(found)

    def gradient(self, node: Any) -> Number | None:
        return self.gradients.get(node)


@dataclass(frozen=True)
class Chapter:
    """What happens at one box in one pass: its events, inside of it and into its neighbours.

    kind    that of its events
    place   a group of nodes, or a node that stands alone
    """

    kind: str
    place: Hashable
    events: Sequence[Event]


def chapters(
    order: Sequence[Any], events: Sequence[Event], place_of: Mapping[Any, Hashable]
) -> list[Chapter]:
    """Return the events gathered by pass and box: forward from the leaves, backward from the end.

    A box comes after all boxes that hand it anything.
    """
    sorter: TopologicalSorter[Hashable] = TopologicalSorter()
    for node in order:
        place = place_of.get(node, node)
        around = {place_of.get(parent, parent) for parent in node.parents}
        sorter.add(place, *(around - {place}))
    ranks = {place: k for k, place in enumerate(sorter.static_order())}
    passes = {"forward": 1, "seed": 0, "backward": -1}
    gathered: dict[tuple[str, Hashable], list[Event]] = {}
    for event in events:
        place = place_of.get(event.node, event.node)
        gathered.setdefault((event.kind, place), []).append(event)
    places = list(passes)
    ordered = sorted(
        gathered.items(),
        key=lambda item: (places.index(item[0][0]), passes[item[0][0]] * ranks[item[0][1]]),
    )
    return [Chapter(kind, place, told) for (kind, place), told in ordered]
