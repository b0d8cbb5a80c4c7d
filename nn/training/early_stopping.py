"""Training: when to stop."""

from collections.abc import Callable, Mapping
from math import inf
from typing import Any

from autograd import Value
from autograd.numeric import Number, as_number, whole_number
from nn.checks import ANY, NOT_NEGATIVE, checked_count, checked_number
from nn.module import Module


class EarlyStopping:
    """Tell when a validation loss has stopped falling, and bring the best weights back.

        stopping = EarlyStopping(model, patience=10)
        for epoch in range(1000):
            ...                                     # train for one epoch
            if stopping.step(validation_loss):
                break

    ``step`` returns True once ``patience`` losses in a row were not better than the best by more
    than ``min_delta``; the model then has the state of the best one. ``restore()`` brings it back
    at any time. A loss that is NaN is never better. Raises ValueError for a patience below 1 or
    min_delta < 0. (Prechelt, 1998; PyTorch has no such class, Keras has.)
    """

    def __init__(self, model: Module, patience: int = 10, min_delta: float = 0.0) -> None:
        if not isinstance(model, Module):
            raise TypeError(f"EarlyStopping takes the model itself, not {model!r:.60}")
        self.model = model
        self.patience = checked_count("patience", patience)
        self.min_delta = checked_number("min_delta", min_delta, NOT_NEGATIVE)
        # What returns the model's state; while ``fit`` runs, the numbers may be elsewhere.
        self.state: Callable[[], Mapping[str, Any]] = model.state_dict
        self.reset()

    def reset(self) -> None:
        """Forget earlier losses, as ``fit`` does first: the best weights are the current ones."""
        self.best_loss: Number = inf
        self.waited = 0  # steps since the best
        self._best_state = self.state()

    def step(self, loss: Value | Number) -> bool:
        """Take note of a loss; return whether to stop, with the best weights back in the model."""
        number = loss.data if isinstance(loss, Value) else as_number(loss)
        if number < self.best_loss - self.min_delta:
            self.best_loss, self.waited = number, 0
            self._best_state = self.state()
        else:
            self.waited += 1
        if self.waited < self.patience:
            return False
        self.restore()
        return True

    def restore(self) -> None:
        """Give the model the state it had at its best loss, or at first if there was none."""
        self.model.load_state_dict(self._best_state)

    def state_dict(self) -> dict[str, Any]:
        """Return the best loss, how long ago it was, and the model's state then."""
        return {
            "best_loss": self.best_loss,
            "waited": self.waited,
            "best_state": dict(self._best_state),
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Set all that ``state_dict`` returns; the model itself stays as it is.

        Raises ValueError, and changes nothing, if it is of another model or broken.
        """
        if not isinstance(state, Mapping) or set(state) != {"best_loss", "waited", "best_state"}:
            raise ValueError(f"this is not a state of an EarlyStopping: {state!r:.60}")
        waited = whole_number("waited", state["waited"], least=0)
        best_loss = checked_number("best_loss", state["best_loss"], ANY)
        self._best_state = self.model.checked_state(state["best_state"])
        self.best_loss, self.waited = best_loss, waited
