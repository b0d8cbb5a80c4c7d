"""Initializers: what weights start from, with the names and formulas of torch.nn.init.

Each fills Values in place, and returns what it was given. A matrix of weights is a list of rows,
one for each neuron, as ``layer.weight`` is: it has fan_in = the length of a row, the inputs that a
neuron adds up, and fan_out = the number of rows, the neurons that an input goes to. Random numbers
come from ``rng``, a seed or a ``random.Random``; give several layers one ``random.Random``, or
they start with the same numbers.
"""

import random
from math import sqrt
from typing import Any

from nn.checks import ANY, NOT_NEGATIVE, as_random, checked_number
from nn.stamping import values_in

SLOPE = 0.01  # of leaky_relu below zero

# What a layer's weights are scaled by, for each activation there is, so that numbers neither fade
# nor grow from layer to layer. Where torch.nn.init has a gain it is that one. The others keep the
# mean square: 1/sqrt(E[f(z)²]) for a normal z, He's argument, which also gives relu its sqrt(2).
GAINS = {
    "linear": 1.0, "relu": sqrt(2), "leaky_relu": sqrt(2 / (1 + SLOPE**2)), "elu": 1.2452,
    "gelu": 1.5335, "silu": 1.6765, "softplus": 1.0419, "sigmoid": 1.0, "tanh": 5 / 3,
    "erf": 1.4672, "sin": 1.5209,
}  # fmt: skip


def known_activation(name: str) -> str:
    """Return ``name``; raises ValueError, with the list of those there are, for an unknown one."""
    if name not in tuple(GAINS):
        hint = "" if isinstance(name, str) else '; for none write "linear"'
        raise ValueError(f"activation {name!r} is unknown; there are {', '.join(GAINS)}{hint}")
    return name


def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    """Return the gain for an activation; ``param`` is leaky_relu's slope, by default 0.01.

    Raises ValueError for an unknown activation.
    """
    if nonlinearity == "leaky_relu" and param is not None:
        return sqrt(2 / (1 + checked_number("leaky_relu with slope", param, ANY) ** 2))
    return GAINS[known_activation(nonlinearity)]


# -- the same for every weight -------------------------------------------------------------------


def zeros(values: Any) -> Any:
    """Set every Value to 0. Neurons that all start at zero all learn the same: for biases only."""
    return _fill("zeros", values, lambda: 0.0)


def uniform(values: Any, a: float = 0.0, b: float = 1.0, *, rng: int | random.Random) -> Any:
    """Draw every Value evenly from a to b; raises ValueError unless a <= b."""
    a, b = checked_number("uniform with a", a, ANY), checked_number("uniform with b", b, ANY)
    if not a <= b:
        raise ValueError(f"uniform from a = {a} to b = {b}: a must be at most b")
    generator = as_random(rng)
    return _fill("uniform", values, lambda: generator.uniform(a, b))


def normal(values: Any, mean: float = 0.0, std: float = 1.0, *, rng: int | random.Random) -> Any:
    """Draw every Value from a bell curve of that mean and width; ValueError if std < 0."""
    mean = checked_number("normal with mean", mean, ANY)
    std = checked_number("normal with std", std, NOT_NEGATIVE)
    generator = as_random(rng)
    return _fill("normal", values, lambda: generator.gauss(mean, std))


def _fill(name: str, values: Any, draw: Any) -> Any:
    cells = values_in(values)
    if not cells:
        raise ValueError(f"{name} fills Values, as in layer.weight; there are none in {values!r}")
    for cell in cells:
        cell.data = draw()
    return values


# -- by the size of the layer --------------------------------------------------------------------


def xavier_uniform(weights: Any, gain: float = 1.0, *, rng: int | random.Random) -> Any:
    """Draw weights evenly from ±gain·sqrt(6 / (fan_in + fan_out)).

    A compromise between numbers that keep their size on the way forward and gradients that keep
    theirs on the way back (Glorot and Bengio, 2010). Raises ValueError for what is not a matrix.
    """
    bound = checked_number("gain", gain, ANY) * sqrt(6 / sum(_fans(weights)))
    return uniform(weights, -bound, bound, rng=rng)


def xavier_normal(weights: Any, gain: float = 1.0, *, rng: int | random.Random) -> Any:
    """Draw weights from a bell curve of width gain·sqrt(2 / (fan_in + fan_out)); see above."""
    width = checked_number("gain", gain, ANY) * sqrt(2 / sum(_fans(weights)))
    return normal(weights, 0.0, width, rng=rng)


def kaiming_uniform(
    weights: Any,
    a: float = 0.0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    *,
    rng: int | random.Random,
) -> Any:
    """Draw weights evenly from ±gain·sqrt(3 / fan), with the gain of the ``nonlinearity``.

    With ``mode="fan_in"`` numbers keep their size on the way forward, with ``"fan_out"`` gradients
    theirs on the way back (He et al., 2015). ``a`` is leaky_relu's slope. Raises ValueError for an
    unknown mode or nonlinearity and for what is not a matrix.
    """
    bound = sqrt(3) * _kaiming_width(weights, a, mode, nonlinearity)
    return uniform(weights, -bound, bound, rng=rng)


def kaiming_normal(
    weights: Any,
    a: float = 0.0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    *,
    rng: int | random.Random,
) -> Any:
    """Draw weights from a bell curve of width gain / sqrt(fan); see ``kaiming_uniform``."""
    return normal(weights, 0.0, _kaiming_width(weights, a, mode, nonlinearity), rng=rng)


def _kaiming_width(weights: Any, a: float, mode: str, nonlinearity: str) -> float:
    fans = dict(zip(("fan_in", "fan_out"), _fans(weights), strict=True))
    if mode not in fans:
        raise ValueError(f"mode {mode!r} is unknown; there are fan_in and fan_out")
    return calculate_gain(nonlinearity, a) / sqrt(fans[mode])


def _fans(weights: Any) -> tuple[int, int]:
    """Return (fan_in, fan_out) of a matrix of weights."""
    rows = weights if isinstance(weights, list | tuple) else []
    lengths = {len(row) if isinstance(row, list | tuple) else 0 for row in rows}
    if len(lengths) != 1 or 0 in lengths:
        raise ValueError(
            "weights are a list of equally long rows, one for each neuron, as layer.weight is; "
            f"not {weights!r:.60}"
        )
    return lengths.pop(), len(rows)
