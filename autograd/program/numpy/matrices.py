"""Matrices found again: groups of steps as statements on arrays, in which rows are the last axis.

An array that varies by row has the shape (numbers, rows); one that does not has the shape of the
parameters it is made of. Raises IrregularError where no matrix can be found.
"""

import re
from collections import defaultdict
from collections.abc import Sequence

from autograd.program.numpy.array_formulas import MOST_PARTS, expression_of
from autograd.program.numpy.arrays import Index, parsed
from autograd.program.numpy.placed_arrays import PlacedArrays
from autograd.program.numpy.statements import Expression, Statement
from autograd.program.steps import Group, Names, Trace, identifier, takes_many
from autograd.value import Value


class Matrices(PlacedArrays):
    """The arrays of a program, and the statements that compute them, in order."""

    def __init__(self, trace: Trace, groups: Sequence[Group], names: Names) -> None:
        super().__init__(trace, names)
        self.statements: list[Statement] = []
        self.array_of_node: dict[Value, str] = {}
        for group in groups:
            for part in self._parts(group):
                self._write(group.kind, part)

    # -- which steps of a group can be one statement -------------------------------------------

    def _parts(self, group: Group) -> list[list[int]]:
        """Return a group, split so that each operand of a part comes from one array."""
        found: dict[object, list[int]] = defaultdict(list)
        for step in group.steps:
            found[self._signature(group.kind, step)].append(step)
        return [sorted(part, key=self._sort_key) for part in found.values()]

    def _signature(self, kind: str, step: int) -> object:
        operands = self.trace.operands[step]
        if kind == "linear":
            pieces, bias = self.pieces(step)
            inputs = tuple(tuple(x for _, x in pairs) for pairs in pieces.values())
            is_diagonal = all(len(pairs) == 1 for pairs in pieces.values())
            return tuple(pieces), bias and self.source(bias[0]), is_diagonal or inputs
        if takes_many(kind) and len(operands) > MOST_PARTS:
            return tuple(sorted({self.source(operand) for operand in operands}))
        return tuple(map(self.source, operands))

    def _sort_key(self, step: int) -> list[int]:
        return [self.at(operand)[1] for operand in self.trace.operands[step]]

    # -- statements ----------------------------------------------------------------------------

    def _write(self, kind: str, steps: list[int]) -> None:
        expression = expression_of(self, kind, steps)
        name = f"{self._wanted_name(kind, steps[0])}#{len(self.statements)}"
        self.shapes[name] = self._shape(steps, expression)
        self.put(name, steps)
        origins = [self.trace.origins[step] for step in steps]
        self.array_of_node.update((node, name) for node in origins if node is not None)
        self.statements.append(Statement(name, expression, steps))

    def _shape(self, steps: Sequence[int], expression: Expression) -> Index:
        """Return the shape of a statement, without rows; what is fixed has that of a parameter."""
        if self.trace.varies[steps[0]]:
            return (len(steps),)
        if "@" in expression.text:
            return (len(steps),)
        if ".sum()" in expression.text:
            return ()
        shapes = [self.shapes[read.array] for read in expression.reads if read.array in self.shapes]
        return max(shapes, key=len, default=())

    # -- names ---------------------------------------------------------------------------------

    def _wanted_name(self, kind: str, step: int) -> str:
        """Return a name for the array of a step: its label or layer, ``d_`` for a gradient."""
        node = self.trace.gradient_of.get(step) if step >= self.trace.n_forward else None
        if node is not None and node in self.array_of_node:
            return f"d_{self.array_of_node[node]}"
        origin = self.trace.origins[step]
        if origin is not None and origin.label:
            return identifier(parsed(origin.label)[0]) or "t"
        path = origin.scope.path if origin is not None and hasattr(origin, "scope") else ""
        layer = re.match(r"(?:.*\.)?layer(\d+)", path)
        letter = {"linear": "z"}.get(kind, "h" if layer else "t")
        return letter + (layer[1] if layer else "")
