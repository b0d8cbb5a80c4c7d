"""fit with a compiled program: the same training as the engine's, or an error before it begins."""

import functools
import math
import random
import re
from fractions import Fraction

import numpy as np
import pytest

import autograd.program.backends
from autograd import NoForwardRuleError, Value, checkpoint, log
from nn import (
    MLP,
    SGD,
    Adagrad,
    Adam,
    AdamW,
    BatchNorm,
    Dropout,
    EarlyStopping,
    Layer,
    LayerNorm,
    Module,
    NonFiniteError,
    Optimizer,
    RMSprop,
    Sequential,
    StepLR,
    accuracy,
    binary_cross_entropy_with_logits,
    cross_entropy,
    fit,
    hinge_loss,
    mse_loss,
    nll_loss,
)
from tests.backends import NATIVE, every_backend
from tests.nn.training.models import CLASSES, ROWS, XS, YS, line, press_ctrl_c


class Checkpointed(Module):
    """A model that runs its layers again on the way back."""

    def __init__(self):
        self.model = MLP(1, [3, 1], "tanh", rng=0)

    def forward(self, row):
        def layers(x):
            return self.model([x])

        return checkpoint(layers)(*row)


ONE_HOT = [[float(k == number) for k in range(2)] for number in CLASSES]
SIGNS = [2.0 * number - 1 for number in CLASSES]

OPTIMIZERS = [
    functools.partial(SGD, lr=0.1),
    functools.partial(SGD, lr=0.1, momentum=0.9),
    functools.partial(Adagrad, lr=0.1),
    functools.partial(RMSprop, lr=0.05),
    functools.partial(Adam, lr=0.05),
    functools.partial(AdamW, lr=0.05),
]


def trained(
    backend, n_outputs, loss, targets, *, kind=OPTIMIZERS[0], rows=ROWS, model=None, **settings
):
    """Return all that a training leaves, as numbers: history, weights, gradients, memories."""
    model = MLP(2, [5, n_outputs], "tanh", rng=0) if model is None else model()
    optimizer = kind(model.parameters())
    settings = {"epochs": 3, "batch_size": 5, "backend": backend, **settings}
    history = fit(model, rows, targets, loss=loss, optimizer=optimizer, **settings)
    grads = [p.grad if p.has_grad else None for p in model.parameters()]
    return dict(history), model.state_dict(), grads, optimizer.state, history.best


def assert_same(found, wanted):
    """Assert that nested numbers are equal to 1e-9."""
    if isinstance(wanted, dict):
        assert list(found) == list(wanted)
        found, wanted = list(found.values()), list(wanted.values())
    if isinstance(wanted, list | tuple):
        for one, other in zip(found, wanted, strict=True):
            assert_same(one, other)
    else:
        assert type(found) is type(wanted)
        assert found is None or found == pytest.approx(wanted, rel=1e-9, abs=1e-9)


# -- the same training -------------------------------------------------------------------------


@every_backend
@pytest.mark.parametrize("kind", OPTIMIZERS, ids=str)
def test_each_optimizer_leaves_what_it_leaves_in_the_engine(backend, kind):
    """The history; and in the Values: weights, gradients of the last batch, memories."""
    settings = {"kind": kind, "validation": 0.25, "metrics": {"accuracy": accuracy}}
    wanted = trained("eager", 1, hinge_loss, SIGNS, **settings)
    assert_same(trained(backend, 1, hinge_loss, SIGNS, **settings), wanted)


@every_backend
@pytest.mark.parametrize(
    ("n_outputs", "loss", "targets"),
    [
        (2, cross_entropy, CLASSES),
        (2, cross_entropy, np.array(CLASSES)),
        (2, functools.partial(cross_entropy), CLASSES),
        (2, cross_entropy, ONE_HOT),
        (1, binary_cross_entropy_with_logits, CLASSES),
        (2, mse_loss, ONE_HOT),
        (1, mse_loss, SIGNS),
    ],
)
def test_each_loss_is_the_same(backend, n_outputs, loss, targets):
    wanted = trained("eager", n_outputs, loss, targets, validation=0.25)
    assert_same(trained(backend, n_outputs, loss, targets, validation=0.25), wanted)


@every_backend
@pytest.mark.parametrize("settings", [{"clip_norm": 0.1}, {"clip_value": 0.01, "clip_norm": 0.1}])
def test_gradients_are_clipped_as_in_the_engine(backend, settings):
    wanted = trained("eager", 1, mse_loss, SIGNS, **settings)
    assert_same(trained(backend, 1, mse_loss, SIGNS, **settings), wanted)
    assert wanted[2] != trained("eager", 1, mse_loss, SIGNS)[2]


@every_backend
def test_schedule_and_early_stopping_are_those_of_the_engine(backend):
    def run(backend):
        model = MLP(2, [3, 1], "tanh", rng=0)
        optimizer = SGD(model.parameters(), lr=0.1)
        history = fit(
            model, ROWS, SIGNS, loss=mse_loss, optimizer=optimizer, schedule=StepLR(optimizer, 2),
            early_stopping=EarlyStopping(model, patience=2, min_delta=0.01), epochs=30,
            validation=0.3, backend=backend,
        )  # fmt: skip
        return dict(history), model.state_dict(), history.ended_by == "early stopping"

    wanted = run("eager")
    assert wanted[2]
    assert_same(run(backend), wanted)


class Flattened(Sequential):
    """A layer of four for rows of two lists of two; and two layers that change nothing."""

    def __init__(self):
        super().__init__(Layer(4, 3, "tanh", rng=0), LayerNorm(3), Dropout(0.0, rng=0))

    def forward(self, x):
        return super().forward([number for row in x for number in row])


@every_backend
@pytest.mark.parametrize("kind", [list, np.array])
def test_rows_may_be_nested_lists_and_arrays(backend, kind):
    rows = [kind([row, other]) for row, other in zip(ROWS, ROWS[::-1], strict=True)]
    targets = [[x, y, 0.5] for x, y in ROWS]
    settings = {"rows": rows, "model": Flattened}
    wanted = trained("eager", 3, mse_loss, targets, **settings)
    assert_same(trained(backend, 3, mse_loss, targets, **settings), wanted)


class Line(Module):
    """w·x + b, for a row that is a number; ``unused`` is in no graph."""

    def __init__(self, w=0.5, b=0.0):
        self.w, self.b, self.unused = Value(w), Value(b), Value(1.0)

    def forward(self, x):
        return self.w * x + self.b


@every_backend
def test_a_row_may_be_a_number_and_a_parameter_without_gradient_stays(backend):
    decaying = functools.partial(SGD, lr=0.1, weight_decay=0.5)
    settings = {"rows": [x for (x,) in XS], "model": Line, "kind": decaying}
    found = trained(backend, 1, mse_loss, YS, **settings)
    assert_same(found, trained("eager", 1, mse_loss, YS, **settings))
    assert (found[1]["unused"], found[2][2]) == (1.0, None)


@every_backend
def test_a_parameter_of_no_optimizer_stays_and_has_its_gradient(backend):
    settings = {"rows": [x for (x,) in XS], "model": Line, "kind": lambda ps: Adam(ps[:1], lr=0.1)}
    found = trained(backend, 1, mse_loss, YS, **settings)
    assert_same(found, trained("eager", 1, mse_loss, YS, **settings))
    assert found[1]["b"] == 0.0 != found[2][1]


class Odd(Line):
    """Its outputs: one of no parameter, one twice, one not of the row, and a bare number."""

    def forward(self, x):
        y = self.w * x
        return [x, y, y, +self.b, 2.0]


@every_backend
def test_outputs_may_be_whatever_they_are_in_the_engine(backend):
    def loss(outputs, targets):
        return mse_loss([output[1] + output[3] for output in outputs], targets)

    def total(outputs, targets):
        return sum(Value(1.0) * number for number in outputs[-1]) / len(outputs)

    settings = {"rows": [x for (x,) in XS], "model": Odd, "metrics": {"total": total}}
    wanted = trained("eager", 1, loss, YS, validation=0.3, **settings)
    assert_same(trained(backend, 1, loss, YS, validation=0.3, **settings), wanted)


@every_backend
def test_a_metric_may_be_of_what_no_row_has_a_part_in(backend):
    class Constant(Line):
        def forward(self, x):
            return +self.b

    settings = {"rows": [x for (x,) in XS], "model": Constant}
    settings["metrics"] = {"sum": lambda outputs, targets: sum(outputs) / 2}
    wanted = trained("eager", 1, mse_loss, YS, validation=0.3, **settings)
    assert_same(trained(backend, 1, mse_loss, YS, validation=0.3, **settings), wanted)


@every_backend
def test_a_second_training_goes_on_with_what_the_first_left(backend):
    def twice(*backends):
        model = MLP(1, [3, 1], "tanh", rng=0)
        optimizer = Adam(model.parameters(), lr=0.1)
        for name in backends:
            line(model, optimizer=optimizer, backend=name)
        return model.state_dict(), optimizer.state

    assert_same(twice(backend, backend), twice("eager", "eager"))
    assert_same(twice("eager", backend), twice("eager", "eager"))


class SignDescent(Optimizer):
    """Its formula takes numbers and no arrays."""

    def updated(self, weight, gradient, memory):
        return weight - math.copysign(self.lr, gradient)


@every_backend
def test_an_optimizer_of_a_students_own_may_take_numbers_only(backend):
    kind = functools.partial(SignDescent, lr=0.01)
    wanted = trained("eager", 1, mse_loss, SIGNS, kind=kind)
    assert_same(trained(backend, 1, mse_loss, SIGNS, kind=kind), wanted)


def test_python_trains_fractions_exactly():
    def weight(backend):
        model = Line(Fraction(1, 3), Fraction(0))
        fit(
            model, [1, 2], [Fraction(1, 2), 3], loss=mse_loss, epochs=2, backend=backend,
            optimizer=SGD(model.parameters(), lr=Fraction(1, 10)),
        )  # fmt: skip
        return model.w.data

    assert weight("python") == weight("eager")
    assert isinstance(weight("python"), Fraction)
    with pytest.raises(ValueError, match="holds fractions, which backend='numpy' cannot hold"):
        weight("numpy")


@every_backend
@pytest.mark.parametrize("held_out", [False, True])
def test_a_branch_that_only_few_rows_take_is_found(backend, held_out):
    class Gap(Line):
        def forward(self, x):
            y = self.w * x + self.b
            number = x.data if isinstance(x, Value) else x
            return -y if 0.35 < number < 0.45 else y

    model = Gap()
    rows = [k / 20 for k in range(20)]  # one of them, 0.4, is in the gap
    targets = [0.5 + row for row in rows]
    before = model.state_dict()
    with pytest.raises(ValueError, match=r"where the engine has .* for (rows|validation\[0\])\["):
        fit(
            model, rows[:8] + rows[9:] if held_out else rows,
            targets[:8] + targets[9:] if held_out else targets,
            loss=mse_loss, optimizer=SGD(model.parameters()), backend=backend, epochs=1,
            validation=([0.1, 0.4, 0.9, 0.8, 0.7], [1.0] * 5) if held_out else 0.0,
        )  # fmt: skip
    assert model.state_dict() == before


def test_it_learns():
    model = MLP(2, [8, 2], "tanh")
    history = fit(
        model, ROWS, CLASSES, loss=cross_entropy, optimizer=Adam(model.parameters(), lr=0.1),
        epochs=40, batch_size=4, backend="numpy",
    )  # fmt: skip
    assert history["loss"][-1] < history["loss"][0] / 3
    assert accuracy(model.batch(ROWS), CLASSES) == 1.0
    assert not model.training


@pytest.mark.parametrize("backend", ["numpy", NATIVE])
@pytest.mark.parametrize("saved", [False, True])
def test_arrays_come_into_the_values_at_checkpoints_and_comparisons_only(backend, saved, tmp_path):
    """So an epoch does no work for each parameter."""
    model = MLP(1, [3, 1], "tanh", rng=0)
    seen = []

    def weight(outputs, targets):
        seen.append(model.parameters()[0].data)
        return 0.0

    before = model.parameters()[0].data
    line(
        model, optimizer=Adam(model.parameters(), lr=0.1), backend=backend, batch_size=3, epochs=3,
        metrics={"weight": weight}, checkpoint=tmp_path / "saved.json" if saved else None,
    )  # fmt: skip
    in_epochs = seen[-9:]  # three of three batches each
    assert len(set(in_epochs)) == (3 if saved else 2)  # the comparison is after epoch 1
    assert in_epochs[0] == before
    assert model.parameters()[0].data not in in_epochs


@every_backend
def test_early_stopping_brings_back_the_best_weights_of_arrays_too(backend):
    def run(backend):
        model = MLP(1, [3, 1], "tanh", rng=0)
        stopping = EarlyStopping(model, patience=2)
        history = line(
            model, optimizer=SGD(model.parameters(), lr=0.6), backend=backend, epochs=30,
            early_stopping=stopping,
        )  # fmt: skip
        return dict(history), history.best, model.state_dict(), dict(stopping.state_dict())

    expected = run("eager")
    assert expected[1] < len(expected[0]["loss"])
    assert_same(run(backend), expected)


# -- interrupted, saved, gone wrong ------------------------------------------------------------


def at_batch(n, act):
    """Return a metric that acts at batch ``n`` of three rows."""
    batches = []

    def metric(outputs, targets):
        batches.append(len(outputs))
        if batches.count(3) == n:
            act()
        return 0.0

    return metric


def raise_keyboard_interrupt():
    raise KeyboardInterrupt


@every_backend
@pytest.mark.parametrize("act", [press_ctrl_c, raise_keyboard_interrupt])
def test_interrupted_the_values_have_the_numbers_of_that_moment(backend, act, tmp_path):
    def run(backend):
        model = MLP(1, [3, 1], "tanh", rng=0)
        optimizer = Adam(model.parameters(), lr=0.1)
        path = tmp_path / f"{backend}.json"
        settings = {"optimizer": optimizer, "batch_size": 3, "epochs": 3, "checkpoint": path}
        metrics = {"none": at_batch(5, act)}
        try:
            line(model, metrics=metrics, backend=backend, **settings)
        except KeyboardInterrupt:
            assert act is raise_keyboard_interrupt
        stood = model.state_dict(), optimizer.state, [p.grad for p in model.parameters()]
        other = MLP(1, [3, 1], "tanh", rng=0)
        optimizer = Adam(other.parameters(), lr=0.1)
        history = line(other, metrics={"none": lambda outputs, targets: 0.0}, backend=backend,
                       **{**settings, "optimizer": optimizer})  # fmt: skip
        return stood, dict(history), other.state_dict(), optimizer.state

    assert_same(run(backend), run("eager"))


def test_a_checkpoint_goes_on_with_another_backend(tmp_path):
    def run(*backends):
        path = tmp_path / f"{backends}.json"
        for epochs, backend in zip((2, 4), backends, strict=True):
            model = MLP(1, [3, 1], "tanh", rng=0)
            history = line(model, optimizer=Adam(model.parameters(), lr=0.1), epochs=epochs,
                           checkpoint=path, backend=backend)  # fmt: skip
        return dict(history), model.state_dict()

    assert_same(run("numpy", "eager"), run("eager", "eager"))
    assert_same(run("eager", "numpy"), run("eager", "eager"))


def went_wrong(backend, error, *, xs=XS, ys=YS, loss=mse_loss, **settings):
    """Return the message of a training that raises, and the weights it leaves."""
    model = MLP(1, [3, 1], "tanh", rng=0)
    settings.setdefault("optimizer", Adam(model.parameters(), lr=0.1))
    with pytest.raises(error) as caught:
        fit(model, xs, ys, loss=loss, batch_size=4, backend=backend, **settings)
    message = re.sub(r"\d+\.\d{3,}", "…", str(caught.value))
    return message, list(model.state_dict().values())


@every_backend
@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_bad_row_is_named_as_in_the_engine(backend, bad):
    xs = [*XS[:3], [bad], *XS[4:]]
    wanted = went_wrong("eager", NonFiniteError, xs=xs, loss=lambda o, t: mse_loss(o, t) * xs[3][0])
    message, _weights = wanted
    assert "NaN or infinity is in the data of rows[3]" in message or "loss is" in message
    targets = [*YS[:3], bad, *YS[4:]]
    wanted = went_wrong("eager", NonFiniteError, ys=targets)
    assert_same(went_wrong(backend, NonFiniteError, ys=targets)[1], wanted[1])
    assert "NaN or infinity is in the data of rows[3]" in went_wrong(
        backend, NonFiniteError, ys=targets
    )[0]  # fmt: skip


@every_backend
def test_weights_that_grow_without_bound_are_an_error_and_the_last_good_ones_stay(backend):
    def run(backend):
        model = Line()
        with pytest.raises(NonFiniteError) as caught:
            fit(model, [100.0, -100.0], [1.0, 2.0], loss=mse_loss, epochs=500, batch_size=1,
                optimizer=SGD(model.parameters(), lr=1e3), backend=backend)  # fmt: skip
        assert math.isfinite(model.w.data)
        return re.sub(r"[\d.]+e[+]\d+", "…", str(caught.value)), caught.value.history.epochs

    assert run(backend) == run("eager")


@every_backend
def test_outside_a_domain_the_engine_says_where(backend):
    class Log(Line):
        def forward(self, x):
            return log(self.w * x)

    model = Log()
    with pytest.raises(ValueError, match=r"is undefined: its operand must be > 0") as caught:
        fit(
            model,
            [1.0, 2.0, -1.0, 3.0, 4.0, 5.0, 6.0],
            [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
            loss=mse_loss,
            optimizer=SGD(model.parameters()),
            batch_size=2,
            validation=0.3,
            backend=backend,
        )
    assert any("epoch 1" in note and "rows[2]" in note for note in caught.value.__notes__)


# -- what cannot be compiled -------------------------------------------------------------------


class Branching(Line):
    def forward(self, x):
        return self.w * x if x < 0 else self.w + x


class Noisy(Line):
    def forward(self, x):
        return self.w * x + random.Random(id(x)).random() * Value(1.0) + random.random()


class ReadingData(Line):
    def forward(self, x):
        return self.w * (x.data if isinstance(x, Value) else x) + self.b


class Looking(Module):
    """A vector for each of three words."""

    def __init__(self):
        self.table = [Value(0.1), Value(0.2), Value(0.3)]

    def forward(self, x):
        return self.table[x]


class OfTheBatch(Line):
    def forward_batch(self, rows):
        return [self.w * (x - sum(rows) / len(rows)) for x in rows]

    def forward(self, x):
        raise AssertionError


def of_classes(outputs, targets):
    return cross_entropy(outputs, targets)


NUMBERS = [-2.0, -1.0, 1.0, 3.0]


@every_backend
@pytest.mark.parametrize(
    ("model", "rows", "targets", "loss", "message"),
    [
        (lambda: Sequential(Layer(2, 3), Dropout(0.5, rng=0)), ROWS, ROWS, mse_loss,
         "layer1, Dropout(0.5), drops others in each row"),
        (lambda: Sequential(Layer(2, 3), BatchNorm(3)), ROWS, ROWS, mse_loss,
         "layer1, BatchNorm(3), needs the mean and the variance of the whole batch"),
        (Branching, NUMBERS, NUMBERS, mse_loss, "the graph of rows["),
        (Noisy, NUMBERS, NUMBERS, mse_loss, "the graph of rows["),
        (ReadingData, NUMBERS, NUMBERS, mse_loss, "the graph of rows["),
        (Looking, [0, 1, 2], [0.0, 1.0, 2.0], mse_loss, "the model raised TypeError"),
        (OfTheBatch, NUMBERS, NUMBERS, mse_loss, "a model that computes each row by itself"),
        (Line, NUMBERS, NUMBERS, functools.partial(mse_loss, reduction="sum"),
         'a loss that is a mean over rows, as with reduction="mean"'),
        (lambda: MLP(2, [2]), ROWS, CLASSES, nll_loss, "give one-hot targets"),
        (lambda: MLP(2, [2]), ROWS, CLASSES, of_classes,
         "give one-hot targets"),
        (Line, [[1.0], [1.0, 2.0]], [1.0, 2.0], lambda o, t: o[0], "not of the shape of rows[0]"),
    ],
)  # fmt: skip
def test_what_has_no_fixed_graph_is_an_error_that_says_so(
    backend, model, rows, targets, loss, message
):
    model = model()
    model.eval()
    before = model.state_dict()
    if message.startswith("not of"):
        model.forward = lambda x: model.w * x[0]
    with pytest.raises(ValueError, match=re.escape(message)) as caught:
        fit(model, rows, targets, loss=loss, optimizer=SGD(model.parameters()), backend=backend)
    assert 'backend="eager"' in str(caught.value)
    assert model.state_dict() == before
    assert not model.training
    if not isinstance(model, Sequential):
        with_engine = SGD(model.parameters())
        fit(model, rows, targets, loss=loss, optimizer=with_engine, epochs=1)


def test_the_layer_whose_graph_differs_is_named():
    class Gate(Module):
        def forward(self, x):
            return [v * 2.0 if v > 0 else v + 1.0 for v in x]

    model = Sequential(Layer(2, 4), Gate(), Layer(4, 1))
    with pytest.raises(ValueError, match=r"rows\[\d+\] is not that of rows\[0\]: in layer1, "):
        fit(model, ROWS, [[y] for y in SIGNS], loss=mse_loss,
            optimizer=SGD(model.parameters()), backend="numpy")  # fmt: skip


@every_backend
@pytest.mark.parametrize(
    ("loss", "n_outputs", "bad", "message"),
    [
        (hinge_loss, 1, 0.5, "hinge_loss has targets -1 and 1; 0.5 is neither"),
        (cross_entropy, 2, 2, "cross_entropy of 2 numbers has targets 0 to 1; 2 is not one"),
    ],
)
def test_a_target_that_the_loss_does_not_take_is_named(backend, loss, n_outputs, bad, message):
    targets = [1] * 16
    targets[7] = bad
    model = MLP(2, [n_outputs], rng=0)
    with pytest.raises(ValueError, match=message) as caught:
        fit(model, ROWS, targets, loss=loss, optimizer=SGD(model.parameters()), backend=backend)
    assert caught.value.__notes__ == ["In the target of rows[7]."]


@every_backend
def test_a_row_of_text_is_an_error_that_names_it(backend):
    class Length(Line):
        def forward(self, x):
            return self.w * len(x)

    model = Length()
    with pytest.raises(TypeError, match=r"rows\[0\]: .* takes numbers, and nested lists of them"):
        fit(model, ["a", "bc"], [1.0, 2.0], loss=mse_loss, optimizer=SGD(model.parameters()),
            backend=backend)  # fmt: skip


def test_a_metric_that_does_not_take_the_outputs_says_so_before_anything_is_trained():
    model = Sequential(Layer(2, 1, "sigmoid"))
    before = model.state_dict()
    with pytest.raises(ValueError, match="the outputs are probabilities, from sigmoid"):
        fit(model, ROWS, [[c] for c in CLASSES], loss=mse_loss, metrics={"accuracy": of_single},
            optimizer=SGD(model.parameters(), lr=0.1), backend="numpy")  # fmt: skip
    assert model.state_dict() == before


def of_single(outputs, targets):
    return accuracy([output for (output,) in outputs], [target for (target,) in targets])


def test_an_unknown_backend_is_an_error():
    with pytest.raises(ValueError, match="backend = 'torch' is unknown; there are eager, python"):
        line(Line(), backend="torch")


def test_without_numpy_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(autograd.program.backends, "find_spec", lambda name: None)
    model = MLP(1, [1])
    before = model.state_dict()
    with pytest.raises(ImportError, match="pip install numpy, or take backend='python'"):
        line(model, backend="numpy")
    assert model.state_dict() == before


def test_a_recompute_checkpoint_trains_eagerly_and_is_told_so_to_every_other_backend():
    def trained_by(backend):
        model = Checkpointed()
        settings = {"loss": mse_loss, "optimizer": SGD(model.parameters(), lr=0.1), "epochs": 1}
        return fit(model, XS, YS, **settings, backend=backend, progress=False)

    assert math.isfinite(trained_by("eager")["loss"][-1])
    for backend in ("python", "numpy"):
        with pytest.raises(NoForwardRuleError, match=r"^layers is a recompute .* backend='eager'"):
            trained_by(backend)
