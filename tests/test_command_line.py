"""python -m autograd: what it prints and writes, and one line on what was wrong."""

import io
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import autograd
from autograd.__main__ import main

PROJECT = Path(__file__).parent.parent


def run(*arguments: str) -> int:
    """Return the exit code of one command."""
    try:
        return main(arguments)
    except SystemExit as leaving:  # argparse leaves by itself
        return leaving.code


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


# -- grad --------------------------------------------------------------------------------------


def test_grad_prints_a_table_of_data_and_gradients(capsys):
    assert run("grad", "tanh(a*b + c)", "a=2", "b=-3", "c=6") == 0
    assert capsys.readouterr().out.splitlines() == [
        "        data  grad",
        "a        2.0  -3.0",
        "b       -3.0   2.0",
        "c        6.0   1.0",
        "output   0.0   1.0",
    ]


@pytest.mark.parametrize(
    ("expression", "numbers", "output"),
    [
        ("a", ["a=1.5"], "1.5"),
        ("a**2 - 1/a", ["a=2"], "3.5"),
        ("2*pi*a", ["a=0"], "0.0"),
        ("maximum(a, 2)", ["a=1"], "2"),
        ("total([a, b, 3])", ["a=1", "b=2"], "6.0"),
        ("mean([a, b])", ["a=1", "b=2"], "1.5"),
        ("dot([a, b], [3, 4])", ["a=1", "b=2"], "11.0"),
        ("abs(a) + sqrt(b)", ["a=-1", "b=4"], "3.0"),
        ("  a + a  ", ["a=1e3"], "2000.0"),
        ("α*2", ["α=1"], "2.0"),
        ("pi", ["pi=3"], "3.0"),
        ("-a", ["a=1"], "-1.0"),
        ("-a*b", ["a=1", "b=2"], "-2.0"),
        ("-(a + b)", ["a=1", "b=2"], "-3.0"),
        ("a − b·a² × a³", ["a=−1", "b=2"], "1.0"),
        ("−a", ["a=−0.5"], "0.5"),
        ("+".join(["a"] * 300), ["a=1"], "300.0"),
    ],
)
def test_grad_takes_every_arithmetic_expression(capsys, expression, numbers, output):
    assert run("grad", expression, *numbers) == 0
    assert capsys.readouterr().out.splitlines()[-1].split() == [
        "output", output, "1" if output == "2" else "1.0",
    ]  # fmt: skip


def test_a_fraction_makes_everything_exact(capsys):
    assert run("grad", "a*b", "a=1/3", "b=0.5") == 0
    assert [line.split() for line in capsys.readouterr().out.splitlines()[1:]] == [
        ["a", "1/3", "1/2"],
        ["b", "1/2", "1/3"],
        ["output", "1/6", "1"],
    ]


def test_a_variable_that_is_not_used_has_gradient_zero(capsys):
    assert run("grad", "a*2", "a=1", "b=3") == 0
    assert "b        3.0   0.0" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["grad", "draw", "step", "lesson", "worksheet"])
def test_a_number_that_is_not_in_the_expression_is_told(capsys, monkeypatch, command):
    monkeypatch.setattr("sys.stdin", io.StringIO("q\n"))
    assert run(command, "a*b*pi", "a=2", "b=3", "c=4", "pi=3", "d=5") == 0
    assert capsys.readouterr().err == "python -m autograd: not in the expression: c, d\n"


def test_a_variable_called_output_is_not_the_output(capsys):
    assert run("grad", "output*2", "output=3") == 0
    rows = [line.rsplit(maxsplit=2) for line in capsys.readouterr().out.splitlines()[1:]]
    assert rows == [["output", "3.0", "2.0"], ["the output", "6.0", "1.0"]]


def test_digits_is_an_option_wherever_it_stands(capsys):
    assert run("grad", "--digits", "2", "a/3", "a=1") == 0
    before = capsys.readouterr().out
    assert run("grad", "a/3", "--digits", "2", "a=1") == 0
    assert capsys.readouterr().out == before
    assert "≈0.33" in before


# -- draw --------------------------------------------------------------------------------------


def test_draw_writes_the_picture_and_says_so(here, capsys):
    assert run("draw", "tanh(a*b + c)", "a=2", "b=-3", "c=10", "-o", "g.svg") == 0
    assert capsys.readouterr().out == "wrote g.svg\n"
    assert "grad ≈−0.004023" in (here / "g.svg").read_text(encoding="utf-8")


def test_draw_writes_graph_svg_unless_told(here):
    assert run("draw", "a*b", "a=2", "b=-3") == 0
    assert [path.name for path in here.iterdir()] == ["graph.svg"]


def test_draw_takes_the_options_of_draw(here):
    options = ["--direction", "TB", "--theme", "dark", "--digits", "2"]
    assert run("draw", "a/3", "a=1", *options, "--output", "g.dot") == 0
    source = (here / "g.dot").read_text(encoding="utf-8")
    assert "rankdir=TB" in source
    assert "≈0.33" in source
    assert "#12161c" in source


# -- step --------------------------------------------------------------------------------------

STEPS = """\
[0/4] nothing has happened yet
[1/4] forward: v1 = a*b = 2.0 × 3.0 = 6.0
[2/4] backward: v1.grad = ∂v1/∂v1 = 1.0
[1/4] forward: v1 = a*b = 2.0 × 3.0 = 6.0
[2/4] backward: v1.grad = ∂v1/∂v1 = 1.0
[3/4] backward: v1 = a*b → a
  a.grad += v1.grad × ∂v1/∂a = 1.0 × b = 1.0 × 3.0 = 3.0
  a.grad: 0.0 → 3.0
[4/4] backward: v1 = a*b → b
  b.grad += v1.grad × ∂v1/∂b = 1.0 × a = 1.0 × 2.0 = 2.0
  b.grad: 0.0 → 2.0
node  data  grad
a      2.0   3.0
b      3.0   2.0
v1     6.0   1.0
"""


def test_step_obeys_the_keys_that_are_piped_in():
    done = process("step", "a*b", "a=2", "b=3", keys="\n\nb\nr\n")
    assert (done.returncode, done.stdout, done.stderr) == (0, STEPS, "")


def test_step_asks_for_predictions(monkeypatch, capsys):
    answers = iter(["0.33", "q"])
    monkeypatch.setattr("builtins.input", lambda question: print(question) or next(answers))
    assert run("step", "a/3", "--predict", "--digits", "2", "a=1") == 0
    assert capsys.readouterr().out.splitlines()[2:] == [
        "v1 = a/3 = ? ",
        "[1/3] forward: v1 = a/3 = 1.0/3 ≈ 0.33",
        "  you said 0.33: right",
        "v1.grad = ? ",
    ]


def test_step_ends_with_the_end_of_the_file():
    done = process("step", "a*b", "a=2", "b=3", keys="")
    assert (done.returncode, done.stdout, done.stderr) == (0, STEPS.splitlines()[0] + "\n", "")


def test_an_interrupt_leaves_step_without_a_traceback(monkeypatch, capsys):
    def interrupted(question):
        raise KeyboardInterrupt

    monkeypatch.setattr("builtins.input", interrupted)
    assert run("step", "a*b", "a=2", "b=3") == 0
    assert capsys.readouterr().err == ""


def test_an_interrupt_elsewhere_is_code_130_without_a_traceback(monkeypatch, capsys):
    def interrupted(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr("autograd.__main__.build", interrupted)
    assert run("grad", "a*b", "a=2", "b=3") == 130
    assert capsys.readouterr().err == ""


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is another error there")
def test_an_interrupt_while_modules_load_ends_without_a_traceback():
    code = """
import os, runpy, signal, sys
class Presses:  # Ctrl-C
    def find_spec(self, name, *_):
        if name == "autograd.show.drawing":
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Presses())
runpy.run_module("autograd", run_name="__main__")
"""
    done = subprocess.run(
        [sys.executable, "-c", code, "grad", "a*b", "a=2", "b=3"],
        cwd=PROJECT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")


@pytest.mark.skipif(sys.platform == "win32", reason="closed pipes are another error there")
@pytest.mark.parametrize("arguments", [["step", "a*b"], ["grad", "a*b"]])
def test_a_closed_pipe_is_no_error(arguments):
    running = subprocess.Popen(
        [sys.executable, "-m", "autograd", *arguments, "a=2", "b=3"], cwd=PROJECT,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"},
    )  # fmt: skip
    running.stdout.close()
    _, error = running.communicate(b"\n" * 10_000)
    assert (running.returncode, error) == (0, b"")


# -- lesson ------------------------------------------------------------------------------------


def test_lesson_writes_a_page_and_says_so(capsys, here):
    assert run("lesson", "tanh(a*b + c)", "a=2", "b=-3", "c=10", "-o", "page.html") == 0
    assert capsys.readouterr().out == "wrote page.html, a lesson of 9 steps\n"
    page = (here / "page.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "tanh(a*b + c)" in page


def test_lesson_writes_lesson_html_unless_told(capsys, here):
    assert run("lesson", "a*b", "a=1/3", "b=-3", "--digits", "2") == 0
    assert [path.name for path in here.iterdir()] == ["lesson.html"]


@pytest.mark.parametrize("path", ["missing/page.html", "", ".", "page.html\0"])
def test_a_lesson_that_cannot_be_written_is_one_line_and_code_2(capsys, here, path):
    assert run("lesson", "a*2", "a=1", "-o", path) == 2
    one_line_on_what_was_wrong(capsys, here)


# -- worksheet ---------------------------------------------------------------------------------


def test_worksheet_keeps_the_numbers_that_are_typed(capsys, here):
    assert run("worksheet", "tanh(a*b + c)", "a=2", "b=-3", "c=6.5", "-o", "sheet.html") == 0
    assert capsys.readouterr().out == "wrote sheet.html, a worksheet and its solutions\n"
    sheet = (here / "sheet.html").read_text(encoding="utf-8")
    assert "<span>a = 2.0</span> <span>b = −3.0</span> <span>c = 6.5</span>" in sheet


@pytest.mark.parametrize("numbers", [["a=2", "b=-3"], ["--seed", "1"]])
def test_worksheet_of_the_evaluation_trace(capsys, here, numbers):
    assert run("worksheet", "sin(a)*b", *numbers, "--wrt", "a") == 0
    assert capsys.readouterr().out == "wrote worksheet.html, a worksheet and its solutions\n"
    sheet = (here / "worksheet.html").read_text(encoding="utf-8")
    assert sheet.count("<h2>Evaluation trace</h2>") == 2
    assert "1 for a." in sheet


def test_sheets_of_a_class_that_are_alike_are_counted(capsys, here):
    assert run("worksheet", "tanh(a)", "--seed", "1", "--students", "30") == 0
    said = capsys.readouterr().out.splitlines()[1]
    sheet = (here / "worksheet.html").read_text(encoding="utf-8")
    given = set(re.findall(r'<p class="given">(.*?)</p>', sheet))
    assert said.startswith(f"30 sheets, {len(given)} different: this graph is too small")


def test_worksheet_draws_the_numbers_of_a_class(capsys, here):
    options = ["--seed", "3", "--students", "4", "--blank", "all"]
    assert run("worksheet", "log(a - b)*pi", *options) == 0
    assert capsys.readouterr().out == "wrote worksheet.html, 4 worksheets and their solutions\n"
    sheet = (here / "worksheet.html").read_text(encoding="utf-8")
    assert sheet.count("<section") == 8
    assert "sheet 6 · solutions" in sheet
    assert "data nan" not in sheet


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["a*b", "a=2", "--seed", "1"], "--seed chooses all numbers: leave out a=2"),
        (["a*b", "a=2", "b=3", "--students", "2"], "add --seed N to choose them"),
        (["a*b"], "a has no value: add a=NUMBER, or --seed N"),
        (["a*b +", "--seed", "1"], "not an expression"),
        (["exp + a", "--seed", "1"], "exp is a function: write exp(…)"),
        (["1 + 2", "--seed", "1"], "no variable to differentiate in"),
        (["(" * 10_000 + "a", "--seed", "1"], "longer than 10,000 characters"),
        (
            ["log(-a*a)", "--seed", "1"],
            "its operand must be > 0; give it numbers of your own, without a seed",
        ),
        (
            ["a*b", "--seed", "one", "--students", "2"],
            "counts seeds up from a number, not from 'one'",
        ),
        (
            ["a*b", "--seed", "1", "--students", "0"],
            "--students: '0' is not a number of sheets from 1 to 200",
        ),
        (
            ["a*b", "--seed", "1", "--students", "999"],
            "--students: '999' is not a number of sheets from 1 to 200",
        ),
        (
            ["a*b", "--seed", ""],
            "--seed takes a number or a name, and it is empty: is the variable",
        ),
        (["a*b", "--seed", "1", "--blank", "some"], "'some'"),
        (["a*b", "--seed", "1", "--wrt", "x"], "--wrt x: it is one of a, b"),
    ],
)
def test_a_bad_worksheet_is_one_line_and_code_2(capsys, here, arguments, reason):
    assert run("worksheet", *arguments) == 2
    assert reason in one_line_on_what_was_wrong(capsys, here)


# -- bad command lines -------------------------------------------------------------------------

BAD_EXPRESSIONS = {
    "an import": "__import__('os')",
    "an attribute": "a.b",
    "a dunder": "a.__class__",
    "an index": "a[0]",
    "an unknown name": "a*z",
    "an unknown function": "open_file(a)",
    "a builtin function": "eval('1')",
    "a call of a number": "2(a)",
    "a keyword argument": "tanh(x=a)",
    "a starred argument": "total(*[a])",
    "text": "'x'*a",
    "formatted text": "f'{a}'",
    "a complex number": "1j*a",
    "a truth value": "True*a",
    "a comparison": "a == 2",
    "a condition": "a if a else 2",
    "a lambda": "lambda: a",
    "an assignment": "(b := a)",
    "a comprehension": "[a for a in a]",
    "a set": "{a}",
    "an ellipsis": "...",
    "an unknown operator": "a @ a",
    "two lines": "a\na",
    "half an expression": "a +",
    "nothing": "",
    "blanks": "   ",
    "no variable": "1 + 2",
    "a list": "[a, a]",
    "a list in a sum": "a + [a]",
    "too few operands": "tanh()",
    "too many operands": "tanh(a, a)",
    "an empty sum": "total([])",
    "no sequence": "total(a)",
    "a list in a list": "total([[a]])",
    "unequal lengths": "dot([a], [a, a])",
    "10,000 parentheses": "(" * 10_000 + "a" + ")" * 10_000,
    "1,000 parentheses": "(" * 1_000 + "a" + ")" * 1_000,
    "4,000 signs": "0" + "-" * 4_000 + "a",
    "4,000 terms": "+".join(["a"] * 4_000),
    "a tower of powers": "9**9**9**9*a",
    "a tower without a variable": "9**9**9**9",
    "a huge power": "9**99999999*a",
    "a huge literal": "9" * 5_000 + "*a",
    "a logarithm of zero": "log(a - a)",
    "a logarithm of a number": "log(-1)*a",
    "a root of a negative number": "sqrt(-a)",
    "a power that is not real": "(-a)**0.5",
    "a division by zero": "1/(a - a)",
    "a division of numbers by zero": "1/0*a",
    "zero to a negative power": "(a - a)**-1",
}


def one_line_on_what_was_wrong(capsys, here) -> str:
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("python -m autograd")
    assert printed.err.count("\n") == 1
    assert len(printed.err) < 500
    assert not list(here.iterdir())
    return printed.err


@pytest.mark.parametrize("command", ["grad", "draw", "step", "lesson", "worksheet"])
@pytest.mark.parametrize("expression", BAD_EXPRESSIONS.values(), ids=BAD_EXPRESSIONS.keys())
def test_a_bad_expression_is_one_line_and_code_2(capsys, here, command, expression):
    assert run(command, expression, "a=1") == 2
    one_line_on_what_was_wrong(capsys, here)


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("a*z", "z has no value: add z=NUMBER"),
        ("a.b", "'a.b' is not plain arithmetic"),
        ("open_file(a)", "open_file is not a function here; the functions are abs, acos, "),
        ("log(-a)", "is undefined: its operand must be > 0"),
        ("9**9**9**9*a", "a number in it is too large"),
        ("+".join(["a"] * 4_000), "nested too deeply"),
        ("tanh(a", "was never closed"),
        ("2a", "'2a': a sign is missing: for a product write 2*a"),
        ("1e3*a + 2b", "write 2*b"),
        ("x=a*2", "type only the expression, without x ="),
        ("", "nothing is typed; type an expression, as in a*b"),
        ("a, a", "these are 2 results, and one is differentiated"),
        ("lambda*a", "lambda is a word of Python, which cannot be a name: call it lam"),
        ("exp + a", "exp is a function: write exp(…)"),
        ("a.relu()", "write relu(a)"),
        ("(a*2).tanh()", "write tanh(a * 2)"),
        ("tahn(a)", "tahn is not a function here: did you mean tanh? The functions are abs, "),
        ("max(a, 2)", "did you mean maximum?"),
        ("min(a, 2)", "did you mean minimum?"),
        ("ReLU(a)", "did you mean relu?"),
        ("softmax([a, a])", "softmax has several results, and one is differentiated"),
        ("mean(a, a*2)", "mean takes a list: write mean([a, a * 2])"),
        ("total(a)", "total takes a list: write total([a])"),
        ("logsumexp(a, 1)", "write logsumexp([a, 1])"),
        ("dot(a, 3)", "dot takes two lists: write dot([a], [3])"),
    ],
)
def test_the_line_says_what_was_wrong(capsys, here, expression, reason):
    assert run("grad", expression, "a=1") == 2
    assert reason in one_line_on_what_was_wrong(capsys, here)


@pytest.mark.parametrize(
    ("numbers", "reason"),
    [
        (["a"], "'a' is not NAME=NUMBER"),
        (["a="], "a='' is not a number"),
        (["a=two"], "a='two' is not a number"),
        (["a=1/0"], "a='1/0' is not a number"),
        (["a=1+1"], "a='1+1' is not a number"),
        (["a=1j"], "a='1j' is not a number"),
        (["=1"], "'=1' is not NAME=NUMBER"),
        (["1a=1"], "'1a=1' is not NAME=NUMBER"),
        (["a.b=1"], "'a.b=1' is not NAME=NUMBER"),
        (["a=1", "a=2"], "a is given twice: 1 and 2"),
        (["a=1/2", "b=inf"], "b='inf' is not a number"),
        (["lambda=2"], "lambda is a word of Python, which cannot be a name: call it lam"),
        (["in=2"], "call it in_"),
        ([], "a has no value: add a=NUMBER"),
    ],
)
def test_a_bad_number_is_one_line_and_code_2(capsys, here, numbers, reason):
    assert run("grad", "a", *numbers) == 2
    assert reason in one_line_on_what_was_wrong(capsys, here)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        (
            "missing/graph.svg",
            "missing/graph.svg cannot be written: there is no folder missing: make",
        ),
        ("graph.gif", "a picture is saved as .svg, .png, .pdf, .dot"),
        ("graph", "a picture is saved as .svg, .png, .pdf, .dot"),
        ("", "a picture is saved as .svg, .png, .pdf, .dot"),
        ("graph.svg\0", "graph.svg"),
    ],
)
def test_a_picture_that_cannot_be_written_is_one_line_and_code_2(capsys, here, path, reason):
    assert run("draw", "a*2", "a=1", "-o", path) == 2
    assert reason in one_line_on_what_was_wrong(capsys, here)


def test_a_png_without_graphviz_names_the_cure(capsys, here, monkeypatch):
    monkeypatch.setenv("PATH", str(here))
    assert run("draw", "a*2", "a=1", "-o", "graph.png") == 2
    assert "graphviz.org/download" in one_line_on_what_was_wrong(capsys, here)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["grad"], "expression"),
        (["fly", "a", "a=1"], "'fly'"),
        (["grad", "a", "a=1", "--wings"], "--wings"),
        (["grad", "a", "a=1", "--digits", "99"], "99"),
        (["grad", "a", "a=1", "--digits", "many"], "'many'"),
        (["draw", "a", "a=1", "--theme", "neon"], "'neon'"),
        (["draw", "a", "a=1", "--direction", "up"], "'up'"),
        (["draw", "a", "a=1", "-o"], "-o"),
        (["step"], "expression"),
        (["step", "a", "a=1", "--digits", "0"], "0"),
        (["step", "a", "a=1", "--predict=yes"], "--predict"),
        (["grad", "a", "a=1", "-q"], "unknown option -q;"),
        (["grad", "a", "-q", "a=1"], "unknown option -q;"),
        (["check", "engine.py", "--seconds", "-1"], "'-1' is not a number of seconds"),
        (["check", "-q"], "there is no file -q"),
        (["watch", "."], ". is a folder: name the file in it"),
    ],
)
def test_a_bad_option_is_one_line_and_code_2(capsys, here, arguments, reason):
    assert run(*arguments) == 2
    assert reason in one_line_on_what_was_wrong(capsys, here)


# -- no command --------------------------------------------------------------------------------


def test_alone_it_shows_every_command_with_an_example(capsys):
    assert run() == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    examples = re.findall(r"^ +python -m autograd (\w+) ", shown.out, flags=re.MULTILINE)
    with pytest.raises(SystemExit):
        main(["--help"])
    commands = re.search(r"\{(.*?)\}", capsys.readouterr().out)[1].split(",")
    assert examples == commands
    assert max(map(len, shown.out.splitlines())) <= 80


@pytest.mark.parametrize(
    "command", ["draw", "grad", "step", "lesson", "worksheet", "check", "hunt"]
)
def test_the_example_of_a_command_does_what_it_says(command, here, capsys, monkeypatch):
    shutil.copy(PROJECT / "demos" / "class_repository" / "engine.py", here / "my_engine.py")
    run()
    line = re.search(rf"python -m autograd ({command} .*)", capsys.readouterr().out)[1]
    monkeypatch.setattr("sys.stdin", io.StringIO("q\n"))
    assert run(*shlex.split(line)) == 0
    assert capsys.readouterr().out


def test_it_tells_its_version(capsys):
    assert run("--version") == 0
    assert capsys.readouterr().out == f"chalkgrad {autograd.__version__}\n"


# -- as a process ------------------------------------------------------------------------------


def process(*arguments: str, keys: str | None = None) -> subprocess.CompletedProcess:
    command = [sys.executable, "-X", "utf8", "-m", "autograd", *arguments]
    return subprocess.run(
        command, cwd=PROJECT, input=keys, capture_output=True, encoding="utf-8", check=False
    )


def test_the_command_runs_as_a_process(here):
    path = here / "g.svg"
    done = process("draw", "a*b", "a=2", "b=-3", "-o", str(path))
    assert (done.returncode, done.stderr) == (0, "")
    assert path.read_text(encoding="utf-8").startswith("<svg")


@pytest.mark.parametrize(
    "expression", ["__import__('os')", "(" * 10_000 + "a" + ")" * 10_000, "1if a else 2"]
)
def test_a_process_too_says_one_line_and_no_traceback(expression):
    done = process("grad", expression, "a=1")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr
