"""Metrics: how good outputs are, as a bare number."""

from collections.abc import Iterable, Sequence
from typing import Any

from autograd import Value
from autograd.numeric import Number, as_number
from nn.checks import ANY, checked_number
from nn.rows import plain


def accuracy(outputs: Sequence[Any], targets: Sequence[Any], *, threshold: float = 0.0) -> float:
    """Return the share of outputs that are right, from 0 to 1.

    If an output has several numbers, the largest says the class, counted from 0; the target is the
    number of the class, or one-hot. A single number says class 1 above ``threshold``, else class 0
    or -1: for logits keep 0, for probabilities give ``threshold=0.5``. Raises ValueError for
    unequal lengths, for an empty list, and for targets that are not such a class; TypeError for
    what is not a list of numbers. Arrays of NumPy and tensors of PyTorch count as lists.
    """
    listed, wanted = _listed("outputs", outputs), _listed("targets", targets)
    threshold = checked_number("threshold", threshold, ANY)
    if len(listed) != len(wanted) or not listed:
        raise ValueError(f"accuracy of {len(listed)} outputs and {len(wanted)} targets")
    right = [
        _is_right(output, target, threshold)
        for output, target in zip(listed, wanted, strict=True)
    ]  # fmt: skip
    return sum(right) / len(right)


def _is_right(output: Any, target: Any, threshold: float) -> bool:
    numbers = _numbers(output)
    if len(numbers) > 1:
        return _largest(numbers) == _class_of(target, len(numbers))
    (single,) = output if isinstance(output, list | tuple) else (output,)
    if threshold == 0 and getattr(single, "op", "") == "sigmoid":
        raise ValueError(
            "accuracy: the outputs are probabilities, from sigmoid, so threshold 0 is wrong: give "
            'threshold=0.5; to fit, pass metrics={"accuracy": lambda outputs, targets: '
            "accuracy(outputs, targets, threshold=0.5)}"
        )
    goals = _numbers(target)
    if len(goals) != 1 or goals[0] not in (-1, 0, 1):
        told = goals[0] if len(goals) == 1 else target
        raise ValueError(
            f"accuracy of single numbers has targets 1, and 0 or -1; {told!r:.60} is not one"
        )
    return (numbers[0] > threshold) == (goals[0] > 0)


def _class_of(target: Any, n_classes: int) -> Number:
    numbers = _numbers(target)
    number = numbers[0] if len(numbers) == 1 else _largest(numbers)
    if len(numbers) not in (1, n_classes) or number not in range(n_classes):
        raise ValueError(
            f"accuracy of {n_classes} numbers has targets 0 to {n_classes - 1}, or one-hot ones; "
            f"{target!r:.60} is not one"
        )
    return number


def _largest(numbers: list[Number]) -> int:
    return max(range(len(numbers)), key=lambda k: numbers[k])


def _listed(what: str, held: Any) -> list[Any]:
    held = plain(held)
    if not isinstance(held, Iterable) or isinstance(held, str):
        raise TypeError(f"accuracy takes a list of {what}, not {held!r:.60}")
    return list(held)


def _numbers(held: Any) -> list[Number]:
    """Return the numbers of one output or target; raises ValueError where there is none."""
    held = plain(held)
    listed = list(held) if isinstance(held, Iterable) and not isinstance(held, str) else [held]
    if not listed:
        raise ValueError(
            "accuracy of an empty list: an output, and a target, is one number or more"
        )
    return [x.data if isinstance(x, Value) else as_number(plain(x)) for x in listed]
