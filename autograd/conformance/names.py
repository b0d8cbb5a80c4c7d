"""Engines with other names: ``data=value grad=d.value`` says what stands there for data and grad.

The programs of the cases are rewritten with the engine's names before they run, and are shown so.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from autograd.errors import EngineFileError

if TYPE_CHECKING:
    from autograd.conformance.result import Result

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
        if not all(part.isidentifier() for part in parts):
            what = "a name" if ours in FUNCTIONS else "a name, or several with dots between them"
            raise EngineFileError(f"--names {text}: {theirs!r} is not {what}")
        if ours in names:
            raise EngineFileError(f"--names gives {ours} twice: {names[ours]} and {theirs}")
        names[ours] = theirs
    return names


def not_found(names: Names, results: Iterable["Result"]) -> list[str]:
    """Return the names, as they were typed, that the engine does not have.

    Of a function, no case is offered then; of an attribute, an error says that it is not there, and
    not of a plain number, which an operation may return by mistake.
    """
    results = list(results)
    texts = [str(result.received) for result in results]
    missing = []
    for ours, theirs in names.items():
        if ours in FUNCTIONS:
            verdicts = {r.verdict for r in results if re.search(rf"\b{ours}\(", r.program)}
            is_missing = verdicts == {"not offered"}
        else:
            lacks = [_lacks(part) for part in theirs.split(".")]
            is_missing = any(lack.search(text) for lack in lacks for text in texts)
        missing += [f"{ours}={theirs}"] * is_missing
    return missing


def _lacks(attribute: str) -> re.Pattern[str]:
    return re.compile(rf"'(?!(float|int|NoneType)')[\w.]+' object has no attribute '{attribute}'")


def in_words_of(names: Names, text: str) -> str:
    """Return a program, or a quantity, with the engine's names in it."""
    return re.sub(OURS, lambda found: names.get(found[0], found[0]), text) if names else text
