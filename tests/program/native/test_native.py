"""The native backend: any rows, any threads, any arrays."""

import math
import threading

import numpy as np
import pytest

import autograd
from autograd import DomainError, Value, compile, dot, exp, log, maximum, relu, sqrt, tanh
from autograd.program.backends import missing
from tests.program.graphs import (
    NETWORKS,
    OTHERS,
    Case,
    assert_close,
    compiled,
    eager,
    irregular,
    moons,
)

if missing("native"):
    pytest.skip("kernels need llvmlite: pip install -e '.[fast]'", allow_module_level=True)

from autograd.program.native.kernels.code import CHUNK, WIDTH

inf, nan = math.inf, math.nan
every_graph = pytest.mark.parametrize("name", [*NETWORKS, *OTHERS])


# -- rows --------------------------------------------------------------------------------------

ROWS = [*range(1, 2 * WIDTH + 2), 63, 64, 65, 127, 128, 129]


@every_graph
def test_any_number_of_rows_fills_the_lanes(name):
    whole = {**NETWORKS, **OTHERS}[name]()
    native, plain = (compiled(whole, backend) for backend in ("native", "numpy"))
    for rows in ROWS:
        columns = [(column * rows)[:rows] for column in whole.columns]
        case = whole._replace(columns=columns)
        assert_close(native.run(case.numbers, case.columns), plain.run(case.numbers, case.columns))
        assert native.evaluate(case.columns) == pytest.approx(plain.evaluate(case.columns))


@pytest.mark.parametrize("row", range(11))
@pytest.mark.parametrize("bad", [nan, inf, -inf])
def test_what_is_not_finite_stays_in_its_row(row, bad):
    x, w = Value(1.0, label="x"), Value(0.5, label="w")
    program = compile(tanh(w * x) * x, inputs=[x], backend="native")
    column = [0.1 * k for k in range(11)]
    expected = program.evaluate([column])
    column[row] = bad
    found = program.evaluate([column])
    assert found[:row] + found[row + 1 :] == expected[:row] + expected[row + 1 :]
    assert not math.isfinite(found[row])


@pytest.mark.parametrize("rows", [1, 3, 9, 100])
def test_lanes_beyond_the_last_row_do_not_count(rows):
    """A zero there would be outside of the domain, or 0·inf."""
    x, w = Value(1.0, label="x"), Value(2.0, label="w")
    program = compile(log(w * x) / x + sqrt(x) * w, inputs=[x], backend="native")
    mean, (slope,) = program.run([2.0], [[3.0] * rows])
    assert mean == pytest.approx(math.log(6.0) / 3.0 + 2.0 * math.sqrt(3.0))
    assert slope == pytest.approx(1 / 6.0 + math.sqrt(3.0))


def test_infinity_beside_zero_is_nan_as_in_the_engine():
    x, w = Value(1.0, label="x"), Value(0.0, label="w")
    program = compile(w * x, inputs=[x], backend="native")
    with pytest.warns(RuntimeWarning, match="row 1"):
        assert math.isnan(program.run([0.0], [[1.0, inf]])[0])


def test_zeros_keep_their_sign():
    x, w = Value(1.0, label="x"), Value(0.0, label="w")
    program = compile([w * x, -x, relu(-x), maximum(x, -x)], inputs=[x], backend="native")
    found = program.evaluate([[0.0, -0.0]], [-1.0])
    expected = [(-0.0, -0.0, 0.0, -0.0), (0.0, 0.0, 0.0, 0.0)]
    assert [tuple(map(repr, row)) for row in found] == [tuple(map(repr, row)) for row in expected]


def test_a_division_by_zero_is_told_though_its_result_is_finite():
    x = Value(1.0, label="x")
    program = compile(exp(-1.0 / (x * x)), inputs=[x], backend="native")
    with pytest.raises(DomainError, match=r"row 2 \(x = 0\.0\)"):
        program.evaluate([[1.0, 2.0, 0.0]])
    with pytest.raises(DomainError, match=r"row 2 \(x = 0\.0\)"):
        program.run([], [[1.0, 2.0, 0.0]])


def test_what_is_the_same_in_every_row_may_be_undefined_too():
    x, w = Value(1.0, label="x"), Value(1.0, label="w")
    program = compile(log(w) * x, inputs=[x], backend="native")
    with pytest.raises(DomainError, match=r"log\(w = -2\.0\)"):
        program.run([-2.0], [[1.0]])
    assert program.run([1.0], [[1.0]])[0] == 0.0  # and the next run knows nothing of it


def layer_of(x: list[Value], n: int) -> tuple[list[Value], list[Value]]:
    """Return the weights of a layer of ``n`` sums without biases, and these sums."""
    weights = [[Value(0.1 * (k - p) + 0.05, label=f"w{k}_{p}") for p in range(len(x))]
               for k in range(n)]  # fmt: skip
    return [w for row in weights for w in row], [dot(row, x) for row in weights]


COLUMNS = [[0.5, -1.0, 2.0, nan], [1.0, 0.0, -3.0, 0.5]]


@pytest.mark.parametrize("is_read_twice", [False, True])
def test_a_product_ends_as_the_relu_that_alone_reads_it(is_read_twice):
    x = [Value(0.5, label="x0"), Value(1.0, label="x1")]
    weights, sums = layer_of(x, 11)  # panels of 8 and of 4, and one place of these left over
    loss = dot([relu(z) for z in sums], [0.1 * k - 0.3 for k in range(11)])
    if is_read_twice:
        loss = loss + dot(sums, sums)
    case = Case(loss, x, weights, COLUMNS)
    program = compiled(case, "native")
    assert ("product8 relu" in program.source) is not is_read_twice
    tame = case._replace(columns=[column[:3] for column in COLUMNS])
    assert_close(program.run(tame.numbers, tame.columns), eager(tame))
    with pytest.warns(RuntimeWarning, match="row 3"):
        assert math.isnan(program.run(case.numbers, case.columns)[0])


@pytest.mark.parametrize("n", [3, 4, 7])
@pytest.mark.parametrize("shared_first", [False, True])
def test_dots_that_share_the_operands_of_one_side(n, shared_first):
    x = [Value(0.5, label="x0"), Value(1.0, label="x1")]
    weights, sums = layer_of(x, 3 + 3 * n)
    tanhs = [tanh(z) for z in sums]
    shared, others = tanhs[:3], [tanhs[3 + 3 * k : 6 + 3 * k] for k in range(n)]
    dots = [dot(shared, o) if shared_first else dot(o, shared) for o in others]
    case = Case(dot(dots, dots), x, weights, [column[:3] for column in COLUMNS])
    program = compiled(case, "native")
    assert ("dots" in program.source) is (n >= 4)
    assert_close(program.run(case.numbers, case.columns), eager(case))


@pytest.mark.slow
def test_a_million_rows():
    case = moons(2, 4, 1, rows=1)
    columns = np.tile(np.array([[0.5, -1.0, 2.0], [1.0, 0.3, -0.2], [1.0, -1.0, 1.0]]), 333_334)
    found = compiled(case, "native").run(case.numbers, columns)
    expected = eager(case._replace(columns=columns[:, :3].tolist()))
    assert_close(found, expected)


@pytest.mark.parametrize("seed", range(12, 40))
def test_random_graphs(seed):
    case = irregular(60, seed, rows=9)
    assert_close(compiled(case, "native").run(case.numbers, case.columns), eager(case))


def test_a_graph_of_many_numbers_has_fewer_lanes_and_the_same_bits_in_each_row(monkeypatch):
    case = irregular(150, rows=100)
    usual = compiled(case, "native")
    monkeypatch.setattr("autograd.program.native.stage.KILOBYTES", 1)
    program = compiled(case, "native")
    assert "of 8 lanes" in program.source
    assert program.evaluate(case.columns) == usual.evaluate(case.columns)
    mean, gradient = usual.run(case.numbers, case.columns)  # rows are summed in another order
    found = program.run(case.numbers, case.columns)
    assert found[0] == pytest.approx(mean, rel=1e-14)
    assert found[1] == pytest.approx(gradient, rel=1e-13, abs=1e-15)


# -- threads -----------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 17])
def test_any_number_of_threads_gives_the_same_bits(rows, monkeypatch):
    case = moons(2, 8, 1, l2=0.01, rows=rows)
    program = compiled(case, "native")
    results = []
    for n in ("1", "2", "3", "9"):
        monkeypatch.setenv("OMP_NUM_THREADS", n)
        mean, gradient = program.run(case.numbers, case.columns)
        results.append((mean, gradient.tobytes(), program.evaluate(case.columns)))
    assert results == results[:1] * 4
    assert_close(
        program.run(case.numbers, case.columns),
        compiled(case, "numpy").run(case.numbers, case.columns),
    )


def test_a_row_outside_a_domain_is_found_in_any_thread(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    x, w = Value(1.0, label="x"), Value(1.0, label="w")
    program = compile(log(w * x), inputs=[x], backend="native")
    column = np.ones(2 * CHUNK + 5)
    column[-3] = -1.0
    with pytest.raises(DomainError, match=f"row {2 * CHUNK + 2} "):
        program.run([1.0], [column])


def test_threads_of_python_may_run_one_program_at_once():
    case = moons(2, 16, 16, 1, rows=300)
    program = compiled(case, "native")
    numbers = np.array(case.numbers)
    expected = [program.run(numbers * k, case.columns)[1].tolist() for k in range(4)]
    wrong = []

    def run(k):
        for _ in range(50):
            if program.run(numbers * k, case.columns)[1].tolist() != expected[k]:
                wrong.append(k)

    threads = [threading.Thread(target=run, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@pytest.mark.parametrize("told", ["", "0", "many", "-3"])
def test_without_a_number_of_threads_there_are_as_many_as_cores(told, monkeypatch):
    from autograd.program.native.run import n_threads

    monkeypatch.setenv("OMP_NUM_THREADS", told)
    assert n_threads() >= 1


# -- arrays ------------------------------------------------------------------------------------


def odd_arrays() -> dict[str, np.ndarray]:
    """Return the same columns, each kept in memory in another way."""
    columns = np.arange(1.0, 9.0).reshape(2, 4) / 8
    unaligned = np.frombuffer(b"?" + columns.tobytes(), np.uint8)[1:].view(float).reshape(2, 4)
    frozen = columns.copy()
    frozen.flags.writeable = False
    return {
        "by rows": columns.copy(order="F"),
        "every second": np.repeat(columns, 2, axis=1)[:, ::2],
        "backwards": columns[::-1, ::-1].copy()[::-1, ::-1],
        "upside down": columns[::-1].copy()[::-1],
        "a part": np.pad(columns, 3)[3:-3, 3:-3],
        "unaligned": unaligned,
        "frozen": frozen,
        "of other bytes": columns.astype(">f8"),
        "of float32": columns.astype(np.float32),
    }


@pytest.mark.parametrize("name", odd_arrays())
def test_columns_may_be_kept_in_memory_in_any_way(name):
    x, y, w = Value(1.0, label="x"), Value(1.0, label="y"), Value(1.0, label="w")
    program = compile(w * x + y * y, inputs=[x, y], backend="native")
    found = program.run(np.array([3.0]), odd_arrays()[name])
    assert (found[0], list(found[1])) == (1.6171875, [0.3125])
    numbers = np.array([3.0, 9.0])[::2]
    assert program.run(numbers, odd_arrays()[name])[0] == found[0]


def test_results_stay_when_the_program_runs_again():
    case = moons(2, 3, 1)
    program = compiled(case, "native")
    _, first = program.run(case.numbers, case.columns)
    kept = first.tolist()
    program.run([2 * number for number in case.numbers], case.columns)
    assert first.tolist() == kept


# -- operations without a kernel ---------------------------------------------------------------


def high_derivative() -> tuple[Value, Value]:
    """Return an output with a kernel for the value and none for its gradient, and its input."""
    x = Value(1.5, label="x")
    w = Value(0.5, label="w")
    return autograd.ops.normal_density(w * x, 5), x


def test_a_graph_without_kernels_runs_with_numpy_and_says_so():
    output, x = high_derivative()
    with pytest.warns(UserWarning, match="there is no kernel for normal_density:6; .*='numpy'"):
        program = compile(output, inputs=[x], backend="native")
    assert program.backend == "numpy"
    assert compile(output, inputs=[x]).backend == "numpy"  # "auto" has chosen what can run it
    case = Case(output, [x], program.parameters, [[0.3, 1.0]])
    assert_close(program.run(case.numbers, case.columns), eager(case))
