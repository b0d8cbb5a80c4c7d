"""gradient_report: its figures, its verdicts, its table and its plot."""

import math
import random
import sys

import pytest

from autograd import Value
from nn import (
    MLP,
    Activation,
    BatchNorm,
    Layer,
    Module,
    Neuron,
    Sequential,
    binary_cross_entropy_with_logits,
    gradient_report,
    mse_loss,
    normal,
)

RNG = random.Random(1)
ROWS = [[RNG.gauss(0, 1) for _ in range(4)] for _ in range(16)]
CLASSES = [k % 2 for k in range(16)]


def after_backward(model, loss=binary_cross_entropy_with_logits):
    loss(model.batch(ROWS), CLASSES).backward()
    return gradient_report(model)


def given(gradients):
    """Return the report on a layer of one neuron, and a last layer with gradients of size 1."""
    model = MLP(len(gradients) - 1, [1, 1])
    for parameter, gradient in zip(model.parameters(), [*gradients, 1.0, 1.0], strict=True):
        parameter.grad = gradient
    return gradient_report(model)


def test_the_figures_of_a_layer():
    row = given([3.0, 0.0, 0.0, -4.0])[0]
    assert (row.name, row.gradients) == ("layer0", (3.0, 0.0, 0.0, -4.0))
    assert (row.norm, row.size, row.zeros) == (5.0, 2.5, 0.5)
    assert (row.units, row.dead) == (1, 0)


def test_a_healthy_model_is_ok():
    report = after_backward(MLP(4, [8, 8, 1]))
    assert report.verdicts == ["ok", "ok", "ok"]
    assert report.ok


def test_gradients_vanish_through_many_sigmoids():
    report = after_backward(MLP(4, [8] * 8 + [1], "sigmoid"))
    assert report.verdicts[:4] == ["vanishing"] * 4
    assert report.verdicts[-1] == "ok"
    sizes = [row.size for row in report]
    assert sizes[0] < sizes[4] / 10 < sizes[8] / 1000
    assert not report.ok


def test_gradients_explode_through_many_layers_of_large_weights():
    model = MLP(4, [8] * 8 + [1])
    for layer in model.layers:
        normal(layer.weight, std=3.0, rng=RNG)
    assert after_backward(model, mse_loss).verdicts == ["exploding"] * 9


def test_neurons_that_no_row_moves_are_dead():
    model = MLP(4, [8, 1])
    for bias in model.layers[0].bias[:3]:
        bias.data = -100.0
    first, last = after_backward(model)
    assert (first.dead, first.units, last.dead) == (3, 8, 0)
    assert first.zeros >= 3 / 8


@pytest.mark.parametrize(
    ("gradients", "verdict"),
    [
        ([1.0, 1.0], "ok"),
        ([1e-3, 1.1e-3], "ok"),
        ([1e-3, 0.9e-3], "vanishing"),
        ([1000.0, 1000.0], "ok"),
        ([1001.0, 1001.0], "exploding"),
        ([math.inf, 0.0], "exploding"),
        ([math.nan, 0.0], "exploding"),
        ([0.0, 0.0], "dead"),
    ],
    ids=str,
)
def test_a_verdict_is_by_size(gradients, verdict):
    assert given(gradients).verdicts[0] == verdict


def test_gradients_tiny_everywhere_are_vanishing():
    model = MLP(1, [1])
    for parameter in model.parameters():
        parameter.grad = 1e-9
    assert gradient_report(model).verdicts == ["vanishing"]


def test_a_layer_that_the_loss_does_not_depend_on_has_no_gradient():
    model = MLP(4, [2, 1])
    sum(model.layers[0](ROWS[0])).backward()
    assert gradient_report(model).verdicts == ["ok", "no gradient"]


def test_every_kind_of_module_with_parameters_is_a_layer():
    class Own(Module):
        def __init__(self):
            self.body = Sequential(Layer(4, 3, "linear"), BatchNorm(3), Activation("relu"))
            self.heads = [Neuron(3), Neuron(3)]
            self.scale = Value(1.0)

        def forward_batch(self, rows):
            return [self.heads[0](x) + self.heads[1](x) * self.scale for x in self.body.batch(rows)]

    report = after_backward(Own())
    assert [(row.name, row.units) for row in report] == [
        ("Own", 2),
        ("body.layer0", 3),
        ("body.layer1", 0),
    ]
    assert sum(len(row.gradients) for row in report) == len(Own().parameters())


def test_a_neuron_alone_is_a_layer():
    neuron = Neuron(2)
    neuron([1.0, 2.0]).backward()
    (row,) = gradient_report(neuron)
    assert (row.name, len(row.gradients), row.units) == ("Neuron", 3, 0)


def test_the_report_is_a_table():
    table = repr(given([3.0, 0.0, 0.0, -4.0]))
    assert table.splitlines() == [
        "layer   gradients   norm  size  zeros  dead units",
        "layer0          4    5.0   2.5    50%      0 of 1  ok",
        "layer1          2  ≈1.41   1.0     0%      0 of 1  ok",
    ]


def test_the_plot_has_a_histogram_for_each_layer(tmp_path):
    report = given([3.0, 0.0, -0.02, math.inf])
    figure = report.plot(tmp_path / "health.svg")
    assert "<svg" in (tmp_path / "health.svg").read_text(encoding="utf-8")
    first, last = figure.axes
    counts = {(patch.get_x(), patch.get_height()) for patch in first.patches if patch.get_height()}
    assert counts == {(0.25, 1.0), (-1.75, 1.0)}  # log10(3) = 0.48, log10(0.02) = -1.70
    assert [axes.get_ylabel() for axes in (first, last)] == ["layer0", "layer1"]
    assert [text.get_text() for text in first.texts] == ["1 of 4 zero, 1 not finite"]


def test_gradients_that_are_all_zero_have_a_plot_too():
    assert len(given([0.0, 0.0]).plot().axes) == 2


def test_a_plot_without_matplotlib_names_the_cure(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(ImportError, match=r'pip install "\.\[demos\]"'):
        given([1.0, 1.0]).plot()


def test_before_a_backward_pass_it_says_to_do_one():
    with pytest.raises(ValueError, match=r"no gradient yet: call loss\.backward\(\) first"):
        gradient_report(MLP(1, [1]))


def test_a_model_without_parameters_has_no_report():
    with pytest.raises(ValueError, match="it has no parameters"):
        gradient_report(Activation("relu"))


def test_a_layer_most_of_whose_neurons_are_dead_is_dying():
    model = MLP(1, [5, 1])
    for neuron in model.layers[0].neurons:
        neuron.b.data = -9.0
    neuron.b.data = 9.0
    mse_loss(model.batch([[0.5], [1.0]]), [1.0, 2.0]).backward()
    report = gradient_report(model)
    assert (report.verdicts[0], report[0].dead, report.ok) == ("dying", 4, False)


def test_a_list_of_parameters_is_no_model():
    with pytest.raises(TypeError, match="gradient_report takes a model"):
        gradient_report([Value(1.0)])
