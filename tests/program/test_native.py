"""The native backend: its functions, whatever the rows, threads, processors and cached files."""

import math
import random
import sys
import threading
from pathlib import Path

import mpmath as mp
import numpy as np
import pytest

import autograd
from autograd import DomainError, Value, compile, dot, exp, log, maximum, relu, sqrt, tanh
from autograd.ops import OPERATIONS, Operation
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
from tests.program.points import (
    Point,
    agree,
    allowed_error,
    constants_of,
    points_of,
    value_at,
)

if missing("native"):
    pytest.skip("kernels need llvmlite: pip install -e '.[fast]'", allow_module_level=True)

from llvmlite import binding as llvm

from autograd.program import native_machine
from autograd.program.native_code import CHUNK, WIDTH
from autograd.program.native_machine import Processor, machine, made_for, this_processor

inf, nan = math.inf, math.nan
every_graph = pytest.mark.parametrize("name", [*NETWORKS, *OTHERS])


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


# -- the operations ----------------------------------------------------------------------------

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
    monkeypatch.setattr("autograd.program.native_stage.KILOBYTES", 1)
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
    from autograd.program.native_run import n_threads

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


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """A folder of its own for the kernels, as in a new process."""
    monkeypatch.setattr(native_machine, "folder", lambda: tmp_path / "cache" / "chalkgrad")
    native_machine.machine.cache_clear()
    yield tmp_path / "cache" / "chalkgrad"
    native_machine.machine.cache_clear()


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


def test_where_llvm_makes_no_code_a_program_runs_with_numpy(cache, monkeypatch):
    unknown = Processor("no-such-machine", "", "")
    monkeypatch.setattr(native_machine, "this_processor", lambda: unknown)
    with pytest.warns(UserWarning, match="LLVM makes no code for this machine: .*='numpy'"):
        program = compile(Value(2.0) ** 2, backend="native")
    assert program.backend == "numpy"
    assert program() == 4.0


# -- the folder --------------------------------------------------------------------------------


def computes() -> bool:
    """Tell whether a program computes what it should, with the kernels of now."""
    case = moons(2, 3, 1)
    found = compiled(case, "native").run(case.numbers, case.columns)
    assert_close(found, eager(case))
    return True


def the_file(folder: Path) -> Path:
    (file,) = folder.iterdir()
    return file


def test_kernels_are_made_once_and_kept(cache, monkeypatch):
    assert computes()
    kept = the_file(cache).read_bytes()
    native_machine.machine.cache_clear()
    monkeypatch.setattr(native_machine, "made_for", lambda processor: pytest.fail("made again"))
    assert computes()
    assert the_file(cache).read_bytes() == kept


SPOILT = [
    lambda data: b"",
    lambda data: data[:-1],
    lambda data: data[: len(data) // 2],
    lambda data: data[:2000] + bytes([data[2000] ^ 1]) + data[2001:],
    lambda data: data + b"more",
    lambda data: bytes([data[0] ^ 1]) + data[1:],
    lambda data: b"\xff\x00not kernels" * 9,
]


def test_a_file_that_was_spoilt_is_made_again(cache):
    assert computes()
    file = the_file(cache)
    good = file.read_bytes()
    assert native_machine.kept(file) is not None
    for spoil in SPOILT:
        file.write_bytes(spoil(good))
        assert native_machine.kept(file) is None
    native_machine.machine.cache_clear()
    assert computes()
    assert native_machine.kept(file) is not None


def test_where_nothing_can_be_kept_it_runs_all_the_same(cache):
    cache.parent.write_text("a file where the folder should be")
    assert computes()
    assert cache.parent.is_file()


def test_where_the_folder_is_read_only_it_runs_all_the_same(cache, monkeypatch):
    def refused(path, content):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(native_machine, "write_whole", refused)
    assert computes()
    assert list(cache.iterdir()) == []


def test_without_a_home_it_runs_all_the_same(cache, monkeypatch):
    def homeless():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(native_machine, "folder", homeless)
    assert computes()


def test_a_file_of_other_kernels_under_this_name_is_made_again(cache):
    assert computes()
    file = the_file(cache)
    other = file.with_name(f"{'0' * 32}.kernels")
    other.write_bytes(file.read_bytes())
    assert native_machine.kept(file) is not None
    assert native_machine.kept(other) is None


def test_a_folder_in_place_of_the_file_does_no_harm(cache):
    (cache / f"{native_machine._key(this_processor())}.kernels").mkdir(parents=True)
    assert computes()


def test_other_processors_and_versions_have_other_files(monkeypatch):
    processor = this_processor()
    keys = {native_machine._key(processor), native_machine._key(processor._replace(features=""))}
    monkeypatch.setattr(native_machine.llvmlite, "__version__", "0.0")
    keys.add(native_machine._key(processor))
    assert len(keys) == 3


@pytest.mark.parametrize(
    ("platform", "variable", "place"),
    [
        ("linux", "XDG_CACHE_HOME", "chalkgrad"),
        ("win32", "LOCALAPPDATA", "chalkgrad"),
        ("linux", "", ".cache/chalkgrad"),
        ("darwin", "", "Library/Caches/chalkgrad"),
    ],
)
def test_the_folder_is_the_users(platform, variable, place, tmp_path, monkeypatch):
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(native_machine.Path, "home", lambda: tmp_path)
    monkeypatch.setattr(sys, "platform", platform)
    if variable:
        monkeypatch.setenv(variable, str(tmp_path))
    assert native_machine.folder() == tmp_path / place


# -- processors --------------------------------------------------------------------------------

LESSER = {
    "AVX2": Processor("", "haswell", ""),
    "none of them": Processor("", "x86-64", ""),
}


@pytest.mark.parametrize("name", LESSER)
@pytest.mark.skipif("x86_64" not in llvm.get_process_triple(), reason="for processors of x86")
def test_a_lesser_processor_computes_the_same(name, cache, monkeypatch):
    """With AVX2 to the bit, for it too multiplies and adds in one; without, but for rounding."""
    processor = this_processor()
    if name == "AVX2" and not (processor.has("avx2") and processor.has("fma")):
        pytest.skip("this processor has no AVX2")
    cases = [moons(2, 9, 7, 1, rows=70), NETWORKS["rnn"](), irregular(100, rows=20)]
    wide = [compiled(case, "native").run(case.numbers, case.columns) for case in cases]
    lesser = LESSER[name]._replace(triple=processor.triple)
    native_machine.machine.cache_clear()
    monkeypatch.setattr(native_machine, "this_processor", lambda: lesser)
    for case, expected in zip(cases, wide, strict=True):
        found = compiled(case, "native").run(case.numbers, case.columns)
        assert_close(found, expected)
        if name == "AVX2" and processor.has("fma"):
            assert found[1].tolist() == expected[1].tolist()


def test_for_arm_the_kernels_are_assembled():
    """They are not run: no such processor is at hand."""
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    names, code = made_for(Processor("aarch64-unknown-linux-gnu", "generic", "+neon"))
    assert names == list(machine().numbers)
    assert code[:4] == b"\x7fELF"
    assert int.from_bytes(code[18:20], "little") == 183  # EM_AARCH64
