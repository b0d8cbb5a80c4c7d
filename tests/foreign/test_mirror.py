"""Stepper, explain and the lesson page on engines that are not ours."""

import copy
import math
import pickle
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from autograd import (
    Stepper,
    Value,
    compare_algorithms,
    derivation,
    draw,
    explain,
    formula,
    lesson,
    tree,
)
from autograd.errors import NotAGraphError
from autograd.foreign.mirror import as_value
from demos.class_repository.engine import Value as Student


class Node:
    """A node with no more than the attributes given."""

    def __init__(self, data: Any, parents: Any = (), op: str = "", **attributes: Any) -> None:
        self.data, self.parents, self.op, self.grad = data, parents, op, 0.0
        vars(self).update(attributes)


class Slotted:
    """As in microgpt: operands and local derivatives, no operation."""

    __slots__ = ("_children", "_local_grads", "data", "grad")

    def __init__(
        self, data: float, children: Sequence[Any] = (), local_grads: Sequence[float] = ()
    ) -> None:
        self.data, self.grad = data, 0
        self._children, self._local_grads = children, local_grads

    def __add__(self, other: "Slotted") -> "Slotted":
        return Slotted(self.data + other.data, (self, other), (1, 1))

    def __mul__(self, other: "Slotted") -> "Slotted":
        return Slotted(self.data * other.data, (self, other), (other.data, self.data))


def micrograd(data: float) -> Any:
    engine = pytest.importorskip("micrograd.engine", reason="extra `race`")
    return engine.Value(data)


ENGINES = [pytest.param(micrograd, marks=pytest.mark.race), Slotted, Student]


@pytest.mark.parametrize("engine", ENGINES)
def test_steps_give_the_gradients_that_the_engine_should_give(engine: Callable[..., Any]) -> None:
    def build(make: Callable[[float], Any]) -> tuple[Any, list[Any]]:
        a, b = make(2.0), make(-3.0)
        c = a * b + a
        return c * c + b, [a, b, c]

    output, nodes = build(engine)
    expected, values = build(Value)
    expected.backward()
    steps = Stepper(output)
    steps.run()
    assert [node.grad for node in nodes] == [value.grad for value in values]
    steps.reset()
    assert [node.grad for node in nodes] == [0, 0, 0]
    for node, value in zip(nodes, values, strict=True):
        assert explain(output, node).gradient == value.grad


@pytest.mark.race
def test_steps_of_micrograd_read_as_ours(tmp_path: Path) -> None:
    a, b = micrograd(2.0), micrograd(-3.0)
    y = (a * b + a**2).relu()
    steps, told = Stepper(y), [repr(explain(y, a)), *map(repr, Stepper(y))]
    assert len(steps.picture.scene.boxes) == 7
    assert "a lesson of" in lesson(y, tmp_path / "page.html")
    a, b = Value(2.0), Value(-3.0)
    y = (a * b + a**2).relu()
    assert told == [repr(explain(y, a)), *map(repr, Stepper(y))]


@pytest.mark.race
def test_the_live_gradients_are_those_of_the_engine() -> None:
    a = micrograd(3.0)
    square = a * a
    a.grad = 5.0
    steps = Stepper(square)
    steps.run()
    assert (a.grad, square.grad) == (6.0, 1.0)
    steps.reset()
    assert (a.grad, square.grad) == (5.0, 0)
    Stepper(square, accumulate=True).run()
    assert a.grad == 11.0


def test_a_grad_of_none_is_no_gradient_yet() -> None:
    x = Node(2.0)
    y = Node(8.0, (x,), "**3")
    x.grad = y.grad = None
    steps = Stepper(y)
    steps.run()
    assert (x.grad, y.grad) == (12.0, 1.0)
    steps.reset()
    assert (x.grad, y.grad) == (None, None)


@pytest.mark.parametrize(
    ("op", "data", "operands", "expected"),
    [
        ("+", 5.0, (2.0, 3.0), (1, 1)),
        ("add", 5.0, (2.0, 3.0), (1, 1)),
        ("-", -1.0, (2.0, 3.0), (1, -1)),
        ("/", 0.5, (1.0, 2.0), (0.5, -0.25)),
        ("**", 8.0, (2.0, 3.0), (12.0, 8.0 * math.log(2.0))),
        ("^3", 8.0, (2.0,), (12.0,)),
        ("**-1", 0.5, (2.0,), (-0.25,)),
        ("** 0.5", 2.0, (4.0,), (0.25,)),
        ("ReLU", 0.0, (-2.0,), (0,)),
        ("tanh", (math.e**2 - 1) / (math.e**2 + 1), (1.0,), (1 - math.tanh(1.0) ** 2,)),
        ("Sigmoid", 0.5, (0.0,), (0.25,)),
        ("sub", -1.0, (2.0, 3.0), (1, -1)),
        ("div", 0.5, (1.0, 2.0), (0.5, -0.25)),
        ("truediv", 0.5, (1.0, 2.0), (0.5, -0.25)),
        ("pow", 8.0, (2.0, 3.0), (12.0, 8.0 * math.log(2.0))),
        ("^", 8.0, (2.0, 3.0), (12.0, 8.0 * math.log(2.0))),
        ("max", 3.0, (2.0, 3.0), (0, 1)),
        ("min", 2.0, (2.0, 3.0), (1, 0)),
        ("+", math.nan, (math.nan, 1.0), (1, 1)),
        ("*", math.inf, (math.inf, 2.0), (2.0, math.inf)),
        ("sum", 6.0, (1.0, 2.0, 3.0), (1, 1, 1)),
        ("mul", Fraction(1, 6), (Fraction(1, 2), Fraction(1, 3)), (Fraction(1, 3), Fraction(1, 2))),
    ],
)
def test_an_operation_of_the_table_is_known_by_its_name(
    op: str, data: Any, operands: Sequence[Any], expected: Sequence[Any]
) -> None:
    parents = [Node(operand) for operand in operands]
    value = as_value(Node(data, parents, op))
    assert value.local_derivatives[: len(expected)] == pytest.approx(expected)


def test_the_operands_of_a_set_come_in_the_order_that_gives_the_data() -> None:
    for two, five in (("u", "v"), ("v", "u")):
        x, y = Node(2.0, label=two), Node(5.0, label=five)
        assert explain(Node(0.4, {x, y}, "/"), x).gradient == pytest.approx(0.2)
        assert explain(Node(3.0, {x, y}, "-"), x).gradient == -1


def test_pictures_and_text_have_the_operands_of_a_set_in_that_order_too() -> None:
    x, y = Node(3.0), Node(2.0)
    z = Node(1.0, {x, y}, "-")
    w = Node(9.0, {y, x}, "**")
    assert (formula(z), formula(w)) == ("x - y", "x**y")
    assert explain(Node(1.0, {y, x}, "sub"), x).gradient == 1
    assert [box.title for box in draw(z).scene.boxes] == ["x", "y", "z = x − y"]


@pytest.mark.parametrize(
    ("op", "count", "written"),
    [
        ("*", 2, "(a + b)*b"),
        ("dot", 3, "(a + b)*b + c"),
        ("maximum", 2, "maximum(a + b, b)"),
        ("neg", 1, "-(a + b)"),
        ("-", 1, "-(a + b)"),
        ("**2", 1, "(a + b)**2"),
        ("**-1", 1, "(a + b)**-1"),
        ("**0.5", 1, "(a + b)**0.5"),
        ("**1e-05", 1, "(a + b)**1e-05"),
        ("^2", 1, "(a + b)**2"),
        ("pow2", 1, "(a + b)**2"),
        ("ReLU", 1, "ReLU(a + b)"),
        ("+", 3, "+(a + b, b, c)"),
        ("tanh", 2, "tanh(a + b, b)"),
        ("", 2, "?(a + b, b)"),
    ],
)
def test_a_node_is_written_like_our_operation_of_exactly_its_name(
    op: str, count: int, written: str
) -> None:
    a, b, c = (
        Node(number, label=label) for number, label in zip((2.0, 3.0, 5.0), "abc", strict=True)
    )
    operands = (Node(5.0, (a, b), "+"), b, c)[:count]
    assert formula(Node(1.0, operands, op)) == written


@pytest.mark.parametrize(
    ("op", "data", "local"),
    [
        ("-", -4.0, -1.0),
        ("+", 4.0, 1.0),
        ("**2", 16.0, 8.0),
        ("^2", 16.0, 8.0),
        ("pow2", 16.0, 8.0),
        ("**0.5", 2.0, 0.25),
        ("**-1", 0.25, -0.0625),
        ("**5e-1", 2.0, 0.25),
        ("**1e-05", 4.0**1e-05, 1e-05 * 4.0 ** (1e-05 - 1)),
    ],
)
def test_what_is_drawn_as_our_operation_is_stepped_as_it_too(
    op: str, data: float, local: float
) -> None:
    x = Node(4.0, label="x")
    node = Node(data, (x,), op)
    assert explain(node, x).gradient == pytest.approx(local, rel=1e-12)


def test_a_node_with_local_derivatives_of_its_own_is_written_so_too_but_with_its_numbers() -> None:
    a, b = Node(2.0, label="a"), Node(-3.0, label="b")
    wrong = Node(-6.0, (a, b), "*", local_derivatives=(2.0, -3.0))  # they are the other way round
    told = [repr(step) for step in Stepper(wrong)]
    assert told[0] == "[1/4] forward: wrong = a*b = 2.0 × (-3.0) = -6.0"
    assert "a.grad += wrong.grad × ∂wrong/∂a = 1.0 × 2.0 = 2.0" in told[2]


def test_a_step_keeps_the_name_of_an_operation_with_more_operands_than_ours() -> None:
    x, y = Node(2.0, label="x"), Node(3.0, label="y")
    product = Node(12.0, (x, y, x), "*", local_derivatives=(6.0, 4.0, 6.0))
    told = repr(next(Stepper(product, names={"n": product})))
    assert told == "[1/5] forward: n = *(x, y, x) = *(2.0, 3.0, 2.0) = 12.0"


def test_an_edge_that_a_set_has_forgotten_is_drawn_with_a_remark() -> None:
    x = Node(3.0)
    y = Node(9.0, {x}, "*")
    remark = "a set of parents holds x once for x*x: both edges are drawn"
    assert draw(y).scene.caption == remark
    assert remark in tree(y)
    assert remark not in tree(Node(9.0, (x, x), "*"))


def test_the_title_of_a_lesson_is_the_formula(tmp_path: Path) -> None:
    x, y = Node(3.0), Node(-2.0)
    z = Node(5.0, (x, y), "-")
    lesson(z, tmp_path / "page.html")
    assert "<title>z = x − y</title>" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_a_repeated_parent_is_two_edges_also_in_a_set() -> None:
    x = Node(3.0)
    assert explain(Node(9.0, {x}, "*"), x).gradient == 6.0
    assert explain(Node(9.0, [x, x], "*"), x).gradient == 6.0


def test_its_own_local_derivatives_go_before_ours() -> None:
    x = Node(3.0)
    wrong = Node(9.0, (x, x), "*", local_derivatives=(1.0, 1.0))
    assert explain(wrong, x).gradient == 2.0
    right = Node(9.0, (x, x), "*", local_derivatives=(3.0, 3.0))
    assert "∂y/∂x₁ = x = 3.0" in repr(explain(right, x, names={"x": x, "y": right}))


def test_a_number_among_the_parents_is_a_constant() -> None:
    x = Node(2.0)
    assert explain(Node(6.0, (x, 3), "*"), x).gradient == 3


def test_algorithms_and_derivation_take_them_too() -> None:
    x = Node(3.0)
    y = Node(9.0, (x, x), "*")
    assert "= for +=" in repr(compare_algorithms(y))
    assert r"x \cdot x" in derivation(y)


@pytest.mark.parametrize(
    ("node", "message"),
    [
        (Node(7.0, (Node(2.0), Node(3.0)), "*"), r"its data 7.0 is not \* of \(2.0, 3.0\)"),
        (
            Node(7.0, (Node(2.0),), "frob"),
            "its op 'frob' is not an operation of ours.*Give each node",
        ),
        (Node(7.0, (Node(2.0),), "**2"), r"its data 7.0 is not \*\*2 of \(2.0\)"),
        (Node(7.0, (Node(2.0),)), "no op that names its operation.*local_derivatives, a tuple"),
        (Node(7.0, (Node(-2.0),), "log"), r"its data 7.0 is not log of \(-2.0\)"),
        (Node(7.0, (Node(2.0),), label="c"), r"c \(data = 7.0\) has no local derivatives"),
        (Node("7"), "data of Node: '7' is a str, not a number"),
        (Node(None), "data of Node: None"),
        (Node(1.0, grad="x"), "grad of Node: 'x' is a str"),
        (Node(4.0, (Node(2.0),), local_derivatives=(1.0, 2.0)), "has 2 local_derivatives for 1"),
        (Node(4.0, (Node(2.0),), local_derivatives=("1",)), "local_derivatives of Node: '1'"),
        (Node(4.0, {Node(2.0), Node(3.0)}, local_derivatives=(1.0, 2.0)), "a set, which has no or"),
    ],
)
def test_what_is_missing_is_said(node: Node, message: str) -> None:
    for view in (Stepper, lambda output: explain(output, output), derivation, compare_algorithms):
        with pytest.raises(NotAGraphError, match=message):
            view(node)


def test_nothing_is_written_where_something_is_missing(tmp_path: Path) -> None:
    with pytest.raises(NotAGraphError):
        lesson(Node(7.0, (Node(2.0),)), tmp_path / "page.html")
    assert not list(tmp_path.iterdir())


def test_a_cycle_is_drawn_with_a_remark_and_not_stepped() -> None:
    a = Node(1.0)
    b = Node(2.0, [a], "+")
    a.parents = [b]
    remark = "this graph has a cycle: one edge of it leads backwards"
    assert draw(b).scene.caption == remark
    assert remark in tree(b)
    assert remark in formula(b)
    with pytest.raises(NotAGraphError, match="depends on itself: the graph has a cycle"):
        Stepper(b)


def test_explain_knows_nodes_that_are_not_in_the_graph() -> None:
    x, stranger = Node(2.0), Node(1.0)
    y = Node(4.0, (x, x), "+")
    assert "y does not depend on stranger" in repr(explain(y, stranger))
    with pytest.raises(TypeError, match="3 is of type int"):
        explain(y, 3)  # type: ignore[arg-type]


def test_ten_thousand_nodes_deep() -> None:
    x = y = Node(1.0)
    for _ in range(10_000):
        y = Node(y.data + 1.0, (y, Node(1.0)), "+")
    Stepper(y).run()
    assert x.grad == 1.0


def test_copies_are_refused() -> None:
    value = as_value(Node(1.0))
    for copied in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError, match="copy or pickle that one"):
            copied(value)
