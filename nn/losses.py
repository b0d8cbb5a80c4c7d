"""Losses: how wrong a list of outputs is, as one Value."""

from collections.abc import Iterable, Sequence
from typing import Any

from autograd import Value, mean, relu
from autograd.numeric import Number


def _pairs(name: str, outputs: Any, targets: Any) -> list[tuple[Any, Any]]:
    """Return outputs beside targets; one of each may come bare."""
    given = [list(x) if isinstance(x, Iterable) else [x] for x in (outputs, targets)]
    if len(given[0]) != len(given[1]):
        counts = f"{len(given[0])} outputs and {len(given[1])} targets"
        raise ValueError(f"{name} of {counts}; give one target for each output")
    if not given[0]:
        raise ValueError(f"{name} of nothing: it needs at least one output")
    return list(zip(*given, strict=True))


def mse_loss(
    outputs: Sequence[Value] | Value, targets: Sequence[Value | Number] | Value | Number
) -> Value:
    """Return the mean of (output - target)², over lists of equal length; else ValueError."""
    loss: Value = mean([(o - t) ** 2 for o, t in _pairs("mse_loss", outputs, targets)])
    return loss


def hinge_loss(
    outputs: Sequence[Value] | Value, targets: Sequence[Value | Number] | Value | Number
) -> Value:
    """Return the mean of relu(1 - target·output), for targets -1 and 1.

    Zero once every output is on its target's side by a margin of 1 (Cortes and Vapnik, 1995).
    Raises ValueError for another target.
    """
    pairs = _pairs("hinge_loss", outputs, targets)
    for _, target in pairs:
        number = target.data if isinstance(target, Value) else target
        if number not in (-1, 1):
            raise ValueError(f"hinge_loss has targets -1 and 1; {number} is neither")
    loss: Value = mean([relu(1 - t * o) for o, t in pairs])
    return loss
