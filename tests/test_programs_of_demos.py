"""Every demo that trains a program: on its first batch the program computes what the graphs do."""

import copy
import importlib
import random
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest

from autograd import Value
from demos import landscapes
from demos.batch_loss import flat_loss
from nn import MLP, Module
from tests.backends import INSTALLED

STARTS: dict[str, Callable[[Any], Any]] = {  # each demo, and what of it begins to train
    "moons": lambda demo: demo.main(),
    "xor": lambda demo: demo.main(),
    "residual_connections": lambda demo: demo.train("x + relu", 4, 0, 1, "eager"),
    "initialization": lambda demo: demo.learn_xor(MLP(2, [4, 1], "tanh"), "eager"),
    "losses": lambda demo: demo.learn("squared error", -2.0, "eager"),
    "clipping": lambda demo: demo.descend("clipped to norm 1", "eager"),
    "digits": lambda demo: demo.main(),
    "autoencoder": lambda demo: demo.main(),
    "convnet": lambda demo: demo.main(),
    "without_gradients": lambda demo: demo.backpropagate(0, "eager"),
}
WITHOUT_BATCHES = {  # see below
    "batch_sizes", "learning_rates", "optimizers", "policy_gradient", "maml", "names",
    "regularization",
}  # fmt: skip
REFUSED = {"words", "attention", "discrete_data"}  # text, and choices, which no program takes


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
        for name in INSTALLED:
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
        for name in INSTALLED:
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
    assert {*taking} == {*STARTS} | WITHOUT_BATCHES | REFUSED


def assert_same_gradients(parameters: list[Value], by_backend: Callable[[str], Any]) -> None:
    """``by_backend`` makes a function that adds a gradient to the parameters' ``grad``."""
    found = {}
    for name in INSTALLED:
        add_gradient = by_backend(name)
        for parameter in parameters:
            parameter.grad = 0.0
        add_gradient()
        found[name] = 0.0, [float(parameter.grad) for parameter in parameters]
    with pytest.raises(ComparedError):
        assert_same(found)


@pytest.mark.parametrize(
    "land", [landscapes.VALLEY, landscapes.PLATEAUS, landscapes.SADDLE, landscapes.BUMPS],
    ids=lambda land: land.name,
)  # fmt: skip
def test_landscapes(land: landscapes.Landscape) -> None:
    x, y = Value(0.7), Value(-0.3)
    assert_same_gradients([x, y], lambda backend: land.slope(x, y, backend))


def assert_same_flat_loss(model: Module, loss: Any, rows: Any, targets: Any) -> None:
    weights = np.array([parameter.data for parameter in model.parameters()])
    found = {}
    for name in INSTALLED:
        mean, gradient = flat_loss(model, loss, rows.shape[1], name)(weights, rows, targets)
        found[name] = mean, gradient.tolist()
    with pytest.raises(ComparedError):
        assert_same(found)


def test_the_loss_of_points_and_masks() -> None:
    demo = importlib.import_module("demos.regularization")
    rows = demo.rows_of(6, 1, np.random.default_rng(0), dropped=0.5)
    assert {*rows[:, 2:].flat} == {0.0, 2.0}
    assert_same_flat_loss(demo.Network(0), demo.loss_of, rows, np.array([0.0, 1.0] * 3))


def test_an_epoch_with_dropout_is_that_of_the_graphs(monkeypatch: pytest.MonkeyPatch) -> None:
    demo = importlib.import_module("demos.regularization")
    monkeypatch.setattr(demo, "EPOCHS", 1)
    on_graphs, *others = (demo.train("dropout", 1, name) for name in INSTALLED)
    for losses in others:
        for found, expected in zip(losses, on_graphs, strict=True):
            assert found == pytest.approx(expected, rel=1e-9)


def test_the_step_of_some_points() -> None:
    demo = importlib.import_module("demos.batch_sizes")
    tasks = [demo.make_task(0, name) for name in INSTALLED]
    steps = [task.step(task.weights, [5, 3, 77]) for task in tasks]
    found = {name: (loss, g.tolist()) for name, (loss, g) in zip(INSTALLED, steps, strict=True)}
    with pytest.raises(ComparedError):
        assert_same(found)


def test_the_surrogate_of_some_episodes() -> None:
    demo = importlib.import_module("demos.policy_gradient")
    world, policy, rng = demo.setting(seed=1)
    episodes = [demo.play(world, policy, rng) for _ in range(2)]
    world.close()
    for with_baseline in (True, False):

        def by_backend(backend: str, with_baseline: bool = with_baseline) -> Any:
            return partial(demo.descent(policy, with_baseline, backend), episodes)

        assert_same_gradients(policy.parameters(), by_backend)


@pytest.mark.parametrize("learns_to_adapt", [True, False])
def test_the_loss_after_a_step_of_its_own(learns_to_adapt: bool) -> None:
    demo = importlib.import_module("demos.maml")
    rng = random.Random(0)
    weights = demo.first_weights(rng)
    tasks = [[rng.uniform(-2, 2) for _ in range(18)] for _ in range(3)]

    def by_backend(backend: str) -> Any:
        return partial(demo.task_loss(weights, learns_to_adapt, backend), tasks)

    assert_same_gradients(weights, by_backend)


@pytest.mark.parametrize("length", [2, 4])
def test_the_loss_of_a_few_names_of_one_length(length: int) -> None:
    demo = importlib.import_module("demos.names")
    model = demo.GPT(27, random.Random(0))
    few = [name for name in demo.first_names()[0] if len(name) == length][:3]
    weights = demo.numbers_in(model.parameters())
    found = {}
    for name in INSTALLED:
        on_graphs = name == "eager"
        step = demo.step_on_graphs(model) if on_graphs else demo.step_on_programs(model, name)
        loss, gradient = step(weights, few)
        found[name] = loss, gradient.tolist()
    with pytest.raises(ComparedError):
        assert_same(found)
