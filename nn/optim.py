"""Optimizers, in the words and with the defaults of torch.optim."""

from collections.abc import Iterable

from autograd import Value
from autograd.numeric import Number


class SGD:
    """Stochastic gradient descent, with momentum (Polyak, 1964; Nesterov, 1983) if asked for.

        g ← grad + weight_decay·w
        v ← momentum·v + (1 - dampening)·g        (the first v is g)
        w ← w - lr·v                              (nesterov: w - lr·(g + momentum·v))

    Raises ValueError for an empty list of parameters and for settings out of range.
    """

    def __init__(
        self,
        parameters: Iterable[Value],
        lr: float = 1e-3,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        *,
        nesterov: bool = False,
    ) -> None:
        if not isinstance(parameters, Iterable):
            raise TypeError(
                f"SGD takes a list of parameters: pass model.parameters(), not {parameters!r:.60}"
            )
        self.parameters = list(parameters)
        if not self.parameters:
            raise ValueError("SGD got no parameters: pass model.parameters()")
        for parameter in self.parameters:
            if not isinstance(parameter, Value):
                raise TypeError(f"parameters are Values; {parameter!r:.60} is none")
        for name, setting in (("lr", lr), ("momentum", momentum), ("weight_decay", weight_decay)):
            if not setting >= 0:
                raise ValueError(f"{name} = {setting}: it is zero or more")
        if nesterov and (momentum == 0 or dampening != 0):
            raise ValueError(
                f"nesterov needs momentum > 0 and dampening = 0; got {momentum} and {dampening}"
            )
        self.lr = lr
        self.momentum = momentum
        self.dampening = dampening
        self.weight_decay = weight_decay
        self.nesterov = nesterov
        self._velocities: dict[Value, Number] = {}

    def zero_grad(self) -> None:
        """Forget the gradients of all parameters."""
        for parameter in self.parameters:
            del parameter.grad

    def step(self) -> None:
        """Move every parameter that has a gradient against it."""
        for parameter in self.parameters:
            if not parameter.has_grad:
                continue
            gradient: Number = parameter.grad + self.weight_decay * parameter.data
            if self.momentum:
                gradient = self._with_momentum(parameter, gradient)
            parameter.data = parameter.data - self.lr * gradient

    def _with_momentum(self, parameter: Value, gradient: Number) -> Number:
        velocity = gradient
        if parameter in self._velocities:
            velocity = self.momentum * self._velocities[parameter] + (1 - self.dampening) * gradient
        self._velocities[parameter] = velocity
        return gradient + self.momentum * velocity if self.nesterov else velocity
