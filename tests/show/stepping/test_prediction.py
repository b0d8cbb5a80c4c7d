"""Asking for a number first."""

from fractions import Fraction

import pytest

from autograd import ExpressionError, Stepper, Value, refresh
from autograd.show.stepping.prediction import ASKED, VERDICTS, diagnose, is_right, judged
from autograd.wording.words import WORDS
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
        ("6", "you said 6: no; the size is right, the sign is not"),
        ("-5.9", "you said -5.9: no; that is near, but not to the digits you wrote"),
        ("17", "you said 17: no"),
    ],
)
def test_an_answer_is_told_right_or_wrong_below_the_step(typing, answer, remark):
    typing(answer)
    assert repr(stepper(predict=True).next()) == f"{STEPS[0]}\n  {remark}"


@pytest.mark.parametrize("garbage", ["six", "a", "2*", "1/0", "__import__('os')", "[1]", "2,5"])
def test_what_is_not_a_number_is_asked_again(typing, capsys, garbage):
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


# -- answers from a list -------------------------------------------------------------------------


def test_a_list_answers_one_step_after_the_other_and_nobody_is_asked(typing):
    questions = typing()
    s = stepper(predict=["-6", 7, None, "1", Fraction(1), "", 2.5])
    remarks = [step.remark for step in s]
    assert remarks == [
        "you said -6: right",
        "you said 7: no",
        "",
        "you said 1: right",
        "you said 1: right",
        "",
        "you said 2.5: no\n  predicted: 3 of 5 right",
    ]
    assert questions == []


def test_after_the_last_answer_of_a_list_steps_are_only_told(typing):
    assert typing() == []
    assert [repr(step) for step in stepper(predict=("-6",))] == [
        f"{STEPS[0]}\n  you said -6: right", *STEPS[1:-1],
        f"{STEPS[-1]}\n  predicted: 1 of 1 right",
    ]  # fmt: skip


def test_the_answers_of_a_list_belong_to_the_steps_that_next_takes():
    s = stepper(predict=["1"])
    s.goto(2)
    assert repr(s.next()) == f"{STEPS[2]}\n  you said 1: right"


def test_a_list_is_not_used_up_and_starts_again_after_a_reset():
    answers = ["-6", "-4"]
    s = stepper(predict=answers)
    first = [repr(s.next()), repr(s.next())]
    s.reset()
    assert [repr(s.next()), repr(s.next())] == first
    assert answers == ["-6", "-4"]


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (["-6", "six"], r"predict\[1\] is not a number: 'six' has the name six in it$"),
        (["1/0"], r"predict\[0\] is not a number: 1 / 0 is undefined"),
        ([True], r"predict\[0\] is not a number: 'True'"),
        ([[1]], r"predict\[0\] is not a number: '\[1\]'"),
    ],
)
def test_an_answer_in_a_list_that_is_not_a_number_is_told_at_once(answers, said):
    with pytest.raises(ExpressionError, match=said):
        stepper(predict=answers)


@pytest.mark.parametrize("answers", ["-6", -6, None, {"c": -6}, iter(["-6"])])
def test_answers_stand_in_a_list(answers):
    with pytest.raises(TypeError, match=r"predict is True, to be asked, or a list of answers"):
        stepper(predict=answers)


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


@pytest.mark.parametrize(
    ("answer", "truth", "right"),
    [("1", 0.7116, False), ("0.7", 0.7116, True), ("1", 0.96, True), ("1e3", 600.0, False),
     ("0", 0.004, False), ("0", 0.0, True), ("-4", -4.02, True), ("3", 2.6, False)],
)  # fmt: skip
def test_an_answer_is_not_right_by_rounding_alone(answer, truth, right):
    assert is_right(answer, truth) == right


# -- what is wrong with an answer ------------------------------------------------------------------

BACKWARD = {"upstream": 4.0, "local": -0.7, "contribution": -2.8, "before": 5.0, "after": 2.2}
PRODUCT = {"operand 0": 2.0, "operand 1": -3.5, "result": -7.0}


@pytest.mark.parametrize(
    ("kind", "numbers", "answer", "verdict"),
    [
        ("backward", BACKWARD, "-2.8", "predicted"),
        ("backward", BACKWARD, "4*-0.7", "predicted"),
        ("backward", BACKWARD, "-0.7", "said local"),
        ("backward", BACKWARD, "4", "said upstream"),
        ("backward", BACKWARD, "2.2", "said total"),
        ("backward", BACKWARD, "2.8", "said sign"),
        ("backward", BACKWARD, "4 - 0.7", "added factors"),
        ("backward", BACKWARD, "5", "said gradient before"),
        ("backward", BACKWARD, "-3", "rounded too far"),
        ("backward", BACKWARD, "-2.9", "nearly"),
        ("backward", BACKWARD, "99", "mispredicted"),
        ("backward", BACKWARD, "0", "mispredicted"),
        ("backward", BACKWARD, "four", "not a prediction"),
        ("backward", BACKWARD | {"contribution": 0.7}, "1", "rounded too far"),
        ("backward", BACKWARD | {"contribution": 0.3}, "0", "rounded too far"),
        ("backward", BACKWARD | {"contribution": 0.0}, "-0.7", "said local"),
        ("total", BACKWARD, "2.2", "predicted"),
        ("total", BACKWARD, "-2.8", "said contribution"),
        ("total", BACKWARD, "5", "said gradient before"),
        ("total", BACKWARD, "-2.2", "said sign"),
        ("total", BACKWARD, "7.8", "said difference"),
        ("seed", {"after": 1.0}, "1", "predicted"),
        ("seed", {"after": 1.0}, "0", "seed is one"),
        ("seed", {"after": -2.0}, "0", "mispredicted"),
        ("forward", PRODUCT, "-7", "predicted"),
        ("forward", PRODUCT, "7", "said sign"),
        ("forward", PRODUCT, "-1.5", "said sum"),
        ("forward", PRODUCT, "5.5", "said difference"),
        ("forward", PRODUCT, "-5.5", "said difference"),
        ("forward", PRODUCT, "-1.75", "said quotient"),
        ("forward", PRODUCT, "2", "said operand"),
        ("forward", PRODUCT | {"result": -1.5}, "-7", "said product"),
        ("forward", {"operand 0": 0.5, "result": 0.46212}, "0.5", "said operand"),
        ("forward", {"x": 2.0, "y": 3.0, "b": 1.0, "result": 7.0}, "6", "left out last"),
        ("forward", {"operand 0": Fraction(2, 3), "result": Fraction(4, 9)}, "2/3", "said operand"),
        ("forward", {"operand 0": 10**400, "result": 10**401}, "3", "mispredicted"),
        ("forward", {"operand 0": 0.0, "operand 1": 2.0, "result": nan}, "2", "said operand"),
    ],
)
def test_a_wrong_answer_is_compared_with_the_likely_mistakes(kind, numbers, answer, verdict):
    assert diagnose(kind, numbers, answer) == verdict


def test_every_verdict_has_its_words():
    assert set(VERDICTS) <= WORDS.keys()
    assert all("4" in judged(verdict, "4") for verdict in VERDICTS)
    assert judged("said local", "-0.7") == (
        "you said -0.7: no; that is the local derivative: multiply by the upstream gradient"
    )


def test_each_kind_asks_for_one_of_its_numbers():
    a, b = Value(2.0), Value(3.0)
    assert {event.kind for event in Stepper(a * b, names={}).events} < set(ASKED)


def test_the_diagnosis_stands_below_the_step():
    s = stepper()
    s.goto(5)
    assert repr(s.answer("-2")) == (
        f"{STEPS[5]}\n  you said -2: no; that is the new total: the contribution alone was asked"
    )


def test_the_last_step_has_the_score_and_the_mistake_made_most():
    s = stepper()
    for typed in ["6", "-4", "1", "1", "9", "3"]:
        s.answer(typed)
    assert repr(s.answer("2")) == (
        f"{STEPS[6]}\n  you said 2: right\n"
        "  predicted: 4 of 7 right; 2 times the size is right, the sign is not"
    )


@pytest.mark.parametrize("number", [-6, -6.0, Fraction(-6)])
def test_an_answer_may_be_a_number(number):
    assert repr(stepper().answer(number)).endswith(f"you said {number}: right")


def test_what_is_neither_a_number_nor_text_is_not_an_answer():
    s = stepper()
    assert "'[6]' is not a number" in s.answer([6])
    assert s.position == 0


def test_of_several_answers_to_a_question_the_first_counts():
    s = stepper()
    s.goto(6)
    s.answer("17")
    s.back()
    assert repr(s.answer("2")).endswith("you said 2: right\n  predicted: 0 of 1 right")


def test_after_a_reset_the_score_starts_again():
    s = stepper()
    s.answer("17")
    s.reset()
    s.goto(6)
    assert repr(s.answer("2")).endswith("predicted: 1 of 1 right")


def test_without_answers_there_is_no_score(typing):
    typing(*[""] * 7)
    assert [repr(step) for step in stepper(predict=True)][-1] == STEPS[-1]
