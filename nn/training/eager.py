"""A batch by the engine itself: a graph of Values, a backward pass, and a step."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from autograd import Value
from autograd.numeric import as_number, saturated
from nn.losses import cross_entropy, nll_loss
from nn.optim import clip_grad_norm_, clip_grad_value_
from nn.training.batches import Data
from nn.training.guard import Guard, require_finite_loss
from nn.training.settings import Settings


class Eager:
    """Trains and measures batches; the numbers are in the model's Values at all times."""

    def __init__(self, settings: Settings, data: Data) -> None:
        self.settings, self.data = settings, data
        self.guard = Guard(settings.model, settings.optimizer)

    def trained(self, batch: list[int]) -> dict[str, float]:
        """Take one step; return the loss and the metrics from before it.

        If it raises, the model and the memory of the optimizer are as before it.
        """
        self.set_mode(training=True)
        with self.guard.undoing():
            outputs, loss = self.computed(batch)
            numbers = self.numbers(outputs, loss, batch)
            self.guard.zero_grad()
            loss.backward()
            require_reach(any(p.has_grad for p in self.settings.optimizer.parameters))
            self.step()
        return numbers

    def measured(self, batch: list[int], *, training: bool = False) -> dict[str, float]:
        """Return the loss and the metrics."""
        self.set_mode(training=training)
        return self.numbers(*self.computed(batch), batch)

    def set_mode(self, *, training: bool) -> None:
        """Bring the model into training or evaluation mode."""
        if self.settings.model.training is not training:
            self.settings.model.train(training)

    def state(self) -> Mapping[str, Any]:
        """Return the model's state."""
        return self.settings.model.state_dict()

    def show(self) -> None:
        """Bring the numbers into the Values, where they are."""

    def verify(
        self, rows: Sequence[int], held_out: Sequence[int], epochs: int, *, at_end: bool
    ) -> None:
        """Do nothing: this is the engine, which a program is compared with."""

    def step(self) -> None:
        """Clip the gradients, and move the parameters by them."""
        settings, optimizer = self.settings, self.settings.optimizer
        if settings.clip_value is not None:
            clip_grad_value_(optimizer.parameters, settings.clip_value)
        self.guard.require_finite_gradients((p, p.grad) for p in optimizer.parameters)
        if settings.clip_norm is not None:
            clip_grad_norm_(optimizer.parameters, settings.clip_norm)
        optimizer.step()
        self.guard.require_finite_weights((p, p.data) for p in optimizer.parameters)

    def computed(self, batch: list[int]) -> tuple[list[Any], Value]:
        """Return the outputs and the loss of a batch."""
        outputs = self.outputs(batch)
        return outputs, self.loss(outputs, batch)

    def outputs(self, batch: list[int]) -> list[Any]:
        """Return the outputs of a batch; raises ValueError for None, and for too few classes."""
        settings = self.settings
        outputs = settings.model.batch([self.data.rows[k] for k in batch])
        if any(output is None for output in outputs):
            raise ValueError("the model returned None for a row: did forward forget its return?")
        if settings.loss in (cross_entropy, nll_loss) and not isinstance(outputs[0], Iterable):
            raise ValueError(
                f"the model has one output for a row, and {settings.loss.__name__} takes one for "
                "each class: enlarge the last layer, or use binary_cross_entropy_with_logits"
            )
        return outputs

    def loss(self, outputs: list[Any], batch: list[int]) -> Value:
        """Return the loss of the outputs of a batch; raises TypeError for what is not a Value."""
        loss = self.settings.loss(outputs, [self.data.targets[k] for k in batch])
        if not isinstance(loss, Value):
            raise TypeError(
                f"the loss returned {loss!r:.60}; it must return one Value, such as a mean"
            )
        return loss

    def numbers(self, outputs: list[Any], loss: Value, batch: list[int]) -> dict[str, float]:
        """Return the loss and the metrics of outputs; raises NonFiniteError for a bad loss."""
        require_finite_loss(loss)
        return {"loss": saturated(loss.data)} | self.metrics(outputs, batch)

    def metrics(self, outputs: list[Any], batch: list[int]) -> dict[str, float]:
        """Return each metric of outputs."""
        targets = [self.data.targets[k] for k in batch]
        metrics = self.settings.metrics.items()
        return {name: _number(name, metric(outputs, targets)) for name, metric in metrics}


def require_reach(reaches: bool) -> None:
    """Raise ValueError unless the loss reaches a parameter of the optimizer."""
    if not reaches:
        raise ValueError(
            "the loss reaches no parameter of the optimizer: is there a .data in forward, or in "
            "the loss?"
        )


def _number(name: str, measured: Any) -> float:
    try:
        return saturated(measured.data if isinstance(measured, Value) else as_number(measured))
    except TypeError as error:
        raise TypeError(f"metric {name!r}: {error}") from error
