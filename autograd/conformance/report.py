"""The report of the check: what each case found, as a table and in words, or as JSON."""

import json
import math
import textwrap
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from autograd.wording import Text, aligned, for_terminal, show_number, word

WIDTH = 88
IN_FULL = 10  # failures that the text of a report tells in full


@dataclass(frozen=True)
class Result:
    """What one case found.

    ``verdict`` is "pass", "wrong", "raised", "timed out" or "not offered". ``expected`` and
    ``received`` are those of ``quantity``, the first that was wrong: a number, or words. ``group`` is
    "core", what a lecture builds, or "robustness": deep chains, kinks, edits, a second pass.
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
            *_indented(self.idea),
            *(f"        {line}" for line in self.program.splitlines()),
            *_indented(found),
            *_indented(f"{word('hint')}: {self.hint}"),
        ]
        return for_terminal("\n".join([f"{self.name}: {word(self.verdict)}", *paragraphs]))


def _indented(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent="    ", subsequent_indent="    ")


def _is_unwritten(failure: Result) -> bool:
    """Tell whether a case failed because Python found no method for an operator."""
    said = str(failure.received)
    return "unsupported operand type" in said or "bad operand type" in said


class Report:
    """The results of all cases; ``str()`` is a table, and the first failures in full.

    Wrong numbers are told before errors, and operators that are not written yet in one sentence.
    """

    def __init__(self, engine: str, results: Iterable[Result], note: str = "") -> None:
        self.engine = engine
        self.results = tuple(results)
        self.note = note

    @property
    def passed(self) -> list[Result]:
        return [result for result in self.results if result.verdict == "pass"]

    @property
    def failures(self) -> list[Result]:
        """The cases that were wrong, raised or timed out."""
        return [r for r in self.results if r.verdict not in ("pass", "not offered")]

    @property
    def not_offered(self) -> list[Result]:
        """The optional cases that the engine leaves out, which is not a failure."""
        return [result for result in self.results if result.verdict == "not offered"]

    @property
    def ok(self) -> bool:
        return not self.failures

    def __str__(self) -> str:
        table = aligned([(f"  {word(r.verdict)}", r.name) for r in self.results], left=2)
        counts = word(
            "counts",
            engine=self.engine,
            passed=len(self.passed),
            failed=len(self.failures),
            missing=len(self.not_offered),
        )
        unwritten = [failure.name for failure in self.failures if _is_unwritten(failure)]
        failures = [failure for failure in self.failures if failure.name not in unwritten]
        failures.sort(key=lambda failure: failure.verdict != "wrong")
        told = [str(failure) for failure in failures[:IN_FULL]]
        if len(failures) > IN_FULL:
            told.append(word("first these", count=len(failures) - IN_FULL))
        if unwritten:
            told.append("\n".join(_indented(word("unwritten", cases=", ".join(unwritten)))))
        end = f"{counts}\n{self.note}" if self.note else counts
        return for_terminal("\n\n".join([table, *told, end]))

    def __repr__(self) -> Text:
        return Text(str(self))

    def as_json(self) -> str:
        """Return the report for an autograder; numbers that are not finite are given as text."""
        results = [
            {key: _finite_or_text(entry) for key, entry in asdict(result).items()}
            for result in self.results
        ]
        counts = {
            "passed": len(self.passed),
            "failed": len(self.failures),
            "not_offered": len(self.not_offered),
        }
        return json.dumps({"engine": self.engine, **counts, "results": results}, indent=2)


def _finite_or_text(entry: float | str) -> float | str:
    return str(entry) if isinstance(entry, float) and not math.isfinite(entry) else entry
