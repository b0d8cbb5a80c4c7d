"""Numbers that are not finite are named, and good weights come back."""

import copy
import json
import math
import pickle

import pytest

from autograd import Value, sqrt
from nn import (
    MLP,
    SGD,
    Layer,
    Module,
    NonFiniteError,
    Sequential,
    fit,
    mse_loss,
)
from tests.nn.training.models import (
    XS,
    YS,
    Recording,
    Slope,
    line,
)


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
