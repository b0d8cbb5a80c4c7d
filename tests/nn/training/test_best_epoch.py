"""fit keeps the best epoch."""

import math
import re

import numpy as np
import pytest

from nn import (
    MLP,
    SGD,
    EarlyStopping,
    cross_entropy,
    fit,
    huber_loss,
    mse_loss,
)
from tests.nn.training.models import Slope, descend, line


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
    def trained(whole, real):
        model = MLP(whole(1), [whole(2), 1], rng=whole(3))
        for _ in range(2):
            history = fit(
                model, [[1.0], [2.0]], [1.0, 2.0], loss=mse_loss, batch_size=whole(1),
                optimizer=SGD(model.parameters()), clip_norm=real(1), epochs=1,
                checkpoint=tmp_path / f"{whole.__name__}.json",
            )  # fmt: skip
        return dict(history), [p.data for p in model.parameters()]

    assert trained(np.int64, np.float32) == trained(int, float)
