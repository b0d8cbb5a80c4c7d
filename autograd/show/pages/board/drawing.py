"""What the board shows of variables: all graphs in them, and what goes wrong."""

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any, NamedTuple

from autograd.errors import PictureError
from autograd.foreign import as_graphs, is_node, original, remarks_on
from autograd.graph import topological_order
from autograd.show.pages.board.drawn_graph import graph_data
from autograd.text import Labels, Typesetter, names_in
from autograd.wording import word

Graph = Mapping[str, Any]
DIGITS = 4


class Drawing(NamedTuple):
    """What to put on the board.

    graph    data for the page to draw; empty to show none, None to leave the last one there
    note     a remark beside the picture
    error    what went wrong, shown under the picture
    caption  the line typed last
    numbers  of each node, the same in all drawings that have it, whatever it is called in them;
             they are not for the page, and none where nothing is remembered
    """

    graph: Graph | None = None
    note: str = ""
    error: str = ""
    caption: str = ""
    numbers: tuple[int, ...] = ()


class Trace:
    """Remembers of the last drawing what its nodes were called, and the numbers of their passes.

    Nodes are known by their id; they are kept, so that none is used again.
    """

    def __init__(self) -> None:
        self._called: dict[int, tuple[Any, str]] = {}
        self._gradients: dict[int, tuple[Any, str]] = {}
        self._passed: dict[int, str] = {}  # the data with which a pass was made
        self._numbers: dict[int, tuple[Any, int]] = {}
        self._next = count()

    def numbers_of(self, order: Sequence[Any]) -> tuple[int, ...]:
        """Return a number for each node: that of the last drawing if it was in it."""
        nodes = map(original, order)
        last = self._numbers
        self._numbers = {id(node): last.get(id(node)) or (node, next(self._next)) for node in nodes}
        return tuple(number for _, number in self._numbers.values())

    def stale_in(self, graphs: Sequence[Sequence[Any]]) -> set[Any]:
        """Return the nodes whose gradients are older than the numbers of their graph.

        A pass has been made where a gradient is another one than in the last drawing.
        """
        stale: set[Any] = set()
        gradients: dict[int, tuple[Any, str]] = {}
        passed: dict[int, str] = {}
        for order in graphs:
            graded = {
                id(original(node)): node for node in order if node.has_grad and not node.is_constant
            }
            data = {key: repr(node.data) for key, node in graded.items()}
            now = {key: (original(node), repr(node.grad)) for key, node in graded.items()}
            if all(
                key in self._gradients and now[key][1] == self._gradients[key][1] for key in now
            ):
                then = {key: self._passed[key] for key in now}
                if then != data:
                    stale.update(graded.values())
                data = then
            gradients |= now
            passed |= data
        self._gradients, self._passed = gradients, passed
        return stale

    def add_to(
        self, names: dict[Any, str], order: Sequence[Any], variables: Mapping[str, Any]
    ) -> None:
        """Name nodes without one after the variable that held them, if it holds another now."""
        called = {id(original(node)): (original(node), name) for node, name in names.items()}
        for node in order:
            before = self._called.get(id(original(node)))
            if node not in names and before and before[1].split("[")[0] in variables:
                called[id(original(node))] = before
                names[node] = word("before", name=before[1])
        self._called = called


def drawing_of(
    variables: Mapping[str, Any],
    pinned: Mapping[str, Any] | None = None,
    trace: Trace | None = None,
) -> Drawing:
    """Return all graphs that ``variables`` hold, of our own or another engine, to be drawn.

    If something is ``pinned``, only its graph is drawn. Graphs that cannot be drawn are left out,
    and an error or a note says so: the largest of those that are too many for one picture, and
    objects that raise an error when read.
    """
    held = variables if pinned is None else pinned
    try:
        return _drawing_of(variables, held, trace)
    except Exception:  # a student's class may raise anything
        sound, reasons = {}, []
        for name, thing in held.items():
            try:
                _drawing_of({name: thing}, {name: thing})
                sound[name] = thing
            except Exception as error:
                reasons.append(
                    word("cannot draw", name=name, reason=f"{type(error).__name__}: {error}")
                )
        named = variables if pinned is not None else sound
        return _drawing_of(named, sound, trace)._replace(error="\n".join(reasons))


def state_of(variables: Mapping[str, Any], pinned: Mapping[str, Any] | None = None) -> object:
    """Return something that is equal as long as there is nothing new to draw; None if unknown."""
    try:
        order = topological_order(*_graphs_in(variables if pinned is None else pinned, variables))
        names = names_in(order, variables)
        return _why_empty(variables), [
            (id(original(node)), node.op, repr(node.data), node.has_grad and repr(node.grad),
             node.grad_is_stale, names.get(node))
            for node in order
            if not node.is_constant
        ]  # fmt: skip
    except Exception:
        return None


def _drawing_of(
    variables: Mapping[str, Any], held: Mapping[str, Any], trace: Trace | None = None
) -> Drawing:
    nodes = _graphs_in(held, variables)
    if not nodes:
        return Drawing({}, note=_why_empty(variables))
    left_out: list[Any] = []
    while True:
        order = topological_order(*nodes)
        names = names_in(order, variables)
        if trace is not None:
            trace.add_to(names, order, variables)
        try:
            notes = [word("left out", names=", ".join(left_out[:5]))] if left_out else []
            labels = Labels(order, names, DIGITS, Typesetter)
            graphs = [topological_order(*graph) for graph in _connected(nodes)]
            stale = trace.stale_in(graphs) if trace is not None else ()
            data = graph_data(order, labels, stale=stale)
            numbers = trace.numbers_of(order) if trace is not None else ()
            return Drawing(data, "; ".join(notes + remarks_on(order)), numbers=numbers)
        except PictureError as error:
            graphs = _connected(nodes)
            if len(graphs) == 1:
                return Drawing(error=str(error))
            largest = max(graphs, key=lambda graph: len(topological_order(*graph)))
            nodes = [node for node in nodes if node not in largest]
            left_out += names_in(largest, variables).values()


def _graphs_in(held: Mapping[str, Any], variables: Mapping[str, Any]) -> list[Any]:
    things = [thing for name, value in held.items() if name[0] != "_" for thing in nodes_in(value)]
    return as_graphs(things, variables)


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


def nodes_in(value: Any) -> list[Any]:
    """Return ``value`` if it is a node, or the nodes that it is a list of."""
    things = value if isinstance(value, list | tuple) else [value]
    return [thing for thing in things if not isinstance(thing, type) and is_node(thing)]
