"""Stepper in forward mode: data and tangents go forwards together; no gradient is touched."""

from fractions import Fraction

import pytest

from autograd import Stepper, Value, checkpoint, detach, jvp, refresh, tanh
from autograd.graph import topological_order
from autograd.tangents import numeric_tangents
from tests.drawn import Drawn
from tests.engine.random_graphs import random_graph


def example() -> tuple[Value, Value]:
    a, b, c = Value(2.0, label="a"), Value(-3.0, label="b"), Value(10.0, label="c")
    return a, a * b + c


def test_each_step_reads_as_the_chain_rule_forwards() -> None:
    a, o = example()
    assert [repr(step) for step in Stepper(o, mode="forward", wrt=a, names={})] == [
        "[1/5] tangent: a.tangent = ∂a/∂a = 1.0",
        "[2/5] forward: v1 = a*b = 2.0 × (-3.0) = -6.0",
        "[3/5] tangent: a → v1 = a*b\n"
        "  v1.tangent += a.tangent × ∂v1/∂a = 1.0 × b = 1.0 × (-3.0) = -3.0\n"
        "  v1.tangent: 0.0 → -3.0",
        "[4/5] forward: v2 = v1 + c = -6.0 + 10.0 = 4.0",
        "[5/5] tangent: v1 → v2 = v1 + c\n"
        "  v2.tangent += v1.tangent × ∂v2/∂v1 = (-3.0) × 1.0 = -3.0\n"
        "  v2.tangent: 0.0 → -3.0",
    ]


def test_the_table_has_tangents_where_gradients_stand() -> None:
    a, o = example()
    assert str(Stepper(o, mode="forward", wrt=a, names={}).run()) == (
        "node  data  tangent\n"
        "a      2.0      1.0\n"
        "b     -3.0        –\n"
        "v1    -6.0     -3.0\n"
        "c     10.0        –\n"
        "v2     4.0     -3.0"
    )


@pytest.mark.parametrize("seed", range(20))
def test_it_ends_with_the_tangents_of_jvp(seed: int) -> None:
    leaves, output = random_graph(seed)
    order = topological_order(output)
    for leaf in (leaf for leaf in leaves if leaf in order):
        events = Stepper(output, mode="forward", wrt=leaf, seed=0.5).events
        told = {event.receiver: event.after for event in events if event.receiver is not None}
        assert told == numeric_tangents(order, {leaf: 0.5})


def test_no_gradient_is_touched_on_the_way_there_and_back() -> None:
    a, o = example()
    o.backward()
    steps = Stepper(o, mode="forward", wrt=a)
    for move in (steps.run, steps.back, steps.reset, steps.run):
        move()
        assert [node.grad for node in topological_order(o)] == [-3.0, 2.0, 1.0, 1.0, 1.0]
    del o.grad
    steps.back()
    assert not o.has_grad


def test_a_gradient_that_is_fresh_again_stays_so_after_reset() -> None:
    a, o = example()
    o.backward()
    a.data = 3.0
    refresh(o)
    steps = Stepper(o, mode="forward", wrt=a)
    steps.next()
    o.backward()
    steps.reset()
    assert not a.grad_is_stale


def test_exact_numbers_a_cut_and_a_checkpoint() -> None:
    x = Value(Fraction(1, 3), label="x")
    assert Stepper(x * x, mode="forward", wrt=x).events[-1].after == Fraction(2, 3)
    assert Stepper(x * detach(x), mode="forward", wrt=x).events[-1].after == Fraction(1, 3)
    y = checkpoint(lambda x: tanh(x) * x)(Value(0.5))
    (_, slope) = jvp(lambda x: tanh(x) * x)([0.5], [1.0])
    last = Stepper(y, mode="forward", wrt=y.parents[0]).events[-1]
    assert last.after == pytest.approx(slope, rel=1e-15)


def test_after_the_last_step_it_says_so() -> None:
    a, o = example()
    steps = Stepper(o, mode="forward", wrt=a)
    steps.run()
    assert str(steps.next()) == "[5/5] that was the last step: every tangent is complete"


def test_after_refresh_a_walk_starts_again_with_the_new_numbers() -> None:
    a, o = example()
    steps = Stepper(o, mode="forward", wrt=a)
    a.data = 5.0
    refresh(o)
    steps.run()
    assert steps.events[-1].node.data == -5.0


@pytest.mark.parametrize(
    ("step", "answer", "remark"),
    [
        (1, "2", "you said 2: no; the input changes as much as itself, so this is 1"),
        (5, "1", "you said 1: no; that is the local derivative: multiply by the parent's tangent"),
        (3, "1", "you said 1: no; that is the parent's tangent: multiply by the local derivative"),
        (3, "3", "you said 3: no; the size is right, the sign is not"),
        (3, "-3", "you said -3: right"),
    ],
)
def test_a_wrong_answer_is_diagnosed(step: int, answer: str, remark: str) -> None:
    a, o = example()
    steps = Stepper(o, mode="forward", wrt=a, names={})
    steps.goto(step - 1)
    assert remark in repr(steps.answer(answer))


def test_its_question_names_the_tangent() -> None:
    a, o = example()
    steps = Stepper(o, mode="forward", wrt=a, names={})
    assert steps.question == "a.tangent = ? "
    steps.goto(2)
    assert steps.question == "a → v1 = a*b: v1.tangent += ? "


def test_in_pictures_the_tangent_has_its_own_word_colour_and_mark() -> None:
    a, o = example()
    steps = Stepper(o, mode="forward", wrt=a, names={})
    steps.goto(3)
    svg = steps.picture.svg
    assert "tangent −3.0" in svg
    assert 'fill="#8e3a76" class="gradient tangent"' in svg
    assert 'class="gradient"' not in svg
    looks = {box.title: box.look for box in steps.picture.scene.boxes}
    assert (looks["a"], looks["v1 = a*b"]) == ("leads", "moves")
    assert Drawn(steps.picture)


@pytest.mark.parametrize(
    "options",
    [
        {"mode": "forward"},
        {"mode": "sideways"},
        {"wrt": Value(1.0)},
        {"mode": "forward", "wrt": Value(1.0)},
    ],
)
def test_what_does_not_fit_is_an_error(options: dict) -> None:
    _, o = example()
    with pytest.raises(ValueError, match="wrt = "):
        Stepper(o, **options)


def test_a_wrt_that_is_not_a_value_and_accumulate_are_errors() -> None:
    a, o = example()
    with pytest.raises(TypeError, match=r"wrt is a Value, as in wrt=x; 'a' is a str"):
        Stepper(o, mode="forward", wrt="a")
    with pytest.raises(ValueError, match="accumulate adds to gradients: forward mode has none"):
        Stepper(o, mode="forward", wrt=a, accumulate=True)
