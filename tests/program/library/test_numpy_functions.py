"""NumPy's versions of the operations beside those of one number, place by place.

The oracle is the table of operations, which the tests of the engine hold against mpmath.
"""

import ast
import inspect
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd import ops
from autograd.ops import OPERATIONS, Operation
from autograd.program.library import numpy_functions
from tests.program.points import (
    CONSTANTS,
    Point,
    agree,
    allowed_error,
    constants_of,
    points_of,
    value_at,
)

WRITTEN_OUT = {"+", "-", "*", "/", "neg", "pos", "detach", "total", "mean", "dot"}
ROWS = [row for row in OPERATIONS.values() if row.name not in WRITTEN_OUT]
every_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)


def function_of(row: Operation) -> Callable[..., Any]:
    function: Callable[..., Any] = getattr(numpy_functions, {"**": "power"}.get(row.name, row.name))
    return function


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
