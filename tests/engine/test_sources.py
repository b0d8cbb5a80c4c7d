"""Nodes remember the line that made them, and who looks at new nodes; off, nothing is different."""

import copy
import gc
import linecache
import pickle
import threading
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograd import (
    DomainError,
    NotAGraphError,
    Value,
    dot,
    gradients,
    log,
    record_sources,
    sources_of,
    tanh,
    total,
)
from autograd import value as value_module
from autograd.making import making, making_everywhere
from nn import MLP, mse_loss


def texts(output: Value) -> list[str]:
    """Return the texts of the lines, parents before children."""
    return [line.text.strip() for line in sources_of(output).values()]


def functions() -> list[object]:
    """Return the functions that make nodes."""
    return [vars(Value)["__init__"], vars(Value)["record_operation"], value_module._binary]


PLAIN = functions()


def test_leaves_and_results_remember_their_line():
    with record_sources():
        a = Value(2.0)
        b = Value(3.0) * 2
        c = tanh(a + b)
    assert texts(c) == ["a = Value(2.0)", *["b = Value(3.0) * 2"] * 2, *["c = tanh(a + b)"] * 2]
    line = sources_of(c)[a]
    assert line.file == __file__
    assert Path(__file__).read_text("utf-8").splitlines()[line.number - 1] == line.text


@pytest.mark.parametrize(
    "make",
    [
        lambda a, b: a + b, lambda a, b: a - 1, lambda a, b: 2 / a, lambda a, b: 2**a,
        lambda a, b: -a, lambda a, b: a.tanh(), lambda a, b: total([a, b]),
        lambda a, b: dot([a, b], [b, a]), lambda a, b: sum([a, b]),
        lambda a, b: Value(8.0, parents=(a,), local_derivatives=lambda out, x: 12.0, op="cube"),
    ],
)  # fmt: skip
def test_a_node_is_seen_once_however_it_is_made(make):
    a, b = Value(2.0), Value(3.0)
    seen: list[Value] = []
    with making(seen.append):
        made = make(a, b)
    assert [node for node in seen if not node.is_constant] == [made]
    assert len(seen) == len(set(seen))


def test_what_is_made_outside_has_no_line():
    a = Value(2.0)
    with record_sources():
        b = a * 3
    c = b + 1
    assert list(sources_of(c)) == [b]


def test_every_turn_of_a_loop_has_the_line_in_it():
    x = Value(2.0)
    with record_sources():
        for _ in range(3):
            x = x * x
    assert texts(x) == ["x = x * x"] * 3


def test_a_comprehension_has_the_line_of_its_expression():
    x = Value(2.0)
    with record_sources():
        squares = [
            x * k
            for k in range(3)
        ]  # fmt: skip
        s = total(squares)
    assert texts(s) == ["x * k"] * 3 + ["s = total(squares)"]


def test_a_helper_has_its_own_line():
    def helper(x: Value) -> Value:
        return x * x

    x = Value(2.0)
    with record_sources():
        y = helper(x) + 1
    assert texts(y) == ["return x * x", "y = helper(x) + 1"]


def test_a_module_has_the_line_of_the_call():
    model = MLP(2, [2, 1], "tanh")
    with record_sources():
        prediction = model([1.0, 2.0])
        loss = mse_loss([prediction], [1.0])
    assert set(texts(loss)) == {
        "prediction = model([1.0, 2.0])",
        "loss = mse_loss([prediction], [1.0])",
    }
    with record_sources():
        model = MLP(1, [1])
    assert set(texts(model([Value(1.0)]))) == {"model = MLP(1, [1])"}


def test_a_gradient_that_is_a_graph_has_the_line_that_asked_for_it():
    x = Value(2.0)
    y = x**3
    with record_sources():
        (slope,) = gradients(y, [x], create_graph=True)
    assert set(texts(slope)) == {"(slope,) = gradients(y, [x], create_graph=True)"}


def test_recordings_nest():
    with record_sources():
        a = Value(2.0)
        with record_sources():
            b = a * 2
        c = b * 2
    assert texts(c) == ["a = Value(2.0)", "b = a * 2", "c = b * 2"]
    seen: list[Value] = []
    with record_sources(), making(seen.append):
        d = c + c
    assert seen == [d]
    assert texts(d)[-1] == "d = c + c"


def test_off_the_functions_are_the_same_objects_and_nodes_keep_nothing():
    assert functions() == PLAIN
    with record_sources():
        assert functions() != PLAIN
        with record_sources():
            pass
        assert functions() != PLAIN
    assert all(now is before for now, before in zip(functions(), PLAIN, strict=True))
    assert not hasattr(Value(1.0) * 2, "source")


def test_an_error_inside_ends_the_recording():
    with pytest.raises(DomainError, match=r"log\(a = -1.0\)"), record_sources():
        log(Value(-1.0, label="a"))
    assert functions() == PLAIN


def test_operands_that_do_not_go_together_are_refused_as_ever():
    with record_sources():
        for wrong in (lambda a: a + "2", lambda a: a * [1], lambda a: a - None):
            with pytest.raises(TypeError):
                wrong(Value(1.0))
        assert (Value(1.0) * 2).data == 2.0


def in_threads(*tasks: Callable[[], None]) -> None:
    threads = [threading.Thread(target=task) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_each_thread_records_for_itself():
    made: dict[str, Value] = {}
    first_records, second_is_done = threading.Event(), threading.Event()

    def first() -> None:
        with record_sources():
            first_records.set()
            assert second_is_done.wait(10)
            made["first"] = Value(1.0) + 1

    def second() -> None:
        assert first_records.wait(10)
        made["second"] = Value(1.0) + 1
        second_is_done.set()

    in_threads(first, second)
    assert texts(made["first"]) == ['made["first"] = Value(1.0) + 1'] * 2
    assert sources_of(made["second"]) == {}
    assert functions() == PLAIN


def test_many_threads_switch_it_on_and_off():
    wrong: list[Any] = []

    def work() -> None:
        for _ in range(200):
            with record_sources():
                a = Value(1.0) + 1
            b = Value(1.0) + 1
            if len(sources_of(a)) != 2 or sources_of(b):
                wrong.append((a, b))

    in_threads(*[work] * 4)
    assert not wrong
    assert functions() == PLAIN


def test_a_mode_for_all_threads_sees_each_node_once() -> None:
    seen: list[Value] = []
    with making_everywhere(seen.append), making(seen.append):
        in_threads(lambda: Value(1.0) + Value(2.0))
        assert [node.data for node in seen] == [1.0, 2.0, 3.0]
    assert functions() == PLAIN


class Watched(Value):
    __slots__ = ("__weakref__",)


def test_a_recording_keeps_no_graph_alive():
    gc.disable()
    try:
        with record_sources():
            x = Watched(1.0)
            y = x * 2
            gone = weakref.ref(x)
            del x, y
            assert gone() is None
    finally:
        gc.enable()


def test_a_node_of_a_subclass_has_the_line_that_calls_ours():
    class Named(Value):
        __slots__ = ("name",)

        def __init__(self, name: str, data: float) -> None:
            super().__init__(data)
            self.name = name

    with record_sources():
        n = Named("n", 2.0)
    assert texts(n * 2) == ["super().__init__(data)"]


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda c: pickle.loads(pickle.dumps(c))])
def test_copies_keep_the_lines(copied):
    with record_sources():
        c = Value(2.0) * 3
    assert list(sources_of(copied(c)).values()) == list(sources_of(c).values())


def test_lines_typed_at_a_prompt_are_those_it_keeps():
    source = "b = a * 2\nc = b + 1\n"
    linecache.cache["<a cell>"] = len(source), None, source.splitlines(keepends=True), "<a cell>"
    names = {"a": Value(2.0)}
    with record_sources():
        exec(compile(source, "<a cell>", "exec"), names)
        exec("d = a * 2", names)
    assert texts(names["c"]) == ["b = a * 2", "c = b + 1"]
    assert [(line.file, line.number, line.text) for line in sources_of(names["d"]).values()] == [
        ("<string>", 1, "")
    ]


def test_what_is_not_a_value_has_no_sources():
    with pytest.raises(NotAGraphError, match=r"^sources_of takes a Value of autograd; 3 is of"):
        sources_of(3)
