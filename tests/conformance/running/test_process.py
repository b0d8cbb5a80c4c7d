"""The check of a file, in a process under limits."""

import json
import math
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograd.__main__ import main
from autograd.conformance.running.in_this_process import CASES, check_engine
from tests.conformance.checked import (
    BACKWARD,
    CHAPTER,
    ENGINE,
    POSIX_ONLY,
    PROJECT,
    check,
    result_named,
)  # fmt: skip
from tests.engines import Right
from tests.processes import ends_soon

# -- on the command line -----------------------------------------------------------------------


def test_a_right_engine_is_code_0_within_3_seconds(file):
    start = time.monotonic()
    done = check(file())
    assert time.monotonic() - start < 3
    assert (done.returncode, done.stderr) == (0, "")
    assert (
        done.stdout.splitlines()[-1] == "Value of my_engine.py: 56 pass, 0 fail, 3 are not offered"
    )


def test_a_wrong_engine_is_code_1(file):
    done = check(file("def receive(self, g): self.grad = g\nValue.receive = receive"))
    assert (done.returncode, done.stderr) == (1, "")
    assert "a.grad: expected 2.0; received 1.0" in done.stdout


def test_json_holds_everything(file):
    done = check(file("Value.__truediv__ = Value.__mul__"), "--json")
    assert done.returncode == 1
    report = json.loads(done.stdout, parse_constant=pytest.fail)
    assert report["engine"] == "Value of my_engine.py"
    assert report["passed"] + report["failed"] + report["not_offered"] == len(CASES)
    assert [result["name"] for result in report["results"]] == [case.name for case in CASES]
    wrong = result_named(done, "divide")
    assert (wrong["verdict"], wrong["quantity"]) == ("wrong", "c.data")
    assert (wrong["expected"], wrong["received"]) == (1.5, 6.0)
    assert set(wrong) == {
        "name", "verdict", "idea", "program", "quantity", "expected", "received", "hint", "group",
    }  # fmt: skip


def test_numbers_that_are_not_finite_are_text_in_json(file):
    done = check(file("Value.__neg__ = lambda self: self * float('inf')"), "--json")
    json.loads(done.stdout, parse_constant=pytest.fail)
    assert result_named(done, "negate")["received"] == "inf"


@pytest.mark.parametrize(
    ("right", "wrong", "case", "verdict"),
    [
        ("self.grad = 0.0\n        self.parents", "self.grad = None\n        self.parents", "add",
         "raised"),
        ("tuple(parents)", "set(parents)", "repeated parent", "raised"),
        ("type(self)(other)", "other", "number on the right", "raised"),
    ],
    ids=["grad is None", "parents is a set", "parents contain numbers"],
)  # fmt: skip
def test_what_students_keep_in_a_node_spoils_no_report(file, right, wrong, case, verdict):
    assert right in ENGINE
    done = check(file(text=ENGINE.replace(right, wrong)), "--json")
    assert (done.returncode, done.stderr) == (1, "")
    assert result_named(done, case)["verdict"] == verdict


@POSIX_ONLY
def test_a_loop_for_ever_costs_no_other_case_its_result(file):
    done = check(file(BACKWARD.format("while self.data == 14: pass")), "--json", "--seconds", "0.3")
    assert done.returncode == 1
    late = result_named(done, "chain rule")
    assert late["verdict"] == "timed out"
    assert re.fullmatch(r"no answer within 0.3 s \(my_engine\.py, line \d+\)", late["received"])
    assert json.loads(done.stdout)["failed"] == 1


def test_a_loop_that_no_alarm_stops_is_killed(file):
    stubborn = """import itertools
    if self.data == 14:
        max(itertools.repeat(1))
"""
    done = check(file(BACKWARD.format(stubborn)), "--json", "--seconds", "0.3")
    assert result_named(done, "chain rule")["received"] == "no answer within 0.3 s"
    assert json.loads(done.stdout)["failed"] == 1


def test_a_loop_everywhere_ends_after_a_time_for_all(file):
    start = time.monotonic()
    done = check(file(BACKWARD.format("while True: pass")), "--seconds", "0.1")
    assert time.monotonic() - start < 6
    assert done.returncode == 1
    assert re.search(r"^  timed out +", done.stdout, flags=re.MULTILINE)
    assert len(done.stdout) < 20_000


def test_megabytes_of_prints_are_not_kept(file):
    prints = "import os, sys\nfor _ in range(50): print('\u2202' * 1_000_000, file=sys.stderr)\n"
    noisy = BACKWARD.format("print('x' * 100_000); os.write(1, b'y' * 100_000)")
    done = check(file(prints + noisy))
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout) < 5_000


@pytest.mark.parametrize(
    ("statement", "received"),
    [
        ("raise SystemExit('bye')", "SystemExit: bye (my_engine.py, line "),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("import os; os._exit(3)", "the end of the process: exit code 3"),
        ("input()", "EOFError: EOF when reading a line (my_engine.py, line "),
        ("raise BaseException('\\x1b[2J' * 999)", "BaseException: "),
    ],
)
def test_whatever_a_case_does_the_others_have_their_results(file, statement, received):
    done = check(file(BACKWARD.format(f"if self.data == 14:\n        {statement}")), "--json")
    assert done.returncode == 1
    assert result_named(done, "chain rule")["verdict"] == "raised"
    assert result_named(done, "chain rule")["received"].startswith(received)
    assert len(result_named(done, "chain rule")["received"]) < 300
    assert json.loads(done.stdout)["failed"] == 1


@POSIX_ONLY
@pytest.mark.parametrize(
    ("statement", "received"),
    [
        ("self.hoard = bytearray(10**13)", "MemoryError"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "the end of the process: Seg"),
        ("open('big', 'wb').write(bytes(10**8))", "OSError: [Errno 27] File too large"),
    ],
)
def test_memory_and_files_are_limited(file, statement, received):
    done = check(file(BACKWARD.format(f"if self.data == 14:\n        {statement}")), "--json")
    assert result_named(done, "chain rule")["received"].startswith(received)
    assert json.loads(done.stdout)["failed"] == 1


def test_files_are_written_to_a_scratch_folder_that_goes(file, tmp_path):
    here, scratch = tmp_path / "here", tmp_path / "scratch"
    here.mkdir()
    scratch.mkdir()
    path = file("open('at_import.txt', 'w').close()\n" + BACKWARD.format("open('b', 'a').close()"))
    done = check(path, cwd=here, TMPDIR=str(scratch), TEMP=str(scratch), TMP=str(scratch))
    assert done.returncode == 0, done.stderr
    assert not list(here.iterdir())
    assert not list(scratch.iterdir())
    assert [p.name for p in Path(path).parent.iterdir()] == ["my_engine.py"]


@POSIX_ONLY
def test_what_the_engine_starts_is_ended(file, tmp_path):
    start = (
        "import subprocess, sys, threading, time, atexit\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        f"open({str(tmp_path / 'pid')!r}, 'w').write(str(child.pid))\n"
        "threading.Thread(target=time.sleep, args=(60,)).start()\n"
        "atexit.register(time.sleep, 60)\n"
    )
    begin = time.monotonic()
    done = check(file(start))
    assert time.monotonic() - begin < 5
    assert done.returncode == 0
    assert ends_soon(int((tmp_path / "pid").read_text()))


def test_neighbours_of_the_file_can_be_imported(file):
    path = file("from neighbour import two\nassert two == 2")
    Path(path).with_name("neighbour.py").write_text("two = 2\n", encoding="utf-8")
    assert check(path).returncode == 0


def test_a_file_may_have_the_name_of_a_module(file, tmp_path):
    for name in ("numbers.py", "autograd.py", "my engine"):
        shutil.copy(file(), tmp_path / name)
        assert check(str(tmp_path / name)).returncode == 0, name


def test_a_link_is_followed_with_its_own_neighbours(file, tmp_path):
    link = tmp_path / "link.py"
    link.symlink_to(file())
    assert check(str(link)).returncode == 0


def test_a_module_is_named_without_its_file():
    done = check("demos.class_repository.engine")
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1].startswith("Value of demos.class_repository.engine: 56")


def test_the_class_is_value_or_the_only_one_or_named(file):
    tensor = re.sub(r"\bValue\b", "Tensor", ENGINE)
    assert "\nTensor of my_engine.py: 56" in check(file(text=tensor)).stdout
    assert check(file("class Tensor(Value): pass")).stdout.splitlines()[-1].startswith("Value of")
    done = check(file("class Tensor(Value): pass"), "--class", "Tensor")
    assert "\nTensor of my_engine.py: 56" in done.stdout


UNCHECKABLE = {
    "a syntax error": ("x = (1,\n", "my_engine.py, line 1: '(' was never closed"),
    "an indentation error": ("def f():\nx = 1\n", "my_engine.py, line 2: expected an indented"),
    "a null byte": ("x = 1\0\n", "cannot contain null bytes"),
    "no class": ("x = 1\n", "my_engine.py has no class Value, and no other with a method"),
    "another class": (
        "import fractions\nclass Slope: pass\nclass Number: pass\n",
        "no other with a method backward; it has Number, Slope: choose with --class NAME",
    ),
    "a function": ("def Value(x): pass\n", "my_engine.py has no class Value, and no other"),
    "two classes": (
        "class A:\n    def backward(self): pass\nclass B(A): pass\n",
        "my_engine.py has A, B: choose with --class NAME",
    ),
    "an error": ("x = 1\n1/0\n", "my_engine.py cannot be imported: ZeroDivisionError: division "
                 "by zero, line 2"),
    "a missing module": ("import nowhere\n", "my_engine.py cannot be imported: ModuleNotFound"),
    "a relative import": ("from .ops import add\n", "my_engine.py cannot be imported: ImportErr"),
    "an exit": ("import sys; sys.exit(0)\n", "my_engine.py calls sys.exit(0) when imported"),
    "a hard exit": ("import os; os._exit(5)\n", "it ended its process: exit code 5"),
    "an interrupt": ("raise KeyboardInterrupt\n", "cannot be imported: KeyboardInterrupt"),
    "a question": ("x = input()\n", "my_engine.py cannot be imported: EOFError"),
    "a question is not answered": ("x = input()\n", "line 1; nobody can answer its input() here"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "reason"), UNCHECKABLE.values(), ids=UNCHECKABLE.keys())
def test_a_file_that_cannot_be_checked_is_one_line_and_code_2(capsys, file, text, reason):
    assert main(["check", file(text=text), "--json"]) == 2
    told = capsys.readouterr()
    assert told.err.startswith("python -m autograd: ")
    assert reason in told.err
    assert told.err.count("\n") == 1
    assert reason in json.loads(told.out)["error"]


def test_other_engines_of_the_file_are_mentioned_unless_one_was_chosen(file, capsys):
    path = file("class Tensor:\n    def backward(self): pass\n")
    main(["check", path])
    assert "method backward: Tensor. Choose with --class NAME." in capsys.readouterr().out
    main(["check", path, "--class", "Value"])
    assert "Tensor" not in capsys.readouterr().out


def test_a_file_that_is_not_utf_8_is_one_line_and_code_2(tmp_path):
    (tmp_path / "latin.py").write_bytes("# Übung\n".encode("latin-1"))
    done = check(str(tmp_path / "latin.py"))
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "latin.py" in done.stderr


def test_a_file_that_loops_when_imported_is_given_up(file, monkeypatch, capsys):
    monkeypatch.setattr("autograd.conformance.running.process.LOADING_SECONDS", 0.5)
    assert main(["check", file("while True: pass")]) == 2
    told = capsys.readouterr().err
    assert "my_engine.py was not read to its end in 0.5 s" in told
    assert 'put what it runs under `if __name__ == "__main__":`' in told


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["missing.py"], "there is no file missing.py"),
        (["folder/missing"], "there is no file folder/missing"),
        (["nowhere"], "no file and no module is called nowhere"),
        (["autograd.nowhere"], "no file and no module is called autograd.nowhere"),
        (["nowhere.engine"], "a package is installed: python -m pip install nowhere"),
        (["."], "is a folder: name the file in it"),
        (["../{name}/package"], "/package is a folder: name the file in it"),
        ([""], "name a file, as in my_engine.py"),
        (["x" * 5_000], "File name too long"),
        (["a\0b"], "there is no file a"),
        (["autograd.value", "--class", "Tensor"], "autograd.value has no class Tensor; it has "),
        (["math"], "math has no class Value, and no other with a method backward"),
        (["json"], "json has no class Value, and no other with a method backward"),
        (["math", "--names", "backward=back"], "and no other with a method back"),
        (["autograd.value", "more"], "check takes one file"),
        (
            ["autograd.value", "--seconds", "nan"],
            "'nan' is not a number of seconds from 0.1 to 600",
        ),
        (["autograd.value", "--seconds", "soon"], "'soon' is not a number of seconds"),
        (["autograd.value", "--wings"], "--wings"),
        ([], "FILE"),
    ],
)
def test_a_bad_command_is_one_line_and_code_2(capsys, tmp_path, monkeypatch, arguments, reason):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "__init__.py").touch()
    arguments = [argument.replace("{name}", tmp_path.name) for argument in arguments]
    try:
        code = main(["check", *arguments])
    except SystemExit as leaving:
        code = leaving.code
    told = capsys.readouterr()
    assert (code, told.out, told.err.count("\n")) == (2, "", 1)
    assert reason in told.err


def test_the_report_is_ascii_where_the_terminal_is(file):
    done = check(file("class Größe(Value): pass"), "--class", "Größe", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert done.stdout.isascii()


@pytest.mark.race
def test_micrograd_is_checked_as_the_guide_says():
    pytest.importorskip("micrograd.engine", reason="it is in the extra `race`")
    assert "python -m autograd check micrograd.engine" in CHAPTER
    done = check("micrograd.engine")
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] in " ".join(CHAPTER.split())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other ways to end a process")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_check_that_is_stopped_says_nothing_and_leaves_nothing(tmp_path, number, code):
    (tmp_path / "engine.py").write_text(
        "import time\n"
        "class Value:\n"
        "    def __init__(self, data): time.sleep(60)\n"
        "    def backward(self): pass\n"
    )
    command = [sys.executable, "-m", "autograd", "check", "engine.py"]
    check = subprocess.Popen(
        command, cwd=tmp_path, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(PROJECT), "TMPDIR": str(tmp_path)},
    )  # fmt: skip
    while not list(tmp_path.glob("engine-check-*")):
        time.sleep(0.05)
    check.send_signal(number)
    told = check.communicate(timeout=30)[1]
    assert (check.returncode, told) == (code, b"")
    assert not list(tmp_path.glob("engine-check-*"))


def test_numbers_beyond_the_floats_are_infinite():
    class Huge(Right):
        data = property(lambda self: 10**400, lambda self, number: None)

    assert check_engine(Huge).failures[0].received == math.inf
