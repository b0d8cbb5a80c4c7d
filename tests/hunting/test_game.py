"""A hunt in a REPL: numbers, guesses, hints and the score."""

import traceback

import pytest

import autograd
from autograd import hunt
from autograd.errors import ExpressionError, HuntError
from autograd.hunting import verify
from autograd.hunting.levels import LEVELS, bugs_of
from tests.hunting.hunters import false_number, smallest_graph, true_number

NO_UPSTREAM = "no upstream in tanh"


def hunt_for(bug):
    """Return a hunt for that bug, found by trying seeds."""
    level = next(k for k in range(1, LEVELS + 1) if bug in [b.mutant.name for b in bugs_of(k)])
    hunts = (hunt(level, seed=k) for k in range(100))
    return next(found for found in hunts if found._bug.mutant.name == bug)


@pytest.fixture
def tanh_hunt():
    return hunt_for(NO_UPSTREAM)


def test_it_shows_the_six_descriptions_and_what_to_do():
    lines = str(repr(hunt(3, seed="Ada"))).splitlines()
    assert lines[0].startswith("Level 3 of ada: an engine has one of these bugs.")
    assert [line[0] for line in lines if line[0].isdigit()] == list("123456")
    assert repr(hunt()).startswith("Level 1: ")
    assert " ".join(lines[-2:]).endswith("h.hint() and h.score are the rest.")


def test_it_shows_the_numbers_of_the_engine_with_the_bug(tanh_hunt):
    assert tanh_hunt.show("2*tanh(a); a=0").splitlines() == [
        "           data  grad",
        "a           0.0   1.0",  # 2 in a right engine
        "tanh(a)     0.0   2.0",
        "2*tanh(a)   0.0   1.0",
    ]


@pytest.mark.parametrize("level", range(1, 21))
def test_every_level_is_won_with_the_smallest_graph_and_all_points(level):
    hunted = hunt(level, seed="Ada")
    verdict = hunted.guess(true_number(hunted), smallest_graph(hunted))
    assert verdict.startswith("Found: ")
    assert hunted.score == 100
    assert verify(hunted.line) == f"right: level {level}, seed ada, score 100"


def test_a_guess_takes_the_graph_shown_last(tanh_hunt):
    tanh_hunt.show("2*tanh(a); a=0")
    assert "Nodes in your graph: 3, in the smallest: 3. Score: 100." in tanh_hunt.guess(
        true_number(tanh_hunt)
    )


def test_the_bug_without_a_graph_that_shows_it_does_not_count(tanh_hunt):
    verdict = tanh_hunt.guess(true_number(tanh_hunt), "tanh(a); a=0.5")
    assert "this graph does not show it" in " ".join(verdict.split())
    assert (tanh_hunt.is_found, tanh_hunt.score) == (False, 80)


def test_guesses_hints_and_nodes_cost_points(tanh_hunt):
    tanh_hunt.guess(false_number(tanh_hunt), "a; a=1")
    assert tanh_hunt.score == 80
    tanh_hunt.hint()
    assert tanh_hunt.score == 60
    tanh_hunt.guess(true_number(tanh_hunt), "b*tanh(a)+b; a=1; b=3")  # 5 nodes, and not 3
    assert tanh_hunt.score == 40


def test_guessing_all_six_wins_nothing(tanh_hunt):
    order = [*range(1, 7)]
    order.remove(true_number(tanh_hunt))
    for bug in [*order, true_number(tanh_hunt)]:
        tanh_hunt.guess(bug, smallest_graph(tanh_hunt))
    assert (tanh_hunt.is_found, tanh_hunt.score) == (True, 0)


def test_three_hints_tell_the_size_the_method_and_a_graph(tanh_hunt):
    assert tanh_hunt.hint() == "Hint: nodes of a smallest graph that shows it: 3."
    assert tanh_hunt.hint() == "Hint: the bug is in the method tanh."
    assert tanh_hunt.hint() == "Hint: -tanh(a); a=2.0 shows it."
    assert tanh_hunt.hint() == "There are no more hints."
    assert tanh_hunt.score == 40


def test_of_a_bug_in_several_methods_a_hint_says_so():
    hunted = hunt_for("no upstream")
    hunted.hint()
    assert hunted.hint() == "Hint: the bug is in several methods."


def test_what_comes_after_the_bug_is_found_changes_nothing(tanh_hunt):
    tanh_hunt.guess(true_number(tanh_hunt), smallest_graph(tanh_hunt))
    line = tanh_hunt.line
    assert tanh_hunt.guess(false_number(tanh_hunt)) == "This bug is found already."
    assert tanh_hunt.hint() == "There are no more hints."
    assert (tanh_hunt.score, tanh_hunt.line) == (100, line)


@pytest.mark.parametrize("bug", [0, 7, -1, True, "1", None, 1.0])
def test_what_is_not_a_bug_is_told_and_costs_nothing(tanh_hunt, bug):
    with pytest.raises(HuntError, match="they have the numbers 1 to 6"):
        tanh_hunt.guess(bug, "a; a=1")
    assert tanh_hunt.score == 100


@pytest.mark.parametrize("graph", ["tanh(a)", "", "tahn(a); a=1"])
def test_a_graph_that_cannot_be_read_costs_nothing(tanh_hunt, graph):
    with pytest.raises(ExpressionError):
        tanh_hunt.guess(false_number(tanh_hunt), graph)
    assert tanh_hunt.score == 100


def test_a_guess_without_a_graph_and_a_line_before_the_end_are_told(tanh_hunt):
    with pytest.raises(HuntError, match="type one first"):
        tanh_hunt.guess(1)
    with pytest.raises(HuntError, match="the bug is not found"):
        _ = tanh_hunt.line


# -- Values ------------------------------------------------------------------------------------


def test_values_have_the_numbers_of_the_engine_with_the_bug(tanh_hunt):
    a = tanh_hunt.Value(0.0)
    b = a.tanh() * 2
    assert (b.data, a.grad) == (0.0, 0.0)
    b.backward()
    assert (a.grad, b.grad) == (1.0, 1.0)
    assert repr(a) == "Value(data=0.0, grad=1.0)"


def test_values_go_through_every_operation_of_the_engine(tanh_hunt):
    a, b = tanh_hunt.Value(2.0), tanh_hunt.Value(4)
    graph = 1 - (2 * a + 6 / b) ** 2 / 5 + sum([a, -b]) * (a - b) + (3 + autograd.exp(a)).log()
    right = 1 - (2 * 2 + 6 / 4) ** 2 / 5 + (2 - 4) * (2 - 4) + autograd.log(3 + autograd.exp(2))
    assert graph.data == pytest.approx(right, rel=1e-12)
    assert graph.relu().data == pytest.approx(max(right, 0), rel=1e-12)


def test_a_graph_of_values_is_shown_guessed_and_verified(tanh_hunt):
    a = tanh_hunt.Value(0.0, label="a")
    b = a.tanh()
    graph = b + b
    assert tanh_hunt.show(graph).splitlines()[1] == "a       0.0   1.0"  # 2 in a right engine
    tanh_hunt.guess(true_number(tanh_hunt), graph * b)
    assert tanh_hunt.is_found is True
    assert "| graph (x1+x1)*x1; a=0.0; x1=tanh(a) |" in tanh_hunt.line
    assert verify(tanh_hunt.line).endswith("score 90")


def test_a_failure_is_told_by_its_kind_and_without_the_source():
    hunted = hunt_for("no __radd__")
    output = 2 + hunted.Value(1.0)
    assert output.data is None
    assert repr(output) == "Value(data=–, grad=–)"
    with pytest.raises(HuntError, match="here the engine fails: TypeError") as told:
        output.backward()
    assert "planted engine" not in "".join(traceback.format_exception(told.value))


def test_an_engine_that_changes_numbers_of_before_is_shown_as_it_is():
    hunted = hunt_for("relu in place")
    a = hunted.Value(-1.0)
    a.relu()
    assert a.data == 0.0


@pytest.mark.parametrize("data", ["1", None, float("nan"), float("inf"), 10**400, 1j])
def test_what_is_not_a_number_is_told(tanh_hunt, data):
    with pytest.raises((ExpressionError, TypeError), match="is not a number"):
        tanh_hunt.Value(data)


def test_values_of_another_engine_are_told(tanh_hunt):
    ours = tanh_hunt.Value(1.0)
    for other in (autograd.Value(1.0), hunt(1).Value(1.0)):
        with pytest.raises((HuntError, TypeError)):
            _ = ours + other
        with pytest.raises((HuntError, TypeError)):
            _ = other * ours
    with pytest.raises(HuntError, match="is not a graph"):
        tanh_hunt.show(autograd.Value(1.0))
    with pytest.raises(ExpressionError, match="this engine has no sin"):
        autograd.sin(ours)
