"""Hidden cases: made by a seed, right by mathematics, and not in any table."""

from fractions import Fraction

import numpy as np
import pytest

import autograd
from autograd.__main__ import main
from autograd.conformance import (
    MUTANTS_BY_NAME,
    build_engine,
    check_engine,
    check_file,
    engine_text,
)
from autograd.conformance.cases.by_chance import hidden_cases
from autograd.conformance.reports.points import read_points
from autograd.conformance.running.in_this_process import CASES, cases_of, run_case
from tests.conformance.checked import ENGINE
from tests.engines import VARIANTS, Right

SEEDS = ["1", "2", "spring term", "Übung"]
every_seed = pytest.mark.parametrize("seed", SEEDS)


def hidden_results(engine: type, seed: str) -> dict[str, str]:
    return {case.name: run_case(case, engine, 2.0).verdict for case in hidden_cases(seed)}


# -- the graphs --------------------------------------------------------------------------------


@every_seed
def test_a_seed_makes_the_same_cases_again_and_another_seed_others(seed):
    programs = {case.program for case in hidden_cases(seed)}
    assert {case.program for case in hidden_cases(seed)} == programs
    assert not programs & {case.program for case in hidden_cases(f"{seed} other")}


def test_the_cases_of_a_seed_stay_the_same_on_every_machine():
    assert hidden_cases("spring term")[0].program.splitlines() == [
        "a = Value(-1.0)", "b = Value(3.4)", "c = Value(3.5)", "d = -c", "e = 0.7 * d", "f = e - b",
        "g = 1.2 + f", "h = a - g", "i = 1.7 / h", "y = i / h", "y.backward()",
    ]  # fmt: skip


class Exact:
    """A number with its derivative in one input: forward mode, in fractions."""

    def __init__(self, data, slope=0):
        self.data, self.slope = Fraction(str(data)), Fraction(slope)

    @staticmethod
    def of(thing):
        return thing if isinstance(thing, Exact) else Exact(thing)

    def made(self, data, slope):
        out = Exact(0)
        out.data, out.slope = data, slope
        return out

    def __add__(self, other):
        other = self.of(other)
        return self.made(self.data + other.data, self.slope + other.slope)

    def __mul__(self, other):
        other = self.of(other)
        slope = self.slope * other.data + self.data * other.slope
        return self.made(self.data * other.data, slope)

    def __rtruediv__(self, other):
        data = 1 / self.data
        return self.of(other) * self.made(data, -data * data * self.slope)

    def __truediv__(self, other):
        return self * (1 / self.of(other))

    def __pow__(self, n):
        return self if n == 1 else self * self ** (n - 1)

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + -self.of(other)

    def __rsub__(self, other):
        return -self + other

    __radd__ = __add__
    __rmul__ = __mul__

    def backward(self):
        pass


@every_seed
def test_the_numbers_that_are_right_are_those_of_exact_forward_mode(seed):
    for case in hidden_cases(seed):
        if case.needs:
            continue
        for leaf in "abc":
            slopes = iter([int(leaf == name) for name in "abc"])
            scope = {"Value": lambda data, slopes=slopes: Exact(data, next(slopes))}
            exec(case.program, scope)
            assert case.expected["y.data"] == pytest.approx(float(scope["y"].data), rel=1e-12)
            expected = pytest.approx(float(scope["y"].slope), rel=1e-9)
            assert case.expected[f"{leaf}.grad"] == expected


@every_seed
@pytest.mark.parametrize("function", ["relu", "tanh", "exp", "log"])
def test_with_a_function_they_are_those_of_difference_quotients(seed, function):
    (case,) = (c for c in hidden_cases(seed) if c.needs == (function,))
    for k, leaf in enumerate("abc"):

        def output(nudge, chosen=k):
            nudges = iter([nudge if j == chosen else 0.0 for j in range(3)])
            plain = {"relu": lambda x: max(x, 0.0), "tanh": np.tanh, "exp": np.exp, "log": np.log}
            scope = {"Value": lambda data: np.float64(data + next(nudges)), **plain}
            exec(case.program.replace("y.backward()", ""), scope)
            return scope["y"]

        slope = (output(1e-6) - output(-1e-6)) / 2e-6
        assert case.expected[f"{leaf}.grad"] == pytest.approx(slope, rel=1e-4)


# -- who passes --------------------------------------------------------------------------------


@every_seed
@pytest.mark.parametrize("engine", [autograd.Value, *VARIANTS], ids=lambda e: e.__name__)
def test_a_right_engine_passes_what_it_offers(seed, engine):
    assert set(hidden_results(engine, seed).values()) <= {"pass", "not offered"}


@every_seed
def test_single_precision_is_enough(seed):
    class Single(Right):
        def __init__(self, data, *arguments):
            super().__init__(np.float32(data), *arguments)

    assert set(hidden_results(Single, seed).values()) == {"pass"}


COMMON = ["no seed", "= for +=", "factors swapped", "sign in -", "square in /", "no __rsub__"]


@pytest.mark.parametrize("name", COMMON)
def test_a_common_mistake_fails_in_some(name):
    engine = build_engine(engine_text(MUTANTS_BY_NAME[name]))
    for seed in SEEDS:
        assert set(hidden_results(engine, seed).values()) - {"pass"}


def test_the_report_counts_them_apart_and_the_diagnosis_does_not_see_them():
    report = check_engine(build_engine(engine_text(MUTANTS_BY_NAME["factors swapped"])), hidden="1")
    assert "; hidden: " in str(report)
    assert report.diagnosis.likely.name == "factors swapped"
    assert "hidden" not in str(check_engine(Right))


# -- an engine that answers from a table -------------------------------------------------------

TABLE_ENGINE = """
TABLE = {table!r}

def backward(self, right=Value.backward):
    order = self.order()
    if len(order) > 100:
        return right(self)
    grads = TABLE.get(repr([node.data for node in order]), [0.0] * len(order))
    for node, grad in zip(order, grads):
        node.forget()
        node.grad += grad

Value.backward = backward
"""


def table_of_the_public_cases() -> dict[str, list[float]]:
    """Return the gradients of every graph in the public cases, by its numbers."""
    table: dict[str, list[float]] = {}

    class Recorder(Right):
        def backward(self):
            order = self.order()
            before = [0.0 if node.parents else node.grad for node in order]
            super().backward()
            if len(order) <= 100:
                key = repr([node.data for node in order])
                grads = [node.grad - old for node, old in zip(order, before, strict=True)]
                table.setdefault(key, grads)

    for case in CASES:
        run_case(case, Recorder, 2.0)
    return table


def test_an_engine_that_answers_from_a_table_is_caught(tmp_path):
    path = tmp_path / "my_engine.py"
    text = ENGINE + TABLE_ENGINE.format(table=table_of_the_public_cases())
    path.write_text(text, encoding="utf-8")
    assert check_file(str(path)).ok  # without a seed nobody sees it
    (tmp_path / "points.toml").write_text("core = 60\nhidden = 40", encoding="utf-8")
    parts = read_points(str(tmp_path / "points.toml"), cases_of("spring term"))
    report = check_file(str(path), hidden="spring term", parts=parts)
    assert [r.group for r in report.failures] == ["hidden"] * 12
    assert (report.score.total, report.score.maximum) == (0, 100)
    assert "no points are counted" in str(report)


# -- bad input ---------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", ["", "  "])
def test_an_empty_seed_is_one_line(capsys, seed):
    assert main(["check", "demos/class_repository/engine.py", "--hidden", seed]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "--hidden takes a seed, a number or a name, and it is empty" in told.err
    assert told.err.count("\n") == 1
