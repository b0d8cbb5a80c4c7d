"""The scripted hour: every stage runs, and what its end and the plan say is true."""

import ast
import difflib
import doctest
import io
import os
import re
import runpy
import subprocess
import sys
import textwrap
from itertools import pairwise
from pathlib import Path

import pytest

from autograd import Picture
from autograd.conformance.running.in_this_process import CASES, run_case
from autograd.conformance.running.process import check_file
from demos.live.__main__ import STAGES, main

PROJECT = Path(__file__).parent.parent
FOLDER = PROJECT / "demos" / "live"
PLAN = (FOLDER / "PLAN.md").read_text(encoding="utf-8")
TEXTS = {stage: path.read_text(encoding="utf-8") for stage, path in STAGES.items()}
CASE = {case.name: case for case in CASES}
every_stage = pytest.mark.parametrize("stage", STAGES)


def start_of(stage: str) -> str:
    return ast.get_docstring(ast.parse(TEXTS[stage])) or ""


def end_of(stage: str) -> str:
    """Return the string that ends the file."""
    statement = ast.parse(TEXTS[stage]).body[-1]
    assert isinstance(statement, ast.Expr)
    return ast.literal_eval(statement.value)


def code_of(stage: str) -> list[str]:
    """Return the lines between the docstring and the demonstration."""
    lines = TEXTS[stage].partition('\n"""\n')[2].partition("\nif __name__")[0].splitlines()
    return [line for line in lines if line]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*command: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-W", "error", *command], capture_output=True, encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(PROJECT), "PYTHONIOENCODING": "utf-8"}, check=False,
    )  # fmt: skip


# -- the stages --------------------------------------------------------------------------------


def test_there_are_seven_stages():
    assert list(STAGES) == list("1234567")


@every_stage
def test_a_stage_fits_on_a_screen(stage):
    lines = TEXTS[stage].splitlines()
    assert len(lines) <= 60
    assert max(map(len, lines)) <= 100


@every_stage
def test_a_stage_begins_with_what_is_new_and_why(stage):
    assert re.match(rf"Stage {stage}, [a-z ]+: .*\.\n\nNew: ", start_of(stage))
    assert "Why: " in start_of(stage)


@pytest.mark.parametrize("stage", list("234567"))
def test_a_stage_grows_from_the_one_before(stage):
    changes = list(difflib.ndiff(code_of(str(int(stage) - 1)), code_of(stage)))
    gone = [line for line in changes if line.startswith("- ")]
    new = [line for line in changes if line.startswith("+ ")]
    assert len(gone) <= 4, gone
    assert len(gone) < len(new) <= 15 or stage == "3", new  # 3 is about the lines by hand


PRINTED = {
    "1": """\
a = Value(2.0)
b = Value(-3.0)
""",
    "2": """\
c = Value(-6.0) from (Value(2.0), Value(-3.0))
y = Value(-12.0) from (Value(-6.0), Value(2.0))
""",
    "3": """\
a = Value(2.0, grad=-12.0)
b = Value(-3.0, grad=4.0)
c = Value(-6.0, grad=2.0)
y = Value(-12.0, grad=1.0)
""",
    "4": """\
a = Value(2.0, grad=-15.0)
b = Value(-3.0, grad=6.0)
c = Value(-6.0, grad=3.0)
d = Value(-12.0, grad=1.0)
y = Value(-18.0, grad=1.0)
""",
    "5": """\
a = Value(2.0, grad=-15.0)
b = Value(-3.0, grad=6.0)
c = Value(-6.0, grad=3.0)
d = Value(-12.0, grad=1.0)
y = Value(-18.0, grad=1.0)
""",
    "6": """\
w = 1.0000  loss = 9.000000  w.grad = -18.0000
w = 1.9000  loss = 0.090000  w.grad = -1.8000
w = 1.9900  loss = 0.000900  w.grad = -0.1800
w = 1.9990  loss = 0.000009  w.grad = -0.0180
""",
    "7": """\
o = 0.4621; its gradients in w and b: 1.5729 0.3932 0.7864
""",
}


@every_stage
def test_a_stage_prints_its_demonstration(stage):
    done = run(str(STAGES[stage]))
    assert (done.returncode, done.stderr, done.stdout) == (0, "", PRINTED[stage])


@every_stage
def test_a_stage_prints_nothing_when_it_is_imported(stage, capsys):
    runpy.run_path(str(STAGES[stage]))
    assert capsys.readouterr().out == ""


@every_stage
def test_what_to_type_next_prints_what_the_end_says(stage, monkeypatch, capsys):
    drawn: list[str] = []
    monkeypatch.setattr(Picture, "show", lambda picture: drawn.append(picture.svg))
    scope = runpy.run_path(str(STAGES[stage]), run_name="__main__")
    assert "Type next, after python -i engine.py:\n" in end_of(stage)
    session = end_of(stage).split("Type next")[1]
    test = doctest.DocTestParser().get_doctest(session, scope, stage, None, 0)
    report: list[str] = []
    runner = doctest.DocTestRunner()
    runner.run(test, out=report.append, clear_globs=False)
    assert test.examples
    assert not runner.failures, "".join(report)
    assert len(drawn) == session.count(".show()") == (stage in "457")
    for name in [name for name in "abcdyo" if name in scope and drawn]:
        assert re.search(f">{name}( = .*)?<", drawn[0]), name


def test_stage_4_in_the_wrong_order_is_wrong_as_it_says():
    assert "(y, c, d) instead of (y, d, c)" in end_of("4")
    assert "a.grad is -9.0" in end_of("4")
    text = TEXTS["4"].replace("for node in (y, d, c):", "for node in (y, c, d):")
    scope: dict = {"__name__": "__main__"}
    exec(text, scope)
    assert scope["a"].grad == -9.0


# -- the cases ---------------------------------------------------------------------------------


def cases_that_pass(stage: str) -> set[str]:
    """Return the names of the cases that pass, as the end of a stage tells them."""
    told = re.search(r"Cases that pass now: (.*?)\.\s", end_of(stage), flags=re.DOTALL)
    assert told
    text = " ".join(told[1].split())
    if text == "none":
        return set()
    is_exception, is_addition = text.startswith("all but "), text.startswith("those of stage ")
    names = text.removeprefix("all but ").split(", ")
    if is_addition:
        before = cases_that_pass(names.pop(0).removeprefix("those of stage "))
        assert not before & set(names)
        names += before
    assert len(names) == len(set(names))
    assert set(names) <= set(CASE)
    return set(CASE) - set(names) if is_exception else set(names)


@every_stage
def test_the_cases_that_pass_are_those_that_the_end_names(stage, folder):
    assert main([stage]) == 0
    report = check_file("engine.py")
    assert {result.name for result in report.passed} == cases_that_pass(stage)
    assert ("o case fails." in end_of(stage)) == report.ok
    has_backward = "def backward" in TEXTS[stage]
    assert ("The check cannot apply yet: there is no backward()." in end_of(stage)) != has_backward


def test_no_stage_loses_a_case():
    assert all(cases_that_pass(n) <= cases_that_pass(m) for n, m in pairwise(STAGES))


# -- the plan ----------------------------------------------------------------------------------


def test_the_minutes_of_the_plan_add_up_to_60():
    minutes = re.findall(r"^## .*, (\d+) minutes$", PLAN, flags=re.MULTILINE)
    assert len(minutes) == PLAN.count("\n## ") == 10
    assert sum(map(int, minutes)) == 60


def test_ten_of_the_minutes_are_pauses_in_which_one_gets_the_stage_before():
    titles = re.findall(r"^## ([\w ]+)", PLAN, flags=re.MULTILINE)
    pauses = re.findall(r"^## Pause, (\d+) minutes\n(.*)$", PLAN, flags=re.MULTILINE)
    assert sum(int(minutes) for minutes, _ in pauses) == 10
    for before, (_, text) in zip("46", pauses, strict=True):
        assert titles[titles.index(f"Stage {before}") + 1] == "Pause"
        assert f"- **Behind:** `python -m demos.live {before}`" in text
        assert " **Done:** " in text


def typed(stage: str) -> list[str]:
    """Return the lines that are typed up to the end of a stage: the file's, and the prompt's."""
    file, _, end = TEXTS[stage].partition('\n"""\n')[2].partition('\n"""')
    prompt = re.findall("^>>> (.*)$", end, flags=re.MULTILINE)
    return [line.split("  #")[0].strip() for line in [*file.splitlines(), *prompt]]


@every_stage
def test_a_stage_leaves_a_quarter_of_its_time_for_what_is_asked(stage):
    before = typed(str(int(stage) - 1)) if stage != "1" else []
    new = [line[2:] for line in difflib.ndiff(before, typed(stage)) if line.startswith("+ ")]
    minutes = int(re.search(rf"^## Stage {stage}, .*, (\d+) minutes$", PLAN, flags=re.M)[1])
    assert sum(map(len, new)) / 120 <= 0.75 * minutes  # who talks too types 120 signs a minute


def test_the_plan_is_one_page_and_goes_through_all_stages():
    assert len(PLAN.splitlines()) <= 60
    assert len(PLAN.split()) <= 650
    for stage in STAGES:
        name = start_of(stage).partition(":")[0]
        section = PLAN.split(f"## {name}, ")[1].split("\n## ")[0]
        assert all(part in section for part in ("- **Type** ", "- **Ask** ", "- **Goes wrong:** "))


MISTAKES = [  # the stage in which the check finds it, what is right, what is typed, the case
    ("3", "self.data, self.grad = data, 0.0", "data = data; self.grad = 0.0", "leaf"),
    ("5", "= parents, op, rule", "= set(parents), op, rule", "repeated parent"),
    ("5", "parent.grad += contribution", "parent.grad = contribution", "reuse"),
    ("5", "(grad * b, grad * a)", "(grad * a, grad * b)", "multiply"),
    ("6", "(grad * b, grad * a)", "(b, a)", "chain rule"),
    ("5", "(grad * b,", "(grad * other.data,", "edit before backward"),
    ("5", "reversed(order)", "order", "ladder"),
    ("5", "        self.grad = 1.0\n", "", "add"),
    ("6", "            node.grad = 0.0\n", "            pass\n", "second backward"),
    ("6", "return -self + other", "return self - other", "number on the left of -"),
    ("6", " if isinstance(other, Value) else Value(other)", "", "number on the right"),
    ("6", " if n else 0.0", "", "power 0 at zero"),
    ("7", "1 - out**2", "1 - self.data**2", "tanh"),
]
BACKWARD = TEXTS["5"].index("\n    def backward")
SORT = TEXTS["5"][BACKWARD : TEXTS["5"].index("        for node in order", BACKWARD)]
VISIT = re.search(r"( +)def visit.*?\n(?=- )", PLAN, flags=re.DOTALL)[0]  # as the class types it
RECURSIVE_SORT = (
    "\n    def backward(self):\n        order = {}\n"
    + textwrap.indent(textwrap.dedent(VISIT), 8 * " ")
    + "        visit(self)\n"
)
MISTAKES.append(("5", SORT, RECURSIVE_SORT, "deep chain"))


def test_the_sort_that_the_class_types_first_lacks_only_the_deep_chain(folder):
    for stage in ("5", "6", "7"):
        engine = TEXTS[stage].replace(SORT, RECURSIVE_SORT)
        (folder / "engine.py").write_text(engine, encoding="utf-8")
        passed = {result.name for result in check_file("engine.py").passed}
        assert passed == cases_that_pass(stage) - {"deep chain"}


@pytest.mark.parametrize(("stage", "right", "wrong", "case"), MISTAKES, ids=lambda text: text[:30])
def test_what_goes_wrong_is_shown_by_the_case_that_the_plan_names(stage, right, wrong, case):
    assert right in TEXTS[stage]
    assert f"`{case}`" in PLAN
    for text, passes in ((TEXTS[stage], True), (TEXTS[stage].replace(right, wrong), False)):
        scope: dict = {"__name__": "engine"}
        exec(text, scope)
        assert (run_case(CASE[case], scope["Value"], 2.0).verdict == "pass") == passes


def test_every_case_in_the_plan_is_one_that_is_tried_here():
    quoted = set(re.findall(r"`([^`]+)`", PLAN.replace("\n", " "))) & set(CASE)
    assert quoted - {"neuron", "relu", "exp", "log"} == {case for *_, case in MISTAKES}


def test_the_plan_ends_with_the_count_of_the_check():
    count = len(cases_that_pass("7"))
    assert f"run the check: {count} pass, none fails" in PLAN


# -- for whoever fell behind -------------------------------------------------------------------


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def own_work(folder: Path) -> Path:
    (folder / "engine.py").write_text("my own work\n", encoding="utf-8")
    return folder / "engine.py"


def test_alone_it_lists_the_stages(folder, capsys):
    assert main([]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:7] == [start_of(stage).splitlines()[0] for stage in STAGES]
    assert lines[-1].startswith("python -m demos.live N copies stage N to engine.py")
    assert list(folder.iterdir()) == []


@every_stage
def test_it_copies_a_stage_into_the_current_folder(stage, folder, capsys):
    assert main([stage]) == 0
    assert (folder / "engine.py").read_bytes() == STAGES[stage].read_bytes()
    assert [path.name for path in folder.iterdir()] == ["engine.py"]
    assert capsys.readouterr().out.startswith(f"Copied to engine.py: Stage {stage}, ")


@pytest.mark.parametrize("command", [("-m", "demos.live"), (str(FOLDER),)])
def test_it_runs_as_a_module_and_from_any_folder(command, folder):
    done = run(*command, "4")
    assert (done.returncode, done.stderr) == (0, "")
    assert (folder / "engine.py").read_bytes() == STAGES["4"].read_bytes()
    assert run("engine.py").stdout == PRINTED["4"]


@pytest.mark.parametrize(
    ("answer", "code"),
    [("y\n", 0), (" YES \n", 0), ("n\n", 1), ("\n", 1), ("", 1), ("yup\n", 1), ("4\n", 1)],
)
def test_it_asks_before_it_overwrites(answer, code, own_work, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", Terminal(answer))
    assert main(["4"]) == code
    told = capsys.readouterr().out
    assert told.startswith("engine.py is there already. Overwrite it? [y/N] ")
    assert (own_work.read_bytes() == STAGES["4"].read_bytes()) == (code == 0)
    assert (own_work.read_bytes() == b"my own work\n") == ("engine.py stays as it was." in told)


def test_ctrl_c_is_a_no(own_work, monkeypatch, capsys):
    def interrupted(question: str) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("builtins.input", interrupted)
    assert main(["4"]) == 1
    assert own_work.read_bytes() == b"my own work\n"


def test_without_a_terminal_it_refuses_and_says_how(own_work):
    done = subprocess.run(
        [sys.executable, str(FOLDER), "4"], input="y\n", capture_output=True, encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(PROJECT)}, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.endswith("rename or delete it first\n")
    assert own_work.read_bytes() == b"my own work\n"


def test_the_same_stage_again_asks_nothing(folder, monkeypatch):
    assert main(["4"]) == 0
    monkeypatch.setattr("builtins.input", lambda question: pytest.fail("it asked"))
    assert main(["4"]) == 0


def test_a_copy_that_fails_leaves_what_was_there(own_work, monkeypatch, capsys):
    def full(source: object, target: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("sys.stdin", Terminal("y\n"))
    monkeypatch.setattr("os.replace", full)
    with pytest.raises(SystemExit) as leaving:
        main(["4"])
    told = capsys.readouterr().err
    assert (leaving.value.code, told.count("\n")) == (2, 1)
    assert "No space left on device: 'engine.py'" in told
    assert own_work.read_bytes() == b"my own work\n"
    assert [path.name for path in own_work.parent.iterdir()] == ["engine.py"]


@pytest.mark.parametrize(
    "arguments",
    [["0"], ["8"], ["-1"], ["four"], [""], ["4.0"], ["٤"], ["a\nb\x1b"], ["9" * 5000], ["4", "5"]],
    ids=ascii,
)
def test_a_bad_stage_is_one_line_and_code_2(arguments, folder, capsys):
    with pytest.raises(SystemExit) as leaving:
        main(arguments)
    told = capsys.readouterr()
    assert (leaving.value.code, told.out, told.err.count("\n")) == (2, "", 1)
    assert told.err.startswith("python -m demos.live: ")
    assert len(told.err) < 120
    assert "\x1b" not in told.err
    assert list(folder.iterdir()) == []


def test_a_folder_of_that_name_is_one_line_and_code_2(folder, capsys):
    (folder / "engine.py").mkdir()
    with pytest.raises(SystemExit) as leaving:
        main(["4"])
    assert (leaving.value.code, capsys.readouterr().err.count("\n")) == (2, 1)
