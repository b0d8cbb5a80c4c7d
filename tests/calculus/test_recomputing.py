"""detach, and recompute checkpoints: what they keep, the same bits, and what they refuse."""

import copy
import gc
import math
import random
import threading
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

import nn
from autograd import (
    NoForwardRuleError,
    StaleGraphError,
    Value,
    checkpoint,
    derivative,
    detach,
    exp,
    grad,
    gradients,
    hvp,
    jvp,
    ops,
    refresh,
    tanh,
    tree,
)
from autograd.graph import topological_order
from tests.engine.random_graphs import broken


def step(h: Any, w: Any, b: Any) -> Any:
    return tanh(w * h + b)


def steps(count: int) -> Callable[..., Any]:
    def several(h: Any, w: Any, b: Any) -> Any:
        for _ in range(count):
            h = step(h, w, b)
        return h

    return several


def chain(length: int, every: int, leaves: list[Value]) -> Value:
    """Return ``length`` steps, with a recompute checkpoint ``every`` so many; 0 for none."""
    h, w, b = leaves
    if not every:
        return steps(length)(h, w, b)
    for _ in range(length // every):
        h = checkpoint(steps(every))(h, w, b)
    return h


def three_leaves() -> list[Value]:
    return [Value(0.1), Value(0.9), Value(0.3)]


# -- detach ----------------------------------------------------------------------------------------


def test_detach_keeps_the_number_and_cuts_the_gradient() -> None:
    x = Value(3.0)
    y = x * detach(x * x)
    y.backward()
    assert (y.data, x.grad) == (27.0, 9.0)
    assert detach(2.5) == 2.5


def test_detach_is_cut_in_every_mode_and_order() -> None:
    assert jvp(lambda x: x * detach(x))([3.0], [1.0]) == (9.0, 3.0)
    assert derivative(lambda x: x * detach(x), order=2)(3.0) == 0.0
    assert hvp(lambda x: x**2 * detach(x))([3.0], [1.0]) == [6.0]
    x = Value(Fraction(1, 3))
    assert gradients(detach(x), [x]) == [0]


def test_detach_is_computed_again_by_refresh() -> None:
    x = Value(3.0)
    y = detach(x)
    x.data = 4.0
    refresh(y)
    assert y.data == 4.0


# -- the same as without ---------------------------------------------------------------------------


@pytest.mark.parametrize("every", [1, 2, 10, 60])
def test_the_gradients_are_those_without_to_the_bit(every: int) -> None:
    plain, shared = three_leaves(), three_leaves()
    chain(60, 0, plain).backward()
    output = chain(60, every, shared)
    output.backward()
    assert [leaf.grad for leaf in shared] == [leaf.grad for leaf in plain]


def test_one_node_keeps_its_inputs_only() -> None:
    leaves = three_leaves()
    output = chain(100, 10, leaves)
    nodes = topological_order(output)
    assert len(nodes) == 3 + 10
    assert output.parents[1:] == (leaves[1], leaves[2])
    assert output.op == "several"


def test_what_was_computed_on_the_way_is_freed_on_both_ways() -> None:
    leaves = three_leaves()
    output = chain(100, 10, leaves)
    output.backward()
    gc.collect()
    before = len(gc.get_objects())
    output = chain(1_000, 100, leaves)
    output.backward()
    gc.collect()
    assert len(gc.get_objects()) - before < 50


def test_it_takes_numbers_modules_and_one_value_twice() -> None:
    x = Value(0.5)
    assert gradients(checkpoint(lambda a, b: a * b)(x, 3.0), [x]) == [3.0]
    assert gradients(checkpoint(lambda a, b: a * a * b)(x, x), [x]) == [0.75]
    assert gradients(checkpoint(ops.exp)(x), [x]) == [math.exp(0.5)]
    assert gradients(checkpoint(lambda a: a)(x), [x]) == [1.0]
    assert gradients(checkpoint(lambda a: 7.0)(x), [x]) == [0.0]
    neuron = nn.Neuron(2, activation="tanh", rng=0)
    inside, outside = checkpoint(lambda a, b: neuron([a, b]))(x, x), neuron([x, x])
    wanted = [x, *neuron.parameters()]
    assert gradients(inside, wanted) == gradients(outside, wanted)


def test_what_it_closes_over_gets_its_gradient() -> None:
    w, x = Value(3.0), Value(2.0)
    inner = w * w
    y = checkpoint(lambda a: a * inner * w)(x)
    assert gradients(y, [x, w, inner]) == [27.0, 54.0, 6.0]
    assert gradients(checkpoint(lambda a: a * w)(w), [w]) == [6.0]
    assert grad(lambda w: checkpoint(lambda a: a * w)(2.0))(3.0) == 2.0


def test_it_nests() -> None:
    plain, shared = three_leaves(), three_leaves()
    chain(40, 0, plain).backward()
    h, w, b = shared
    for _ in range(4):
        h = checkpoint(lambda *given: chain(10, 5, list(given)))(h, w, b)
    h.backward()
    assert [leaf.grad for leaf in shared] == [leaf.grad for leaf in plain]
    assert len(topological_order(h)) == 3 + 4


def test_higher_derivatives_work_in_both_modes() -> None:
    f, g = steps(4), checkpoint(steps(4))
    point, direction = [0.1, 0.9, 0.3], [1.0, -2.0, 0.5]
    assert hvp(g)(point, direction) == pytest.approx(hvp(f)(point, direction), rel=1e-13)
    assert jvp(g)(point, direction) == jvp(f)(point, direction)
    cube = checkpoint(lambda x: x**3)
    assert derivative(cube, order=3)(2.0) == 6.0
    assert derivative(cube, order=3)(Fraction(1, 3)) == 6


def test_a_derivative_inside_varies_with_the_inputs() -> None:
    f = checkpoint(lambda x: x * derivative(lambda y: x * y * y)(2.0))
    assert grad(f)(3.0) == 24.0


def test_an_edit_after_the_forward_pass_changes_nothing() -> None:
    x = Value(3.0)
    y = checkpoint(lambda x: x * x)(x)
    x.data = 100.0
    assert gradients(y, [x]) == [6.0]


def test_refresh_runs_the_function_on_the_new_numbers() -> None:
    x = Value(3.0)
    y = checkpoint(lambda x: x * x)(x)
    x.data = 5.0
    refresh(y)
    assert (y.data, gradients(y, [x])) == (25.0, [10.0])


def test_a_copy_has_gradients_of_its_own() -> None:
    w, x = Value(3.0), Value(2.0)
    y = copy.deepcopy(checkpoint(lambda a: a * w)(x))
    y.backward()
    assert [parent.grad for parent in y.parents] == [3.0, 2.0]
    assert not w.has_grad


def test_views_show_it_as_one_operation_with_numbers() -> None:
    x = Value(2.0, label="x")
    y = checkpoint(lambda x: x * x * x)(x)
    assert y.local_derivatives == (12.0,)
    assert "x" in tree(y)


def test_in_threads() -> None:
    shared = three_leaves()
    found: dict[int, list[Any]] = {}

    def work(k: int) -> None:
        found[k] = [gradients(chain(20, 4 + k % 2, shared), shared) for _ in range(20)]

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expected = gradients(chain(20, 0, shared), shared)
    assert all(each == expected for k in range(4) for each in found[k])


# -- what goes wrong -------------------------------------------------------------------------------


def test_a_rule_that_raises_leaves_every_gradient_as_it_was() -> None:
    x = Value(2.0)
    (x * x).backward()
    with pytest.raises(ArithmeticError, match="this rule is broken"):
        checkpoint(lambda a: broken(a * a))(x).backward()
    assert x.grad == 4.0
    assert gradients(checkpoint(lambda a: a * x)(x), [x]) == [4.0]  # nothing is left behind


def test_a_value_that_differs_on_the_second_run_is_an_error() -> None:
    rng = random.Random(0)
    x = Value(2.0)
    noisy = checkpoint(lambda a: a * rng.random())(x)
    with pytest.raises(
        StaleGraphError, match=r"lambda gave 1\.68.*, and 1\.51.* when it ran again"
    ):
        noisy.backward()
    assert not x.has_grad


def test_an_edit_of_what_it_closes_over_is_an_error() -> None:
    w, x = Value(3.0), Value(2.0)
    y = checkpoint(lambda a: a * w)(x)
    w.data = 4.0
    with pytest.raises(StaleGraphError, match=r"gave 6\.0, and 8\.0 when it ran again"):
        y.backward()


def test_another_value_of_the_same_number_is_found_too() -> None:
    weights = [Value(3.0), Value(3.0)]
    y = checkpoint(lambda a: a * weights.pop())(Value(2.0))
    with pytest.raises(StaleGraphError, match="closed over other Values than it did"):
        y.backward()


def test_refresh_does_not_guess_what_it_closes_over() -> None:
    x = Value(3.0)
    inner = x * x
    y = checkpoint(lambda a: a * inner)(x)
    x.data = 5.0
    with pytest.raises(NoForwardRuleError, match="give it as an argument"):
        refresh(y)


@pytest.mark.parametrize(
    ("attempt", "message"),
    [
        (lambda: checkpoint(lambda a: [a, a])(Value(1.0)), "a recompute checkpoint is one node"),
        (lambda: checkpoint(exp)("1"), "'1' is a str, not a number"),
        (checkpoint(lambda: 1.0), r"checkpoint\(lambda\)\(\) has no inputs"),
    ],
)
def test_what_is_not_a_function_of_values_with_one_result(
    attempt: Callable[[], Any], message: str
) -> None:
    with pytest.raises(TypeError, match=f"^{message}"):
        attempt()
