"""The cases: wrong engines fail them, right ones pass."""

import ast
import re

import numpy as np
import pytest

import autograd
from autograd.conformance.running.in_this_process import CASES, check_engine
from tests.conformance.checked import CHAPTER, ENGINE, PROJECT, names, verdicts
from tests.engines import MISTAKES, VARIANTS, Right

# -- the cases ---------------------------------------------------------------------------------


def test_cases_have_names_of_their_own():
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_reads_like_a_specification(case):
    for text in (case.name, case.idea, case.hint, case.program):
        assert text.isascii()
    assert case.idea.endswith(".")
    assert len(case.idea) < 200
    assert case.hint
    assert case.expected
    assert "\n".join(case.lines).count("Value(") >= 1


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_program_and_every_quantity_is_python(case):
    ast.parse("\n".join(case.lines))
    for quantity in case.expected:
        ast.parse(quantity, mode="eval")


def test_expected_numbers_are_literals():
    for room in ("of_operations", "of_graphs"):
        path = PROJECT / "autograd" / "conformance" / "cases" / f"{room}.py"
        tree = ast.parse(path.read_text(encoding="utf-8"))
        called = {n.func.id for n in ast.walk(tree) if isinstance(n, ast.Call)}
        assert called <= {"Case", "Between"}


def test_every_case_is_there_for_a_mistake():
    caught = {case for case, _ in MISTAKES.values()}
    assert {case.name for case in CASES} == caught


# -- wrong engines and right ones --------------------------------------------------------------


@pytest.mark.parametrize("engine", MISTAKES, ids=lambda engine: engine.__name__)
def test_a_famous_mistake_is_caught_by_the_case_that_names_it(engine):
    case, verdict = MISTAKES[engine]
    report = check_engine(engine, seconds=0.5)
    assert verdicts(report)[case] == verdict
    assert not report.ok


@pytest.mark.parametrize("engine", [autograd.Value, Right, *VARIANTS], ids=lambda e: e.__name__)
def test_a_right_engine_fails_in_nothing(engine):
    report = check_engine(engine)
    assert report.ok, report


def test_our_own_engine_offers_and_passes_everything():
    assert len(check_engine(autograd.Value).passed) == len(CASES)


def test_an_operator_that_is_missing_is_not_a_refusal():
    without = type("Bare", (), {"__init__": lambda self, data: None})
    assert check_engine(without).passed == []


def test_refusing_the_edit_of_a_used_number_is_as_right_as_refusing_the_pass():
    class Frozen(Right):
        def __setattr__(self, name, entry):
            if name == "data" and entry == 5.0 and "grad" in vars(self):
                raise ValueError("this number has been used")
            super().__setattr__(name, entry)

    assert verdicts(check_engine(Frozen))["edit before backward"] == "pass"


@pytest.mark.parametrize("number", [np.float32, np.float64, np.asarray])
def test_numbers_may_be_numpy_s(number):
    class Engine(Right):
        def __init__(self, data, *arguments):
            super().__init__(number(data), *arguments)
            self.grad = number(0.0)

    with np.errstate(all="ignore"):
        assert check_engine(Engine).ok, check_engine(Engine)


def test_functions_may_stand_beside_the_class(tmp_path, monkeypatch):
    methods = re.sub(r"def (relu|tanh|exp|log)\(", r"def my_\1(", ENGINE)
    beside = "\n".join(f"def {f}(v):\n    return v.my_{f}()\n" for f in ("relu", "tanh", "exp"))
    text = f"from math import log\n{methods}\n{beside}"  # math's takes no Value, and is not meant
    (tmp_path / "functions_beside.py").write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    import functions_beside

    report = check_engine(functions_beside.Value)
    assert verdicts(report)["tanh"] == verdicts(report)["exp"] == "pass"
    assert verdicts(report)["log"] == "not offered"
    assert report.ok


@pytest.mark.race
def test_micrograd_fails_where_the_guide_says():
    engine = pytest.importorskip("micrograd.engine", reason="it is in the extra `race`")
    report = check_engine(engine.Value)
    assert set(names(report.failures)) == {
        "power 0 at zero", "root of a negative number", "deep chain", "second backward",
        "two outputs", "edit before backward",
    }  # fmt: skip
    for failure in report.failures:
        assert f"`{failure.name}`" in CHAPTER
    assert f"runs {len(CASES)} small cases" in CHAPTER
    assert f"{len(report.passed)} pass, 6 fail, {len(report.not_offered)} are not off" in CHAPTER
