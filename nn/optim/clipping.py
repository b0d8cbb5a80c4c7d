"""Clipping: gradients too large for a step are cut down, as in torch.nn.utils."""

import math
from collections.abc import Iterable

from autograd import Value
from autograd.numeric import Number, saturated
from nn.checks import NOT_NEGATIVE, POSITIVE, checked_number
from nn.optim.base import checked_parameters


def clip_grad_norm_(
    parameters: Iterable[Value],
    max_norm: float,
    norm_type: float = 2.0,
    *,
    error_if_nonfinite: bool = False,
) -> float:
    """Scale all gradients alike so that their norm is at most ``max_norm``; return the norm before.

    The norm is (Σ|g|^p)^(1/p) over all parameters that have a gradient, for p = ``norm_type``, the
    largest |g| for p = inf. They are scaled by max_norm / (norm + 1e-6), as in PyTorch, so the
    norm afterwards is a little below ``max_norm`` (Pascanu, Mikolov and Bengio, 2013). Raises
    ValueError for no parameters, max_norm < 0 or norm_type <= 0, and RuntimeError, if asked to,
    where the norm is not finite.
    """
    max_norm = checked_number("max_norm", max_norm, NOT_NEGATIVE)
    norm_type = checked_number("norm_type", norm_type, POSITIVE)
    clipped = [p for p in checked_parameters("clip_grad_norm_", parameters) if p.has_grad]
    norm = norm_of([p.grad for p in clipped], norm_type)
    if error_if_nonfinite and not math.isfinite(norm):
        raise RuntimeError(f"the norm of the gradients is {norm}; first_nonfinite(loss) says why")
    scale = scale_to_norm(norm, max_norm)
    if scale != 1:
        for parameter in clipped:
            parameter.grad = parameter.grad * scale
    return norm


def scale_to_norm(norm: float, max_norm: float) -> float:
    """Return what gradients of a norm are multiplied by, to have ``max_norm`` at most."""
    scale = max_norm / (norm + 1e-6)
    return 1.0 if scale >= 1 else scale


def clip_grad_value_(parameters: Iterable[Value], clip_value: float) -> None:
    """Bring every gradient to within ±``clip_value``.

    Raises ValueError for no parameters and for clip_value < 0.
    """
    clip_value = checked_number("clip_value", clip_value, NOT_NEGATIVE)
    for parameter in checked_parameters("clip_grad_value_", parameters):
        if parameter.has_grad:
            parameter.grad = min(max(parameter.grad, -clip_value), clip_value)


def norm_of(numbers: Iterable[Number], p: float = 2.0) -> float:
    """Return (Σ|x|^p)^(1/p), the largest |x| for p = inf, without overflow; p > 0."""
    sizes = [abs(saturated(number)) for number in numbers]
    largest = max(sizes, default=0.0)
    if not all(map(math.isfinite, sizes)):
        return sum(sizes)
    if p == math.inf or largest == 0:
        return largest
    if p == 2:
        return math.hypot(*sizes)
    scaled: float = math.fsum((size / largest) ** p for size in sizes) ** (1 / p)
    return largest * scaled
