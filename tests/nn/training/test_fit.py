"""fit: the loop, validation, Ctrl-C, checkpoints, NaN, what it tells, and what it refuses."""

import math
import random
from fractions import Fraction

import pytest

from autograd import Value, sigmoid
from nn import (
    MLP,
    SGD,
    Adam,
    BatchNorm,
    Dropout,
    EarlyStopping,
    Layer,
    Sequential,
    StepLR,
    accuracy,
    clip_grad_norm_,
    clip_grad_value_,
    cross_entropy,
    fit,
    l1_loss,
    mse_loss,
)
from tests.nn.training.models import CLASSES, LINE, ROWS, XS, YS, Slope, line


def column_loss(outputs, targets):
    """Return the loss of outputs that are lists of one."""
    return mse_loss([y for (y,) in outputs], targets)


# -- the loop ----------------------------------------------------------------------------------


def test_it_learns_and_tells_how():
    model = MLP(2, [8, 2], "tanh")
    history = fit(
        model, ROWS, CLASSES, loss=cross_entropy, optimizer=Adam(model.parameters(), lr=0.1),
        epochs=40, batch_size=4, metrics={"accuracy": accuracy},
    )  # fmt: skip
    assert list(history) == ["epoch", "lr", "loss", "accuracy"]
    assert history["epoch"] == list(range(1, 41))
    assert history["loss"][-1] < history["loss"][0] / 3
    assert history["accuracy"][-1] == 1.0
    assert history.ended_by == "all epochs done"
    assert accuracy(model.batch(ROWS), CLASSES) == 1.0


def test_it_is_the_loop_that_one_would_write():
    """Clip, step, and the schedule after each epoch, in an order shuffled by the seed."""
    fitted, written = MLP(1, [3, 1], "tanh"), MLP(1, [3, 1], "tanh")
    optimizer = Adam(fitted.parameters(), lr=0.1)
    history = line(
        fitted, optimizer=optimizer, schedule=StepLR(optimizer, 2), epochs=5, clip_norm=1.0,
        clip_value=0.5, rng=6,
    )  # fmt: skip

    optimizer = Adam(written.parameters(), lr=0.1)
    schedule = StepLR(optimizer, 2)
    rng, order, losses = random.Random(6), list(range(9)), []
    for _ in range(5):
        rng.shuffle(order)
        sums = []
        for batch in (order[:4], order[4:]):  # 4 and 5: no batch of one
            loss = mse_loss([written(XS[k]) for k in batch], [YS[k] for k in batch])
            optimizer.zero_grad()
            loss.backward()
            clip_grad_value_(written.parameters(), 0.5)
            clip_grad_norm_(written.parameters(), 1.0)
            optimizer.step()
            sums.append(loss.data * len(batch))
        schedule.step()
        losses.append(sum(sums) / 9)
    assert fitted.state_dict() == written.state_dict()
    assert history["loss"] == losses
    assert history["lr"] == pytest.approx([0.1, 0.1, 0.01, 0.01, 0.001])


@pytest.mark.parametrize(
    ("n", "size", "sizes"),
    [(9, 3, [3, 3, 3]), (9, 4, [4, 5]), (8, 3, [3, 3, 2]), (9, 16, [9]), (1, 4, [1]),
     (3, 1, [1, 1, 1]), (3, 2, [3]), (5, 2, [2, 3])],
)  # fmt: skip
def test_a_last_batch_has_what_is_left_but_never_one_row(n, size, sizes):
    model = Slope()
    line_of = [[float(k)] for k in range(n)]
    optimizer = SGD(model.parameters(), lr=1e-3)
    fit(model, line_of, [0.0] * n, loss=mse_loss, optimizer=optimizer, epochs=1, batch_size=size)
    assert [len(rows) for _, rows in model.seen] == sizes


def test_an_epoch_goes_once_through_all_rows_each_time_in_another_order():
    model = Slope()
    line(model, epochs=3, batch_size=3)
    epochs = [[row for _, rows in model.seen[k : k + 3] for row in rows] for k in (0, 3, 6)]
    assert all(sorted(epoch) == XS for epoch in epochs)
    assert len({str(epoch) for epoch in [XS, *epochs]}) == 4


def test_the_same_seed_gives_the_same_training_and_another_another():
    def weights(rng):
        model = MLP(1, [3, 1])
        line(model, rng=rng, validation=0.3)
        return model.state_dict()

    assert weights(1) == weights(1) == weights(random.Random(1))
    assert weights(1) != weights(2)


def test_the_global_random_state_is_neither_read_nor_touched():
    random.seed(1)
    state = random.getstate()
    line(MLP(1, [2, 1]), validation=0.3)
    assert random.getstate() == state


def test_a_last_loss_is_not_a_mean_of_means():
    """Batches of 4 and 5 rows count by their rows; metrics may give Values."""
    model = Slope(1.0)
    optimizer = SGD(model.parameters(), lr=0.0)
    history = line(model, optimizer=optimizer, epochs=1, metrics={"mae": l1_loss})
    errors = [abs(x - y) for (x,), y in LINE]
    assert history["mae"] == [pytest.approx(sum(errors) / 9)]
    assert history["loss"] == [pytest.approx(sum(error**2 for error in errors) / 9)]


def test_arrays_and_generators_are_rows_too():
    numpy = pytest.importorskip("numpy")
    models = [MLP(1, [2, 1]) for _ in range(3)]
    data = [(XS, YS), (numpy.array(XS), numpy.array(YS)), (iter(XS), iter(YS))]
    for model, (rows, targets) in zip(models, data, strict=True):
        optimizer = SGD(model.parameters(), lr=0.01)
        fit(model, rows, targets, loss=mse_loss, optimizer=optimizer, epochs=2)
    assert models[0].state_dict() == models[1].state_dict() == models[2].state_dict()


def test_fractions_stay_exact(tmp_path):
    def trained(epochs):
        model = Slope(Fraction(1, 3))
        optimizer = SGD(model.parameters(), lr=Fraction(1, 100))
        rows, targets = [[Fraction(k)] for k in range(4)], [Fraction(k, 2) for k in range(4)]
        path = tmp_path / "run.json"
        fit(
            model, rows, targets, loss=mse_loss, optimizer=optimizer, epochs=epochs, checkpoint=path
        )
        return model.w.data

    assert trained(1) == Fraction(1, 3) + Fraction(1, 100) * 2 * Fraction(1, 6) * Fraction(14, 4)
    assert trained(2) == Fraction(1, 2) - Fraction(1, 6) * (1 - Fraction(14, 200)) ** 2


def test_the_model_is_left_ready_to_predict():
    model = Sequential(Layer(1, 2), BatchNorm(2), Dropout(0.5, rng=1), Layer(2, 1))
    model.eval()
    line(model, loss=column_loss)
    assert not any(part.training for _, part in model.named_modules())
    assert model([1.0])[0].data == model([1.0])[0].data


def test_every_part_of_the_model_is_in_training_meanwhile():
    model = Sequential(Layer(1, 2), BatchNorm(2), Layer(2, 1))
    model.layers[1].eval()
    line(model, loss=column_loss)
    assert model.layers[1].running_mean != [0.0, 0.0]


def test_parameters_that_no_optimizer_moves_stay_and_forget_their_gradients():
    model = MLP(1, [2, 1])
    frozen = model.layers[0].parameters()
    before = [parameter.data for parameter in frozen]
    optimizer = SGD(model.layers[1].parameters(), lr=0.01)
    line(model, optimizer=optimizer, epochs=1, batch_size=9)
    once = [parameter.grad for parameter in frozen]
    optimizer.lr = 0.0
    model.layers[1].load_state_dict(MLP(1, [2, 1]).layers[1].state_dict())
    line(model, optimizer=optimizer, epochs=3, batch_size=9, rng=0)
    assert [parameter.data for parameter in frozen] == before
    assert [parameter.grad for parameter in frozen] == pytest.approx(once)


# -- validation --------------------------------------------------------------------------------


def test_a_share_of_the_rows_is_only_measured():
    model = Slope()
    history = line(model, epochs=3, validation=0.3)
    trained = {x for training, rows in model.seen for (x,) in rows if training}
    measured = {x for training, rows in model.seen for (x,) in rows if not training}
    assert len(measured) == 3
    assert trained | measured == {x for (x,) in XS}
    assert not trained & measured
    assert list(history) == ["epoch", "lr", "loss", "val_loss"]
    errors = [(model.w.data * x - (2 * x + 1)) ** 2 for x in measured]
    assert history["val_loss"][-1] == pytest.approx(sum(errors) / 3)


@pytest.mark.parametrize(
    ("share", "count"), [(0.0, 0), (0.01, 1), (0.5, 4), (Fraction(1, 3), 3), (0.94, 8)]
)
def test_a_share_is_rounded_to_one_row_at_least(share, count):
    model = Slope()
    line(model, epochs=1, batch_size=1, validation=share)
    assert [training for training, _ in model.seen].count(False) == count


def test_rows_of_their_own_are_measured_too():
    model = Slope(1.0)
    optimizer = SGD(model.parameters(), lr=0.0)
    history = line(
        model, optimizer=optimizer, epochs=1, validation=([[1.0], [2.0]], [3.0, 3.0]),
        metrics={"mae": l1_loss},
    )  # fmt: skip
    assert (history["val_loss"], history["val_mae"]) == ([2.5], [1.5])
    assert sorted(row for training, rows in model.seen for row in rows if training) == XS


def test_validation_changes_nothing():
    """Neither running averages nor a random generator: the weights are those without it."""

    def weights(**settings):
        rng = random.Random(2)
        model = Sequential(Layer(1, 3), BatchNorm(3), Dropout(0.5, rng=rng), Layer(3, 1))
        line(model, loss=column_loss, **settings)
        return model.state_dict(), rng.getstate()

    assert weights(validation=(XS, YS)) == weights()


# -- what it refuses ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "targets", "message"),
    [
        ([], [], "there are no rows: training needs at least one"),
        ([[1.0]], [], "1 rows and 0 targets: give one target for each row"),
        ([[1.0]], [1.0, 2.0], "1 rows and 2 targets"),
    ],
)
def test_data_of_wrong_lengths_are_refused(rows, targets, message):
    model = Slope()
    with pytest.raises(ValueError, match=message):
        fit(model, rows, targets, loss=mse_loss, optimizer=SGD(model.parameters()))
    with pytest.raises(ValueError, match=message.replace("rows", "validation rows", 1)
                       .replace("targets", "validation targets", 1)):  # fmt: skip
        line(model, validation=(rows, targets))
    assert not model.seen


def test_data_that_are_no_lists_are_refused():
    model = Slope()
    for rows, targets, name in [(3, [1.0], "rows"), ([[1.0]], 1.0, "targets"), ("ab", "ab", "rows"),
                                ({1: 2}, [1], "rows")]:  # fmt: skip
        with pytest.raises(TypeError, match=f"{name} are a list, not"):
            fit(model, rows, targets, loss=mse_loss, optimizer=SGD(model.parameters()))


def test_a_row_of_the_wrong_length_is_named_by_the_model():
    model = MLP(2, [1])
    with pytest.raises(ValueError, match="has 2 inputs; it was given 1 numbers"):
        line(model)


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        ({"epochs": 0}, ValueError, "epochs = 0: it must be a whole number from 1"),
        ({"epochs": 2.5}, ValueError, r"epochs = 2\.5"),
        ({"batch_size": 0}, ValueError, "batch_size = 0: it must be a whole number from 1"),
        ({"batch_size": True}, ValueError, "batch_size = True"),
        (
            {"validation": 1.0},
            ValueError,
            r"validation = 1\.0: it must be a share of the rows, from 0",
        ),
        ({"validation": -0.1}, ValueError, r"validation = -0\.1"),
        ({"validation": math.nan}, ValueError, "validation = nan"),
        ({"validation": 0.99}, ValueError, r"validation = 0\.99 of 9 rows leaves none to train on"),
        ({"validation": True}, TypeError, "validation = True: it must be a share"),
        ({"validation": None}, TypeError, "validation = None: it must be a share"),
        ({"validation": "a"}, TypeError, "validation = 'a': it must be a share"),
        (
            {"validation": ([[1.0]],)},
            ValueError,
            r"validation has 1 parts: it must be \(rows, targets\)",
        ),
        ({"clip_norm": -1.0}, ValueError, r"clip_norm = -1\.0: it must be zero or more"),
        ({"clip_value": math.nan}, ValueError, "clip_value = nan"),
        ({"clip_norm": "1"}, ValueError, "clip_norm = '1': '1' is a str"),
        ({"clip_value": 10**400}, ValueError, "clip_value = 1000*…: it is too large for a float"),
        ({"loss": "mse"}, TypeError, r"loss = 'mse': it must be a function, such as nn\.mse_loss"),
        (
            {"optimizer": SGD},
            TypeError,
            r"optimizer = .*: it must be of class Optimizer, as in Adam\(model\.param",
        ),
        ({"optimizer": "adam"}, TypeError, "optimizer = 'adam'"),
        (
            {"schedule": StepLR},
            TypeError,
            "schedule = .*: it must be of class Schedule, as in StepLR",
        ),
        (
            {"early_stopping": 5},
            TypeError,
            "early_stopping = 5: it must be of class EarlyStopping, as in Early",
        ),
        ({"metrics": accuracy}, TypeError, "metrics = .*: they must be functions by name"),
        ({"metrics": {"accuracy": 1}}, TypeError, "metrics = .*: they must be functions by name"),
        ({"metrics": [accuracy]}, TypeError, "metrics = .*: they must be functions by name"),
        ({"metrics": {"loss": l1_loss}}, ValueError, "a metric cannot be called 'loss'"),
        ({"metrics": {"val_mae": l1_loss}}, ValueError, "a metric cannot be called 'val_mae'"),
        ({"metrics": {1: l1_loss}}, ValueError, "a metric cannot be called 1"),
        ({"metrics": {"m": lambda o, t: None}}, TypeError, "metric 'm': None is a NoneType"),
        ({"metrics": {"m": lambda o, t: o}}, TypeError, "metric 'm': .* is a list"),
        (
            {"loss": lambda o, t: 1.0},
            TypeError,
            r"the loss returned 1\.0; it must return one Value",
        ),
        ({"loss": lambda o, t: o}, TypeError, "the loss returned .*; it must return one Value"),
        ({"rng": "seed"}, TypeError, "rng is a seed, as in rng=1"),
        ({"checkpoint": 3.5}, TypeError, "float"),
    ],
    ids=str,
)
def test_settings_out_of_range_are_refused(settings, error, message):
    model = Slope()
    with pytest.raises(error, match=message):
        line(model, **settings)
    assert model.w.data == 0.0


def test_what_is_no_module_is_refused():
    with pytest.raises(TypeError, match=r"model = .*: it must be of class Module, as in MLP"):
        fit(lambda x: x, XS, YS, loss=mse_loss, optimizer=SGD([Value(1.0)]))


def test_parts_of_another_model_are_refused():
    model, other = Slope(), Slope()
    optimizer = SGD(other.parameters())
    with pytest.raises(
        ValueError, match=r"the optimizer belongs to another model: make a new one, with"
    ):
        line(model, optimizer=optimizer)
    with pytest.raises(ValueError, match="the schedule belongs to another optimizer"):
        line(model, schedule=StepLR(optimizer, 5))
    with pytest.raises(ValueError, match="the early_stopping belongs to another model"):
        line(model, early_stopping=EarlyStopping(other))
    assert not model.seen


def test_a_loss_that_reaches_no_parameter_is_told():
    model = MLP(1, [1])
    with pytest.raises(ValueError, match=r"reaches no parameter .*\.data in forward"):
        line(model, loss=lambda outputs, targets: Value(1.0), optimizer=SGD(model.parameters()))


def test_a_forward_without_return_is_told():
    class Forgetful(MLP):
        def forward(self, x):
            super().forward(x)

    model = Forgetful(1, [1])
    with pytest.raises(ValueError, match="did forward forget its return"):
        line(model, optimizer=SGD(model.parameters()))


def test_the_accuracy_of_probabilities_needs_their_threshold():
    probabilities = [sigmoid(Value(x)) for x in (-2.0, 0.5)]
    with pytest.raises(ValueError, match=r"threshold 0 is wrong: give threshold=0\.5"):
        accuracy(probabilities, [0, 1])
    assert accuracy(probabilities, [0, 1], threshold=0.5) == 1.0
