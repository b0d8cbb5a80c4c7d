"""Module: the base of layers and models, with named parameters and a state to save."""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from inspect import signature
from typing import Any, Self

from autograd import Value
from autograd.numeric import Number, as_number, shortened, shown
from autograd.scope import Call, Scope, current_call
from autograd.system import write_whole
from nn.parts import NamesItsParts, Part, own_modules, parts_of, require_no_module_in_itself
from nn.saved import read_saved
from nn.stamping import stamp


class Module(metaclass=NamesItsParts):
    """The base of layers and models: define ``__init__`` and ``forward``, call the module.

    Attributes that are parameters, Modules, or lists and dictionaries of these are its parts. A
    parameter is a leaf, a Value without parents, that a module holds: what ``forward`` computes and
    stores is not one, but a leaf that you store is; so of an input store its number, ``x.data``.

    A part is named after its attribute, in a list after the singular and its position:
    ``layer0.neuron3.w[1]``. Pictures and errors call a parameter by that name, and fold the nodes a
    module makes into a box. Two parts with one name, and a module that is a part of itself, raise
    ValueError; the same part may be at two places.

    ``buffer_names`` lists the attributes, lists of numbers, that belong to the state though nothing
    differentiates them, such as running averages.
    """

    training = True
    buffer_names: tuple[str, ...] = ()
    makes_nodes = True  # False for a module that only calls its parts: then no node is looked for
    scope: Scope

    def __init_subclass__(cls, **named: Any) -> None:
        super().__init_subclass__(**named)
        if "forward" in vars(cls) or "forward_batch" in vars(cls):
            cls.makes_nodes = vars(cls).get("makes_nodes", True)  # a base cannot know

    def forward(self, *inputs: Any, **named: Any) -> Any:
        raise NotImplementedError(f"{type(self).__name__} has no forward: define one")

    def __call__(self, *inputs: Any, **named: Any) -> Any:
        try:
            return self._called(self.forward, *inputs, **named)
        except TypeError:
            if told := _misfit(self, inputs, named):
                raise TypeError(told) from None
            raise

    def batch(self, rows: Any) -> list[Any]:
        """Return the outputs for ``rows``, a list of inputs, in the same order.

        Most modules see one row at a time; one that needs them all together, such as BatchNorm,
        defines ``forward_batch``. Raises ValueError for no rows, TypeError for what is not a list.
        """
        try:
            rows = list(rows)
        except TypeError as error:
            raise TypeError(f"a batch is a list of rows, not {rows!r:.60}") from error
        if not rows:
            raise ValueError("a batch of no rows: give at least one, as in model.batch([x])")
        together = _place_of("forward_batch", self) <= _place_of("forward", self)
        if not together:
            return [self(row) for row in rows]
        outputs: list[Any] = self._called(self.forward_batch, rows)
        return outputs

    def _called(self, forward: Callable[..., Any], *inputs: Any, **named: Any) -> Any:
        """Return what ``forward`` returns; the nodes it makes are marked with this call of it."""
        call = Call(self.scope, current_call.get())
        token = current_call.set(call)
        try:
            outputs = forward(*inputs, **named)
        finally:
            current_call.reset(token)
        if self.makes_nodes:
            stamp(outputs, [*inputs, *named.values()], call)
        return outputs

    def forward_batch(self, rows: list[Any]) -> list[Any]:
        """Return one output for each row."""
        return [self(row) for row in rows]

    # -- parts ---------------------------------------------------------------------------------

    def name_parts(self) -> None:
        """Name every part below, seen from here; done by the constructor."""
        for part in parts_of(self):
            if isinstance(part.held, Module):
                part.held.scope.name, part.held.scope.around = part.own_name, part.holder.scope
            elif isinstance(part.held, Value):
                part.held.scope = part.holder.scope
                part.held.label = f"{part.holder.scope.path}.{part.own_name}".removeprefix(".")

    def named_parameters(self) -> Iterator[tuple[str, Value]]:
        """Yield each parameter once, with its name seen from here, as ``layer0.neuron3.w[1]``."""
        for part in parts_of(self):
            if isinstance(part.held, Value):
                yield part.name, part.held

    def parameters(self) -> list[Value]:
        """Return every parameter once."""
        return [parameter for _, parameter in self.named_parameters()]

    def named_modules(self) -> Iterator[tuple[str, "Module"]]:
        """Yield this module, under the name ``""``, and each one below it, once."""
        yield "", self
        for part in parts_of(self):
            if isinstance(part.held, Module):
                yield part.name, part.held

    def named_buffers(self) -> Iterator[tuple[str, Number]]:
        """Yield each number of the buffers once, with its name, as ``norm.running_mean[1]``."""
        for name, (numbers, k) in self._places_of_buffers().items():
            yield name, numbers[k]

    def _places_of_buffers(self) -> dict[str, tuple[list[Number], int]]:
        """Return where each number of the buffers stands: in which list, and at which place."""
        return self._buffers_in(parts_of(self))

    def _buffers_in(self, parts: Iterable[Part]) -> dict[str, tuple[list[Number], int]]:
        modules = [(part.name, part.held) for part in parts if isinstance(part.held, Module)]
        places: dict[str, tuple[list[Number], int]] = {}
        for path, module in [("", self), *modules]:
            for attribute in module.buffer_names:
                numbers = getattr(module, attribute)
                name = f"{path}.{attribute}".removeprefix(".")
                places.update({f"{name}[{k}]": (numbers, k) for k in range(len(numbers))})
        return places

    def zero_grad(self) -> None:
        """Forget the gradients of all parameters; a backward pass adds to what they hold."""
        for parameter in self.parameters():
            del parameter.grad

    def train(self, mode: bool = True) -> Self:
        """Set training mode here and in every part; return self."""
        require_no_module_in_itself(self)  # which would never end here
        self.training = mode
        for module in own_modules(self):
            module.train(mode)  # which a part may override
        return self

    def eval(self) -> Self:
        """Set evaluation mode here and in every part; return self."""
        return self.train(False)

    # -- saving and loading --------------------------------------------------------------------

    def state_dict(self) -> dict[str, Any]:
        """Return the data of every parameter, and every number of the buffers, by name."""
        parts = list(parts_of(self))  # one walk for both
        state = {part.name: part.held.data for part in parts if isinstance(part.held, Value)}
        return state | {name: numbers[k] for name, (numbers, k) in self._buffers_in(parts).items()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Set all that ``state_dict`` returns.

        Raises ValueError, and changes nothing, if names differ or a state is not a number.
        """
        numbers = self.checked_state(state)
        for name, parameter in self.named_parameters():
            parameter.data = numbers[name]
        for name, (held, k) in self._places_of_buffers().items():
            held[k] = numbers[name]

    def checked_state(self, state: Any) -> dict[str, Number]:
        """Return the numbers of a state of this model; raises ValueError for any other."""
        if not isinstance(state, Mapping):
            raise ValueError(f"a state is numbers by name, not {state!r:.60}")
        names = self.state_dict()
        missing = [name for name in names if name not in state]
        unknown = [name for name in state if name not in names]
        if missing or unknown:
            raise ValueError(
                f"the state belongs to another model: {_listed('missing', missing)}, "
                f"{_listed('unknown', unknown)}"
            )
        return {name: _number(name, state[name]) for name in names}

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the state as JSON, in floats, whole or not at all; raises OSError if it cannot.

        Raises ValueError for a number that is too large for a float.
        """
        state = {name: _as_float(name, number) for name, number in self.state_dict().items()}
        write_whole(path, json.dumps(state, indent=1) + "\n")

    def load(self, path: str | os.PathLike[str]) -> None:
        """Read the state that ``save`` wrote.

        Raises ValueError, and changes nothing, if it is not JSON or of another model; OSError if
        it cannot be read.
        """
        self.load_state_dict(read_saved(path, "saved model"))


def _misfit(module: Module, inputs: Sequence[Any], named: Mapping[str, Any]) -> str:
    """Return what is wrong with the number of inputs; "" if ``forward`` takes as many."""
    takes = signature(module.forward)
    try:
        takes.bind(*inputs, **named)
    except TypeError as error:
        name = type(module).__name__
        if len(takes.parameters) == 1 and len(inputs) > 1:
            return one_row_told(name, inputs)
        return (
            f"{name} is called with what its forward({', '.join(takes.parameters)}) takes: {error}"
        )
    return ""


def one_row_told(name: str, inputs: Sequence[Any]) -> str:
    """Return what to write where a module of one row was given its numbers, or rows, one by one."""
    if any(isinstance(given, list | tuple) for given in inputs):
        return f"{name} takes one row: of several, write model.batch({[*inputs]!r:.60})"
    return f"{name} takes one row, a list of numbers: write model({[*inputs]!r:.60})"


def _place_of(method: str, module: Module) -> int:
    """Return how far up the classes of ``module`` a method is defined; 0 is its own class."""
    return next(k for k, kind in enumerate(type(module).__mro__) if method in vars(kind))


def _number(name: str, candidate: Any) -> Number:
    try:
        return as_number(candidate)
    except TypeError as error:
        raise ValueError(f"the state of {name}: {error}") from error


def _as_float(name: str, number: Number) -> float:
    try:
        return float(number)
    except OverflowError as error:
        told = shortened(shown(number))
        raise ValueError(
            f"{name} = {told}: it is too large for a float, and save writes floats"
        ) from error


def _listed(what: str, names: list[str]) -> str:
    shown = ", ".join(names[:3]) + (", ..." if len(names) > 3 else "")
    return f"{len(names)} {what}" + (f" ({shown})" if names else "")
