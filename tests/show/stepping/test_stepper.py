"""Stepper: the steps in words, there and back, predicted, drawn, and in a terminal."""

import builtins
import math
import os
import re
import select
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograd import (
    LayoutError,
    NotAGraphError,
    PictureError,
    StaleGraphError,
    Stepper,
    Value,
    dot,
    draw,
    elu,
    gelu,
    leaky_relu,
    logsumexp,
    maximum,
    mean,
    refresh,
    relu,
    silu,
    tanh,
    total,
    zero_grad,
)
from autograd.graph import topological_order
from autograd.show.stepping.prediction import is_right
from tests.drawn import SVG, Drawn
from tests.graphs import graph, powers
from tests.programs import is_the_same

inf, nan = math.inf, math.nan
PROJECT = Path(__file__).parents[3]


STEPS = [
    "[1/7] forward: c = a*b = 2.0 × (-3.0) = -6.0",
    "[2/7] forward: d = c + a = -6.0 + 2.0 = -4.0",
    "[3/7] backward: d.grad = ∂d/∂d = 1.0",
    "[4/7] backward: d = c + a → c\n"
    "  c.grad += d.grad × ∂d/∂c = 1.0 × 1.0 = 1.0\n"
    "  c.grad: 0.0 → 1.0",
    "[5/7] backward: d = c + a → a\n"
    "  a.grad += d.grad × ∂d/∂a = 1.0 × 1.0 = 1.0\n"
    "  a.grad: 0.0 → 1.0",
    "[6/7] backward: c = a*b → a\n"
    "  a.grad += c.grad × ∂c/∂a = 1.0 × b = 1.0 × (-3.0) = -3.0\n"
    "  a.grad: 1.0 → -2.0",
    "[7/7] backward: c = a*b → b\n"
    "  b.grad += c.grad × ∂c/∂b = 1.0 × a = 1.0 × 2.0 = 2.0\n"
    "  b.grad: 0.0 → 2.0",
]
START = "[0/7] nothing has happened yet"
END = "[7/7] that was the last step: every gradient is complete"
TABLE = """\
node  data  grad
a      2.0  -2.0
b     -3.0   2.0
c     -6.0   1.0
d     -4.0   1.0"""


def stepper(**options) -> Stepper:
    return Stepper(graph()[-1], **{"names": {}, **options})


def texts(output, **options):
    return [repr(step) for step in Stepper(output, **{"names": {}, **options})]


# -- a step in words ---------------------------------------------------------------------------


def test_each_step_is_the_arithmetic_of_the_chain_rule():
    assert texts(graph()[-1]) == STEPS


def x_and_y(x=2.0, y=-3.0):
    return Value(x, label="x"), Value(y, label="y")


@pytest.mark.parametrize(
    ("make", "line"),
    [
        (lambda x, y: x - y, "t1 = x - y = 2.0 - (-3.0) = 5.0"),
        (lambda x, y: y - x, "t1 = y - x = -3.0 - 2.0 = -5.0"),
        (lambda x, y: y * x, "t1 = y*x = (-3.0) × 2.0 = -6.0"),
        (lambda x, y: x / y, "t1 = x/y = 2.0/(-3.0) ≈ -0.6667"),
        (lambda x, y: y**2, "t1 = y**2 = (-3.0)**2 = 9.0"),
        (lambda x, y: -x, "t1 = -x = -2.0"),
        (lambda x, y: -y, "t1 = -y = -(-3.0) = 3.0"),
        (lambda x, y: tanh(x), "t1 = tanh(x) = tanh(2.0) ≈ 0.964"),
        (lambda x, y: 2 * x, "t1 = 2*x = 2 × 2.0 = 4.0"),
        (lambda x, y: x / 3, "t1 = x/3 = 2.0/3 ≈ 0.6667"),
        (lambda x, y: total([x, y, 1]), "t1 = x + y + 1 = 2.0 + (-3.0) + 1 = 0.0"),
        (lambda x, y: mean([x, y]), "t1 = mean([x, y]) = mean([2.0, -3.0]) = -0.5"),
        (
            lambda x, y: dot([x, y], [3, 4], 1),
            "t1 = x*3 + y*4 + 1 = 2.0 × 3 + (-3.0) × 4 + 1 = -5.0",
        ),
        (lambda x, y: total([x] * 30), "t1 = x + x + x + … + x = 2.0 + 2.0 + 2.0 + … + 2.0 = 60.0"),
        (lambda x, y: x * Fraction(1, 3), "t1 = x*(1/3) = 2.0 × (1/3) ≈ 0.6667"),
    ],
)
def test_a_forward_step_shows_formula_numbers_and_result(make, line):
    steps = texts(make(*x_and_y()))
    assert steps[0] == f"[1/{len(steps)}] forward: {line}"


@pytest.mark.parametrize(
    ("make", "arithmetic"),
    [
        (lambda x, y: x - y, "= 1.0 × (-1.0) = -1.0"),
        (lambda x, y: -y, "= 1.0 × (-1.0) = -1.0"),
        (lambda x, y: y**2, "= 1.0 × (2*y) = 1.0 × (-6.0) = -6.0"),
        (lambda x, y: x / y, "= 1.0 × (-t1/y) ≈ 1.0 × (-0.2222) ≈ -0.2222"),
        (lambda x, y: 3 / y, "= 1.0 × (-t1/y) ≈ 1.0 × (-0.3333) ≈ -0.3333"),
        (lambda x, y: y.exp(), "= 1.0 × t1 ≈ 1.0 × 0.04979 ≈ 0.04979"),
        (lambda x, y: y.cos(), "= 1.0 × (-sin(y)) ≈ 1.0 × 0.1411 ≈ 0.1411"),
        (lambda x, y: relu(y), "= 1.0 × (1 if y > 0 else 0) = 1.0 × 0.0 = 0.0"),
        (lambda x, y: silu(y), "≈ 1.0 × (-0.0881) ≈ -0.0881"),
        (lambda x, y: gelu(y), "= 1.0 × (Φ(y) + y*φ(y)) ≈ 1.0 × (-0.01195) ≈ -0.01195"),
        (lambda x, y: mean([x, y]), "= 1.0 × 0.5 = 0.5"),
        (lambda x, y: dot([x], [y]), "= 1.0 × x = 1.0 × 2.0 = 2.0"),
        (lambda x, y: dot([4], [y]), "= 1.0 × 4.0 = 4.0"),
        (lambda x, y: logsumexp([x, y]), "= 1.0 × exp(y - t1) ≈ 1.0 × 0.006693 ≈ 0.006693"),
        (maximum, "= 1.0 × (1 if y > x else 0) = 1.0 × 0.0 = 0.0"),
        (lambda x, y: maximum(y, -3.0), "= 1.0 × 0.5 = 0.5"),
        (lambda x, y: leaky_relu(y), "= 1.0 × (1 if y > 0 else 0.01) = 1.0 × 0.01 = 0.01"),
        (lambda x, y: elu(y), "= 1.0 × (1 if y > 0 else 1.0*exp(y)) ≈ 1.0 × 0.04979 ≈ 0.04979"),
    ],
)
def test_a_backward_step_shows_the_local_derivative_as_formula_and_number(make, arithmetic):
    assert texts(make(*x_and_y()))[-1].split("\n")[1] == (
        f"  y.grad += t1.grad × ∂t1/∂y {arithmetic}"
    )


def test_what_is_rounded_is_said_to_be_about():
    x = Value(1 / 3, label="x")
    assert texts(x * 3.0)[0] == "[1/3] forward: t1 = x*3.0 ≈ 0.3333 × 3.0 ≈ 1.0"
    assert texts(x * 3.0 / 3)[-1].split("\n")[1].endswith("∂t1/∂x ≈ 0.3333 × 3.0 ≈ 1.0")


def test_digits_are_those_asked_for():
    x = Value(1 / 3, label="x")
    assert texts(x * x, digits=2)[0] == "[1/4] forward: t1 = x*x ≈ 0.33 × 0.33 ≈ 0.11"


def test_fractions_stay_fractions():
    third = Value(Fraction(1, 3), label="x")
    assert texts(third * -third)[-1].split("\n")[1:] == [
        "  x.grad += t1.grad × ∂t1/∂x = (1/3) × (-1) = -1/3",
        "  x.grad: -1/3 → -2/3",
    ]


def test_a_seed_other_than_one_is_named():
    assert texts(graph()[-1], seed=-2)[2] == "[3/7] backward: d.grad = seed = -2.0"


def test_an_operand_used_twice_says_which():
    x = Value(3.0, label="x")
    titles = [step.told.title for step in Stepper(x * x, names={})][2:]
    assert titles == ["t1 = x*x → x (operand 1 of 2)", "t1 = x*x → x (operand 2 of 2)"]


def test_a_long_formula_is_only_named():
    x = [Value(1.0, label=f"a_rather_long_label_{k}") for k in range(4)]
    assert texts(total(x))[0] == "[1/6] forward: t1 = total = 1.0 + 1.0 + 1.0 + 1.0 = 4.0"


def test_a_one_off_operation_shows_its_name_and_its_number():
    x = Value(2.0, label="x")
    cube = Value(8.0, parents=(x,), local_derivatives=lambda out, x: 3 * x * x, op="cu\nbe\x1b[2J")
    forward, _, backward = texts(cube)
    assert forward == "[1/3] forward: t1 = cu be\ufffd[2J(x) = cu be\ufffd[2J(2.0) = 8.0"
    assert backward.split("\n")[1] == "  x.grad += t1.grad × ∂t1/∂x = 1.0 × 12.0 = 12.0"


def test_a_leaf_alone_is_one_step():
    assert texts(Value(3.0, label="x")) == ["[1/1] backward: x.grad = ∂x/∂x = 1.0"]


@pytest.mark.parametrize(
    ("x", "y", "line"),
    [
        (inf, 2.0, "x*y = inf × 2.0 = inf"),
        (nan, 2.0, "x*y = nan × 2.0 = nan"),
        (1e-5, 2.0, "x*y = 1e-05 × 2.0 = 2e-05"),
        (10**400, 10, "x*y = 1e+400 × 10 = 1e+401"),
        (-0.0, 2.0, "x*y = 0.0 × 2.0 = 0.0"),
    ],
)
def test_numbers_of_every_size_are_shown(x, y, line):
    assert texts(math.prod(x_and_y(x, y), start=Value(1)))[1].endswith(line.split(" ", 1)[1])


def test_a_step_knows_its_event_and_its_number():
    step = stepper().goto(6)
    assert (step.number, step.count, step.event.kind) == (6, 7, "backward")
    assert (step.event.upstream, step.event.local, step.event.contribution) == (1.0, -3.0, -3.0)
    assert step.headline == STEPS[5].split("\n")[0]


# -- names -------------------------------------------------------------------------------------


def names_in(output, **options):
    table = Stepper(output, **{"names": {}, **options}).run()
    return [line.split("  ")[0] for line in table.splitlines()[1:]]


def test_nodes_are_called_by_the_callers_variables():
    p, q = Value(2.0), Value(3.0)
    r = p * q
    assert repr(Stepper(r).next()) == "[1/4] forward: r = p*q = 2.0 × 3.0 = 6.0"


def test_names_given_come_first():
    x = Value(2.0, label="label")
    assert names_in(x * 2, names={"given": x}) == ["given", "t1"]


def test_nodes_without_a_name_are_called_t1_t2_without_clashes():
    x, y = Value(2.0, label="t1"), Value(3.0)
    assert names_in((x * y) + x) == ["t1", "t2", "t3", "t4"]


def test_the_same_label_twice_is_numbered_without_clashes():
    x, y, z = Value(2.0, label="a"), Value(3.0, label="a"), Value(4.0, label="a_2")
    assert names_in(total([x, y, z])) == ["a", "a_3", "a_2", "t1"]


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("two\nlines", "two lines"),
        ("\x1b[31mred", "\ufffd[31mred"),
        ("bell\x07", "bell\ufffd"),
        ("x" * 50, "x" * 39 + "…"),
        (" \n ", "t1"),
        ("", "t1"),
    ],
)
def test_a_label_takes_one_line_and_sends_no_escape_sequences(label, shown):
    output = Value(2.0, label=label) * 3
    assert names_in(output)[0] == shown
    assert not re.search(r"[\x00-\x1f\x7f]", "".join(texts(output)).replace("\n  ", ""))


def test_names_that_are_no_mapping_are_refused():
    with pytest.raises(TypeError, match="names is a mapping"):
        Stepper(Value(1.0), names=["x"])


@pytest.mark.parametrize("output", [3.0, None, [Value(1.0)]])
def test_what_is_no_value_is_refused(output):
    with pytest.raises(NotAGraphError, match="is not a node of a graph"):
        Stepper(output)


def test_a_seed_that_is_no_number_is_refused():
    with pytest.raises(TypeError, match="not a number"):
        Stepper(Value(1.0), seed="1")


@pytest.mark.parametrize("digits", [0, 18, 2.5])
def test_digits_that_cannot_be_shown_are_refused(digits):
    with pytest.raises(ValueError, match=r"digits = .*: it is a whole number from 1 to 17"):
        stepper(digits=digits)


# -- there and back ----------------------------------------------------------------------------


def test_next_returns_each_step_and_then_says_that_it_was_the_last():
    s = stepper()
    assert [repr(s.next()) for _ in range(9)] == [*STEPS, END, END]


def test_back_returns_the_step_before_and_stays_at_the_start():
    s = stepper()
    s.goto(2)
    assert [repr(s.back()) for _ in range(3)] == [STEPS[0], START, START]
    assert s.position == 0


def test_goto_returns_the_step_it_arrives_at():
    s = stepper()
    assert [repr(s.goto(k)) for k in (5, 5, 2, 7, 0)] == [
        STEPS[4], STEPS[4], STEPS[1], STEPS[6], START,
    ]  # fmt: skip


@pytest.mark.parametrize("k", [-1, 8, 10**9])
def test_goto_refuses_a_step_that_is_not_there_and_stays(k):
    s = stepper()
    s.goto(3)
    with pytest.raises(IndexError, match=rf"goto\({k}\): there are steps 0 to 7"):
        s.goto(k)
    assert s.position == 3


@pytest.mark.parametrize("k", ["3", 2.0, None, True])
def test_goto_refuses_what_is_no_whole_number(k):
    with pytest.raises(TypeError, match="goto takes the number of a step"):
        stepper().goto(k)


def test_run_does_the_rest_and_returns_the_table_of_gradients():
    s = stepper()
    s.next()
    assert repr(s.run()) == TABLE
    assert s.position == 7


def test_the_table_has_the_data_that_the_passes_used():
    a, *_, d = graph()
    a.data = 100.0
    assert "a     2.0, edited to 100.0  -2.0" in Stepper(d, names={}).run()


def test_the_table_of_a_large_graph_has_the_leaves_and_the_output_first():
    x = Value(1.0, label="x")
    output = x
    for _ in range(100):
        output = output * x
    lines = Stepper(output, names={}).run().splitlines()
    assert [len(lines), lines[-1]] == [42, "… 61 more"]
    assert [line.split()[0] for line in lines[1:4]] == ["x", "t100", "t1"]


def test_reset_returns_to_the_start():
    s = stepper()
    s.goto(5)
    assert repr(s.reset()) == START
    assert s.position == 0


def test_current_is_the_step_done_last():
    s = stepper()
    assert repr(s.current) == START
    s.goto(4)
    assert repr(s.current) == STEPS[3]


def test_a_stepper_is_as_long_as_its_steps_and_says_where_it_is():
    s = stepper()
    s.goto(3)
    assert len(s) == 7
    assert repr(s) == "<Stepper: 3 of 7 steps done; .next()>"


def test_iterating_does_the_steps_that_are_left():
    s = stepper()
    s.goto(4)
    assert [repr(step) for step in s] == STEPS[4:]
    assert list(s) == []


@pytest.mark.parametrize(
    ("position", "lines"),
    [
        (0, [f"→ {START}", f"  {STEPS[0]}", f"  {STEPS[1]}"]),
        (1, [f"→ {STEPS[0]}", f"  {STEPS[1]}", f"  {STEPS[2]}"]),
        (4, ["  [2/7]", "  [3/7]", "→ [4/7] backward: d = c + a → c", "  [5/7]", "  [6/7]"]),
        (7, ["  [5/7]", "  [6/7]", "→ [7/7]"]),
    ],
)
def test_where_points_at_the_current_step_among_those_around(position, lines):
    s = stepper()
    s.goto(position)
    shown = s.where.splitlines()
    assert len(shown) == len(lines)
    assert all(line.startswith(start) for line, start in zip(shown, lines, strict=True))


# -- the live gradients ------------------------------------------------------------------------


def gradients_of(nodes):
    return [node.grad if node.has_grad else None for node in nodes]


def test_each_step_writes_the_live_gradients():
    nodes = graph()
    s = Stepper(nodes[-1], names={})
    seen = [gradients_of(nodes)]
    while s.position < len(s):
        s.next()
        seen.append(gradients_of(nodes))
    assert seen == [
        [None, None, None, None],
        [None, None, None, None],
        [None, None, None, None],
        [None, None, None, 1.0],
        [None, None, 1.0, 1.0],
        [1.0, None, 1.0, 1.0],
        [-2.0, None, 1.0, 1.0],
        [-2.0, 2.0, 1.0, 1.0],
    ]


def test_gradients_of_before_are_gone_with_the_first_step_and_back_at_the_start():
    nodes = graph()
    nodes[-1].backward()
    nodes[1].grad = 17.0
    before = gradients_of(nodes)
    s = Stepper(nodes[-1], names={})
    assert gradients_of(nodes) == before
    s.next()
    assert gradients_of(nodes) == [None] * 4
    s.run()
    assert gradients_of(nodes) == [-2.0, 2.0, 1.0, 1.0]
    s.reset()
    assert gradients_of(nodes) == before


def test_a_second_walk_starts_from_the_gradients_of_its_own_start():
    a, *_, d = graph()
    s = Stepper(d, names={}, accumulate=True)
    for before, after in [(1.0, -1.0), (10.0, 8.0)]:
        a.grad = before
        s.run()
        assert a.grad == after
        s.reset()
        assert a.grad == before


def test_accumulating_leaves_gather_as_with_a_second_backward():
    nodes = graph()
    nodes[-1].backward()
    s = Stepper(nodes[-1], names={}, accumulate=True)
    s.goto(5)
    assert repr(s.current).endswith("a.grad: -2.0 → -1.0")
    s.run()
    assert gradients_of(nodes) == [-4.0, 4.0, 1.0, 1.0]


FRACTIONS = [Fraction(1, 3), 2, Fraction(-5, 7)]
moves = st.one_of(
    st.sampled_from(["next", "back", "run", "reset"]),
    st.tuples(st.just("goto"), st.integers(0, 99)),
)


def walked(s, move):
    if isinstance(move, tuple):
        s.goto(move[1] % (len(s) + 1))
    else:
        getattr(s, move)()


def replayed(nodes, before, s):
    """Return the gradients after the steps done, replayed from the events on their own."""
    if s.position == 0:
        return before
    held = dict(zip(nodes, before, strict=True)) if s.accumulate else {}
    gradients = {node: held[node] for node in held if not node.parents and held[node] is not None}
    gathered = dict(gradients)
    for event in s.events[: s.position]:
        if event.receiver is not None:
            start = gathered.get(event.receiver)
            gradients[event.receiver] = event.after if start is None else start + event.after
    return [gradients.get(node) for node in nodes]


@settings(deadline=None, max_examples=150)
@given(
    st.lists(moves, max_size=25),
    st.lists(st.sampled_from([None, 0.0, -0.0, 1.5, 7]), min_size=6, max_size=6),
    st.booleans(),
    st.sampled_from([[0.5, -1.0, 2.0], FRACTIONS, [inf, 0.0, -2.0]]),
)
@example(["next", "back"] * 3 + ["run", "reset"], [-0.0] * 6, True, [0.5, -1.0, 2.0])
@example(["run", ("goto", 3), "run"], [None, 7, None, 0.0, 7, 7], True, FRACTIONS)
def test_on_any_walk_the_gradients_are_those_of_a_fresh_replay(walk, before, accumulate, point):
    x, y, z = map(Value, point)
    product = x * y
    square = product * product
    output = square + x * z
    nodes = [x, y, z, product, square, output]
    for node, grad in zip(nodes, before, strict=True):
        if grad is not None:
            node.grad = grad
    s = Stepper(output, names={}, accumulate=accumulate)
    for move in walk:
        walked(s, move)
        for grad, wanted in zip(gradients_of(nodes), replayed(nodes, before, s), strict=True):
            assert grad is wanted or is_the_same(grad, wanted)


@pytest.mark.parametrize("accumulate", [False, True])
@pytest.mark.parametrize("seed", [1, -0.5, Fraction(1, 3)])
@pytest.mark.parametrize("point", [(0.5, -1.0), (Fraction(1, 3), 2), (10**400, 0.5), (nan, inf)])
def test_after_the_last_step_the_gradients_are_bit_for_bit_those_of_backward(
    accumulate, seed, point
):
    def built():
        x, y = map(Value, point)
        nodes = [x, y, x * y]
        nodes += [nodes[2] * x, nodes[2] * y]
        nodes.append(nodes[3] - nodes[4])
        if accumulate:
            x.grad = 0.25
        return nodes

    stepped, passed = built(), built()
    Stepper(stepped[-1], names={}, seed=seed, accumulate=accumulate).run()
    passed[-1].backward(seed)
    for node, wanted in zip(stepped, passed, strict=True):
        assert is_the_same(node.grad, wanted.grad)


def test_nothing_is_left_in_upstream():
    nodes = graph()
    Stepper(nodes[-1], names={}).run()
    assert not any(hasattr(node, "upstream") for node in nodes)


# -- predicting --------------------------------------------------------------------------------


@pytest.fixture
def typing(monkeypatch):
    """Answer input() with the given lines, then the end of the file; return the questions."""

    def type_(*lines):
        answers, questions = iter(lines), []

        def typed(question=""):
            questions.append(question)
            for answer in answers:
                if isinstance(answer, BaseException):
                    raise answer
                return answer
            raise EOFError

        monkeypatch.setattr(builtins, "input", typed)
        return questions

    return type_


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
        f"{garbage!r} is not a number; type one, as in -3 or 1*-3, or nothing to see it\n"
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


# -- pictures of steps -------------------------------------------------------------------------


def caption(drawn):
    texts = drawn.root.find(f"{SVG}g").iterfind(f"{SVG}text")
    return [text.text for text in texts if text.text]


def looks(drawn):
    """Return how each box and edge is marked: v0 is a, v1 b, v2 c, v3 d; their edges in order."""
    kinds = {key: drawn.kind(key).split()[2:] for key in sorted(drawn.groups)}
    return {key: kind[0] for key, kind in kinds.items() if kind}


def at(k, **options):
    s = stepper(**options)
    s.goto(k)
    return Drawn(s.picture)


def test_before_the_first_step_all_but_the_leaves_is_ahead():
    drawn = at(0)
    assert looks(drawn) == dict.fromkeys(["v2", "v3", "e0", "e1", "e2", "e3"], "ahead")
    assert drawn.lines("v0") == ["a", "data 2.0", "grad –"]
    assert drawn.lines("v2") == ["c = a*b", "data –", "grad –"]
    assert caption(drawn) == [START]


def test_a_forward_step_marks_operands_and_result():
    drawn = at(1)
    assert looks(drawn) == {
        "v0": "operand", "v1": "operand", "v2": "computed", "e0": "operand", "e1": "operand",
        "v3": "ahead", "e2": "ahead", "e3": "ahead",
    }  # fmt: skip
    assert drawn.lines("v2") == ["c = a*b", "data −6.0", "grad –"]
    assert drawn.lines("v3") == ["d = c + a", "data –", "grad –"]
    assert caption(drawn) == [STEPS[0].replace("-", "−")]


def test_the_seed_marks_the_output():
    drawn = at(3)
    assert looks(drawn) == {"v3": "receives"}
    assert drawn.lines("v3")[-1] == "grad 1.0"


def test_a_backward_step_marks_who_gives_and_who_receives():
    drawn = at(6)
    assert looks(drawn) == {"v2": "gives", "v0": "receives", "e0": "receives"}
    assert drawn.lines("v0")[-1] == "grad −2.0"
    assert drawn.lines("v1")[-1] == "grad –"
    assert caption(drawn) == [line.strip().replace("-", "−") for line in STEPS[5].split("\n")]


def test_local_derivatives_show_once_the_backward_pass_has_used_them():
    seed, backward = at(3), at(6)
    edges = ["e0", "e1", "e2", "e3"]
    assert [seed.lines(key) for key in edges] == [[], [], [], []]
    assert [backward.lines(key) for key in edges] == [["b = −3.0"], [], ["1.0"], ["1.0"]]


def test_gradients_that_leaves_start_from_show():
    nodes = graph()
    nodes[-1].backward()
    s = Stepper(nodes[-1], names={}, accumulate=True)
    s.next()
    drawn = Drawn(s.picture)
    assert [drawn.lines(key)[-1] for key in ("v0", "v1", "v2", "v3")] == [
        "grad −2.0", "grad 2.0", "grad –", "grad –",
    ]  # fmt: skip


def test_gradients_set_between_two_pictures_show():
    a, *_, d = graph()
    s = Stepper(d, names={}, accumulate=True)
    assert Drawn(s.picture).lines("v0")[-1] == "grad –"
    a.grad = 12.5
    assert Drawn(s.picture).lines("v0")[-1] == "grad 12.5"
    s.goto(5)
    assert Drawn(s.picture).lines("v0")[-1] == "grad 13.5"


def test_boxes_have_room_for_the_longest_number():
    x = Value(1 / 3, label="x")
    output = x * 12345.678
    output.backward()

    def width(picture):
        box = next(iter(Drawn(picture).groups["v0"].iter(f"{SVG}path"))).get("d")
        across = [float(point.split(",")[0]) for point in re.findall(r"[-\d.]+,[-\d.]+", box)]
        return max(across) - min(across)

    assert width(Stepper(output, names={}).picture) == width(draw(output, names={}))


def test_a_reference_is_never_ahead():
    drawn = Drawn(Stepper(powers(12), names={}).picture)
    assert {drawn.kind(key) for key in drawn.keys("reference")} == {"node reference"}


def places(svg):
    """Return the size of a picture and the place of each shape, and those of its texts."""
    shapes = re.findall(r'(?<![\w-])(?:points|d|width|height|viewBox)="[^"]*"', svg)
    return shapes, set(re.findall(r'<text [^>]*(x="[^"]*" y="[^"]*")', svg))


def test_all_pictures_have_one_size_and_one_layout():
    x = Value(1 / 3, label="x")
    s = Stepper(tanh(x * 12345.678) * x, names={})
    s.run()
    shapes, texts = places(s.picture.svg)
    assert len(shapes) > 10
    assert len(texts) > 10
    for k in range(len(s)):
        s.goto(k)
        assert places(s.picture.svg)[0] == shapes
        assert places(s.picture.svg)[1] <= texts


def test_save_frames_writes_one_picture_a_step(tmp_path):
    said = stepper().save_frames(tmp_path / "new" / "frames")
    assert repr(said) == "wrote 8 pictures, step-0.svg to step-7.svg"
    files = sorted((tmp_path / "new" / "frames").iterdir())
    assert [file.name for file in files] == [f"step-{k}.svg" for k in range(8)]
    s = stepper()
    for k, file in enumerate(files):
        s.goto(k)
        assert file.read_text(encoding="utf-8") == s.picture.svg


def test_saving_frames_leaves_the_position_as_it_was(tmp_path):
    s = stepper()
    s.goto(3)
    s.save_frames(tmp_path)
    assert s.position == 3


def test_frames_take_a_theme(tmp_path):
    s = stepper()
    assert "#12161c" not in s.picture.svg
    s.save_frames(tmp_path, theme="dark")
    assert "#12161c" in (tmp_path / "step-0.svg").read_text(encoding="utf-8")


def test_an_unknown_theme_is_refused_before_anything_is_written(tmp_path):
    with pytest.raises(PictureError, match="'neon'"):
        stepper().save_frames(tmp_path / "frames", theme="neon")
    assert not list(tmp_path.iterdir())


def test_more_than_1000_frames_are_refused(tmp_path):
    x = Value(1.0, label="x")
    output = x
    for _ in range(400):
        output = output * x
    with pytest.raises(PictureError, match="1,201 steps would be as many files"):
        Stepper(output, names={}).save_frames(tmp_path / "frames")
    assert not list(tmp_path.iterdir())


def test_frames_that_cannot_be_written_are_an_os_error(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OSError, match="file"):
        stepper().save_frames(tmp_path / "file")


def test_frames_need_a_layout_engine(tmp_path, monkeypatch):
    def no_engine(*arguments):
        raise LayoutError("no engine")

    monkeypatch.setattr("autograd.show.picture.picture.render", no_engine)
    with pytest.raises(LayoutError, match="no engine"):
        stepper().save_frames(tmp_path / "frames")
    assert not list(tmp_path.iterdir())


def test_a_folded_graph_marks_the_box_that_holds_the_node():
    x = [Value(float(k), label=f"x{k}") for k in range(100)]
    output = total([tanh(v) for v in x])
    output.label = "sum"
    s = Stepper(output, names={})
    s.goto(1)
    drawn = Drawn(s.picture)
    box, leaves, end = map(drawn.key_of, ["tanh ×100", "x· ×100", "sum = total"])
    assert [drawn.kind(key) for key in (box, leaves, end)] == [
        "node folded computed", "node folded operand", "node node ahead",
    ]  # fmt: skip
    s.goto(103)
    drawn = Drawn(s.picture)
    assert drawn.kind(box) == "node folded receives"
    assert drawn.kind(end) == "node node gives"
    assert caption(drawn)[0] == "alike nodes folded: 201 nodes in 3 boxes"
    assert caption(drawn)[1].startswith("[103/302] backward: sum = t1 + t2 + t3 + … + t100 → ")


# -- speed -------------------------------------------------------------------------------------


def test_a_step_there_or_back_takes_a_millisecond_in_a_graph_of_10000_nodes():
    x = Value(0.5)
    output = x
    for _ in range(5_000):
        output = tanh(output * x)
    s = Stepper(output, names={})
    s.goto(12_000)
    start = time.perf_counter()
    for _ in range(200):
        s.next()
    for _ in range(200):
        s.back()
    assert (time.perf_counter() - start) / 400 <= 2 * 0.001  # twice, for a busy machine
    assert s.position == 12_000


# -- the loop of keys --------------------------------------------------------------------------

KEYS = "Enter next   b back   g K go to step K   r run to the end   p picture   q leave"


def loop(typing, capsys, *keys, **options):
    """Return what the loop prints for some keys, without its first two lines, and the stepper."""
    typing(*keys)
    s = stepper(**options)
    s.interact()
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == [KEYS, START]
    return lines[2:], s


def lines_of(*texts):
    return "\n".join(texts).splitlines()


@pytest.mark.parametrize(
    ("keys", "shown", "position"),
    [
        ([""], [STEPS[0]], 1),
        (["n", " "], STEPS[:2], 2),
        (["", "", "b"], [*STEPS[:2], STEPS[0]], 1),
        (["b"], [START], 0),
        (["g 4"], [STEPS[3]], 4),
        (["g4", "g  0"], [STEPS[3], START], 0),
        (["g 8"], ["goto(8): there are steps 0 to 7"], 0),
        (["g 5", "r"], [STEPS[4], *STEPS[5:], TABLE], 7),
        (["r", ""], [*STEPS, TABLE, END], 7),
        (["r", "r"], [*STEPS, TABLE, TABLE], 7),
        (["x"], ["'x' is not one of the keys", KEYS], 0),
        (["g"], ["there are steps 0 to 7; go to one with g K, as in g 3", KEYS], 0),
        (["g x"], ["there are steps 0 to 7; go to one with g K, as in g 3", KEYS], 0),
        (["\x1b[A"], ["'\\x1b[A' is not one of the keys", KEYS], 0),
    ],
)
def test_a_key_does_what_it_says(typing, capsys, keys, shown, position):
    lines, s = loop(typing, capsys, *keys, "q")
    assert lines == lines_of(*shown)
    assert s.position == position


@pytest.mark.parametrize("leave", ["q", "quit", "exit", " q "])
def test_q_leaves_and_keeps_the_gradients(typing, capsys, leave):
    lines, s = loop(typing, capsys, "g 3", leave, "")
    assert lines == [STEPS[2]]
    assert (s.position, s.output.grad) == (3, 1.0)


@pytest.mark.parametrize("end", [EOFError(), KeyboardInterrupt()])
def test_the_end_of_the_file_and_an_interrupt_leave_below_the_prompt(typing, capsys, end):
    lines, _ = loop(typing, capsys, "", end, "")
    assert lines == [STEPS[0], ""]


def test_the_prompt_lists_the_keys(typing, capsys):
    questions = typing("", "q")
    stepper().interact()
    assert questions == ["[Enter, b, g K, r, p, q] "] * 2


def test_p_shows_the_picture(typing, capsys, monkeypatch):
    opened = []
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr("webbrowser.open", lambda uri: opened.append(uri) or True)
    lines, _ = loop(typing, capsys, "g 4", "p", "q")
    assert lines == lines_of(STEPS[3])
    svg = Path(opened[0].removeprefix("file://")).read_text(encoding="utf-8")
    assert "[4/7] backward" in svg


def test_a_picture_that_cannot_be_drawn_is_one_line(typing, capsys):
    x = Value(0.5, label="x")
    output = x
    for _ in range(600):
        output = tanh(output)
    typing("p", "q")
    Stepper(output, names={}).interact()
    last = capsys.readouterr().out.splitlines()[2:]
    assert len(last) == 1
    assert last[0].startswith("601 nodes make 601 boxes")


def test_a_picture_without_an_engine_is_one_line(typing, capsys, monkeypatch):
    def no_engine(*arguments):
        raise LayoutError("no engine")

    monkeypatch.setattr("autograd.show.picture.picture.render", no_engine)
    assert loop(typing, capsys, "p", "q")[0] == ["no engine"]


def test_running_a_large_graph_prints_200_steps_and_the_table(typing, capsys):
    x = Value(1.0, label="x")
    output = x
    for _ in range(100):
        output = output * x
    typing("r", "q")
    Stepper(output, names={}).interact()
    out = capsys.readouterr().out
    assert out.count("\n[") == 201  # and the line on the start
    assert "… 101 more\nnode " in out


def test_the_loop_asks_for_predictions_too(typing, capsys):
    lines, s = loop(typing, capsys, "-6", "x", "", "b", "-4", "q", predict=True)
    assert lines == [
        STEPS[0], "  you said -6: right",
        "'x' is not a number; type one, as in -3 or 1*-3, or nothing to see it",
        STEPS[1], STEPS[0], STEPS[1], "  you said -4: right",
    ]  # fmt: skip
    assert s.position == 2


def test_an_interrupt_at_a_question_leaves_the_loop(typing, capsys):
    lines, s = loop(typing, capsys, KeyboardInterrupt(), predict=True)
    assert (lines, s.position) == ([""], 0)


SCRIPT = (
    "from tests.show.stepping.test_stepper import stepper; stepper(predict={predict}).interact()"
)


def piped(keys, predict=False):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(predict=predict)],
        input=keys, capture_output=True, encoding="utf-8", check=True, cwd=PROJECT,
    )  # fmt: skip
    assert done.stderr == ""
    return done.stdout


def test_piped_keys_are_obeyed_without_prompts():
    assert piped("\n\nb\nr\n").splitlines() == lines_of(
        START, *STEPS[:2], STEPS[0], *STEPS[1:], TABLE
    )


def test_piped_answers_are_judged_without_questions():
    assert piped("-6\n5\n", predict=True).splitlines() == lines_of(
        START, STEPS[0], "  you said -6: right", STEPS[1], "  you said 5: no"
    )


def test_nothing_piped_shows_the_start():
    assert piped("").splitlines() == [START]


# -- in a terminal -----------------------------------------------------------------------------

SETUP = "from tests.graphs import graph; from autograd import Stepper; a, b, c, d = graph()"


def transcript(*lines, wait=20.0):
    """Return what a plain Python in a pseudo-terminal shows for each line typed."""
    pty = pytest.importorskip("pty", reason="this platform has no pseudo-terminals")
    terminal, inside = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-q", "-i"], stdin=inside, stdout=inside, stderr=inside, cwd=PROJECT,
        env={**os.environ, "TERM": "dumb", "COLUMNS": "200", "PYTHON_BASIC_REPL": "1",
             "PYTHONUTF8": "1"},
    )  # fmt: skip
    os.close(inside)
    try:
        replies = [_reply(terminal, wait)]
        for line in lines:
            os.write(terminal, line.encode() + b"\n")
            replies.append(_reply(terminal, wait).removeprefix(line + "\n"))
    finally:
        child.kill()
        child.wait()
        os.close(terminal)
    return replies[1:]


def _reply(terminal, wait):
    """Return what is shown up to the next prompt."""
    seen, deadline = b"", time.monotonic() + wait
    while not seen.endswith((b">>> ", b"? ", b"q] ")):
        left = deadline - time.monotonic()
        assert left > 0, f"no prompt after {seen!r}"
        if select.select([terminal], [], [], left)[0]:
            seen += os.read(terminal, 65536)
    return seen.decode().replace("\r\n", "\n")


def shown(*texts):
    return "\n".join([*texts, ">>> "])


def test_in_a_plain_python_each_step_is_printed_once():
    replies = transcript(
        SETUP, "s = Stepper(d)", "s.next()", "s.goto(6)", "s.back()", "s.where", "next(s)",
        "s.run()", "s.next()", "s.reset()", "s", "a.grad",
    )  # fmt: skip
    assert replies == [
        shown(),
        shown(),
        shown(STEPS[0]),
        shown(STEPS[5]),
        shown(STEPS[4]),
        shown(
            "  [3/7] backward: d.grad = ∂d/∂d = 1.0",
            "  [4/7] backward: d = c + a → c",
            "→ [5/7] backward: d = c + a → a",
            "  [6/7] backward: c = a*b → a",
            "  [7/7] backward: c = a*b → b",
        ),
        shown(STEPS[5]),
        shown(TABLE),
        shown(END),
        shown(START),
        shown("<Stepper: 0 of 7 steps done; .next()>"),
        shown("0.0"),
    ]


def test_in_a_plain_python_a_prediction_is_typed_behind_its_question():
    replies = transcript(
        SETUP, "s = Stepper(d, predict=True)", "s.next()", "-6", "s.next()", "x", "7"
    )
    assert replies[2:] == [
        "c = a*b = ? ",
        shown(STEPS[0], "  you said -6: right"),
        "d = c + a = ? ",
        "'x' is not a number; type one, as in -3 or 1*-3, or nothing to see it\nd = c + a = ? ",
        shown(STEPS[1], "  you said 7: no"),
    ]


def test_in_a_terminal_the_loop_shows_its_prompt():
    prompt = "[Enter, b, g K, r, p, q] "
    replies = transcript(SETUP, "Stepper(d).interact()", "n", "b", "q")
    assert replies[1:] == [
        f"{KEYS}\n{START}\n{prompt}",
        f"{STEPS[0]}\n{prompt}",
        f"{START}\n{prompt}",
        shown(),
    ]


# -- while somebody else is at the graph -------------------------------------------------------


def training() -> tuple[Value, Value]:
    w, x = Value(1.0, label="w"), Value(2.0, label="x")
    loss = (w * x - 6.0) ** 2
    loss.label = "loss"
    return w, loss


def test_after_a_refresh_a_walk_starts_with_the_new_numbers():
    w, loss = training()
    s = Stepper(loss, names={})
    s.run()
    w.data -= 0.1 * w.grad
    refresh(loss)
    s.reset()
    assert "loss" in s.run()
    stepped = w.grad
    zero_grad(loss)
    loss.backward()
    assert stepped == w.grad
    assert repr(s.goto(3)).endswith("= (-0.8)**2 = 0.64")
    assert "−0.8" in s.picture.svg


def test_a_refresh_in_the_middle_of_a_walk_stops_it_until_reset():
    w, loss = training()
    s = Stepper(loss, names={})
    s.goto(5)
    w.data = 5.0
    refresh(loss)
    with pytest.raises(StaleGraphError, match=r"the result of - was -4\.0 when .* as 4\.0"):
        s.next()
    s.reset()
    s.run()
    assert w.grad == 16.0


def test_back_at_the_start_gradients_are_as_stale_as_before():
    w, loss = training()
    loss.backward()
    refresh(loss)
    s = Stepper(loss, names={})
    s.next()
    s.run()
    assert not w.grad_is_stale
    s.reset()
    assert (w.grad_is_stale, loss.grad_is_stale) == (True, True)
    w.grad = 3.0
    s.run()
    s.reset()
    assert (w.grad, w.grad_is_stale) == (3.0, False)


def test_gradients_that_somebody_else_writes_do_not_stay():
    _, loss = training()
    s = Stepper(loss, names={})
    s.goto(6)
    zero_grad(loss)
    s.next()
    loss.grad = 77.0
    s.run()
    assert loss.grad == 1.0
    stepped = [node.grad for node in topological_order(loss) if not node.is_constant]
    zero_grad(loss)
    loss.backward()
    assert stepped == [node.grad for node in topological_order(loss) if not node.is_constant]
    s.reset()


def test_frames_of_an_earlier_walk_go_and_other_files_stay(tmp_path):
    (tmp_path / "step-99.svg").write_text("old")
    (tmp_path / "step-by-step.svg").write_text("mine")
    stepper().save_frames(tmp_path)
    names = {path.name for path in tmp_path.iterdir()}
    assert "step-99.svg" not in names
    assert "step-by-step.svg" in names


@pytest.mark.parametrize(
    ("answer", "truth", "right"),
    [("1", 0.7116, False), ("0.7", 0.7116, True), ("1", 0.96, True), ("1e3", 600.0, False),
     ("0", 0.004, False), ("0", 0.0, True), ("-4", -4.02, True), ("3", 2.6, False)],
)  # fmt: skip
def test_an_answer_is_not_right_by_rounding_alone(answer, truth, right):
    assert is_right(answer, truth) == right


def test_after_the_walk_a_table_of_other_numbers_is_not_shown() -> None:
    x = Value(3.0)
    y = x * x + 1
    steps = Stepper(y)
    steps.run()
    x.data = 5.0
    refresh(y)
    with pytest.raises(StaleGraphError, match=r"was 9\.0 when .* as 25\.0: reset\(\) first"):
        steps.run()
    steps.reset()
    assert "25.0   1.0" in steps.run()


def test_a_constant_is_no_output() -> None:
    with pytest.raises(NotAGraphError, match="is a constant, a bare number"):
        Stepper((Value(2.0) * 3).parents[1])
