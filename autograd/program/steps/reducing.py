"""Reducing: what is wanted are sums over rows, and most of a gradient is a sum of products.

A sum over rows of u·x needs no step for the product: for a whole matrix of weights it is one
matrix product, of the gradients by the inputs. So the steps that only lead to such sums go.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from autograd.program.steps.expressions import halves
from autograd.program.steps.tracing import Trace


class RowSum(NamedTuple):
    """An output summed over rows: Σ step + Σ step·step, and what is the same in every row.

    products   pairs of steps, of which the products are summed
    singles    steps that are summed
    fixed      steps that do not vary, counted once in a mean
    """

    products: tuple[tuple[int, int], ...]
    singles: tuple[int, ...]
    fixed: tuple[int, ...]

    @property
    def read(self) -> list[int]:
        """The steps that it is made of."""
        return [*self.singles, *self.fixed, *[step for pair in self.products for step in pair]]


def row_sums(trace: Trace, outputs: Sequence[int]) -> list[RowSum]:
    """Return each output as a sum over rows, split as far as nothing else needs its parts."""
    uses = _uses(trace, outputs)
    return [_split(trace, output, uses) for output in outputs]


def _split(trace: Trace, output: int, uses: Sequence[int]) -> RowSum:
    products: list[tuple[int, int]] = []
    singles: list[int] = []
    fixed: list[int] = []
    ahead = [output]
    while ahead:
        step = ahead.pop()
        kind, operands = trace.kinds[step], trace.operands[step]
        if not trace.varies[step]:
            fixed.append(step)
        elif uses[step] > 1:
            singles.append(step)
        elif kind in ("+", "total"):
            ahead += operands
        elif kind == "*" and all(trace.varies[operand] for operand in operands):
            products.append((operands[0], operands[1]))
        elif kind == "dot":
            xs, ys, _ = halves(operands)
            products += zip(xs, ys, strict=True)
        else:
            singles.append(step)
    return RowSum(tuple(sorted(products)), tuple(sorted(singles)), tuple(sorted(fixed)))


def _uses(trace: Trace, outputs: Sequence[int]) -> list[int]:
    """Return how often each step is used: by another step that is needed, or as an output."""
    uses = [0] * len(trace)
    for output in outputs:
        uses[output] += 1
    for step in reversed(range(len(trace))):
        if uses[step]:
            for operand in trace.operands[step]:
                uses[operand] += 1
    return uses


def needed(trace: Trace, wanted: Iterable[int]) -> list[int]:
    """Return the steps that ``wanted`` depend on, themselves included, in order."""
    marked = [False] * len(trace)
    for step in wanted:
        marked[step] = True
    for step in reversed(range(len(trace))):
        if marked[step]:
            for operand in trace.operands[step]:
                marked[operand] = True
    return [step for step in range(len(trace)) if marked[step]]


def needed_for(trace: Trace, sums: Sequence[RowSum]) -> list[int]:
    """Return the steps that are left to compute."""
    return needed(trace, [step for row_sum in sums for step in row_sum.read])
