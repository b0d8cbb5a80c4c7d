"""Neuron, Layer and MLP."""

import random
from collections.abc import Sequence
from math import sqrt
from typing import Any

from autograd import Value, dot, ops
from autograd.value import make_node
from nn.module import Module, stamp

Input = Sequence[Value | float]

ACTIVATIONS = (
    "linear", "relu", "leaky_relu", "elu", "gelu", "silu", "softplus", "sigmoid", "tanh", "erf",
    "sin",
)  # fmt: skip

# How much an activation shrinks the spread of what flows through it (torch.nn.init's gains).
GAINS = {"relu": sqrt(2), "leaky_relu": sqrt(2 / (1 + 0.01**2)), "tanh": 5 / 3}


def as_random(rng: int | random.Random) -> random.Random:
    """Return ``rng`` itself, or a generator seeded with it."""
    return rng if isinstance(rng, random.Random) else random.Random(rng)


def _checked_size(what: str, size: Any) -> int:
    if not isinstance(size, int) or isinstance(size, bool) or size < 1:
        raise ValueError(f"{what} = {size!r}: it is a whole number, at least 1")
    return size


class Neuron(Module):
    """activation(w·x + b), of ``n_inputs`` numbers.

    Weights are uniform in ±gain·sqrt(3 / n_inputs), which keeps the variance from layer to layer
    (He et al., 2015); the bias starts at zero. ``expanded=True`` builds the weighted sum out of
    elementary ``*`` and ``+`` instead of one ``dot``. ``rng`` is a seed or a ``random.Random``.
    Raises ValueError for an unknown activation or a size below 1.
    """

    def __init__(
        self,
        n_inputs: int,
        activation: str = "relu",
        *,
        rng: int | random.Random = 0,
        expanded: bool = False,
    ) -> None:
        _checked_size("n_inputs", n_inputs)
        if activation not in ACTIVATIONS:
            raise ValueError(
                f"activation {activation!r} is unknown; there are {', '.join(ACTIVATIONS)}"
            )
        generator = as_random(rng)
        bound = GAINS.get(activation, 1.0) * sqrt(3 / n_inputs)
        self.w = [Value(generator.uniform(-bound, bound)) for _ in range(n_inputs)]
        self.b = Value(0.0)
        self.activation = activation
        self.expanded = expanded

    def __call__(self, x: Input) -> Any:
        """Return the neuron's output for ``x``, a list of ``n_inputs`` Values or numbers.

        Raises ValueError for another length. (Not ``forward``: the search for the nodes it made,
        and ``dot``'s checks, would take longer than the neuron itself.)
        """
        try:
            n_given = len(x)
        except TypeError as error:
            message = f"{self._name} takes a list of {len(self.w)} numbers, not {x!r:.60}"
            raise TypeError(message) from error
        if n_given != len(self.w):
            raise ValueError(
                f"{self._name} has {len(self.w)} inputs; it was given {n_given} numbers"
            )
        if self.expanded:
            weighted = dot(self.w, x, self.b, expanded=True)
        else:
            weighted = make_node(ops.dot_of, (*self.w, *x, self.b))
        output = weighted if self.activation == "linear" else getattr(weighted, self.activation)()
        if self.expanded:
            stamp(output, x, self.scope)
        else:
            weighted.scope = output.scope = self.scope
        return output

    @property
    def _name(self) -> str:
        return self.scope.path or "the neuron"

    def __repr__(self) -> str:
        return f"Neuron({len(self.w)}, {self.activation!r})"


class Layer(Module):
    """``n_outputs`` neurons side by side, each seeing all ``n_inputs`` numbers; see ``Neuron``."""

    def __init__(
        self,
        n_inputs: int,
        n_outputs: int,
        activation: str = "relu",
        *,
        rng: int | random.Random = 0,
        expanded: bool = False,
    ) -> None:
        generator = as_random(rng)
        self.neurons = [
            Neuron(n_inputs, activation, rng=generator, expanded=expanded)
            for _ in range(_checked_size("n_outputs", n_outputs))
        ]

    def forward(self, x: Input) -> list[Value]:
        """Return a list of ``n_outputs`` Values for ``x``, a list of ``n_inputs``."""
        return [neuron(x) for neuron in self.neurons]

    def __repr__(self) -> str:
        first = self.neurons[0]
        return f"Layer({len(first.w)}, {len(self.neurons)}, {first.activation!r})"


class MLP(Module):
    """A multilayer perceptron: layers one after another, the last one linear.

    ``MLP(2, [16, 16, 1])`` has 2 inputs, two hidden layers of 16 neurons and 1 output, which is
    returned bare; a longer last layer gives a list. See ``Neuron`` for the other arguments.
    """

    def __init__(
        self,
        n_inputs: int,
        n_outputs: Sequence[int],
        activation: str = "relu",
        *,
        rng: int | random.Random = 0,
        expanded: bool = False,
    ) -> None:
        if not isinstance(n_outputs, Sequence) or not n_outputs:
            raise ValueError(
                f"n_outputs = {n_outputs!r}: an MLP has at least one layer, as in MLP(2, [16, 1])"
            )
        generator = as_random(rng)
        activations = [activation] * (len(n_outputs) - 1) + ["linear"]
        shapes = zip([n_inputs, *n_outputs], n_outputs, activations, strict=False)
        self.layers = [
            Layer(n_in, n_out, name, rng=generator, expanded=expanded)
            for n_in, n_out, name in shapes
        ]

    def forward(self, x: Input) -> Any:
        """Return the output for ``x``, a list of ``n_inputs`` Values or numbers."""
        if isinstance(x, Sequence):  # each number becomes one leaf, not a constant a neuron
            x = [v if isinstance(v, Value) else Value(v) for v in x]
        for layer in self.layers:
            x = layer(x)
        return x[0] if len(x) == 1 else x

    def __repr__(self) -> str:
        return f"MLP({', '.join(map(repr, self.layers))})"
