"""fit: the training loop, and what a long run needs."""

from nn.training.early_stopping import EarlyStopping
from nn.training.fitting import fit
from nn.training.guard import NonFiniteError
from nn.training.history import History

__all__ = ["EarlyStopping", "History", "NonFiniteError", "fit"]
