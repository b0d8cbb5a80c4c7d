"""Engines with other names than data, grad and backward."""

import json
import re

import pytest

from autograd.__main__ import main
from autograd.conformance.cases.names import in_words_of, parse_names
from tests.conformance.checked import ENGINE, check

OTHER = re.sub(r"\bdata\b", "value", ENGINE)
OTHER = re.sub(r"\.grad\b", ".d.value", OTHER)
OTHER = OTHER.replace("self.d.value = 0.0\n        self.parents", "self.d = Slope()\n        "
                      "self.parents", 1)  # fmt: skip
OTHER = OTHER.replace("def backward", "def backprop").replace("def tanh", "def squash")
OTHER = OTHER.replace("class Value", "class Slope:\n    value = 0.0\n\n\nclass Value")
NAMES = ["data=value", "grad=d.value", "backward=backprop", "tanh=squash", "parents=inputs"]


def test_an_engine_with_other_names_is_checked_by_them(file):
    done = check(file(text=OTHER), "--names", *NAMES, "--hidden", "7")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Value of my_engine.py: 68 pass, 0 fail, 3 are not offered" in done.stdout


def test_a_class_of_another_name_is_found_by_the_engine_s_own_backward(file):
    text = re.sub(r"\bValue\b", "Tensor", OTHER)
    done = check(file(text=text), "--names", *NAMES)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Tensor of my_engine.py: 56 pass, 0 fail" in done.stdout


def test_without_its_names_it_fails(file):
    assert check(file(text=OTHER)).returncode == 1


def test_failures_are_told_in_the_engine_s_names_and_diagnosed_all_the_same(file):
    wrong = OTHER.replace("self.d.value += contribution", "self.d.value = contribution")
    assert wrong != OTHER
    done = check(file(text=wrong), "--json", "--names", *NAMES)
    report = json.loads(done.stdout)
    assert report["diagnosis"]["likely"]["name"] == "= for +="
    reuse = next(result for result in report["results"] if result["name"] == "reuse")
    assert (reuse["quantity"], reuse["received"]) == ("a.d.value", 1.0)
    assert reuse["program"].splitlines()[-1] == "b.backprop()"


@pytest.mark.parametrize(
    ("mistake", "method"),
    [
        (("+= contribution", "= contribution"), "receive"),
        (("1.0 - out**2", "1.0 - out"), "squash"),
        (("self.receive(1.0)", "pass"), "backprop"),
    ],
)
def test_the_line_is_that_of_the_method_under_the_engine_s_own_name(file, mistake, method):
    old, new = mistake
    assert OTHER.count(old) == 1
    text = OTHER.replace(old, new)
    told = check(file(text=text), "--names", *NAMES).stdout.splitlines()
    line = 1 + next(k for k, line in enumerate(text.splitlines()) if f"def {method}" in line)
    assert told[0] == told[-1]
    assert f"({method} at line {line})" in told[0]


def test_a_name_that_no_case_reads_is_told(file, capsys):
    main(["check", file(), "--names", "parents=inputs"])
    assert "No case reads the parents" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["relu=foo", "data=value", "backward=foo", "grad=slope.data"])
def test_a_name_that_the_engine_does_not_have_is_told_once(file, capsys, name):
    main(["check", file(), "--names", name])
    told = f"Look at --names again: Value has nothing that is called so, {name}."
    assert capsys.readouterr().out.count(told) == 1


@pytest.mark.parametrize("mistake", ["self.grad = contribution", "self.grad += contribution"])
def test_names_that_are_there_are_not_doubted(file, capsys, mistake):
    text = OTHER.replace("self.d.value += contribution", mistake.replace("grad", "d.value"))
    main(["check", file(text=text), "--names", *NAMES])
    assert "Look at --names" not in capsys.readouterr().out


def test_an_operation_that_returns_a_plain_number_is_not_a_wrong_name(file, capsys):
    text = OTHER.replace("return self.node(out, (self,), (1.0 - out**2,))", "return out")
    assert text != OTHER
    main(["check", file(text=text), "--names", *NAMES])
    told = capsys.readouterr().out
    assert "'float' object has no attribute" in told
    assert "Look at --names" not in told


@pytest.mark.parametrize("options", [[], ["--names", "data=value", "my_engine.py"], ["--all"]])
def test_without_a_file_the_message_says_where_it_stands(capsys, options):
    assert main(["check", *options]) == 2
    reason = "name a FILE, and before the options: check my_engine.py --all"
    assert capsys.readouterr().err == f"python -m autograd: {reason}\n"


def test_the_usage_has_the_file_before_the_names_that_would_take_it(capsys):
    with pytest.raises(SystemExit):
        main(["check", "--help"])
    assert "usage: python -m autograd check FILE [" in capsys.readouterr().out


def test_all_names_are_replaced_at_once_and_nothing_else():
    names = parse_names(["data=grad", "grad=data", "exp=e"])
    program = "a.data = exp(b.grad) + data + my.exp(c.database) + expo(1)"
    told = "a.grad = e(b.data) + data + my.exp(c.database) + expo(1)"
    assert in_words_of(names, program) == told


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        (["value"], "--names takes OURS=THEIRS, as in data=value, and not 'value'"),
        (["date=value"], "--names has no name 'date'; choose from data, grad, backward, parents, "),
        (["data="], "--names data=: '' is not a name, or several with dots between them"),
        (["data=my value"], "'my value' is not a name, or several with dots between them"),
        (["grad=d..value"], "'d..value' is not a name, or several"),
        (["grad=d.value;import os"], "is not a name, or several"),
        (["tanh=math.tanh"], "'math.tanh' is not a name"),
        (["data=import"], "'import' is not a name"),
        (["data=x", "data=y"], "--names gives data twice: x and y"),
    ],
)
def test_names_that_are_wrong_are_one_line(capsys, names, reason):
    assert main(["check", "demos/class_repository/engine.py", "--names", *names]) == 2
    told = capsys.readouterr()
    assert (told.out, told.err.count("\n")) == ("", 1)
    assert reason in told.err
