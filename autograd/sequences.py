"""Functions over sequences: a sum, a mean, a weighted sum, and the softmax.

Each is one node with many parents: one box in a picture, and far cheaper than a chain of ``+``.
Sequences may mix Values and numbers; of numbers alone the result is a number.
"""

from collections.abc import Iterable
from typing import Any

from autograd import ops
from autograd.numeric import Number
from autograd.value import Value


def _as_tuple(name: str, values: Any, usage: str = "[a, b]") -> tuple[Any, ...]:
    try:
        operands = tuple(values)
    except TypeError as error:
        raise TypeError(f"{name} takes a sequence ({error}): write {name}({usage})") from error
    if not operands:
        raise ValueError(f"{name} of an empty sequence: it needs at least one operand")
    return operands


def total(values: Iterable[Value | Number], *, expanded: bool = False) -> Any:
    """Return the sum of ``values`` as one node; ``expanded=True`` chains elementary ``+``.

    Raises ValueError for an empty sequence.
    """
    operands = _as_tuple("total", values)
    if not expanded:
        return ops.total_of(*operands)
    result = operands[0]
    for operand in operands[1:]:
        result = ops.add(result, operand)
    return result


def mean(values: Iterable[Value | Number]) -> Any:
    """Return the arithmetic mean of ``values``; raises ValueError for an empty sequence."""
    return ops.mean_of(*_as_tuple("mean", values))


def dot(
    weights: Iterable[Value | Number],
    inputs: Iterable[Value | Number],
    bias: Value | Number | None = None,
    *,
    expanded: bool = False,
) -> Any:
    """Return Σ weights[i]·inputs[i] + bias as one node.

    ``expanded=True`` builds it out of elementary ``*`` and ``+`` instead. Raises ValueError for
    empty sequences and for unequal lengths.
    """
    ws, xs = (_as_tuple("dot", values, "[a, ...], [b, ...]") for values in (weights, inputs))
    if len(ws) != len(xs):
        raise ValueError(f"dot of unequal lengths: {len(ws)} weights and {len(xs)} inputs")
    end = () if bias is None else (bias,)
    if not expanded:
        return ops.dot_of(*ws, *xs, *end)
    products = [ops.mul(w, x) for w, x in zip(ws, xs, strict=True)]
    return total([*products, *end], expanded=True)


def logsumexp(values: Iterable[Value | Number]) -> Any:
    """Return log(Σ exp(x)), without overflow; raises ValueError for an empty sequence."""
    return ops.logsumexp_of(*_as_tuple("logsumexp", values))


def softmax(values: Iterable[Value | Number]) -> list[Any]:
    """Return exp(x) / Σ exp(x) for each x, as exp(x - logsumexp), which cannot overflow.

    The list is as long as ``values``; raises ValueError for an empty sequence.
    """
    operands = _as_tuple("softmax", values)
    normalizer = logsumexp(operands)
    return [ops.exp(ops.sub(x, normalizer)) for x in operands]
