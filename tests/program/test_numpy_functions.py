"""NumPy's versions of the operations beside those of one number, place by place.

The oracle is the table of operations, which the tests of the engine hold against mpmath. What an
error is measured in is told there too: eps times the sum |g| + Σ|x ∂g/∂x|.
"""

import ast
import inspect
import itertools
import math
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd import DomainError, ops
from autograd.numeric import saturated
from autograd.ops import OPERATIONS, Operation
from autograd.program import numpy_functions
from tests.cases import CASES, OUTSIDE, SPECIAL

EPS, SMALLEST = 2.0**-52, 5e-324
inf, nan = math.inf, math.nan

WRITTEN_OUT = {"+", "-", "*", "/", "neg", "pos", "total", "mean", "dot"}
ROWS = [row for row in OPERATIONS.values() if row.name not in WRITTEN_OUT]
every_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)

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


def function_of(row: Operation) -> Callable[..., Any]:
    function: Callable[..., Any] = getattr(numpy_functions, {"**": "power"}.get(row.name, row.name))
    return function


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


def called_with_columns(row: Operation, columns: list[Any], constants: Point = ()) -> Any:
    operands = [*columns, *constants]
    if row.arity is None:
        operands = [np.array(columns)]
    if row is ops.cross_entropy_of:
        operands = [columns[0], np.array(columns[1:])]
    return function_of(row)(*operands)


def values_in_lanes(row: Operation, points: list[Point]) -> list[float]:
    """Return the values at ``points``, those of equal constants computed together."""
    values: dict[str, float] = {}
    for size, constants in {(len(point), constants_of(row, point)) for point in points}:
        lanes = [p for p in points if (len(p), constants_of(row, p)) == (size, constants)]
        columns = [np.array(column, dtype=float) for column in zip(*lanes, strict=True)]
        columns = columns[: size - len(constants)]
        got = called_with_columns(row, columns, constants)
        values.update(zip(map(repr, lanes), got.tolist(), strict=True))
    return [values[repr(point)] for point in points]


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


def test_every_operation_but_those_that_are_written_out_has_a_function() -> None:
    assert set(OPERATIONS) > WRITTEN_OUT
    for row in ROWS:
        assert callable(function_of(row))
        assert function_of(row).__doc__


@every_row
def test_every_lane_agrees_with_the_operation_on_numbers(row: Operation) -> None:
    points = points_of(row)
    with np.errstate(all="ignore"):
        lanes = values_in_lanes(row, points)
    for point, got in zip(points, lanes, strict=True):
        expected = value_at(row, point)
        if expected is None:
            assert not math.isfinite(got), point
        else:
            assert agree(got, expected, allowed_error(row, point, expected)), (point, got, expected)


@every_row
def test_a_flag_tells_of_a_lane_outside_the_domain(row: Operation) -> None:
    outside = [point for point in points_of(row) if value_at(row, point) is None]
    assert bool(outside) == (row.domain is not None)
    for point in outside:
        lanes = [(0.5,) * len(point)] * 8 + [point]
        with np.errstate(all="ignore", invalid="raise", divide="raise"):
            values_in_lanes(row, lanes[:8])
            with pytest.raises(FloatingPointError):
                values_in_lanes(row, lanes)


@every_row
def test_no_flag_tells_of_what_has_a_value(row: Operation) -> None:
    """NaN has one, NaN. Of two operands neither is infinite: NumPy flags 0**-inf."""
    fine = [
        point
        for point in points_of(row)
        if (value := value_at(row, point)) is not None
        if value == value or any(map(math.isnan, point))
        if row.arity != 2 or not any(map(math.isinf, point))
    ]
    with np.errstate(all="ignore", invalid="raise", divide="raise"):
        values_in_lanes(row, fine)


@every_row
def test_operands_are_broadcast_and_kept(row: Operation) -> None:
    constants = CONSTANTS.get(row, [()])[-1]
    size = (row.arity or 3) - len(constants)
    column, line = np.array([[0.25], [0.5], [0.75]]), np.array([0.1, 0.2, 0.3, 0.4])
    columns = [column, line, np.float64(0.5)][:size]
    if row.arity is None:
        columns = list(np.broadcast_arrays(*columns))
    got = called_with_columns(row, columns, constants)
    assert got.dtype == np.float64
    assert got.shape == np.broadcast_shapes(*map(np.shape, columns))
    for place in np.ndindex(got.shape):
        point = tuple(float(x[place]) for x in np.broadcast_arrays(*columns))
        one = called_with_columns(row, [np.float64(x) for x in point], constants)
        assert np.shape(one) == ()
        assert one == pytest.approx(got[place], rel=1e-14, abs=0)
    assert column.tolist() == [[0.25], [0.5], [0.75]]
    assert line.tolist() == [0.1, 0.2, 0.3, 0.4]


@pytest.mark.parametrize("row", CONSTANTS, ids=lambda row: row.name)
def test_constants_may_be_arrays_of_one_value(row: Operation) -> None:
    x = np.array([0.5, 1.5])
    constants = CONSTANTS[row][-1]
    columns = [x] * ((row.arity or 0) - len(constants))
    for shape in ((), (1,), (2,)):
        arrays = tuple(np.full(shape, float(n)) for n in constants)
        expected = called_with_columns(row, columns, constants)
        assert called_with_columns(row, columns, arrays).tolist() == expected.tolist()


def test_logsumexp_of_a_confident_score_keeps_what_the_others_add() -> None:
    columns = np.array([[0.0, -40.0], [-40.0, -40.0], [-50.0, 0.0]])
    expected = [4.248547130276385e-18, 8.496708510583178e-18]  # exp(-40) + exp(-50), 2 exp(-40)
    assert numpy_functions.logsumexp(columns).tolist() == pytest.approx(expected, rel=1e-14, abs=0)


def test_the_text_needs_numpy_and_math_alone() -> None:
    tree = ast.parse(inspect.getsource(numpy_functions))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert [ast.unparse(node) for node in imports] == ["import math", "import numpy as np"]
