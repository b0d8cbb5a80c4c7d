"""Stepper: the steps in words, there and back, predicted, drawn, and in a terminal."""

import re
import time
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograd import (
    NotAGraphError,
    StaleGraphError,
    Stepper,
    Value,
    refresh,
    tanh,
    total,
    zero_grad,
)
from autograd.graph import topological_order
from tests.graphs import graph
from tests.programs import is_the_same
from tests.steps import END, START, STEPS, TABLE, inf, nan, stepper, texts

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
    assert names_in(x * 2, names={"given": x}) == ["given", "v1"]


def test_nodes_without_a_name_are_called_v1_v2_without_clashes():
    x, y = Value(2.0, label="v1"), Value(3.0)
    assert names_in((x * y) + x) == ["v1", "v2", "v3", "v4"]


def test_the_same_label_twice_is_numbered_without_clashes():
    x, y, z = Value(2.0, label="a"), Value(3.0, label="a"), Value(4.0, label="a_2")
    assert names_in(total([x, y, z])) == ["a", "a_3", "a_2", "v1"]


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("two\nlines", "two lines"),
        ("\x1b[31mred", "\ufffd[31mred"),
        ("bell\x07", "bell\ufffd"),
        ("x" * 50, "x" * 39 + "…"),
        (" \n ", "v1"),
        ("", "v1"),
    ],
)
def test_a_label_takes_one_line_and_sends_no_escape_sequences(label, shown):
    output = Value(2.0, label=label) * 3
    assert names_in(output)[0] == shown
    assert not re.search(r"[\x00-\x1f\x7f]", "".join(texts(output)).replace("\n  ", ""))


def test_names_that_are_not_a_mapping_are_refused():
    with pytest.raises(TypeError, match="names is a mapping"):
        Stepper(Value(1.0), names=["x"])


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ({5: Value(1.0)}, "names has 5 for a name: a name is a text"),
        ({"": Value(1.0)}, "names has '' for a name: a name is a text"),
        ({"q": 3}, r"names\['q'\] is 3, and not a node"),
        ({"q": "q"}, r"names\['q'\] is 'q', and not a node"),
    ],
)
def test_names_that_do_not_name_a_node_are_refused(names, told):
    with pytest.raises(TypeError, match=f"^{told}"):
        Stepper(Value(1.0), names=names)


def test_names_may_have_other_things_beside_nodes_as_globals_have() -> None:
    q = Value(1.0)
    assert names_in(q * 2, names={"pi": 3.14, "q": q}) == ["q", "v1"]


@pytest.mark.parametrize("output", [3.0, None, [Value(1.0)]])
def test_what_is_not_a_node_is_refused(output):
    with pytest.raises(NotAGraphError, match="is not a node of a graph"):
        Stepper(output)


def test_a_constant_is_not_an_output() -> None:
    with pytest.raises(NotAGraphError, match="is a constant, a bare number"):
        Stepper((Value(2.0) * 3).parents[1])


def test_a_seed_that_is_not_a_number_is_refused():
    with pytest.raises(TypeError, match="not a number"):
        Stepper(Value(1.0), seed="1")


@pytest.mark.parametrize("digits", [0, 18, 2.5])
def test_digits_that_cannot_be_shown_are_refused(digits):
    with pytest.raises(ValueError, match=r"digits = .*: it must be a whole number from 1 to 17"):
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
def test_goto_refuses_what_is_not_a_whole_number(k):
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
    assert [line.split()[0] for line in lines[1:4]] == ["x", "v100", "v1"]


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
