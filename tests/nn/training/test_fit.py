"""fit: the loop, validation, Ctrl-C, checkpoints, NaN, what it tells, and what it refuses."""

import copy
import csv
import functools
import io
import json
import math
import pickle
import random
import re
import signal
import subprocess
import sys
import threading
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from autograd import Value, sigmoid, sqrt
from nn import (
    MLP,
    SGD,
    Adam,
    BatchNorm,
    CosineAnnealingLR,
    Dropout,
    EarlyStopping,
    History,
    Layer,
    Module,
    NonFiniteError,
    Sequential,
    StepLR,
    accuracy,
    clip_grad_norm_,
    clip_grad_value_,
    cross_entropy,
    fit,
    huber_loss,
    l1_loss,
    mse_loss,
)

ROOT = Path(__file__).parents[3]
RNG = random.Random(3)
ROWS = [[RNG.uniform(-1, 1), RNG.uniform(-1, 1)] for _ in range(16)]
CLASSES = [int(x * x + y * y < 0.5) for x, y in ROWS]
LINE = [([float(k)], 2.0 * k + 1.0) for k in range(-4, 5)]
XS, YS = [row for row, _ in LINE], [target for _, target in LINE]


@pytest.fixture(autouse=True)
def ctrl_c_as_python_has_it():
    """Whatever runs the tests may ignore Ctrl-C, as a shell makes programs in the background do."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


class Slope(Module):
    """w·x, with a list of all batches that it has seen, and of the mode it was in."""

    def __init__(self, w=0.0):
        self.w = Value(w)
        self.seen = []

    def forward_batch(self, rows):
        self.seen.append((self.training, rows))
        return [self.w * x for (x,) in rows]


class Recording(Sequential):
    """Layer, BatchNorm, Layer; with its state and its optimizer's from before each batch."""

    def __init__(self):
        super().__init__(Layer(1, 3), BatchNorm(3), Layer(3, 1))
        self.optimizer = Adam(self.parameters(), lr=0.1)
        self.states = []

    def state(self):
        return self.state_dict(), self.optimizer.state_dict()

    def forward_batch(self, rows):
        self.states.append(self.state())
        return [output for (output,) in super().forward_batch(rows)]


def line(model, **settings):
    """Fit a model to the line, with what is not given as small as can be."""
    settings = {"loss": mse_loss, "epochs": 2, "batch_size": 4, **settings}
    settings.setdefault("optimizer", SGD(model.parameters(), lr=0.01))
    return fit(model, XS, YS, **settings)


def at_call(n, act, loss=mse_loss):
    """Return a loss that does something else besides at its n-th call, counted from 1."""
    calls = []

    @functools.wraps(loss)
    def counting(outputs, targets):
        calls.append(len(outputs))
        if len(calls) == n:
            act()
        return loss(outputs, targets)

    return counting


def column_loss(outputs, targets):
    """Return the loss of outputs that are lists of one."""
    return mse_loss([y for (y,) in outputs], targets)


def press_ctrl_c():
    signal.raise_signal(signal.SIGINT)


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


# -- the best epoch ----------------------------------------------------------------------------


def descend(model, **settings):
    """Bring w down from 3 to 0.25, in steps of 1: it is nearest after the third of them."""
    settings = {"loss": distance, "epochs": 20, "validation": ([[1.0]], [0.25]), **settings}
    return fit(model, [[1.0]], [0.25], optimizer=SGD(model.parameters(), lr=1.0), **settings)


def distance(outputs, targets):
    return abs(outputs[0] - targets[0])


def test_early_stopping_ends_it_with_the_best_weights():
    model = Slope(3.0)
    history = descend(model, early_stopping=EarlyStopping(model, patience=4))
    assert history["val_loss"] == [1.75, 0.75, 0.25, 0.75, 0.25, 0.75, 0.25]
    assert (history.best, history.ended_by) == (3, "early stopping")
    assert model.w.data == 0.0


def test_with_early_stopping_the_best_weights_come_back_after_the_last_epoch_too():
    model = Slope(3.0)
    history = descend(model, epochs=4, early_stopping=EarlyStopping(model, patience=4))
    assert (history.best, history.ended_by) == (3, "all epochs done")
    assert model.w.data == 0.0


def test_without_early_stopping_the_last_weights_stay():
    model = Slope(3.0)
    history = descend(model, epochs=4)
    assert (history.best, history.ended_by) == (3, "all epochs done")
    assert model.w.data == 1.0


def test_the_best_epoch_is_by_validation_where_there_is_one():
    model = Slope(0.0)
    history = line(
        model, epochs=12, validation=([[1.0]], [1.0]),
        early_stopping=EarlyStopping(model, patience=3),
    )  # fmt: skip
    assert history["loss"].index(min(history["loss"])) == history.epochs - 1
    assert history.best == 1 + history["val_loss"].index(min(history["val_loss"])) < history.epochs
    assert abs(model.w.data - 1.0) == pytest.approx(math.sqrt(min(history["val_loss"])))


def test_early_stopping_waits_anew_in_every_training():
    model = Slope(0.0)
    stopping = EarlyStopping(model, patience=2)
    settings = {"optimizer": SGD(model.parameters(), lr=0.0), "early_stopping": stopping}
    for _ in range(2):
        assert line(model, epochs=9, **settings).epochs == 3


def test_early_stopping_forgets_the_weights_of_an_earlier_training():
    model = Slope(0.0)
    stopping = EarlyStopping(model, patience=2)
    line(model, epochs=9, optimizer=SGD(model.parameters(), lr=0.1), early_stopping=stopping)
    model.w.data = 77.0
    history = line(
        model, epochs=9, optimizer=SGD(model.parameters(), lr=0.0), early_stopping=stopping
    )
    assert (model.w.data, history.best) == (77.0, 1)


def test_what_a_batch_raises_says_which_batch_it_was():
    model = MLP(2, [3, 2])
    classes = [0, 1] * 10
    classes[13] = 7
    with pytest.raises(ValueError, match="targets 0 to 1; 7 is not one") as caught:
        fit(
            model, [[1.0, 2.0]] * 20, classes, loss=cross_entropy,
            optimizer=SGD(model.parameters(), lr=0.1), batch_size=4,
        )  # fmt: skip
    (note,) = caught.value.__notes__
    assert re.search(r"In epoch 1, batch \d of 5 \(rows\[.*\b13\b", note)


def test_classes_need_an_output_each():
    model = MLP(2, [4, 1])
    with pytest.raises(ValueError, match="one output for a row, and cross_entropy takes one for"):
        fit(
            model, [[1.0, 2.0]] * 3, [0, 1, 0], loss=cross_entropy,
            optimizer=SGD(model.parameters()), batch_size=3,
        )  # fmt: skip


@pytest.mark.parametrize("change", [{"loss": huber_loss}, {"activation": "relu"}])
def test_a_checkpoint_of_another_loss_or_model_is_refused(tmp_path, change):
    def trained(loss=mse_loss, activation="tanh"):
        model = MLP(1, [2, 1], activation)
        optimizer = SGD(model.parameters())
        fit(
            model, [[1.0], [2.0]], [1.0, 2.0], loss=loss, optimizer=optimizer, epochs=1,
            checkpoint=tmp_path / "run.json",
        )  # fmt: skip

    trained()
    with pytest.raises(ValueError, match=r"of this training: there the (loss|model)"):
        trained(**change)


def test_numbers_of_numpy_are_settings_too(tmp_path):
    model = MLP(np.int64(1), [np.int64(2), 1], rng=np.int64(3))
    for _ in range(2):
        fit(
            model, [[1.0], [2.0]], [1.0, 2.0], loss=mse_loss, batch_size=np.int64(1),
            optimizer=SGD(model.parameters()), clip_norm=np.float32(1), epochs=1,
            checkpoint=tmp_path / "run.json",
        )  # fmt: skip


# -- Ctrl-C ------------------------------------------------------------------------------------


def test_ctrl_c_ends_it_after_the_batch_with_the_best_weights():
    model = Slope(3.0)
    history = descend(model, loss=at_call(7, press_ctrl_c, distance))
    assert len(model.seen) == 7  # the last in training, after it had validated three times
    assert history["val_loss"] == [1.75, 0.75, 0.25]
    assert (history.best, history.ended_by) == (3, "Ctrl-C")
    assert model.w.data == 0.0
    assert not model.training


def test_ctrl_c_without_validation_goes_by_the_loss_in_training():
    model = Slope(3.0)
    history = descend(model, loss=at_call(6, press_ctrl_c, distance), validation=0.0)
    assert history["loss"] == [2.75, 1.75, 0.75, 0.25, 0.75, 0.25]
    assert history.best == 4
    assert model.w.data == 1.0  # as epoch 4 left it


def test_ctrl_c_in_the_first_epoch_keeps_the_weights_there_are():
    model, twin = Slope(), Slope()
    history = line(model, loss=at_call(1, press_ctrl_c))
    assert history == {}
    assert history.best is None
    assert len(model.seen) == 1
    (rows,) = [rows for _, rows in model.seen]
    fit(twin, rows, [2 * x + 1 for (x,) in rows], loss=mse_loss, epochs=1,
        optimizer=SGD(twin.parameters(), lr=0.01))  # fmt: skip
    assert model.w.data == pytest.approx(twin.w.data) != 0.0


def test_a_second_ctrl_c_ends_it_at_once_with_the_weights_from_before_the_batch():
    def press_twice():
        press_ctrl_c()
        press_ctrl_c()

    model = Recording()
    with pytest.raises(KeyboardInterrupt):
        line(model, loss=at_call(4, press_twice), optimizer=model.optimizer, epochs=5)
    assert len(model.states) == 4
    assert model.state() == model.states[-1] != model.states[-2]
    assert not model.training


def test_afterwards_ctrl_c_is_as_it_was():
    line(Slope())
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    with pytest.raises(TypeError):
        line(Slope(), loss=lambda outputs, targets: None)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_where_a_program_handles_ctrl_c_itself_it_goes_on_doing_so():
    pressed = []
    signal.signal(signal.SIGINT, lambda number, frame: pressed.append(number))
    history = line(Slope(), loss=at_call(2, press_ctrl_c))
    assert pressed == [signal.SIGINT]
    assert history.ended_by == "all epochs done"


def test_off_the_main_thread_it_trains_and_leaves_ctrl_c_alone():
    handlers, model = [], Slope()
    loss = at_call(1, lambda: handlers.append(signal.getsignal(signal.SIGINT)))
    thread = threading.Thread(target=lambda: handlers.append(line(model, loss=loss)))
    thread.start()
    thread.join()
    assert handlers[0] is signal.default_int_handler
    assert handlers[1].epochs == 2


PROGRAM = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from nn import SGD, MLP, fit, mse_loss

def loss(outputs, targets):
    print("batch", flush=True)
    sys.stdin.readline()
    return mse_loss(outputs, targets)

model = MLP(1, [1])
history = fit(model, [[1.0], [2.0], [3.0], [4.0]], [1.0] * 4, loss=loss, epochs=5, batch_size=2,
              optimizer=SGD(model.parameters(), lr=0.01), checkpoint="run.json")
print(history.ended_by, history.epochs, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to one process")
def test_a_signal_from_outside_ends_it_after_the_batch(tmp_path):
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        cwd=tmp_path, env={"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    for batch in range(1, 6):
        assert program.stdout.readline() == "batch\n"
        if batch == 5:  # it waits within the batch, the first of epoch 3
            program.send_signal(signal.SIGINT)
        program.stdin.write("\n")
        program.stdin.flush()
    told, _ = program.communicate(timeout=60)
    assert told == "Ctrl-C 2\n"
    assert program.returncode == 0
    assert json.loads((tmp_path / "run.json").read_text())["position"] == 1


# -- checkpoints -------------------------------------------------------------------------------


class Trembling(Module):
    """Adds one deviate to all numbers of a batch, in training; a module of a student's own."""

    def __init__(self, rng):
        self.noise = rng

    def forward_batch(self, rows):
        shift = self.noise.gauss(0.0, 0.1) if self.training else 0.0  # gauss makes two at a time
        return [[x + shift for x in row] for row in rows]


def model_of_everything(shared):
    return Sequential(
        Layer(2, 3, "tanh", rng=5), BatchNorm(3), Dropout(0.2, rng=7), Layer(3, 3, rng=2),
        Dropout(0.2, rng=shared), Trembling(random.Random(9)), Layer(3, 2, "linear", rng=3),
    )  # fmt: skip


def everything(loss=cross_entropy, patience=4, **changes):
    """Train with all there is switched on, and objects as fresh as in a new process."""
    shared = random.Random(5)
    model = model_of_everything(shared)
    optimizer = Adam(model.parameters(), lr=0.1)
    settings = {
        "loss": loss, "optimizer": optimizer, "epochs": 4, "batch_size": 4, "rng": 13,
        "validation": 0.4, "metrics": {"accuracy": accuracy, "spread": spread},
        "schedule": CosineAnnealingLR(optimizer, 4, eta_min=0.01), "clip_norm": 0.5,
        "clip_value": 0.3, "early_stopping": EarlyStopping(model, patience=patience),
    }  # fmt: skip
    changes = {name: shared if held is SHARED else held for name, held in changes.items()}
    history = fit(model, ROWS, CLASSES, **{**settings, **changes})
    return model, history


SHARED = "the generator of a Dropout"


def spread(outputs, targets):
    return max(row[0].data for row in outputs) - min(row[0].data for row in outputs)


BATCHES = 5 * 4  # (3 to train on, 2 to validate on) in 4 epochs


def left_by(model, history, text):
    return model.state_dict(), dict(history), history.best, history.ended_by, text


def uninterrupted(path, **changes):
    model, history = everything(checkpoint=path, **changes)
    return left_by(model, history, path.read_text())


@pytest.fixture(scope="module", params=[4, 1], ids=["to the end", "stopping early"])
def whole(request, tmp_path_factory):
    """Return the patience, and all that a training without a break leaves behind."""
    path = tmp_path_factory.mktemp("whole") / "run.json"
    return request.param, uninterrupted(path, patience=request.param)


def test_the_examples_of_resumption_are_what_they_are_called(whole):
    patience, (_, history, best, ended_by, text) = whole
    assert ended_by == ("all epochs done" if patience == 4 else "early stopping")
    assert 1 < len(history["epoch"]) < 4 or patience == 4
    assert best != history["epoch"][-1]  # so that best and last weights differ
    assert json.loads(text)["model"] != {}


@pytest.mark.parametrize("n", range(1, BATCHES + 1))
def test_after_ctrl_c_at_any_batch_it_comes_to_the_same_bits(whole, n, tmp_path):
    patience, expected = whole
    path = tmp_path / "run.json"
    loss = at_call(n, press_ctrl_c, cross_entropy)
    _, history = everything(loss, patience, checkpoint=path)
    if n < 5 * len(expected[1]["epoch"]):
        assert history.ended_by == "Ctrl-C"
        assert json.loads(path.read_text())["position"] == n % 5
    model, history = everything(patience=patience, checkpoint=path)
    assert left_by(model, history, path.read_text()) == expected


def test_after_ctrl_c_at_every_batch_it_comes_to_the_same_bits(whole, tmp_path):
    patience, expected = whole
    path = tmp_path / "run.json"
    for _ in range(5 * len(expected[1]["epoch"]) + 1):
        loss = at_call(1, press_ctrl_c, cross_entropy)
        model, history = everything(loss, patience, checkpoint=path)
    assert left_by(model, history, path.read_text()) == expected


@pytest.mark.parametrize("n", [1, 3, 5, 6, 9, 16])
def test_after_a_crash_it_goes_on_from_the_last_epoch_to_the_same_bits(whole, n, tmp_path):
    def crash():
        raise MemoryError

    patience, expected = whole
    path = tmp_path / "run.json"
    if n <= 5 * len(expected[1]["epoch"]):
        with pytest.raises(MemoryError):
            everything(at_call(n, crash, cross_entropy), patience, checkpoint=path)
        assert json.loads(path.read_text())["position"] == 0
    model, history = everything(patience=patience, checkpoint=path)
    assert left_by(model, history, path.read_text()) == expected


def test_a_generator_may_be_shared_by_fit_and_the_model(tmp_path):
    expected = uninterrupted(tmp_path / "whole.json", rng=SHARED)
    path = tmp_path / "run.json"
    for n in (4, 6, 2):
        everything(at_call(n, press_ctrl_c, cross_entropy), checkpoint=path, rng=SHARED)
    model, history = everything(checkpoint=path, rng=SHARED)
    assert left_by(model, history, path.read_text()) == expected


class Noisy(Module):
    """A line whose random generators stand in a list, a tuple and a dictionary."""

    def __init__(self):
        self.w = Value(0.0)
        self.rngs = [random.Random(3), (random.Random(4),)]
        self.by_name = {"last": random.Random(5)}

    def forward(self, x):
        first, (second,) = self.rngs
        noise = first.random() + second.random() + self.by_name["last"].random()
        return self.w * (x[0] + noise)


def test_generators_in_lists_and_dictionaries_go_on_too(tmp_path):
    path, model = tmp_path / "run.json", Noisy()
    line(model, epochs=4, checkpoint=tmp_path / "whole.json")
    line(Noisy(), loss=at_call(4, press_ctrl_c), epochs=4, checkpoint=path)
    resumed = Noisy()
    line(resumed, epochs=4, checkpoint=path)
    assert resumed.w.data == model.w.data
    assert path.read_text() == (tmp_path / "whole.json").read_text()


def test_the_same_objects_go_on_as_fresh_ones_do(tmp_path):
    model = MLP(1, [3, 1], "tanh")
    optimizer = Adam(model.parameters(), lr=0.1)
    settings = {"optimizer": optimizer, "epochs": 4, "checkpoint": tmp_path / "same.json"}
    settings |= {"schedule": StepLR(optimizer, 1), "rng": random.Random(8)}
    line(model, loss=at_call(5, press_ctrl_c), **settings)
    line(model, **settings)
    twin = MLP(1, [3, 1], "tanh")
    optimizer = Adam(twin.parameters(), lr=0.1)
    line(twin, optimizer=optimizer, epochs=4, schedule=StepLR(optimizer, 1), rng=random.Random(8))
    assert model.state_dict() == twin.state_dict()


def test_a_training_may_go_on_for_more_epochs(tmp_path):
    path = tmp_path / "run.json"
    everything(epochs=2, checkpoint=path)
    model, history = everything(epochs=4, checkpoint=path)
    expected = uninterrupted(tmp_path / "other.json")
    assert left_by(model, history, path.read_text()) == expected


def test_a_training_that_is_done_only_gives_its_weights_and_history_back(tmp_path):
    path = tmp_path / "run.json"
    expected = uninterrupted(path)
    again, history = everything(at_call(1, pytest.fail, cross_entropy), checkpoint=path)
    assert left_by(again, history, path.read_text()) == expected


def test_a_checkpoint_that_cannot_be_written_is_an_error_before_anything_is_trained(tmp_path):
    model = Slope()
    with pytest.raises(FileNotFoundError, match=r"missing.*run\.json"):
        line(model, checkpoint=tmp_path / "missing" / "run.json")
    assert not model.seen


@pytest.fixture(scope="module")
def halfway(tmp_path_factory):
    """Return the text of a checkpoint in the third batch of the third epoch."""
    path = tmp_path_factory.mktemp("halfway") / "run.json"
    everything(at_call(13, press_ctrl_c, cross_entropy), checkpoint=path)
    return path.read_text()


class Watched:
    """All that a training could change, to see that it does not."""

    def __init__(self):
        self.rng, self.shared = random.Random(13), random.Random(5)
        self.model = model_of_everything(self.shared)
        self.optimizer = Adam(self.model.parameters(), lr=0.1)
        self.schedule = CosineAnnealingLR(self.optimizer, 4, eta_min=0.01)
        self.stopping = EarlyStopping(self.model, patience=4)
        self.model.layers[2].eval()

    def state(self):
        return copy.deepcopy((
            self.model.state_dict(), self.optimizer.state_dict(), self.schedule.state_dict(),
            self.stopping.state_dict(), self.shared.getstate(),
            [part.training for _, part in self.model.named_modules()],
        ))  # fmt: skip

    def fit(self, path, **changes):
        settings = {
            "loss": cross_entropy, "optimizer": self.optimizer, "epochs": 4, "batch_size": 4,
            "validation": 0.4, "metrics": {"accuracy": accuracy, "spread": spread},
            "schedule": self.schedule, "clip_norm": 0.5, "clip_value": 0.3,
            "early_stopping": self.stopping, "rng": self.rng, "checkpoint": path, **changes,
        }  # fmt: skip
        return fit(self.model, ROWS, CLASSES, **settings)


def refused(path, content, **changes):
    """Return why a checkpoint is refused, having seen that it changed nothing."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    watched = Watched()
    before = watched.state()
    with pytest.raises(ValueError) as caught:  # noqa: PT011  (the caller looks at the words)
        watched.fit(path, **changes)
    assert watched.state() == before
    return str(caught.value)


def test_a_truncated_checkpoint_changes_nothing(halfway, tmp_path):
    for length in [0, 1, 100, *range(500, len(halfway), 997), len(halfway) - 2]:
        assert "is not a checkpoint: " in refused(tmp_path / "run.json", halfway[:length])


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00", b"[]", b"3", b"weights", b"[" * 100_000, b'{"fraction": "1/0"}']
)
def test_what_is_no_json_object_changes_nothing(content, tmp_path):
    assert "is not a checkpoint: " in refused(tmp_path / "run.json", content)


def test_a_saved_model_is_no_checkpoint(tmp_path):
    Watched().model.save(tmp_path / "model.json")
    content = (tmp_path / "model.json").read_bytes()
    assert "is not a checkpoint of this training: its format" in refused(
        tmp_path / "m.json", content
    )


def test_the_checkpoint_of_another_model_changes_nothing(tmp_path, halfway):
    path = tmp_path / "run.json"
    model = MLP(2, [2])
    fit(model, ROWS, CLASSES, loss=cross_entropy, optimizer=SGD(model.parameters()), epochs=1,
        checkpoint=path)  # fmt: skip
    assert "is not a checkpoint of this training" in refused(path, path.read_text())
    renamed = halfway.replace("layer0.neuron0", "layer9.neuron0")
    assert "the state is of another model" in refused(path, renamed)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"batch_size": 5}, "there batch_size is 4, and here 5"),
        ({"validation": 0.2}, "there rows to train on is 10, and here 13"),
        ({"metrics": {"accuracy": accuracy}}, "metrics is"),
        ({"clip_norm": 1.0}, "there clip_norm is 0.5, and here 1.0"),
        ({"clip_value": None}, "there clip_value is 0.3, and here None"),
        ({"schedule": None}, "there schedule is 'CosineAnnealingLR', and here None"),
        ({"early_stopping": None}, r"there early_stopping is \[4, 0.0\], and here None"),
    ],
    ids=str,
)
def test_the_checkpoint_of_another_training_says_what_differs(changes, message, halfway, tmp_path):
    with pytest.raises(AssertionError, match=message):
        raise AssertionError(refused(tmp_path / "run.json", halfway, **changes))


def test_the_checkpoint_of_other_data_says_so(tmp_path):
    path, model = tmp_path / "run.json", Slope()
    settings = {"loss": mse_loss, "checkpoint": path, "optimizer": SGD(model.parameters())}
    fit(model, XS, YS, **settings)
    for rows, targets in [([*XS[:-1], [7.0]], YS), (XS, [*YS[1:], 0.0])]:
        with pytest.raises(ValueError, match="there the checksum of the data is"):
            fit(model, rows, targets, **settings)
    fit(model, [tuple(row) for row in XS], [Value(y) for y in YS], **settings)


def test_the_checkpoint_of_another_optimizer_says_what_differs(tmp_path):
    path = tmp_path / "run.json"
    line(Slope(), checkpoint=path)
    model = Slope()
    with pytest.raises(ValueError, match="there optimizer is 'SGD', and here 'Adam'"):
        line(model, optimizer=Adam(model.parameters()), checkpoint=path)
    with pytest.raises(ValueError, match=r"there optimizer\.lr is 0\.01, and here 0\.5"):
        line(model, optimizer=SGD(model.parameters(), lr=0.5), checkpoint=path)


JUNK = [None, -1, 3, 10**400, 0.5, math.nan, True, "x", [], [1], [None], {}, {"a": 1}]


def places(nested, path=()):
    """Yield the path of everything in nested lists and dictionaries, of long lists the ends."""
    yield path
    if isinstance(nested, dict):
        for key in nested:
            yield from places(nested[key], (*path, key))
    elif isinstance(nested, list):
        for k in sorted({0, len(nested) - 1} & set(range(len(nested)))):
            yield from places(nested[k], (*path, k))


def test_whatever_is_broken_in_a_checkpoint_it_is_refused_or_a_number(halfway, tmp_path):
    """Each place is given a piece of junk in turn. What is refused has changed nothing.

    What is not is a number where there was one. NaN, or a variance of -1, may break a batch then.
    """
    whole, path = json.loads(halfway), tmp_path / "run.json"
    found = [place for place in places(whole) if place]
    refusals, changed = 0, []
    for k, place in enumerate(found):
        broken = copy.deepcopy(whole)
        holder = broken
        for key in place[:-1]:
            holder = holder[key]
        holder[place[-1]] = JUNK[k % len(JUNK)]
        path.write_text(json.dumps(broken))
        watched = Watched()
        before = watched.state()
        try:
            watched.fit(path)
        except (ArithmeticError, ValueError) as error:
            if "is not a checkpoint of this training" in str(error):
                refusals += 1
                changed += [place] if watched.state() != before else []
    assert not changed
    assert refusals > len(found) / 2


PARTS = ["format", "how", "history", "best_epoch", "order", "held_out", "position", "sums",
         "stopped", "generators", "early_stopping", "schedule", "optimizer", "model"]  # fmt: skip


def test_these_are_the_parts_of_a_checkpoint(halfway):
    assert list(json.loads(halfway)) == PARTS


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("junk", JUNK, ids=str)
def test_a_part_that_is_none_changes_nothing(part, junk, halfway, tmp_path):
    fine = {"best_epoch": (None, -1, 3, 10**400), "position": (3,), "stopped": (True,),
            "history": ({},), "sums": ({},)}  # fmt: skip
    if not any(junk is one or junk == one for one in fine.get(part, ())):
        content = json.dumps({**json.loads(halfway), part: junk})
        assert "is not a checkpoint of this training" in refused(tmp_path / "run.json", content)


@pytest.mark.parametrize("part", ["format", "how", "order", "model", "schedule"])
def test_a_part_that_is_missing_is_named(part, halfway, tmp_path):
    content = {name: held for name, held in json.loads(halfway).items() if name != part}
    why = refused(tmp_path / "run.json", json.dumps(content))
    assert f"it has no {part}" in why or part == "format"


# -- numbers that are not finite ---------------------------------------------------------------


class Exponential(Module):
    """exp(w·x) for the first number of each row."""

    def __init__(self):
        self.w = Value(0.5)

    def forward(self, x):
        return [(self.w * x[0]).exp()]


def difference(outputs, targets):
    return mse_loss([y - y + target for (y,), target in zip(outputs, targets, strict=True)],
                    [0.0] * len(targets))  # fmt: skip


def test_a_loss_that_is_nan_names_the_node_its_module_and_the_batch():
    model = Sequential(Layer(1, 1, "linear"), Exponential())
    for parameter in model.parameters():
        parameter.data = 1.0
    before = model.state_dict()
    optimizer = SGD(model.parameters(), lr=0.0)
    with pytest.raises(NonFiniteError) as caught:
        fit(model, [[0.0], [1.0], [900.0]], [0.0] * 3, loss=difference, optimizer=optimizer,
            batch_size=1, rng=4)  # fmt: skip
    assert (
        "(rows[2]): the loss is nan; the first bad node in layer1 is inf, made by exp of (901"
        in (str(caught.value))
    )
    assert "data" not in str(caught.value)
    assert "The model has its last good weights, from before this batch" in str(caught.value)
    assert caught.value.node.op == "exp"
    assert model.state_dict() == before


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("where", ["rows", "targets"])
def test_rows_that_hold_nan_are_named(where, bad):
    rows, targets = copy.deepcopy(XS), list(YS)
    if where == "rows":
        rows[7][0] = bad
    else:
        targets[7] = bad
    model = MLP(1, [2, 1], "linear")
    with pytest.raises(NonFiniteError, match=r"NaN or infinity is in the data of rows\[7\]\. The"):
        fit(model, rows, targets, loss=mse_loss, optimizer=SGD(model.parameters(), lr=0.001))


def test_rows_of_an_array_that_hold_nan_are_named():
    numpy = pytest.importorskip("numpy")
    model, rows = MLP(1, [1]), numpy.array(XS)
    rows[7] = math.nan
    with pytest.raises(NonFiniteError, match=r"NaN or infinity is in the data of rows\[7\]\. The"):
        fit(model, rows, YS, loss=mse_loss, optimizer=SGD(model.parameters()))


def test_the_weights_averages_and_memories_from_before_the_batch_come_back():
    rows, model = [*XS[:-1], [math.nan]], Recording()
    with pytest.raises(NonFiniteError, match="epoch 1, batch 3 of 3"):
        fit(model, rows, YS, loss=mse_loss, batch_size=3, optimizer=model.optimizer, rng=1)
    assert len(model.states) == 3
    assert model.state() == model.states[-1] != model.states[-2]
    assert not model.training


def test_a_gradient_that_is_nan_is_named_before_the_step():
    model = Slope(1.0)
    with pytest.raises(NonFiniteError, match="the gradient of w is nan") as caught:
        fit(model, [[0.0]], [0.0], loss=lambda o, t: sqrt(o[0]), optimizer=SGD(model.parameters()))
    assert model.w.data == 1.0
    assert caught.value.node is None


def test_an_infinite_gradient_that_is_clipped_is_none():
    model = Slope(1.0)
    optimizer = SGD(model.parameters(), lr=0.5)
    fit(model, [[1.0]], [0.0], loss=lambda o, t: sqrt(o[0] - 1.0), optimizer=optimizer, epochs=1,
        clip_value=1.0)  # fmt: skip
    assert model.w.data == 0.5


def test_a_step_that_is_too_large_is_undone():
    model = Slope(1.0)
    optimizer = SGD(model.parameters(), lr=1e308, momentum=0.9)
    with pytest.raises(NonFiniteError, match="the step made w inf: lower the learning rate"):
        line(model, optimizer=optimizer)
    assert model.w.data == 1.0
    assert optimizer.state_dict()["state"] == [{}]
    optimizer.lr = 0.01
    assert line(model, optimizer=optimizer).epochs == 2


def test_nan_in_validation_is_named_too():
    model = MLP(1, [2, 1])
    with pytest.raises(NonFiniteError, match=r"epoch 1, batch 4 of 4 \(validation\[0\]\[1\]\)"):
        fit(
            model, XS[:2], YS[:2], loss=mse_loss, optimizer=SGD(model.parameters(), lr=0.01),
            validation=([[1.0], [math.nan]], [1.0, 1.0]), batch_size=1,
        )  # fmt: skip


def test_the_history_up_to_there_comes_with_the_error_and_the_checkpoint_stays(tmp_path):
    model = Slope(1e-3)
    optimizer = SGD(model.parameters(), lr=1e3)
    path = tmp_path / "run.json"
    with pytest.raises(NonFiniteError) as caught:
        line(model, optimizer=optimizer, epochs=500, checkpoint=path)
    assert caught.value.history.epochs >= 5
    saved = json.loads(path.read_text())
    assert saved["history"] == dict(caught.value.history)
    assert math.isfinite(saved["model"]["w"])
    assert math.isfinite(model.w.data)


def test_the_error_can_be_sent_to_another_process():
    error = pickle.loads(pickle.dumps(NonFiniteError("the loss is nan")))
    assert str(error) == "the loss is nan"
    assert isinstance(error, ArithmeticError)


# -- the history -------------------------------------------------------------------------------


def a_history(epochs, **changes):
    history = History()
    for epoch in range(1, epochs + 1):
        history.add({"epoch": epoch, "lr": 0.1, "loss": 1 / epoch, "accuracy": 0.5})
    vars(history).update(changes)
    return history


def test_a_history_is_a_table():
    assert repr(a_history(3, best=3, ended_by="Ctrl-C")).splitlines() == [
        "epoch   lr     loss  accuracy",
        "    1  0.1      1.0       0.5",
        "    2  0.1      0.5       0.5",
        "    3  0.1  ≈0.3333       0.5",
        "best: epoch 3, ended: Ctrl-C",
    ]


def test_a_long_history_shows_its_ends():
    lines = repr(a_history(100)).splitlines()
    assert [line.split()[0] for line in lines[1:]] == ["1", "2", "3", "4", "5", "…", "96", "97",
                                                       "98", "99", "100"]  # fmt: skip
    assert "epoch is complete" in repr(History())


def test_a_history_is_columns_by_name():
    history = a_history(3)
    assert history["loss"] == [1.0, 0.5, 1 / 3]
    assert history.last == {"epoch": 3, "lr": 0.1, "loss": 1 / 3, "accuracy": 0.5}
    assert (history.epochs, History().epochs, History().last) == (3, 0, {})


def test_a_history_is_written_as_csv_to_the_last_bit(tmp_path):
    history = a_history(7)
    history.to_csv(tmp_path / "history.csv")
    with open(tmp_path / "history.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == list(history)
    for name, column in history.items():
        assert [float(row[name]) for row in rows] == column
    with pytest.raises(FileNotFoundError):
        history.to_csv(tmp_path / "missing" / "history.csv")


def test_a_history_is_drawn_as_curves(tmp_path):
    history = a_history(5, best=4)
    history["val_loss"] = [2.0, 1.0, 0.75, 0.5, 0.6]
    figure = history.plot(tmp_path / "history.svg")
    assert "<svg" in (tmp_path / "history.svg").read_text(encoding="utf-8")
    loss, accuracy_ = figure.axes
    assert [axes.get_ylabel() for axes in figure.axes] == ["loss", "accuracy"]
    curves = {curve.get_label(): list(curve.get_ydata()) for curve in loss.get_lines()}
    assert curves["training"] == history["loss"]
    assert curves["validation"] == history["val_loss"]
    assert list(loss.get_lines()[2].get_xdata()) == [4, 4]
    assert [curve.get_label() for curve in accuracy_.get_lines()] == ["training", "best: epoch 4"]
    assert list(accuracy_.get_lines()[0].get_xdata()) == [1, 2, 3, 4, 5]


def test_a_plot_needs_an_epoch_and_matplotlib(monkeypatch):
    with pytest.raises(ValueError, match="nothing to plot: no epoch is complete"):
        History().plot()
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(ImportError, match=r'pip install "\.\[demos\]"'):
        a_history(1).plot()


# -- accuracy ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outputs", "targets", "expected"),
    [
        ([[1.0, 2.0], [3.0, 0.0], [0.0, 1.0]], [1, 0, 0], 2 / 3),
        ([[Value(1.0), Value(2.0)]], [Value(1)], 1.0),
        ([[0.1, 0.7, 0.2], [0.5, 0.3, 0.2]], [[0, 1, 0], [0.0, 0.0, 1.0]], 0.5),
        ([0.5, -0.5, 0.0, Value(2.0)], [1, -1, -1, -1], 0.75),
        ([0.5, -0.5, [0.1], [0.0]], [1, 0, [1.0], 0], 1.0),
    ],
    ids=str,
)
def test_accuracy_is_the_share_of_right_answers(outputs, targets, expected):
    assert accuracy(outputs, targets) == expected


def test_probabilities_turn_at_a_threshold_of_one_half():
    assert accuracy([0.4, 0.6, 0.5], [0, 1, 1], threshold=0.5) == 2 / 3


@pytest.mark.parametrize(
    ("outputs", "targets", "message"),
    [
        ([], [], "accuracy of 0 outputs and 0 targets"),
        ([1.0], [1, 1], "accuracy of 1 outputs and 2 targets"),
        (
            [[1.0, 2.0]],
            [2],
            "accuracy of 2 numbers has targets 0 to 1, or one-hot ones; 2 is not one",
        ),
        (
            [[1.0, 2.0]],
            [0.5],
            "accuracy of 2 numbers has targets 0 to 1, or one-hot ones; 0.5 is not one",
        ),
        ([[1.0, 2.0]], [[1, 0, 0]], r"or one-hot ones; \[1, 0, 0\] is not one"),
        ([1.0], [2], "targets 1, and 0 or -1; 2 is not one"),
        ([1.0], [0.5], "targets 1, and 0 or -1; 0.5 is not one"),
    ],
    ids=str,
)
def test_accuracy_refuses_what_is_no_class(outputs, targets, message):
    with pytest.raises(ValueError, match=message):
        accuracy(outputs, targets)


@pytest.mark.parametrize(
    ("outputs", "targets", "message"),
    [
        ([[]], [1], "accuracy of an empty list: an output, and a target, is one number or more"),
        ([[1.0, 2.0]], [[]], "accuracy of an empty list"),
        ([1.0], [[1, 0]], r"targets 1, and 0 or -1; \[1, 0\] is not one"),
        (None, [1], "accuracy takes a list of outputs, not None"),
        ([1.0], 1, "accuracy takes a list of targets, not 1"),
        ("ab", [1, 0], "accuracy takes a list of outputs, not 'ab'"),
        ([None], [1], "None is a NoneType, not a number"),
        ([1.0], ["yes"], "'yes' is a str, not a number"),
    ],
    ids=str,
)
def test_accuracy_says_what_is_not_a_list_of_numbers(outputs, targets, message):
    with pytest.raises((ValueError, TypeError), match=message):
        accuracy(outputs, targets)


def test_the_threshold_of_accuracy_is_a_number():
    with pytest.raises(ValueError, match="threshold = 'a': 'a' is a str, not a number"):
        accuracy([1.0], [1], threshold="a")


@pytest.mark.parametrize("form", ["array", "tensor"])
def test_accuracy_takes_arrays_and_tensors(form):
    make = np.array if form == "array" else pytest.importorskip("torch").tensor
    assert accuracy([[1.0, 2.0], [3.0, 0.0]], make([1, 1])) == 0.5
    assert accuracy(make([[1.0, 2.0], [3.0, 0.0]]), [make(1), make([0, 1])]) == 0.5
    assert accuracy(make([0.5, -0.5]), make([1, 1])) == 0.5


def test_targets_may_be_a_tensor():
    torch = pytest.importorskip("torch")
    states = []
    for targets in (CLASSES, torch.tensor(CLASSES)):
        model = MLP(2, [3, 2], "tanh")
        optimizer = Adam(model.parameters())
        fit(model, ROWS, targets, loss=cross_entropy, optimizer=optimizer, epochs=1,
            metrics={"accuracy": accuracy})  # fmt: skip
        states.append(model.state_dict())
    assert states[0] == states[1]


# -- what it tells -----------------------------------------------------------------------------


class Terminal(io.StringIO):
    def isatty(self):
        return True


def told(monkeypatch, stream, **settings):
    monkeypatch.setattr("sys.stderr", stream)
    line(Slope(), **settings)
    return stream.getvalue()


def test_on_a_terminal_there_is_a_bar(monkeypatch):
    pytest.importorskip("tqdm")
    text = told(monkeypatch, Terminal(), metrics={"mae": l1_loss})
    assert "100%" in text
    assert "4/4" in text
    assert "mae=" in text
    assert text.endswith("\n")


def test_elsewhere_it_is_silent_unless_asked(monkeypatch):
    pytest.importorskip("tqdm")
    assert told(monkeypatch, io.StringIO()) == ""
    assert told(monkeypatch, Terminal(), progress=False) == ""
    assert "100%" in told(monkeypatch, io.StringIO(), progress=True)
    monkeypatch.setattr("sys.stderr", None)  # as under pythonw
    line(Slope())


def test_without_tqdm_there_is_a_line_an_epoch(monkeypatch):
    monkeypatch.setitem(sys.modules, "tqdm", None)
    lines = told(monkeypatch, Terminal(), validation=0.3).splitlines()
    assert [line[:16] for line in lines] == ["epoch 1/2  loss ", "epoch 2/2  loss "]
    assert "val_loss" in lines[0]
    assert " lr " not in lines[0]


@pytest.mark.parametrize("tqdm", [True, False])
def test_it_tells_that_it_goes_on_and_that_it_was_stopped(tqdm, monkeypatch, tmp_path):
    if tqdm:
        pytest.importorskip("tqdm")
    else:
        monkeypatch.setitem(sys.modules, "tqdm", None)
    path = tmp_path / "run.json"
    text = told(monkeypatch, Terminal(), loss=at_call(1, press_ctrl_c), checkpoint=path)
    assert "stopped by Ctrl-C; the model has the weights of the last batch" in text
    text = told(monkeypatch, Terminal(), loss=at_call(3, press_ctrl_c), epochs=9, checkpoint=path)
    assert "run.json: going on after 1 batches" in text
    assert "stopped by Ctrl-C; the model has the weights of epoch 2, the best" in text


# -- what it refuses ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "targets", "message"),
    [
        ([], [], "there are no rows: fit needs at least one"),
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
        ({"epochs": 0}, ValueError, "epochs = 0: it is a whole number from 1"),
        ({"epochs": 2.5}, ValueError, r"epochs = 2\.5"),
        ({"batch_size": 0}, ValueError, "batch_size = 0: it is a whole number from 1"),
        ({"batch_size": True}, ValueError, "batch_size = True"),
        ({"validation": 1.0}, ValueError, r"validation = 1\.0: it is a share of the rows, from 0"),
        ({"validation": -0.1}, ValueError, r"validation = -0\.1"),
        ({"validation": math.nan}, ValueError, "validation = nan"),
        ({"validation": 0.99}, ValueError, r"validation = 0\.99 of 9 rows leaves none to train on"),
        ({"validation": True}, TypeError, "validation = True: it is a share"),
        ({"validation": None}, TypeError, "validation = None: it is a share"),
        ({"validation": "a"}, TypeError, "validation = 'a': it is a share"),
        (
            {"validation": ([[1.0]],)},
            ValueError,
            r"validation has 1 parts: it is \(rows, targets\)",
        ),
        ({"clip_norm": -1.0}, ValueError, r"clip_norm = -1\.0: it is zero or more"),
        ({"clip_value": math.nan}, ValueError, "clip_value = nan"),
        ({"clip_norm": "a"}, TypeError, "'a' is a str"),
        ({"loss": "mse"}, TypeError, r"loss = 'mse': it is a function, such as nn\.mse_loss"),
        (
            {"optimizer": SGD},
            TypeError,
            r"optimizer = .*: it is of class Optimizer, as in Adam\(model\.param",
        ),
        ({"optimizer": "adam"}, TypeError, "optimizer = 'adam'"),
        ({"schedule": StepLR}, TypeError, "schedule = .*: it is of class Schedule, as in StepLR"),
        (
            {"early_stopping": 5},
            TypeError,
            "early_stopping = 5: it is of class EarlyStopping, as in Early",
        ),
        ({"metrics": accuracy}, TypeError, "metrics = .*: they are functions by name"),
        ({"metrics": {"accuracy": 1}}, TypeError, "metrics = .*: they are functions by name"),
        ({"metrics": [accuracy]}, TypeError, "metrics = .*: they are functions by name"),
        ({"metrics": {"loss": l1_loss}}, ValueError, "a metric cannot be called 'loss'"),
        ({"metrics": {"val_mae": l1_loss}}, ValueError, "a metric cannot be called 'val_mae'"),
        ({"metrics": {1: l1_loss}}, ValueError, "a metric cannot be called 1"),
        ({"metrics": {"m": lambda o, t: None}}, TypeError, "metric 'm': None is a NoneType"),
        ({"metrics": {"m": lambda o, t: o}}, TypeError, "metric 'm': .* is a list"),
        ({"loss": lambda o, t: 1.0}, TypeError, r"the loss returned 1\.0; it returns one Value"),
        ({"loss": lambda o, t: o}, TypeError, "the loss returned .*; it returns one Value"),
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
    with pytest.raises(TypeError, match=r"model = .*: it is of class Module, as in MLP"):
        fit(lambda x: x, XS, YS, loss=mse_loss, optimizer=SGD([Value(1.0)]))


def test_parts_of_another_model_are_refused():
    model, other = Slope(), Slope()
    optimizer = SGD(other.parameters())
    with pytest.raises(
        ValueError, match=r"the optimizer is of another model: make a new one, with"
    ):
        line(model, optimizer=optimizer)
    with pytest.raises(ValueError, match="the schedule is of another optimizer"):
        line(model, schedule=StepLR(optimizer, 5))
    with pytest.raises(ValueError, match="the early_stopping is of another model"):
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
    with pytest.raises(ValueError, match=r"turn at 0\.5: give threshold=0\.5"):
        accuracy(probabilities, [0, 1])
    assert accuracy(probabilities, [0, 1], threshold=0.5) == 1.0
