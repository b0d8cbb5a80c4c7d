"""What one case found, and how it is told in full."""

import re
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass, replace

from autograd.conformance.cases.names import FUNCTIONS, Names, in_words_of
from autograd.wording import for_terminal, show_number, word

WIDTH = 88
HIDDEN = "hidden"  # the group of the cases that a seed makes


@dataclass(frozen=True)
class Result:
    """What one case found.

    ``verdict`` is "pass", "wrong", "raised", "timed out" or "not offered". ``expected`` and
    ``received`` are those of ``quantity``, the first that was wrong: a number, or words. A
    ``group`` is "core", what a lecture builds, "robustness": deep chains, kinks, edits, or
    "hidden": graphs that a seed makes.
    """

    name: str
    verdict: str
    idea: str
    program: str
    quantity: str
    expected: float | str
    received: float | str
    hint: str
    group: str = "core"

    def __str__(self) -> str:
        expected, received = (
            text if isinstance(text, str) else show_number(text, 10)
            for text in (self.expected, self.received)
        )
        wanted, given = word("number expected"), word("number received")
        found = f"{self.quantity}: {wanted} {expected}; {given} {received}"
        paragraphs = [
            *indented(self.idea),
            *(f"        {line}" for line in self.program.splitlines()),
            *indented(found),
            *indented(f"{word('hint')}: {self.hint}"),
        ]
        return for_terminal("\n".join([f"{self.name}: {word(self.verdict)}", *paragraphs]))


def in_names(result: Result, names: Names) -> Result:
    """Return the result with the program and the quantity as they read in an engine's names."""
    program, quantity = (in_words_of(names, text) for text in (result.program, result.quantity))
    return replace(result, program=program, quantity=quantity)


def not_found(names: Names, results: Iterable[Result]) -> list[str]:
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


def indented(text: str, by: int = 4) -> list[str]:
    """Return the lines of a paragraph."""
    return textwrap.wrap(text, WIDTH, initial_indent=" " * by, subsequent_indent=" " * by)
