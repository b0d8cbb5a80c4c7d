"""The numbers a program is given: columns, parameters, and rows that go wrong."""

import math

import numpy as np
import pytest

from autograd import DomainError, Value, compile, exp, log, sin, sqrt
from autograd.program.running.eager import Graph
from tests.backends import every_backend
from tests.program.graphs import compiled, moons


@every_backend
def test_a_row_outside_a_domain_is_named(backend):
    x, w = Value(2.0, label="x"), Value(1.0, label="w")
    product = w * x
    product.label = "product"
    program = compile(log(product), inputs=[x], backend=backend)
    with pytest.raises(DomainError, match=r"row 2 \(x = -5.0\): log\(product = -5.0\)"):
        program.run([1.0], [[1.0, 2.0, -5.0, -6.0]])
    with pytest.raises(DomainError, match=r"row 2 \(x = -5.0\)"):
        program.evaluate([[1.0, 2.0, -5.0, -6.0]])
    with pytest.raises(DomainError):
        program([[1.0, 0.0]])
    assert not w.has_grad


@every_backend
def test_of_many_rows_only_those_outside_a_domain_are_run_by_the_engine(backend, monkeypatch):
    x = Value(1.0, label="x")
    program = compile(log(x), inputs=[x], backend=backend)
    run_by_the_engine = []
    of_row = Graph.of_row
    monkeypatch.setattr(
        Graph, "of_row", lambda self, k, *row: run_by_the_engine.append(k) or of_row(self, k, *row)
    )
    column = np.ones(10_000)
    column[-2:] = -1.0
    for run in (lambda: program.evaluate([column]), lambda: program.run([], [column])):
        with pytest.raises(DomainError, match=r"row 9998 \(x = -1\.0\)"):
            run()
    assert run_by_the_engine == [9998, 9998]


@every_backend
def test_a_limit_is_no_error(backend):
    x, w = Value(0.0, label="x"), Value(1.0, label="w")
    program = compile(sqrt(w * x), inputs=[x], backend=backend)
    assert program.evaluate([[4.0, 0.0, 9.0]]) == [2.0, 0.0, 3.0]
    with pytest.warns(RuntimeWarning, match="a derivative is nan"):  # 0·∞, as the engine has it
        found = program.run([1.0], [[0.0]])
    assert found[0] == 0.0
    assert math.isnan(found[1][0])
    program = compile(w + sin(x), inputs=[x], backend=backend)
    with pytest.warns(RuntimeWarning, match="the first number that is not finite is leaf x = inf"):
        assert math.isnan(program.run([1.0], [[1.0, math.inf]])[0])


@every_backend
def test_nan_flows_and_its_row_is_named(backend):
    case = moons(2, 3, 1)
    case.columns[1][4] = math.nan
    with pytest.warns(RuntimeWarning, match=r"row 4 \(.*x\[1\] = nan"):
        mean, _ = compiled(case, backend).run(case.numbers, case.columns)
    assert math.isnan(mean)


@every_backend
def test_overflow_is_infinite(backend):
    x, w = Value(1.0, label="x"), Value(1.0, label="w")
    mean, _ = compile(exp(w * x), inputs=[x], backend=backend).run([1.0], [[1000.0]])
    assert mean == math.inf


MASKED = np.ma.masked_array([[1.0, 2.0], [3.0, 4.0]], [[False, False], [False, True]])


@pytest.mark.parametrize(
    ("columns", "error", "message"),
    [
        ([[1.0]], ValueError, "takes 2 columns: x, y; it was given 1; of rows"),
        ([[1.0, 2.0], [1.0]], ValueError, "unequal length: x has 2 rows, y has 1"),
        ([[], []], ValueError, "there are no rows"),
        ([["a"], [1.0]], TypeError, "column x"),
        ([["1.0"], [1.0]], TypeError, "column x"),
        ([[1.0], [True]], TypeError, "column y"),
        ([[1.0, 2.0], [1.0, True]], TypeError, "column y, number 1: True is a bool"),
        ([[Value(1.0)], [1.0]], TypeError, "column x, number 0: .*write v.data"),
        ([[1.0], [None]], TypeError, "column y"),
        ([[1.0], [1j]], TypeError, "column y"),
        ([1.0, 2.0], TypeError, "column x is a list of numbers, not 1.0"),
        ("ab", TypeError, "columns are a list"),
        (3, TypeError, "columns are a list"),
        (np.array(3.0), TypeError, "columns are a list"),
        (np.array([1.0, 2.0]), TypeError, "column x is a list of numbers, not "),
        (np.ones((2, 3, 4)), ValueError, r"column x has the shape \(3, 4\): it is one list"),
        (np.ones((5, 2)), ValueError, "takes 2 columns: x, y; it was given 5; of rows"),
        (np.ones((2, 0)), ValueError, "there are no rows"),
        (np.ones((2, 3), bool), TypeError, "column x, number 0: True is a bool"),
        (np.ones((2, 3), complex), TypeError, "column x, number 0: "),
        (np.full((2, 3), "a"), TypeError, "column x, number 0: 'a' is a str"),
        (MASKED, TypeError, "column y(, number 1: None is| has a mask: leave out)"),
    ],
)
@every_backend
def test_columns_that_are_wrong(columns, error, message, backend):
    x, y, w = Value(1.0, label="x"), Value(1.0, label="y"), Value(1.0, label="w")
    program = compile(w * x + y, inputs=[x, y], backend=backend)
    for run in (lambda: program.run([1.0], columns), lambda: program.evaluate(columns)):
        with pytest.raises(error, match=message):
            run()
    with pytest.raises(error, match=message):
        program(columns)
    assert not w.has_grad


@pytest.mark.parametrize(
    ("numbers", "error", "message"),
    [
        ([1.0, 2.0], ValueError, "has 1 parameters; it was given 2"),
        (["a"], TypeError, "parameters, number 0"),
        (1.0, TypeError, "parameters are a list of numbers"),
        (np.array(1.0), TypeError, "parameters are a list of numbers"),
        (np.ones((1, 1)), ValueError, r"parameters has the shape \(1, 1\): it is one list"),
        (np.ones(2, np.float32), ValueError, "has 1 parameters; it was given 2"),
    ],
)
@every_backend
def test_parameters_that_are_wrong(numbers, error, message, backend):
    x, w = Value(1.0, label="x"), Value(1.0, label="w")
    with pytest.raises(error, match=message):
        compile(w * x, inputs=[x], backend=backend).run(numbers, [[1.0]])


@pytest.mark.parametrize("kind", [np.float32, np.int64, np.float64])
@every_backend
def test_arrays_of_other_kinds_are_columns_too(kind, backend):
    x, y, w = Value(1.0, label="x"), Value(1.0, label="y"), Value(2.0, label="w")
    program = compile(w * x + y, inputs=[x, y], backend=backend)
    array = np.array([[1, 9], [2, 9], [3, 9]], dtype=kind).T  # not contiguous
    assert program.evaluate(array) == [11.0, 13.0, 15.0]
    assert program.evaluate(list(array[:, ::-2])) == [15.0, 11.0]


@every_backend
@pytest.mark.parametrize("given", [(2.0, 3.0), ([2.0], [3.0])])
def test_columns_given_one_by_one_are_told_how_to_write_them(backend, given):
    a, b = Value(1.0, label="a"), Value(1.0, label="b")
    program = compile(a * b, inputs=[a, b], backend=backend)
    advice = r"^write program\(\[\[2\.0\], \[3\.0\]\]\): .*, with a list of numbers for each input$"
    with pytest.raises(TypeError, match=advice):
        program(*given)
    assert program([[2.0], [3.0]]) == 6.0
