"""Fold: nodes of a graph that a reader can see as one box, and open."""

from collections.abc import Sequence
from typing import Any

from autograd.scope import Scope
from autograd.wording import word


class Fold:
    """Nodes that can be one box.

    kind     module, stack, group or alike; a stack has several calls of a module, or of a group
    name     as in ``layer0`` or ``step 3``; ``cell 2`` for the second of several calls
    says     what it is, as in ``2 → 16, tanh`` or ``100 rows × 2``; "" for nothing
    count    how many lie on one another
    inside   the folds and nodes it opens to, in topological order
    chooses  whether opening shows one of ``inside``, the chosen row, beside the rest as one box
    nodes    all nodes below it, in topological order
    outputs  those of them that are used outside of it, or are outputs of the graph
    called   what the user calls its outputs; "" if they have no names
    hides    how many nodes with a name of the user's it hides while it is closed
    depth    how many modules and groups it is inside of; None for nodes that are merely alike
    scope    that of the module or group, None where nodes are merely alike
    """

    __slots__ = (
        "_rests", "called", "chooses", "count", "depth", "hides", "inside", "kind", "name", "nodes",
        "outputs", "says", "scope",
    )  # fmt: skip

    def __init__(
        self,
        kind: str,
        name: str,
        inside: Sequence[Any],
        nodes: Sequence[Any],
        outputs: Sequence[Any],
        *,
        says: str = "",
        count: int = 1,
        chooses: bool = False,
        called: str = "",
        hides: int = 0,
        depth: int | None = None,
        scope: Scope | None = None,
    ) -> None:
        self.kind = kind
        self.name = name
        self.says = says
        self.count = count
        self.inside = tuple(inside)
        self.chooses = chooses
        self.nodes = tuple(nodes)
        self.outputs = tuple(outputs)
        self.called = called
        self.hides = hides
        self.depth = depth
        self.scope = scope
        self._rests: dict[int, Any] = {}

    def rest(self, row: int) -> Any:
        """Return all of ``inside`` but one, as one fold; of two, the other one itself."""
        if row not in self._rests:
            others = [*self.inside[:row], *self.inside[row + 1 :]]
            if len(others) == 1:
                self._rests[row] = others[0]
            else:
                self._rests[row] = Fold(
                    self.kind, self.name, others,
                    [node for other in others for node in nodes_of(other)],
                    [node for other in others for node in outputs_of(other)],
                    says=word("more rows", count=len(others)), count=len(others), scope=self.scope,
                )  # fmt: skip
        return self._rests[row]

    @property
    def own_name(self) -> str:
        """The name without those of the modules around it, and without the call: ``neuron3``."""
        return self.scope.name if self.scope else self.name

    @property
    def uncounted_name(self) -> str:
        """The name without the call it is of, or those around it: ``cell.neuron3``."""
        return (self.scope.path or self.scope.name) if self.scope else self.name

    @property
    def title(self) -> str:
        """What stands at the top of its box."""
        title = f"{self.called} = {self.name}" if self.called else self.name
        if self.count > 1 and not (self.kind == "alike" and self.says):  # which tells the count
            title += f" {word('times', count=self.count)}"
        return title

    def __repr__(self) -> str:
        times = f" ×{self.count}" if self.count > 1 else ""
        return f"<{self.kind} {self.name}{times}: {len(self.nodes)} nodes>"


def nodes_of(box: Any) -> Sequence[Any]:
    """Return the nodes of a fold, or the node itself."""
    return box.nodes if isinstance(box, Fold) else (box,)


def outputs_of(box: Any) -> Sequence[Any]:
    """Return the nodes of a fold used outside of it, or as outputs of the graph.

    Of a node it is the node itself.
    """
    return box.outputs if isinstance(box, Fold) else (box,)
