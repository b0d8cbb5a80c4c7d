"""Asking for a number first."""

from fractions import Fraction

import pytest

from autograd import Stepper, Value, refresh
from autograd.show.stepping.prediction import is_right
from tests.steps import STEPS, inf, nan, stepper


def test_predicting_asks_for_data_seed_and_contributions(typing):
    questions = typing(*[""] * 7)
    assert [repr(step) for step in stepper(predict=True)] == STEPS
    assert questions == [
        "c = a*b = ? ",
        "d = c + a = ? ",
        "d.grad = ? ",
        "d = c + a → c: c.grad += ? ",
        "d = c + a → a: a.grad += ? ",
        "c = a*b → a: a.grad += ? ",
        "c = a*b → b: b.grad += ? ",
    ]


@pytest.mark.parametrize(
    ("answer", "remark"),
    [
        ("-6", "you said -6: right"),
        ("-6.0", "you said -6.0: right"),
        ("2*-3", "you said 2*-3: right"),
        ("  -6 ", "you said -6: right"),
        ("−6", "you said −6: right"),
        ("2×-3", "you said 2×-3: right"),
        ("6", "you said 6: no"),
        ("-5.9", "you said -5.9: no"),
    ],
)
def test_an_answer_is_told_right_or_wrong_below_the_step(typing, answer, remark):
    typing(answer)
    assert repr(stepper(predict=True).next()) == f"{STEPS[0]}\n  {remark}"


@pytest.mark.parametrize("garbage", ["six", "a", "2*", "1/0", "__import__('os')", "[1]", "2,5"])
def test_what_is_no_number_is_asked_again(typing, capsys, garbage):
    questions = typing(garbage, "-6")
    assert repr(stepper(predict=True).next()).endswith("you said -6: right")
    assert questions == ["c = a*b = ? "] * 2
    assert capsys.readouterr().out == (
        f"{garbage!r} is not a number; type one, as in -3 or 1*-3, or only Enter to see it\n"
    )


def test_nothing_typed_shows_the_step_without_a_remark(typing):
    typing("")
    assert repr(stepper(predict=True).next()) == STEPS[0]


def test_the_end_of_what_is_typed_shows_the_step_without_a_remark(typing):
    typing()
    assert repr(stepper(predict=True).next()) == STEPS[0]


def test_an_interrupt_leaves_the_step_undone(typing):
    typing(KeyboardInterrupt())
    s = stepper(predict=True)
    with pytest.raises(KeyboardInterrupt):
        s.next()
    assert s.position == 0


def test_only_next_asks(typing):
    questions = typing()
    s = stepper(predict=True)
    s.goto(3)
    s.back()
    s.run()
    assert questions == []


def test_an_answer_as_the_first_step_keeps_the_gradients_that_were_there():
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    c = a * b
    c.backward()
    s = Stepper(c)
    s.answer("-6")
    s.reset()
    assert (a.grad, b.grad, c.grad) == (-3.0, 2.0, 1.0)


def test_an_answer_as_the_first_step_is_checked_against_the_graph_as_it_is_now():
    a = Value(2.0, label="a")
    c = a * 3.0
    s = Stepper(c)
    a.data = 4.0
    refresh(c)
    assert repr(s.answer("12")).endswith("you said 12: right")


def test_an_answer_after_the_last_step_is_told_that_nothing_is_left():
    s = stepper()
    s.run()
    assert repr(s.answer("1")) == repr(s.next())
    assert s.position == len(s)


@pytest.mark.parametrize(
    ("answer", "truth", "right"),
    [
        ("0.42", 0.41997, True),
        ("0.4", 0.41997, True),
        ("0.43", 0.41997, False),
        ("0.420", 0.41997, True),
        ("0.4200", 0.41997, True),
        ("0.42000", 0.41997, False),
        ("≈0.42", 0.41997, True),
        ("4.2e-1", 0.41997, True),
        (".42", 0.41997, True),
        ("+.42", 0.41997, True),
        ("0", 0.0, True),
        ("0", 0.3, False),
        ("0.0", 0.04, False),
        ("-0", 0.0, True),
        ("-3", 3.0, False),
        ("0.7*0.6", 0.42001, True),
        ("0.7*0.6", 0.43, False),
        ("1/3", Fraction(1, 3), True),
        ("0.333", Fraction(1, 3), True),
        ("0.334", Fraction(1, 3), False),
        ("tanh(0)", 0.0, True),
        ("inf", inf, True),
        ("-inf", -inf, True),
        ("inf", -inf, False),
        ("NaN", nan, True),
        ("nan", 1.0, False),
        ("3", nan, False),
        ("3", inf, False),
        ("1*2", inf, False),
        ("1e999", 3.0, False),
        ("1e999", inf, True),
        ("1e-999", 3.0, False),
        ("0e999", 3.0, False),
        (str(10**400), 10**400, True),
        ("3", 10**400, False),
        ("9" * 400, 3.0, False),
    ],
)
def test_an_answer_is_right_if_it_is_so_as_far_as_it_is_written_out(answer, truth, right):
    assert is_right(answer, truth) is right
