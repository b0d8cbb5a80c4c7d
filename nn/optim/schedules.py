"""Schedules: a learning rate that changes as training goes on, as in torch.optim.lr_scheduler.

Each is one formula in the epoch. It starts from the optimizer's ``lr``, and sets it with every
``step()``, called once an epoch after the optimizer's steps. One optimizer has one schedule.
"""

from collections.abc import Mapping
from math import cos, pi
from typing import Any

from autograd.numeric import whole_number
from nn.checks import FACTOR, NOT_NEGATIVE, UP_TO_ONE, checked_count, checked_number
from nn.optim.base import Optimizer


class Schedule:
    """The base of schedules: define ``rate``, call ``step``."""

    def __init__(self, optimizer: Optimizer) -> None:
        if not isinstance(optimizer, Optimizer):
            name = type(self).__name__
            raise TypeError(f"{name} takes an optimizer, such as SGD, not {optimizer!r:.60}")
        self.optimizer = optimizer
        self.base_lr: float = checked_number("lr", optimizer.lr, NOT_NEGATIVE)
        self.last_epoch = 0
        optimizer.lr = self.rate(0)

    def rate(self, epoch: int) -> float:
        """Return the learning rate after ``epoch`` steps."""
        raise NotImplementedError(f"{type(self).__name__} has no formula: define rate")

    def step(self) -> None:
        """Set the optimizer's learning rate for the next epoch."""
        self.last_epoch += 1
        self.optimizer.lr = self.rate(self.last_epoch)

    def state_dict(self) -> dict[str, Any]:
        """Return which schedule it is, and where it stands; JSON can hold it."""
        places = ("optimizer", "base_lr", "last_epoch")
        settings = {
            name: list(setting) if isinstance(setting, tuple) else setting
            for name, setting in vars(self).items()
            if name not in places
        }
        return {
            "schedule": type(self).__name__,
            "settings": settings,
            "base_lr": self.base_lr,
            "last_epoch": self.last_epoch,
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go to where the saved schedule stood, and set the learning rate that it has there.

        Raises ValueError, and changes nothing, if it is of another schedule, of other settings, or
        broken.
        """
        found = state if isinstance(state, Mapping) else {}
        own = self.state_dict()
        if found.keys() != own.keys():
            raise ValueError(f"this is not a state of a schedule: {state!r:.60}")
        for part in ("schedule", "settings"):
            if found[part] != own[part]:
                raise ValueError(f"the state has {part} {found[part]!r}; here it is {own[part]!r}")
        epoch = whole_number("last_epoch", found["last_epoch"], least=0)
        self.base_lr = checked_number("base_lr", found["base_lr"], NOT_NEGATIVE)
        self.last_epoch = epoch
        self.optimizer.lr = self.rate(epoch)


class StepLR(Schedule):
    """lr = base_lr · gamma^⌊epoch / step_size⌋: a fall every ``step_size`` epochs.

    Raises ValueError for a step_size below 1 or gamma < 0.
    """

    def __init__(self, optimizer: Optimizer, step_size: int, gamma: float = 0.1) -> None:
        self.step_size = checked_count("step_size", step_size)
        self.gamma: float = checked_number("gamma", gamma, NOT_NEGATIVE)
        super().__init__(optimizer)

    def rate(self, epoch: int) -> float:
        return self.base_lr * self.gamma ** (epoch // self.step_size)


class CosineAnnealingLR(Schedule):
    """lr = eta_min + (base_lr - eta_min)·(1 + cos(π·epoch / T_max)) / 2.

    Half a cosine down to eta_min in T_max epochs (Loshchilov and Hutter, 2016); after that, up
    again. Raises ValueError for T_max below 1 or eta_min < 0.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        T_max: int,  # noqa: N803  (PyTorch's name)
        eta_min: float = 0.0,
    ) -> None:
        self.T_max = checked_count("T_max", T_max)
        self.eta_min: float = checked_number("eta_min", eta_min, NOT_NEGATIVE)
        super().__init__(optimizer)

    def rate(self, epoch: int) -> float:
        height = (1 + cos(pi * epoch / self.T_max)) / 2
        return self.eta_min + (self.base_lr - self.eta_min) * height


class LinearLR(Schedule):
    """lr = base_lr · factor; the factor goes evenly from start_factor to end_factor.

    It gets there in ``total_iters`` epochs: a warm-up, with the defaults. Raises ValueError unless
    0 < start_factor <= 1, 0 <= end_factor <= 1 and total_iters is at least 1.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        start_factor: float = 1 / 3,
        end_factor: float = 1.0,
        total_iters: int = 5,
    ) -> None:
        self.start_factor: float = checked_number("start_factor", start_factor, FACTOR)
        self.end_factor: float = checked_number("end_factor", end_factor, UP_TO_ONE)
        self.total_iters = checked_count("total_iters", total_iters)
        super().__init__(optimizer)

    def rate(self, epoch: int) -> float:
        done = min(epoch, self.total_iters) / self.total_iters
        return self.base_lr * (self.start_factor + (self.end_factor - self.start_factor) * done)
