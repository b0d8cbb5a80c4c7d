"""The worksheet of an evaluation trace: what it asks, and its solutions against reverse mode."""

import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from autograd import Value, detach, gradients, log, sin, worksheet
from autograd.graph import refresh, topological_order
from autograd.wording import show_number
from tests.show.pages.sheets.five_graphs import FIVE
from tests.show.pages.sheets.reading import LINE, Page, leaves, named, printed, written


def survey() -> Value:
    """Return the example of Baydin et al. (2018), tables 2 and 3."""
    x1, x2 = leaves(x1=2.0, x2=5.0)
    return named(log(x1) + x1 * x2 - sin(x2), "y")


def square() -> Value:
    a, b = leaves(a=2.0, b=-3.0)
    return named(a * b + a, "L")


def fractions() -> Value:
    x, y = leaves(x=Fraction(1, 3), y=2)
    return named(x**2 / (y + 1))


GRAPHS: dict[str, tuple[Callable[[], Value], str]] = {
    "survey": (survey, "x1"), "a node used twice": (square, "a"), "fractions": (fractions, "x"),
    "neuron": (FIVE["neuron"], "w1"), "softmax": (FIVE["softmax"], "z0"),
    "mlp": (FIVE["mlp"], "x0"), "rnn": (FIVE["rnn"], "w"),
}  # fmt: skip
every_graph = pytest.mark.parametrize(("build", "wrt"), GRAPHS.values(), ids=GRAPHS.keys())


def labelled(output: Value, label: str) -> Value:
    (node,) = [node for node in topological_order(output) if node.label == label]
    return node


def short(label: str) -> str:
    return label.replace("layer", "l").replace("neuron", "n")


def sheets(build: Callable[[], Value], wrt: str, folder: Path, **options: Any) -> list[Page]:
    output = build()
    return written(output, folder, wrt=labelled(output, wrt), **options)


def rows_of(pages: list[Page], kind: str) -> list[list[str]]:
    return [row for page in pages if page.kind == kind for row in page.rows]


def test_the_solutions_of_the_survey_with_its_own_numbers(tmp_path):
    _, solutions = sheets(survey, "x1", tmp_path, seed=None)
    assert solutions.rows == [
        ["x1", "2.0", "1.0", "1.0 × 5.0 + 1.0 × 0.5 = 5.5"],
        ["v1 = log(x1)", "≈0.6931", "1.0 × 0.5 = 0.5", "1.0 × 1.0 = 1.0"],
        ["x2", "5.0", "–", "(-1.0) × 0.2837 + 1.0 × 2.0 ≈ 1.716"],
        ["v2 = x1*x2", "10.0", "1.0 × 5.0 = 5.0", "1.0 × 1.0 = 1.0"],
        ["v3 = v1 + v2", "≈10.69", "0.5 × 1.0 + 5.0 × 1.0 = 5.5", "1.0 × 1.0 = 1.0"],
        ["v4 = sin(x2)", "≈-0.9589", "–", "1.0 × (-1.0) = -1.0"],
        ["y = v3 - v4", "≈11.65", "5.5 × 1.0 = 5.5", "1.0"],
    ]
    assert solutions.forward[-2:] == ["∂v1/∂x1 = 1/x1 = 0.5", "∂v4/∂x2 = cos(x2) ≈ 0.2837"]


def test_on_the_exercise_tangents_and_adjoints_are_blank_and_on_demand_primals(tmp_path):
    given, *_ = sheets(square, "a", tmp_path, seed=None)
    assert given.rows == [
        ["a", "2.0", LINE, LINE],
        ["b", "-3.0", "–", LINE],
        ["v1 = a*b", "-6.0", LINE, LINE],
        ["L = v1 + a", "-4.0", LINE, LINE],
    ]
    blank, *_ = sheets(square, "a", tmp_path, seed=None, blank="all")
    assert [row[1] for row in blank.rows] == ["2.0", "-3.0", LINE, LINE]
    assert sorted(blank.boxes_of_data()) == ["-3.0", "2.0", LINE, LINE]


def test_the_tasks_name_where_tangents_and_adjoints_start(tmp_path):
    exercise, _ = sheets(square, "a", tmp_path, blank="all")
    tasks = [exercise.read(task) for task in exercise.root.findall(".//ol/li")]
    assert [task.split()[0] for task in tasks] == [
        "Primals,", "Local", "Tangents,", "Adjoints,", "Compare:",
    ]  # fmt: skip
    assert "1 for a." in tasks[2]
    assert "1 for L." in tasks[3]
    assert tasks[4].endswith("∂L/∂a.")


@pytest.mark.parametrize("seed", [None, 0, 1, "Ada"])
@every_graph
def test_the_solutions_are_the_numbers_of_reverse_mode(tmp_path, build, wrt, seed):
    output = build()
    pages = sheets(build, wrt, tmp_path, seed=seed, digits=17)
    given = {name: number for page in pages for name, number in page.given.items()}
    nodes = [node for node in topological_order(output) if not node.is_constant]
    for node in nodes:
        if not node.parents:
            node.data = type(node.data)(given[short(node.label)])
    refresh(output)
    moving, adjoints = labelled(output, wrt), gradients(output, nodes)
    rows = rows_of(pages, "solutions")
    for row, node, adjoint in zip(rows, nodes, adjoints, strict=True):
        primal, tangent, last = row[-3:]
        assert primal.lstrip("≈") == show_number(node.data, 17).lstrip("≈")
        assert number_in(last) == pytest.approx(float(adjoint), rel=1e-9)
        slope = gradients(node, [moving])[0] if moving in topological_order(node) else None
        assert (tangent == "–") == (slope is None)
        if slope is not None:
            assert number_in(tangent) == pytest.approx(float(slope), rel=1e-9)


@every_graph
def test_the_arithmetic_of_the_solutions_comes_to_its_result(tmp_path, build, wrt):
    rows = rows_of(sheets(build, wrt, tmp_path, digits=12), "solutions")
    told = [cell for row in rows for cell in row[-2:] if " × " in cell]
    assert len(told) >= 4
    for cell in told:
        left, result = re.split(" [=≈] ", cell)
        assert eval(left.replace("×", "*")) == pytest.approx(number_in(result), rel=1e-6)


def number_in(cell: str) -> float:
    """Return the last number of a cell, a fraction too."""
    return float(Fraction(re.split("[=≈] ?", cell)[-1]))


@every_graph
@pytest.mark.parametrize("seed", range(5))
def test_the_numbers_can_be_done_by_hand(tmp_path, build, wrt, seed):
    for row in rows_of(sheets(build, wrt, tmp_path, seed=seed), "solutions"):
        for cell in row[-3:]:
            if cell != "–":
                assert abs(number_in(cell)) <= 1000
                assert number_in(cell) == 0 or abs(number_in(cell)) >= 0.001


def test_what_is_cut_off_does_not_move(tmp_path):
    x = Value(3.0, label="x")
    rows = rows_of(written(named(x * detach(x)), tmp_path, wrt=x, seed=None), "solutions")
    assert [row[-2] for row in rows] == ["1.0", "1.0 × 0.0 = 0.0", "1.0 × 3.0 + 0.0 × 3.0 = 3.0"]


def test_a_wrt_that_is_no_input_is_refused_and_nothing_is_written(tmp_path):
    output = square()
    with pytest.raises(ValueError, match="is not one of what the output depends on"):
        worksheet(output, tmp_path / "sheet.html", wrt=Value(1.0))
    with pytest.raises(TypeError, match=r"wrt is a Value, as in wrt=x; 'a' is a str"):
        worksheet(output, tmp_path / "sheet.html", wrt="a")
    assert list(tmp_path.iterdir()) == []


def test_the_name_of_a_parameter_is_shortened_there_too(tmp_path):
    output = FIVE["mlp"]()
    rows = rows_of(written(output, tmp_path, wrt=labelled(output, "layer0.neuron0.b")), "exercise")
    assert ["l0.n0.b", LINE, LINE] in [[name, *blanks] for name, _, *blanks in rows]


@every_graph
def test_it_prints_on_as_many_pages_as_it_has(browser, tmp_path, build, wrt):
    pages = sheets(build, wrt, tmp_path, blank="all", seed=range(2))
    assert len(printed(browser, tmp_path / "sheet.html")) == len(pages)
