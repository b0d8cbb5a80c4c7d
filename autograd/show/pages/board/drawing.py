"""What the board shows of variables: one picture of all graphs in them, and what goes wrong."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from autograd.errors import LayoutError, PictureError
from autograd.foreign import as_graphs, is_node, original
from autograd.graph import topological_order
from autograd.show.picture import Box, Options, Scene, picture_of
from autograd.text import Labels, Typesetter, names_in
from autograd.wording import word

Shown = dict[str, tuple[str, list[str]]]  # by title and count: the id of a box, and what it shows


class Drawing(NamedTuple):
    """What to put on the board.

    svg    the picture; empty to show none, None to leave the last one there
    shown  by title and count of each box: its id, and the numbers in it
    note   a remark beside the picture
    error  what went wrong, shown over the picture
    """

    svg: str | None = None
    shown: Mapping[str, tuple[str, list[str]]] = MappingProxyType({})
    note: str = ""
    error: str = ""


def drawing_of(variables: Mapping[str, Any]) -> Drawing:
    """Return one picture of all graphs that ``variables`` hold, of our own or another engine.

    Graphs that cannot be drawn are left out, and an error or a note says so: the largest of
    those that are too many for one picture, and objects that raise an error when read.
    """
    try:
        return _drawing_of(variables)
    except Exception:  # a student's class may raise anything
        sound, reasons = {}, []
        for name, held in variables.items():
            try:
                _drawing_of({name: held})
                sound[name] = held
            except Exception as error:
                reasons.append(
                    word("cannot draw", name=name, reason=f"{type(error).__name__}: {error}")
                )
        return _drawing_of(sound)._replace(error="\n".join(reasons))


def state_of(variables: Mapping[str, Any]) -> object:
    """Return something that is equal as long as there is nothing new to draw; None if unknown."""
    try:
        order = topological_order(*_graphs_in(variables))
        names = names_in(order, variables)
        return _why_empty(variables), [
            (id(original(node)), node.op, repr(node.data), node.has_grad and repr(node.grad),
             node.grad_is_stale, names.get(node))
            for node in order
            if not node.is_constant
        ]  # fmt: skip
    except Exception:
        return None


def _drawing_of(variables: Mapping[str, Any]) -> Drawing:
    nodes = _graphs_in(variables)
    if not nodes:
        return Drawing("", note=_why_empty(variables))
    left_out: list[Any] = []
    while True:
        order = topological_order(*nodes)
        try:
            labels = Labels(order, names_in(order, variables), 4, Typesetter)
            picture = picture_of(order, labels, Options())
            note = word("left out", names=", ".join(left_out[:5])) if left_out else ""
            return Drawing(picture.svg, _shown(picture.scene), note)
        except PictureError as error:
            graphs = _connected(nodes)
            if len(graphs) == 1:
                return Drawing(error=str(error))
            largest = max(graphs, key=lambda graph: len(topological_order(*graph)))
            nodes = [node for node in nodes if node not in largest]
            left_out += names_in(largest, variables).values()
        except LayoutError as error:
            return Drawing(error=str(error))


def _graphs_in(variables: Mapping[str, Any]) -> list[Any]:
    held = [thing for name, value in variables.items() if name[0] != "_" for thing in _nodes(value)]
    return as_graphs(held, variables)


def _connected(nodes: Sequence[Any]) -> list[list[Any]]:
    """Return the nodes in groups, so that graphs of different groups have no node in common."""
    groups: list[tuple[set[Any], list[Any]]] = []
    for node in nodes:
        reached, members = set(topological_order(node)), [node]
        for other in [group for group in groups if not reached.isdisjoint(group[0])]:
            groups.remove(other)
            reached |= other[0]
            members = other[1] + members
        groups.append((reached, members))
    return [members for _, members in groups]


def _why_empty(variables: Mapping[str, Any]) -> str:
    """Return what to do, or that a user's class has no parents yet."""
    for name, held in variables.items():
        if name[0] != "_" and type(held).__module__ == "__main__" and hasattr(held, "data"):
            return word("no parents yet", name=name, kind=type(held).__name__)
    return word("empty board")


def _nodes(value: Any) -> list[Any]:
    """Return ``value`` if it is a node, or the nodes that it is a list of."""
    things = value if isinstance(value, list | tuple) else [value]
    return [thing for thing in things if not isinstance(thing, type) and is_node(thing)]


def _shown(scene: Scene) -> Shown:
    inside: dict[Box, list[str]] = defaultdict(list)  # of folded boxes
    for node, box in scene.box_of.items():
        if box.kind == "folded" and not node.is_constant:
            inside[box] += [repr(node.data), repr(node.grad) if node.has_grad else ""]
    counts: Counter[str] = Counter()
    shown: Shown = {}
    for box in scene.boxes:
        if box.kind in ("leaf", "node", "folded"):
            counts[box.title] += 1
            numbers = [box.data, box.grad, *inside[box]]
            shown[f"{box.title} {counts[box.title]}"] = (box.key, numbers)
    return shown
