"""What every pass ends with: nodes are given their gradients, and leaves add them up."""

import threading
from collections.abc import Iterable
from typing import Any

from autograd import ops
from autograd.numeric import Number

_adding = threading.RLock()  # held while a pass adds to leaves that another thread may share


def accumulate(gradients: Iterable[tuple[Any, Number]]) -> None:
    """Set ``grad`` of each node; leaves add to what they hold, one thread after another."""
    with _adding:
        for node, gradient in gradients:
            held = None if node.parents else getattr(node, "_grad", None)
            if held is None:
                node._grad = gradient
            elif type(held) is type(gradient) is float:
                node._grad = held + gradient
            else:
                node._grad = _sum(node, gradient)


def accumulate_in_leaves(leaves: Iterable[Any], gradients: Iterable[Number]) -> None:
    """Do what ``accumulate`` does, of leaves alone: a program's parameters, at every step.

    After the first step they have a ``_grad``, and reading what is there takes a quarter of the
    time of asking whether it is.
    """
    with _adding:
        for leaf, gradient in zip(leaves, gradients, strict=True):
            try:
                held = leaf._grad
            except AttributeError:
                held = None
            if held is None:
                leaf._grad = gradient
            elif type(held) is type(gradient) is float:
                leaf._grad = held + gradient
            else:
                leaf._grad = _sum(leaf, gradient)


def _sum(node: Any, gradient: Number) -> Number:
    """Return the gradient with what the node holds, of another kind, or of an earlier pass."""
    return ops.add.evaluate(node.grad, gradient)
