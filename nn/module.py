"""Module: what has parameters, and parts that have some."""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Self

from autograd import Value
from autograd.files import write_whole
from autograd.numeric import Number, as_number, whole_number
from autograd.scope import Scope


class _NamesItsParts(type):
    """Names the parts of a module as soon as its outermost constructor has run."""

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        module = super().__call__(*args, **kwargs)
        module.name_parts()
        return module


class Module(metaclass=_NamesItsParts):
    """The base of layers and models: define ``__init__`` and ``forward``, call the module.

    Attributes that are Values, Modules, or lists and dictionaries of these are its parts. A part is
    named after its attribute, in a list after its singular and place: ``layer0.neuron3.w[1]``.
    Pictures and errors call a parameter by that name, and fold the nodes a module makes into a box.

    ``buffer_names`` lists the attributes, lists of numbers, that belong to the state though nothing
    differentiates them, such as running averages.
    """

    training = True
    buffer_names: tuple[str, ...] = ()
    scope: Scope

    def forward(self, *inputs: Any, **named: Any) -> Any:
        raise NotImplementedError(f"{type(self).__name__} has no forward: define one")

    def __call__(self, *inputs: Any, **named: Any) -> Any:
        outputs = self.forward(*inputs, **named)
        stamp(outputs, [*inputs, *named.values()], self.scope)
        return outputs

    def batch(self, rows: Any) -> list[Any]:
        """Return the outputs for ``rows``, a list of inputs, in the same order.

        Most modules see one row at a time; one that needs them all together, such as BatchNorm,
        defines ``forward_batch``. Raises ValueError for no rows, TypeError for what is no list.
        """
        try:
            rows = list(rows)
        except TypeError as error:
            raise TypeError(f"a batch is a list of rows, not {rows!r:.60}") from error
        if not rows:
            raise ValueError("a batch of no rows: give at least one, as in model.batch([x])")
        together = _place_of("forward_batch", self) <= _place_of("forward", self)
        outputs = self.forward_batch(rows) if together else [self(row) for row in rows]
        stamp(outputs, rows, self.scope)
        return outputs

    def forward_batch(self, rows: list[Any]) -> list[Any]:
        """Return one output for each row."""
        return [self(row) for row in rows]

    # -- parts ---------------------------------------------------------------------------------

    def _parts(self) -> Iterator[tuple[str, "Module | Value"]]:
        """Yield each part with its name, in the order of the attributes."""
        for attribute, held in vars(self).items():
            yield from _parts_in(attribute, held)

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

    def named_modules(self) -> Iterator[tuple[str, "Module"]]:
        """Yield this module, under the name ``""``, and each one below it, once."""
        seen: set[Module] = set()
        waiting: list[tuple[str, Module]] = [("", self)]
        while waiting:
            name, module = waiting.pop()
            if module in seen:
                continue
            seen.add(module)
            yield name, module
            below = [(at, part) for at, part in module._parts() if isinstance(part, Module)]
            waiting += [(f"{name}.{at}".removeprefix("."), part) for at, part in reversed(below)]

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
        self.training = mode
        for _, part in self._parts():
            if isinstance(part, Module):
                part.train(mode)
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

        Raises ValueError, and changes nothing, if names differ or a number is none.
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
                f"the state is of another model: {_listed('missing', missing)}, "
                f"{_listed('unknown', unknown)}"
            )
        return {name: _number(name, state[name]) for name in names}

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the state as JSON, in floats, whole or not at all; raises OSError if it cannot."""
        state = {name: float(number) for name, number in self.state_dict().items()}
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


def _parts_in(name: str, held: Any) -> Iterator[tuple[str, Module | Value]]:
    """Yield what ``held`` is, or has in nested lists and dictionaries, each with its name."""
    if isinstance(held, Module | Value):
        yield name, held
    elif isinstance(held, list | tuple):
        for k, item in enumerate(held):
            is_module = isinstance(item, Module)
            yield from _parts_in(
                f"{name.removesuffix('s')}{k}" if is_module else f"{name}[{k}]", item
            )
    elif isinstance(held, dict):
        for key, item in held.items():
            yield from _parts_in(f"{name}.{key}", item)


def read_saved(
    path: str | os.PathLike[str], what: str, decode: Callable[[dict[str, Any]], Any] | None = None
) -> dict[str, Any]:
    """Return the JSON object in a file; ``decode`` sees every object in it.

    Raises ValueError, saying that it holds no ``what``, for anything else; OSError if it cannot be
    read.
    """
    try:
        saved = json.loads(Path(path).read_text(encoding="utf-8"), object_hook=decode)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{os.fspath(path)!r} holds no {what}: {error}") from error
    if not isinstance(saved, dict):
        raise ValueError(f"{os.fspath(path)!r} holds no {what} but a {type(saved).__name__}")
    return saved


def _number(name: str, candidate: Any) -> Number:
    try:
        return as_number(candidate)
    except TypeError as error:
        raise ValueError(f"the state of {name}: {error}") from error


def _listed(what: str, names: list[str]) -> str:
    shown = ", ".join(names[:3]) + (", ..." if len(names) > 3 else "")
    return f"{len(names)} {what}" + (f" ({shown})" if names else "")


def checked_count(what: str, count: Any) -> int:
    """Return ``count`` as an int, also one of NumPy's; ValueError unless it is at least 1."""
    return whole_number(what, count, least=1)


def row_of(module: Module, x: Any) -> list[Value]:
    """Return ``x`` as a list of Values; raises TypeError, naming the module, for what is none."""
    row = lifted(x)
    if not isinstance(row, list):
        raise TypeError(f"{_called(module)} takes a list of numbers, not {x!r:.60}")
    return row


def lifted(x: Any) -> Any:
    """Return a list of Values for a list: each number becomes one leaf, not a constant a use."""
    try:
        items = list(x)
    except TypeError:  # who needs a list says so
        return x
    return [v if isinstance(v, Value) else Value(v) for v in items]


def checked_row(module: Module, x: Any, size: int) -> None:
    """Raise, naming the module and both lengths, unless ``x`` is a list of ``size`` numbers."""
    try:
        n_given = len(x)
    except TypeError as error:
        message = f"{_called(module)} takes a list of {size} numbers, not {x!r:.60}"
        raise TypeError(message) from error
    if n_given != size:
        raise ValueError(f"{_called(module)} has {size} inputs; it was given {n_given} numbers")


def _called(module: Module) -> str:
    return module.scope.path or f"this {type(module).__name__}"


def values_in(nested: Any) -> list[Value]:
    """Return the Values in nested lists, tuples and dictionaries."""
    if isinstance(nested, Value):
        return [nested]
    if isinstance(nested, Mapping):
        nested = list(nested.values())
    if not isinstance(nested, list | tuple):
        return []
    if all(type(item) is Value for item in nested):
        return list(nested)
    return [value for item in nested for value in values_in(item)]


def stamp(outputs: Any, inputs: Iterable[Any], scope: Scope) -> None:
    """Mark the nodes a module made, from its outputs back to its inputs or to inner modules."""
    outer = outputs if type(outputs) is list else [outputs]
    if all([hasattr(node, "scope") for node in outer]):  # noqa: C419  (a list is faster here)
        return  # inner modules made them all
    fresh = values_in(outputs)
    given = set(values_in(inputs))
    while fresh:
        node = fresh.pop()
        if node not in given and node.parents and not hasattr(node, "scope"):
            node.scope = scope
            fresh += node.parents
