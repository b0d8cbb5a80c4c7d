"""Optimizers, clipping and schedules: PyTorch's numbers, saved states, and what they refuse.

The numbers are recorded: see ``tests/nn_cases.py``.
"""

import copy
import json
import math
import re
from fractions import Fraction

import numpy as np
import pytest

import nn
from autograd import Value
from nn import (
    SGD,
    Adagrad,
    Adam,
    AdamW,
    CosineAnnealingLR,
    LinearLR,
    Optimizer,
    RMSprop,
    StepLR,
    clip_grad_norm_,
    clip_grad_value_,
)
from tests.nn_cases import (
    CLIPPINGS,
    EPOCHS,
    GRADIENTS,
    OPTIMIZERS,
    SCHEDULES,
    SHOWN_STEPS,
    START,
    STEPS,
    gradient,
    recorded,
)

KINDS = [SGD, Adagrad, RMSprop, Adam, AdamW]


def walk(optimizer, steps=range(1, STEPS + 1)):
    """Take steps with the gradients of the cases; return the weights after each."""
    path = []
    for step in steps:
        for k, weight in enumerate(optimizer.parameters):
            weight.grad = gradient(step, k)
        optimizer.step()
        path.append([weight.data for weight in optimizer.parameters])
    return path


def fresh(kind, **settings):
    return kind([Value(number) for number in START], **settings)


# -- steps -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "settings", "torch"),
    [(*case, path) for case, path in zip(OPTIMIZERS, recorded("optimizers"), strict=True)],
    ids=str,
)
def test_an_optimizer_moves_as_pytorchs_does(name, settings, torch):
    path = walk(fresh(getattr(nn, name), **settings))
    for step, weights in zip(SHOWN_STEPS, torch, strict=True):
        assert path[step - 1] == pytest.approx(weights, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_a_parameter_without_gradient_stays(kind):
    used, unused = Value(1.0), Value(1.0)
    optimizer = kind([used, unused], lr=0.5, weight_decay=0.5)
    (used * 2.0).backward()
    optimizer.step()
    assert used.data < 1.0
    assert unused.data == 1.0


@pytest.mark.parametrize("kind", KINDS)
def test_zero_grad_forgets_the_gradients(kind):
    weight = Value(1.0)
    weight.grad = 3.0
    kind([weight]).zero_grad()
    assert not weight.has_grad


@pytest.mark.parametrize("kind", KINDS)
def test_an_optimizer_finds_the_bottom_of_a_bowl(kind):
    x, y = Value(1.0), Value(-0.5)
    optimizer = kind([x, y], lr=0.1 if kind is not Adagrad else 0.5)
    for _ in range(300):
        optimizer.zero_grad()
        ((x - 0.25) ** 2 + 2 * (y + 0.75) ** 2).backward()
        optimizer.step()
    assert [x.data, y.data] == pytest.approx([0.25, -0.75], abs=0.06)


def test_sgd_of_fractions_stays_exact():
    weight = Value(Fraction(1, 3))
    (weight * weight).backward()
    SGD([weight], lr=Fraction(1, 2)).step()
    assert weight.data == 0
    assert isinstance(weight.data, Fraction)


def test_a_gradient_too_large_for_its_square_does_not_raise():
    for kind in KINDS:
        weight = Value(1.0)
        weight.grad = 1e200
        kind([weight], lr=0.1).step()
        assert weight.data <= 1.0


def test_an_optimizer_of_a_students_own_is_one_formula():
    class SignDescent(Optimizer):
        def updated(self, weight, gradient, memory):
            return weight - math.copysign(self.lr, gradient)

    optimizer = fresh(SignDescent, lr=0.5)
    assert walk(optimizer, [1]) == [[0.5, -1.0, 3.5]]


@pytest.mark.parametrize(("name", "settings"), OPTIMIZERS, ids=str)
def test_the_formula_is_the_same_on_numbers_on_arrays_and_on_values(name, settings):
    optimizer = fresh(getattr(nn, name), **settings)
    array, values = np.array(START), [Value(number) for number in START]
    of_array, of_values = {}, [{} for _ in START]
    for step in range(1, 6):
        numbers = [gradient(step, k) for k in range(len(START))]
        array = optimizer.updated(array, np.array(numbers), of_array)
        values = [
            optimizer.updated(value, Value(number), memory)
            for value, number, memory in zip(values, numbers, of_values, strict=True)
        ]
        (weights,) = walk(optimizer, [step])
        assert weights == array.tolist() == [value.data for value in values]
    for k, memory in enumerate(optimizer.state):
        for held in memory:
            of_one = of_array[held][k] if held != "step" else of_array[held]
            assert memory[held] == of_one == getattr(of_values[k][held], "data", of_one)


def test_an_optimizer_without_formula_says_to_define_one():
    optimizer = fresh(Optimizer, lr=0.5)
    with pytest.raises(NotImplementedError, match="Optimizer has no formula: define updated"):
        walk(optimizer, [1])


# -- settings ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"lr": -0.1}, "lr = -0.1: it must be zero or more"),
        ({"lr": math.nan}, "lr = nan"),
        ({"lr": "fast"}, "lr = 'fast': 'fast' is a str, not a number"),
        ({"lr": None}, "lr = None"),
        ({"lr": 10**400}, "lr = 1000*…: it is too large for a float"),
        ({"weight_decay": -1}, "weight_decay = -1: it must be zero or more"),
    ],
    ids=str,
)
def test_settings_out_of_range_are_refused(kind, settings, message):
    with pytest.raises(ValueError, match=message):
        kind([Value(1.0)], **settings)


@pytest.mark.parametrize(
    ("kind", "settings", "message"),
    [
        (SGD, {"momentum": -1}, "momentum = -1"),
        (SGD, {"momentum": 2}, "momentum = 2: it must be from 0 to 1"),
        (RMSprop, {"momentum": 1.5}, "momentum = 1.5: it must be from 0 to 1"),
        (SGD, {"nesterov": True}, "nesterov needs momentum > 0"),
        (SGD, {"nesterov": "yes"}, "nesterov = 'yes': it must be True or False"),
        (SGD, {"nesterov": None}, "nesterov = None: it must be True or False"),
        (Adam, {"betas": (0.9, None)}, r"betas = \(0.9, None\): None is a NoneType"),
        (SGD, {"nesterov": True, "momentum": 0.9, "dampening": 0.1}, "got 0.9 and 0.1"),
        (Adagrad, {"lr_decay": -1}, "lr_decay = -1"),
        (Adagrad, {"initial_accumulator_value": -1}, "initial_accumulator_value = -1"),
        (Adagrad, {"eps": 0}, "eps = 0: it must be above zero"),
        (RMSprop, {"alpha": 1}, "alpha = 1: it must be from 0 to below 1"),
        (RMSprop, {"momentum": -1}, "momentum = -1"),
        (Adam, {"betas": (0.9, 1.0)}, r"betas = \(0.9, 1.0\): it must be from 0 to below 1"),
        (Adam, {"betas": 0.9}, "betas = 0.9: they must be two numbers"),
        (AdamW, {"betas": (-0.1, 0.9)}, "betas"),
        (AdamW, {"eps": -1e-8}, "eps = -1e-08"),
    ],
    ids=str,
)
def test_settings_of_one_kind_are_checked(kind, settings, message):
    with pytest.raises(ValueError, match=message):
        kind([Value(1.0)], **settings)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lr", [math.nan, -5, "x", None])
def test_a_learning_rate_that_is_changed_is_checked_too(kind, lr):
    optimizer = kind([Value(1.0)], lr=0.5)
    with pytest.raises(ValueError, match=f"^lr = {lr!r}: "):
        optimizer.lr = lr
    assert optimizer.lr == 0.5


def test_an_optimizer_shows_its_settings_and_how_many_numbers_it_moves():
    weights = [Value(1.0) for _ in range(41)]
    assert repr(SGD(weights, lr=0.1, momentum=0.9)) == "SGD(lr=0.1, momentum=0.9, 41 parameters)"
    assert repr(SGD(weights[:1], lr=0)) == "SGD(lr=0, 1 parameter)"
    assert repr(Optimizer(weights)) == "Optimizer(41 parameters)"
    adam = Adam(weights, lr=0.01)
    adam.lr = 0.02
    assert repr(adam) == "Adam(lr=0.02, betas=(0.9, 0.999), eps=1e-08, 41 parameters)"


@pytest.mark.parametrize(
    "take", [*KINDS, lambda p: clip_grad_norm_(p, 1), lambda p: clip_grad_value_(p, 1)]
)
def test_parameters_that_are_none_say_what_to_pass(take):
    weight = Value(1.0)
    with pytest.raises(ValueError, match=r"pass model\.parameters\(\)"):
        take([])
    with pytest.raises(TypeError, match=r"pass model\.parameters\(\)"):
        take(weight)
    with pytest.raises(TypeError, match=r"parameters are Values; 1\.0 is not one"):
        take([1.0])
    with pytest.raises(ValueError, match="got a parameter twice"):
        take([weight, weight])


# -- states ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "settings"), OPTIMIZERS, ids=str)
def test_a_saved_state_goes_on_where_it_stopped(name, settings):
    kind = getattr(nn, name)
    whole, first = fresh(kind, **settings), fresh(kind, **settings)
    path = walk(whole, range(1, 21))
    walk(first, range(1, 11))
    saved = json.loads(json.dumps(first.state_dict()))
    second = kind([Value(weight.data) for weight in first.parameters])
    second.load_state_dict(saved)
    assert walk(second, range(11, 21)) == path[10:]
    assert second.state_dict() == whole.state_dict()


def test_a_state_names_things_as_pytorch_does():
    optimizer = Adam([Value(1.0)])
    optimizer.parameters[0].grad = 2.0
    optimizer.step()
    assert optimizer.state_dict() == {
        "optimizer": "Adam",
        "settings": {"lr": 1e-3, "betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 0.0},
        "state": [
            {"step": 1, "exp_avg": pytest.approx(0.2), "exp_avg_sq": pytest.approx(0.004)},
        ],
    }


def test_a_state_is_a_copy():
    optimizer = fresh(Adam)
    walk(optimizer, [1])
    saved = optimizer.state_dict()
    before = copy.deepcopy(saved)
    walk(optimizer, [2])
    assert saved == before


def test_a_loaded_state_is_a_copy():
    optimizer, other = fresh(Adam), fresh(Adam)
    walk(optimizer, [1])
    saved = optimizer.state_dict()
    before = copy.deepcopy(saved)
    other.load_state_dict(saved)
    walk(other, [2])
    assert saved == before


def broken(**changes):
    optimizer = fresh(Adam)
    walk(optimizer, [1])
    return {**optimizer.state_dict(), **changes}


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ({}, "not a state of an optimizer"),
        ([], "not a state of an optimizer"),
        (None, "not a state of an optimizer"),
        (broken(settings=None), "not a state of an optimizer"),
        (broken(optimizer="SGD"), "the state is from 'SGD' with lr, betas"),
        (broken(settings={"lr": 0.1}), "the state is from 'Adam' with lr; this is Adam with lr, b"),
        (broken(state=[{}]), "the state has 1 parameters; this Adam has 3"),
        (broken(state=[{}, {}, {"step": 1}]), "parameter 2 is .*; it must hold step, exp_avg"),
        (broken(state=[{}, {}, 3]), "parameter 2 is 3; it must hold step, exp_avg"),
        (
            broken(state=[{}, {}, {"step": 1, "exp_avg": "x", "exp_avg_sq": 0.0}]),
            "parameter 2: 'x' is a str",
        ),
        (
            broken(settings={"lr": -1, "betas": [0.9, 0.9], "eps": 1e-8, "weight_decay": 0}),
            "lr = -1",
        ),
    ],
    ids=str,
)
def test_a_state_that_does_not_fit_changes_nothing(state, message):
    optimizer = fresh(Adam)
    walk(optimizer, [1, 2])
    before = copy.deepcopy(optimizer.state_dict())
    with pytest.raises(ValueError, match=message):
        optimizer.load_state_dict(state)
    assert optimizer.state_dict() == before


# -- clipping ----------------------------------------------------------------------------------


def with_gradients(numbers):
    parameters = [Value(0.0) for _ in numbers]
    for parameter, number in zip(parameters, numbers, strict=True):
        parameter.grad = number
    return parameters


@pytest.mark.parametrize(
    ("case", "torch"), list(zip(CLIPPINGS, recorded("clippings"), strict=True)), ids=str
)
def test_clipping_the_norm_is_pytorchs(case, torch):
    parameters = with_gradients(GRADIENTS)
    assert clip_grad_norm_(parameters, *case) == pytest.approx(torch["norm"], rel=1e-12)
    assert [p.grad for p in parameters] == pytest.approx(torch["gradients"], rel=1e-12)


def test_a_clipped_norm_is_the_largest_allowed():
    parameters = with_gradients([3.0, 4.0])
    assert clip_grad_norm_(parameters, 1.0) == 5.0
    norm = math.hypot(*[p.grad for p in parameters])
    assert 1 - 1e-6 < norm <= 1
    assert parameters[0].grad / parameters[1].grad == pytest.approx(3 / 4)


def test_a_norm_that_is_small_enough_changes_nothing():
    parameters = with_gradients([3.0, 4.0])
    clip_grad_norm_(parameters, 5.1)
    assert [p.grad for p in parameters] == [3.0, 4.0]


@pytest.mark.parametrize("p", [1.0, 2.0, 3.0, math.inf])
def test_the_norm_of_huge_gradients_does_not_overflow(p):
    parameters = with_gradients([1e300, 0.0])
    assert clip_grad_norm_(parameters, 1.0, p) == 1e300


def test_gradients_that_are_not_finite_raise_if_asked_to():
    parameters = with_gradients([math.inf, 1.0])
    with pytest.raises(RuntimeError, match="the norm of the gradients is inf"):
        clip_grad_norm_(parameters, 1.0, error_if_nonfinite=True)
    assert [p.grad for p in parameters] == [math.inf, 1.0]
    assert clip_grad_norm_(parameters, 1.0) == math.inf
    assert math.isnan(parameters[0].grad)


def test_the_norm_of_what_is_undefined_is_undefined():
    assert math.isnan(clip_grad_norm_(with_gradients([math.inf, math.nan]), 1.0))


def test_clipping_skips_parameters_without_gradient():
    used, unused = *with_gradients([5.0]), Value(1.0)
    assert clip_grad_norm_([used, unused], 1.0) == 5.0
    clip_grad_value_([used, unused], 1.0)
    assert not unused.has_grad


def test_clipping_values_brings_each_within_bounds():
    parameters = with_gradients([3.0, -4.0, 0.5, math.inf, math.nan])
    clip_grad_value_(parameters, 1.0)
    *clipped, undefined = [p.grad for p in parameters]
    assert clipped == [1.0, -1.0, 0.5, 1.0]
    assert math.isnan(undefined)


@pytest.mark.parametrize(
    ("clip", "message"),
    [
        (lambda p: clip_grad_norm_(p, -1.0), "max_norm = -1.0"),
        (lambda p: clip_grad_norm_(p, math.nan), "max_norm = nan"),
        (lambda p: clip_grad_norm_(p, 1.0, 0), "norm_type = 0"),
        (lambda p: clip_grad_value_(p, -1.0), "clip_value = -1.0"),
    ],
)
def test_clipping_refuses_bounds_below_zero(clip, message):
    with pytest.raises(ValueError, match=message):
        clip(with_gradients([1.0]))


@pytest.mark.parametrize(
    ("clip", "message"),
    [
        (lambda p: clip_grad_norm_(p, "a"), "max_norm = 'a': 'a' is a str"),
        (lambda p: clip_grad_norm_(p, None), "max_norm = None: None is a NoneType"),
        (lambda p: clip_grad_norm_(p, 1.0, "a"), "norm_type = 'a': 'a' is a str"),
        (lambda p: clip_grad_value_(p, [1.0]), r"clip_value = \[1.0\]: \[1.0\] is a list"),
    ],
)
def test_the_bounds_of_clipping_are_numbers(clip, message):
    with pytest.raises(ValueError, match=message):
        clip(with_gradients([1.0]))


# -- schedules ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "settings", "torch"),
    [(*case, rates) for case, rates in zip(SCHEDULES, recorded("schedules"), strict=True)],
    ids=str,
)
def test_a_schedule_is_pytorchs(name, settings, torch):
    optimizer = SGD([Value(1.0)], lr=0.5)
    schedule = getattr(nn, name)(optimizer, **settings)
    rates = []
    for _ in range(EPOCHS):
        rates.append(optimizer.lr)
        schedule.step()
    assert rates == pytest.approx(torch, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda o: StepLR(o, 0), "step_size = 0: it must be a whole number from 1"),
        (lambda o: StepLR(o, 2.5), "step_size = 2.5"),
        (lambda o: StepLR(o, 2, gamma=-1), "gamma = -1"),
        (lambda o: CosineAnnealingLR(o, 0), "T_max = 0"),
        (lambda o: CosineAnnealingLR(o, 5, eta_min=-1), "eta_min = -1"),
        (
            lambda o: LinearLR(o, start_factor=0),
            "start_factor = 0: it must be above 0 and at most 1",
        ),
        (lambda o: LinearLR(o, end_factor=2), "end_factor = 2: it must be from 0 to 1"),
        (lambda o: LinearLR(o, total_iters=0), "total_iters = 0"),
    ],
)
def test_a_schedule_refuses_settings_out_of_range(make, message):
    optimizer = SGD([Value(1.0)], lr=0.5)
    with pytest.raises(ValueError, match=message):
        make(optimizer)
    assert optimizer.lr == 0.5


@pytest.mark.parametrize("junk", ["a", None, True, [1.0], 1j], ids=str)
@pytest.mark.parametrize(
    ("name", "setting"),
    [
        ("StepLR", "gamma"), ("CosineAnnealingLR", "eta_min"), ("LinearLR", "start_factor"),
        ("LinearLR", "end_factor"),
    ],
)  # fmt: skip
def test_a_setting_of_a_schedule_is_a_number(name, setting, junk):
    required = {"StepLR": {"step_size": 1}, "CosineAnnealingLR": {"T_max": 5}}.get(name, {})
    optimizer = SGD([Value(1.0)], lr=0.5)
    with pytest.raises(ValueError, match=rf"{setting} = {re.escape(repr(junk))}: .* not a number"):
        getattr(nn, name)(optimizer, **required, **{setting: junk})
    assert optimizer.lr == 0.5


def test_a_schedule_of_a_learning_rate_that_is_not_a_number_says_so():
    class Own(Optimizer):
        lr = "fast"  # and not given to the base, which would check it

    with pytest.raises(ValueError, match="lr = 'fast': 'fast' is a str, not a number"):
        StepLR(Own([Value(1.0)]), 1)


def test_a_schedule_is_made_for_an_optimizer():
    with pytest.raises(TypeError, match=r"StepLR takes an optimizer, such as SGD, not 0\.1"):
        StepLR(0.1, 5)


@pytest.mark.parametrize(("name", "settings"), SCHEDULES, ids=str)
def test_a_saved_schedule_goes_on_where_it_stood(name, settings):
    def make(lr):
        return getattr(nn, name)(SGD([Value(1.0)], lr=lr), **settings)

    first, second = make(0.5), make(0.1)
    for _ in range(7):
        first.step()
    second.load_state_dict(json.loads(json.dumps(first.state_dict())))
    for _ in range(EPOCHS):
        assert second.optimizer.lr == first.optimizer.lr
        first.step()
        second.step()
    assert second.state_dict() == first.state_dict()


def test_a_schedule_of_a_students_own_is_saved_too():
    class At(StepLR):
        def __init__(self, optimizer, *epochs):
            self.epochs = epochs
            super().__init__(optimizer, 1)

        def rate(self, epoch):
            return self.base_lr / 10 ** sum(epoch >= at for at in self.epochs)

    schedule = At(SGD([Value(1.0)], lr=1.0), 2, 5)
    saved = json.loads(json.dumps({**schedule.state_dict(), "last_epoch": 3}))
    schedule.load_state_dict(saved)
    assert schedule.optimizer.lr == 0.1


def of_schedule(**changes):
    return {**StepLR(SGD([Value(1.0)], lr=0.1), 5).state_dict(), "last_epoch": 3, **changes}


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ({}, "not a state of a schedule"),
        (None, "not a state of a schedule"),
        ([1], "not a state of a schedule"),
        (of_schedule(schedule="LinearLR"), "schedule 'LinearLR'; here it is 'StepLR'"),
        (of_schedule(settings={"step_size": 6}), "settings .*6.*; here it is .*5"),
        (of_schedule(settings=None), "settings None"),
        (of_schedule(last_epoch=-1), "last_epoch = -1: it must be a whole number"),
        (of_schedule(last_epoch=2.5), "last_epoch = 2.5"),
        (of_schedule(last_epoch=True), "last_epoch = True"),
        (of_schedule(base_lr="fast"), "base_lr = 'fast': 'fast' is a str"),
        (of_schedule(base_lr=-0.5), r"base_lr = -0\.5: it must be zero or more"),
        (of_schedule(base_lr=None), "base_lr = None: None"),
    ],
    ids=str,
)
def test_the_state_of_another_schedule_changes_nothing(state, message):
    schedule = StepLR(SGD([Value(1.0)], lr=0.5), 5)
    schedule.step()
    before = schedule.state_dict()
    with pytest.raises(ValueError, match=message):
        schedule.load_state_dict(state)
    assert schedule.state_dict() == before
    assert schedule.optimizer.lr == 0.5
