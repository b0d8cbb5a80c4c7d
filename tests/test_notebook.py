"""The notebook of a class: it runs, and shows what is committed with it."""

import copy
import html
import re
import shutil
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import nbformat
import pytest

from demos import classroom_notebook
from demos.classroom_notebook import NOTEBOOK, run, written

COMMITTED = nbformat.read(NOTEBOOK, as_version=4)
CODE = [k for k, cell in enumerate(COMMITTED.cells) if cell.cell_type == "code"]
SOURCE = "\n".join(COMMITTED.cells[k].source for k in CODE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("class")


@pytest.fixture(scope="module")
def whole(folder: Path) -> Any:
    """The notebook after a run of its own, with whole pages; raises if a cell does."""
    return run(folder)


@pytest.fixture(scope="module")
def rerun(whole: Any) -> Any:
    """The same as it is written to a file."""
    return nbformat.reads(written(copy.deepcopy(whole)), as_version=4)


def shown(notebook: Any, k: int) -> list[dict[str, str]]:
    """Return what a cell prints and shows."""
    outputs = []
    for output in notebook.cells[k].outputs:
        if output.output_type == "stream":
            outputs.append({output.name: output.text})
        else:
            outputs.append(dict(output.data))
    return outputs


@pytest.mark.parametrize("k", CODE)
def test_a_cell_shows_what_is_committed(rerun, k):
    assert shown(rerun, k) == shown(COMMITTED, k)


def test_no_cell_warns_or_complains(rerun):
    assert not {name for k in CODE for output in shown(rerun, k) for name in output} - {
        "stdout", "text/plain", "image/svg+xml",
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
        "lesson", "Neuron", "MLP", "playground", "worksheet",
    ):  # fmt: skip
        assert re.search(rf"\b{name}\b", SOURCE), name
    assert "mock" not in SOURCE
    texts = [cell for cell in COMMITTED.cells if cell.cell_type == "markdown"]
    assert len(texts) >= len(CODE)


def cell_with(source: str) -> int:
    return next(k for k in CODE if source in COMMITTED.cells[k].source)


def test_what_it_says_of_its_numbers_is_so(rerun):
    def said(source: str) -> str:
        return str(shown(rerun, cell_with(source)))

    assert "'4.0000'" in said("nudge = ")
    assert "a.grad = 6.0 - 2.0 = 4.0" in said("explain(L, a)")
    assert "you said 1*-2: right" in said("predict=[")
    assert "first wrong at a" in said("compare_algorithms(L)")
    assert "60 of 60 right" in said("hinge_loss")


@pytest.mark.parametrize("source", ["lesson(L)", "playground(MLP("])
def test_a_cell_shows_a_whole_page_that_the_file_does_not_keep(whole, rerun, source):
    k = cell_with(source)
    (page,) = (output["text/html"] for output in shown(whole, k))
    assert html.unescape(page).startswith('<iframe srcdoc="<!doctype html>')
    assert [set(output) for output in shown(rerun, k)] == [{"text/plain"}]


def test_the_plane_is_a_picture_with_every_point(rerun):
    (found,) = shown(rerun, cell_with("SVG"))
    picture = ElementTree.fromstring(found["image/svg+xml"])
    names = Counter(shape.tag.rpartition("}")[2] for shape in picture)
    assert names == {"rect": 36 * 21, "circle": 60}
    width, height = (float(picture.get(side)) for side in ("width", "height"))
    for shape in picture.iter("{*}circle"):
        assert 0 < float(shape.get("cx")) < width
        assert 0 < float(shape.get("cy")) < height


def test_it_leaves_the_sheets_of_a_class(rerun, folder):
    sheets = (folder / "output" / "worksheets.html").read_text(encoding="utf-8")
    assert sheets.count("<section") == 60


def test_the_command_rewrites_it(tmp_path, monkeypatch, capsys):
    copied = tmp_path / "classroom.ipynb"
    shutil.copy(NOTEBOOK, copied)
    monkeypatch.setattr(classroom_notebook, "NOTEBOOK", copied)
    folders = []
    monkeypatch.setattr(classroom_notebook, "run", folders.append)
    monkeypatch.setattr(classroom_notebook, "written", lambda notebook: "as it was run")
    classroom_notebook.main()
    assert copied.read_text(encoding="utf-8") == "as it was run"
    assert folders == [tmp_path]
    assert "classroom.ipynb with its outputs" in capsys.readouterr().out
