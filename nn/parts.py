"""Parts: what a module is made of, where each stands, and what it is called."""

import random
from collections.abc import Iterator
from typing import Any, NamedTuple

from autograd import Value
from autograd.scope import Scope


class NamesItsParts(type):
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
    holder: Any  # a Module
    held: Any


def is_module(held: Any) -> bool:
    return isinstance(type(held), NamesItsParts)


def parts_of(top: Any) -> Iterator[Part]:
    """Yield every part below, once, under its first name.

    Raises ValueError for two parts of one name and for a module that is a part of itself.
    """
    met: dict[str, tuple[str, Any]] = {}  # where the part of each name stands, and the part
    seen: set[int] = set()

    def below(holder: Any, prefix: str, place: str, around: tuple[Any, ...]) -> Iterator[Part]:
        for own_name, own_place, held in _held_by(holder):
            name, where = f"{prefix}{own_name}", f"{place}.{own_place}"
            if is_module(held):
                _require_outside(where, held, around)
            other_place, other = met.setdefault(name, (where, held))
            if other is not held:
                raise ValueError(
                    f"{other_place} and {where} would both be called {name!r}: rename one of them"
                )
            if id(held) not in seen:
                seen.add(id(held))
                yield Part(name, own_name, holder, held)
                if is_module(held):
                    yield from below(held, f"{name}.", where, (*around, held))

    yield from below(top, "", type(top).__name__, (top,))


def _require_outside(place: str, held: Any, around: tuple[Any, ...]) -> None:
    if any(held is module for module in around):
        raise ValueError(
            f"{place} is the {type(held).__name__} that it is a part of, and a module cannot be a "
            "part of itself: pass what is needed of it to forward, as an argument"
        )


def own_parts(module: Any) -> list[Any]:
    """Return the parts that a module holds itself, each once."""
    return list({id(part): part for _, _, part in _held_by(module)}.values())


def own_modules(module: Any) -> list[Any]:
    """Return the modules that a module holds itself, each once: without names, which take time."""
    found: dict[int, Any] = {}

    def look(held: Any, around: tuple[Any, ...]) -> None:
        if is_module(held):
            found[id(held)] = held
        elif isinstance(held, list | tuple | dict) and not any(held is outer for outer in around):
            for item in held.values() if isinstance(held, dict) else held:
                if not isinstance(item, Value):
                    look(item, (*around, held))

    for held in list(vars(module).values()):
        look(held, ())
    return [*found.values()]


def require_no_module_in_itself(top: Any) -> None:
    """Raise ValueError, as ``parts_of`` does, for a module that is a part of itself."""
    seen: set[int] = set()

    def look(module: Any, around: tuple[Any, ...]) -> None:
        for part in own_modules(module):
            if any(part is outer for outer in (*around, module)):
                list(parts_of(top))  # which raises, with the names of both
            if id(part) not in seen:
                seen.add(id(part))
                look(part, (*around, module))

    look(top, ())


def _held_by(module: Any) -> Iterator[tuple[str, str, Any]]:
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
    elif is_module(held) or isinstance(held, random.Random):
        yield name, place, held
    elif isinstance(held, list | tuple | dict) and not any(held is outer for outer in around):
        for key, item in held.items() if isinstance(held, dict) else enumerate(held):
            below = _name_in(name, held, key, item)
            yield from _held_in(below, f"{place}[{key!r}]", item, (*around, held))


def _name_in(name: str, container: Any, key: Any, item: Any) -> str:
    if isinstance(container, dict):
        return f"{name}.{key}"
    if not is_module(item):
        return f"{name}[{key}]"
    return f"{name}{key}" if name.endswith("ss") else f"{name.removesuffix('s')}{key}"
