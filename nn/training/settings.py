"""What ``fit`` is given besides data, checked before anything is trained."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from autograd import Value
from autograd.numeric import Number
from nn.checks import NOT_NEGATIVE, checked_count, checked_number
from nn.module import Module
from nn.optim import Optimizer, Schedule
from nn.training.early_stopping import EarlyStopping

Loss = Callable[[list[Any], list[Any]], Any]
Metric = Callable[[list[Any], list[Any]], Value | Number]

BACKENDS = ("eager", "python", "numpy", "native")
OWN_COLUMNS = ("epoch", "lr", "loss")  # of a history


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What is trained, and how.

    Raises TypeError for a part of the wrong kind, ValueError for one out of range or of another
    model.
    """

    model: Module
    loss: Loss
    optimizer: Optimizer
    batch_size: int
    metrics: Mapping[str, Metric]
    schedule: Schedule | None
    early_stopping: EarlyStopping | None
    clip_norm: float | None
    clip_value: float | None
    backend: str = "eager"

    def __post_init__(self) -> None:
        _check_kind("model", self.model, Module, "MLP(2, [16, 1])")
        _check_kind("optimizer", self.optimizer, Optimizer, "Adam(model.parameters())")
        if self.schedule is not None:
            _check_kind("schedule", self.schedule, Schedule, "StepLR(optimizer, step_size=10)")
        if self.early_stopping is not None:
            example = "EarlyStopping(model, patience=10)"
            _check_kind("early_stopping", self.early_stopping, EarlyStopping, example)
        if not callable(self.loss):
            raise TypeError(f"loss = {self.loss!r:.60}: it must be a function, such as nn.mse_loss")
        checked_count("batch_size", self.batch_size)
        if self.backend not in BACKENDS:
            known = ", ".join(BACKENDS)
            raise ValueError(f"backend = {self.backend!r:.60} is unknown; there are {known}")
        _check_metrics(self.metrics)
        for name, bound in (("clip_norm", self.clip_norm), ("clip_value", self.clip_value)):
            if bound is not None:
                checked_number(name, bound, NOT_NEGATIVE)
        self._check_belonging()

    def _check_belonging(self) -> None:
        """Raise ValueError if a part was made for another model or optimizer."""
        if not set(self.optimizer.parameters) <= set(self.model.parameters()):
            raise ValueError(
                "the optimizer belongs to another model: make a new one, with model.parameters()"
            )
        if self.schedule is not None and self.schedule.optimizer is not self.optimizer:
            raise ValueError(
                "the schedule belongs to another optimizer: make a new one, for this optimizer"
            )
        if self.early_stopping is not None and self.early_stopping.model is not self.model:
            raise ValueError(
                "the early_stopping belongs to another model: make a new one, for this model"
            )


def _check_kind(name: str, given: Any, kind: type, example: str) -> None:
    if not isinstance(given, kind):
        raise TypeError(
            f"{name} = {given!r:.60}: it must be of class {kind.__name__}, as in {example}"
        )


def _check_metrics(metrics: Any) -> None:
    if not isinstance(metrics, Mapping) or not all(map(callable, metrics.values())):
        raise TypeError(
            f"metrics = {metrics!r:.60}: they must be functions by name, as in "
            '{"accuracy": accuracy}'
        )
    for name in metrics:
        if not isinstance(name, str) or name in OWN_COLUMNS or name.startswith("val_"):
            raise ValueError(
                f"a metric cannot be called {name!r}: the history has epoch, lr, loss and val_..."
            )
