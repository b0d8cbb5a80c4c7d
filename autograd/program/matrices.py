"""Matrices found again: groups of steps as statements on arrays, in which rows are the last axis.

An array that varies by row has the shape (numbers, rows); one that does not has the shape of the
parameters it is made of. Raises IrregularError where no matrix can be found.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from math import prod
from typing import Any, TypeVar

from autograd.notation import PRODUCT, SIGN, SUM
from autograd.numeric import Number
from autograd.operation import OPERATIONS
from autograd.program.arrays import (
    Index,
    IrregularError,
    Place,
    block_of,
    named_arrays,
    parsed,
    part_of,
)
from autograd.program.expressions import template
from autograd.program.grouping import Group
from autograd.program.naming import Names, identifier, literal
from autograd.program.statements import (
    Expression,
    Read,
    Statement,
    add,
    listed,
    summed,
    times,
    whole,
)
from autograd.program.tracing import Trace
from autograd.value import Value

T = TypeVar("T")
Pieces = tuple[dict[tuple[str, str], list[tuple[int, int]]], tuple[int, ...]]

MOST_PARTS = 8  # of one statement, or of one group; more read no better than a flat program
BINDINGS = {"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT}


class Matrices:
    """The arrays of a program, and the statements that compute them, in order."""

    def __init__(self, trace: Trace, groups: Sequence[Group], names: Names) -> None:
        self.trace = trace
        self.names = names
        self.shapes: dict[str, Index] = {}
        self.arrays: list[str] = []  # their names, as they were made
        self.place: dict[int, Place] = {}
        self._known_pieces: dict[int, Pieces] = {}
        self.array_of_node: dict[Value, str] = {}
        self.tables: dict[str, str] = {}  # from the text of the numbers
        self.statements: list[Statement] = []
        self.parameters = self._leaves("parameter", "p")
        self.inputs = self._leaves("input", "x")
        for group in groups:
            for part in self._parts(group):
                self._write(group.kind, part)

    def _leaves(self, kind: str, unlabelled: str) -> dict[str, list[int]]:
        """Place the leaves of a kind in arrays; return which of them each array holds, in order."""
        steps = [step for step in range(len(self.trace)) if self.trace.kinds[step] == kind]
        labels = [self.trace.origins[step].label for step in steps]  # type: ignore[union-attr]
        arrays = named_arrays(labels, unlabelled, self.names)
        for name, (shape, members) in arrays.items():
            self.shapes[name] = (len(members),) if kind == "input" else shape
            self._put(name, [steps[k] for k in members])
        return {name: members for name, (_, members) in arrays.items()}

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
            pieces, bias = self._pieces(step)
            inputs = tuple(tuple(x for _, x in pairs) for pairs in pieces.values())
            is_diagonal = all(len(pairs) == 1 for pairs in pieces.values())
            return tuple(pieces), bias and self.source(bias[0]), is_diagonal or inputs
        if kind in ("dot", "total", "logsumexp", "cross_entropy") and len(operands) > MOST_PARTS:
            return tuple(sorted({self.source(operand) for operand in operands}))
        return tuple(map(self.source, operands))

    def _sort_key(self, step: int) -> list[int]:
        return [self.at(operand)[1] for operand in self.trace.operands[step]]

    def _put(self, name: str, steps: Sequence[int]) -> None:
        rank = len(self.arrays)
        self.arrays.append(name)
        self.place.update((step, (rank, k)) for k, step in enumerate(steps))

    def at(self, step: int) -> Place:
        """Return where a step is, constants before all others."""
        return self.place.get(step, (-1, 0))

    def source(self, step: int) -> str:
        """Return the array that a step is in, "" for a constant."""
        return self.arrays[self.place[step][0]] if step in self.place else ""

    def _pieces(self, step: int) -> Pieces:
        """Return the products of a linear step by the arrays they come from, and its bias."""
        if step in self._known_pieces:
            return self._known_pieces[step]
        operands = self.trace.operands[step]
        half = len(operands) // 2
        pieces: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
        pairs = zip(operands[:half], operands[half : 2 * half], strict=True)
        for w, x in sorted(pairs, key=lambda pair: self.at(pair[1])):
            pieces[self.source(w), self.source(x)].append((w, x))
        self._known_pieces[step] = pieces, operands[2 * half :]
        return self._known_pieces[step]

    # -- statements ----------------------------------------------------------------------------

    def _write(self, kind: str, steps: list[int]) -> None:
        write = {
            "linear": self._linear, "dot": self._dot, "total": self._total,
            "logsumexp": self._logsumexp, "cross_entropy": self._cross_entropy,
        }.get(kind)  # fmt: skip
        expression = write(steps) if write else self._elementwise(kind, steps)
        name = f"{self._wanted_name(kind, steps[0])}#{len(self.statements)}"
        self.shapes[name] = self._shape(steps, expression)
        self._put(name, steps)
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

    def _elementwise(self, kind: str, steps: list[int]) -> Expression:
        varying = self.trace.varies[steps[0]]
        columns = zip(*[self.trace.operands[step] for step in steps], strict=True)
        reads = [self.read(column, varying) for column in columns]
        row = OPERATIONS[kind].notation
        text = template("numpy", kind, len(reads))
        if row.numpy or not row.sign:
            return Expression(text, [read.within(0) for read in reads])
        if len(reads) == 1:
            return Expression(text, [reads[0].within(SIGN)], SIGN)
        binding = BINDINGS[row.sign]
        return Expression(text, [reads[0].within(binding), reads[1].within(binding + 1)], binding)

    def _linear(self, steps: list[int]) -> Expression:
        terms = []
        pieces = [self._pieces(step) for step in steps]
        for key in pieces[0][0]:
            lines = [found[key] for found, _ in pieces]
            if len({tuple(x for _, x in line) for line in lines}) == 1:
                inputs = [x for _, x in lines[0]]
                terms.append(self._product([[w for w, _ in line] for line in lines], inputs))
            else:
                terms.append(self._pointwise([line[0] for line in lines]))
        if pieces[0][1]:
            terms.append(whole(self.read([bias[0] for _, bias in pieces])))
        return add(terms)

    def _product(self, weights: list[list[int]], inputs: Sequence[int]) -> Expression:
        """Return ``W @ x``."""
        array, x = self.source(weights[0][0]), self.read(inputs, spread=False)
        if self.shapes.get(array) == ():
            if len(inputs) > 1:
                raise IrregularError
            return times(Read(array), x)
        if array:
            grid = [[self.place[w][1] for w in line] for line in weights]
            w = Read(array, block_of("", self.shapes[array], grid))
        else:
            w = Read(self.table([[self.trace.numbers[w] for w in line] for line in weights]))
        return times(w, x, "@")

    def _pointwise(self, pairs: Sequence[tuple[int, ...]], varying: bool = True) -> Expression:
        x, y = (self.read(steps, varying) for steps in zip(*pairs, strict=True))
        return times(x, y)

    def _dot(self, steps: list[int]) -> Expression:
        operands = [self.trace.operands[step] for step in steps]
        half, varying = len(operands[0]) // 2, self.trace.varies[steps[0]]
        lines = [list(zip(o[:half], o[half:], strict=True)) for o in operands]
        if not varying and len(steps) > 1 and len({o[half:] for o in operands}) == 1:
            return self._fixed_product([o[:half] for o in operands], operands[0][half:])
        if len(steps) == 1 and len(set(lines[0])) == half:
            parts = self._by_source(lines[0])
            if any(len(part) > 1 for part in parts):
                summing = self._summing(varying)
                return add([summing(part, self._pointwise(part, varying)) for part in parts])
        return add([self._pointwise(c, varying) for c in _few(zip(*lines, strict=True))])

    def _total(self, steps: list[int]) -> Expression:
        operands = [self.trace.operands[step] for step in steps]
        varying = self.trace.varies[steps[0]]
        if len(steps) == 1 and len(set(operands[0])) == len(operands[0]):
            parts = self._by_source([(step,) for step in operands[0]])
            if any(len(part) > 1 for part in parts):
                summing = self._summing(varying)
                reads = [self.read([step for (step,) in part], varying) for part in parts]
                return add([summing(p, whole(read)) for p, read in zip(parts, reads, strict=True)])
        columns = _few(zip(*operands, strict=True))
        return add([whole(self.read(column, varying)) for column in columns])

    def _by_source(self, lines: Iterable[tuple[int, ...]]) -> list[list[tuple[int, ...]]]:
        """Return tuples of steps, apart by the arrays they come from, and in their order."""
        found: dict[tuple[str, ...], list[tuple[int, ...]]] = defaultdict(list)
        for line in sorted(lines, key=lambda line: [*map(self.at, line)]):
            found[tuple(map(self.source, line))].append(line)
        return list(found.values())

    def _fixed_product(self, grid: Sequence[Sequence[int]], vector: Sequence[int]) -> Expression:
        """Return a matrix by a vector, both of them the same in every row."""
        (array,) = {self.source(w) for line in grid for w in line}
        taken = block_of(
            "", self.shapes[array], [[self.place[w][1] for w in line] for line in grid]
        )
        if self.source(vector[0]):
            x = self.read(vector, varying=False)
        else:
            x = Read(self.table([self.trace.numbers[step] for step in vector]))
        return times(Read(array, taken), x, "@")

    @staticmethod
    def _summing(varying: bool) -> Callable[[Sequence[Any], Expression], Expression]:
        """Return what adds up one part of a sum; a part of one member needs no adding up."""

        def summing(part: Sequence[Any], expression: Expression) -> Expression:
            is_number = not any(read.array for read in expression.reads)
            if len(part) == 1 and (varying or is_number):
                return expression
            if varying:
                return summed(expression)
            return Expression(f"({expression.text}).sum()", expression.reads)

        return summing

    def _logsumexp(self, steps: list[int]) -> Expression:
        if len(steps) > 1 or not self.trace.varies[steps[0]]:
            raise IrregularError
        operands = sorted(self.trace.operands[steps[0]], key=self.at)
        return Expression("logsumexp({0})[None]", [self.read(operands, spread=False).within(0)])

    def _cross_entropy(self, steps: list[int]) -> Expression:
        if len(steps) > 1 or not self.trace.varies[steps[0]]:
            raise IrregularError
        chosen, *scores = self.trace.operands[steps[0]]
        reads = [self.read([chosen]), self.read(sorted(scores, key=self.at), spread=False)]
        return Expression("cross_entropy({0}, {1})", [read.within(0) for read in reads])

    # -- operands ------------------------------------------------------------------------------

    def read(self, steps: Sequence[int], varying: bool = True, *, spread: bool = True) -> Read:
        """Return the part of an array that holds some steps.

        In a statement that varies by row it has the shape (numbers, rows) or (numbers, 1); in one
        that does not, it is a whole array. Where it is summed over, one number must not ``spread``
        to stand for several. Raises IrregularError if there is no such part.
        """
        sources = {self.source(step) for step in steps}
        if len(sources) > 1:
            raise IrregularError
        (array,) = sources
        if not array:
            numbers = [self.trace.numbers[step] for step in steps]
            return self._constants(numbers, varying, spread)
        shape, places = self.shapes[array], [self.place[step][1] for step in steps]
        if shape == ():
            if len(steps) > 1 and not spread:
                raise IrregularError
            return Read(array)
        if not varying:
            if places != list(range(prod(shape))):
                raise IrregularError(f"{array}{shape} at {places}")
            return Read(array)
        if self.trace.varies[steps[0]]:
            return Read(array, part_of("", shape, places, spread=spread))
        taken = part_of("", (prod(shape),), places, spread=spread)
        return Read(array, f"{'.ravel()' if len(shape) > 1 else ''}{taken}[:, None]")

    def _constants(self, numbers: Sequence[Number], varying: bool, spread: bool) -> Read:
        if len(set(map(repr, numbers))) == 1 and (spread or len(numbers) == 1):
            return Read("", literal(numbers[0]))
        if not varying:
            raise IrregularError
        return Read(self.table([[number] for number in numbers]))

    def table(self, numbers: Any) -> str:
        """Return the name of a constant array."""
        return self.tables.setdefault(listed(numbers), f"C{len(self.tables)}")

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


def _few(columns: Iterable[T]) -> list[T]:
    listed = list(columns)
    if len(listed) > MOST_PARTS:
        raise IrregularError
    return listed
