"""Sums over rows as matrices: Σ u·x of all rows, for a matrix of weights, is U @ X.T."""

from collections.abc import Sequence

from autograd.notation import PRODUCT, TIGHTEST
from autograd.program.numpy.arrays import Index, IrregularError
from autograd.program.numpy.matrices import Matrices
from autograd.program.numpy.statements import Expression, add, times, whole
from autograd.program.steps import RowSum


def mean_of(m: Matrices, row_sum: RowSum) -> Expression:
    """Return the mean of one output over the rows."""
    summed = [_sum_of_all(times(m.read([x]), m.read([y]))) for x, y in row_sum.products]
    summed += [Expression("{0}.sum()", [m.read([step])]) for step in row_sum.singles]
    terms = [*_over_rows(summed), *[_number(m, step) for step in row_sum.fixed]]
    return add(terms) if terms else Expression("0.0", [])


def _sum_of_all(expression: Expression) -> Expression:
    return Expression(f"({expression.text}).sum()", expression.reads)


def _over_rows(summed: Sequence[Expression]) -> list[Expression]:
    """Return the mean of the rows of some sums over them, if there are any."""
    if not summed:
        return []
    joined = add(summed)
    text = joined.text if len(summed) == 1 else f"({joined.text})"
    return [Expression(f"{text} / rows", joined.reads, PRODUCT)]


def _number(m: Matrices, step: int) -> Expression:
    """Return one number that is the same in every row."""
    read = m.read([step], varying=False)
    is_number = not read.array or m.shapes[read.array] == ()
    return whole(read) if is_number else Expression("{0}.sum()", [read])


def means_of(m: Matrices, shape: Index, sums: Sequence[RowSum]) -> Expression:
    """Return the means that make up the gradient of one array of parameters.

    Raises IrregularError unless all have equally many terms, from the same arrays.
    """
    counts = {(len(s.products), len(s.singles), len(s.fixed)) for s in sums}
    if len(counts) > 1:
        raise IrregularError
    products = [_in_order(m, s.products) for s in sums]
    summed = [_products(m, shape, column) for column in zip(*products, strict=True)]
    for column in zip(*[sorted(s.singles, key=m.at) for s in sums], strict=True):
        summed.append(_singles(m, shape, column))
    terms = _over_rows(summed)
    for column in zip(*[s.fixed for s in sums], strict=True):
        terms.append(_fixed(m, column, shape))
    return add(terms) if terms else Expression(f"np.zeros({shape})", [])


def _in_order(m: Matrices, products: Sequence[tuple[int, int]]) -> Sequence[tuple[int, int]]:
    """Return products in the order of their arrays, so that those of two gradients match."""
    if len(products) == 1:  # of a layer, each
        return products
    return sorted(products, key=lambda pair: [*map(m.at, pair)])


def _products(m: Matrices, shape: Index, pairs: Sequence[tuple[int, int]]) -> Expression:
    """Return Σ u·x over the rows, for each place of an array."""
    if len(shape) == 2:
        height, width = shape
        lines = [pairs[k * width : (k + 1) * width] for k in range(height)]
        for left, right in ((0, 1), (1, 0)):
            us = [line[0][left] for line in lines]
            xs = [pair[right] for pair in lines[0]]
            if all(
                p[left] == u and p[right] == x
                for u, line in zip(us, lines, strict=True)
                for p, x in zip(line, xs, strict=True)
            ):
                u, x = m.read(us), m.read(xs)
                return Expression("{0} @ {1}.T", [u.within(PRODUCT), x.within(TIGHTEST)], PRODUCT)
        raise IrregularError
    lefts, rights = zip(*pairs, strict=True)
    summed = "sum()" if shape == () else "sum(axis=1)"
    product = times(m.read(lefts), m.read(rights))
    return Expression(f"({product.text}).{summed}", product.reads)


def _singles(m: Matrices, shape: Index, steps: Sequence[int]) -> Expression:
    if len(shape) == 2:
        raise IrregularError
    if shape != () and len(set(steps)) < len(steps):
        raise IrregularError
    return Expression("{0}.sum()" if shape == () else "{0}.sum(axis=1)", [m.read(steps)])


def _fixed(m: Matrices, steps: Sequence[int], shape: Index) -> Expression:
    read = m.read(steps, varying=False)
    if read.array and m.shapes[read.array] not in (shape, ()):
        raise IrregularError
    return whole(read)
