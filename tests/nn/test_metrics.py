"""Metrics: how good outputs are."""

import numpy as np
import pytest

from autograd import Value
from nn import (
    MLP,
    Adam,
    Layer,
    Sequential,
    accuracy,
    binary_cross_entropy,
    cross_entropy,
    fit,
)
from tests.nn.training.models import CLASSES, ROWS


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


def test_accuracy_of_several_sigmoids_is_that_of_the_largest():
    assert accuracy([[Value(1.0).sigmoid(), Value(2.0).sigmoid()]], [1]) == 1.0


@pytest.mark.parametrize("make", [lambda v: v, lambda v: [v], lambda v: (v,)])
def test_accuracy_of_a_sigmoid_needs_its_threshold(make):
    outputs = [make(Value(x).sigmoid()) for x in (-2.0, 0.5)]
    with pytest.raises(ValueError, match=r"threshold=0\.5; to fit, pass metrics=.*threshold=0\.5"):
        accuracy(outputs, [0, 1])
    assert accuracy(outputs, [0, 1], threshold=0.5) == 1.0


def test_the_metrics_that_the_message_about_sigmoids_names_are_those_to_pass():
    def trained(metrics):
        model = Sequential(Layer(2, 1, "sigmoid"))
        optimizer = Adam(model.parameters())
        return fit(model, ROWS, [k % 2 for k in CLASSES], loss=binary_cross_entropy,
                   optimizer=optimizer, epochs=1, metrics=metrics)  # fmt: skip

    with pytest.raises(ValueError, match="pass metrics=") as refused:
        trained({"accuracy": accuracy})
    named = str(refused.value).partition("pass metrics=")[2]
    history = trained(eval(named, {"accuracy": accuracy}))
    assert 0 <= history["accuracy"][0] <= 1


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
