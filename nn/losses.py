"""Losses: how wrong outputs are, as one Value, with the names of torch.nn.functional.

Outputs come first, then targets, as they do there. ``reduction="mean"`` averages over all
losses, ``"sum"`` adds them, ``"none"`` returns the list; the mean of a single loss is the loss
itself, without a node of its own. Outputs and targets may be lists of lists, and a list of one may
be given as its only item; arrays of NumPy and tensors of PyTorch count as lists of numbers. Every
loss raises ValueError for unequal lengths, for an empty list, for an unknown reduction, and for
targets that it has no meaning for; TypeError for what is not a number.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from autograd import Value, dot, exp, log, maximum, mean, minimum, ops, relu, softplus, total
from autograd.numeric import Number, as_number, saturated
from autograd.scope import Call, GroupScope, current_call
from nn.checks import POSITIVE, checked_number
from nn.rows import plain
from nn.stamping import stamp

Outputs = Sequence[Any] | Value
Targets = Sequence[Any] | Value | Number

REDUCTIONS: dict[str, Callable[[list[Any]], Any]] = {
    "mean": lambda losses: losses[0] if len(losses) == 1 else mean(losses),
    "sum": lambda losses: losses[0] if len(losses) == 1 else total(losses),
    "none": lambda losses: losses,
}


def _reduced(
    name: str, loss: Callable[[Any, Any], Any], rows: Iterable[tuple[Any, Any]], reduction: str
) -> Any:
    """Return the losses of outputs beside targets, reduced; each is a group where it is drawn."""
    if reduction not in tuple(REDUCTIONS):
        raise ValueError(f"reduction {reduction!r} is unknown; there are {', '.join(REDUCTIONS)}")
    collected = []
    for output, target in rows:
        collected.append(loss(output, target))
        stamp(collected[-1], [output, target], Call(GroupScope(name), current_call.get()))
    if not collected:
        raise ValueError(f"{name} of nothing: it needs at least one output")
    return REDUCTIONS[reduction](collected)


def _pairs(name: str, outputs: Any, targets: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each output beside its target, from lists and lists of lists."""
    outputs, targets = plain(outputs), plain(targets)
    if not _is_list(outputs) and not _is_list(targets):
        yield _real(name, outputs), _real(name, targets)
        return
    listed = [list(x) if _is_list(x) else [x] for x in (outputs, targets)]
    _check_counts(name, *listed)
    yield from chain.from_iterable(_pairs(name, o, t) for o, t in zip(*listed, strict=True))


def _is_list(candidate: Any) -> bool:
    return isinstance(candidate, Iterable) and not isinstance(candidate, str)


def _check_counts(name: str, outputs: list[Any], targets: list[Any]) -> None:
    if len(outputs) != len(targets):
        counts = f"{len(outputs)} outputs and {len(targets)} targets"
        raise ValueError(f"{name} of {counts}; give one target for each output")


def _real(name: str, number: Any) -> Any:
    """Return a Value as it is, a number as Python's; raises TypeError, naming the loss, else."""
    if isinstance(number, Value):
        return number
    try:
        return as_number(number)
    except TypeError as error:
        raise TypeError(f"{name}: {error}") from error


def _number(target: Any) -> Number:
    return target.data if isinstance(target, Value) else as_number(target)


# -- how far from a number -----------------------------------------------------------------------


def mse_loss(outputs: Outputs, targets: Targets, *, reduction: str = "mean") -> Any:
    """Return (output - target)², the mean squared error."""
    pairs = _pairs("mse_loss", outputs, targets)
    return _reduced("mse_loss", lambda o, t: (o - t) ** 2, pairs, reduction)


def l1_loss(outputs: Outputs, targets: Targets, *, reduction: str = "mean") -> Any:
    """Return |output - target|; at the kink the derivative is 0."""
    pairs = _pairs("l1_loss", outputs, targets)
    return _reduced("l1_loss", lambda o, t: abs(o - t), pairs, reduction)


def huber_loss(
    outputs: Outputs, targets: Targets, *, reduction: str = "mean", delta: float = 1.0
) -> Any:
    """Return d²/2 for d = output - target within ±delta, and delta·(|d| - delta/2) beyond.

    Outliers pull with a force that no longer grows (Huber, 1964). Raises ValueError unless
    delta > 0.
    """
    delta = checked_number("huber_loss with delta", delta, POSITIVE)

    def loss(output: Any, target: Any) -> Any:
        d = output - target
        clipped = maximum(minimum(d, delta), -delta)  # with it, both cases are one formula
        return clipped * (d - clipped / 2)

    pairs = _pairs("huber_loss", outputs, targets)
    return _reduced("huber_loss", loss, pairs, reduction)


# -- which of two classes ------------------------------------------------------------------------


def hinge_loss(outputs: Outputs, targets: Targets, *, reduction: str = "mean") -> Any:
    """Return relu(1 - target·output), for targets -1 and 1.

    Zero once every output is on its target's side by a margin of 1 (Cortes and Vapnik, 1995).
    torch.nn.functional has no such loss.
    """

    def loss(output: Any, target: Any) -> Any:
        if abs(_number(target)) != 1 and _number(target) == _number(target):  # NaN flows
            raise ValueError(f"hinge_loss has targets -1 and 1; {_number(target)} is neither")
        return relu(1 - target * output)

    pairs = _pairs("hinge_loss", outputs, targets)
    return _reduced("hinge_loss", loss, pairs, reduction)


SMALLEST_PROBABILITY = exp(-100)  # its logarithm is where torch.nn.functional stops, at -100


def binary_cross_entropy(outputs: Outputs, targets: Targets, *, reduction: str = "mean") -> Any:
    """Return -log(p) where the target is 1 and -log(1 - p) where it is 0, for probabilities p.

    Targets between 0 and 1 weigh the two. No logarithm is below -100, as in PyTorch; beyond that
    the loss is flat, and its derivative 0. PyTorch's is (p - target) / max(p(1 - p), 1e-12), which
    differs where p(1 - p) < 1e-12. Outputs, too, must be from 0 to 1.
    """

    def loss(p: Any, target: Any) -> Any:
        if _number(p) < 0 or _number(p) > 1:  # NaN flows
            raise ValueError(
                f"binary_cross_entropy takes probabilities; output {_number(p)} is not from 0 "
                "to 1: binary_cross_entropy_with_logits takes any number"
            )
        return _expected(
            _probability("binary_cross_entropy", target),
            lambda: -log(maximum(p, SMALLEST_PROBABILITY)),
            lambda: -log(maximum(1 - p, SMALLEST_PROBABILITY)),
        )

    pairs = _pairs("binary_cross_entropy", outputs, targets)
    return _reduced("binary_cross_entropy", loss, pairs, reduction)


def binary_cross_entropy_with_logits(
    outputs: Outputs, targets: Targets, *, reduction: str = "mean"
) -> Any:
    """Return binary_cross_entropy of p = sigmoid(output), without ever computing p.

    softplus(-x) = -log(sigmoid(x)) is the loss where the target is 1, and softplus(x) =
    -log(1 - sigmoid(x)) where it is 0; neither overflows nor cancels.
    """
    name = "binary_cross_entropy_with_logits"

    def loss(x: Any, target: Any) -> Any:
        return _expected(_probability(name, target), lambda: softplus(-x), lambda: softplus(x))

    return _reduced(name, loss, _pairs(name, outputs, targets), reduction)


def _probability(name: str, target: Any) -> Any:
    if _number(target) < 0 or _number(target) > 1:  # NaN flows
        raise ValueError(f"{name} has targets from 0 to 1; {_number(target)} is not one")
    return target


def _expected(target: Any, if_one: Callable[[], Any], if_zero: Callable[[], Any]) -> Any:
    """Return target·if_one + (1 - target)·if_zero, without a term that a number makes zero."""
    if isinstance(target, Value) or target not in (0, 1):
        return dot([target, 1 - target], [if_one(), if_zero()])
    return if_one() if target else if_zero()


# -- which of many classes -----------------------------------------------------------------------


def cross_entropy(
    outputs: Sequence[Any], targets: Any, *, reduction: str = "mean", expanded: bool = False
) -> Any:
    """Return -log(softmax(logits)[target]) = logsumexp(logits) - logits[target].

    ``outputs`` is one row of logits, with one target, or a list of rows with as many targets. A
    target is the number of a class, counted from 0, or a list of the classes' probabilities, such
    as a one-hot one. The loss is one node; ``expanded=True`` builds it out of elementary
    ``exp``, ``+`` and ``log``. Raises ValueError for a class that is not there.
    """

    def loss(logits: list[Any], target: Any) -> Any:
        if _is_list(target):
            weights = _class_probabilities(list(target), len(logits))
            is_one_hot = all(isinstance(w, int | float) and w in (0, 1) for w in weights)
            chosen = logits[weights.index(1)] if is_one_hot else dot(weights, logits)
        else:
            chosen = logits[_class_number("cross_entropy", target, len(logits))]
        if expanded:
            return _elementary_logsumexp(logits) - chosen
        return ops.cross_entropy_of(chosen, *logits)

    return _reduced("cross_entropy", loss, _rows("cross_entropy", outputs, targets), reduction)


def nll_loss(outputs: Sequence[Any], targets: Any, *, reduction: str = "mean") -> Any:
    """Return -log_probabilities[target], the negative log-likelihood.

    ``outputs`` is one row of logarithms of probabilities, as [x - logsumexp(xs) for x in xs], with
    the number of a class, or a list of rows with one each. Raises ValueError for a class that is
    not there.
    """

    def loss(row: list[Any], target: Any) -> Any:
        return -row[_class_number("nll_loss", target, len(row))]

    return _reduced("nll_loss", loss, _rows("nll_loss", outputs, targets), reduction)


def _rows(name: str, outputs: Any, targets: Any) -> Iterator[tuple[list[Any], Any]]:
    """Yield each row beside its target; one row and one target need no lists around them."""
    outputs, targets = plain(outputs), plain(targets)
    if not isinstance(outputs, Iterable):
        raise TypeError(f"{name} takes a list of numbers, one for each class, not {outputs!r:.60}")
    rows = [list(row) if isinstance(row, Iterable) else row for row in map(plain, outputs)]
    if rows and not any(isinstance(row, list) for row in rows):
        rows, targets = [rows], [targets]
    listed = list(map(plain, targets)) if isinstance(targets, Iterable) else [targets]
    _check_counts(name, rows, listed)
    for k, row in enumerate(rows):
        if not isinstance(row, list) or len(row) != len(rows[0]) or not row:
            raise ValueError(f"{name} takes rows of equal length, a number per class; see row {k}")
    for row, target in zip(rows, listed, strict=True):
        yield [_real(name, plain(number)) for number in row], target


def _class_number(name: str, target: Any, n_classes: int) -> int:
    if isinstance(target, bool):
        raise ValueError(f"{name}: {target} is a bool; a class is a whole number: int(target)")
    number = _number(_real(name, target))
    if isinstance(number, float) and number in range(n_classes):
        raise ValueError(f"{name}: {number} is a float; a class is a whole number: int(target)")
    if not isinstance(number, int) or not 0 <= number < n_classes:
        raise ValueError(
            f"{name} of {n_classes} numbers has targets 0 to {n_classes - 1}; {number} is not one"
        )
    return number


def _class_probabilities(target: list[Any], n_classes: int) -> list[Any]:
    if len(target) != n_classes:
        raise ValueError(
            f"cross_entropy of {n_classes} logits and a one-hot target of {len(target)} numbers: "
            "give one for each class, or the number of the class"
        )
    weights = [_real("cross_entropy", plain(weight)) for weight in target]
    numbers = [saturated(_number(weight)) for weight in weights]
    if not all(0 <= n <= 1 for n in numbers) or not abs(sum(numbers) - 1) < 1e-6:
        raise ValueError(
            f"a one-hot target is from 0 to 1 and sums to 1; {numbers} sums to {sum(numbers)}"
        )
    return weights


def _elementary_logsumexp(logits: list[Any]) -> Any:
    """Return logsumexp out of elementary operations; the largest logit is taken out of the sum.

    It is taken out as a bare number: it changes neither the value nor the derivative.
    """
    largest = max([_number(x) for x in logits])
    exponentials = [exp(x - largest) for x in logits]
    return log(total(exponentials, expanded=True)) + largest
