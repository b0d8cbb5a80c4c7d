"""The report: what it says, and in which order."""

import re

import pytest

from autograd.__main__ import main
from autograd.conformance import check_file
from autograd.conformance.running.in_this_process import CASES, check_engine
from tests.conformance.checked import Young, names
from tests.engines import MISTAKES, VARIANTS, AssignsInsteadOfAdding, Right


def test_a_failure_tells_its_idea_its_program_both_numbers_and_a_hint():
    failure = next(r for r in check_engine(AssignsInsteadOfAdding).failures if r.name == "reuse")
    assert (failure.quantity, failure.expected, failure.received) == ("a.grad", 2.0, 1.0)
    assert str(failure).splitlines() == [
        "reuse: wrong",
        "    A value used twice influences the output twice, and its gradient is the sum.",
        "        a = Value(3.0)",
        "        b = a + a",
        "        b.backward()",
        "    a.grad: expected 2.0; received 1.0",
        "    Hint: Gradients must add up where a value is used twice: += and not =.",
    ]


def test_the_report_is_the_diagnosis_then_failures_then_counts_and_the_diagnosis():
    report = check_engine(AssignsInsteadOfAdding)
    lines = str(report).splitlines()
    assert lines[0] == lines[-1] == str(report.diagnosis)
    assert "reuse: wrong" in lines
    assert re.fullmatch(r"core: \d+ of \d+ fail; robustness: \d+ to know about", lines[-3])
    counted = [len(report.passed), len(report.failures), len(report.not_offered)]
    assert re.findall(r"\d+", lines[-2]) == [str(count) for count in counted]
    assert sum(counted) == len(CASES)
    assert repr(report) == str(report)


def test_everything_is_the_table_and_every_failure():
    report = check_engine(AssignsInsteadOfAdding)
    lines = report.text(everything=True).splitlines()
    assert "  wrong        reuse" in lines
    assert sum(line.startswith("  pass ") for line in lines) == len(report.passed)
    for failure in report.failures:
        assert f"{failure.name}: {failure.verdict}" in lines


def test_colours_paint_verdicts_and_change_no_word():
    report = check_engine(AssignsInsteadOfAdding)
    for everything in (False, True):
        text = report.text(everything=everything, coloured=True)
        assert "\x1b[31mreuse: wrong\x1b[0m" in text
        assert re.sub(r"\x1b\[\d+m", "", text) == report.text(everything=everything)


@pytest.mark.parametrize("engine", [*MISTAKES, *VARIANTS], ids=lambda engine: engine.__name__)
def test_a_report_has_at_most_40_lines(engine):
    assert len(str(check_engine(engine, seconds=0.1)).splitlines()) <= 40


def test_of_many_failures_the_first_are_told_wrong_numbers_before_errors():
    class Half(Right):
        def receive(self, contribution):
            if len(self.parents) == 1:
                raise ValueError("half")
            self.grad = 7 * contribution

    report = check_engine(Half)
    told = re.findall(r"^(.+): (wrong|raised)$", str(report), flags=re.MULTILINE)
    assert [verdict for _, verdict in told] == ["wrong"] * len(told)
    assert told[0] == ("add", "wrong")
    short = re.findall(r"^  (?:wrong|raised) .*", str(report), flags=re.MULTILINE)
    rest = len(report.failures) - len(told) - len(short)
    assert f"{rest} more failures; --all, or report.text(everything=True)" in str(report)


def test_operators_that_are_not_written_yet_are_told_in_one_sentence():
    text = str(check_engine(Young))
    assert "Not written yet, so that 41 cases cannot run: a + b, a - b, a * b, a / b," in text
    assert "raised" not in text
    assert "core: all pass so far" in text
    assert "Most likely" not in text


def test_a_number_added_to_a_node_inside_of_an_operator_is_told_as_its_failure(file):
    """As in ``self.data + other``, where ``.data`` is forgotten; ``2 + a`` is missing too."""
    text = (
        "class Value:\n    def __init__(self, data):\n        self.data, self.grad = data, 0.0\n"
        "    def __add__(self, other):\n        return Value(self.data + other)\n"
        "    def backward(self):\n        self.grad = 1.0\n"
    )
    told = str(check_file(file(text=text)))
    assert "add: raised" in told
    assert "'float' and 'Value' (my_engine.py, line 5)" in told
    assert "core: all pass so far" not in told


def test_a_class_without_init_is_not_written_yet_and_nothing_passes():
    lines = str(check_engine(type("Value", (), {}))).splitlines()
    count = len([case for case in CASES if not case.is_optional])
    assert lines[0].startswith(f"Not written yet, so that {count} cases cannot run: __init__(self,")
    assert "core: nothing can run yet; robustness: nothing can run yet" in lines
    assert not any("raised" in line or "ost likely" in line for line in lines)


def test_what_is_not_written_yet_is_told_of_a_class_of_any_name():
    assert "Not written yet" in str(check_engine(type("Node", (), {})))


def test_after_a_case_has_timed_out_the_others_share_what_is_left_of_the_time():
    class Loops(Right):
        def __init__(self, data, *arguments):
            while data == -3.0:
                pass
            super().__init__(data, *arguments)

    report = check_engine(Loops, seconds=0.4)
    assert 3 <= len(report.failures) <= 8
    passed = names(report.passed)
    assert {"ladder", "log", "freeing of memory"} <= set(passed)
    assert "log of a negative number" in passed  # one of the last
    assert not any("no time" in str(failure.received) for failure in report.failures)


def test_an_error_says_where_it_was_raised():
    class Broken(Right):
        def backward(self):
            raise ZeroDivisionError("oh")

    received = check_engine(Broken).failures[0].received
    assert re.fullmatch(r"ZeroDivisionError: oh \(test_report\.py, line \d+\)", received)
    missing = check_engine(type("Bare", (), {"__init__": lambda self, data: None}))
    assert missing.failures[1].received.endswith('(in "c = a + b")')


def test_what_is_not_a_number_is_described_without_its_repr():
    class Strange(Right):
        def __repr__(self):
            raise ValueError

    class Engine(Right):
        data = property(lambda self: [Strange(1.0)], lambda self, number: None)

    assert check_engine(Engine).failures[0].received == "a list"
    assert "\x1b" not in str(check_engine(type("E", (Right,), {"data": "\x1b[2J"})))


@pytest.mark.parametrize(
    ("is_terminal", "environment", "has_colours"),
    [
        (True, {}, True),
        (False, {}, False),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"NO_COLOR": ""}, True),
        (True, {"TERM": "dumb"}, False),
    ],
)
def test_only_a_terminal_has_colours(monkeypatch, capsys, is_terminal, environment, has_colours):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, entry in environment.items():
        monkeypatch.setenv(name, entry)
    monkeypatch.setattr("sys.stdout.isatty", lambda: is_terminal)
    main(["check", "demos.class_repository.engine"])
    assert ("\x1b[" in capsys.readouterr().out) == has_colours


def test_all_tells_every_case(capsys):
    main(["check", "demos.class_repository.engine", "--all"])
    lines = capsys.readouterr().out.splitlines()
    assert sum(line.startswith("  pass ") for line in lines) == 56
