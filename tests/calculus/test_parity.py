"""Products with derivatives against PyTorch's, where it is installed (extra ``parity``)."""

import random
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="extra `parity` is not installed")

import autograd  # noqa: E402
from autograd import hvp, jvp, vjp  # noqa: E402

RNG = random.Random(5)
WEIGHTS = [[RNG.gauss(0, 1) for _ in range(4)] for _ in range(3)]
POINT, DIRECTION = ([RNG.gauss(0, 1) for _ in range(4)] for _ in range(2))
UPSTREAM = [1.5, -0.5, 2.0]


def tensor(numbers: Any) -> Any:
    return torch.tensor(numbers, dtype=torch.float64)


def layer(*xs: Any) -> list[Any]:
    return [autograd.tanh(autograd.dot(row, xs)) * xs[k] for k, row in enumerate(WEIGHTS)]


def theirs(x: Any) -> Any:
    return torch.tanh(tensor(WEIGHTS) @ x) * x[:3]


def loss(*xs: Any) -> Any:
    a, b, c = layer(*xs)
    return autograd.sigmoid(a) * b**2 - autograd.exp(c) / (1 + b * b)


def their_loss(x: Any) -> Any:
    a, b, c = theirs(x)
    return torch.sigmoid(a) * b**2 - torch.exp(c) / (1 + b * b)


def test_jvp() -> None:
    value, derivative = torch.autograd.functional.jvp(theirs, tensor(POINT), tensor(DIRECTION))
    got = jvp(layer)(POINT, DIRECTION)
    assert got[0] == pytest.approx(value.tolist(), rel=1e-13)
    assert got[1] == pytest.approx(derivative.tolist(), rel=1e-12)


def test_vjp() -> None:
    _, slopes = torch.autograd.functional.vjp(theirs, tensor(POINT), tensor(UPSTREAM))
    assert vjp(layer)(POINT, UPSTREAM)[1] == pytest.approx(slopes.tolist(), rel=1e-12)


def test_hvp() -> None:
    _, product = torch.autograd.functional.hvp(their_loss, tensor(POINT), tensor(DIRECTION))
    assert hvp(loss)(POINT, DIRECTION) == pytest.approx(product.tolist(), rel=1e-12)
