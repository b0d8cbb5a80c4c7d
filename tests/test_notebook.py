"""The notebook of a class: it runs, and shows what is committed with it."""

import re
import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest

from demos import classroom_notebook
from demos.classroom_notebook import NOTEBOOK, executed, written

COMMITTED = nbformat.read(NOTEBOOK, as_version=4)
CODE = [k for k, cell in enumerate(COMMITTED.cells) if cell.cell_type == "code"]
SOURCE = "\n".join(COMMITTED.cells[k].source for k in CODE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("class")


@pytest.fixture(scope="module")
def rerun(folder: Path) -> Any:
    """The notebook after a run of its own; raises if a cell does."""
    return nbformat.reads(executed(folder), as_version=4)


def shown(notebook: Any, k: int) -> list[dict[str, str]]:
    """Return what a cell prints and shows; of HTML, which is IPython's, only that it is there."""
    outputs = []
    for output in notebook.cells[k].outputs:
        if output.output_type == "stream":
            outputs.append({output.name: output.text})
        else:
            outputs.append(dict(output.data))
            if "text/html" in output.data:
                outputs[-1]["text/html"] = ""
    return outputs


@pytest.mark.parametrize("k", CODE)
def test_a_cell_shows_what_is_committed(rerun, k):
    assert shown(rerun, k) == shown(COMMITTED, k)


def test_no_cell_warns_or_complains(rerun):
    assert not {name for k in CODE for output in shown(rerun, k) for name in output} - {
        "stdout", "text/plain", "text/html", "image/svg+xml",
    }  # fmt: skip


def test_it_is_a_notebook_that_jupyter_takes_and_the_command_has_written():
    nbformat.validate(COMMITTED)
    again = nbformat.read(NOTEBOOK, as_version=4)
    assert written(again) == NOTEBOOK.read_text(encoding="utf-8")
    counts = [COMMITTED.cells[k].execution_count for k in CODE]
    assert counts == list(range(1, len(CODE) + 1))


def test_it_knows_nothing_of_the_machine_it_ran_on():
    text = NOTEBOOK.read_text(encoding="utf-8")
    assert not re.search(r"/home/|/root/|/tmp/|/Users/|C:\\|0x[0-9a-f]{6}|Traceback", text)


def test_the_class_gets_to_everything():
    for name in (
        "Value", "draw", "backward", "Stepper", "predict", "explain", "compare_algorithms",
        "lesson", "Neuron", "MLP", "worksheet",
    ):  # fmt: skip
        assert re.search(rf"\b{name}\b", SOURCE), name
    texts = [cell for cell in COMMITTED.cells if cell.cell_type == "markdown"]
    assert len(texts) >= len(CODE)


def test_what_it_says_of_its_numbers_is_so(rerun):
    def said(source: str) -> str:
        k = next(k for k in CODE if source in COMMITTED.cells[k].source)
        return str(shown(rerun, k))

    assert "'4.0000'" in said("nudge = ")
    assert "a.grad = 6.0 - 2.0 = 4.0" in said("explain(L, a)")
    assert "you said 1*-2: right" in said("predict=True")
    assert "first wrong at a" in said("compare_algorithms(L)")
    assert "60 of 60 right" in said("hinge_loss")


def test_it_leaves_a_lesson_and_the_sheets_of_a_class(rerun, folder):
    lesson, sheets = (
        (folder / "output" / name).read_text(encoding="utf-8")
        for name in ("lesson.html", "worksheets.html")
    )
    assert lesson.startswith("<!doctype html>")
    assert sheets.count("<section") == 60


def test_the_command_rewrites_it(tmp_path, monkeypatch, capsys):
    copied = tmp_path / "classroom.ipynb"
    shutil.copy(NOTEBOOK, copied)
    monkeypatch.setattr(classroom_notebook, "NOTEBOOK", copied)
    monkeypatch.setattr(classroom_notebook, "executed", lambda folder: f"run in {folder}")
    classroom_notebook.main()
    assert copied.read_text(encoding="utf-8") == f"run in {tmp_path}"
    assert "classroom.ipynb with its outputs" in capsys.readouterr().out
