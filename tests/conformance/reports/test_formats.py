"""The formats of autograders, against what those tools document."""

import doctest
import json
import textwrap

import jsonschema
import pytest

from autograd.__main__ import main
from autograd.conformance import tell_failures
from tests.conformance.checked import ENGINE, PROJECT
from tests.engines import AssignsInsteadOfAdding, Right

POINTS = """
core = 60
hidden = 30
[robustness]
points = 10
partial = false
["deep chain"]
points = 5
extra = true
"""


@pytest.fixture
def points(tmp_path):
    (tmp_path / "points.toml").write_text(POINTS, encoding="utf-8")
    return str(tmp_path / "points.toml")


def printed(capsys, *arguments: str) -> str:
    main(["check", *arguments])
    return capsys.readouterr().out


# -- Gradescope --------------------------------------------------------------------------------

# Read off "Output format" of gradescope-autograders.readthedocs.io/en/latest/specs: every field
# that is named there, and no other.
VISIBILITY = {"enum": ["hidden", "after_due_date", "after_published", "visible"]}
FORMAT = {"enum": ["text", "html", "simple_format", "md", "ansi"]}
TEST = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "score": {"type": "number"}, "max_score": {"type": "number"},
        "status": {"enum": ["passed", "failed"]},
        "name": {"type": "string"}, "name_format": FORMAT, "number": {"type": "string"},
        "output": {"type": "string"}, "output_format": FORMAT,
        "tags": {"type": "array", "items": {"type": "string"}},
        "visibility": VISIBILITY, "extra_data": {"type": "object"},
    },
}  # fmt: skip
RESULTS = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "score": {"type": "number"}, "execution_time": {"type": "number"},
        "output": {"type": "string"}, "output_format": FORMAT, "test_output_format": FORMAT,
        "test_name_format": FORMAT, "visibility": VISIBILITY, "stdout_visibility": VISIBILITY,
        "extra_data": {"type": "object"}, "leaderboard": {"type": "array"},
        "tests": {"type": "array", "items": TEST},
    },
    "anyOf": [{"required": ["score"]}, {"required": ["tests"]}],
}  # fmt: skip


def gradescope(capsys, *arguments: str) -> dict:
    text = printed(capsys, *arguments, "--format", "gradescope")
    results = json.loads(text, parse_constant=pytest.fail)
    jsonschema.validate(results, RESULTS)
    return results


WRONG = "\nValue.__neg__ = lambda self: self * 2\n"


def test_gradescope_has_a_test_for_each_case_with_its_share(capsys, file, points):
    results = gradescope(capsys, file(WRONG), "--points", points, "--hidden", "7")
    tests = {test["name"]: test for test in results["tests"]}
    assert results["score"] == pytest.approx(sum(test["score"] for test in results["tests"]))
    assert sum(test["max_score"] for test in results["tests"]) == pytest.approx(100)
    assert tests["reuse"]["score"] == tests["reuse"]["max_score"] == pytest.approx(1.5)
    assert tests["reuse"]["status"] == "passed"
    assert (tests["negate"]["score"], tests["negate"]["status"]) == (0, "failed")
    assert "-a falls as a rises" in tests["negate"]["output"]
    assert tests["negate"]["tags"] == ["core"]
    assert tests["deep chain"]["max_score"] == 0  # extra credit
    assert tests["deep chain"]["score"] == 5
    assert tests["robustness"]["max_score"] == 10  # all or nothing: one test


def test_gradescope_shows_hidden_cases_later_and_their_programs_nowhere_else(capsys, file, points):
    results = gradescope(capsys, file(WRONG), "--points", points, "--hidden", "7")
    seen = [test for test in results["tests"] if test["visibility"] == "visible"]
    later = [test for test in results["tests"] if test["visibility"] == "after_published"]
    assert len(later) == 12
    assert all(test["name"].startswith("hidden ") for test in later)
    assert "hidden" not in json.dumps([seen, results["output"]])


def test_gradescope_has_a_result_for_a_file_that_cannot_be_checked(capsys, file, points):
    path = file(text="x = (1,\n")
    assert main(["check", path, "--points", points, "--hidden", "7", "--format", "gradescope"]) == 2
    results = json.loads(capsys.readouterr().out)
    jsonschema.validate(results, RESULTS)
    assert results["score"] == 0
    assert results["output"] == "my_engine.py, line 1: '(' was never closed"


def test_numbers_that_are_not_finite_are_text_for_gradescope(capsys, file, points):
    nan = "\nValue.__neg__ = lambda self: self * float('nan')\n"
    results = gradescope(capsys, file(nan), "--points", points, "--hidden", "7")
    assert "received nan" in next(t["output"] for t in results["tests"] if t["name"] == "negate")


# -- otter-grader ------------------------------------------------------------------------------


def otter_tests(capsys, *arguments: str) -> dict:
    """Return the dictionary ``test`` of the file, as otter executes it."""
    scope: dict = {}
    exec(printed(capsys, *arguments, "--format", "otter"), scope)
    assert scope["OK_FORMAT"] is True
    return scope["test"]


def passes(code: str, environment: dict) -> bool:
    """Run the code of a case as a doctest, which is the one type that otter knows."""
    test = doctest.DocTestParser().get_doctest(textwrap.dedent(code), environment, "case", None, 0)
    assert test.examples
    return doctest.DocTestRunner(verbose=False).run(test, out=[].append).failed == 0


def test_otter_s_file_has_what_its_format_asks_for(capsys, points):
    test = otter_tests(
        capsys, "demos/class_repository/engine.py", "--points", points, "--hidden", "7"
    )
    assert isinstance(test["name"], str)
    (suite,) = test["suites"]  # "Otter only allows a single suite in each test"
    assert suite["type"] == "doctest"  # "only doctest allowed"
    assert not suite["setup"]
    assert not suite["teardown"]
    for case in suite["cases"]:
        assert case["code"].startswith(">>> ")
        assert isinstance(case["hidden"], bool)
        assert type(case["points"]) in (int, float)
    assert sum(case["points"] for case in suite["cases"]) == pytest.approx(105)
    hidden = [case["name"] for case in suite["cases"] if case["hidden"]]
    assert len(hidden) == 12
    assert all(name.startswith("hidden ") for name in hidden)


def test_its_cases_pass_and_fail_in_a_student_s_notebook(capsys, points):
    arguments = ("demos/class_repository/engine.py", "--points", points, "--hidden", "7")
    (suite,) = otter_tests(capsys, *arguments)["suites"]
    cases = {case["name"]: case["code"] for case in suite["cases"]}
    for name in ("reuse", "negate", "robustness", "hidden 1", "hidden tanh"):
        assert passes(cases[name], {"Value": Right}), name
    assert not passes(cases["reuse"], {"Value": AssignsInsteadOfAdding})
    assert passes(cases["negate"], {"Value": AssignsInsteadOfAdding})


def test_otter_itself_reads_the_file(capsys, points, tmp_path):
    ok_test = pytest.importorskip("otter.test_files.ok_test", reason="otter-grader is not there")
    path = tmp_path / "engine.py"
    arguments = ("demos/class_repository/engine.py", "--points", points, "--hidden", "7")
    path.write_text(printed(capsys, *arguments, "--format", "otter"), encoding="utf-8")
    for engine, score in ((Right, 105), (AssignsInsteadOfAdding, None)):
        test = ok_test.OKTestFile.from_file(str(path))
        test.run({"Value": engine})
        assert test.possible == pytest.approx(105)
        assert test.score == pytest.approx(score) if score else test.score < 105


def test_otter_s_tests_know_an_engine_s_own_names(capsys, file, points):
    text = ENGINE.replace("def backward", "def back")
    arguments = ("--points", points, "--hidden", "7", "--names", "backward=back")
    (suite,) = otter_tests(capsys, file(text=text), *arguments)["suites"]
    scope: dict = {"__name__": "student"}
    exec(text, scope)
    assert passes(suite["cases"][1]["code"], scope)
    assert passes(suite["cases"][-1]["code"], scope)


def test_for_otter_the_engine_is_the_teacher_s_and_must_pass(capsys, file, points):
    code = main(["check", file(WRONG), "--points", points, "--hidden", "7", "--format", "otter"])
    told = capsys.readouterr()
    assert (code, told.out, told.err.count("\n")) == (2, "", 1)
    assert "takes your own solution, which must pass them: it fails in number" not in told.err
    assert "it fails in subtract, negate" in told.err


def test_what_is_wrong_in_a_case_is_printed_and_a_pass_is_silent(capsys):
    tell_failures(Right, "reuse", "hidden 1", hidden="7")
    assert capsys.readouterr().out == ""
    tell_failures(AssignsInsteadOfAdding, "add", "reuse")
    told = capsys.readouterr().out
    assert told.startswith("reuse: wrong\n")
    assert "Hint: Gradients must add up" in told
    with pytest.raises(ValueError, match="there is no case 'resue'"):
        tell_failures(Right, "resue")


# -- options that do not go together -----------------------------------------------------------


def test_for_otter_what_is_extra_and_not_offered_is_left_out(capsys):
    folder = PROJECT / "demos" / "class_repository"
    arguments = (str(folder / "engine.py"), "--points", str(folder / "points.toml"))
    text = printed(capsys, *arguments, "--hidden", "7", "--format", "otter")
    left_out = "Value to the power of a Value"
    assert text.startswith(f"# Left out, as it is extra and not offered: {left_out}\n")
    (suite,) = otter_tests(capsys, *arguments, "--hidden", "7")["suites"]
    assert left_out not in [case["name"] for case in suite["cases"]]
    assert sum(case["points"] for case in suite["cases"]) == pytest.approx(100)


def test_for_otter_what_is_not_offered_and_not_extra_is_refused_with_a_cure(capsys, tmp_path):
    (tmp_path / "points.toml").write_text('"Value to the power of a Value" = 3', encoding="utf-8")
    engine = str(PROJECT / "demos" / "class_repository" / "engine.py")
    points = str(tmp_path / "points.toml")
    assert main(["check", engine, "--points", points, "--format", "otter"]) == 2
    told = capsys.readouterr()
    assert (told.out, told.err.count("\n")) == ("", 1)
    assert "of a Value; mend that, or take it out of the points" in told.err


@pytest.mark.parametrize("kind", ["gradescope", "otter"])
def test_a_gradebook_needs_points(capsys, kind):
    assert main(["check", "demos/class_repository/engine.py", "--format", kind]) == 2
    told = capsys.readouterr()
    assert (told.out, told.err.count("\n")) == ("", 1)
    assert f"--format {kind} needs --points FILE.toml" in told.err


def test_an_unknown_format_is_one_line(capsys):
    with pytest.raises(SystemExit):
        main(["check", "demos/class_repository/engine.py", "--format", "canvas"])
    told = capsys.readouterr().err
    assert "invalid choice: 'canvas'" in told
    assert told.count("\n") == 1
