"""fit: the training loop, and what a long run needs."""

from nn.training.batches import divided
from nn.training.compiled import Compiled
from nn.training.early_stopping import EarlyStopping
from nn.training.fitting import fit
from nn.training.guard import NonFiniteError
from nn.training.history import History
from nn.training.one_row import NoOneRowError
from nn.training.settings import Loss, Settings

__all__ = [
    "Compiled", "EarlyStopping", "History", "Loss", "NoOneRowError", "NonFiniteError", "Settings",
    "divided", "fit",
]  # fmt: skip
