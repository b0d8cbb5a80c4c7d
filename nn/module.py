"""Module: what has parameters, and parts that have some."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from autograd import Value
from autograd.files import write_whole
from autograd.numeric import Number, as_number
from autograd.scope import Scope


class _NamesItsParts(type):
    """Names the parts of a module as soon as its outermost constructor has run."""

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        module = super().__call__(*args, **kwargs)
        module.name_parts()
        return module


class Module(metaclass=_NamesItsParts):
    """The base of layers and models: define ``__init__`` and ``forward``, call the module.

    Attributes that are Values, Modules, or lists of these are its parts. A part is named after its
    attribute, in a list after its singular and place: ``layer0.neuron3.w[1]``. Pictures and errors
    call a parameter by that name, and fold the nodes a module makes into one box.
    """

    training = True
    scope: Scope

    def forward(self, *inputs: Any, **named: Any) -> Any:
        raise NotImplementedError(f"{type(self).__name__} has no forward: define one")

    def __call__(self, *inputs: Any, **named: Any) -> Any:
        outputs = self.forward(*inputs, **named)
        stamp(outputs, [*inputs, *named.values()], self.scope)
        return outputs

    # -- parts ---------------------------------------------------------------------------------

    def _parts(self) -> Iterator[tuple[str, "Module | Value"]]:
        """Yield each part with its name, in the order of the attributes."""
        for attribute, held in vars(self).items():
            if isinstance(held, Module | Value):
                yield attribute, held
            elif isinstance(held, list | tuple):
                for k, item in enumerate(held):
                    if isinstance(item, Module):
                        yield f"{attribute.removesuffix('s')}{k}", item
                    elif isinstance(item, Value):
                        yield f"{attribute}[{k}]", item

    def name_parts(self) -> None:
        """Name every part below, seen from here; done by the constructor."""
        if "scope" not in vars(self):
            self.scope = Scope(type(self).__name__)
        for name, part in self._parts():
            if isinstance(part, Value):
                part.label = f"{self.scope.path}.{name}".removeprefix(".")
                part.scope = self.scope
            else:
                part.scope.name, part.scope.around = name, self.scope
                part.name_parts()

    def named_parameters(self) -> Iterator[tuple[str, Value]]:
        """Yield each parameter once, with its name seen from here, as ``layer0.neuron3.w[1]``."""
        seen: set[Value] = set()
        for name, parameter in self._named_leaves():
            if parameter not in seen:
                seen.add(parameter)
                yield name, parameter

    def _named_leaves(self) -> Iterator[tuple[str, Value]]:
        for name, part in self._parts():
            if isinstance(part, Value):
                yield name, part
            else:
                yield from ((f"{name}.{below}", leaf) for below, leaf in part._named_leaves())

    def parameters(self) -> list[Value]:
        """Return every parameter once."""
        return [parameter for _, parameter in self.named_parameters()]

    def zero_grad(self) -> None:
        """Forget the gradients of all parameters; a backward pass adds to what they hold."""
        for parameter in self.parameters():
            del parameter.grad

    def train(self, mode: bool = True) -> "Module":
        """Set training mode here and in every part; return self."""
        self.training = mode
        for _, part in self._parts():
            if isinstance(part, Module):
                part.train(mode)
        return self

    def eval(self) -> "Module":
        """Set evaluation mode here and in every part; return self."""
        return self.train(False)

    # -- saving and loading --------------------------------------------------------------------

    def state_dict(self) -> dict[str, Any]:
        """Return the data of every parameter, by name."""
        return {name: parameter.data for name, parameter in self.named_parameters()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Set every parameter's data; raises ValueError, and changes nothing, if names differ."""
        parameters = dict(self.named_parameters())
        missing = [name for name in parameters if name not in state]
        unknown = [name for name in state if name not in parameters]
        if missing or unknown:
            raise ValueError(
                f"the state is of another model: {_listed('missing', missing)}, "
                f"{_listed('unknown', unknown)}"
            )
        numbers = {name: _number(name, state[name]) for name in parameters}
        for name, parameter in parameters.items():
            parameter.data = numbers[name]

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the state as JSON, in floats, whole or not at all; raises OSError if it cannot."""
        state = {name: float(number) for name, number in self.state_dict().items()}
        write_whole(path, json.dumps(state, indent=1) + "\n")

    def load(self, path: str | os.PathLike[str]) -> None:
        """Read the state that ``save`` wrote.

        Raises ValueError, and changes nothing, if it is not JSON or of another model; OSError if
        it cannot be read.
        """
        try:
            state = json.loads(Path(path).read_text(encoding="utf-8"))
        except (ValueError, RecursionError) as error:
            raise ValueError(f"{os.fspath(path)!r} holds no saved model: {error}") from error
        if not isinstance(state, dict):
            kind = type(state).__name__
            raise ValueError(f"{os.fspath(path)!r} holds no saved model but a {kind}")
        self.load_state_dict(state)


def _number(name: str, candidate: Any) -> Number:
    try:
        return as_number(candidate)
    except TypeError as error:
        raise ValueError(f"the state of {name}: {error}") from error


def _listed(what: str, names: list[str]) -> str:
    shown = ", ".join(names[:3]) + (", ..." if len(names) > 3 else "")
    return f"{len(names)} {what}" + (f" ({shown})" if names else "")


def _values(nested: Any) -> list[Value]:
    """Return the Values in nested lists, tuples and dictionaries."""
    if isinstance(nested, Value):
        return [nested]
    if isinstance(nested, Mapping):
        nested = list(nested.values())
    if not isinstance(nested, list | tuple):
        return []
    if all(type(item) is Value for item in nested):
        return list(nested)
    return [value for item in nested for value in _values(item)]


def stamp(outputs: Any, inputs: Iterable[Any], scope: Scope) -> None:
    """Mark the nodes a module made, from its outputs back to its inputs or to inner modules."""
    outer = outputs if type(outputs) is list else [outputs]
    if all([hasattr(node, "scope") for node in outer]):  # noqa: C419  (a list is faster here)
        return  # inner modules made them all
    fresh = _values(outputs)
    given = set(_values(inputs))
    while fresh:
        node = fresh.pop()
        if node not in given and node.parents and not hasattr(node, "scope"):
            node.scope = scope
            fresh += node.parents
