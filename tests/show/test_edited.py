"""Data edited after the forward pass: views tell the pass that ran, and say so in one sentence."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograd import Stepper, Value, derivation, draw, explain, lesson, refresh, trace, worksheet

SAID = "This is the forward pass that ran: a = 2.0, edited to 5.0; refresh(output) runs it again."
VIEWS: dict[str, Callable[[Value, Value, Path], Any]] = {
    "trace": lambda output, a, folder: repr(trace(output, a)),
    "blank": lambda output, a, folder: trace(output, a).blank,
    "markdown": lambda output, a, folder: trace(output, a).markdown,
    "tex": lambda output, a, folder: trace(output, a).tex,
    "explain": lambda output, a, folder: repr(explain(output, a)),
    "derivation": lambda output, a, folder: derivation(output),
    "lesson": lambda output, a, folder: lesson(output, folder / "page.html"),
    "worksheet": lambda output, a, folder: worksheet(output, folder / "sheet.html", seed=None),
}


def edited() -> tuple[Value, Value]:
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    output = a * b
    a.data = 5.0
    return output, a


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_says_what_was_edited_until_the_graph_is_refreshed(
    view: str, tmp_path: Path
) -> None:
    output, a = edited()
    assert SAID in str(VIEWS[view](output, a, tmp_path))
    refresh(output)
    assert "the forward pass that ran" not in str(VIEWS[view](output, a, tmp_path))


def test_the_numbers_are_those_of_the_forward_pass_that_ran() -> None:
    output, a = edited()
    rows = {row.name: row for row in trace(output, a, names={})}
    assert (rows["a"].primal, rows["b"].adjoint, rows["v1"].primal) == (2.0, 2.0, -6.0)
    assert explain(output, output.parents[1]).gradient == 2.0


def test_pictures_pages_and_tables_mark_the_node_itself(tmp_path: Path) -> None:
    output, _ = edited()
    lesson(output, tmp_path / "page.html")
    assert "edited to 5.0" in (tmp_path / "page.html").read_text()
    assert "edited to 5.0" in draw(output).svg.replace("\N{NO-BREAK SPACE}", " ")
    assert "2.0, edited to 5.0" in Stepper(output).run()


def test_a_sheet_with_numbers_of_its_own_has_nothing_to_say(tmp_path: Path) -> None:
    output, _ = edited()
    assert "forward pass that ran" not in str(worksheet(output, tmp_path / "sheet.html", seed=1))


def test_of_many_only_some_are_named() -> None:
    leaves = [Value(1.0, label=f"x{k}") for k in range(20)]
    output = leaves[0]
    for leaf in leaves[1:]:
        output = output * leaf
    for leaf in leaves:
        leaf.data = 3.0
    said = repr(explain(output, leaves[0])).splitlines()[-1]
    assert "x2 = 1.0, edited to 3.0; …; x19 = 1.0, edited to 3.0; refresh(output)" in said
