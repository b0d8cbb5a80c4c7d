"""Guards a model in training: a bad number is named, and the numbers from before come back."""

import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from autograd import Value, first_nonfinite
from autograd.numeric import shown
from nn.module import Module
from nn.optim import Optimizer
from nn.training.history import History

LONGEST_NODE = 200


class NonFiniteError(FloatingPointError):
    """Training met NaN or infinity: in the loss, in a gradient, or in a weight after a step.

    ``node`` is the first bad node, None where every node of the loss is good; ``history`` holds
    the epochs before.
    """

    def __init__(self, message: str, node: Value | None = None) -> None:
        super().__init__(message)
        self.node = node
        self.history = History()


def is_bad(number: Any) -> bool:
    """Tell whether a number is NaN or infinite."""
    return isinstance(number, float) and not math.isfinite(number)


def require_finite_loss(loss: Value) -> None:
    """Raise NonFiniteError, naming the first bad node and its module, for a bad loss."""
    found = first_nonfinite(loss) if is_bad(loss.data) else None
    if found is None:
        return
    text, scope = repr(found), getattr(found.node, "scope", None)
    if len(text) > LONGEST_NODE:
        text = text[: LONGEST_NODE - 1] + "…"
    place = f" in {scope.path}" if scope is not None and scope.path and found.operands else ""
    raise NonFiniteError(
        f"the loss is {shown(loss.data)}; the first bad node{place} is {text}", found.node
    )


class Guard:
    """Brings the weights, buffers and memories from before a batch back if the batch fails."""

    def __init__(self, model: Module, optimizer: Optimizer) -> None:
        self.optimizer = optimizer
        self.names = {parameter: name for name, parameter in model.named_parameters()}
        self.buffers = [
            (module, attribute)
            for _, module in model.named_modules()
            for attribute in module.buffer_names
        ]

    @contextmanager
    def undoing(self) -> Iterator[None]:
        """Undo what the block did to the numbers if it raises, Ctrl-C included."""
        weights = [parameter.data for parameter in self.names]
        buffers = [list(getattr(module, attribute)) for module, attribute in self.buffers]
        memories = [dict(memory) for memory in self.optimizer.state]
        try:
            yield
        except BaseException:
            for parameter, number in zip(self.names, weights, strict=True):
                parameter.data = number
            for (module, attribute), numbers in zip(self.buffers, buffers, strict=True):
                getattr(module, attribute)[:] = numbers
            self.optimizer.state = memories
            raise

    def zero_grad(self) -> None:
        """Forget the gradients of all parameters, also of those that no optimizer moves."""
        for parameter in self.names:
            del parameter.grad

    def require_finite_gradients(self, gradients: Iterable[tuple[Value, Any]]) -> None:
        """Raise NonFiniteError, naming the parameter, for a bad gradient."""
        for parameter, number in gradients:
            if is_bad(number):
                name = self.names[parameter]
                raise NonFiniteError(f"the gradient of {name} is {shown(number)}")

    def require_finite_weights(self, weights: Iterable[tuple[Value, Any]]) -> None:
        """Raise NonFiniteError, naming the parameter, for a weight that a step made bad."""
        for parameter, number in weights:
            if is_bad(number):
                name = self.names[parameter]
                raise NonFiniteError(
                    f"the step made {name} {shown(number)}: lower the learning rate"
                )
