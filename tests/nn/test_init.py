"""Initializers: the distributions their formulas promise, and where random numbers come from."""

import math
import random
import statistics

import mpmath as mp
import pytest

import autograd
from autograd import Value
from nn import (
    MLP,
    Dropout,
    Layer,
    Neuron,
    calculate_gain,
    kaiming_normal,
    kaiming_uniform,
    normal,
    uniform,
    xavier_normal,
    xavier_uniform,
    zeros,
)
from nn.init import GAINS
from tests.nn_cases import recorded

FAN_IN, FAN_OUT = 60, 40
WIDTHS = {  # standard deviations, by hand
    "xavier": math.sqrt(2 / (FAN_IN + FAN_OUT)),
    "fan_in": math.sqrt(2 / FAN_IN),
    "fan_out": math.sqrt(2 / FAN_OUT),
}
SIZED = [
    (lambda w: xavier_uniform(w, rng=1), WIDTHS["xavier"], "flat"),
    (lambda w: xavier_uniform(w, 5 / 3, rng=1), 5 / 3 * WIDTHS["xavier"], "flat"),
    (lambda w: xavier_normal(w, rng=1), WIDTHS["xavier"], "bell"),
    (lambda w: xavier_normal(w, gain=3, rng=1), 3 * WIDTHS["xavier"], "bell"),
    (lambda w: kaiming_uniform(w, rng=1), WIDTHS["fan_in"], "flat"),
    (lambda w: kaiming_uniform(w, mode="fan_out", rng=1), WIDTHS["fan_out"], "flat"),
    (lambda w: kaiming_normal(w, rng=1), WIDTHS["fan_in"], "bell"),
    (lambda w: kaiming_normal(w, mode="fan_out", rng=1), WIDTHS["fan_out"], "bell"),
    (lambda w: kaiming_normal(w, a=math.sqrt(5), rng=1), math.sqrt(1 / 3 / FAN_IN), "bell"),
    (lambda w: kaiming_normal(w, nonlinearity="linear", rng=1), math.sqrt(1 / FAN_IN), "bell"),
    (lambda w: uniform(w, -1.0, 1.0, rng=1), 1 / math.sqrt(3), "flat"),
    (lambda w: normal(w, std=0.5, rng=1), 0.5, "bell"),
]


def matrix(fan_out=FAN_OUT, fan_in=FAN_IN):
    return [[Value(9.0) for _ in range(fan_in)] for _ in range(fan_out)]


@pytest.mark.parametrize(("fill", "width", "shape"), SIZED)
def test_weights_have_the_spread_and_the_shape_of_the_formula(fill, width, shape):
    weights = matrix()
    assert fill(weights) is weights
    numbers = [w.data for row in weights for w in row]
    assert statistics.fmean(numbers) == pytest.approx(0, abs=4 * width / math.sqrt(len(numbers)))
    assert statistics.pstdev(numbers) == pytest.approx(width, rel=0.05)
    largest = max(map(abs, numbers))
    if shape == "flat":
        assert 0.98 * math.sqrt(3) * width < largest <= math.sqrt(3) * width
    else:
        assert 3 * width < largest < 5 * width


def test_uniform_and_normal_have_pytorchs_defaults():
    drawn = [w.data for row in uniform(matrix(), rng=1) for w in row]
    assert (min(drawn) > 0, max(drawn) < 1) == (True, True)
    drawn = [w.data for row in normal(matrix(), rng=1) for w in row]
    assert statistics.fmean(drawn) == pytest.approx(0, abs=0.1)
    assert statistics.pstdev(drawn) == pytest.approx(1, rel=0.05)
    drawn = [w.data for row in normal(matrix(), mean=7.0, rng=1) for w in row]
    assert statistics.fmean(drawn) == pytest.approx(7, abs=0.1)


def test_zeros_fills_a_list_too():
    layer = Layer(2, 3)
    uniform(layer.bias, rng=1)
    assert all(b.data for b in layer.bias)
    zeros(layer.bias)
    assert [b.data for b in layer.bias] == [0.0, 0.0, 0.0]


def test_a_layer_is_filled_in_place():
    layer = Layer(FAN_IN, FAN_OUT, "tanh")
    xavier_uniform(layer.weight, calculate_gain("tanh"), rng=3)
    weights = matrix()
    xavier_uniform(weights, 5 / 3, rng=3)
    assert [w.data for w in layer.neurons[7].w] == [w.data for w in weights[7]]


# -- gains -------------------------------------------------------------------------------------


def test_the_gains_that_pytorch_has_are_pytorchs():
    for name, gain in recorded("gains").items():
        assert calculate_gain(name) == pytest.approx(gain, rel=1e-12)
    assert calculate_gain("leaky_relu", 0.2) == pytest.approx(math.sqrt(2 / 1.04))


@pytest.mark.parametrize("name", sorted(set(GAINS) - {"tanh", "sigmoid"}))
def test_a_gain_keeps_the_mean_square_of_normal_numbers(name):
    """tanh and sigmoid have PyTorch's gains, which are conventions."""
    f = (lambda z: z) if name == "linear" else getattr(autograd, name)
    square = mp.quad(lambda z: f(float(z)) ** 2 * mp.npdf(z), [-10, -3, 0, 3, 10])
    assert calculate_gain(name) == pytest.approx(float(1 / mp.sqrt(square)), rel=1e-4)


@pytest.mark.parametrize("activation", sorted(GAINS))
def test_a_layer_starts_with_the_gain_of_its_activation(activation):
    layer = Layer(FAN_IN, FAN_OUT, activation, rng=1)
    bound = calculate_gain(activation) * math.sqrt(3 / FAN_IN)
    expected = uniform(matrix(), -bound, bound, rng=1)
    for weights, row in zip(layer.weight, expected, strict=True):
        assert [w.data for w in weights] == pytest.approx([w.data for w in row])
    assert all(b.data == 0 for b in layer.bias)


@pytest.mark.parametrize("activation", ["relu", "leaky_relu", "elu", "gelu", "silu", "erf", "sin"])
def test_numbers_keep_their_size_through_many_layers(activation):
    model = MLP(64, [64] * 8, activation, rng=1)
    rng = random.Random(2)
    outputs = [y.data for y in model([rng.gauss(0, 1) for _ in range(64)])]
    assert 0.2 < math.sqrt(statistics.fmean(y * y for y in outputs)) < 5


# -- bad input ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fill", "message"),
    [
        (lambda: calculate_gain("magic"), "'magic' is unknown; there are linear, relu, .*tanh"),
        (lambda: kaiming_uniform(matrix(), nonlinearity="magic", rng=1), "'magic' is unknown"),
        (lambda: kaiming_normal(matrix(), mode="fan", rng=1), "mode 'fan' is unknown; there are"),
        (lambda: xavier_normal([Value(1.0)], rng=1), "a list of equally long rows"),
        (lambda: xavier_uniform([[Value(1.0)], []], rng=1), "a list of equally long rows"),
        (lambda: xavier_uniform([], rng=1), "a list of equally long rows"),
        (lambda: kaiming_normal(Value(1.0), rng=1), "a list of equally long rows"),
        (lambda: zeros([]), r"zeros fills Values, .*there are none in \[\]"),
        (lambda: uniform([1.0], rng=1), r"uniform fills Values, .*there are none in \[1.0\]"),
        (lambda: uniform(matrix(), 1.0, -1.0, rng=1), "a = 1.0 to b = -1.0"),
        (lambda: normal(matrix(), std=-1.0, rng=1), "std = -1.0"),
        (lambda: normal(matrix(), std="a", rng=1), "std = 'a': 'a' is a str, not a number"),
        (lambda: normal(matrix(), None, rng=1), "mean = None: None is a NoneType"),
        (lambda: uniform(matrix(), "a", rng=1), "a = 'a': 'a' is a str, not a number"),
        (lambda: xavier_uniform(matrix(), "a", rng=1), "gain = 'a': 'a' is a str"),
        (lambda: xavier_normal(matrix(), None, rng=1), "gain = None: None is a NoneType"),
        (lambda: kaiming_normal(matrix(), "a", rng=1), "slope = 'a': 'a' is a str"),
    ],
)
def test_what_cannot_be_filled_is_refused(fill, message):
    with pytest.raises(ValueError, match=message):
        fill()


@pytest.mark.parametrize("rng", [None, 1.5, "seed", True, random])
@pytest.mark.parametrize(
    "make",
    [
        lambda rng: Neuron(2, rng=rng),
        lambda rng: MLP(2, [1], rng=rng),
        lambda rng: Dropout(rng=rng),
        lambda rng: normal(matrix(1, 1), rng=rng),
    ],
)
def test_rng_is_a_seed_or_a_generator(make, rng):
    with pytest.raises(TypeError, match=r"rng is a seed, as in rng=1, or a random\.Random, not"):
        make(rng)
