"""What playground does not take, and how it says so; and what stands in the file."""

import functools
import json
import math
import re

import pytest

import nn
from autograd import Value
from nn import MLP, playground
from nn.playing.formulas import name_of
from tests.drawn import HOSTILE
from tests.nn.playing.pages import Page

ROWS = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
XOR = [0, 1, 1, 0]
BINARY = nn.binary_cross_entropy_with_logits


class Noisy(nn.Module):
    """Draws at random."""

    def __init__(self):
        self.w = Value(1.0)
        self.rng = __import__("random").Random(1)

    def forward(self, row):
        return self.w * row[0] + self.rng.random() * row[1]


def refused(error, words, model=None, rows=ROWS, targets=XOR, path="page.html", **settings):
    model = MLP(2, [2, 1]) if model is None else model
    with pytest.raises(error, match=words):
        playground(model, rows, targets, path, **{"loss": BINARY, **settings})


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    yield
    names = {path.name for path in tmp_path.iterdir()}
    assert names <= {"good.html"}, "what was refused left a file"


def test_more_than_two_inputs():
    words = r"rows\[0\] has 3 numbers: a playground draws data of one input or two"
    refused(ValueError, words, MLP(3, [1]), [[1, 2, 3]] * 4)


def test_a_file_that_is_not_html():
    refused(ValueError, r"'moons\.svg': a playground is saved as \.html", path="moons.svg")


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (
            nn.Dropout(0.5, rng=0),
            r"a playground cannot train this model: layer1, Dropout\(.*\), drops",
        ),
        (nn.BatchNorm(2), r"layer1, BatchNorm\(.*\), needs the mean and the variance of the whole"),
    ],
)
def test_what_has_no_fixed_graph_of_a_row_is_named(layer, words):
    model = nn.Sequential(nn.Layer(2, 2), layer, nn.Layer(2, 1))
    refused(ValueError, words, model)


def test_a_model_that_draws_at_random_is_named_among_several():
    words = "a playground cannot train the model 'noisy': the graph of"
    refused(ValueError, words, {"a": MLP(2, [1]), "noisy": Noisy()})


def test_more_than_ten_classes():
    words = "the model has 11 outputs, and a playground shows at most 10 classes"
    refused(ValueError, words, MLP(2, [11]), loss=nn.cross_entropy)


def test_several_outputs_that_are_not_classes():
    words = r"the target \[0\.5, 0\.5\] is not one class of 2"
    refused(ValueError, words, MLP(2, [2]), targets=[[0.5, 0.5]] * 4, loss=nn.mse_loss)


def test_no_data():
    refused(ValueError, "there are no rows: training needs at least one", rows=[], targets=[])


def test_unequal_lengths():
    refused(ValueError, "4 rows and 3 targets", targets=[0, 1, 1])


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_numbers_that_are_not_finite(bad):
    refused(ValueError, r"rows\[1\] has (nan|inf|-inf) in it", rows=[[0.0, 0.0], [bad, 0.0]],
            targets=[0, 1])  # fmt: skip
    refused(ValueError, r"the target of rows\[2\] has", targets=[0, 1, bad, 0], loss=nn.mse_loss)
    refused(ValueError, r"validation\[0\]\[0\] has", validation=([[bad, 0.0]], [0]))
    model = MLP(2, [1])
    model.layers[0].neurons[0].b.data = bad
    refused(ValueError, r"layer0\.neuron0\.b starts at .*: set it to a finite number", model)


def test_what_is_not_a_number():
    refused(TypeError, r"rows\[0\]: .*a playground takes numbers", rows=[["a", "b"]] * 4)


@pytest.mark.parametrize("size", [0, -1, 1.5, "all"])
def test_a_batch_size_that_is_none(size):
    refused((ValueError, TypeError), "batch_size", batch_size=size)


def test_one_optimizer_for_several_models():
    models = {"a": MLP(2, [1]), "b": MLP(2, [2, 1])}
    words = r"optimizer = SGD\(…\) moves the parameters of one model"
    refused(ValueError, words, models, optimizer=nn.SGD(models["a"].parameters()))


def test_an_optimizer_of_another_model():
    other = nn.SGD(MLP(2, [1]).parameters())
    refused(ValueError, "the optimizer belongs to another model", optimizer=other)


@pytest.mark.parametrize("model", [[], {}, 3, "MLP", {"a": 3}])
def test_what_is_not_a_model(model):
    refused((TypeError, ValueError), "model", model)


def test_models_of_different_outputs():
    models = {"one": MLP(2, [2]), "two": MLP(2, [3])}
    words = "the model 'two' has 3 outputs, and the first has 2"
    refused((ValueError, IndexError), words, models, targets=[0, 1, 1, 0], loss=nn.cross_entropy)


# -- what stands in the file ---------------------------------------------------------------------


def test_only_its_own_script_may_run_and_labels_are_escaped(tmp_path):
    models = {name: MLP(2, [1]) for name in HOSTILE}
    page = Page(tmp_path / "good.html", models, ROWS, XOR, loss=BINARY)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page.text)[1]
    assert "default-src 'none'" in policy
    assert re.search(r"script-src 'sha256-[^']*'", policy)
    assert "unsafe" not in policy.replace("'wasm-unsafe-eval'", "")  # Graphviz's own
    assert page.text.count("<script") == 3  # data, the lessons of rows, and the program
    assert [model["name"] for model in page.known["models"]] == HOSTILE
    assert "alert(2)</script>" not in page.text
    assert "<img" not in page.text


def test_a_playground_says_where_it_is(tmp_path):
    told = playground(MLP(2, [1]), ROWS, XOR, tmp_path / "good.html", loss=BINARY)
    assert str(told) == f"wrote {tmp_path / 'good.html'}, a page in which the model trains"


def test_the_same_arguments_write_the_same_page(tmp_path):
    pages = [
        Page(tmp_path / "good.html", MLP(2, [3, 1]), ROWS, XOR, loss=BINARY).text for _ in range(2)
    ]
    assert pages[0] == pages[1]


def test_the_model_is_as_before(tmp_path):
    model = MLP(2, [3, 1])
    before = model.state_dict()
    playground(model, ROWS, XOR, tmp_path / "good.html", loss=BINARY)
    assert model.state_dict() == before
    assert model.training
    assert not any(parameter.has_grad for parameter in model.parameters())


def test_numpy_arrays_and_bare_numbers_are_data(tmp_path):
    numpy = pytest.importorskip("numpy")
    page = Page(tmp_path / "good.html", MLP(2, [1]), numpy.array(ROWS), numpy.array(XOR),
                loss=BINARY)  # fmt: skip
    assert page.known["points"][1] == [0.0, 1.0, 1.0]

    class Line(nn.Module):
        def __init__(self):
            self.w = Value(1.0)

        def forward(self, x):
            return self.w * x

    page = Page(tmp_path / "good.html", Line(), [1.0, 2.0, 3.0], [2, 4, 6], loss=nn.mse_loss)
    assert page.known["n_inputs"] == 1
    assert page.known["points"][2] == [3.0, 6.0]


@pytest.mark.parametrize(
    ("loss", "targets", "names", "boundary"),
    [
        (nn.hinge_loss, [-1, 1, 1, -1], ["-1", "1"], 0.0),
        (BINARY, XOR, ["0", "1"], 0.0),
        (nn.mse_loss, XOR, ["0", "1"], 0.5),
        (nn.mse_loss, [0, 1, 2, 3], [], None),
        (functools.partial(nn.huber_loss, delta=2.0), [1, 3, 3, 1], ["1", "3"], 2.0),
    ],
)
def test_what_targets_mean_is_seen_in_the_loss(loss, targets, names, boundary, tmp_path):
    page = Page(tmp_path / "good.html", MLP(2, [2, 1]), ROWS, targets, loss=loss)
    assert (page.known["class_names"], page.known["boundary"]) == (names, boundary)


def test_an_expanded_neuron_is_drawn_as_any_other(tmp_path):
    pages = [
        Page(
            tmp_path / "good.html", MLP(2, [3, 1], rng=1, expanded=expanded), ROWS, XOR, loss=BINARY
        )
        for expanded in (False, True)
    ]
    fused, expanded = (page.known["models"][0] for page in pages)
    assert json.dumps(fused["units"]) == json.dumps(expanded["units"])
    assert fused["parameters"] == expanded["parameters"]


def test_an_optimizer_is_called_by_what_differs_from_its_defaults():
    weights = [Value(1.0)]
    assert name_of(nn.SGD(weights, lr=0.5)) == "SGD"
    assert (
        name_of(nn.SGD(weights, momentum=0.9, nesterov=True)) == "SGD, momentum 0.9, nesterov True"
    )
    assert name_of(nn.Adam(weights, betas=(0.8, 0.9))) == "Adam, betas (0.8, 0.9)"
