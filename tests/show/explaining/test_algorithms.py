"""compare_algorithms: the right backward pass beside three famous wrong ones."""

import io
import math
import sys
from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import NotAGraphError, Value, compare_algorithms, mean, sin, zero_grad
from autograd.graph import topological_order
from autograd.show.explaining.algorithms import MOST_HAND_ONS
from autograd.show.picture import THEMES
from nn import MLP, mse_loss
from tests.drawn import Drawn
from tests.graphs import doublings, reused
from tests.programs import (
    VALUE_FUNCTIONS,
    Instruction,
    exact_programs,
    fractions,
    instructions,
    points,
    programs,
    run,
)

RECURSION, ASSIGNING, NOT_RESETTING = range(3)


# -- the algorithms, as a class would write them on the nodes ------------------------------------


def recursion(output: Value) -> None:
    def hand_on(node: Value) -> None:
        for parent, local in zip(node.parents, node.local_derivatives, strict=True):
            parent.grad += node.grad * local
        for parent in node.parents:
            hand_on(parent)

    output.grad = 1.0
    hand_on(output)


def assigning(output: Value) -> None:
    output.grad = 1.0
    for node in reversed(topological_order(output)):
        for parent, local in zip(node.parents, node.local_derivatives, strict=True):
            parent.grad = node.grad * local


def not_resetting(output: Value) -> None:
    for _ in range(2):
        output.grad = 1.0
        for node in reversed(topological_order(output)):
            for parent, local in zip(node.parents, node.local_derivatives, strict=True):
                parent.grad += node.grad * local


ON_THE_NODES = [recursion, assigning, not_resetting]


@pytest.mark.parametrize("algorithm", range(3))
@given(program=st.lists(instructions, min_size=1, max_size=9), point=points)
def test_each_algorithm_leaves_what_it_leaves_on_the_nodes(
    algorithm: int, program: list[Instruction], point: list[float]
) -> None:
    output = run(program, [Value(x) for x in point], VALUE_FUNCTIONS)
    found = compare_algorithms(output).attempts[algorithm].gradients
    ON_THE_NODES[algorithm](output)
    assert found  # few enough steps to be run
    for node, gradient in found.items():
        assert gradient == node.grad or (math.isnan(gradient) and math.isnan(node.grad))


@given(programs, points)
def test_the_right_gradients_are_those_of_backward(
    program: list[Instruction], point: list[float]
) -> None:
    output = run(program, [Value(x) for x in point], VALUE_FUNCTIONS)
    right = compare_algorithms(output).right
    output.backward()
    wanted = [node for node in reversed(topological_order(output)) if not node.is_constant]
    assert list(right) == wanted
    assert [repr(gradient) for gradient in right.values()] == [repr(n.grad) for n in wanted]


@given(exact_programs, fractions)
def test_what_is_wrong_is_what_differs_and_an_algorithm_departs_at_the_first(
    program: list[Instruction], point: list[Fraction]
) -> None:
    comparison = compare_algorithms(run(program, [Value(x) for x in point], {}))
    for attempt in comparison.attempts:
        pairs = [(node, attempt.gradients[node], g) for node, g in comparison.right.items()]
        wrong = [(node, found) for node, found, right in pairs if found != right]
        assert list(attempt.wrong.items()) == wrong
        assert attempt.departs is (wrong[0][0] if wrong else None)


# -- known numbers -----------------------------------------------------------------------------


def test_the_story_of_the_topological_order():
    x, s, t, y = reused()
    comparison = compare_algorithms(y)
    v1 = y.parents[0]
    assert comparison.right == {y: 1.0, v1: 1.0, t: 3.0, s: 4.0, x: 34.0}
    wrong = [attempt.wrong for attempt in comparison.attempts]
    assert wrong == [{x: 58.0}, {s: 3.0, x: 9.0}, {v1: 2.0, t: 9.0, s: 14.0, x: 138.0}]
    assert [attempt.departs for attempt in comparison.attempts] == [x, s, v1]


def test_a_table_and_a_sentence_for_each():
    *_, y = reused()
    assert repr(compare_algorithms(y, names={})) == (
        "node         right    recursion    = for +=    no reset\n"
        "y = v1 + s     1.0          1.0         1.0         1.0\n"
        "v1 = t*x       1.0          1.0         1.0         2.0 ←\n"
        "t = s + 1.0    3.0          3.0         3.0         9.0 ≠\n"
        "s = x*x        4.0          4.0         3.0 ←      14.0 ≠\n"
        "x             34.0         58.0 ←       9.0 ≠     138.0 ≠\n"
        "(← first wrong, ≠ wrong)\n"
        "\n"
        "recursion without a topological order: first wrong at x: 58.0 instead of 34.0\n"
        "= for +=: first wrong at s: 3.0 instead of 4.0\n"
        "a second pass without a reset, interior nodes too: first wrong at v1: 2.0 instead of 1.0"
    )


def test_two_doublings():
    a = Value(3.0)
    b = a + a
    c = b + b
    attempts = compare_algorithms(c).attempts
    assert [attempt.gradients[a] for attempt in attempts] == [8.0, 1.0, 12.0]
    assert [attempt.gradients[b] for attempt in attempts] == [2.0, 1.0, 4.0]
    assert [attempt.hand_ons for attempt in attempts] == [6, 4, 8]


def test_on_a_tree_only_the_reset_is_missed():
    a, b, c = Value(2.0), Value(3.0), Value(4.0)
    d = a * b + c
    first, second, third = compare_algorithms(d).attempts
    assert first.departs is second.departs is None
    assert third.wrong == {c: 2.0, d.parents[0]: 2.0, a: 9.0, b: 6.0}
    assert "= for +=: right on this graph" in repr(compare_algorithms(d))


def test_gradients_that_cancel_do_not_hide_a_departure():
    a = Value(Fraction(1))
    b = a - a
    assert compare_algorithms(b).attempts[ASSIGNING].wrong == {a: -1}


def test_fractions_stay_exact():
    third = Value(Fraction(1, 3))
    square = third * third
    comparison = compare_algorithms(square * third)
    assert comparison.right[third] == Fraction(1, 3)
    assert comparison.attempts[NOT_RESETTING].gradients[third] == Fraction(8, 9)


def test_rounding_in_another_order_is_not_a_departure():
    a, b, c, x = (Value(data) for data in (0.1, 0.2, 0.3, 0.7))
    y = a * x + b * x + c * x
    attempt = compare_algorithms(y).attempts[RECURSION]
    assert attempt.gradients[x] != compare_algorithms(y).right[x]
    assert attempt.departs is None


def test_a_contribution_lost_is_a_departure_however_small():
    a = Value(1.0)
    y = 1e-12 * a + a
    assert compare_algorithms(y).attempts[ASSIGNING].departs is a


def test_nan_is_the_same_as_nan():
    a = Value(math.inf)
    y = (a - a) * a
    assert compare_algorithms(sin(y)).attempts[RECURSION].departs is None


def test_a_leaf_alone_is_right():
    a = Value(2.0)
    comparison = compare_algorithms(a)
    assert comparison.right == {a: 1.0}
    assert not any(attempt.wrong for attempt in comparison.attempts)
    assert len(repr(comparison).splitlines()) == 6


def test_no_value_is_touched():
    x, s, _, y = reused()
    s.grad = 7.0
    _ = compare_algorithms(y).picture
    assert s.grad == 7.0
    assert not any(node.has_grad for node in (x, y))


def test_a_model_survives_the_comparison():
    model = MLP(2, [3, 1])
    loss = mse_loss([model([1.0, 2.0]), model([0.0, -1.0])], [1.0, 0.0])
    comparison = compare_algorithms(loss)
    zero_grad(loss)
    loss.backward()
    assert [comparison.right[p] for p in model.parameters()] == [p.grad for p in model.parameters()]


def test_the_output_is_a_value():
    with pytest.raises(NotAGraphError, match=r"\[\] \(of type list\)"):
        compare_algorithms([])


# -- too many steps ----------------------------------------------------------------------------


def test_a_recursion_of_too_many_steps_is_counted_and_not_run():
    a = Value(1.0)
    comparison = compare_algorithms(doublings(50, a))
    attempt = comparison.attempts[RECURSION]
    assert attempt.hand_ons == 2**51 - 2
    assert (attempt.gradients, attempt.departs) == ({}, None)
    assert (
        "recursion without a topological order: not run, it would hand on "
        "2,251,799,813,685,246 contributions, more than 100,000"
    ) in repr(comparison)


@pytest.mark.parametrize(("count", "is_run"), [(15, True), (16, False)])
def test_100_000_steps_are_run(count, is_run):
    a = Value(1.0)
    attempt = compare_algorithms(doublings(count, a)).attempts[RECURSION]
    assert attempt.hand_ons == 2 ** (count + 1) - 2
    assert (attempt.hand_ons <= MOST_HAND_ONS) is is_run
    assert bool(attempt.gradients) is is_run


def test_the_recursion_is_not_pythons():
    y = Value(0.5)
    for _ in range(5_000):
        y = sin(y)
    attempt = compare_algorithms(y).attempts[RECURSION]
    assert attempt.hand_ons == 5_000
    assert attempt.gradients
    assert attempt.departs is None


@pytest.mark.slow
@pytest.mark.parametrize("step", [sin, lambda y: y + y], ids=["chain", "ladder"])
def test_a_graph_may_be_100_000_nodes_deep(step: Callable[[Value], Value]) -> None:
    y = Value(0.5)
    for _ in range(100_000):
        y = step(y)
    assert len(repr(compare_algorithms(y)).splitlines()) == 47


# -- the table of a big graph ------------------------------------------------------------------


def test_of_many_nodes_those_where_an_algorithm_departs_come_into_the_table_first():
    x = Value(1.0, label="x")
    leaves = [Value(float(k), label=f"leaf{k}") for k in range(60)]
    y = mean([x * leaf for leaf in leaves])
    lines = repr(compare_algorithms(y, names={"y": y})).splitlines()
    assert len(lines) == 1 + 40 + 1 + 1 + 1 + 3
    assert lines[41] == "… 82 more"
    assert [line.split()[0] for line in lines[1:41] if "←" in line] == ["v60", "x"]


def test_a_row_is_a_line_whatever_the_node_is_called():
    a = Value(2.0, label="two\nlines")
    y = Value(4.0, parents=(a,), local_derivatives=lambda out, a: 1.0, op="my\nrule")
    assert len(repr(compare_algorithms(y)).splitlines()) == 8


def test_a_table_is_ascii_where_the_terminal_is(monkeypatch):
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="ascii"))
    *_, y = reused()
    table = repr(compare_algorithms(y))
    assert table.isascii()
    assert "58.0 <-" in table
    assert "138.0 !=" in table


# -- the picture -------------------------------------------------------------------------------


def test_the_picture_says_who_gets_what_wrong_and_marks_who_departs():
    *_, y = reused()
    picture = compare_algorithms(y, names={}).picture
    drawn = Drawn(picture)
    assert drawn.lines(drawn.key_of("s = x*x")) == [
        "s = x*x", "data 9.0", "grad 4.0", "= for +=: 3.0", "no reset: 14.0",
    ]  # fmt: skip
    assert drawn.lines("v0")[2:] == [
        "grad 34.0", "recursion: 58.0", "= for +=: 9.0", "no reset: 138.0",
    ]  # fmt: skip
    assert drawn.lines(drawn.key_of("y = v1 + s"))[2:] == ["grad 1.0"]
    marked = {drawn.lines(key)[0] for key in drawn.keys("departs")}
    assert marked == {"x", "s = x*x", "v1 = t*x"}
    in_dot = picture.source.count(THEMES["projector"].gradient)
    assert in_dot == len(marked)  # the marks are in the DOT text as well


def test_the_picture_has_a_sentence_for_each_algorithm():
    *_, y = reused()
    comparison = compare_algorithms(y)
    assert comparison.picture.scene.caption.splitlines() == repr(comparison).splitlines()[-3:]


def test_the_picture_shows_the_right_gradients_whatever_the_nodes_hold():
    x, *_, y = reused()
    x.grad = 99.0
    assert Drawn(compare_algorithms(y).picture).lines("v0")[2] == "grad 34.0"


def test_a_folded_picture_marks_the_boxes():
    model = MLP(2, [8, 8, 1])
    loss = mse_loss([model([1.0, 2.0]), model([3.0, -1.0])], [1.0, 0.0])
    drawn = Drawn(compare_algorithms(loss).picture)
    assert set(drawn.keys("folded")) & set(drawn.keys("departs"))
