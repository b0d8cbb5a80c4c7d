"""Graphs of a student's own engine are drawn and written."""

import pytest

from autograd import (
    NotAGraphError,
    Value,
    draw,
)
from tests.drawn import Drawn
from tests.pictures import Node


class SetNode:
    """As micrograd has it: parents in a set, and no repr."""

    def __init__(self, data, children=(), op=""):
        self.data, self._prev, self._op, self.grad = data, set(children), op, 0


def test_an_engine_with_parents_is_drawn():
    x, y = Node(2.0, label="x"), Node(-3.0)
    drawn = Drawn(draw(Node(-6.0, (x, y), "*")))
    assert drawn.lines("v0") == ["x", "data 2.0", "grad –"]
    assert drawn.lines("v1") == ["y", "data −3.0", "grad –"]
    assert drawn.lines("v2") == ["x*y", "data −6.0", "grad –"]
    assert len(drawn.keys("edge")) == 2


def test_an_engine_with_plain_numbers_for_parents_is_drawn():
    drawn = Drawn(draw(Node(5.0, (Node(2.0), 3.0), "+"), names={}))
    assert drawn.kind("v1") == "node constant"
    assert drawn.lines("v1") == ["3.0"]


def test_an_engine_with_its_parents_in_a_set_is_drawn_in_order_of_data():
    sources = set()
    for numbers in [(1.0, 2.0), (2.0, 1.0)] * 5:
        leaves = {number: SetNode(number) for number in numbers}
        sources.add(draw(SetNode(3.0, leaves.values(), "+"), names={}).source)
    assert len(sources) == 1


def test_a_set_that_forgot_a_repeated_parent_still_makes_two_edges():
    assert len(Drawn(draw(SetNode(9.0, [SetNode(3.0)], "*"))).keys("edge")) == 2


@pytest.mark.race
def test_micrograd_is_drawn():
    engine = pytest.importorskip("micrograd.engine")
    a, b = engine.Value(2.0), engine.Value(-3.0)
    output = (a * b + 1) ** 2
    output.backward()
    drawn = Drawn(draw(output))
    assert drawn.lines(drawn.key_of("a")) == ["a", "data 2.0", "grad 30.0"]
    assert drawn.lines(drawn.key_of("output = **2"))[1:] == ["data 25.0", "grad 1"]


def test_a_cycle_is_drawn_and_named():
    first, second = Node(1.0, label="first"), Node(2.0, label="second")
    first.parents, second.parents = (second,), (first,)
    picture = draw(first)
    assert len(Drawn(picture).keys("edge")) == 2
    assert "this graph has a cycle" in picture.svg


@pytest.mark.parametrize(
    "thing",
    [3, 2.5, "a*b", None, [Value(1.0)], {"x": Value(1.0)}, Value, object(), len],
    ids=lambda thing: type(thing).__name__,
)
def test_what_is_no_graph_is_refused_by_its_type(thing):
    with pytest.raises(
        NotAGraphError, match=rf"of type {type(thing).__name__}\) is not a node of a graph"
    ):
        draw(thing)
