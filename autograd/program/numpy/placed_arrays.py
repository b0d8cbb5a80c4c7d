"""Placed arrays: which array holds each number of a program, and how a statement reads it."""

from collections import defaultdict
from collections.abc import Sequence
from math import prod
from typing import Any

from autograd.numeric import Number
from autograd.program.numpy.arrays import Index, IrregularError, Place, named_arrays, part_of
from autograd.program.numpy.statements import Read, listed
from autograd.program.steps import Names, Trace, halves, literal

Pieces = tuple[dict[tuple[str, str], list[tuple[int, int]]], Sequence[int]]


class PlacedArrays:
    """The arrays of a program, their shapes without rows, and where in them each step stands."""

    def __init__(self, trace: Trace, names: Names) -> None:
        self.trace = trace
        self.names = names
        self.shapes: dict[str, Index] = {}
        self.arrays: list[str] = []  # their names, as they were made
        self.place: dict[int, Place] = {}
        self.tables: dict[str, str] = {}  # the names of constant arrays, by the text of the numbers
        self._known_pieces: dict[int, Pieces] = {}
        self.parameters = self._leaves("parameter", "p")
        self.inputs = self._leaves("input", "x")

    def _leaves(self, kind: str, unlabelled: str) -> dict[str, list[int]]:
        """Place the leaves of a kind in arrays; return which of them each array holds, in order."""
        steps = self.trace.steps_of(kind)
        labels = [self.trace.origins[step].label for step in steps]  # type: ignore[union-attr]
        arrays = named_arrays(labels, unlabelled, self.names)
        for name, (shape, members) in arrays.items():
            self.shapes[name] = (len(members),) if kind == "input" else shape
            self.put(name, [steps[k] for k in members])
        return {name: members for name, (_, members) in arrays.items()}

    def put(self, name: str, steps: Sequence[int]) -> None:
        """Let an array hold some steps, in their order."""
        rank = len(self.arrays)
        self.arrays.append(name)
        self.place.update((step, (rank, k)) for k, step in enumerate(steps))

    def at(self, step: int) -> Place:
        """Return where a step is, constants before all others."""
        return self.place.get(step, (-1, 0))

    def source(self, step: int) -> str:
        """Return the array that a step is in, "" for a constant."""
        return self.arrays[self.place[step][0]] if step in self.place else ""

    def pieces(self, step: int) -> Pieces:
        """Return the products of a linear step by the arrays they come from, and its bias."""
        if step in self._known_pieces:
            return self._known_pieces[step]
        weights, inputs, bias = halves(self.trace.operands[step])
        found: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
        pairs = zip(weights, inputs, strict=True)
        for w, x in sorted(pairs, key=lambda pair: self.at(pair[1])):
            found[self.source(w), self.source(x)].append((w, x))
        self._known_pieces[step] = found, bias
        return self._known_pieces[step]

    # -- reading -------------------------------------------------------------------------------

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
                raise IrregularError
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
