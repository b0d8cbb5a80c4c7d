"""What a step marks: one table and one state, for pictures, frames and pages alike.

A look is a name; ``show.picture.themes`` says how it looks.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from autograd.numeric import Number
from autograd.show.story.events import Event

Crossing = tuple[Any, int]  # a node, and the position of the parent on the other end of the edge

AHEAD = "ahead"  # what no step has reached yet
MARKS: dict[str, dict[str, str]] = {  # by kind of event and role in it; later ones win
    "forward": {"operands": "operand", "edges": "operand", "node": "computed"},
    "seed": {"receiver": "receives"},
    "backward": {"giver": "gives", "receiver": "receives", "edges": "receives"},
    "tangent seed": {"receiver": "moves"},
    "tangent": {"giver": "leads", "receiver": "moves", "edges": "moves"},
}


def marks_of(event: Event) -> dict[Any, str]:
    """Return the look of each node, and of each edge as a Crossing, that an event is about."""
    edges: Iterable[Crossing] = [(event.node, event.position)]
    if event.kind == "forward":
        edges = [(event.node, position) for position in range(len(event.node.parents))]
    roles: dict[str, Iterable[Any]] = {
        "node": [event.node],
        "operands": event.node.parents,
        "giver": [event.giver],
        "receiver": [event.receiver],
        "edges": edges,
    }
    return {marked: look for role, look in MARKS[event.kind].items() for marked in roles[role]}


@dataclass
class Moment:
    """What there is to see after some steps.

    reached    the nodes that have their data
    gradients  those known so far, perhaps only in part; in forward mode, the tangents
    used       the edges that a contribution has crossed
    looks      what the last step marks
    """

    reached: set[Any]
    gradients: dict[Any, Number]
    used: set[Crossing] = field(default_factory=set)
    looks: dict[Any, str] = field(default_factory=dict)


def moment_after(
    events: Iterable[Event], order: Iterable[Any], held: Mapping[Any, Number]
) -> Moment:
    """Return the moment after ``events``, the first steps of a graph in topological order.

    ``held`` are the gradients that leaves start from.
    """
    moment = Moment({node for node in order if not node.parents}, dict(held))
    for event in events:
        if event.receiver is None:
            moment.reached.add(event.node)
        else:
            moment.gradients[event.receiver] = event.after
            if event.giver is not None:
                moment.used.add((event.node, event.position))
        moment.looks = marks_of(event)
    return moment
