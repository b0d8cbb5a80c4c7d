"""The report: what it says, and in which order."""

import re

from autograd.conformance.running import CASES, check_engine
from tests.conformance.checked import names
from tests.engines import AssignsInsteadOfAdding, Right


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


def test_the_report_is_a_table_then_failures_then_counts():
    report = check_engine(AssignsInsteadOfAdding)
    lines = str(report).splitlines()
    assert [line.split(maxsplit=1)[0] for line in lines[:3]] == ["pass"] * 3
    assert "  wrong        reuse" in lines
    assert "reuse: wrong" in lines
    counted = [len(report.passed), len(report.failures), len(report.not_offered)]
    assert re.findall(r"\d+", lines[-1]) == [str(count) for count in counted]
    assert sum(counted) == len(CASES)
    assert repr(report) == str(report)


def test_of_many_failures_the_first_are_told_wrong_numbers_before_errors():
    class Half(Right):
        def receive(self, contribution):
            if len(self.parents) == 1:
                raise ValueError("half")
            self.grad = 7 * contribution

    report = check_engine(Half)
    told = re.findall(r"^(.+): (wrong|raised)$", str(report), flags=re.MULTILINE)
    assert [verdict for _, verdict in told] == ["wrong"] * 10
    assert told[0] == ("add", "wrong")
    assert f"{len(report.failures) - 10} more failures are in the table" in str(report)


def test_operators_that_are_not_written_yet_are_told_in_one_sentence():
    class Young:
        def __init__(self, data):
            self.data, self.grad = data, 0.0

        def backward(self):
            self.grad = 1.0

    text = str(check_engine(Young))
    assert "Python found no method for an operator in: add, subtract, multiply" in text
    assert "add: raised" not in text


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


def test_what_is_no_number_is_described_without_its_repr():
    class Strange(Right):
        def __repr__(self):
            raise ValueError

    class Engine(Right):
        data = property(lambda self: [Strange(1.0)], lambda self, number: None)

    assert check_engine(Engine).failures[0].received == "a list"
    assert "\x1b" not in str(check_engine(type("E", (Right,), {"data": "\x1b[2J"})))
