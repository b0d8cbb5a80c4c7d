"""A step as three lines, split into cells that stand below each other."""

from collections.abc import Sequence
from typing import Any

import pytest

from autograd import Value, dot, mean, relu, tanh, total
from autograd.show.story import Event, Line, Story, Teller, three_lines
from autograd.text import Typesetter
from tests.graphs import graph


def told(output: Value, k: int, **options: Any) -> tuple[Teller, Event]:
    story = Story(output, names={}, **options)
    return Teller(story.labels.written_by(Typesetter)), story.events[k]


def cells(output: Value, k: int, **options: Any) -> list[list[str]]:
    """Return what the cells of each line say at the k-th event."""
    teller, event = told(output, k, **options)
    numbers = teller.numbers_of(event)
    return [[cell.filled(numbers) for cell in line] for line in three_lines(teller, event)]


def roles(lines: Sequence[Line]) -> list[list[str]]:
    return [[cell.role for cell in line] for line in lines]


def x_and_y() -> tuple[Value, Value]:
    return Value(2.0, label="x"), Value(-3.0, label="y")


def test_a_contribution_is_told_in_symbols_by_its_formula_and_in_numbers():
    assert cells(graph()[-1], 5) == [
        ["a.grad", " += ", "c.grad", " × ", "∂c/∂a"],
        ["", " = ", "c.grad", " × ", "b"],
        ["", " = ", "1.0", " × ", "(−3.0)", " = ", "−3.0"],
    ]
    assert roles(three_lines(*told(graph()[-1], 5))) == [
        ["gradient", "sign", "gradient", "sign", "local"],
        ["empty", "sign", "gradient", "sign", "local"],
        ["empty", "sign", "gradient", "sign", "local", "sign", "gradient"],
    ]


def test_a_forward_step_is_told_in_symbols_in_numbers_and_by_its_result():
    assert cells(graph()[-1], 0) == [
        ["c", " = ", "a", " × ", "b"],
        ["", " = ", "2.0", " × ", "(−3.0)"],
        ["", " = ", "−6.0"],
    ]
    assert roles(three_lines(*told(graph()[-1], 0))) == [
        ["data", "sign", "data", "sign", "data"],
        ["empty", "sign", "data", "sign", "data"],
        ["empty", "sign", "data"],
    ]


def test_the_seed_has_no_formula():
    assert cells(graph()[-1], 2) == [["d.grad", " = ", "∂d/∂d"], [], ["", " = ", "1.0"]]
    assert cells(graph()[-1], 2, seed=-2) == [["d.grad", " = ", "seed"], [], ["", " = ", "−2.0"]]


@pytest.mark.parametrize(
    ("make", "symbols", "numbers"),
    [
        (lambda x, y: tanh(y), "tanh(¦y¦)", "tanh(¦−3.0¦)"),
        (lambda x, y: y**2, "y¦²", "(−3.0)¦²"),
        (lambda x, y: x**y, "x¦**y", "2.0¦⁻³"),
        (lambda x, y: -y, "−¦y", "−¦(−3.0)"),
        (lambda x, y: y - y, "y¦ − ¦y", "−3.0¦ − ¦(−3.0)"),
        (lambda x, y: x * 3, "x¦ × ¦3", "2.0¦ × ¦3"),
        (lambda x, y: x / y, "x¦/¦y", "2.0¦/¦(−3.0)"),
        (lambda x, y: dot([x], [y], 1), "x¦ × ¦y¦ + ¦1", "2.0¦ × ¦(−3.0)¦ + ¦1"),
        (lambda x, y: mean([x, y]), "mean([¦x¦, ¦y¦])", "mean([¦2.0¦, ¦−3.0¦])"),
        (
            lambda x, y: total([x] * 30),
            "x¦ + ¦x¦ + ¦x¦ + … + ¦x",
            "2.0¦ + ¦2.0¦ + ¦2.0¦ + … + ¦2.0",
        ),
    ],
)
def test_operands_stand_below_each_other(make, symbols, numbers):
    first, second, _ = cells(make(*x_and_y()), 0)
    assert "¦".join(first[2:]) == symbols
    assert "¦".join(second[2:]) == numbers
    assert len(first) == len(second)


def test_a_label_that_is_a_formula_stands_in_parentheses_as_a_factor():
    z = Value(2.0, label="p + q")
    assert cells(z * z, 0)[0] == ["v1", " = ", "(p + q)", " × ", "(p + q)"]


def test_a_local_derivative_that_is_a_bare_number_stands_in_both_lines():
    x, y = x_and_y()
    assert cells(x - y, -1)[1:] == [
        ["", " = ", "v1.grad", " × ", "(−1.0)"],
        ["", " = ", "1.0", " × ", "(−1.0)", " = ", "−1.0"],
    ]


def test_each_sign_says_whether_its_line_is_rounded():
    x = Value(1 / 3, label="x")
    assert [line[1] for line in cells(relu(-x), 1)] == [" = ", " ≈ ", " = "]
    assert [line[1] for line in cells(x * x * x, -1)] == [" += ", " = ", " ≈ "]
    assert cells(x * x, -1)[2][-2:] == [" ≈ ", "0.3333"]


def test_what_is_too_long_is_only_named():
    long_names = [Value(1.0, label=f"a_rather_long_label_{k}") for k in range(4)]
    assert cells(total(long_names), 0)[:2] == [
        ["v1", " = ", "total"],
        ["", " = ", "1.0", " + ", "1.0", " + ", "1.0", " + ", "1.0"],
    ]
    long_numbers = [Value(1 / 3 + k, label=f"x{k}") for k in range(4)]
    assert cells(total(long_numbers), 0, digits=17)[1] == []
