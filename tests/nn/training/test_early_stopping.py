"""EarlyStopping."""

import copy
import json
import math

import pytest

from autograd import Value
from nn import MLP, BatchNorm, EarlyStopping, Neuron, Sequential


def feed(stopping, model, losses):
    """Report losses one by one, each with weights of its own; return the answers."""
    answers = []
    for k, loss in enumerate(losses):
        model.b.data = float(k)
        answers.append(stopping.step(loss))
    return answers


def test_it_stops_after_patience_and_brings_the_best_weights_back():
    model = Neuron(1)
    stopping = EarlyStopping(model, patience=3)
    answers = feed(stopping, model, [3.0, 1.0, 2.0, 1.0, 1.5])
    assert answers == [False, False, False, False, True]
    assert model.b.data == 1.0
    assert stopping.best_loss == 1.0


def test_a_better_loss_starts_the_waiting_anew():
    model = Neuron(1)
    stopping = EarlyStopping(model, patience=2)
    assert not any(feed(stopping, model, [3.0, 4.0, 2.0, 4.0, 1.0, 4.0]))
    assert model.b.data == 5.0
    stopping.restore()
    assert model.b.data == 4.0


def test_an_improvement_counts_beyond_min_delta_only():
    model = Neuron(1)
    stopping = EarlyStopping(model, patience=2, min_delta=0.5)
    assert feed(stopping, model, [3.0, 2.5, 2.4, 2.6]) == [False, False, False, False]
    assert stopping.best_loss == 2.4
    assert feed(stopping, model, [2.0]) == [True]


def test_a_loss_that_is_nan_is_no_better():
    model = Neuron(1)
    before = model.state_dict()
    stopping = EarlyStopping(model, patience=2)
    assert feed(stopping, model, [math.nan, math.nan]) == [False, True]
    assert model.state_dict() == before


def test_it_takes_values():
    stopping = EarlyStopping(Neuron(1), patience=1)
    assert [stopping.step(Value(x)) for x in (2.0, 1.0, 1.0)] == [False, False, True]


def test_running_averages_come_back_too():
    model = Sequential(BatchNorm(1))
    stopping = EarlyStopping(model, patience=1)
    best = model.state_dict()
    stopping.step(1.0)
    model.batch([[1.0], [3.0]])
    assert model.state_dict() != best
    assert stopping.step(2.0)
    assert model.state_dict() == best


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"patience": 0}, "patience = 0: it must be a whole number from 1"),
        ({"patience": 2.5}, r"patience = 2\.5"),
        ({"min_delta": -1}, "min_delta = -1: it must be zero or more"),
        ({"min_delta": math.nan}, "min_delta = nan"),
        ({"min_delta": "a"}, "min_delta = 'a': 'a' is a str, not a number"),
    ],
    ids=str,
)
def test_settings_out_of_range_are_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        EarlyStopping(MLP(1, [1]), **settings)


def test_a_loss_is_a_number():
    with pytest.raises(TypeError, match="did a function forget its return"):
        EarlyStopping(MLP(1, [1])).step(None)


# -- its state ---------------------------------------------------------------------------------


def test_a_saved_state_goes_on_where_it_stood():
    model, other = Neuron(1), Neuron(1, rng=5)
    first, second = EarlyStopping(model, patience=3), EarlyStopping(other, patience=3)
    feed(first, model, [3.0, 1.0, 2.0])
    second.load_state_dict(json.loads(json.dumps(first.state_dict())))
    assert feed(second, other, [1.0, 1.0]) == [False, True]
    assert other.state_dict() == {**model.state_dict(), "b": 1.0}


def test_loading_a_state_leaves_the_model_alone_until_restore():
    model = Neuron(1)
    stopping = EarlyStopping(model)
    saved = stopping.state_dict()
    model.b.data = 7.0
    stopping.load_state_dict(saved)
    assert model.b.data == 7.0
    stopping.restore()
    assert model.b.data == 0.0


def test_a_state_is_a_copy():
    model = Neuron(1)
    stopping = EarlyStopping(model)
    saved = stopping.state_dict()
    before = copy.deepcopy(saved)
    feed(stopping, model, [1.0])
    saved["best_state"]["b"] = 9.0
    stopping.restore()
    assert model.b.data == 0.0
    assert before["best_loss"] == math.inf


def state(**changes):
    return {**EarlyStopping(Neuron(1)).state_dict(), **changes}


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ({}, "not a state of an EarlyStopping"),
        (None, "not a state of an EarlyStopping"),
        (state(waited=-1), "waited = -1: it must be a whole number"),
        (state(waited=1.5), "waited = 1.5"),
        (state(waited=True), "waited = True"),
        (state(best_loss="low"), "best_loss = 'low': 'low' is a str"),
        (state(best_state=None), "a state is numbers by name, not None"),
        (state(best_state={"b": 1.0}), r"belongs to another model: 1 missing \(w\[0\]\)"),
        (state(best_state={"w[0]": 1.0, "b": "x"}), "the state of b: 'x' is a str"),
    ],
    ids=str,
)
def test_a_state_that_does_not_fit_changes_nothing(broken, message):
    model = Neuron(1)
    stopping = EarlyStopping(model)
    feed(stopping, model, [2.0, 3.0])
    before = copy.deepcopy(stopping.state_dict())
    with pytest.raises(ValueError, match=message):
        stopping.load_state_dict(broken)
    assert stopping.state_dict() == before
