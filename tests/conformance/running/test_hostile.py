"""Engines that do what an engine should not do: the check has its results all the same."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograd.conformance import check_engine
from autograd.conformance.cases.judging import read_answer
from autograd.conformance.running.process import check_file
from tests.conformance.checked import (
    BACKWARD,
    POSIX_ONLY,
    PROJECT,
    check,
    names,
    result_named,
    verdicts,
)  # fmt: skip
from tests.engines import Right

IN_ONE_CASE = BACKWARD.format("if self.data == 14:\n        {}")  # of the case "chain rule"


def failed(done: subprocess.CompletedProcess) -> int:
    return json.loads(done.stdout)["failed"]


# -- floods, forks and files -------------------------------------------------------------------


def test_an_engine_that_prints_for_ever_is_stopped(file):
    prints = "import sys\n        while True: print('y' * 1000), sys.stderr.write('z' * 1000)"
    start = time.monotonic()
    done = check(file(IN_ONE_CASE.format(prints)), "--json", "--seconds", "0.3")
    assert time.monotonic() - start < 10
    assert result_named(done, "chain rule")["verdict"] == "timed out"
    assert failed(done) == 1
    assert len(done.stdout) < 100_000


@POSIX_ONLY
def test_an_engine_that_forks_is_one_engine(file):
    done = check(file(IN_ONE_CASE.format("import os; os.fork()")), "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert failed(done) == 0
    done = check(file("import os\nos.fork()"), "--json")
    assert (done.returncode, failed(done)) == (0, 0)


@POSIX_ONLY
def test_children_that_wait_do_not_hold_up_the_check(file):
    start = time.monotonic()
    waits = "import os, time\n        if os.fork() == 0: time.sleep(60)"
    done = check(file(IN_ONE_CASE.format(waits)), "--json")
    assert time.monotonic() - start < 6
    assert failed(done) == 0


def test_an_engine_that_deletes_its_own_file_is_checked(file):
    path = file("import os\nos.remove(__file__)")
    done = check(path, "--json")
    assert (done.returncode, failed(done)) == (0, 0)
    assert not Path(path).exists()


@POSIX_ONLY
def test_a_file_that_is_gone_when_it_is_needed_again_is_told(file):
    late = IN_ONE_CASE.format("import os; os.remove(__file__)\n        while True: pass")
    done = check(file(late), "--json", "--seconds", "0.3")
    assert result_named(done, "chain rule")["verdict"] == "timed out"
    assert "the file did not load a second time" in result_named(done, "reuse")["received"]


# -- what it writes to the check ---------------------------------------------------------------

WRITES_TO_ALL = """
import os
for number in range(3, 20):
    try: os.write(number, {text!r})
    except OSError: pass
"""
GARBAGE = [
    b"hello\n", b"\xff\xfe\n", b"[" * 5_000 + b"\n", b"{}\n", b"[]\n", b"null\n", b"\n",
    b'{"class": "Value", "others": [], "methods": {}, "unlimited": []}\n' * 200,
    b'{"class": 1, "others": 5, "methods": [], "unlimited": 0}\n',
    b'{"error": ["a"]}\n', b"x" * 100_000 + b"\n",
]  # fmt: skip


@POSIX_ONLY
@pytest.mark.parametrize("text", GARBAGE, ids=range(len(GARBAGE)))
def test_what_a_file_writes_among_the_answers_is_not_an_answer(file, text):
    done = check(file(WRITES_TO_ALL.format(text=text)))
    assert "Traceback" not in done.stderr
    assert done.returncode in (1, 2)
    if done.returncode == 2:
        assert "an engine may print, but must leave open files alone" in done.stderr
        assert done.stderr.count("\n") == 1


@POSIX_ONLY
def test_an_answer_that_cannot_be_read_costs_one_case(file):
    writes = WRITES_TO_ALL.format(text=b"hello\n").strip().replace("\n", "\n        ")
    done = check(file(IN_ONE_CASE.format(writes)), "--json")
    assert "something else than an answer" in result_named(done, "chain rule")["received"]
    assert failed(done) == 1


@pytest.mark.parametrize(
    "told",
    [
        None, [], {}, {"kind": "numbers"},
        {"kind": "pass", "given": [], "text": "", "on_purpose": False},
        {"kind": "numbers", "given": {}, "text": "", "on_purpose": False},
        {"kind": "numbers", "given": [[1.0]], "text": "", "on_purpose": False},
        {"kind": "numbers", "given": [True], "text": "", "on_purpose": False},
        {"kind": "numbers", "given": [10**400], "text": "", "on_purpose": False},
        {"kind": "raised", "given": [], "text": 5, "on_purpose": False},
        {"kind": "raised", "given": [], "text": "x" * 100_000, "on_purpose": False},
        {"kind": [], "given": [], "text": "", "on_purpose": False},
    ],
)  # fmt: skip
def test_only_an_answer_is_an_answer(told):
    assert read_answer(told) is None


# -- a file that changes the checker -----------------------------------------------------------

PATCHES_EVERYTHING = """
import sys, builtins, math, json, dataclasses
from autograd.conformance.cases import case, judging, result
from autograd.conformance.reports import points, report
from autograd.conformance.running import in_this_process as running, worker
def patch(owner, name, new):
    assert hasattr(owner, name) or name in owner.__dataclass_fields__, f"no {name} in {owner}"
    setattr(owner, name, new)
always = lambda *_, **__: True
for owner, name in ((case, "is_accepted"), (judging, "is_accepted"), (case, "_matches"),
                    (math, "isclose")):
    patch(owner, name, always)
for owner in (judging, running):
    patch(owner, "judged", lambda case, answer: judging.result_of(case, "pass", 0.0))
patch(result.Result, "verdict", property(lambda self: "pass", lambda self, verdict: None))
patch(report.Report, "failures", [])
patch(report.Report, "ok", True)
patch(points.Item, "is_earned", True)
patch(points, "contradicts_itself", lambda results: False)
patch(running, "CASES", ())
for module in list(sys.modules.values()):
    if getattr(module, "CASES", None):
        module.CASES = ()
def backward(self): pass
Value.backward = backward
"""
FORGES_ANSWERS = """
from autograd.conformance.running import in_this_process as running, worker
from autograd.conformance.cases.judging import Answer
RIGHT = {case.name: case for case in running.CASES}
def forged(question, engine, seconds):
    case = RIGHT.get(question.name)
    choices = [case.accepted(q)[0] for q in case.expected] if case else [0.0] * 4
    given = tuple(getattr(choice, "low", choice) for choice in choices)
    return Answer("numbers", given)
worker.ask = running.ask = forged
"""
POINTS = "core = 50\nrobustness = 20\nhidden = 30"


def points_of(path: str, *arguments: str) -> dict:
    (Path(path).parent / "points.toml").write_text(POINTS, encoding="utf-8")
    done = check(path, "--json", "--points", str(Path(path).parent / "points.toml"),
                 "--hidden", "spring term")  # fmt: skip
    assert "Traceback" not in done.stderr
    return json.loads(done.stdout)


def test_a_file_that_patches_the_checker_gets_no_points_by_it(file):
    honest = points_of(file("def backward(self): pass\nValue.backward = backward"))
    patched = points_of(file(PATCHES_EVERYTHING))
    assert "error" not in patched, "a name to patch is not there"
    assert patched["points"] == honest["points"]
    assert patched["points"]["parts"][2]["earned"] == 0  # hidden


def test_a_file_that_forges_the_answers_of_the_public_cases_gets_no_points(file):
    report = points_of(file(FORGES_ANSWERS, text="class Value:\n    def backward(self): pass"))
    assert report["failed"] == 12  # the hidden cases
    assert report["points"]["earned"] == 0


def test_the_process_of_the_engine_is_not_told_the_hidden_numbers(file):
    spies = """
import gc, sys
from autograd.conformance.cases.case import Case
def backward(self, right=Value.backward):
    seen = [c for c in gc.get_objects() if isinstance(c, Case) and c.group == "hidden"]
    texts = [text for text in sys.argv if "spring" in text]
    assert not seen and not texts
    right(self)
Value.backward = backward
"""
    assert points_of(file(spies))["points"]["earned"] == 100


@pytest.mark.parametrize(
    "text",
    [
        "from demos.class_repository.engine import Value",
        "from demos.class_repository import engine\nclass Value(engine.Value): pass",
    ],
)
def test_an_engine_that_is_somebody_else_s_is_told(file, text):
    report = check_file(file(text=text))
    assert report.ok
    told = "Value is not all from this file: it comes from demos.class_repository.engine."
    assert str(report).splitlines()[-1] == told


def test_an_engine_of_one_s_own_is_not_told_where_it_is_from(file):
    more = "import abc\nclass Tensor(Value, abc.ABC): pass"
    assert "comes from" not in str(check_file(file(more), "Tensor"))


# -- strange numbers ---------------------------------------------------------------------------


def test_an_engine_of_nan_passes_in_nothing_that_has_a_number():
    class Nan(Right):
        data = grad = property(lambda self: float("nan"), lambda self, number: None)

    passed = names(check_engine(Nan, hidden="7").passed)
    assert set(passed) <= {"root of a negative number", "division by zero", "log of zero",
                           "log of a negative number", "steps of a pass", "time of a pass",
                           "freeing of memory"}  # fmt: skip


def test_values_that_compare_to_values_are_right():
    class Compares(Right):
        def __eq__(self, other):
            return Compares(float(self is other))

        __hash__ = object.__hash__

    report = check_engine(Compares, hidden="7")
    assert report.ok, report


def test_numpy_s_scalars_come_through_the_process(file):
    scalars = """
import numpy as np
def __init__(self, data, *arguments, right=Value.__init__):
    right(self, np.float64(data), *arguments)
    self.grad = np.float64(0.0)
Value.__init__ = __init__
np.seterr(all="ignore")
"""
    done = check(file(scalars), "--hidden", "7")
    assert done.returncode == 0, done.stdout


# -- limits ------------------------------------------------------------------------------------


def test_limits_that_a_system_has_not_are_told():
    without = (
        "import sys; sys.modules['resource'] = None\n"
        "from autograd.conformance.running.worker import limit_resources\n"
        "print(limit_resources(5))"
    )
    done = subprocess.run(
        [sys.executable, "-c", without], capture_output=True, encoding="utf-8", check=True,
        env={"PYTHONPATH": str(PROJECT)},
    )  # fmt: skip
    assert done.stdout == "['memory', 'size of files', 'processor time', 'core dumps']\n"


def test_the_report_says_which_limits_are_off(file, monkeypatch):
    monkeypatch.setattr(
        "autograd.conformance.running.process.START",
        "import sys\nsys.modules['resource'] = None\n"
        "import json\nsys.path[:] = json.loads(sys.argv[1])\n"
        "from autograd.conformance.running.worker import main\nmain()\n",
    )
    report = check_file(file())
    assert report.ok
    assert str(report).splitlines()[-1] == (
        "Without limits here, as the system has none: memory, size of files, processor time, "
        "core dumps."
    )


@POSIX_ONLY
def test_where_all_limits_are_set_nothing_is_said_of_them(file):
    assert verdicts(check_file(file()))["add"] == "pass"
    assert "limits" not in str(check_file(file()))
