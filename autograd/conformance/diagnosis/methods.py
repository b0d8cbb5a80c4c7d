"""Where an engine's methods begin, so that the report can say which one to look at."""

import inspect
import re
from collections.abc import Callable, Mapping
from types import FunctionType
from typing import Any

from autograd.conformance.cases import Names, find_function
from autograd.conformance.diagnosis.mutants import MUTANTS, Mutant

Methods = Mapping[str, tuple[int, str]]  # the line a method begins at, and its source
LONGEST = 5_000  # characters of a method's source

# after a gradient, where it is added up: not where they are set to 0 or 1
ADDS = r"\w* *[-+]?=(?!=) *(?!(?:[01](?:\.0)?|None)\s*$)"
NOT_THERE = ("__init__", "zero_grad")


def methods_of(engine: type) -> dict[str, tuple[int, str]]:
    """Return the methods of the class, and functions beside it, whose source is at hand."""
    names = [*vars_of(engine), *(mutant.method for mutant in MUTANTS)]
    found: dict[str, tuple[int, str]] = {}
    for name in dict.fromkeys(filter(None, names)):
        try:
            place = _place(find_function(engine, name))
        except Exception:  # a student's metaclass or descriptor may raise anything: no line then
            continue
        if place:
            found[name] = place
    return found


def vars_of(engine: type) -> list[str]:
    return [name for kind in engine.__mro__[:-1] for name in vars(kind)]


def _place(function: Callable[..., Any] | None) -> tuple[int, str] | None:
    if not isinstance(function, FunctionType):
        return None
    try:
        lines, first = inspect.getsourcelines(function)
    except (OSError, TypeError, SyntaxError, IndexError, ValueError):
        return None
    return first, "".join(lines)[:LONGEST]


def find_method(mutant: Mutant, methods: Methods, names: Names) -> tuple[str, int]:
    """Return the method where a mistake is, as the engine calls it, with its line.

    The line is 0 if the source is not at hand.
    """
    wanted = mutant.shown or mutant.method
    name = names.get(wanted, wanted)
    if name in methods or mutant.shown:
        return name, methods.get(name, (0, ""))[0]
    backward = names.get("backward", "backward")
    if not mutant.method:
        adds = rf"\.{re.escape(names.get('grad', 'grad'))}{ADDS}"
        for method, (line, source) in methods.items():
            if method not in (*NOT_THERE, backward) and re.search(adds, source, re.MULTILINE):
                return method, line
    is_in_the_pass = mutant.method in ("", "order", "backward")
    name = backward if is_in_the_pass else name
    return name, methods.get(name, (0, ""))[0]
