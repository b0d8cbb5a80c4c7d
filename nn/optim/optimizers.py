"""Optimizers, in the words and with the defaults and formulas of torch.optim, simple ones first.

Each is one formula: how a weight moves, given its gradient and what is remembered of earlier ones.
"""

from collections.abc import Iterable

from autograd import Value
from nn.optim.base import Memory, Numbers, Optimizer, sqrt


class SGD(Optimizer):
    """Stochastic gradient descent, with momentum (Polyak, 1964; Nesterov, 1983) if asked for.

        g ← grad + weight_decay·w
        v ← momentum·v + (1 - dampening)·g        (the first v is g)
        w ← w - lr·v                              (nesterov: w - lr·(g + momentum·v))

    Raises ValueError for an empty list of parameters and for settings out of range.
    """

    remembers = ("momentum_buffer",)
    momentum: float
    dampening: float
    nesterov: bool

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
        super().__init__(
            parameters, lr=lr, momentum=momentum, dampening=dampening,
            weight_decay=weight_decay, nesterov=nesterov,
        )  # fmt: skip
        if nesterov and (momentum == 0 or dampening != 0):
            raise ValueError(
                f"nesterov needs momentum > 0 and dampening = 0; got {momentum} and {dampening}"
            )

    def updated(self, weight: Numbers, gradient: Numbers, memory: Memory) -> Numbers:
        gradient = self.decayed(gradient, weight)
        if not self.momentum:
            return weight - self.lr * gradient
        velocity = gradient
        if memory:
            velocity = self.momentum * memory["momentum_buffer"] + (1 - self.dampening) * gradient
        memory["momentum_buffer"] = velocity
        ahead = gradient + self.momentum * velocity if self.nesterov else velocity
        return weight - self.lr * ahead


class Adagrad(Optimizer):
    """A rate for each parameter, falling with its squared gradients (Duchi, Hazan, Singer, 2011).

        g ← grad + weight_decay·w
        s ← s + g²
        w ← w - lr / (1 + (t - 1)·lr_decay) · g / (√s + eps)       at step t = 1, 2, ...

    Raises ValueError for an empty list of parameters and for settings out of range.
    """

    remembers = ("step", "sum")
    lr_decay: float
    initial_accumulator_value: float
    eps: float

    def __init__(
        self,
        parameters: Iterable[Value],
        lr: float = 1e-2,
        lr_decay: float = 0.0,
        weight_decay: float = 0.0,
        initial_accumulator_value: float = 0.0,
        eps: float = 1e-10,
    ) -> None:
        super().__init__(
            parameters, lr=lr, lr_decay=lr_decay, weight_decay=weight_decay,
            initial_accumulator_value=initial_accumulator_value, eps=eps,
        )  # fmt: skip

    def updated(self, weight: Numbers, gradient: Numbers, memory: Memory) -> Numbers:
        gradient = self.decayed(gradient, weight)
        t = memory["step"] = memory.get("step", 0) + 1
        s = memory.get("sum", self.initial_accumulator_value) + gradient * gradient
        memory["sum"] = s
        rate = self.lr / (1 + (t - 1) * self.lr_decay)
        return weight - rate * gradient / (sqrt(s) + self.eps)


class RMSprop(Optimizer):
    """Adagrad with a running average in place of the sum (Tieleman and Hinton, 2012).

        g ← grad + weight_decay·w
        s ← alpha·s + (1 - alpha)·g²
        v ← momentum·v + g / (√s + eps)
        w ← w - lr·v

    Raises ValueError for an empty list of parameters and for settings out of range.
    """

    remembers = ("square_avg", "momentum_buffer")
    alpha: float
    eps: float
    momentum: float

    def __init__(
        self,
        parameters: Iterable[Value],
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum: float = 0.0,
    ) -> None:
        super().__init__(
            parameters, lr=lr, alpha=alpha, eps=eps, weight_decay=weight_decay, momentum=momentum
        )

    def updated(self, weight: Numbers, gradient: Numbers, memory: Memory) -> Numbers:
        gradient = self.decayed(gradient, weight)
        s = self.alpha * memory.get("square_avg", 0.0) + (1 - self.alpha) * gradient * gradient
        v = self.momentum * memory.get("momentum_buffer", 0.0) + gradient / (sqrt(s) + self.eps)
        memory.update(square_avg=s, momentum_buffer=v)
        return weight - self.lr * v


class Adam(Optimizer):
    """Running averages of the gradient and of its square (Kingma and Ba, 2014).

        g ← grad + weight_decay·w
        m ← β₁·m + (1 - β₁)·g
        v ← β₂·v + (1 - β₂)·g²
        w ← w - lr · m̂ / (√v̂ + eps),   m̂ = m / (1 - β₁ᵗ),   v̂ = v / (1 - β₂ᵗ)

    at step t = 1, 2, ...; m̂ and v̂ make up for averages that started at zero. Raises ValueError for
    an empty list of parameters and for settings out of range.
    """

    remembers = ("step", "exp_avg", "exp_avg_sq")
    betas: tuple[float, float]
    eps: float

    def __init__(
        self,
        parameters: Iterable[Value],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, lr=lr, betas=betas, eps=eps, weight_decay=weight_decay)

    def updated(self, weight: Numbers, gradient: Numbers, memory: Memory) -> Numbers:
        return weight - self.lr * self.direction(self.decayed(gradient, weight), memory)

    def direction(self, gradient: Numbers, memory: Memory) -> Numbers:
        """Return m̂ / (√v̂ + eps)."""
        beta1, beta2 = self.betas
        t = memory.get("step", 0) + 1
        m = beta1 * memory.get("exp_avg", 0.0) + (1 - beta1) * gradient
        v = beta2 * memory.get("exp_avg_sq", 0.0) + (1 - beta2) * gradient * gradient
        memory.update(step=t, exp_avg=m, exp_avg_sq=v)
        return m / (1 - beta1**t) / (sqrt(v / (1 - beta2**t)) + self.eps)


class AdamW(Adam):
    """Adam whose weight decay does not pass through the averages (Loshchilov and Hutter, 2017).

        w ← w - lr·weight_decay·w - lr · m̂ / (√v̂ + eps)

    with m̂ and v̂ of the bare gradient, as in Adam.
    """

    def __init__(
        self,
        parameters: Iterable[Value],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
    ) -> None:
        super().__init__(parameters, lr, betas, eps, weight_decay)

    def updated(self, weight: Numbers, gradient: Numbers, memory: Memory) -> Numbers:
        shrunk = weight - self.lr * self.weight_decay * weight
        return shrunk - self.lr * self.direction(gradient, memory)
