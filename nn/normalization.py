"""Dropout, and layers that bring numbers to a common size; settings and defaults are PyTorch's."""

import random
import sys
from collections.abc import Sequence
from typing import Any

from autograd import Value, dot, mean, sqrt
from autograd.numeric import Number
from nn.checks import NOT_NEGATIVE, PROBABILITY, UP_TO_ONE, as_random, checked_count, checked_number
from nn.module import Module
from nn.rows import Row, require_row, row_of


class Dropout(Module):
    """In training, set each number to zero with probability ``p``, and scale the rest by 1/(1 - p).

    So the mean stays the same (Srivastava et al., 2014); in evaluation numbers pass unchanged.
    ``rng`` is a seed or a ``random.Random``; give several Dropouts one ``random.Random``, or all
    drop the same places. Raises ValueError unless 0 <= p <= 1.
    """

    def __init__(self, p: float = 0.5, *, rng: int | random.Random) -> None:
        self.p = checked_number("p", p, PROBABILITY)
        self.rng = as_random(rng)

    def forward(self, x: Row) -> list[Value]:
        """Return a list as long as ``x``."""
        values = row_of(self, x)
        if not self.training or self.p == 0:
            return values
        return [v * (0.0 if self.rng.random() < self.p else 1 / (1 - self.p)) for v in values]

    def __repr__(self) -> str:
        return f"Dropout({self.p})"


class LayerNorm(Module):
    """(x - mean) / sqrt(variance + eps) · weight + bias, over the numbers of one row.

    The variance is the mean square deviation (Ba, Kiros and Hinton, 2016). Each number has a
    ``weight``, 1 at first, and a ``bias``, 0. Raises ValueError for a size below 1 or eps < 0.
    """

    def __init__(self, n_features: int, eps: float = 1e-5) -> None:
        self.weight = [Value(1.0) for _ in range(checked_count("n_features", n_features))]
        self.bias = [Value(0.0) for _ in range(n_features)]
        self.eps = checked_number("eps", eps, NOT_NEGATIVE)

    def forward(self, x: Row) -> list[Value]:
        """Return a list of ``n_features`` Values for ``x``, a list of that length."""
        require_row(self, x, len(self.weight))
        center = mean(x)
        deviations = [v - center for v in x]
        scale = sqrt(_mean_square(deviations) + self.eps)
        return [
            dot([w], [deviation / scale], b)
            for w, deviation, b in zip(self.weight, deviations, self.bias, strict=True)
        ]

    def __repr__(self) -> str:
        return f"LayerNorm({len(self.weight)})"


class RMSNorm(Module):
    """x / sqrt(mean square + eps) · weight, over the numbers of one row (Zhang and Sennrich, 2019).

    ``eps`` is by default the spacing of floats at 1. Raises ValueError for a size below 1 or
    eps < 0.
    """

    def __init__(self, n_features: int, eps: float = sys.float_info.epsilon) -> None:
        self.weight = [Value(1.0) for _ in range(checked_count("n_features", n_features))]
        self.eps = checked_number("eps", eps, NOT_NEGATIVE)

    def forward(self, x: Row) -> list[Value]:
        """Return a list of ``n_features`` Values for ``x``, a list of that length."""
        require_row(self, x, len(self.weight))
        scale = sqrt(_mean_square(x) + self.eps)
        return [w * (v / scale) for w, v in zip(self.weight, x, strict=True)]

    def __repr__(self) -> str:
        return f"RMSNorm({len(self.weight)})"


class BatchNorm(Module):
    """(x - mean) / sqrt(variance + eps) · weight + bias, for each feature over the rows of a batch.

    In training (Ioffe and Szegedy, 2015) mean and variance are those of the batch, so it needs
    ``model.batch(rows)``, of two rows at least. Each batch then moves the running averages

        running_mean ← (1 - momentum)·running_mean + momentum·mean
        running_var  ← (1 - momentum)·running_var + momentum·variance·n/(n - 1)

    which evaluation uses, one row at a time. It is torch.nn.BatchNorm1d, with its defaults. Raises
    ValueError for a size below 1, eps < 0, or a momentum that is not from 0 to 1.
    """

    buffer_names = ("running_mean", "running_var")

    def __init__(self, n_features: int, eps: float = 1e-5, momentum: float = 0.1) -> None:
        self.weight = [Value(1.0) for _ in range(checked_count("n_features", n_features))]
        self.bias = [Value(0.0) for _ in range(n_features)]
        self.running_mean: list[Number] = [0.0] * n_features
        self.running_var: list[Number] = [1.0] * n_features
        self.eps = checked_number("eps", eps, NOT_NEGATIVE)
        self.momentum = checked_number("momentum", momentum, UP_TO_ONE)

    def forward(self, x: Row) -> list[Value]:
        """Return a list of ``n_features`` Values for ``x``, of that length; not in training."""
        require_row(self, x, len(self.weight))
        if self.training:
            raise ValueError(
                "BatchNorm in training needs a batch: call model.batch(rows), or model.eval() first"
            )
        deviations = [v - center for v, center in zip(x, self.running_mean, strict=True)]
        scales = [sqrt(variance + self.eps) for variance in self.running_var]
        return self._scaled(deviations, scales)

    def forward_batch(self, rows: list[Any]) -> list[list[Value]]:
        """Return a list of ``n_features`` Values for each row."""
        if not self.training:
            return [self(row) for row in rows]
        for row in rows:
            require_row(self, row, len(self.weight))
        if len(rows) == 1:
            raise ValueError("BatchNorm in training needs 2 rows or more, to have a variance")
        columns = list(zip(*rows, strict=True))
        centers = [mean(column) for column in columns]
        deviations = [[v - center for v, center in zip(row, centers, strict=True)] for row in rows]
        variances = [_mean_square(column) for column in zip(*deviations, strict=True)]
        scales = [sqrt(variance + self.eps) for variance in variances]
        outputs = [self._scaled(row, scales) for row in deviations]
        free = len(rows) - 1  # the mean leaves this many deviations free
        _move(self.running_mean, [_data(m) for m in centers], self.momentum)
        _move(self.running_var, [_data(v) * len(rows) / free for v in variances], self.momentum)
        return outputs

    def _scaled(self, deviations: Sequence[Any], scales: Sequence[Any]) -> list[Value]:
        columns = zip(self.weight, deviations, scales, self.bias, strict=True)
        return [dot([w], [deviation / scale], b) for w, deviation, scale, b in columns]

    def __repr__(self) -> str:
        return f"BatchNorm({len(self.weight)})"


def _move(averages: list[Number], numbers: Sequence[Number], momentum: float) -> None:
    for k, number in enumerate(numbers):
        averages[k] = (1 - momentum) * averages[k] + momentum * number


def _mean_square(numbers: Sequence[Any]) -> Any:
    return dot(numbers, numbers) / len(numbers)


def _data(number: Any) -> Number:
    return number.data if isinstance(number, Value) else number
