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
                node._grad = ops.add.evaluate(node.grad, gradient)
