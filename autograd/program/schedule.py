"""The schedule of a graph, unreduced: every node's value and every edge's local derivative.

A page that lets somebody change a leaf computes all of them again, and the chain rule over them is
a loop: each node, from the last, adds to each parent its upstream gradient × local derivative.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from autograd.graph import require_fresh, topological_order
from autograd.program.tracing import Trace, Traced
from autograd.value import Value


class Schedule(NamedTuple):
    """What to compute for all numbers of a graph.

    nodes    in topological order, the output last
    leaves   those that take a number, in the order in which they are given
    traced   a step for the value of each node; then, node by node, one for each local derivative
    """

    nodes: list[Value]
    leaves: list[Value]
    traced: Traced


def scheduled(output: Value) -> Schedule:
    """Return the schedule of the graph of ``output``.

    Raises StaleGraphError if data was edited, NoForwardRuleError for a one-off operation.
    """
    nodes = topological_order(output)
    require_fresh(nodes)
    leaves = [node for node in nodes if not node.parents and not node.is_constant]
    trace, steps = Trace(), dict[Value, int]()
    for position, leaf in enumerate(leaves):
        steps[leaf] = trace.add("input", (), position)
        trace.origins[steps[leaf]] = leaf
    trace.extend([output], steps)
    derivatives = [local for node in nodes for local in _local_derivatives(node)]
    trace.extend([local for local in derivatives if isinstance(local, Value)], steps)
    found = [
        steps[local] if isinstance(local, Value) else trace.constant(local) for local in derivatives
    ]
    return Schedule(nodes, leaves, Traced(trace, [*[steps[node] for node in nodes], *found]))


def _local_derivatives(node: Value) -> Sequence[Any]:
    """Return ∂node/∂parent for each parent, as Values where they vary."""
    if not node.parents:
        return ()
    operands = [parent.data if parent.is_constant else parent for parent in node.parents]
    found = node.operation.derivatives(node, *operands)
    return found if isinstance(found, tuple) else (found,)
