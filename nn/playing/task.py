"""What a page shows of data: points of classes on a plane, a curve, or a surface."""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from autograd.numeric import Number, as_number, shown
from nn.losses import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    cross_entropy,
    hinge_loss,
)
from nn.rows import plain
from nn.training import Loss

MOST_INPUTS, MOST_CLASSES = 2, 10
TWO_CLASSES: dict[Any, tuple[tuple[float, float], float]] = {  # of a loss: targets, the boundary
    binary_cross_entropy: ((0.0, 1.0), 0.5),
    binary_cross_entropy_with_logits: ((0.0, 1.0), 0.0),
    hinge_loss: ((-1.0, 1.0), 0.0),
}


class Task(NamedTuple):
    """What targets mean.

    classes    the target of each class, as the numbers that the loss takes; empty where the
               output is a number to be met
    boundary   of a single output, where one class ends and the other begins
    """

    classes: list[list[float]]
    boundary: float | None

    @property
    def names(self) -> list[str]:
        """What the classes are called: a single target, or the place in a list."""
        if self.boundary is None:
            return [str(k) for k in range(len(self.classes))]
        return [f"{target:g}" for (target,) in self.classes]


def checked_rows(name: str, rows: Sequence[Any], targets: Sequence[Any]) -> None:
    """Raise ValueError, naming the row, for more inputs than a picture has, and for NaN.

    TypeError for what is not a number.
    """
    n_first = len(_numbers(f"{name}[0]", rows[0]))
    for k, (row, target) in enumerate(zip(rows, targets, strict=True)):
        numbers = _numbers(f"{name}[{k}]", row)
        if not 1 <= len(numbers) <= MOST_INPUTS:
            raise ValueError(
                f"{name}[{k}] has {len(numbers)} numbers: a playground draws data of one input or "
                "two; choose two of them, or take nn.fit"
            )
        if len(numbers) != n_first:
            raise ValueError(f"{name}[{k}] has {len(numbers)} numbers, and {name}[0] has {n_first}")
        _numbers(f"the target of {name}[{k}]", target)


def _numbers(name: str, held: Any) -> list[Number]:
    """Return a number, or those of a list; raises ValueError for one that is not finite."""
    held = plain(held)
    numbers = list(held) if isinstance(held, list | tuple) else [held]
    for number in numbers:
        try:
            found = as_number(getattr(number, "data", number))
        except TypeError as error:
            raise TypeError(f"{name}: {error}; a playground takes numbers") from error
        if not math.isfinite(found):
            raise ValueError(f"{name} has {shown(found)} in it: a picture shows finite numbers")
    return numbers


def task_of(loss: Loss, n_inputs: int, n_outputs: int, targets: Sequence[Sequence[Number]]) -> Task:
    """Return what the targets mean to the loss; raises ValueError for what cannot be drawn."""
    if n_outputs > 1:
        return _one_of_many(n_outputs, targets)
    known = TWO_CLASSES.get(getattr(loss, "func", loss))
    found = sorted({float(target) for (target,) in targets})
    if known is not None:
        (low, high), boundary = known
        return Task([[low], [high]], boundary)
    if n_inputs == 2 and len(found) == 2:
        return Task([[target] for target in found], sum(found) / 2)
    return Task([], None)


def _one_of_many(n_outputs: int, targets: Sequence[Sequence[Number]]) -> Task:
    if n_outputs > MOST_CLASSES:
        raise ValueError(
            f"the model has {n_outputs} outputs, and a playground shows at most {MOST_CLASSES} "
            "classes"
        )
    for target in targets:
        if sorted(target) != [0] * (n_outputs - 1) + [1]:
            raise ValueError(
                f"the target {list(target)} is not one class of {n_outputs}: of several outputs a "
                f"playground shows classes, as {cross_entropy.__name__} takes them"
            )
    one_hot = [[float(k == place) for k in range(n_outputs)] for place in range(n_outputs)]
    return Task(one_hot, None)
