"""Every demo that trains a program: on its first batch the program computes what the graphs do."""

import copy
import importlib
import random
from collections.abc import Callable
from typing import Any

import pytest

from demos.running import BACKENDS
from nn import MLP, Module

STARTS: dict[str, Callable[[Any], Any]] = {  # each demo, and what of it begins to train
    "moons": lambda demo: demo.main(),
    "batch_sizes": lambda demo: demo.train(16, random.Random(0)),
    "initialization": lambda demo: demo.learn_xor(MLP(2, [4, 1], "tanh"), "eager"),
    "five_steps": lambda demo: demo.main(),
    "losses": lambda demo: demo.learn("squared error", -2.0, "eager"),
    "vanishing_gradients": lambda demo: demo.descend(1.0, "eager"),
    "digits": lambda demo: demo.main(),
    "autoencoder": lambda demo: demo.main(),
    "convnet": lambda demo: demo.main(),
    "regularization": lambda demo: demo.main(),
}


class ComparedError(Exception):
    """The first batch has been compared."""


def gradients_of(model: Module) -> list[float]:
    return [float(parameter.grad) for parameter in model.parameters()]


def assert_same(found: dict[str, tuple[float, list[float]]]) -> None:
    expected_loss, expected = found["eager"]
    assert any(expected)
    size = 1e-12 * (1 + max(map(abs, [expected_loss, *expected])))
    for loss, gradients in found.values():
        assert loss == pytest.approx(expected_loss, rel=1e-12, abs=size)
        assert gradients == pytest.approx(expected, rel=1e-12, abs=size)
    raise ComparedError


def compared_batch_loss(real: Any) -> Any:
    def batch_loss(model: Module, loss: Any, rows: Any, targets: Any, backend: str) -> Any:
        found = {}
        for name in BACKENDS:
            model.zero_grad()
            mean = real(model, loss, rows, targets, name)(range(len(rows)))
            found[name] = mean, gradients_of(model)
        assert_same(found)

    return batch_loss


def compared_fit(real: Any) -> Any:
    def fit(
        model: Module, rows: Any, targets: Any, *, loss: Any, optimizer: Any, batch_size: int,
        **others: Any,
    ) -> None:  # fmt: skip
        found = {}
        for name in BACKENDS:
            twin = copy.deepcopy(model)
            history = real(
                twin, rows[:batch_size], targets[:batch_size], loss=loss, batch_size=batch_size,
                optimizer=type(optimizer)(twin.parameters(), lr=optimizer.lr), epochs=1,
                backend=name,
            )  # fmt: skip
            found[name] = history["loss"][0], gradients_of(twin)
        assert_same(found)

    return fit


@pytest.mark.parametrize("name", STARTS)
def test_the_first_batch_is_that_of_the_graphs(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    demo = importlib.import_module(f"demos.{name}")
    if hasattr(demo, "batch_loss"):
        monkeypatch.setattr(demo, "batch_loss", compared_batch_loss(demo.batch_loss))
    else:
        monkeypatch.setattr(demo, "fit", compared_fit(demo.fit))
    with pytest.raises(ComparedError):
        STARTS[name](demo)


def test_these_are_the_demos_that_take_a_backend_and_can_use_it() -> None:
    from demos.lessons import LESSONS

    names = [demo.name for lesson in LESSONS.values() for demo in lesson]
    taking = [
        name
        for name in names
        if "backend" in importlib.import_module(f"demos.{name}").main.__annotations__
    ]
    assert {*taking} == {*STARTS, "words", "attention"}  # of text, which no program takes
