"""Large graphs, what they leave in memory, and graphs in threads."""

import gc
import inspect
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from autograd import (
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
from tests.engine.random_graphs import broken, grads, random_graph

# -- size --------------------------------------------------------------------------------------


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


CHAIN_OF_VALUES = """
def chain():
    last = Value(1.0)
    for _ in range(20_000):
        last = -last
    return last
"""
CHAIN_OF_FOREIGN_NODES = """
things = [SimpleNamespace(data=1.0, parents=())]
for _ in range(20_000):
    things.append(SimpleNamespace(data=1.0, parents=(things[-1],)))
def chain():
    return as_graph(things[-1])
"""


@pytest.mark.parametrize("chain", [CHAIN_OF_VALUES, CHAIN_OF_FOREIGN_NODES], ids=["ours", "theirs"])
def test_a_chain_is_freed_in_a_thread_with_a_small_stack(chain: str) -> None:
    program = f"""
import os
import threading
from types import SimpleNamespace
from autograd import Value
from autograd.foreign import as_graph
{chain}
def work():
    last = chain()
    del last
    print("freed", flush=True)
threading.stack_size(64 * 1024)
thread = threading.Thread(target=work)
thread.start()
thread.join()
os._exit(0)  # things of somebody else are freed as deep as Python likes
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


# -- memory ------------------------------------------------------------------------------------


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


# -- threads -----------------------------------------------------------------------------------


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
