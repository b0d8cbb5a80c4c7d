"""What is folded, and what is drawn as a reference."""

import copy
import math
import re

import pytest

from autograd import Picture, PictureError, Value, draw, exp, group, refresh, tanh, total
from autograd.show.picture import THEMES
from autograd.wording import show_number
from nn import MLP, Layer, hinge_loss, mse_loss
from tests.drawn import Drawn
from tests.graphs import powers
from tests.pictures import chain, product
from tests.show.folding.graphs import recurrent, recurrent_batch

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
    """Return how many nodes each folded box says it hides, to who points at it."""
    drawn = Drawn(picture)
    told = {key: drawn.tooltip(key) for key in drawn.keys("folded")}
    return {
        key: int(re.search(r"([\d,]+) nodes inside", text)[1].replace(",", ""))
        for key, text in told.items()
    }


@pytest.mark.parametrize(
    ("fold", "titles"),
    [
        ("neuron", {"layer0.neuron0", "layer0.neuron1", "output = layer1.neuron0"}),
        ("layer", {"layer0", "output = layer1"}),
        ("MLP", {"output = MLP"}),
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
    assert re.search(r"folded: [\d,]{4,} nodes in \d+ boxes", picture.svg)
    assert "folded: " in repr(picture)
    assert picture.is_readable
    assert {box.title for box in picture.scene.boxes} == {
        "inputs", "layer0 ×100", "layer1 ×100", "layer2 ×100", "hinge_loss ×100", "loss = mean",
    }  # fmt: skip


def test_alike_nodes_fold_into_one_box():
    x = [Value(float(k), label=f"x{k}") for k in range(100)]
    drawn = Drawn(draw(total([tanh(v) for v in x]), names={}))
    for title in ("tanh ×100", "x· ×100"):
        key = drawn.key_of(title)
        assert [line.split()[0] for line in drawn.lines(key)[1:]] == ["‖data‖", "‖grad‖"]
        assert "100 nodes inside" in drawn.tooltip(key)


def test_a_small_graph_is_not_folded():
    assert not Drawn(draw(product())).keys("folded")


def elementary_neuron() -> Value:
    """tanh as (e - 1)/(e + 1), e = exp(2n): 17 nodes, too wide for a small screen."""
    x, w = Value(2.0, label="x1"), Value(-3.0, label="w1")
    n = x * w + Value(0.0, label="x2") * Value(1.0, label="w2") + Value(6.9, label="b")
    e = exp(2 * n)
    return (e - 1) / (e + 1)


def recurrent_network() -> Value:
    """Three steps of h = tanh(u*x + v*h + b)."""
    u, v, b, h = (Value(0.5, label=name) for name in "uvbh")
    for k in range(3):
        h = tanh(u * Value(1.0, label=f"x{k}") + v * h + b)
    return h


@pytest.mark.parametrize("build", [elementary_neuron, recurrent_network])
def test_a_fold_that_saves_a_few_boxes_and_is_not_readable_is_not_made(build):
    output = build()
    unfolded, alike = draw(output, fold="none"), draw(output, fold="alike")
    assert not unfolded.is_readable
    assert not alike.is_readable
    assert len(alike.scene.boxes) > len(unfolded.scene.boxes) / 2
    assert not Drawn(draw(output)).keys("folded")


def test_a_fold_that_is_not_readable_but_halves_the_boxes_is_made():
    output = total([tanh(Value(float(k))) for k in range(10)])
    for _ in range(8):
        output = tanh(output)
    assert not draw(output, fold="none").is_readable
    assert not draw(output, fold="alike").is_readable
    assert len(hidden_in(draw(output))) == 2


def test_a_fold_that_makes_a_picture_readable_is_made_however_little_it_saves():
    leaves = (Value(1.0, label=name) for name in "abcde")
    output = total([*(tanh(Value(float(k))) for k in range(2)), *leaves])
    unfolded, folded = draw(output, fold="none"), draw(output, fold="alike")
    assert (unfolded.is_readable, folded.is_readable) == (False, True)
    assert len(folded.scene.boxes) > len(unfolded.scene.boxes) / 2
    drawn = draw(output)
    assert drawn.is_readable
    assert len(drawn.scene.boxes) < len(unfolded.scene.boxes)


@pytest.mark.parametrize("fold", ["auto", "none"])
def test_what_cannot_be_folded_under_the_limit_names_the_options(fold):
    with pytest.raises(PictureError, match=r"31 nodes .* fold=.*max_nodes="):
        draw(chain(30), fold=fold, max_nodes=10)


def test_a_fold_that_is_not_a_name_is_unknown():
    with pytest.raises(PictureError, match=r"fold=False is unknown here.*'none'"):
        draw(chain(3), fold=False)


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


# -- what a folded box says --------------------------------------------------------------------


def layers_of(model=None, n_rows=3):
    model = model or MLP(2, [3, 1], "tanh")
    return mse_loss([model([float(k), 1.0]) for k in range(n_rows)], [1.0] * n_rows)


def test_a_folded_box_says_what_it_is_and_the_norms_of_what_leaves_it():
    x = [Value(3.0, label="x"), Value(4.0, label="y")]
    h = Layer(2, 2, "linear")(x)
    total([3 * h[0], 4 * h[1]], expanded=True).backward()
    data = math.hypot(*(node.data for node in h))
    drawn = Drawn(draw(total(h), fold="Layer", names={}))
    (key,) = drawn.keys("folded")
    assert drawn.lines(key) == ["Layer", "2 → 2, linear", f"‖data‖ ≈{data:.4g}", "‖grad‖ 5.0"]
    marks = [text.get("class") for text in drawn.texts(key)]
    assert marks == ["title", None, "number", "gradient"]


def test_before_any_pass_a_folded_box_has_no_gradient():
    drawn = Drawn(draw(layers_of(), fold="layer"))
    assert drawn.lines(drawn.key_of("layer0 ×3"))[-1] == "‖grad‖ –"


def test_an_old_gradient_of_a_folded_box_is_struck_through():
    loss = layers_of()
    loss.backward()
    refresh(loss)
    drawn = Drawn(draw(loss, fold="layer"))
    *_, grad = drawn.texts(drawn.key_of("layer0 ×3"))
    assert grad.get("text-decoration") == "line-through"


def test_a_box_of_one_output_has_its_name_and_its_numbers():
    y = MLP(2, [2, 1])([1.0, 2.0])
    y.backward()
    drawn = Drawn(draw(y, fold="MLP"))
    key = drawn.key_of("y = MLP")
    assert drawn.lines(key)[2:] == [f"data {show_number(y.data)}", "grad 1.0"]


def test_edges_are_as_wide_as_the_gradient_of_their_source():
    a, b, c = (Value(1.0, label=name) for name in "abc")
    with group("weighted"):
        inner = total([a * 1.0, b * 0.2, c * 0.001])
    output = inner * 1.0
    before = {edge.strength for edge in draw(output, fold="weighted", names={}).scene.edges}
    output.backward()
    picture = draw(output, fold="weighted", names={})
    strengths = {edge.source.title: edge.strength for edge in picture.scene.edges}
    assert before == {0}
    assert (strengths["a"], strengths["b"], strengths["c"]) == (4, 3, 1)
    widths = re.findall(r'class="?data"? color="(#\w+)".* penwidth="?([\d.]+)', picture.source)
    assert {colour for colour, _ in widths} == {THEMES["projector"].gradient}
    assert {float(width) for _, width in widths} == {1.2, 3.4, 4.8}
    refresh(output)
    stale = draw(output, fold="weighted", names={}).scene.edges
    assert {edge.strength for edge in stale} == {0}


def test_steps_in_time_stand_side_by_side_and_rows_lie_on_one_another():
    picture = draw(recurrent(8), names={})
    titles = [box.title for box in picture.scene.boxes]
    assert [t for t in titles if "cell" in t] == [f"cell {k}" for k in range(1, 9)]
    assert picture.is_readable
    titles = {box.title for box in draw(recurrent_batch(), names={}).scene.boxes}
    assert {"cell 3.neuron0 ×3", "out.neuron0 ×3"} & titles


def test_a_picture_that_is_too_wide_says_less_before_it_folds_more():
    picture = draw(recurrent(8), names={})
    assert picture.scene.is_compact
    assert not {edge.label for edge in picture.scene.edges} - {""}
    assert any("×" in edge.tooltip for edge in picture.scene.edges)
    assert not draw(layers_of(), names={}).scene.is_compact


def test_no_name_of_the_users_is_folded_away_in_a_small_picture():
    x = [Value(float(k), label=f"x{k}") for k in range(12)]
    y = MLP(12, [8, 8, 1])(x)
    picture = draw(y)
    titles = [box.title for box in picture.scene.boxes]
    assert {f"x{k}" for k in range(12)} <= set(titles)
    assert any(title.startswith("y = layer2") for title in titles)
    assert not picture.is_readable  # the names prevent it


def test_many_names_fold():
    x = [Value(float(k), label=f"x{k}") for k in range(60)]
    picture = draw(MLP(60, [8, 1])(x), names={})
    assert "x·" in " ".join(box.title for box in picture.scene.boxes)
    assert picture.is_readable


def test_constants_of_one_number_say_it():
    drawn = Drawn(draw(total([2 * Value(float(k)) for k in range(60)]), names={}))
    assert {tuple(drawn.lines(key)) for key in drawn.keys("constant")} == {("2 ×60",)}


def test_a_graph_with_a_cycle_folds_too():
    class Node:
        def __init__(self, data, parents=(), op=""):
            self.data, self.parents, self.op = data, parents, op

    a = Node(1.0)
    b = Node(2.0, (a,), "f")
    a.parents = (b,)
    assert "cycle" in draw(b, names={}).scene.caption


def test_a_graph_of_things_that_are_not_numbers_folds_too():
    class Node:
        def __init__(self, data, parents=(), op=""):
            self.data, self.parents, self.op, self.grad = data, parents, op, "unknown"

    rows = [Node("half", (Node(0.5),), "f") for _ in range(60)]
    drawn = Drawn(draw(Node(1.0, tuple(rows), "g"), names={}))
    assert drawn.lines(drawn.key_of("f ×60"))[1:] == ["‖data‖ –", "‖grad‖ –"]
