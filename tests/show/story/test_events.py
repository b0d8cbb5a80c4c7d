"""events_of: what happens in the passes, in order, with the numbers of the chain rule itself."""

import math
import time
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograd import NotAGraphError, Value, dot, logsumexp, maximum, mean, tanh, total
from autograd.show.story.events import Event, events_of
from tests.programs import VALUE_FUNCTIONS, Instruction, is_the_same, run

inf, nan = math.inf, math.nan


def told(output, seed=1):
    """Return each event as (kind, node, receiver, upstream, local, contribution, before, after)."""
    return [
        (e.kind, e.node.label, getattr(e.receiver, "label", None), *numbers_of(e))
        for e in events_of(output, seed)
    ]


def numbers_of(event: Event):
    return (event.upstream, event.local, event.contribution, event.before, event.after)


def graph():
    """Return a = 2, b = -3, c = a*b, d = c + a."""
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    c = a * b
    d = c + a
    c.label, d.label = "c", "d"
    return a, b, c, d


# -- the list ----------------------------------------------------------------------------------


def test_the_forward_pass_comes_first_then_the_seed_then_the_backward_pass():
    assert told(graph()[-1]) == [
        ("forward", "c", None, 0, 0, 0, 0, 0),
        ("forward", "d", None, 0, 0, 0, 0, 0),
        ("seed", "d", "d", 1.0, 1, 1.0, 0.0, 1.0),
        ("backward", "d", "c", 1.0, 1.0, 1.0, 0.0, 1.0),
        ("backward", "d", "a", 1.0, 1.0, 1.0, 0.0, 1.0),
        ("backward", "c", "a", 1.0, -3.0, -3.0, 1.0, -2.0),
        ("backward", "c", "b", 1.0, 2.0, 2.0, 0.0, 2.0),
    ]


def test_an_event_knows_the_place_of_its_parent_and_whether_it_is_the_first_there():
    a, b, c, d = graph()
    backward = [event for event in events_of(d) if event.kind == "backward"]
    assert [event.position for event in backward] == [0, 1, 0, 1]
    assert [event.parent for event in backward] == [c, a, a, b]
    assert [event.is_first for event in backward] == [True, True, False, True]


def test_an_event_that_is_not_backward_has_no_parent():
    forward, _, seed, *_ = events_of(graph()[-1])
    assert (forward.position, forward.parent, forward.receiver) == (-1, None, None)
    assert (seed.position, seed.parent, seed.is_first) == (-1, None, True)


def test_a_leaf_alone_only_gets_the_seed():
    assert told(Value(3.0, label="x")) == [("seed", "x", "x", 1.0, 1, 1.0, 0.0, 1.0)]


def test_a_seed_scales_every_contribution():
    assert told(graph()[-1], -0.5)[2:] == [
        ("seed", "d", "d", -0.5, 1, -0.5, 0.0, -0.5),
        ("backward", "d", "c", -0.5, 1.0, -0.5, 0.0, -0.5),
        ("backward", "d", "a", -0.5, 1.0, -0.5, 0.0, -0.5),
        ("backward", "c", "a", -0.5, -3.0, 1.5, -0.5, 1.0),
        ("backward", "c", "b", -0.5, 2.0, -1.0, 0.0, -1.0),
    ]


def test_a_parent_used_twice_gets_two_contributions():
    a = Value(3.0, label="a")
    square = a * a
    assert [e.position for e in events_of(square)[2:]] == [0, 1]
    assert [numbers_of(e) for e in events_of(square)[2:]] == [
        (1.0, 3.0, 3.0, 0.0, 3.0),
        (1.0, 3.0, 3.0, 3.0, 6.0),
    ]


def test_constants_get_no_events():
    x = Value(3.0, label="x")
    assert [(e.kind, e.receiver) for e in events_of(2 * x)[2:]] == [("backward", x)]
    assert [(e.kind, e.receiver) for e in events_of(x**2)[2:]] == [("backward", x)]


def test_fractions_stay_exact():
    third = Value(Fraction(1, 3), label="x")
    numbers = [numbers_of(e) for e in events_of(third * third)[1:]]
    assert numbers == [
        (1, 1, 1, 0, 1),
        (1, Fraction(1, 3), Fraction(1, 3), 0, Fraction(1, 3)),
        (1, Fraction(1, 3), Fraction(1, 3), Fraction(1, 3), Fraction(2, 3)),
    ]
    assert not any(isinstance(number, float) for event in numbers for number in event)


def test_numbers_too_large_for_floats_count_as_infinite_where_they_meet_one():
    huge, x = Value(10**400, label="huge"), Value(0.5, label="x")
    assert told(huge * x)[1:] == [
        ("seed", None, None, 1.0, 1, 1.0, 0.0, 1.0),
        ("backward", None, "huge", 1.0, 0.5, 0.5, 0.0, 0.5),
        ("backward", None, "x", 1.0, inf, inf, 0.0, inf),
    ]


def test_in_a_graph_of_floats_every_number_is_one():
    x = Value(2.0)
    for event in events_of(x + 3 * x, 2)[3:]:
        assert {type(number) for number in numbers_of(event)} == {float}


def test_the_rule_of_a_one_off_operation_is_used():
    x = Value(2.0, label="x")
    cube = Value(8.0, parents=(x,), local_derivatives=lambda out, x: 3 * x * x, label="c")
    assert told(cube)[1:] == [
        ("seed", "c", "c", 1.0, 1, 1.0, 0.0, 1.0),
        ("backward", "c", "x", 1.0, 12.0, 12.0, 0.0, 12.0),
    ]


def test_the_numbers_are_those_the_forward_pass_saw():
    a, b, _, d = graph()
    a.data, b.data = 100.0, 100.0
    assert told(d)[-2:] == [
        ("backward", "c", "a", 1.0, -3.0, -3.0, 1.0, -2.0),
        ("backward", "c", "b", 1.0, 2.0, 2.0, 0.0, 2.0),
    ]


# -- replaying ---------------------------------------------------------------------------------


def assert_replaying_is_backward(output, seed=1):
    events = events_of(output, seed)
    replayed = {event.receiver: event.after for event in events if event.receiver is not None}
    before = {}
    for event in events:
        if event.receiver is not None and not event.is_first:
            assert is_the_same(event.before, before[event.receiver])
        before[event.receiver] = event.after
    output.backward(seed)
    for node, number in replayed.items():
        assert is_the_same(number, node.grad), node
    for event in events:
        for node in (event.node, event.receiver):
            assert node is None or node in replayed


wild = st.one_of(
    st.floats(),
    st.floats(-2, 2),
    st.integers(-3, 3),
    st.fractions(-2, 2, max_denominator=9),
    st.sampled_from([10**400, -(10**400), Fraction(10**400, 3), Fraction(1, 10**400), 1e308]),
)
wild_programs = st.lists(
    st.tuples(
        st.sampled_from(["+", "-", "*", "/", "neg", "cube", *VALUE_FUNCTIONS]),
        st.integers(0, 100),
        st.integers(0, 100),
    ),
    min_size=1,
    max_size=25,
)


def cube(x):
    """Return a one-off node; its number need not be right."""
    return Value(x.data, parents=(x,), local_derivatives=lambda out, x: 3 * x * x, op="cube")


@settings(deadline=None, max_examples=300)
@given(wild_programs, st.lists(wild, min_size=2, max_size=3), wild)
@example([("*", 0, 1), ("+", 2, 1)], [10**400, 0.5], 1)
@example([("*", 0, 0), ("*", 2, 0)], [Fraction(1, 3), 2], Fraction(1, 2))
@example([("*", 0, 1), ("neg", 2, 0), ("+", 3, 0)], [-0.0, inf], -0.0)
@example([("cube", 0, 0), ("*", 2, 2)], [nan, 1.0], 10**400)
def test_replaying_the_events_is_bit_for_bit_what_backward_gives(
    program: list[Instruction], point, seed
):
    output = run(program, [Value(x) for x in point], {**VALUE_FUNCTIONS, "cube": cube})
    assert_replaying_is_backward(output, seed)


@pytest.mark.parametrize(
    "point",
    [[0.5, -1.0, 2.0], [Fraction(1, 3), 2, Fraction(-5, 7)], [10**400, 0.5, inf], [nan] * 3],
)
@pytest.mark.parametrize(
    "function",
    [
        total,
        mean,
        logsumexp,
        lambda xs: dot(xs, xs, xs[0]),
        lambda xs: total([xs[0], xs[0], xs[0]]),
        lambda xs: maximum(xs[0], xs[0]) * xs[1],
        lambda xs: xs[0],
        lambda xs: dot(xs, [1, 2.0, Fraction(1, 2)]),
    ],
)
def test_replaying_is_backward_for_nodes_of_many_parents_and_for_leaves(function, point):
    assert_replaying_is_backward(function([Value(x) for x in point]))


# -- nothing is left behind --------------------------------------------------------------------


def traces(nodes):
    return [(node.has_grad, hasattr(node, "upstream")) for node in nodes]


def test_nothing_is_left_in_a_graph():
    nodes = graph()
    events_of(nodes[-1])
    assert traces(nodes) == [(False, False)] * 4


def test_gradients_that_were_there_stay():
    *_, c, d = graph()
    d.backward()
    c.grad = 17.0
    events_of(d)
    assert (c.grad, d.grad) == (17.0, 1.0)


def test_nothing_is_left_where_a_rule_raises():
    def broken(out, x):
        raise RuntimeError("the rule is broken")

    x = Value(2.0)
    node = Value(8.0, parents=(x,), local_derivatives=broken)
    output = node * 2
    with pytest.raises(RuntimeError, match="broken"):
        events_of(output)
    assert traces([x, node, output]) == [(False, False)] * 3


def test_a_list_made_in_the_middle_of_a_backward_pass_leaves_it_right():
    a = Value(2.0)
    inner = a * a

    def rule(out, x):
        events_of(inner)
        return 3.0

    node = Value(1.0, parents=(inner,), local_derivatives=rule)
    (node + inner).backward()
    assert (inner.grad, a.grad) == (4.0, 16.0)


# -- refusals and speed ------------------------------------------------------------------------


@pytest.mark.parametrize("output", [3.0, None, "L", [Value(1.0)]])
def test_what_is_no_value_is_refused(output):
    with pytest.raises(NotAGraphError, match="stepping needs local derivatives"):
        events_of(output)


def test_a_seed_that_is_no_number_is_refused():
    with pytest.raises(TypeError, match="'1' is a str, not a number"):
        events_of(Value(1.0), "1")


def test_10000_nodes_take_half_a_second():
    x = Value(0.5)
    output = x
    for _ in range(5_000):
        output = tanh(output * x)
    times = []
    for _ in range(3):
        start = time.perf_counter()
        events = events_of(output)
        times.append(time.perf_counter() - start)
    assert len(events) == 10_000 + 1 + 15_000
    assert min(times) <= 2 * 0.5  # twice, for a busy machine
