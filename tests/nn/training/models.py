"""Rows, models and losses that the tests of training share."""

import functools
import random
import signal

from autograd import Value
from nn import (
    SGD,
    Adam,
    BatchNorm,
    Layer,
    Module,
    Sequential,
    fit,
    mse_loss,
)

RNG = random.Random(3)


ROWS = [[RNG.uniform(-1, 1), RNG.uniform(-1, 1)] for _ in range(16)]


CLASSES = [int(x * x + y * y < 0.5) for x, y in ROWS]


LINE = [([float(k)], 2.0 * k + 1.0) for k in range(-4, 5)]


XS, YS = [row for row, _ in LINE], [target for _, target in LINE]


class Slope(Module):
    """w·x, with a list of all batches that it has seen, and of the mode it was in."""

    def __init__(self, w=0.0):
        self.w = Value(w)
        self.seen = []

    def forward_batch(self, rows):
        self.seen.append((self.training, rows))
        return [self.w * x for (x,) in rows]


class Recording(Sequential):
    """Layer, BatchNorm, Layer; with its state and its optimizer's from before each batch."""

    def __init__(self):
        super().__init__(Layer(1, 3), BatchNorm(3), Layer(3, 1))
        self.optimizer = Adam(self.parameters(), lr=0.1)
        self.states = []

    def state(self):
        return self.state_dict(), self.optimizer.state_dict()

    def forward_batch(self, rows):
        self.states.append(self.state())
        return [output for (output,) in super().forward_batch(rows)]


def line(model, **settings):
    """Fit a model to the line, with what is not given as small as can be."""
    settings = {"loss": mse_loss, "epochs": 2, "batch_size": 4, **settings}
    settings.setdefault("optimizer", SGD(model.parameters(), lr=0.01))
    return fit(model, XS, YS, **settings)


def at_call(n, act, loss=mse_loss):
    """Return a loss that does something else besides at its n-th call, counted from 1."""
    calls = []

    @functools.wraps(loss)
    def counting(outputs, targets):
        calls.append(len(outputs))
        if len(calls) == n:
            act()
        return loss(outputs, targets)

    return counting


def press_ctrl_c():
    signal.raise_signal(signal.SIGINT)


def descend(model, **settings):
    """Bring w down from 3 to 0.25, in steps of 1: it is nearest after the third of them."""
    settings = {"loss": distance, "epochs": 20, "validation": ([[1.0]], [0.25]), **settings}
    return fit(model, [[1.0]], [0.25], optimizer=SGD(model.parameters(), lr=1.0), **settings)


def distance(outputs, targets):
    return abs(outputs[0] - targets[0])


def told(monkeypatch, stream, **settings):
    monkeypatch.setattr("sys.stderr", stream)
    line(Slope(), **settings)
    return stream.getvalue()
