"""Which folds a graph has, and that no cut of them makes a circle."""

import math
import random
import re
from graphlib import TopologicalSorter

import pytest

from autograd import Value, group, tanh, total
from autograd.graph import topological_order
from autograd.show.folding import Cut, Fold, fold_tree, readable_cut
from autograd.show.folding.cut import finest_cut
from autograd.show.folding.fold import outputs_of
from nn import MLP, Activation, Layer
from tests.show.folding import graphs
from tests.show.folding.graphs import GRAPHS

every_graph = pytest.mark.parametrize("build", GRAPHS.values(), ids=GRAPHS.keys())


def tree_of(output, names=None, **options):
    order = topological_order(output)
    return fold_tree(order, {n: n.label for n in order if n.label} | (names or {}), **options)


def folds_in(boxes):
    for box in boxes:
        if isinstance(box, Fold):
            yield box
            yield from folds_in(box.inside)


def nodes_in(boxes):
    for box in boxes:
        yield from nodes_in(box.inside) if isinstance(box, Fold) else [box]


def told(boxes):
    """Return folds as their name and count, nodes as their label or operation."""
    return [
        f"{box.name} ×{box.count}" if isinstance(box, Fold) and box.count > 1
        else box.name if isinstance(box, Fold) else box.label or box.op or "leaf"
        for box in boxes
    ]  # fmt: skip


def fold_named(boxes, name):
    return next(fold for fold in folds_in(boxes) if fold.name == name)


def require_order(order, cut):
    """Fail unless the boxes can stand so that each comes behind those it depends on."""
    around = {box: set() for box in cut.seen}
    assert len(around) == len(cut)
    for node in order:
        here = cut.place_of[node]
        seen = {cut.place_of[p] for p in node.parents if p in cut.place_of}
        around[here] |= seen - {here}
    TopologicalSorter(around).prepare()  # raises CycleError


# -- what always holds -------------------------------------------------------------------------


@every_graph
def test_the_tree_has_every_node_once_parents_first(build):
    order = topological_order(build())
    tree = fold_tree(order, {})
    nodes = list(nodes_in(tree))
    assert len(nodes) == len(order)
    assert set(nodes) == set(order)
    for fold in folds_in(tree):
        assert set(fold.nodes) == set(nodes_in(fold.inside))
        assert len(fold.nodes) == len(set(fold.nodes)) > 1


@every_graph
def test_no_cut_makes_a_circle(build):
    order = topological_order(build())
    tree = fold_tree(order, {})
    folds = list(folds_in(tree))
    rng = random.Random(0)
    for _ in range(30):
        share = rng.random()
        opened = [fold for fold in folds if rng.random() < share]
        cut = Cut(tree, opened, row=rng.choice([0, 1, 7, None]))
        assert cut.place_of.keys() == set(order)
        require_order(order, cut)


@every_graph
def test_folds_that_lie_on_one_another_do_not_depend_on_each_other(build):
    for fold in folds_in(tree_of(build())):
        if fold.chooses:
            assert len(fold.inside) == fold.count > 1
            require_order(fold.nodes, Cut(fold.inside))
            for box in fold.inside:
                above = set().union(*(node.parents for node in nodes_in([box])))
                others = [b for b in fold.inside if b is not box]
                assert above.isdisjoint(nodes_in(others))


@every_graph
def test_outputs_of_a_fold_are_the_nodes_used_outside_of_it(build):
    output = build()
    order = topological_order(output)
    for fold in folds_in(fold_tree(order, {})):
        inside = set(fold.nodes)
        used = {p for node in order if node not in inside for p in node.parents}
        assert set(outputs_of(fold)) == inside & (used | {output})
    assert outputs_of(output) == (output,)


def test_calls_that_are_interleaved_come_in_pieces():
    tree = tree_of(graphs.interleaved())
    assert told(tree).count("first") > 1


# -- models ------------------------------------------------------------------------------------


def test_the_rows_of_a_batch_look_like_their_network():
    tree = tree_of(graphs.batch_of_rows(100, (16, 16, 1), 2))
    assert told(tree) == ["inputs ×100", "MLP ×100", "hinge_loss ×100", "mean"]
    model = fold_named(tree, "MLP")
    assert told(model.inside) == ["layer0 ×100", "layer1 ×100", "layer2 ×100"]
    assert [layer.says for layer in model.inside] == [
        "2 → 16, tanh",
        "16 → 16, tanh",
        "16 → 1, linear",
    ]
    assert told(model.inside[0].inside) == [f"layer0.neuron{j} ×100" for j in range(16)]
    assert fold_named(tree, "inputs").says == "100 rows × 2"


def test_a_stack_opens_to_its_rows_and_parameters_are_beside_them():
    tree = tree_of(graphs.batch_of_rows(4, (2, 1), 3))
    neuron = fold_named(tree, "layer0.neuron0")
    assert told(neuron.inside) == [
        "layer0.neuron0.w[·] ×3",
        "layer0.neuron0.b",
        "layer0.neuron0 ×4",
    ]
    rows = neuron.inside[-1]
    assert rows.chooses
    assert [told(row.inside) for row in rows.inside] == [["dot", "tanh"]] * 4


def test_the_chosen_row_is_shown_beside_the_others_as_one_box():
    tree = tree_of(graphs.batch_of_rows(4))
    inputs = fold_named(tree, "inputs")
    cut = Cut(tree, [inputs], row=2)
    assert cut.place_of[inputs.inside[2].nodes[0]] is inputs.inside[2]
    rest = cut.place_of[inputs.inside[0].nodes[0]]
    assert (rest.says, len(rest.nodes)) == ("× 3 more", 9)
    assert Cut(tree, [inputs], row=2).place_of[inputs.inside[0].nodes[0]] is rest
    assert set(Cut(tree, [inputs], row=99).seen) >= {inputs.inside[3]}
    assert set(Cut(tree, [inputs], row=None).seen) >= set(inputs.inside)


def test_of_two_rows_the_other_is_itself():
    tree = tree_of(graphs.batch_of_rows(2))
    inputs = fold_named(tree, "inputs")
    assert set(Cut(tree, [inputs], row=1).seen) >= set(inputs.inside)


def test_a_batch_that_a_module_sees_together_is_one_call():
    model = fold_named(tree_of(graphs.normalized_batch()), "Sequential")
    assert (model.kind, model.count) == ("module", 1)
    assert told(model.inside)[:3] == ["layer0 ×3", "layer1 ×3", "layer2 ×3"]
    assert fold_named(tree_of(graphs.normalized_batch()), "inputs").says == "3 rows × 2"


def test_steps_in_time_stand_side_by_side():
    model = fold_named(tree_of(graphs.recurrent()), "RNN")
    assert told(model.inside) == ["parameters", *[f"cell {k}" for k in range(1, 9)], "out"]
    assert told(fold_named(tree_of(graphs.recurrent_batch()), "RNN").inside) == [
        "parameters", "cell 1 ×3", "cell 2 ×3", "cell 3 ×3", "out ×3",
    ]  # fmt: skip


def test_calls_of_a_module_are_numbered_in_the_order_of_time():
    inputs, h = [Value(k / 5) for k in range(5)], Value(0.0)
    cell = Layer(2, 1, "tanh")
    for x in inputs:
        (h,) = cell([x, h])
    steps = {fold.name: fold for fold in folds_in(tree_of(h)) if fold.depth == 0}
    assert len(steps) == 5
    for number, x in enumerate(inputs, 1):
        assert any(x in node.parents for node in steps[f"Layer {number}"].nodes)


def test_what_a_numbered_call_opens_to_is_named_after_it():
    names = {fold.name for fold in folds_in(tree_of(graphs.recurrent()))}
    assert {"cell 1.neuron0", "cell 8.neuron3"} <= names
    assert not any(name.startswith("cell.") for name in names)
    names = {fold.name for fold in folds_in(tree_of(graphs.used_twice()))}
    assert {"Layer 1", "Layer 1.neuron0", "Layer 2", "Layer 2.neuron1"} <= names


def test_the_number_of_a_call_stands_apart_from_a_number_in_the_name():
    layer = MLP(2, [2, 2]).layers[0]
    tree = tree_of(total(layer(layer([Value(1.0), Value(2.0)]))))
    assert {"layer0 (1)", "layer0 (2)"} <= {fold.name for fold in folds_in(tree)}


def test_neither_piles_nor_single_calls_nor_pieces_of_one_have_a_number():
    for build in (graphs.batch_of_rows, graphs.attention, graphs.classes, graphs.interleaved):
        assert not [f.name for f in folds_in(tree_of(build())) if re.search(r" \(?\d", f.name)]


def test_the_keys_of_attention_lie_on_one_another():
    assert {"query", "key ×4", "value ×4"} <= set(
        told(fold_named(tree_of(graphs.attention()), "Attention").inside)
    )


def test_nodes_of_a_module_that_are_alike_fold_in_it():
    tree = tree_of(total(Activation("tanh")([Value(1.0), Value(2.0)])))
    assert told(fold_named(tree, "Activation").inside) == ["tanh ×2"]


def test_a_module_of_one_node_is_that_node():
    neuron = Layer(1, 1, "linear")([Value(1.0)])[0]
    row = total([Activation("tanh")([neuron])[0] * 2])
    assert "Activation" not in told(tree_of(row))


# -- groups, and what is alike -----------------------------------------------------------------


def test_groups_of_one_name_lie_on_one_another_if_they_are_independent():
    tree = tree_of(graphs.groups())
    assert [box for box in told(tree) if "step" in box] == ["step 0 ×3", "step 1 ×3"]
    with group("alone"):
        output = tanh(Value(1.0) * 2)
    (box,) = tree_of(output)[-1:]
    assert (box.kind, box.name, box.count) == ("group", "alone", 1)


def rows_of_names(n):
    x = [Value(float(k), label=f"x{k}") for k in range(n)]
    return total([tanh(v) for v in x])


def test_alike_nodes_and_the_leaves_they_use_fold():
    assert told(tree_of(rows_of_names(50))) == ["x· ×50", "tanh ×50", "total"]


def test_a_few_names_are_in_no_fold_of_alike_nodes():
    assert told(tree_of(rows_of_names(3))) == ["x0", "x1", "x2", "tanh ×3", "total"]
    assert told(tree_of(rows_of_names(3), most_names=0)) == ["x· ×3", "tanh ×3", "total"]


def test_a_module_is_called_by_the_names_of_its_outputs():
    y = MLP(2, [2, 1])([1.0, 2.0])
    tree = tree_of(y, {y: "y"})
    assert {fold.name for fold in folds_in(tree) if fold.called == "y"} == {
        "MLP",
        "layer1",
        "layer1.neuron0",
    }
    h = Layer(2, 2)([1.0, 2.0])
    tree = tree_of(total(h), {node: f"h[{k}]" for k, node in enumerate(h)})
    assert fold_named(tree, "Layer").called == "h[·]"


# -- the finest cut ----------------------------------------------------------------------------


def at_most(n):
    return lambda cut: len(cut) <= n


def test_a_graph_that_fits_is_open():
    output = graphs.batch_of_rows(1)
    cut = finest_cut(tree_of(output), at_most(1000))
    assert set(cut.seen) == set(topological_order(output))


def test_a_batch_is_open_down_to_what_fits():
    tree = tree_of(graphs.batch_of_rows(100, (16, 16, 1), 2))
    assert [len(finest_cut(tree, at_most(n))) for n in (3, 5, 6, 60)] == [4, 4, 6, 36]
    assert {"layer0 ×100", "layer2 ×100"} <= set(told(finest_cut(tree, at_most(6)).seen))


def test_the_reader_chooses_the_row():
    tree = tree_of(graphs.batch_of_rows(100, (2, 1), 2))
    cut = finest_cut(tree, lambda cut: cut.row is not None)
    assert not any(fold.chooses for fold in cut.opened)


def test_a_module_that_hides_a_name_is_open_from_the_start():
    model = MLP(2, [2, 2, 1])
    output = model([1.0, 2.0])
    order = topological_order(output)
    hidden = next(
        n for n in order if n.parents and n.op == "relu" and n.scope.path.startswith("layer0")
    )
    tree = tree_of(output, {hidden: "mine"})
    box = finest_cut(tree, at_most(0)).place_of[hidden]
    assert (box.name, box.called, box.hides) == ("layer0.neuron0", "mine", 0)


@every_graph
def test_the_finest_cut_is_in_order(build):
    order = topological_order(build())
    for most in (3, 10, 30):
        require_order(order, finest_cut(fold_tree(order, {}), at_most(most)))


def steps_with_names():
    return tree_of(graphs.RNN()([Value(k / 8, label=f"x{k}") for k in range(8)]))


def test_where_names_do_not_fit_the_cut_that_pans_least_is_taken():
    tree = steps_with_names()

    def screens(cut):
        boxes = told(cut.seen)
        return 3.0 if "RNN" in boxes else 1.5 if "cell 8" in boxes and "out" in boxes else 2.9

    cut = readable_cut(tree, screens)
    assert {f"cell {k}" for k in range(1, 9)} | {f"x{k}" for k in range(8)} <= set(told(cut.seen))


def test_where_every_other_cut_pans_more_or_cannot_be_drawn_the_first_is_kept():
    tree = steps_with_names()
    for others in (3.1, math.inf):
        cut = readable_cut(tree, lambda cut, others=others: 3.0 if not cut.opened else others)
        assert "RNN" in told(cut.seen)


@pytest.mark.parametrize(("folded", "is_folded"), [(2.0, True), (2.1, False)])
def test_a_small_graph_is_folded_where_that_saves_half_of_the_screens(folded, is_folded):
    tree = tree_of(graphs.loop_of_cells())
    boxes, nodes = Cut(tree), Cut(tree, folds_in(tree), row=None)
    assert len(boxes) * 2 > len(nodes)
    cut = readable_cut(tree, lambda cut: 4.0 if len(cut) == len(nodes) else folded)
    assert (len(cut) == len(nodes)) != is_folded


def test_what_can_be_seen_whole_is_opened_as_far_as_it_can():
    tree = tree_of(graphs.batch_of_rows(100, (16, 16, 1), 2))
    for most in (3, 6, 60):
        cut = readable_cut(tree, lambda cut, most=most: len(cut) / most)
        assert len(cut) == len(finest_cut(tree, at_most(most)))


@pytest.mark.parametrize(
    ("made", "name"),
    [
        (lambda a, b: a * b, "a·*b·"),
        (lambda a, b: a + b, "a· + b·"),
        (lambda a, b: a - b, "a· − b·"),
        (lambda a, b: a / b, "a·/b·"),
        (lambda a, b: a**b, "a·**b·"),
        (lambda a, b: tanh(a) * tanh(b), "product"),
        (lambda a, b: tanh(a) / tanh(b), "quotient"),
        (lambda a, b: tanh(a) + tanh(b), "sum"),
        (lambda a, b: tanh(a) - tanh(b), "difference"),
        (lambda a, b: tanh(a) ** 2 * b, "product"),
        (lambda a, b: -a * b, "product"),
        (lambda a, b: tanh(a * b), "tanh"),
    ],
)
def test_a_fold_of_alike_signs_is_called_by_its_operands_or_in_a_word(made, name):
    of_each = [made(Value(k + 1.0, label=f"a{k}"), Value(0.5 + k, label=f"b{k}")) for k in range(3)]
    boxes = [box for box in tree_of(total(of_each)) if isinstance(box, Fold)]
    assert name in [box.name for box in boxes]
    assert not {"*", "/", "+", "-", "**", "neg"} & {box.name for box in boxes}


def test_operands_with_long_names_give_a_word():
    long = "the_weight_of_the_input"
    made = [Value(1.0, label=f"{long}{k}") * Value(2.0, label=f"x{k}") for k in range(2)]
    names = [box.name for box in tree_of(total(made)) if isinstance(box, Fold)]
    assert "product" in names


def test_what_fits_neither_way_is_not_folded_if_it_is_small():
    w, x = ([Value(1.0, label=f"{name}{k}") for k in range(2)] for name in "wx")
    tree = tree_of(tanh(w[0] * x[0] + w[1] * x[1]))
    assert len(finest_cut(tree, at_most(7))) == 7
    assert len(finest_cut(tree, at_most(1))) == 8
