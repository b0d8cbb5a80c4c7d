"""fit: the training loop that every lesson writes once, with what a long run needs."""

import os
import random
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from nn.checks import as_random, checked_count
from nn.module import Module
from nn.optim import Optimizer, Schedule
from nn.training.batch_by_batch import Run
from nn.training.batches import Pair, divided
from nn.training.early_stopping import EarlyStopping
from nn.training.history import History
from nn.training.interrupt import ctrl_c_asks
from nn.training.progress import Progress, progress_for
from nn.training.saving import resume, save_checkpoint
from nn.training.settings import Loss, Metric, Settings

Where = str | os.PathLike[str]


def fit(
    model: Module,
    rows: Iterable[Any],
    targets: Iterable[Any],
    *,
    loss: Loss,
    optimizer: Optimizer,
    epochs: int = 20,
    batch_size: int = 16,
    validation: float | Pair = 0.0,
    metrics: Mapping[str, Metric] | None = None,
    schedule: Schedule | None = None,
    early_stopping: EarlyStopping | None = None,
    clip_norm: float | None = None,
    clip_value: float | None = None,
    rng: int | random.Random = 0,
    checkpoint: Where | None = None,
    progress: bool | None = None,
    backend: str = "eager",
) -> History:
    """Train ``model`` until ``loss`` of its outputs for ``rows`` and ``targets`` is small.

        history = fit(model, rows, classes, loss=nn.cross_entropy, validation=0.2,
                      optimizer=nn.Adam(model.parameters(), lr=0.01),
                      metrics={"accuracy": nn.accuracy})

    Each epoch goes once through the rows, shuffled by ``rng`` unless they are one batch: for each
    batch a loss, a backward pass and a step. It returns the ``History`` of the epochs, and leaves
    the model in evaluation mode.

    - ``loss`` and ``metrics`` are functions of a list of outputs and a list of targets; the history
      has their means over the rows of an epoch.
    - ``validation`` is the share of rows, drawn by ``rng``, that is measured after each epoch and
      never trained on; or a pair of rows and targets of their own.
    - ``schedule`` takes one step per epoch. ``early_stopping`` sees the validation loss, or the
      loss where there is none; with it the model ends with its best weights, else with its last.
    - ``clip_norm`` and ``clip_value`` are bounds for ``clip_grad_norm_`` and ``clip_grad_value_``.
    - ``checkpoint`` is a file, the training checkpoint, written at the start, after each epoch and
      on Ctrl-C. If it is there already, training goes on from it. With the same arguments it
      reaches the same weights, bit for bit, as without a break, if modules take random numbers from
      a ``random.Random`` of their own; ``epochs`` may be larger. Delete the file to start again.
    - ``progress`` is a bar, or without tqdm a line for each epoch; by default only on a terminal.
    - ``backend`` is "eager", or "python", "numpy" or "native" to compile the graph of one row, its
      loss included, and to run that on all rows of a batch: much faster, and the same but for
      rounding. The model's Values have the numbers whenever fit ends or writes a training
      checkpoint. It takes rows of one shape, of numbers or nested lists, a loss that is a mean over
      them, and a graph that is the same in each. ValueError says what is not, before anything is
      trained: for that the loss of each row is compared with the engine's. Loss and derivatives of
      some rows are compared again after 1, 10, 100, … epochs and at the end: FrozenBranchError, a
      ValueError, says where an ``if`` looks at a number that training has moved.

    Ctrl-C stops after the current batch; the model then has its best weights, those at the end of
    the epoch whose validation loss (or loss) was lowest. A second one raises KeyboardInterrupt at
    once, with the weights from before the batch. Off the main thread, and where the program handles
    SIGINT itself, fit leaves signals alone, and a KeyboardInterrupt ends it as the second one does.

    NaN or infinity, in a loss, a gradient or a weight, raises ``NonFiniteError``, naming the first
    bad node and the batch; the model has its weights from before that batch. Raises ValueError for
    no rows, unequal lengths, settings out of range, and a training checkpoint that is broken or of
    another training, which changes nothing; TypeError for arguments of another kind.
    """
    settings = Settings(
        model=model, loss=loss, optimizer=optimizer, batch_size=batch_size,
        metrics={} if metrics is None else metrics, schedule=schedule,
        early_stopping=early_stopping, clip_norm=clip_norm, clip_value=clip_value, backend=backend,
    )  # fmt: skip
    checked_count("epochs", epochs)
    generator = as_random(rng)
    data, order, held_out = divided(rows, targets, validation, generator)
    run = Run(settings=settings, data=data, order=order, held_out=held_out, rng=generator)
    _train(run, epochs, checkpoint, progress)
    return run.history


def _train(run: Run, epochs: int, checkpoint: Where | None, progress: bool | None) -> None:
    """Start or go on, and leave the model in evaluation mode, whatever happens."""
    if checkpoint is not None and Path(checkpoint).exists():
        resume(checkpoint, run)
    elif checkpoint is not None:  # if it cannot be written, better now than an epoch later
        save_checkpoint(checkpoint, run)
    told = progress_for(progress, epochs, run.batches_an_epoch, run.batches_done)
    if run.batches_done:
        told.note(f"{checkpoint}: going on after {run.batches_done} batches")
    try:
        with ctrl_c_asks() as asked:
            _turn(run, epochs, checkpoint, told, asked)
        _end(run, told, asked())
    finally:
        told.close()
        run.best.state = run.settings.model.state_dict
        run.settings.model.eval()


def _turn(
    run: Run, epochs: int, checkpoint: Where | None, told: Progress, asked: Callable[[], bool]
) -> None:
    """Do batch after batch until all epochs are done, early stopping says so, or Ctrl-C asks."""

    def ends() -> bool:
        return run.history.epochs >= epochs or run.stopped or asked()

    run.settings.model.train()
    verified = False  # at the end, before the last training checkpoint is written
    try:
        while not ends():
            run.advance()
            told.batch_done()
            if run.position == 0:
                told.epoch_done(run.history.last)
                verified = ends()
                run.verify(at_end=verified)
                if checkpoint is not None:
                    run.batch.show()
                    save_checkpoint(checkpoint, run)
        if not verified:
            run.verify(at_end=True)
    finally:
        run.batch.show()
    if run.position and checkpoint is not None:
        save_checkpoint(checkpoint, run)


def _end(run: Run, told: Progress, interrupted: bool) -> None:
    """Say why it ended, and bring the best weights back where they are wanted."""
    history, why = run.history, "Ctrl-C" if interrupted else "all epochs done"
    history.ended_by = "early stopping" if run.stopped else why
    if history.epochs and (interrupted or run.settings.early_stopping):
        run.best.restore()
    if interrupted:
        weights = f"of epoch {history.best}, the best" if history.epochs else "of the last batch"
        told.note(f"stopped by Ctrl-C; the model has the weights {weights}")
