"""What the folds are made of: a graph, and whose its nodes are; and what a module's box says."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from autograd.scope import Call, GroupScope, Scope
from autograd.wording import word

SIGNS = ("neg", "pos", "abs", "detach")  # operations on one number that are not activations


class Graph:
    """A graph in topological order, its nodes' names, and what it takes to fold it.

    place     of each node in ``order``
    children  of each node
    named     nodes that have a name of the user's: not the one that ``nn`` gives a parameter
    shown     those of them that no fold of alike nodes hides
    numbers   which of the calls of its module a call is, from 1; see ``number_calls``
    """

    def __init__(self, order: Sequence[Any], names: Mapping[Any, str], most_names: int) -> None:
        self.names = names
        self.place = {node: k for k, node in enumerate(order)}
        self.children: dict[Any, list[Any]] = {node: [] for node in order}
        for node in order:
            for parent in node.parents:
                if parent in self.children:
                    self.children[parent].append(node)
        self.named = {
            node for node in order
            if node in names and not (self.is_parameter(node) and names[node] == node.label)
        }  # fmt: skip
        self.shown = self.named if len(self.named) <= most_names else set()
        self.numbers: dict[Call, int] = {}
        self._calls: dict[Call, tuple[Call, ...]] = {}

    def calls(self, node: Any) -> tuple[Call, ...]:
        """Return the calls and groups that made a node, from the outermost."""
        made_by = getattr(node, "scope", None)
        if not isinstance(made_by, Call) or not node.parents:
            return ()
        if made_by not in self._calls:
            self._calls[made_by] = made_by.calls
        return self._calls[made_by]

    def part(self, node: Any, depth: int) -> Any:
        """Return the call around a node at a depth, or the node if there is none."""
        calls = self.calls(node)
        return calls[depth] if len(calls) > depth else node

    def number_calls(self, in_turn: Sequence[Collection[Call]]) -> None:
        """Number the calls of a module; those that lie on one another have the same number.

        A single one needs none. Nor does one that comes in pieces, since a piece is not a call.
        """
        if len(in_turn) > 1 and len(set().union(*in_turn)) == sum(map(len, in_turn)):
            for number, calls in enumerate(in_turn, start=1):
                self.numbers.update(dict.fromkeys(calls, number))

    def name_of(self, call: Call) -> str:
        """Return what the box of a call is called: ``layer0.neuron3``, ``step 3``, ``cell 2``."""
        number_of = {one.scope: self.numbers.get(one) for one in call.calls}
        scopes = (call.scope,) if isinstance(call.scope, GroupScope) else call.scope.lineage
        is_root_left_out = len(scopes) > 1 and not number_of.get(scopes[0])
        return ".".join(
            _numbered(scope.name, number_of.get(scope)) for scope in scopes[is_root_left_out:]
        )

    def is_parameter(self, node: Any) -> bool:
        return not node.parents and isinstance(getattr(node, "scope", None), Scope)

    def outputs(self, nodes: Sequence[Any]) -> list[Any]:
        """Return those nodes that others use, or none at all: outputs of the graph."""
        inside = set(nodes)
        return [
            node for node in nodes
            if not self.children[node] or not inside.issuperset(self.children[node])
        ]  # fmt: skip


def _numbered(name: str, number: int | None) -> str:
    if number is None:
        return name
    key = "call of a numbered module" if name[-1:].isdigit() else "call"
    return word(key, name=name, number=number)


def shape_of(graph: Graph, call: Call, nodes: Sequence[Any]) -> str:
    """Return what a call of a module, or a group, makes of what: ``2 → 16, tanh``."""
    inside = set(nodes)
    inputs = {
        parent for node in nodes for parent in node.parents
        if parent not in inside and not parent.is_constant and not graph.is_parameter(parent)
    }  # fmt: skip
    outputs = [node for node in graph.outputs(nodes) if node.parents]
    if not inputs or not outputs:
        return ""
    shape = word("shape", inputs=len(inputs), outputs=len(outputs))
    if isinstance(call.scope, GroupScope):
        return shape
    activations = {_activation(graph, node) for node in outputs}
    activation = activations.pop() if len(activations) == 1 else ""
    return word("shape and activation", shape=shape, activation=activation) if activation else shape


def _activation(graph: Graph, node: Any) -> str:
    """Return the activation a node is the result of, "linear" for a weighted sum, or ""."""
    if len(node.parents) == 1 and node.op.isidentifier() and node.op not in SIGNS:
        return str(node.op)
    is_weighted_sum = node.op == "dot" and any(map(graph.is_parameter, node.parents))
    return "linear" if is_weighted_sum else ""
