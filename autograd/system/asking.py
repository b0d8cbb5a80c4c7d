"""Lines that are typed, or piped in."""

import sys
from types import BuiltinFunctionType


def input_is_typed() -> bool:
    """Tell whether ``input`` is Python's own; a notebook brings another."""
    return isinstance(input, BuiltinFunctionType)


def is_piped() -> bool:
    """Tell whether answers come from a pipe or a file."""
    return input_is_typed() and not (sys.stdin and sys.stdin.isatty())


def ask(question: str) -> str:
    """Return the line typed after ``question``, which is not shown where input is piped in.

    Raises EOFError at the end of what is piped in.
    """
    if not is_piped():
        return input(question).strip()
    line = sys.stdin.readline() if sys.stdin else ""
    if not line:
        raise EOFError
    return line.strip()
