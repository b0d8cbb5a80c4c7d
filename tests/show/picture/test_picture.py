"""draw: what a picture shows, how it is laid out and saved, and whose graphs it takes."""

import os
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from autograd import (
    PictureError,
    Stepper,
    Value,
    compare_algorithms,
    draw,
    lesson,
    refresh,
    tanh,
    worksheet,
    zero_grad,
)
from autograd.graph import topological_order
from autograd.show.picture.themes import THEMES
from tests.drawn import SVG, TOOLTIP, Drawn
from tests.pictures import chain, needs_dot, product

# -- what a box and an edge show ---------------------------------------------------------------


def test_a_box_shows_its_name_data_and_gradient():
    drawn = Drawn(draw(product()))
    assert drawn.lines("v0") == ["a", "data 2.0", "grad −3.0"]
    assert drawn.lines("v4") == ["c = … + 1", "data −5.0", "grad 1.0"]


def test_a_box_without_a_name_shows_how_it_was_made():
    assert Drawn(draw(product())).lines("v2")[0] == "a*b"


def test_the_gradient_is_a_dash_until_a_pass_has_been():
    a = Value(2.0)
    drawn = Drawn(draw(a * 2))
    assert drawn.lines("v0") == ["a", "data 2.0", "grad –"]


def test_a_gradient_of_an_earlier_forward_pass_is_grey_struck_and_told():
    output = product()
    a, b = (next(n for n in topological_order(output) if n.label == name) for name in "ab")
    a.data = 5.0
    refresh(output)
    b.grad = 9.0  # which is of now
    drawn = Drawn(draw(output))
    struck, fresh = drawn.texts("v0")[-1], drawn.texts("v1")[-1]
    assert (struck.text.strip(), fresh.text.strip()) == ("grad −3.0", "grad 9.0")
    assert struck.get("class") == "gradient stale"
    assert (struck.get("text-decoration"), struck.get("fill")) == ("line-through", "#555555")
    assert fresh.get("class") == "gradient"
    assert fresh.get("text-decoration") is None
    assert drawn.tooltip("v0") == "a: data 5.0, grad −3.0 (of an earlier forward pass)"
    assert drawn.tooltip("v1") == "b: data −3.0, grad 9.0"
    assert drawn.root[1].text.endswith(
        "Gradients of an earlier forward pass, struck through: a, a*b, c = … + 1."
    )


def test_after_the_next_pass_no_gradient_is_struck():
    output = product()
    before = draw(output).svg
    refresh(output)
    assert draw(output).svg != before
    zero_grad(output)
    output.backward()
    assert draw(output).svg == before


def test_gradients_that_a_view_computes_itself_are_never_struck(tmp_path):
    output = product()
    refresh(output)
    lesson(output, tmp_path / "lesson.html")
    worksheet(output, tmp_path / "sheet.html", seed=None)
    svgs = [compare_algorithms(output).picture.svg, Stepper(output).picture.svg]
    svgs += [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()]
    mark = 'class="gradient stale"'
    assert mark in draw(output).svg
    assert [mark in svg for svg in svgs] == [False] * 4


def test_a_constant_is_a_bare_number():
    drawn = Drawn(draw(product()))
    assert drawn.keys("constant") == ["v3"]
    assert drawn.lines("v3") == ["1"]


def test_an_edge_carries_its_local_derivative_as_formula_and_number():
    drawn = Drawn(draw(product()))
    assert drawn.lines("e0") == ["∂ b = −3.0"]
    assert drawn.lines("e1") == ["∂ a = 2.0"]
    assert drawn.lines("e2") == ["∂ 1.0"]
    assert drawn.lines("e3") == []


@pytest.mark.parametrize(
    ("output", "shown"),
    [
        (Value(3.0, label="x") ** 2, "2*x = 6.0"),
        (Value(2.0, label="x") ** 3, "3*x² = 12.0"),
        (Value(4.0, label="x") ** -1, "(−1)*x⁻² = −0.0625"),
        (tanh(Value(0.0, label="x")), "1 − out² = 1.0"),
        (Value(4.0, label="x") / 2.0, "0.5"),
    ],
)
def test_a_local_derivative_reads_as_on_the_board(output, shown):
    assert Drawn(draw(output, names={})).lines("e0") == [f"∂ {shown}"]


def test_a_power_that_is_a_fraction_keeps_its_parentheses():
    picture = draw(Value(4.0, label="x") ** Fraction(3, 2), names={})
    assert Drawn(picture).lines("e0") == ["∂ (3/2)*x**(1/2) = 3.0"]


def test_a_formula_on_an_edge_shows_no_more_digits_than_asked_for():
    picture = draw(Value(1.0, label="x") ** 2.3, names={})
    assert Drawn(picture).lines("e0") == ["∂ 2.3*x**1.3 = 2.3"]


def test_local_derivatives_can_be_left_out():
    drawn = Drawn(draw(product(), locals=False))
    assert [drawn.lines(key) for key in drawn.keys("edge")] == [[], [], [], []]


@pytest.mark.parametrize(("length", "shown"), [(29, True), (30, False)])
def test_local_derivatives_are_shown_up_to_30_nodes(length, shown):
    drawn = Drawn(draw(chain(length), fold="none"))
    assert bool(drawn.lines("e0")) is shown


def test_a_square_has_two_edges_from_its_only_parent():
    a = Value(3.0)
    drawn = Drawn(draw(a * a, names={"a": a}))
    assert [drawn.lines(key) for key in drawn.keys("edge")] == [["∂ a = 3.0"], ["∂ a = 3.0"]]


def test_a_leaf_edited_after_the_forward_pass_is_marked():
    a = Value(2.0)
    output = a * 2
    a.data = 3.0
    assert "data 2.0, edited to 3.0" in Drawn(draw(output)).lines("v0")


def test_a_leaf_edited_before_the_forward_pass_is_not_marked():
    a = Value(2.0)
    a.data = 3.0
    output = a * 2
    assert Drawn(draw(output)).lines("v0") == ["a", "data 3.0", "grad –"]


def test_a_picture_shows_the_digits_asked_for():
    assert Drawn(draw(Value(1 / 3, label="x"), digits=2)).lines("v0")[1] == "data ≈0.33"


def test_a_leaf_alone_is_a_picture():
    assert Drawn(draw(Value(2.0, label="x"))).lines("v0") == ["x", "data 2.0", "grad –"]


# -- the SVG -----------------------------------------------------------------------------------


def test_every_box_and_edge_has_an_id_a_class_and_a_tooltip():
    drawn = Drawn(draw(product()))
    assert {key: drawn.kind(key) for key in sorted(drawn.groups)} == {
        "e0": "edge data", "e1": "edge data", "e2": "edge data", "e3": "edge data",
        "v0": "node leaf", "v1": "node leaf", "v2": "node node", "v3": "node constant",
        "v4": "node node",
    }  # fmt: skip
    assert drawn.tooltip("v0") == "a: data 2.0, grad −3.0"
    assert drawn.tooltip("v3") == "constant"
    assert drawn.tooltip("e2") == "∂c/∂(*) = 1.0"


def test_the_number_on_an_edge_has_the_tooltip_of_its_edge():
    drawn = Drawn(draw(product()))
    numbered = [key for key in drawn.keys("edge") if drawn.texts(key)]
    assert len(numbered) == 3  # the edge of a constant has no number
    for key in numbered:
        of_line, of_number = (link.get(TOOLTIP) for link in drawn.groups[key].iter(f"{SVG}a"))
        assert of_line == of_number


def test_ids_are_unique():
    ids = re.findall(r'\bid="([^"]*)"', draw(product()).svg)
    assert len(ids) == len(set(ids))


def test_a_screen_reader_hears_what_the_picture_is():
    root = Drawn(draw(product())).root
    assert root.get("role") == "img"
    title, description = root[0], root[1]
    assert (title.tag, description.tag) == (f"{SVG}title", f"{SVG}desc")
    assert root.get("aria-labelledby").split() == [title.get("id"), description.get("id")]
    assert description.text == "Nodes: 5. Leaves: a, b. Output: c. Edges: local derivatives."


def test_a_screen_reader_hears_one_node_and_not_1_nodes():
    assert Drawn(draw(Value(2.0, label="x"))).root[1].text.startswith("Nodes: 1. ")


@pytest.mark.parametrize("theme", THEMES)
def test_a_theme_colours_data_and_gradient_by_meaning(theme):
    picture = draw(product(), theme=theme)
    name, data, gradient = Drawn(picture).texts("v0")
    assert name.get("fill") == THEMES[theme].ink
    assert (data.get("class"), data.get("fill")) == ("number", THEMES[theme].forward)
    assert (gradient.get("class"), gradient.get("fill")) == ("gradient", THEMES[theme].gradient)
    assert f'bgcolor="{THEMES[theme].background}"' in picture.source


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours by the Web Content Accessibility Guidelines 2.2."""

    def luminance(colour: str) -> float:
        parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return sum(w * part for w, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    dark, light = sorted(map(luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_that_of_the_guidelines():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)  # their example


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("letters", ["ink", "quiet", "forward", "gradient"])
@pytest.mark.parametrize("fill", ["background", "leaf", "node", "folded"])
def test_letters_can_be_read_on_every_fill(theme, letters, fill):
    colours = THEMES[theme]
    assert contrast(getattr(colours, letters), getattr(colours, fill)) >= 4.5


@pytest.mark.parametrize("direction", ["LR", "TB", "RL", "BT"])
def test_a_picture_runs_in_the_direction_asked_for(direction):
    root = Drawn(draw(chain(8), direction=direction)).root
    width, height = (float(root.get(side).removesuffix("pt")) for side in ("width", "height"))
    assert (width > height) is (direction in ("LR", "RL"))
    assert f"rankdir={direction}" in draw(chain(8), direction=direction).source


# -- determinism -------------------------------------------------------------------------------


def test_the_same_graph_gives_the_same_bytes():
    first, second = draw(product()), draw(product())
    assert (first.source, first.svg) == (second.source, second.svg)


def test_a_process_and_its_hash_seed_leave_no_trace():
    script = """
from autograd import draw
from nn import MLP, mse_loss
model = MLP(2, [3, 2])
loss = mse_loss([y for x in range(3) for y in model([x, 1.0])], [0.0] * 6)
for fold in ("none", "neuron", "layer", "auto"):
    picture = draw(loss, fold=fold)
    print(picture.source, picture.svg)
"""
    runs = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
            cwd=Path(__file__).parents[3],
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1
    assert b"layer0" in runs.pop()


# -- options -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"direction": "up"}, "'up' is unknown; there are LR, TB, RL and BT"),
        ({"theme": "neon"}, "'neon' is unknown; there are projector, print, dark"),
        ({"engine": "neato"}, "'neato' is unknown; there are auto, embedded and dot"),
        ({"locals": "maybe"}, "'maybe' is unknown; there are True, False and 'auto'"),
        ({"fold": "brain"}, "'brain' is unknown here; this graph folds by 'none'"),
    ],
    ids=str,
)
def test_an_unknown_option_says_what_there_is(options, message):
    with pytest.raises(PictureError, match=re.escape(message)):
        draw(product(), **options)


# -- saving ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["graph.svg", "GRAPH.SVG"])
def test_a_picture_is_saved_as_svg(tmp_path, name):
    picture = draw(product())
    picture.save(tmp_path / name)
    assert (tmp_path / name).read_text(encoding="utf-8") == picture.svg


def test_a_picture_is_saved_as_dot(tmp_path):
    picture = draw(product())
    picture.save(str(tmp_path / "graph.dot"))
    assert (tmp_path / "graph.dot").read_text(encoding="utf-8") == picture.source


@needs_dot
@pytest.mark.parametrize(("suffix", "start"), [(".png", b"\x89PNG\r\n"), (".pdf", b"%PDF-")])
def test_a_picture_is_saved_as_png_and_pdf(tmp_path, suffix, start):
    path = tmp_path / f"graph{suffix}"
    draw(product()).save(path)
    assert path.read_bytes().startswith(start)


@pytest.mark.parametrize("name", ["graph.gif", "graph", "graph.svg.bak", ""])
def test_an_unknown_suffix_lists_the_known_ones(tmp_path, name):
    with pytest.raises(PictureError, match=r"saved as \.svg, \.png, \.pdf, \.dot"):
        draw(product()).save(tmp_path / name)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("suffix", [".svg", ".dot"])
def test_a_path_that_cannot_be_written_is_named(tmp_path, suffix):
    path = tmp_path / "missing" / f"graph{suffix}"
    with pytest.raises(FileNotFoundError, match=re.escape(str(path))):
        draw(product()).save(path)
    assert not list(tmp_path.iterdir())


def test_a_folder_in_the_way_is_named_and_kept(tmp_path):
    folder = tmp_path / "graph.svg"
    folder.mkdir()
    with pytest.raises(OSError, match=re.escape(str(folder))) as raised:
        draw(product()).save(folder)
    assert ".writing-" not in str(raised.value)
    assert list(tmp_path.iterdir()) == [folder]


def test_a_file_is_replaced_whole(tmp_path):
    path = tmp_path / "graph.dot"
    path.write_text("old " * 10_000)
    picture = draw(product())
    picture.save(path)
    assert path.read_text(encoding="utf-8") == picture.source
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_is_kept_when_writing_fails(tmp_path, monkeypatch):
    def no_space(*_):
        raise OSError(28, "No space left on device")

    path = tmp_path / "graph.dot"
    path.write_text("old")
    monkeypatch.setattr(os, "replace", no_space)
    with pytest.raises(OSError, match="No space left"):
        draw(product()).save(path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


# -- showing -----------------------------------------------------------------------------------


def test_jupyter_shows_the_svg():
    formatters = pytest.importorskip("IPython.core.formatters")
    picture = draw(product())
    bundle, _ = formatters.DisplayFormatter().format(picture)
    assert bundle == {"image/svg+xml": picture.svg, "text/plain": repr(picture)}


def test_a_repl_shows_what_to_do_with_a_picture():
    assert repr(draw(product())) == ("<Picture of 5 boxes and 4 edges; .save(path), .show(), .svg>")
