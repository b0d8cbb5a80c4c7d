"""Data that is edited after the forward pass, and gradients of an earlier one."""

import copy
import math
import pickle
from collections.abc import Callable
from fractions import Fraction

import pytest

from autograd import (
    DomainError,
    NoForwardRuleError,
    StaleGraphError,
    Value,
    gradients,
    refresh,
    tanh,
    zero_grad,
)
from autograd.graph import topological_order
from tests.engine.random_graphs import broken, grads

# -- edits after the forward pass --------------------------------------------------------------


def test_backward_differentiates_the_pass_that_ran() -> None:
    a, b = Value(2.0), Value(-3.0)
    c = a * b
    d = tanh(c)
    a.data, c.data, d.data = 100.0, 50.0, 0.0
    d.backward()
    slope = 1 / math.cosh(-6.0) ** 2
    assert grads(a, b) == [pytest.approx(-3 * slope), pytest.approx(2 * slope)]


def test_plain_gradients_too_differentiate_the_pass_that_ran() -> None:
    a = Value(2.0)
    c = a**2
    a.data = 100.0
    assert gradients(c, [a]) == [4.0]


@pytest.mark.parametrize(
    ("edited", "message"),
    [
        ("a", "a was 2.0 in the forward pass and is 5.0 now; call refresh(output)"),
        ("b", "a leaf was -3.0 in the forward pass and is 5.0 now; call refresh(output)"),
        ("c", "the result of * was -6.0 in the forward pass and is 5.0 now; call refresh(output)"),
        ("d", "d was -36.0 in the forward pass and is 5.0 now; call refresh(output)"),
    ],
)
def test_create_graph_refuses_an_edited_graph(edited: str, message: str) -> None:
    nodes = {"a": Value(2.0, label="a"), "b": Value(-3.0)}
    nodes["c"] = nodes["a"] * nodes["b"]
    nodes["d"] = nodes["c"] * 6
    nodes["d"].label = "d"
    nodes[edited].data = 5.0
    with pytest.raises(StaleGraphError) as caught:
        gradients(nodes["d"], [nodes["a"]], create_graph=True)
    assert str(caught.value).startswith(message)


def test_create_graph_does_not_mind_nan_or_an_edit_taken_back() -> None:
    a, b = Value(2.0), Value(math.nan)
    c = a * b
    a.data = 3.0
    a.data = 2.0
    (slope,) = gradients(c, [a], create_graph=True)
    assert math.isnan(slope.data)


def test_refresh_computes_the_graph_again_in_place() -> None:
    a, b = Value(2.0), Value(-3.0)
    c = a * b
    d = c + a
    a.data = 10.0
    refresh(d)
    assert (c.data, d.data) == (-30.0, -20.0)
    d.backward()
    assert grads(a, b) == [-2.0, 10.0]
    (slope,) = gradients(d, [a], create_graph=True)
    assert slope.data == -2.0


def test_refresh_takes_back_edits_of_intermediates() -> None:
    a = Value(2.0)
    c = a * 3
    c.data = 100.0
    refresh(c)
    assert c.data == 6.0


@pytest.mark.parametrize(
    ("last", "error"), [(lambda c: c.log(), DomainError), (broken, NoForwardRuleError)]
)
def test_a_refresh_that_fails_leaves_the_graph_as_it_was(
    last: Callable[[Value], Value], error: type[Exception]
) -> None:
    a = Value(2.0)
    c = a * 3
    out = last(c)
    before = (c.data, c.record, out.data, out.record)
    a.data = -2.0
    with pytest.raises(error):
        refresh(out)
    assert (c.data, c.record, out.data, out.record) == before
    assert a.data == -2.0


def test_refresh_of_a_leaf_keeps_its_data() -> None:
    a = Value(2.0)
    a.data = 3.0
    refresh(a)
    assert a.data == 3.0


# -- stale gradients ---------------------------------------------------------------------------


def stale(*nodes: Value) -> list[bool]:
    return [node.grad_is_stale for node in nodes]


def refreshed() -> tuple[Value, Value, Value, Value]:
    """Return a, b, c = a*b and d = c + a after a backward pass and a refresh."""
    a, b = Value(2.0, label="a"), Value(-3.0)
    c = a * b
    d = c + a
    d.backward()
    assert stale(a, b, c, d) == [False] * 4
    a.data = 10.0
    refresh(d)
    return a, b, c, d


def test_after_a_refresh_the_gradients_that_are_there_are_stale_and_the_same() -> None:
    a, b, c, d = refreshed()
    assert stale(a, b, c, d) == [True] * 4
    assert grads(a, b, c, d) == [-2.0, 2.0, 1.0, 1.0]
    assert all(node.has_grad for node in (a, b, c, d))
    assert repr(a) == "Value(10.0, label='a', grad=-2.0)"
    refresh(d)
    assert stale(a, b, c, d) == [True] * 4
    assert grads(a, b, c, d) == [-2.0, 2.0, 1.0, 1.0]


def test_what_has_no_gradient_is_not_stale() -> None:
    a = Value(2.0)
    b = a * 3
    refresh(b)
    assert stale(a, b) == [False, False]
    assert not a.has_grad


def test_a_backward_pass_makes_gradients_fresh_and_leaves_gather() -> None:
    a, b, c, d = refreshed()
    d.backward()
    assert stale(a, b, c, d) == [False] * 4
    assert grads(a, b, c, d) == [-4.0, 12.0, 1.0, 1.0]


def test_a_backward_pass_of_a_part_makes_that_part_fresh() -> None:
    a, b, c, d = refreshed()
    c.backward()
    assert stale(a, b, c, d) == [False, False, False, True]
    e, f = Value(1.0), d * 2
    (e + f).backward()
    refresh(f)
    assert stale(e, f, d) == [False, True, True]


def test_zero_grad_and_an_assignment_end_staleness() -> None:
    a, b, _, d = refreshed()
    b.grad = 7.0
    assert stale(a, b) == [True, False]
    zero_grad(d)
    assert stale(a, b, d) == [False] * 3
    assert not a.has_grad


def test_a_pass_that_raises_leaves_stale_gradients_as_they_were() -> None:
    a, *_, d = refreshed()
    with pytest.raises(ArithmeticError, match="this rule is broken"):
        broken(d).backward()
    assert stale(a, d) == [True, True]
    assert grads(a, d) == [-2.0, 1.0]


@pytest.mark.parametrize("number", [2, Fraction(2, 3)])
def test_exact_gradients_stay_exact_when_stale(number: int | Fraction) -> None:
    a = Value(number)
    square = a * a
    square.backward()
    refresh(square)
    assert (type(a.grad), a.grad, a.grad_is_stale) == (type(number), 2 * number, True)
    square.backward()
    assert (type(a.grad), a.grad, a.grad_is_stale) == (type(number), 4 * number, False)


@pytest.mark.parametrize("twin_of", [copy.deepcopy, lambda v: pickle.loads(pickle.dumps(v))])
def test_a_copy_is_as_stale(twin_of: Callable[[Value], Value]) -> None:
    *_, d = refreshed()
    twin = topological_order(twin_of(d))
    assert stale(*twin) == [True] * 4
    assert grads(*twin) == grads(*topological_order(d))
