"""Dropout and the normalizations: PyTorch's numbers, statistics, batches, saved averages.

The numbers are recorded: see ``tests/nn_cases.py``.
"""

import copy
import json
import math
import pickle
import random
import statistics

import pytest

import nn
from autograd import Value, dot, draw, formula, gradients
from nn import (
    MLP,
    SGD,
    Activation,
    BatchNorm,
    Dropout,
    Layer,
    LayerNorm,
    Module,
    RMSNorm,
    Sequential,
    mse_loss,
)
from tests.nn_cases import BATCH, BIAS, NORMALIZATIONS, SQUARES, WEIGHT, recorded


def values(rows):
    return [[Value(x) for x in row] for row in rows]


def data(rows):
    return [[y.data for y in row] for row in rows]


def close(rows, expected):
    return [x for row in rows for x in row] == pytest.approx(
        [x for row in expected for x in row], rel=1e-12, abs=1e-12
    )


# -- PyTorch's numbers -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "settings", "torch"),
    [
        (name, settings, found)
        for (name, _, settings), found in zip(
            NORMALIZATIONS, recorded("normalizations"), strict=True
        )
    ],
    ids=str,
)
def test_a_normalization_and_its_gradients_are_those_of_pytorch(name, settings, torch):
    layer = getattr(nn, name)(3, **settings)
    for w, number in zip(layer.weight, WEIGHT, strict=True):
        w.data = number
    for b, number in zip(getattr(layer, "bias", []), BIAS, strict=False):
        b.data = number
    rows = values(BATCH)
    outputs = layer.batch(rows)
    sum(dot(squares, row) for squares, row in zip(SQUARES, outputs, strict=True)).backward()
    assert close(data(outputs), torch["outputs"])
    assert close([[x.grad for x in row] for row in rows], torch["gradient"])
    assert close([[w.grad for w in layer.weight]], [torch["weight gradient"]])
    if name == "BatchNorm":
        assert close([layer.running_mean + layer.running_var], [torch["running"]])
        layer.eval()
        assert close(data(layer.batch(BATCH)), torch["evaluation"])
        assert close(data([layer(row) for row in BATCH]), torch["evaluation"])


# -- what they promise -------------------------------------------------------------------------


def test_layernorm_gives_mean_zero_and_variance_one_in_each_row():
    for row in data(LayerNorm(3, eps=0.0).batch(BATCH)):
        assert statistics.fmean(row) == pytest.approx(0, abs=1e-12)
        assert statistics.pvariance(row) == pytest.approx(1)


def test_rmsnorm_gives_mean_square_one_and_keeps_directions():
    (row,) = data(RMSNorm(2).batch([[3.0, 4.0]]))
    assert statistics.fmean(y * y for y in row) == pytest.approx(1)
    assert row[0] / row[1] == pytest.approx(3 / 4)


def test_batchnorm_in_training_gives_mean_zero_and_variance_one_in_each_column():
    for column in zip(*data(BatchNorm(3, eps=0.0).batch(BATCH)), strict=True):
        assert statistics.fmean(column) == pytest.approx(0, abs=1e-12)
        assert statistics.pvariance(column) == pytest.approx(1)


def test_the_running_averages_of_batchnorm_reach_those_of_the_data():
    norm = BatchNorm(1)
    rng = random.Random(1)
    for _ in range(200):
        norm.batch([[rng.gauss(5, 2)] for _ in range(32)])
    assert norm.running_mean[0] == pytest.approx(5, abs=0.3)
    assert norm.running_var[0] == pytest.approx(4, rel=0.15)
    (output,) = norm.eval()([5.0])
    assert output.data == pytest.approx(0, abs=0.15)


def test_batchnorm_in_evaluation_changes_no_average_and_sees_one_row_at_a_time():
    norm = BatchNorm(3).eval()
    before = norm.state_dict()
    rows = norm.batch(BATCH)
    assert norm.state_dict() == before
    assert data(rows) == data([norm(row) for row in BATCH])


def test_a_row_in_evaluation_is_a_small_graph():
    x = Value(2.0, label="x")
    norm = BatchNorm(1, eps=0.0).eval()
    norm.running_mean[0], norm.running_var[0] = 3.0, 16.0
    (output,) = norm([x])
    assert formula(output) == "weight[0]*((x - 3.0)/4.0) + bias[0]"
    (output,) = RMSNorm(1, eps=0.5)([x])
    assert formula(output) == "weight[0]*(x/sqrt(x*x/1 + 0.5))"


def test_dropout_keeps_the_mean():
    dropout = Dropout(0.3, rng=1)
    outputs = [y.data for y in dropout([Value(2.0)] * 20_000)]
    assert set(outputs) == {0.0, 2.0 / 0.7}
    assert statistics.fmean(outputs) == pytest.approx(2.0, rel=0.02)
    assert outputs.count(0.0) / len(outputs) == pytest.approx(0.3, abs=0.015)


def test_dropout_scales_the_gradient_as_the_number():
    x = [Value(1.0) for _ in range(50)]
    outputs = Dropout(0.5, rng=1)(x)
    slopes = gradients(sum(outputs), x)
    assert slopes == [y.data for y in outputs]
    assert set(slopes) == {0.0, 2.0}


def test_dropout_in_evaluation_passes_numbers_through():
    x = [Value(1.0), Value(2.0)]
    assert Dropout(0.9, rng=1).eval()(x) == x


@pytest.mark.parametrize(("p", "expected"), [(0.0, [1.0, 2.0]), (1.0, [0.0, 0.0])])
def test_dropout_at_the_ends(p, expected):
    assert [y.data for y in Dropout(p, rng=1)([Value(1.0), Value(2.0)])] == expected


def test_the_same_rng_drops_the_same():
    x = [Value(1.0)] * 20
    seeded = [[y.data for y in Dropout(0.5, rng=rng)(x)] for rng in (1, random.Random(1), 2)]
    assert seeded[0] == seeded[1] != seeded[2]
    dropout = Dropout(0.5, rng=1)
    assert [y.data for y in dropout(x)] != [y.data for y in dropout(x)]


def test_the_rng_of_dropout_has_no_default():
    with pytest.raises(TypeError, match="rng"):
        Dropout(0.5)


# -- in a model --------------------------------------------------------------------------------


def model_with_everything():
    rng = random.Random(5)
    return Sequential(
        Layer(2, 8, "linear", rng=rng),
        BatchNorm(8),
        Activation("relu"),
        Dropout(0.1, rng=rng),
        Layer(8, 8, "tanh", rng=rng),
        LayerNorm(8),
        RMSNorm(8),
        Layer(8, 1, "linear", rng=rng),
    )


ROWS = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
TARGETS = [-1.0, 1.0, 1.0, -1.0]


def test_a_model_with_everything_learns_saves_and_loads(tmp_path):
    model = model_with_everything()
    optimizer = SGD(model.parameters(), lr=0.02, momentum=0.9)
    for _ in range(150):
        optimizer.zero_grad()
        loss = mse_loss(model.batch(ROWS * 2), TARGETS * 2)
        loss.backward()
        optimizer.step()
    model.eval()
    predictions = [model(row)[0].data for row in ROWS]
    assert [y > 0 for y in predictions] == [t > 0 for t in TARGETS]
    model.save(tmp_path / "model.json")
    other = model_with_everything().eval()
    assert [other(row)[0].data for row in ROWS] != predictions
    other.load(tmp_path / "model.json")
    assert [other(row)[0].data for row in ROWS] == predictions


def test_the_running_averages_are_part_of_the_state_and_no_parameters(tmp_path):
    norm = BatchNorm(2)
    names = ["weight[0]", "weight[1]", "bias[0]", "bias[1]"]
    averages = {"running_mean[0]": 0.0, "running_mean[1]": 0.0,
                "running_var[0]": 1.0, "running_var[1]": 1.0}  # fmt: skip
    assert [name for name, _ in norm.named_parameters()] == names
    assert dict(norm.named_buffers()) == averages
    assert list(norm.state_dict()) == names + list(averages)
    norm.save(tmp_path / "norm.json")
    assert json.loads((tmp_path / "norm.json").read_text()) == norm.state_dict()


def test_a_state_without_the_running_averages_changes_nothing():
    model = Sequential(Layer(1, 2), BatchNorm(2))
    before = model.state_dict()
    state = {name: 9.0 for name in before if "running_var" not in name}
    with pytest.raises(ValueError, match=r"2 missing \(layer1\.running_var\[0\]"):
        model.load_state_dict(state)
    with pytest.raises(ValueError, match=r"layer1\.running_var\[1\]: 'x' is a str"):
        model.load_state_dict({**before, "layer0.neuron0.b": 5.0, "layer1.running_var[1]": "x"})
    assert model.state_dict() == before


def test_a_shared_batchnorm_is_saved_once():
    norm = BatchNorm(1)
    model = Sequential(norm, norm)
    assert len(list(model.named_buffers())) == 2
    assert len(list(model.named_modules())) == 2


@pytest.mark.parametrize(
    "duplicate",
    [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))],
    ids=["deepcopy", "pickle"],
)
def test_a_copy_shares_neither_averages_nor_generator(duplicate):
    model = model_with_everything()
    twin = duplicate(model)
    before = model.state_dict()
    outputs = data(twin.batch(ROWS))
    assert model.state_dict() == before
    assert data(model.batch(ROWS)) == outputs


def test_a_batch_folds_by_layer_in_a_picture():
    model = model_with_everything()
    output = mse_loss(model.batch(ROWS), TARGETS)
    titles = draw(output, fold="layer").source
    assert all(f"layer{k}" in titles for k in (0, 1, 2, 3, 4, 5, 6, 7))


def test_every_node_of_a_batch_belongs_to_its_module():
    model = Sequential(BatchNorm(2), Layer(2, 1))
    rows = values([[1.0, 2.0], [3.0, 5.0]])
    outputs = model.batch(rows)
    waiting, scopes = [y for row in outputs for y in row], set()
    while waiting:
        node = waiting.pop()
        if node.parents:
            scopes.add(node.scope.path.split(".")[0])
            waiting += node.parents
    assert scopes == {"layer0", "layer1"}


# -- modules and batches -----------------------------------------------------------------------


def test_a_batch_of_a_plain_module_is_each_row_by_itself():
    model = MLP(2, [3, 1], rng=1)
    assert [y.data for y in model.batch(ROWS)] == [model(row).data for row in ROWS]
    layer = Layer(2, 3)
    assert data(layer.batch(ROWS)) == data([layer(row) for row in ROWS])


def test_each_number_of_a_batch_is_one_leaf():
    first, second = Sequential(Layer(1, 2, "linear")).batch([[5.0]])[0]
    assert first.parents[1] is second.parents[1]
    assert not first.parents[1].is_constant


def test_a_module_of_a_students_own_says_how_its_batches_go():
    class Centered(Module):
        def forward_batch(self, rows):
            center = sum(rows) / len(rows)
            return [row - center for row in rows]

    assert [y.data for y in Centered().batch([Value(1.0), Value(3.0)])] == [-1.0, 1.0]


def test_a_sequential_gives_what_its_last_module_returns():
    model = Sequential(Layer(2, 3), Layer(3, 1))
    assert [len(model([1.0, 2.0])), len(model.batch(ROWS)[0])] == [1, 1]
    names = [name for name, _ in model.named_modules()]
    assert names[:3] == ["", "layer0", "layer0.neuron0"]


@pytest.mark.parametrize("name", ["relu", "leaky_relu", "elu", "gelu", "silu", "softplus",
                                  "sigmoid", "tanh", "erf", "sin", "linear"])  # fmt: skip
def test_an_activation_is_the_function_of_each_number(name):
    outputs = Activation(name)([-0.5, Value(2.0)])
    expected = [x if name == "linear" else getattr(x, name)() for x in (Value(-0.5), Value(2.0))]
    assert [y.data for y in outputs] == [y.data for y in expected]


def test_every_module_shows_what_it_is():
    assert repr(model_with_everything()) == (
        "Sequential(Layer(2, 8, 'linear'), BatchNorm(8), Activation('relu'), Dropout(0.1), "
        "Layer(8, 8, 'tanh'), LayerNorm(8), RMSNorm(8), Layer(8, 1, 'linear'))"
    )


# -- bad input ---------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [LayerNorm, RMSNorm, lambda n: BatchNorm(n).eval()])
@pytest.mark.parametrize("length", [0, 2, 4])
def test_a_wrong_length_names_both(make, length):
    with pytest.raises(ValueError, match=f"this .*Norm has 3 inputs; it was given {length}"):
        make(3)([1.0] * length)


def test_a_wrong_length_in_a_batch_names_the_module():
    model = Sequential(Layer(2, 3), BatchNorm(2))
    with pytest.raises(ValueError, match="layer1 has 2 inputs; it was given 3 numbers"):
        model.batch(ROWS)


def test_batchnorm_in_training_says_to_call_batch():
    with pytest.raises(ValueError, match=r"call model\.batch\(rows\), or model\.eval\(\) first"):
        BatchNorm(2)([1.0, 2.0])
    with pytest.raises(ValueError, match="needs 2 rows or more"):
        BatchNorm(2).batch([[1.0, 2.0]])


def test_a_failed_batch_changes_no_average():
    norm = BatchNorm(2, eps=0.0)
    before = norm.state_dict()
    with pytest.raises(ZeroDivisionError):
        norm.batch([[1.0, 2.0], [3.0, 2.0]])  # a column without variance
    assert norm.state_dict() == before


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: LayerNorm(0), "n_features = 0: it must be a whole number from 1"),
        (lambda: RMSNorm(2.5), r"n_features = 2\.5"),
        (lambda: BatchNorm(-1), "n_features = -1"),
        (lambda: LayerNorm(2, eps=-1), "eps = -1: it must be zero or more"),
        (lambda: RMSNorm(2, eps=math.nan), "eps = nan"),
        (lambda: BatchNorm(2, eps=-1), "eps = -1"),
        (lambda: BatchNorm(2, momentum=1.5), r"momentum = 1\.5: it must be from 0 to 1"),
        (lambda: Dropout(-0.1, rng=1), r"p = -0\.1: it must be a probability, from 0 to 1"),
        (lambda: Dropout(1.5, rng=1), r"p = 1\.5"),
        (lambda: Dropout("a", rng=1), "p = 'a': 'a' is a str, not a number"),
        (lambda: BatchNorm(2, momentum=None), "momentum = None: None is a NoneType"),
        (lambda: LayerNorm(2, eps="a"), "eps = 'a': 'a' is a str, not a number"),
        (lambda: Activation("magic"), "'magic' is unknown; there are linear, relu"),
        (Sequential, "Sequential takes at least one module"),
        (lambda: MLP(2, [1]).batch([]), "a batch of no rows"),
    ],
)
def test_what_cannot_be_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize("module", [Activation("relu"), Dropout(0.5, rng=1)])
def test_a_bare_number_is_no_row(module):
    with pytest.raises(TypeError, match=r"layer1 takes a list of numbers, not Value\("):
        Sequential(MLP(2, [1]), module)([1.0, 2.0])


def test_a_batch_is_a_list_and_a_sequential_is_of_modules():
    with pytest.raises(TypeError, match="a batch is a list of rows, not 3"):
        Layer(2, 1).batch(3)
    with pytest.raises(TypeError, match=r"Sequential takes modules.*tanh.* is not one"):
        Sequential(Layer(2, 1), math.tanh)
    with pytest.raises(TypeError, match="this LayerNorm takes a list of 2 numbers, not 3"):
        LayerNorm(2)(3.0)
