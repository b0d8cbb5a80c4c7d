"""Module: the base of layers and models, with named parameters and a state to save."""

import json
import os
import random
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, Self

from autograd import Value
from autograd.numeric import Number, as_number, shortened, shown
from autograd.scope import Scope
from autograd.system import write_whole
from nn.saved import read_saved
from nn.stamping import stamp


class _NamesItsParts(type):
    """Names the parts of a module as soon as its outermost constructor has run."""

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        module: Any = cls.__new__(cls, *args, **kwargs)  # type: ignore[arg-type]  # cls is a type
        module.scope = Scope(cls.__name__)  # its parts may look for it before it is complete
        module.__init__(*args, **kwargs)
        module.scope.name, module.scope.around = cls.__name__, None
        module.name_parts()
        return module


class Input(Value):
    """A leaf that a module made from a plain number it was given: never a parameter."""

    __slots__ = ()


class Part(NamedTuple):
    """A parameter, a module, or a random generator, where it stands in a model."""

    name: str  # seen from the top, as ``layer0.neuron3.w[1]``
    own_name: str  # seen from the module that holds it, as ``w[1]``
    holder: "Module"
    held: Any


class Module(metaclass=_NamesItsParts):
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
        outputs = self.forward(*inputs, **named)
        if self.makes_nodes:
            stamp(outputs, [*inputs, *named.values()], self.scope)
        return outputs

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
        outputs = self.forward_batch(rows)
        if self.makes_nodes:
            stamp(outputs, rows, self.scope)
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
        places: dict[str, tuple[list[Number], int]] = {}
        for path, module in self.named_modules():
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
        list(parts_of(self))  # raises for a module within itself, which would never end here
        self.training = mode
        for part in own_parts(self):
            if isinstance(part, Module):
                part.train(mode)  # which a part may override
        return self

    def eval(self) -> Self:
        """Set evaluation mode here and in every part; return self."""
        return self.train(False)

    # -- saving and loading --------------------------------------------------------------------

    def state_dict(self) -> dict[str, Any]:
        """Return the data of every parameter, and every number of the buffers, by name."""
        parameters = {name: parameter.data for name, parameter in self.named_parameters()}
        return parameters | dict(self.named_buffers())

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


def _place_of(method: str, module: Module) -> int:
    """Return how far up the classes of ``module`` a method is defined; 0 is its own class."""
    return next(k for k, kind in enumerate(type(module).__mro__) if method in vars(kind))


def parts_of(top: Module) -> Iterator[Part]:
    """Yield every part below, once, under its first name.

    Raises ValueError for two parts of one name and for a module that is a part of itself.
    """
    met: dict[str, tuple[str, Any]] = {}  # where the part of each name stands, and the part
    seen: set[int] = set()

    def below(
        holder: Module, prefix: str, place: str, around: tuple[Module, ...]
    ) -> Iterator[Part]:
        for own_name, own_place, held in _held_by(holder):
            name, where = f"{prefix}{own_name}", f"{place}.{own_place}"
            _require_outside(where, held, around)
            other_place, other = met.setdefault(name, (where, held))
            if other is not held:
                raise ValueError(
                    f"{other_place} and {where} would both be called {name!r}: rename one of them"
                )
            if id(held) not in seen:
                seen.add(id(held))
                yield Part(name, own_name, holder, held)
                if isinstance(held, Module):
                    yield from below(held, f"{name}.", where, (*around, held))

    yield from below(top, "", type(top).__name__, (top,))


def _require_outside(place: str, held: Any, around: tuple[Module, ...]) -> None:
    if any(held is module for module in around):
        raise ValueError(
            f"{place} is the {type(held).__name__} that it is a part of, and a module cannot be a "
            "part of itself: pass what is needed of it to forward, as an argument"
        )


def own_parts(module: Module) -> list[Any]:
    """Return the parts that a module holds itself, each once."""
    return list({id(part): part for _, _, part in _held_by(module)}.values())


def _held_by(module: Module) -> Iterator[tuple[str, str, Any]]:
    """Yield each part that a module holds itself, after its name and its place in Python."""
    for attribute, held in list(vars(module).items()):
        yield from _held_in(attribute, attribute, held, ())


def _held_in(
    name: str, place: str, held: Any, around: tuple[Any, ...]
) -> Iterator[tuple[str, str, Any]]:
    """Yield what ``held`` is, or has in nested lists and dictionaries (``around``: those above)."""
    if isinstance(held, Value):
        if not held.parents and not isinstance(held, Input):
            yield name, place, held
    elif isinstance(held, Module | random.Random):
        yield name, place, held
    elif isinstance(held, list | tuple | dict) and not any(held is outer for outer in around):
        for key, item in held.items() if isinstance(held, dict) else enumerate(held):
            below = _name_in(name, held, key, item)
            yield from _held_in(below, f"{place}[{key!r}]", item, (*around, held))


def _name_in(name: str, container: Any, key: Any, item: Any) -> str:
    if isinstance(container, dict):
        return f"{name}.{key}"
    if not isinstance(item, Module):
        return f"{name}[{key}]"
    return f"{name}{key}" if name.endswith("ss") else f"{name.removesuffix('s')}{key}"


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
