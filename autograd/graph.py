"""The graph: topological order, the chain rule, and what needs only these two.

A node is anything with ``parents``. The passes also read what a ``Value`` keeps: ``operation`` (its
row of the table) and ``record`` (what the forward pass saw: the result, then the operands).
"""

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

from autograd.errors import NotAGraphError, StaleGraphError
from autograd.numeric import Number, closest_float, saturated, shown

N = TypeVar("N", bound=Any)


def topological_order(*outputs: N) -> list[N]:
    """Return every node the outputs depend on, each once, parents before children.

    Depth first, without recursion. Invariant: a node is appended when all its parents have been;
    until then it waits on the stack below them, with a None on top that marks its turn.
    """
    order: list[N] = []
    seen: set[N] = set()
    stack: list[N | None] = list(reversed(outputs))
    while stack:
        node = stack.pop()
        if node is None:
            order.append(stack.pop())  # type: ignore[arg-type]  # below a None is its node
        elif node not in seen:
            seen.add(node)
            parents = node.parents
            if seen.issuperset(parents):
                order.append(node)
            else:
                stack.append(node)
                stack.append(None)
                stack += parents[::-1]
    return order


def in_a_cycle(order: Sequence[N]) -> N | None:
    """Return a node that depends on itself, as in a student's broken engine; None if none does."""
    place = {node: k for k, node in enumerate(order)}
    ahead = (node for node in order for p in node.parents if place.get(p, -1) >= place[node])
    return next(ahead, None)


class Replay(NamedTuple):
    """What a rule may return for its local derivatives: the graph that made the value, made anew.

    ``nodes`` are in topological order, and the last has the value of the node. ``inputs`` are the
    nodes that stand for its parents. Gradients and tangents then go through this graph.
    """

    inputs: Sequence[Any]
    nodes: Sequence[Any]

    def below(self, node: Any) -> Sequence[Any]:
        """Return the nodes, joined to the parents of ``node``."""
        parent_of = dict(zip(self.inputs, node.parents, strict=True))
        for inner in self.nodes:
            inner.parents = tuple([parent_of.get(parent, parent) for parent in inner.parents])
        return self.nodes

    def local_derivatives(self, node: Any) -> tuple[Any, ...]:
        """Return ∂node/∂parent for each parent, as numbers."""
        nodes = self.below(node)
        gradients = dict.fromkeys((*node.parents, *nodes), 0) | {nodes[-1]: 1}
        _hand_on(gradients, nodes, None, opens=True)
        return tuple([gradients[parent] for parent in node.parents])


def local_derivatives(node: Any) -> tuple[Number, ...]:
    """Return ∂node/∂parent for each parent, at the operands the forward pass saw."""
    if not node.parents:
        return ()
    try:
        locals_ = node.operation.derivatives(*node.record)
    except OverflowError:  # an exact number too large to mix with floats
        locals_ = node.operation.derivatives(*map(closest_float, node.record))
    if type(locals_) is Replay:
        locals_ = locals_.local_derivatives(node)
    locals_ = locals_ if type(locals_) is tuple else (locals_,)
    return tuple(map(saturated, locals_)) if isinstance(node.record[0], float) else locals_


def chain_rule(
    order: Sequence[N],
    seed: Any,
    operands_of: Callable[[N], Sequence[Any]] | None = None,
    through: Sequence[N] | None = None,
    *,
    opens: bool = True,
) -> dict[N, Any]:
    """Return ∂output/∂node for each node of ``order``, in which the output is last.

    The multivariable chain rule, in reverse: each child adds to each of its parents

        contribution = upstream gradient × local derivative = ∂output/∂child × ∂child/∂parent

    ``seed`` is ∂output/∂output, and its type decides the arithmetic: a float, an exact number, or
    the terms of a gradient that becomes a graph. ``operands_of`` gives a node's rule its result
    and operands of that type; without it they come from the record. If ``through`` is given, only
    its nodes hand on gradients, in reverse order. No node is changed. A node whose rule gives a
    ``Replay`` hands on through it, unless ``opens`` is false: then by its local derivatives.
    """
    gradients = dict.fromkeys(order, type(seed)())
    gradients[order[-1]] = seed
    _hand_on(gradients, order if through is None else through, operands_of, opens=opens)
    return gradients


def _hand_on(
    gradients: dict[N, Any],
    order: Sequence[N],
    operands_of: Callable[[N], Sequence[Any]] | None,
    *,
    opens: bool,
) -> None:
    """Let each node of ``order``, the last one first, add its contributions to ``gradients``."""
    for node in reversed(order):
        if parents := node.parents:
            upstream = gradients[node]
            operands = node.record if operands_of is None else operands_of(node)
            locals_ = node.operation.derivatives(*operands)
            if type(locals_) is not tuple:
                if type(locals_) is not Replay:
                    locals_ = (locals_,)
                elif opens:
                    _hand_on_through(gradients, locals_.below(node), upstream, operands_of)
                    continue
                else:
                    locals_ = locals_.local_derivatives(node)
            position = 0  # counting takes half as long as zip for the usual two parents
            for local in locals_:
                gradients[parents[position]] += upstream * local
                position += 1  # noqa: SIM113


def _hand_on_through(
    gradients: dict[N, Any],
    nodes: Sequence[N],
    upstream: Any,
    operands_of: Callable[[N], Sequence[Any]] | None,
) -> None:
    """Hand the gradient of a node on through the graph that made it anew, and drop that graph."""
    gradients |= dict.fromkeys(nodes, type(upstream)())
    gradients[nodes[-1]] = upstream
    _hand_on(gradients, nodes, operands_of, opens=True)
    for node in nodes:
        del gradients[node]


def numeric_chain_rule(
    order: Sequence[N], seed: Number, as_sum: Callable[[Number], Any] | None = None
) -> dict[N, Any]:
    """Do the chain rule in numbers: in floats where an exact one is too large to mix with floats.

    ``as_sum`` makes the seed a number of another kind, such as one that keeps a log of the
    contributions, one for each parent of each node.
    """
    if isinstance(order[-1].record[0], float):
        seed = saturated(seed)
    kind, opens = as_sum or (lambda number: number), as_sum is None
    try:
        return chain_rule(order, kind(seed), opens=opens)
    except OverflowError:
        return chain_rule(order, kind(saturated(seed)), record_in_floats, opens=opens)


def record_in_floats(node: Any) -> list[float]:
    """Return what the forward pass saw at a node, in floats."""
    return [*map(closest_float, node.record)]


def is_same(number: Number, recorded: Number) -> bool:
    """Tell whether two numbers are the same; NaN is the same as NaN."""
    return number is recorded or number == recorded or (number != number and recorded != recorded)


def require_fresh(order: Sequence[N]) -> None:
    """Raise StaleGraphError if a node's data is no longer what the forward pass saw."""
    for node in order:
        for parent, recorded in zip(node.parents, node.record[1:], strict=True):
            if not is_same(parent.data, recorded):
                raise _stale(parent, recorded)
        if node.parents and not is_same(node.data, node.record[0]):
            raise _stale(node, node.record[0])


def _stale(node: Any, recorded: Number) -> StaleGraphError:
    name = node.label or ("a leaf" if not node.parents else f"the result of {node.op}")
    return StaleGraphError(
        f"{name} was {shown(recorded)} in the forward pass and is {shown(node.data)} now; "
        "call refresh(output) to compute the graph again, or build a new one"
    )


def forward_data(order: Sequence[Any]) -> dict[Any, Number]:
    """Return each node's data as the forward pass saw it, whatever was edited since."""
    seen = {node: node.record[0] for node in order}
    for node in order:
        for parent, number in zip(node.parents, node.record[1:], strict=True):
            if not parent.parents and is_same(seen[parent], parent.data):
                seen[parent] = number
    return seen


def ordered(name: str, output: Any) -> list[Any]:
    """Return the nodes of a Value's graph in topological order.

    Raises NotAGraphError for anything else, in the words of the function ``name``.
    """
    if not hasattr(output, "record"):
        kind = f"{type(output).__module__}.{type(output).__name__}".removeprefix("builtins.")
        raise NotAGraphError(f"{name} takes a Value of autograd; {output!r:.80} is of type {kind}")
    return topological_order(output)


class Stale(NamedTuple):
    """What a node holds for its gradient once the forward pass has run again."""

    number: Number


def mark_stale(node: Any) -> None:
    """Keep the gradient of a node, if it has one, but as one of an earlier forward pass."""
    held = getattr(node, "_grad", None)
    if held is not None and type(held) is not Stale:
        node._grad = Stale(held)


def refresh(output: Any) -> None:
    """Run the forward pass of ``output`` again, in place, with the leaves' current data.

    Gradients stay, but are stale (``grad_is_stale``) until a pass or an assignment writes them.
    Raises NoForwardRuleError for a one-off node, and DomainError where building the graph would;
    either way the graph is left as it was.
    """
    fresh: dict[Any, Number] = {}
    order = ordered("refresh", output)
    for node in order:
        if node.parents:
            numbers = [fresh[parent] for parent in node.parents]
            labels = [parent.label for parent in node.parents]
            fresh[node] = node.operation.evaluate(*numbers, names=labels)
        else:
            fresh[node] = node.data
    for node in order:
        node.data = fresh[node]
        node.record = (fresh[node], *[fresh[parent] for parent in node.parents])
        mark_stale(node)


def zero_grad(output: Any) -> None:
    """Forget the gradients of every node ``output`` depends on, leaves included."""
    for node in ordered("zero_grad", output):
        del node.grad


class NonFinite(NamedTuple):
    """The first node whose data is NaN or infinite, and the operands that made it so."""

    node: Any
    operands: tuple[Any, ...]

    def __repr__(self) -> str:
        node = self.node
        name = f"{node.label} = " if node.label else ""
        if not self.operands:
            return f"leaf {name}{shown(node.data)}"
        operands = ", ".join(
            f"{parent.label} = {shown(number)}" if parent.label else shown(number)
            for parent, number in zip(self.operands, node.record[1:], strict=True)
        )
        return f"{name}{shown(node.record[0])}, made by {node.op} of ({operands})"


def first_nonfinite(output: Any) -> NonFinite | None:
    """Return the first node, in topological order, whose data is NaN or infinite, or None.

    Asked is what the forward pass saw: after an optimizer's step weights may be NaN because of it.
    """
    order = ordered("first_nonfinite", output)
    seen = forward_data(order)
    for node in order:
        data = seen[node]
        if isinstance(data, float) and not math.isfinite(data):
            return NonFinite(node, node.parents)
    return None
