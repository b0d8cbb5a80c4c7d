"""The graph itself, run again with other numbers: slow, and right by definition.

It names the row and the node where a program goes wrong.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from autograd.calculus import gradients
from autograd.errors import DomainError
from autograd.graph import first_nonfinite, topological_order
from autograd.numeric import Number, shown
from autograd.value import Value


class Graph(NamedTuple):
    """What is compiled: outputs, and the leaves that take numbers."""

    outputs: Sequence[Value]
    inputs: Sequence[Value]
    parameters: Sequence[Value]

    @property
    def holds_fractions(self) -> bool:
        """Whether more than constants are fractions: the 1/n of a mean does no harm to floats."""
        nodes = (node for node in topological_order(*self.outputs) if not node.is_constant)
        return any(isinstance(node.data, Fraction) for node in nodes)

    def renewed(self) -> "Graph":
        """Return the same graph, made anew of the leaves' current data."""
        return self.with_numbers([p.data for p in self.parameters], [x.data for x in self.inputs])

    def with_numbers(self, parameters: Sequence[Number], row: Sequence[Number]) -> "Graph":
        """Return the graph made anew of other numbers.

        Raises DomainError where an operation is undefined for these numbers.
        """
        fresh: dict[Value, Value] = {}
        leaves = [*self.inputs, *self.parameters]
        for leaf, number in zip(leaves, [*row, *parameters], strict=True):
            fresh[leaf] = Value(number, label=leaf.label)
        for node in topological_order(*self.outputs):
            if node.parents:
                operands = tuple(fresh[parent] for parent in node.parents)
                fresh[node] = Value.record_operation(node.operation, operands)
                fresh[node].label = node.label
                if hasattr(node, "scope"):
                    fresh[node].scope = node.scope
            else:
                fresh.setdefault(node, node)
        return Graph(*[[fresh[node] for node in nodes] for nodes in self])

    # -- row by row ----------------------------------------------------------------------------

    def run(
        self, parameters: Sequence[Number], rows: Sequence[Sequence[Number]]
    ) -> tuple[Number, list[Number]]:
        """Return the mean output and its gradient in each parameter, as the engine has them."""
        total: Number = 0
        sums: list[Number] = [0] * len(parameters)
        for k, row in enumerate(rows):
            graph = self.of_row(k, parameters, row)
            total += graph.outputs[0].data
            slopes = gradients(graph.outputs[0], graph.parameters)
            sums = [s + g for s, g in zip(sums, slopes, strict=True)]
        return total / len(rows), [s / len(rows) for s in sums]

    def of_row(self, k: int, parameters: Sequence[Number], row: Sequence[Number]) -> "Graph":
        """Return the graph of row ``k``; raises DomainError, naming the row."""
        try:
            return self.with_numbers(parameters, row)
        except DomainError as error:
            raise type(error)(f"{self.called(k, row)}: {error}") from None

    def why_nan(self, k: int, parameters: Sequence[Number], row: Sequence[Number]) -> str:
        """Return a sentence on where row ``k`` becomes NaN."""
        found = first_nonfinite(self.with_numbers(parameters, row).outputs[0])
        if found is None:
            return f"{self.called(k, row)}: the data is finite, but a derivative is nan"
        return f"{self.called(k, row)}: the first number that is not finite is {found}"

    def called(self, k: int, row: Sequence[Number]) -> str:
        """Return row ``k`` as ``row 3 (x0 = 1.0, y = -1.0)``."""
        if not row:
            return "with these parameters"
        names = [leaf.label or f"input {i}" for i, leaf in enumerate(self.inputs)]
        known = [f"{name} = {shown(number)}" for name, number in zip(names, row, strict=True)]
        return f"row {k} ({', '.join(known[:6])}{', …' if len(known) > 6 else ''})"


def name_of(leaf: Value) -> str:
    """Return what messages call a leaf."""
    return leaf.label or repr(leaf)
