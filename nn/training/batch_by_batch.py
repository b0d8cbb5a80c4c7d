"""A training under way, batch after batch."""

import random
import sys
from dataclasses import dataclass, field
from functools import cached_property

from autograd.numeric import saturated
from nn.training.batches import Data, batches
from nn.training.compiled import Compiled
from nn.training.eager import Eager
from nn.training.early_stopping import EarlyStopping
from nn.training.guard import NonFiniteError
from nn.training.history import History
from nn.training.settings import Settings
from nn.training.verifying import is_due


@dataclass(kw_only=True)
class Run:
    """What is trained, how, and on what; and how far it is, between two batches."""

    settings: Settings
    data: Data
    order: list[int]  # the rows to train on, as they are shuffled in this epoch
    held_out: list[int]  # the rows to validate on
    rng: random.Random
    position: int = 0  # batches of this epoch that are done
    sums: dict[str, float] = field(default_factory=dict)  # over the rows of this epoch so far
    history: History = field(default_factory=History)
    stopped: bool = False  # by early stopping

    def __post_init__(self) -> None:
        model = self.settings.model
        if self.settings.backend == "eager":
            self.batch: Eager | Compiled = Eager(self.settings, self.data)
        else:
            self.batch = Compiled(self.settings, self.data, self.order, self.held_out)
        given = self.settings.early_stopping
        self.best = given or EarlyStopping(model, patience=sys.maxsize)
        self.best.state = self.batch.state
        if given:
            given.reset()

    @cached_property
    def checksum(self) -> int:
        """The checksum of all data, for training checkpoints."""
        return self.data.checksum()

    @property
    def batches(self) -> tuple[list[list[int]], list[list[int]]]:
        """The batches of this epoch: those to train on, and those to validate on."""
        size = self.settings.batch_size
        return batches(self.order, size), batches(self.held_out, size)

    @property
    def batches_an_epoch(self) -> int:
        """How many batches an epoch has, of both kinds."""
        return sum(map(len, self.batches))

    @property
    def batches_done(self) -> int:
        """How many batches have been done in all epochs."""
        return self.history.epochs * self.batches_an_epoch + self.position

    def advance(self) -> None:
        """Do one batch, and close the epoch after its last.

        If it raises, the model and the memory of the optimizer are as before it.
        """
        if self.position == 0 and len(self.order) > self.settings.batch_size:
            self.rng.shuffle(self.order)  # a single batch has no order
        to_train, to_validate = self.batches
        trains = self.position < len(to_train)
        batch = [*to_train, *to_validate][self.position]
        try:
            numbers = self.batch.trained(batch) if trains else self.batch.measured(batch)
        except NonFiniteError as error:
            raise self._located(error, batch) from None
        except Exception as error:
            error.add_note(f"In {self._place(batch)}.")
            raise
        for name, number in numbers.items():
            column = name if trains else f"val_{name}"
            self.sums[column] = self.sums.get(column, 0.0) + number * len(batch)
        self.position += 1
        if self.position == len(to_train) + len(to_validate):
            self._close_epoch()

    def verify(self, *, at_end: bool = False) -> None:
        """Compare a program with the engine; raises FrozenBranchError where they differ."""
        if at_end or is_due(self.history.epochs):
            self.batch.verify(self.order, self.held_out, self.history.epochs, at_end=at_end)

    def _close_epoch(self) -> None:
        settings, epoch = self.settings, self.history.epochs + 1
        row = {"epoch": epoch, "lr": saturated(settings.optimizer.lr)}
        for name, summed in self.sums.items():
            row[name] = summed / len(self.held_out if name.startswith("val_") else self.order)
        self.history.add(row)
        if settings.schedule is not None:
            settings.schedule.step()
        self.stopped = self.best.step(row["val_loss" if self.held_out else "loss"])
        if self.best.waited == 0:
            self.history.best = epoch
        self.position, self.sums = 0, {}

    def _place(self, batch: list[int]) -> str:
        epoch, count = self.history.epochs + 1, self.batches_an_epoch
        return f"epoch {epoch}, batch {self.position + 1} of {count} ({self.data.names(batch)})"

    def _located(self, error: NonFiniteError, batch: list[int]) -> NonFiniteError:
        """Return the error with the batch it happened in, and what the model has now."""
        bad = self.data.names([k for k in batch if self.data.is_bad(k)])
        hint = f"; NaN or infinity is in the data of {bad}" if bad else ""
        hint = hint or "; a smaller learning rate, or clip_norm=1, may help"
        located = NonFiniteError(
            f"{self._place(batch)}: {error}{hint}. The model has its last good weights, from "
            "before this batch",
            error.node,
        )
        located.history = self.history
        return located
