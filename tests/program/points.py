"""Points at which versions of the operations are held against the table of operations.

What an error is measured in is told there too: eps times the sum |g| + Σ|x ∂g/∂x|.
"""

import itertools
import math
import random

from autograd import DomainError, ops
from autograd.numeric import saturated
from autograd.ops import Operation
from tests.cases import CASES, OUTSIDE, SPECIAL

EPS, SMALLEST = 2.0**-52, 5e-324
inf, nan = math.inf, math.nan

CONSTANTS = {  # the last operands, which are whole numbers and the same everywhere
    ops.power_log: [(1,), (2,), (3,)],
    ops.power_partial: [(k, n) for k in range(4) for n in range(3) if k + n],
    ops.normal_density: [(0,), (1,), (2,), (5,)],
}
EDGES = [
    0.0, 5e-324, 1e-308, 1e-160, 1e-20, 0.5, 1 - EPS, 1.0, 1 + EPS, 1.5, 2.0, 3.0, 20.0, 37.5,
    710.0, 745.1, 1025.0, 1e20, 1e155, 1.7e308, inf,
]  # fmt: skip
EDGES += [-x for x in EDGES] + [nan]
FEW_EDGES = [nan, *[sign * x for sign in (1, -1) for x in (0.0, 1e-20, 1.0, 40.0, 1e308, inf)]]

Point = tuple[float, ...]


def constants_of(row: Operation, point: Point) -> Point:
    return point[len(point) - len(CONSTANTS.get(row, [()])[0]) :]


def points_of(row: Operation) -> list[Point]:
    """Return the points of the tables, all combinations of the edges, and random numbers."""
    rng = random.Random(row.name)
    points: list[Point] = [
        point for case in CASES if case.operation is row for point, _ in case.points
    ]
    points += [
        tuple(map(saturated, special.operands))
        for special in (*SPECIAL, *OUTSIDE)
        if special.operation is row
    ]
    size = (row.arity or 3) - len(CONSTANTS.get(row, [()])[0])
    plain = [*itertools.product(EDGES if size < 3 else FEW_EDGES, repeat=size)]
    for _ in range(400):
        plain.append(tuple(rng.choice((-1, 1)) * 10 ** rng.uniform(-308, 308) for _ in range(size)))
        plain.append(tuple(rng.gauss(0, 3) for _ in range(size)))
    return points + [(*x, *constants) for x in plain for constants in CONSTANTS.get(row, [()])]


def value_at(row: Operation, point: Point) -> float | None:
    """Return the value that the table of operations gives, None outside the domain."""
    try:
        return float(row(*point))
    except DomainError:
        return None


def allowed_error(row: Operation, point: Point, value: float) -> float:
    slopes = row.derivatives(value, *point)
    slopes = slopes if isinstance(slopes, tuple) else (slopes,)
    terms = [abs(x * slope) for x, slope in zip(point, slopes, strict=True)]
    # one that overflows, or is NaN, allows nothing
    units = EPS * abs(value) + sum(EPS * term for term in terms if term < inf)
    return 4 * row.accuracy * (units + SMALLEST)


def agree(got: float, expected: float, allowed: float) -> bool:
    if expected != expected or math.isinf(expected) or got == 0 == expected:
        return repr(got) == repr(expected)  # which tells -0.0 from 0.0
    return abs(got - expected) <= allowed
