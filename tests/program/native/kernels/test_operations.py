"""The functions of vectors, lane by lane, against the operations on numbers."""

import math
import random

import mpmath as mp
import numpy as np
import pytest

import autograd
from autograd import DomainError, Value, compile
from autograd.ops import OPERATIONS, Operation
from autograd.program.backends import missing
from tests.program.graphs import Case, assert_close, compiled, eager
from tests.program.points import Point, agree, allowed_error, constants_of, points_of, value_at

if missing("native"):
    pytest.skip("kernels need llvmlite: pip install -e '.[fast]'", allow_module_level=True)

inf = math.inf


def values(operation: Operation, points: list[Point]) -> tuple[list[float], bool]:
    """Return what the kernels give in each lane, and whether they tell of one that is undefined."""
    constants = constants_of(operation, points[0])
    inputs = [Value(0.25 + 0.1 * k, label=f"x{k}") for k in range(len(points[0]) - len(constants))]
    program = compile(operation(*inputs, *constants), inputs=inputs, backend="native")
    assert program.backend == "native"
    columns = np.array(list(zip(*points, strict=True))[: len(inputs)], float)
    outputs, outside = program._function("evaluate")(np.zeros(0), columns)
    return outputs[0].tolist(), outside


def by_constants(operation: Operation, points: list[Point]) -> list[list[Point]]:
    """Return the points in lists of those that one program can run."""
    found: dict[tuple, list[Point]] = {}
    for point in points:
        found.setdefault((len(point), constants_of(operation, point)), []).append(point)
    return list(found.values())


EVERYWHERE = [row for row in OPERATIONS.values() if row.name not in ("total", "mean", "dot")]


@pytest.mark.parametrize("row", EVERYWHERE, ids=lambda row: row.name)
def test_every_lane_agrees_with_the_operation_on_numbers(row):
    fine = [point for point in points_of(row) if value_at(row, point) is not None]
    for points in by_constants(row, fine):
        for point, got in zip(points, values(row, points)[0], strict=True):
            expected = value_at(row, point)
            assert agree(got, expected, allowed_error(row, point, expected)), (point, got, expected)


def is_beyond_the_table(row: Operation, point: Point) -> bool:
    """Tell whether the engine has a limit outside of the domain: (-inf)**0.5 is inf.

    Such a row is told too, and then the engine finds nothing wrong with it.
    """
    return row.domain is not None and not row.domain.holds(*point)


@pytest.mark.parametrize("row", EVERYWHERE, ids=lambda row: row.name)
def test_a_lane_outside_the_domain_is_told_and_no_other(row):
    points = points_of(row)
    outside = [point for point in points if value_at(row, point) is None]
    fine = [point for point in points if value_at(row, point) is not None]
    assert bool(outside) == (row.domain is not None)
    for lanes in by_constants(row, [p for p in fine if not is_beyond_the_table(row, p)]):
        assert not values(row, lanes)[1]
    for point in outside[:40]:
        assert values(row, [(0.5,) * len(point)] * 8 + [point])[1], point


def sigmoid(x):
    return 1 / (1 + mp.exp(-x))


def softplus(x):
    return mp.log1p(mp.exp(x)) if x < 100 else x + mp.exp(-x)


TWO_ULP = {
    "exp": (mp.exp, [(-745, 709), (-1, 1)]),
    "expm1": (mp.expm1, [(-40, 700), (-1, 1), (-1e-9, 1e-9)]),
    "log": (mp.log, [(0.5, 2), (1e-300, 1e-290), (5e-324, 1e-310), (1, 1e300)]),
    "log1p": (mp.log1p, [(-0.999, 3), (-1e-9, 1e-9), (1, 1e300)]),
    "tanh": (mp.tanh, [(-1, 1), (-20, 20), (-1e-300, 1e-300)]),
    "sigmoid": (sigmoid, [(-5, 5), (-740, 40)]),
    "softplus": (softplus, [(-5, 5), (-700, 40), (40, 1000)]),
    "erf": (mp.erf, [(-1, 1), (-6, 6), (-1e-300, 1e-300)]),
}


@pytest.mark.parametrize("name", TWO_ULP)
def test_a_function_of_vectors_is_within_two_units_of_the_last_place(name):
    exactly, ranges = TWO_ULP[name]
    rng = random.Random(name)
    points = [(rng.uniform(*bounds),) for bounds in ranges for _ in range(700)]
    got, outside = values(getattr(autograd.ops, name), points)
    assert not outside
    with mp.workdps(40):
        for (x,), number in zip(points, got, strict=True):
            expected = exactly(mp.mpf(x))
            error = abs(number - expected) / math.ulp(float(expected))
            assert error <= 2, (x, number, float(error))


@pytest.mark.parametrize("exponent", [-0.5, 0.5, 2.0, 3.0, -1.0, 2.5])
def test_powers_with_a_known_exponent(exponent):
    x = Value(0.5, label="x")
    w = Value(1.5, label="w")
    case = Case((w * x) ** exponent, [x], [w], [[0.25, 1.0, 3.7, 1e-300, 1e150, inf]])
    found, expected = compiled(case, "native").evaluate(case.columns), []
    for number in case.columns[0]:
        expected.append(eager(case._replace(columns=[[number]]))[0])
    assert found == pytest.approx(expected, rel=1e-15)
    tame = case._replace(columns=[case.columns[0][:3]])
    assert_close(compiled(tame, "native").run(tame.numbers, tame.columns), eager(tame))


@pytest.mark.parametrize("number", [0.0, -1.0, -inf])
def test_a_root_in_a_divisor_has_the_domain_of_a_power(number):
    x = Value(1.0, label="x")
    program = compile(x**-0.5, inputs=[x], backend="native")
    with pytest.raises(DomainError, match="row 1"):
        program.evaluate([[1.0, number]] if number > -inf else [[1.0, -2.0, number]])
