"""Neuron, Layer, Activation, and modules one after another: Sequential and MLP."""

import random
from collections.abc import Sequence
from typing import Any, Never

from autograd import Value, dot, ops
from autograd.scope import Call, current_call
from nn.checks import as_random, checked_count
from nn.init import GAINS, SLOPE, kaiming_uniform, known_activation
from nn.module import Module, one_row_told
from nn.rows import Row, as_inputs, require_row, row_of
from nn.stamping import stamp

ACTIVATIONS = tuple(GAINS)


class Neuron(Module):
    """activation(w·x + b), of ``n_inputs`` numbers.

    Weights start evenly spread in ±gain·sqrt(3 / n_inputs), with the gain of the activation: then
    numbers keep their size from layer to layer (``kaiming_uniform``; He et al., 2015). The bias
    starts at zero. ``expanded=True`` builds the weighted sum out of elementary ``*`` and ``+``
    instead of one ``dot``. ``rng`` is a seed or a ``random.Random``. Raises ValueError for an
    unknown activation or a size below 1.
    """

    def __init__(
        self,
        n_inputs: int,
        activation: str = "relu",
        *,
        rng: int | random.Random = 0,
        expanded: bool = False,
    ) -> None:
        self.w = [Value(0.0) for _ in range(checked_count("n_inputs", n_inputs))]
        self.b = Value(0.0)
        self.activation = known_activation(activation)
        self.expanded = expanded
        kaiming_uniform([self.w], a=SLOPE, nonlinearity=activation, rng=rng)

    def __call__(self, x: Row, *more: Never) -> Any:
        """Return the neuron's output for ``x``, a list of ``n_inputs`` Values or numbers.

        Raises ValueError for another length. (Not ``forward``: the search for the nodes it made,
        and ``dot``'s checks, would take longer than the neuron itself.)
        """
        if more:
            raise TypeError(one_row_told("Neuron", (x, *more)))
        require_row(self, x, len(self.w))
        call = Call(self.scope, current_call.get())
        if self.expanded:
            weighted = dot(self.w, x, self.b, expanded=True)
        else:
            weighted = Value.record_operation(ops.dot_of, (*self.w, *x, self.b))
        is_linear = self.activation == "linear"
        output = weighted if is_linear else getattr(ops, self.activation)(weighted)
        if self.expanded:
            stamp(output, x, call)
        else:
            weighted.scope = output.scope = call
        return output

    def __repr__(self) -> str:
        return f"Neuron({len(self.w)}, {self.activation!r})"


class Layer(Module):
    """``n_outputs`` neurons side by side, each seeing all ``n_inputs`` numbers; see ``Neuron``."""

    makes_nodes = False

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
            for _ in range(checked_count("n_outputs", n_outputs))
        ]

    @property
    def weight(self) -> list[list[Value]]:
        """The weights, n_outputs rows of n_inputs each, as in torch.nn.Linear."""
        return [neuron.w for neuron in self.neurons]

    @property
    def bias(self) -> list[Value]:
        """The n_outputs biases."""
        return [neuron.b for neuron in self.neurons]

    @property
    def activation(self) -> str:
        """The activation of all neurons; setting it sets theirs."""
        names = {neuron.activation for neuron in self.neurons}
        if len(names) > 1:
            raise ValueError(f"the neurons of {self} have several activations: {sorted(names)}")
        return names.pop()

    @activation.setter
    def activation(self, name: str) -> None:
        for neuron in self.neurons:
            neuron.activation = known_activation(name)

    def forward(self, x: Row) -> list[Value]:
        """Return a list of ``n_outputs`` Values for ``x``, a list of ``n_inputs``."""
        return [neuron(x) for neuron in self.neurons]

    def __repr__(self) -> str:
        first = self.neurons[0]
        return f"Layer({len(first.w)}, {len(self.neurons)}, {first.activation!r})"


class Activation(Module):
    """An activation by its name, for each number of a list: between other layers.

    Raises ValueError for an unknown one.
    """

    def __init__(self, name: str) -> None:
        self.activation = known_activation(name)

    def forward(self, x: Row) -> list[Value]:
        """Return a list as long as ``x``."""
        values = row_of(self, x)
        if self.activation == "linear":
            return values
        return [getattr(v, self.activation)() for v in values]

    def __repr__(self) -> str:
        return f"Activation({self.activation!r})"


class Sequential(Module):
    """Modules one after another: each gets what the one before returned.

    Raises ValueError without modules, TypeError for a part that is not a module.
    """

    makes_nodes = False

    def __init__(self, *layers: Module) -> None:
        for layer in layers:
            if not isinstance(layer, Module):
                raise TypeError(
                    f"Sequential takes modules, as in Sequential(Layer(2, 3), BatchNorm(3)); "
                    f"{layer!r:.60} is not one"
                )
        if not layers:
            raise ValueError("Sequential takes at least one module, as in Sequential(Layer(2, 3))")
        self.layers: list[Any] = list(layers)

    def forward(self, x: Row) -> Any:
        """Return the last module's output for ``x``, a list of Values or numbers."""
        outputs: Any = as_inputs(x)
        for layer in self.layers:
            outputs = layer(outputs)
        return outputs

    def forward_batch(self, rows: list[Any]) -> list[Any]:
        """Return one output for each row; every module sees all rows before the next one does."""
        rows = [as_inputs(row) for row in rows]
        for layer in self.layers:
            rows = layer.batch(rows)
        return rows

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(map(repr, self.layers))})"


class MLP(Sequential):
    """A multilayer perceptron: layers one after another, the last one linear.

    ``MLP(2, [16, 16, 1])`` has 2 inputs, two hidden layers of 16 neurons and 1 output, returned
    without a list; a longer last layer gives a list. See ``Neuron`` for the other arguments.
    """

    makes_nodes = False

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
                f"n_outputs = {n_outputs!r:.60}: it is a list with the size of each layer, of at "
                "least one layer, as in MLP(2, [4]) or MLP(2, [16, 1])"
            )
        generator = as_random(rng)
        activations = [activation] * (len(n_outputs) - 1) + ["linear"]
        shapes = zip([n_inputs, *n_outputs], n_outputs, activations, strict=False)
        super().__init__(
            *[
                Layer(n_in, n_out, name, rng=generator, expanded=expanded)
                for n_in, n_out, name in shapes
            ]
        )

    def forward(self, x: Row) -> Any:
        """Return the output for ``x``, a list of ``n_inputs`` Values or numbers."""
        return _unwrapped(super().forward(x))

    def forward_batch(self, rows: list[Any]) -> list[Any]:
        """Return one output for each row."""
        return [_unwrapped(outputs) for outputs in super().forward_batch(rows)]


def _unwrapped(outputs: list[Value]) -> Any:
    return outputs[0] if len(outputs) == 1 else outputs
