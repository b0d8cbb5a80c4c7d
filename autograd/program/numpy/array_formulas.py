"""Formulas on arrays: what computes the steps of one statement, all of one kind."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from autograd.notation import PRODUCT, SIGN, SUM
from autograd.operation import OPERATIONS
from autograd.program.numpy.arrays import IrregularError, block_of
from autograd.program.numpy.placed_arrays import PlacedArrays
from autograd.program.numpy.statements import Expression, Read, add, summed, times, whole
from autograd.program.steps import halves, template

T = TypeVar("T")

MOST_PARTS = 8  # of one statement; more read no better than a flat program
BINDINGS = {"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT}


def expression_of(a: PlacedArrays, kind: str, steps: list[int]) -> Expression:
    """Return what computes some steps of one kind; raises IrregularError where arrays cannot."""
    special = SPECIAL.get(kind)
    return special(a, steps) if special else _elementwise(a, kind, steps)


def _elementwise(a: PlacedArrays, kind: str, steps: list[int]) -> Expression:
    varying = a.trace.varies[steps[0]]
    columns = zip(*[a.trace.operands[step] for step in steps], strict=True)
    reads = [a.read(column, varying) for column in columns]
    row = OPERATIONS[kind].notation
    text = template("numpy", kind, len(reads))
    if row.numpy or not row.sign:
        return Expression(text, [read.within(0) for read in reads])
    if len(reads) == 1:
        return Expression(text, [reads[0].within(SIGN)], SIGN)
    binding = BINDINGS[row.sign]
    return Expression(text, [reads[0].within(binding), reads[1].within(binding + 1)], binding)


def _linear(a: PlacedArrays, steps: list[int]) -> Expression:
    terms = []
    pieces = [a.pieces(step) for step in steps]
    for key in pieces[0][0]:
        lines = [found[key] for found, _ in pieces]
        if len({tuple(x for _, x in line) for line in lines}) == 1:
            inputs = [x for _, x in lines[0]]
            terms.append(_product(a, [[w for w, _ in line] for line in lines], inputs))
        else:
            terms.append(_pointwise(a, [line[0] for line in lines]))
    if pieces[0][1]:
        terms.append(whole(a.read([bias[0] for _, bias in pieces])))
    return add(terms)


def _product(a: PlacedArrays, weights: list[list[int]], inputs: Sequence[int]) -> Expression:
    """Return ``W @ x``."""
    array, x = a.source(weights[0][0]), a.read(inputs, spread=False)
    if a.shapes.get(array) == ():
        if len(inputs) > 1:
            raise IrregularError
        return times(Read(array), x)
    if array:
        grid = [[a.place[w][1] for w in line] for line in weights]
        w = Read(array, block_of("", a.shapes[array], grid))
    else:
        w = Read(a.table([[a.trace.numbers[w] for w in line] for line in weights]))
    return times(w, x, "@")


def _pointwise(
    a: PlacedArrays, pairs: Sequence[tuple[int, ...]], varying: bool = True
) -> Expression:
    x, y = (a.read(steps, varying) for steps in zip(*pairs, strict=True))
    return times(x, y)


def _dot(a: PlacedArrays, steps: list[int]) -> Expression:
    varying = a.trace.varies[steps[0]]
    halved = [halves(a.trace.operands[step]) for step in steps]
    if not varying and len(steps) > 1 and len({ys for _, ys, _ in halved}) == 1:
        return _fixed_product(a, [xs for xs, _, _ in halved], halved[0][1])
    lines = [list(zip(xs, ys, strict=True)) for xs, ys, _ in halved]
    if parts := _parts_of_a_sum(a, lines):
        return add([_summed(part, _pointwise(a, part, varying), varying) for part in parts])
    return add([_pointwise(a, column, varying) for column in _few(zip(*lines, strict=True))])


def _total(a: PlacedArrays, steps: list[int]) -> Expression:
    varying = a.trace.varies[steps[0]]
    lines = [[(operand,) for operand in a.trace.operands[step]] for step in steps]

    def read(part: Sequence[tuple[int, ...]]) -> Expression:
        return whole(a.read([step for (step,) in part], varying))

    if parts := _parts_of_a_sum(a, lines):
        return add([_summed(part, read(part), varying) for part in parts])
    return add([read(column) for column in _few(zip(*lines, strict=True))])


def _parts_of_a_sum(
    a: PlacedArrays, lines: Sequence[Sequence[tuple[int, ...]]]
) -> list[list[tuple[int, ...]]]:
    """Return the terms of a single sum by the arrays they come from, and in their order.

    An empty list for several sums, where a term is there twice, and where no two go together.
    """
    if len(lines) > 1 or len(set(lines[0])) < len(lines[0]):
        return []
    found: dict[tuple[str, ...], list[tuple[int, ...]]] = defaultdict(list)
    for term in sorted(lines[0], key=lambda term: [*map(a.at, term)]):
        found[tuple(map(a.source, term))].append(term)
    parts = list(found.values())
    return parts if any(len(part) > 1 for part in parts) else []


def _summed(part: Sequence[Any], expression: Expression, varying: bool) -> Expression:
    """Return the sum over one part of a sum; a part of one term needs none."""
    is_number = not any(read.array for read in expression.reads)
    if len(part) == 1 and (varying or is_number):
        return expression
    return (
        summed(expression)
        if varying
        else Expression(f"({expression.text}).sum()", expression.reads)
    )


def _fixed_product(
    a: PlacedArrays, grid: Sequence[Sequence[int]], vector: Sequence[int]
) -> Expression:
    """Return a matrix by a vector, both of them the same in every row."""
    (array,) = {a.source(w) for line in grid for w in line}
    taken = block_of("", a.shapes[array], [[a.place[w][1] for w in line] for line in grid])
    if a.source(vector[0]):
        x = a.read(vector, varying=False)
    else:
        x = Read(a.table([a.trace.numbers[step] for step in vector]))
    return times(Read(array, taken), x, "@")


def _logsumexp(a: PlacedArrays, steps: list[int]) -> Expression:
    if len(steps) > 1 or not a.trace.varies[steps[0]]:
        raise IrregularError
    operands = sorted(a.trace.operands[steps[0]], key=a.at)
    return Expression("logsumexp({0})[None]", [a.read(operands, spread=False).within(0)])


def _cross_entropy(a: PlacedArrays, steps: list[int]) -> Expression:
    if len(steps) > 1 or not a.trace.varies[steps[0]]:
        raise IrregularError
    chosen, *scores = a.trace.operands[steps[0]]
    reads = [a.read([chosen]), a.read(sorted(scores, key=a.at), spread=False)]
    return Expression("cross_entropy({0}, {1})", [read.within(0) for read in reads])


def _few(columns: Iterable[T]) -> list[T]:
    few = list(columns)
    if len(few) > MOST_PARTS:
        raise IrregularError
    return few


SPECIAL: dict[str, Callable[[PlacedArrays, list[int]], Expression]] = {
    "linear": _linear,
    "dot": _dot,
    "total": _total,
    "logsumexp": _logsumexp,
    "cross_entropy": _cross_entropy,
}
