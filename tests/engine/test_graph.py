"""The graph and the backward pass: the traps, what stays as it was, and how far it scales."""

import copy
import gc
import inspect
import math
import pickle
import random
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import pytest

from autograd import (
    DomainError,
    NoForwardRuleError,
    StaleGraphError,
    Value,
    dot,
    first_nonfinite,
    gradients,
    mean,
    refresh,
    tanh,
    total,
    zero_grad,
)
from autograd.graph import topological_order


def grads(*nodes: Value) -> list[Any]:
    return [node.grad for node in nodes]


def random_graph(seed: int) -> tuple[list[Value], Value]:
    """Return the leaves and the output of a graph with many shared nodes."""
    rng = random.Random(seed)
    leaves = [Value(rng.uniform(-2.0, 2.0)) for _ in range(4)]
    nodes = list(leaves)
    for _ in range(30):
        a, b = rng.choice(nodes), rng.choice(nodes)
        nodes.append(
            rng.choice([a + b, a * b, a - b, tanh(a), a * 0.5, b.sigmoid(), dot([a], [b])])
        )
    return leaves, tanh(total(nodes[-6:]))


def broken(x: Value) -> Value:
    """Return a node whose rule raises."""

    def rule(out: Any, operand: Any) -> Any:
        raise ArithmeticError("this rule is broken")

    return Value(x.data, parents=(x,), local_derivatives=rule, op="broken")


# -- topological order ---------------------------------------------------------------------------


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
    _, output = random_graph(0)
    assert topological_order(output) == topological_order(output)


# -- the chain rule ------------------------------------------------------------------------------


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


# -- a second pass -------------------------------------------------------------------------------


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
    zero_grad(c)  # again is no error


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


# -- edits after the forward pass ----------------------------------------------------------------


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


# -- stale gradients -----------------------------------------------------------------------------


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


# -- gradients -----------------------------------------------------------------------------------


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


# -- the first bad node --------------------------------------------------------------------------


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


def test_first_nonfinite_is_none_where_all_is_well() -> None:
    assert first_nonfinite(tanh(Value(1e308)) + 1) is None
    assert first_nonfinite(Value(10**400) * 2) is None  # too large for a float, yet finite


# -- size ----------------------------------------------------------------------------------------


def test_the_doubling_ladder_is_done_at_once() -> None:
    x = u = Value(1.0)
    for _ in range(50):
        u = u + u
    u.backward()
    assert u.data == x.grad == 2.0**50


@pytest.mark.slow
def test_a_chain_of_a_million_nodes_is_built_differentiated_shown_and_freed() -> None:
    first = last = Value(1.0)
    for _ in range(1_000_000):
        last = -last
    last.backward()
    assert (last.data, first.grad) == (1.0, 1.0)
    assert repr(last) == "Value(1.0, grad=1.0)"
    del last  # recursion here would end the process
    assert repr(first) == "Value(1.0, grad=1.0)"


def test_a_chain_is_freed_in_a_thread_with_a_small_stack() -> None:
    program = """
import threading
from autograd import Value
def work():
    last = Value(1.0)
    for _ in range(20_000):
        last = -last
    del last
    print("freed")
threading.stack_size(64 * 1024)
thread = threading.Thread(target=work)
thread.start()
thread.join()
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "freed\n"), done.stderr


@pytest.mark.parametrize("expanded", [False, True])
def test_a_fan_in_of_100_000(expanded: bool) -> None:
    leaves = [Value(1.0) for _ in range(100_000)]
    output = total(leaves, expanded=expanded)
    output.backward()
    assert output.data == 100_000.0
    assert all(leaf.grad == 1.0 for leaf in leaves)


def test_a_fan_out_of_100_000() -> None:
    x = Value(1.0)
    total([x * 2.0 for _ in range(100_000)]).backward()
    assert x.grad == 200_000.0


PASSES: dict[str, Callable[[Value, Value], Any]] = {
    "backward": lambda first, last: last.backward(),
    "refresh": lambda first, last: refresh(last),
    "first_nonfinite": lambda first, last: first_nonfinite(last),
    "zero_grad": lambda first, last: zero_grad(last),
    "gradients": lambda first, last: gradients(last, [first]),
    "create_graph": lambda first, last: gradients(last, [first], create_graph=True),
}


@pytest.mark.parametrize("walk", PASSES.values(), ids=PASSES)
def test_no_pass_recurses(walk: Callable[[Value, Value], Any]) -> None:
    first = last = Value(1.0)
    for _ in range(2_000):
        last = last.sin()
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack()) + 60)
    try:
        walk(first, last)
    finally:
        sys.setrecursionlimit(limit)


# -- memory --------------------------------------------------------------------------------------


@pytest.fixture
def no_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def one_pass(x: Value, y: Value) -> None:
    loss = tanh(total([x * y + 1, dot([x, y], [y, 2.0], x), mean([x, y])]) ** 2)
    loss.backward()


def a_gradient_graph(x: Value, y: Value) -> None:
    slopes = gradients(tanh(x * y + x) * x, [x, y], create_graph=True)
    gradients(slopes[0], [x, y])


def a_failed_pass(x: Value, y: Value) -> None:
    with pytest.raises(ArithmeticError):
        (broken(x * y) + x).backward()


def a_failed_gradient_graph(x: Value, y: Value) -> None:
    with pytest.raises(ArithmeticError):
        gradients(broken(x * y) * tanh(x), [x], create_graph=True)


def a_refreshed_graph(x: Value, y: Value) -> None:
    out = tanh(x * y)
    refresh(out)
    first_nonfinite(out)
    zero_grad(out)


@pytest.mark.parametrize(
    "work",
    [one_pass, a_gradient_graph, a_failed_pass, a_failed_gradient_graph, a_refreshed_graph],
)
@pytest.mark.usefixtures("no_collector")
def test_a_graph_is_freed_without_the_collector_when_its_output_is_dropped(
    work: Callable[[Value, Value], None],
) -> None:
    x, y = Value(0.5), Value(-0.25)
    work(x, y)  # fills caches
    gc.collect()
    before = len(gc.get_objects())
    for _ in range(100):
        work(x, y)
    assert len(gc.get_objects()) - before < 100


# -- threads -------------------------------------------------------------------------------------


@pytest.fixture
def restless() -> Iterator[None]:
    """Let threads change places as often as they can."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


def in_threads(*tasks: Callable[[], Any]) -> list[Any]:
    """Run the tasks at the same time and return their results; raise the first exception."""
    results: list[Any] = [None] * len(tasks)
    errors: list[BaseException] = []
    start = threading.Barrier(len(tasks))

    def run(k: int) -> None:
        try:
            start.wait()
            results[k] = tasks[k]()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(k,)) for k in range(len(tasks))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return results


@pytest.mark.usefixtures("restless")
def test_independent_graphs_in_two_threads() -> None:
    def task(seed: int) -> list[Any]:
        gathered = []
        for k in range(40):
            leaves, output = random_graph(seed + k)
            output.backward()
            gathered.append(grads(*leaves))
        return gathered

    assert in_threads(lambda: task(0), lambda: task(1000)) == [task(0), task(1000)]


@pytest.mark.parametrize("create_graph", [False, True])
@pytest.mark.usefixtures("restless")
def test_gradients_of_graphs_that_share_leaves_in_two_threads(create_graph: bool) -> None:
    leaves = [Value(0.1 * k) for k in range(1, 40)]

    def task(scale: float) -> set[tuple[float, ...]]:
        seen = set()
        for _ in range(60):
            output = total([tanh(leaf * scale) for leaf in leaves])
            slopes = gradients(output, leaves, create_graph=create_graph)
            seen.add(tuple(getattr(slope, "data", slope) for slope in slopes))
        return seen

    results = in_threads(lambda: task(2.0), lambda: task(-3.0), lambda: task(5.0))
    assert results == [task(2.0), task(-3.0), task(5.0)]
    assert [len(result) for result in results] == [1, 1, 1]


def test_a_one_off_rule_may_run_a_pass_of_its_own_over_shared_leaves() -> None:
    w = Value(2.0)
    square = Value(
        4.0,
        parents=(w,),
        local_derivatives=lambda out, a: gradients(w * w, [w])[0],
        op="square",
    )
    (square + w * 5.0).backward()
    assert w.grad == 9.0
    assert gradients(w * 5.0 + square, [w]) == [9.0]


def test_a_one_off_rule_that_returns_a_value_for_numbers_is_refused() -> None:
    x = Value(2.0)
    cube = Value(8.0, parents=(x,), local_derivatives=lambda out, _: 3 * x * x, op="cube")
    with pytest.raises(TypeError, match="local_derivatives of cube returned a Value for numbers"):
        cube.backward()
    assert not x.has_grad


def test_refresh_names_the_operand_that_left_the_domain() -> None:
    p = Value(1.0, label="p")
    y = p.log()
    p.data = -1.0
    with pytest.raises(ValueError, match=r"log\(p = -1.0\)"):
        refresh(y)
    assert y.data == 0.0
