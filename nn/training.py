"""Training: when to stop."""

from math import inf

from autograd import Value
from autograd.numeric import Number, as_number
from nn.module import Module


class EarlyStopping:
    """Tell when a validation loss has stopped falling, and bring the best weights back.

        stopping = EarlyStopping(model, patience=10)
        for epoch in range(1000):
            ...                                     # train for one epoch
            if stopping.step(validation_loss):
                break

    ``step`` is True once ``patience`` losses in a row were no better than the best by more than
    ``min_delta``; the model has the state of the best one then. ``restore()`` brings it back at any
    time. A loss that is NaN is no better. Raises ValueError for a patience below 1 or
    min_delta < 0. (Prechelt, 1998; PyTorch has no such class, Keras has.)
    """

    def __init__(self, model: Module, patience: int = 10, min_delta: float = 0.0) -> None:
        if not isinstance(patience, int) or isinstance(patience, bool) or patience < 1:
            raise ValueError(f"patience = {patience!r}: it is a whole number, at least 1")
        if not min_delta >= 0:
            raise ValueError(f"min_delta = {min_delta}: it is zero or more")
        self.model = model
        self.patience = patience
        self.min_delta = min_delta
        self.best_loss: Number = inf
        self.waited = 0  # steps since the best
        self._best_state = model.state_dict()

    def step(self, loss: Value | Number) -> bool:
        """Take note of a loss; return whether to stop, with the best weights back in the model."""
        number = loss.data if isinstance(loss, Value) else as_number(loss)
        if number < self.best_loss - self.min_delta:
            self.best_loss, self.waited = number, 0
            self._best_state = self.model.state_dict()
        else:
            self.waited += 1
        if self.waited < self.patience:
            return False
        self.restore()
        return True

    def restore(self) -> None:
        """Give the model the state it had at its best loss, or at first if there was none."""
        self.model.load_state_dict(self._best_state)
