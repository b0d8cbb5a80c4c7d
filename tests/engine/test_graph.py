"""The graph and the backward pass: the traps, what stays as it was, and how far it scales."""

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from autograd import (
    Value,
    dot,
    first_nonfinite,
    gradients,
    mean,
    tanh,
    total,
    zero_grad,
)
from autograd.graph import topological_order
from tests.engine.random_graphs import broken, grads, random_graph

# -- topological order -------------------------------------------------------------------------


def is_topological(order: list[Value]) -> bool:
    position = {node: k for k, node in enumerate(order)}
    return all(position[p] < position[node] for node in order for p in node.parents)


@pytest.mark.parametrize("seed", range(20))
def test_parents_come_before_children_and_each_node_once(seed: int) -> None:
    _, output = random_graph(seed)
    order = topological_order(output)
    assert is_topological(order)
    assert len(set(order)) == len(order)
    assert order[-1] is output


def test_several_outputs_share_one_order() -> None:
    a, b = Value(1.0), Value(2.0)
    c, d = a * b, a + b
    order = topological_order(c, d, c)
    assert set(order) == {a, b, c, d}
    assert len(order) == 4
    assert is_topological(order)


def test_the_order_is_the_same_every_time() -> None:
    def numbers() -> list[float]:
        _, output = random_graph(0)  # the same graph, of other objects
        return [node.data for node in topological_order(output)]

    assert numbers() == numbers()


# -- the chain rule ----------------------------------------------------------------------------


def test_the_first_example() -> None:
    a, b, c = Value(2.0), Value(-3.0), Value(10.0)
    d = a * b + c
    d.backward()
    assert (d.data, *grads(a, b, c, d)) == (4.0, -3.0, 2.0, 1.0, 1.0)


def test_fan_out_adds_up() -> None:
    a = Value(3.0)
    (a + a * a + 5 * a).backward()
    assert a.grad == 1 + 2 * 3 + 5


def test_a_diamond_waits_for_both_sides() -> None:
    a = Value(3.0)
    b = a * 2
    left, right = b + 1, b * b
    (left * right).backward()
    assert b.grad == 6.0**2 + 7.0 * 2 * 6.0
    assert a.grad == 2 * b.grad


def test_why_topological_order() -> None:
    a = Value(1.0)
    b = a + a
    (b + b).backward()
    assert grads(a, b) == [4.0, 2.0]


@pytest.mark.parametrize(
    ("f", "slope"),
    [
        (lambda a: a + a, 2.0),
        (lambda a: a - a, 0.0),
        (lambda a: a * a, 6.0),
        (lambda a: a / a, 0.0),
        (lambda a: a**a, 27.0 * (math.log(3.0) + 1)),
        (lambda a: total([a, a, a]), 3.0),
        (lambda a: mean([a, a, a, a]), 1.0),
        (lambda a: dot([a, a], [a, a], a), 13.0),
        (lambda a: a.maximum(a), 1.0),
    ],
)
def test_a_repeated_parent_gets_every_contribution(
    f: Callable[[Value], Value], slope: float
) -> None:
    a = Value(3.0)
    f(a).backward()
    assert a.grad == pytest.approx(slope, rel=1e-15)


def test_seed_scales_every_gradient() -> None:
    a, b = Value(2.0), Value(-3.0)
    c = a * b
    c.backward(seed=10)
    assert grads(a, b, c) == [-30.0, 20.0, 10.0]


@pytest.mark.parametrize("seed", ["1", None, True, Value(1.0)])
def test_a_seed_that_is_no_number_is_refused(seed: Any) -> None:
    a = Value(2.0)
    with pytest.raises(TypeError, match="not a number"):
        (a * 3).backward(seed=seed)
    assert not a.has_grad


def test_an_output_that_is_a_leaf_has_gradient_one() -> None:
    a = Value(7.0)
    a.backward()
    assert (a.grad, type(a.grad)) == (1.0, float)
    a.backward()
    assert a.grad == 2.0
    assert gradients(a, [a]) == [1.0]


def test_constants_pass_no_gradient_on_and_need_none() -> None:
    v = Value(3.0)
    out = 2 * v + 1
    out.backward()
    assert v.grad == 2.0
    assert [node.data for node in topological_order(out) if node.is_constant] == [2, 1]


def test_a_graph_of_fractions_has_exact_gradients() -> None:
    a, b = Value(Fraction(1, 3)), Value(2)
    (a * a / b - b).backward()
    assert grads(a, b) == [Fraction(1, 3), Fraction(-37, 36)]
    assert not any(isinstance(gradient, float) for gradient in grads(a, b))


# -- a second pass -----------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(50))
def test_a_second_backward_doubles_leaves_exactly_and_sets_intermediates_afresh(seed: int) -> None:
    leaves, output = random_graph(seed)
    output.backward()
    order = topological_order(output)
    once = {node: node.grad for node in order}
    output.backward()
    for node in order:
        assert node.grad == (once[node] if node.parents else 2 * once[node])
    assert set(leaves) & set(order)


def test_two_outputs_gather_in_their_common_leaves() -> None:
    a = Value(3.0)
    (a * 2).backward()
    (a * a).backward()
    assert a.grad == 8.0


def test_what_a_leaf_held_is_added_once_at_the_end() -> None:
    a = Value(0.1)
    a.grad = 1e16
    total([a, a, a]).backward()
    assert a.grad == 1e16 + 3.0  # one by one each 1.0 would be lost in 1e16


def test_zero_grad_forgets_leaves_intermediates_and_output() -> None:
    a, b = Value(2.0), Value(-3.0)
    c = tanh(a * b)
    c.backward()
    zero_grad(c)
    assert not any(node.has_grad for node in topological_order(c))
    assert grads(a, b, c) == [0.0, 0.0, 0.0]
    zero_grad(c)  # again is not an error


@pytest.mark.parametrize("position", ["near the output", "near the leaves"])
def test_a_rule_that_raises_midway_leaves_every_gradient_as_it_was(position: str) -> None:
    a, b = Value(2.0), Value(-3.0)
    inner = a * b
    inner.backward()
    before = grads(a, b, inner)
    fresh = (broken(tanh(inner)) if position == "near the output" else tanh(broken(a) * inner)) + a
    with pytest.raises(ArithmeticError, match="this rule is broken"):
        fresh.backward()
    assert grads(a, b, inner) == before
    assert not fresh.has_grad
    (inner + a).backward()
    assert grads(a, b) == [-5.0, 4.0]


# -- gradients ---------------------------------------------------------------------------------


def test_gradients_touch_no_grad_and_take_interior_nodes() -> None:
    a, b = Value(2.0), Value(-3.0)
    c = a * b
    d = c * c
    assert gradients(d, [c, a, d, a]) == [-12.0, 36.0, 1.0, 36.0]
    assert not any(node.has_grad for node in (a, b, c, d))


@pytest.mark.parametrize("create_graph", [False, True])
def test_an_input_the_output_does_not_depend_on_has_gradient_zero(create_graph: bool) -> None:
    a, stranger = Value(2.0), Value(5.0)
    slopes = gradients(a * 3, [stranger, a], create_graph=create_graph)
    assert [getattr(slope, "data", slope) for slope in slopes] == [0.0, 3.0]


def test_a_gradient_graph_leads_back_to_the_leaves() -> None:
    a, b = Value(2.0), Value(-3.0)
    c = a * a * b
    (slope,) = gradients(c, [a], create_graph=True)
    assert slope.data == -12.0
    assert gradients(slope, [a, b]) == [-6.0, 4.0]
    assert {node for node in topological_order(slope) if not node.parents} >= {a, b}


def test_a_gradient_graph_through_a_long_chain_needs_no_recursion() -> None:
    first = last = Value(0.5)
    for _ in range(5_000):
        last = last.sin()
    (slope,) = gradients(last, [first], create_graph=True)
    assert slope.data == pytest.approx(gradients(last, [first])[0], rel=1e-9)


def test_a_gradient_graph_of_the_doubling_ladder_is_made_at_once() -> None:
    first = last = Value(1.5)
    for _ in range(50):
        last = last * last.tanh()
    (slope,) = gradients(last, [first], create_graph=True)
    assert slope.data == pytest.approx(gradients(last, [first])[0], rel=1e-12)
    assert len(topological_order(slope)) < 1_000


@pytest.mark.parametrize("junk", [1.0, None, "x"])
def test_gradients_work_on_values_only(junk: Any) -> None:
    with pytest.raises(TypeError, match="gradients works on Values"):
        gradients(Value(1.0), [junk])
    with pytest.raises(TypeError, match="gradients works on Values"):
        gradients(junk, [Value(1.0)])


# -- the first bad node ------------------------------------------------------------------------


def test_first_nonfinite_names_the_node_its_operands_and_labels() -> None:
    x = Value(800.0, label="x")
    y = x.exp()
    y.label = "y"
    found = first_nonfinite(tanh(y - y))
    assert found is not None
    assert (found.node, found.operands) == (y, (x,))
    assert repr(found) == "y = inf, made by exp of (x = 800.0)"


def test_first_nonfinite_finds_a_bad_leaf_and_bad_sums() -> None:
    bad = Value(math.nan, label="w")
    assert repr(first_nonfinite(bad * 2)) == "leaf w = nan"
    assert repr(first_nonfinite(Value(1e308) * 10 + 1)) == "inf, made by * of (1e+308, 10)"


def test_first_nonfinite_blames_no_weight_that_a_step_made_nan_afterwards() -> None:
    w, x = Value(0.5, label="w"), Value(math.nan, label="x")
    loss = tanh(w * x)
    loss.backward()
    w.data -= 0.1 * w.grad
    assert math.isnan(w.data)
    assert repr(first_nonfinite(loss)) == "leaf x = nan"


def test_first_nonfinite_is_none_where_all_is_well() -> None:
    assert first_nonfinite(tanh(Value(1e308)) + 1) is None
    assert first_nonfinite(Value(10**400) * 2) is None  # too large for a float, yet finite
