"""Gradient health: do gradients reach every layer, and at a size to learn from?"""

import math
import os
from collections.abc import Iterator
from typing import Any, NamedTuple

from autograd import Value
from autograd.numeric import Number, saturated
from autograd.wording import aligned, for_terminal, show_number
from nn.layers import Neuron
from nn.module import Module
from nn.optim import norm_of
from nn.parts import own_parts
from nn.plotting import gradient_histograms

FADED = 1e-3  # of the layer with the largest gradients: below that a layer hardly learns
TINY = 1e-8  # below it any layer hardly learns
MOST_DEAD = 0.75  # of a layer's neurons; of relus, half are usually silent
HUGE = 1e3  # above it a step of any usual learning rate overshoots


class LayerGradients(NamedTuple):
    """The gradients of one layer: of its neurons, and of the parameters it holds itself."""

    name: str
    gradients: tuple[Number, ...]
    unreached: int  # parameters that no backward pass has reached
    units: int  # neurons
    dead: int  # neurons all of whose gradients are zero

    @property
    def norm(self) -> float:
        """The square root of the sum of squares."""
        return norm_of(self.gradients)

    @property
    def size(self) -> float:
        """The root mean square: the norm, whatever the number of parameters."""
        return self.norm / math.sqrt(len(self.gradients))

    @property
    def zeros(self) -> float:
        """The share of gradients that are exactly zero, from 0 to 1."""
        return sum(gradient == 0 for gradient in self.gradients) / len(self.gradients)


class GradientReport(list[LayerGradients]):
    """One row for each layer, in order; ``verdicts`` judges each, ``ok`` says if all do well.

    The size of a layer's gradients is their root mean square.

        ok           none of the following
        no gradient  no backward pass has reached the layer
        exploding    the size is above 1000, or not finite
        dead         every gradient is zero
        dying        more than three quarters of its neurons are dead
        vanishing    the size is below a thousandth of that of the layer with the largest, or 1e-8
    """

    @property
    def verdicts(self) -> list[str]:
        """One of the words above for each row."""
        largest = max((row.size for row in self if math.isfinite(row.size)), default=0.0)
        return [_verdict(row, largest) for row in self]

    @property
    def ok(self) -> bool:
        return all(verdict == "ok" for verdict in self.verdicts)

    def __repr__(self) -> str:
        header = ("layer", "gradients", "norm", "size", "zeros", "dead units", "")
        rows = [
            (row.name, f"{len(row.gradients):,}", show_number(row.norm, 3),
             show_number(row.size, 3), f"{row.zeros:.0%}",
             f"{row.dead} of {row.units}" if row.units else "–", verdict)
            for row, verdict in zip(self, self.verdicts, strict=True)
        ]  # fmt: skip
        return for_terminal(aligned([header, *rows]))

    def plot(self, path: str | os.PathLike[str] | None = None) -> Any:
        """Return a Matplotlib figure: for each layer a histogram of the size of its gradients.

        With a ``path`` it is saved there. Raises ImportError if Matplotlib is missing.
        """
        return gradient_histograms({row.name: row.gradients for row in self}, path)


def _verdict(row: LayerGradients, largest: float) -> str:
    if row.unreached == len(row.gradients):
        return "no gradient"
    if not row.size <= HUGE:
        return "exploding"
    if row.size == 0:
        return "dead"
    if row.dead > MOST_DEAD * row.units:
        return "dying"
    return "vanishing" if row.size < max(TINY, FADED * largest) else "ok"


def gradient_report(model: Module) -> GradientReport:
    """Return the state of the gradients of each layer, after ``loss.backward()``.

    A layer is a module that holds parameters or neurons of its own. Best for a loss over many
    rows: a neuron is dead if none of them moves it. Raises ValueError for a model without
    parameters, and before any backward pass; TypeError for what is not a model.
    """
    if not isinstance(model, Module):
        raise TypeError(f"gradient_report takes a model, not {model!r:.60}")
    if not any(parameter.has_grad for parameter in model.parameters()):
        why = "it has no gradient yet: call loss.backward() first"
        why = why if model.parameters() else "it has no parameters"
        raise ValueError(f"gradient_report has nothing to report about {model!r:.60}: {why}")
    return GradientReport(_layers(model))


def _layers(model: Module) -> Iterator[LayerGradients]:
    """Yield the gradients of every module that holds parameters; a neuron belongs to its layer."""
    for name, module in model.named_modules():
        parts = own_parts(module)
        neurons = [part for part in parts if isinstance(part, Neuron)]
        inside = isinstance(module, Neuron) and module is not model
        units = [neuron.parameters() for neuron in neurons]
        own = [part for part in parts if isinstance(part, Value)]
        parameters = [*own, *(parameter for unit in units for parameter in unit)]
        if parameters and not inside:
            yield LayerGradients(
                name or type(module).__name__,
                tuple(saturated(parameter.grad) for parameter in parameters),
                sum(not parameter.has_grad for parameter in parameters),
                len(units),
                sum(all(parameter.grad == 0 for parameter in unit) for unit in units),
            )
