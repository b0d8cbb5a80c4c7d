"""Engines with other names: ``data=value grad=d.value`` says what stands there for data and grad.

The programs of the cases are rewritten with the engine's names before they run, and are shown so.
"""

import re
from collections.abc import Mapping, Sequence
from keyword import iskeyword

from autograd.errors import EngineFileError

ATTRIBUTES = ("data", "grad", "backward")
FUNCTIONS = ("relu", "tanh", "exp", "log")
UNREAD = "parents"  # no case reads them: it may be given all the same, as views of a graph need it
NAMES = (*ATTRIBUTES, UNREAD, *FUNCTIONS)

OURS = rf"(?<=\.)({'|'.join(ATTRIBUTES)})\b|(?<![.\w])({'|'.join(FUNCTIONS)})(?=\()"

Names = Mapping[str, str]


def parse_names(words: Sequence[str]) -> dict[str, str]:
    """Return the engine's name for each of ours, as typed: ``["data=value", "grad=d.value"]``."""
    names: dict[str, str] = {}
    for text in words:
        ours, equals, theirs = (part.strip() for part in text.partition("="))
        if not equals:
            raise EngineFileError(f"--names takes OURS=THEIRS, as in data=value, and not {text!r}")
        if ours not in NAMES:
            raise EngineFileError(f"--names has no name {ours!r}; choose from {', '.join(NAMES)}")
        parts = theirs.split(".") if ours not in FUNCTIONS else [theirs]
        if not all(part.isidentifier() and not iskeyword(part) for part in parts):
            what = "a name" if ours in FUNCTIONS else "a name, or several with dots between them"
            raise EngineFileError(f"--names {text}: {theirs!r} is not {what}")
        if ours in names:
            raise EngineFileError(f"--names gives {ours} twice: {names[ours]} and {theirs}")
        names[ours] = theirs
    return names


def in_words_of(names: Names, text: str) -> str:
    """Return a program, or a quantity, with the engine's names in it."""
    return re.sub(OURS, lambda found: names.get(found[0], found[0]), text) if names else text
