"""The page trains as fit does: the same batches, losses and weights."""

import copy
import functools

import pytest

import nn
from demos.data import make_moons
from tests.nn.playing.pages import Page

POINTS, CLASSES = make_moons(40)
STEP_BY_STEP = """
const t = trainer(SETTINGS), losses = [];
for (let k = 0; k < 100; k++) { t.step(); losses.push(t.loss); }
answer({ losses, weights: [...t.weights] });
"""
OPTIMIZERS = {
    "SGD": functools.partial(nn.SGD, lr=0.1),
    "momentum": functools.partial(nn.SGD, lr=0.03, momentum=0.9),
    "dampening, decay": functools.partial(
        nn.SGD, lr=0.1, momentum=0.8, dampening=0.3, weight_decay=0.01
    ),
    "Nesterov": functools.partial(nn.SGD, lr=0.03, momentum=0.9, nesterov=True),
    "Adam": functools.partial(nn.Adam, lr=0.01),
    "Adam, decay": functools.partial(nn.Adam, lr=0.01, weight_decay=0.1),
    "AdamW": functools.partial(nn.AdamW, lr=0.01),
    "RMSprop": functools.partial(nn.RMSprop, lr=0.003, momentum=0.5),
    "Adagrad": functools.partial(nn.Adagrad, lr=0.1, lr_decay=0.1),
}


def losses_of_fit(model, rows, targets, *, loss, optimizer, batch_size, validation=0.0, rng=0):
    """Return the loss of each of 100 batches, as fit finds them, and the weights after them."""
    seen = []

    def noted(outputs, targets):
        found = loss(outputs, targets)
        seen.append(found.data)
        return found

    nn.fit(
        model, rows, targets, loss=noted, optimizer=optimizer, batch_size=batch_size,
        epochs=100 * batch_size // len(rows) + 1, validation=validation, rng=rng,
    )  # fmt: skip
    return seen


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_hundred_steps_find_the_losses_of_fit(name, tmp_path):
    model = nn.MLP(2, [6, 5, 1], "tanh", rng=1)
    expected = copy.deepcopy(model)
    page = Page(
        tmp_path / "page.html", model, POINTS, CLASSES,
        loss=nn.hinge_loss, optimizer=OPTIMIZERS[name], batch_size=16, rng=3,
    )  # fmt: skip
    found = page.run(STEP_BY_STEP.replace("SETTINGS", ""))
    losses = losses_of_fit(
        expected, POINTS, CLASSES, loss=nn.hinge_loss,
        optimizer=OPTIMIZERS[name](expected.parameters()), batch_size=16, rng=3,
    )  # fmt: skip
    assert len(found["losses"]) == 100
    assert found["losses"] == pytest.approx(losses[:100], rel=1e-9, abs=1e-9)
    assert losses[99] != pytest.approx(losses[0], rel=0.1)
