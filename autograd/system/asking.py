"""Lines that are typed, or piped in."""

import contextlib
import sys
from types import BuiltinFunctionType


def input_is_typed() -> bool:
    """Tell whether ``input`` is Python's own; a notebook brings another."""
    return isinstance(input, BuiltinFunctionType)


def is_piped() -> bool:
    """Tell whether answers come from a pipe or a file."""
    return input_is_typed() and not (sys.stdin and sys.stdin.isatty())


def _edit_lines() -> None:
    """Let ``input`` edit its line, and bring earlier ones back with the arrows, where Python can.

    Python's readline does both from its import on. A paste is then marked with codes, which some
    terminals show: not here.
    """
    if "readline" in sys.modules or not input_is_typed():
        return
    with contextlib.suppress(ImportError):  # Windows edits lines by itself
        import readline

        readline.parse_and_bind("set enable-bracketed-paste off")
        readline.parse_and_bind(r'"\C-d": "\C-e\C-u\C-d"')  # leaves, also on a line begun


def ask(question: str) -> str:
    """Return the line typed after ``question``, which is not shown where input is piped in.

    Raises EOFError at the end of what is piped in.
    """
    if not is_piped():
        _edit_lines()
        return input(question).strip()
    line = sys.stdin.readline() if sys.stdin else ""
    if not line:
        raise EOFError
    return line.strip()
