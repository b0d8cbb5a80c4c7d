"""The page trains as fit does: the same batches, losses and weights."""

import copy
import functools
import random

import pytest

import nn
from autograd import sin
from demos.data import make_moons
from nn.training.batches import batches
from tests.nn.playing.pages import Page

POINTS, CLASSES = make_moons(40)
STEP_BY_STEP = """
const t = trainer(SETTINGS), losses = [];
for (let k = 0; k < 100; k++) { t.step(); losses.push(t.loss); }
answer({ losses, weights: [...t.weights] });
"""
OPTIMIZERS = {
    "SGD": functools.partial(nn.SGD, lr=0.1),
    "momentum": functools.partial(nn.SGD, lr=0.03, momentum=0.9),
    "dampening, decay": functools.partial(
        nn.SGD, lr=0.1, momentum=0.8, dampening=0.3, weight_decay=0.01
    ),
    "Nesterov": functools.partial(nn.SGD, lr=0.03, momentum=0.9, nesterov=True),
    "Adam": functools.partial(nn.Adam, lr=0.01),
    "Adam, decay": functools.partial(nn.Adam, lr=0.01, weight_decay=0.1),
    "AdamW": functools.partial(nn.AdamW, lr=0.01),
    "RMSprop": functools.partial(nn.RMSprop, lr=0.003, momentum=0.5),
    "Adagrad": functools.partial(nn.Adagrad, lr=0.1, lr_decay=0.1),
}


def losses_of_fit(model, rows, targets, *, loss, optimizer, batch_size, validation=0.0, rng=0):
    """Return the loss of each of 100 batches, as fit finds them, and the weights after them."""
    seen = []

    def noted(outputs, targets):
        found = loss(outputs, targets)
        seen.append(found.data)
        return found

    nn.fit(
        model, rows, targets, loss=noted, optimizer=optimizer, batch_size=batch_size,
        epochs=100 * batch_size // len(rows) + 1, validation=validation, rng=rng,
    )  # fmt: skip
    return seen


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_hundred_steps_find_the_losses_of_fit(name, tmp_path):
    model = nn.MLP(2, [6, 5, 1], "tanh", rng=1)
    expected = copy.deepcopy(model)
    page = Page(
        tmp_path / "page.html", model, POINTS, CLASSES,
        loss=nn.hinge_loss, optimizer=OPTIMIZERS[name], batch_size=16, rng=3,
    )  # fmt: skip
    found = page.run(STEP_BY_STEP.replace("SETTINGS", ""))
    losses = losses_of_fit(
        expected, POINTS, CLASSES, loss=nn.hinge_loss,
        optimizer=OPTIMIZERS[name](expected.parameters()), batch_size=16, rng=3,
    )  # fmt: skip
    assert len(found["losses"]) == 100
    assert found["losses"] == pytest.approx(losses[:100], rel=1e-9, abs=1e-9)
    assert losses[99] != pytest.approx(losses[0], rel=0.1)


def test_validation_and_several_classes_are_those_of_fit(tmp_path):
    rows = [[x, y] for x, y in POINTS]
    targets = [(0 if x < 0 else 1) if y < 0.3 else 2 for x, y in rows]
    model = nn.Sequential(nn.Layer(2, 5, "tanh", rng=2), nn.LayerNorm(5), nn.Layer(5, 3, "linear"))
    expected = copy.deepcopy(model)
    settings = {"loss": nn.cross_entropy, "validation": 0.25, "rng": random.Random(9)}
    adam = functools.partial(nn.Adam, lr=0.02)
    page = Page(tmp_path / "page.html", model, rows, targets, optimizer=adam, **settings)
    found = page.run(
        "const t = trainer(), losses = [], held_out = [];\n"
        "for (let k = 0; k < 100; k++) {\n"
        "  t.step(); losses.push(t.loss); held_out.push(t.measured(KNOWN.held_out).loss);\n"
        "}\nanswer({ losses, held_out, weights: [...t.weights] });"
    )
    history = nn.fit(
        expected, rows, targets, optimizer=adam(expected.parameters()), batch_size=40, epochs=100,
        **settings | {"rng": random.Random(9)},
    )  # fmt: skip
    assert found["losses"] == pytest.approx(history["loss"], rel=1e-9, abs=1e-9)
    assert found["held_out"] == pytest.approx(history["val_loss"], rel=1e-9, abs=1e-9)
    weights = [parameter.data for parameter in expected.parameters()]
    assert found["weights"] == pytest.approx(weights, rel=1e-9, abs=1e-9)


def test_weights_that_are_not_the_optimizers_stay(tmp_path):
    model = nn.MLP(2, [3, 1], rng=1)
    first, last = model.layers
    sgd = nn.SGD(last.parameters(), lr=0.1)
    page = Page(tmp_path / "p.html", model, POINTS, CLASSES, loss=nn.hinge_loss, optimizer=sgd)
    found = page.run(
        "const t = trainer(); for (let k = 0; k < 9; k++) t.step(); answer([...t.weights]);"
    )
    named = dict(zip(page.known["models"][0]["parameters"], found, strict=True))
    start = model.state_dict()
    moved = {name for name, number in named.items() if number != start[name]}
    assert moved == {name for name in start if name.startswith("layer1.")}
    assert len(first.parameters()) == 9


def test_reset_comes_back_to_the_same_start(tmp_path):
    page = Page(
        tmp_path / "p.html", nn.MLP(2, [3, 1]), POINTS, CLASSES,
        loss=nn.hinge_loss, batch_size=7, optimizer=nn.Adam,
    )  # fmt: skip
    first, again = page.run(
        "const t = trainer(), seen = [];\n"
        "const twenty = () => Array.from({ length: 20 }, () => { t.step(); return t.loss; });\n"
        "seen.push(twenty()); t.reset(); seen.push(twenty()); answer(seen);"
    )
    assert first == again
    assert len(set(first)) == 20


@pytest.mark.parametrize("seed", [0, 1, 12345])
def test_the_generator_is_pythons(seed, tmp_path):
    page = Page(tmp_path / "p.html", nn.MLP(2, [1]), POINTS, CLASSES, loss=nn.hinge_loss, rng=seed)
    found = page.run(
        "const r = new Twister(KNOWN.random), lists = [];\n"
        "for (let k = 0; k < 100; k++) {\n"
        "  const list = [...Array(k).keys()]; r.shuffle(list); lists.push(list);\n"
        "}\n"
        "answer({ lists, numbers: Array.from({ length: 700 }, () => r.random()) });"
    )
    rng = random.Random(seed)
    for k in range(100):
        expected = list(range(k))
        rng.shuffle(expected)
        assert found["lists"][k] == expected
    assert found["numbers"] == [rng.random() for _ in range(700)]


@pytest.mark.parametrize("n", range(1, 12))
@pytest.mark.parametrize("size", [1, 2, 3, 5, 20])
def test_batches_are_cut_as_fit_cuts_them(n, size, page_of_moons):
    found = page_of_moons.run(f"answer(batchesOf([...Array({n}).keys()], {size}));")
    assert found == batches(list(range(n)), size)


@pytest.fixture(scope="module")
def page_of_moons(tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "moons.html"
    return Page(path, nn.MLP(2, [4, 1]), POINTS, CLASSES, loss=nn.hinge_loss)


def test_every_unit_is_what_the_model_has_there(tmp_path):
    model = nn.Sequential(Features(), nn.MLP(5, [3, 2], "tanh", rng=4))
    page = Page(tmp_path / "p.html", model, POINTS, [int(c > 0) for c in CLASSES],
                loss=nn.cross_entropy)  # fmt: skip
    found = page.run("answer(trainer().activations([[0.5, -1.5], [2, 3]]).map((v) => [...v]));")
    known = page.known["models"][0]
    units = known["units"]
    assert [unit["name"] for unit in units[:5]] == [
        "x[0]",
        "x[1]",
        *(u["name"] for u in units[2:5]),
    ]
    assert {unit["name"] for unit in units[2:5]} == {"x[0]**2", "x[1]**2", "sin(x[0])"}
    for k, row in enumerate([[0.5, -1.5], [2.0, 3.0]]):
        outputs = [found[place][k] for place in known["outputs"]]
        assert outputs == pytest.approx([output.data for output in model(row)], rel=1e-12)
        named = {unit["name"]: found[place][k] for place, unit in enumerate(units)}
        assert named["x[0]**2"] == row[0] ** 2
        hidden = model.layers[1].layers[0](model.layers[0](row))
        for n, value in enumerate(hidden):
            assert named[f"layer1.layer0.neuron{n}"] == pytest.approx(value.data, rel=1e-12)


class Features(nn.Module):
    """The two inputs, and three more made of them."""

    def forward(self, row):
        x, y = row
        return [x, y, x**2, y**2, sin(x)]


def test_it_stops_at_what_is_not_finite_names_the_weight_and_goes_back(tmp_path):
    rows, targets = [[k / 4] for k in range(-8, 9)], [k / 2 for k in range(-8, 9)]
    page = Page(tmp_path / "p.html", nn.MLP(1, [1]), rows, targets, loss=nn.mse_loss)
    found = page.run(
        "const t = trainer({ lr: 1e9 }); let done = 0;\n"
        "while (t.step()) done++;\n"
        "const { trouble, steps, isReady } = t, refused = t.step(); t.backTo(t.best);\n"
        "const { weights } = t, name = KNOWN.models[0].parameters[trouble.weight];\n"
        "answer({ done, trouble, steps, isReady, refused, weights: [...weights], name });"
    )
    assert found["done"] == found["steps"] < 100
    assert (found["isReady"], found["refused"]) == (False, False)
    assert found["name"] == "layer0.neuron0.w[0]"
    assert found["trouble"]["bad"] == "", "the square overflows before the weight does"
    assert abs(found["trouble"]["number"]) > 1e150
    assert found["weights"] == page.known["models"][0]["start"], "the loss was lowest there"


def test_the_last_good_step_is_the_last_with_a_finite_loss_and_gradient(tmp_path):
    rows, targets = [[k / 4] for k in range(-8, 9)], [k / 2 for k in range(-8, 9)]
    page = Page(tmp_path / "p.html", nn.MLP(1, [1]), rows, targets, loss=nn.mse_loss)
    found = page.run(
        "const t = trainer({ lr: 1e9 }), losses = [], weights = [];\n"
        "do weights.push([...t.weights]); while (t.step() && losses.push(t.loss));\n"
        "const stopped = t.steps; t.backTo(t.good);\n"
        "answer({ losses, weights, stopped, steps: t.steps, loss: t.loss, now: [...t.weights] });"
    )
    last = found["stopped"] - 1  # the step after it moved the weights to where the loss is infinite
    assert found["steps"] == last > 3
    assert found["loss"] == found["losses"][last] > 1e100
    assert found["now"] == found["weights"][last]


def test_an_edited_weight_leaves_the_last_good_step_as_it_was(page_of_moons):
    found = page_of_moons.run(
        "const t = trainer(); t.step(); t.step();\n"
        "const before = t.weights[0], good = [...t.good.weights]; t.setWeight(0, 1e308);\n"
        "answer({ before, good, now: [...t.good.weights], edited: t.weights[0] });"
    )
    assert found["now"] == found["good"]
    assert found["edited"] == 1e308


def test_a_weight_whose_gradient_is_not_finite_is_named(page_of_moons):
    found = page_of_moons.run(
        "const t = trainer(); t.weights[4] = Infinity; t.step();\n"
        "answer({ weight: KNOWN.models[0].parameters[t.trouble.weight], bad: t.trouble.bad });"
    )
    assert found["bad"] == "gradient"
    assert found["weight"] in page_of_moons.known["models"][0]["parameters"]


def test_the_losses_of_many_steps_stay_few_numbers(page_of_moons):
    found = page_of_moons.run(
        "const c = new Curve(8); for (let k = 0; k < 1000; k++) c.add(k);\n"
        "answer({ values: c.values, each: c.each });"
    )
    assert len(found["values"]) < 8
    mean_of_first = (found["each"] - 1) / 2
    assert found["values"][0] == mean_of_first
