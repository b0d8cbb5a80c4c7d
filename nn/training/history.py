"""History: the numbers of a training, epoch by epoch."""

import csv
import io
import os
from collections.abc import Mapping
from typing import Any

from autograd.system import write_whole
from autograd.wording import aligned, for_terminal, show_number
from nn.plotting import training_curves

MOST_ROWS = 10  # that a REPL shows


class History(dict[str, list[float]]):
    """The numbers of each epoch, by name, as in ``history["val_loss"][-1]``.

    The names are ``epoch``, counted from 1, ``lr``, ``loss``, those of the metrics, and with
    validation ``val_loss`` and ``val_`` before each metric. ``best`` is the epoch of the best
    weights, None before the first; ``ended_by`` is "all epochs done", "early stopping" or "Ctrl-C".
    """

    best: int | None = None
    ended_by = ""

    @property
    def epochs(self) -> int:
        """The number of epochs that are complete."""
        return len(self.get("epoch", []))

    @property
    def last(self) -> dict[str, float]:
        """The numbers of the last epoch; empty before the first is complete."""
        return {name: column[-1] for name, column in self.items()}

    def add(self, row: Mapping[str, float]) -> None:
        """Append the numbers of one epoch."""
        for name, number in row.items():
            self.setdefault(name, []).append(number)

    def __repr__(self) -> str:
        if not self.epochs:
            return "no epoch is complete"
        rows = [[show_number(number) for number in row] for row in zip(*self.values(), strict=True)]
        if len(rows) > MOST_ROWS:
            half = MOST_ROWS // 2
            rows = [*rows[:half], ["…"] * len(self), *rows[-half:]]
        best = f"best: epoch {self.best}" if self.best is not None else ""
        ended = f"ended: {self.ended_by}" if self.ended_by else ""
        remarks = ", ".join(filter(None, [best, ended]))
        return for_terminal("\n".join([aligned([list(self), *rows], left=0), remarks]).rstrip())

    def to_csv(self, path: str | os.PathLike[str]) -> None:
        """Write a line of names, then one line for each epoch; whole or not at all, or OSError."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(self)
        writer.writerows(zip(*self.values(), strict=True))
        write_whole(path, text.getvalue())

    def plot(self, path: str | os.PathLike[str] | None = None) -> Any:
        """Return a Matplotlib figure: the curves of the loss and of each metric, by epoch.

        With a ``path`` it is saved there. Raises ValueError before the first epoch is complete,
        and ImportError, with what to install, if Matplotlib is missing.
        """
        if not self.epochs:
            raise ValueError("there is nothing to plot: no epoch is complete")
        return training_curves(self, self.best, path)
