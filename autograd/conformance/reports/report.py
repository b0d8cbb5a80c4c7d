"""The report of the check: what each case found, in order of importance, or as JSON."""

import json
import math
import re
from collections.abc import Iterable
from dataclasses import asdict
from functools import cached_property

from autograd.conformance.cases import HIDDEN, WIDTH, Names, Result, in_names, indented
from autograd.conformance.diagnosis import (
    Diagnosis,
    Methods,
    diagnose,
    missing_operator,
    outcomes_of,
)
from autograd.conformance.reports.points import Part, Score, contradicts_itself, score_of
from autograd.numeric import shortened
from autograd.wording import Text, aligned, for_terminal, painted, show_number, word

LINES = 40  # of the text, unless everything is asked for
IN_FULL = 3  # failures that are told in full, if there is space
PARTS = 8  # of the points that are told each, if there are no more
# A number and a Value meet in the engine's own code: no operator is missing, ".data" may be.
MIXED_INSIDE = re.compile(r": '(float|int)' and '(?!float|int)\w+' \(\S+, line \d+\)$")
COLOURS = {"pass": "green", "wrong": "red", "raised": "red", "timed out": "red"}


class Report:
    """The results of all cases; ``str()`` tells the most likely mistake, and the first failures.

    What is not written yet is told in one sentence; then core, what a lecture builds; then
    robustness: deep chains, kinks, edits, a second pass.
    """

    def __init__(
        self,
        engine: str,
        results: Iterable[Result],
        note: str = "",
        methods: Methods | None = None,
        names: Names | None = None,
        parts: Iterable[Part] = (),
    ) -> None:
        self.engine = engine
        self.names = names or {}
        self._judged = tuple(results)  # in our names, as the patterns of mistakes are
        self.results = tuple(in_names(result, self.names) for result in self._judged)
        doubt = word("contradiction") if contradicts_itself(self.results) else ""
        self.note = " ".join(filter(None, [doubt, note]))
        self.methods = methods or {}
        self.score = score_of(parts, self.results) if parts else None

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

    @cached_property
    def diagnosis(self) -> Diagnosis | None:
        """The typical mistake that explains the failures best, or None if none fits.

        It has ``likely``, and ``next`` if another is close: each with ``name``, ``says``,
        ``method`` and ``line``.
        """
        known = [result for result in self._judged if result.group != HIDDEN]
        return diagnose(known, self.class_name, self.methods, self.names)

    @property
    def class_name(self) -> str:
        return self.engine.split(" ")[0].rpartition(".")[2]

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> Text:
        return Text(str(self))

    def text(self, *, everything: bool = False, coloured: bool = False) -> Text:
        """Return the report: at most 40 lines, or the table of all cases and every failure."""
        return for_terminal("\n".join(_Telling(self, coloured).lines(everything)))

    def unwritten(self) -> dict[str, str]:
        """Return the cases that failed because an operator is not there yet, with the operator."""
        outcomes = outcomes_of(self.failures, self.class_name)
        mixing = {r.name for r in self.failures if MIXED_INSIDE.search(str(r.received))}
        missing = {name: missing_operator(outcome) for name, outcome in outcomes.items()}
        return {name: what for name, what in missing.items() if what and name not in mixing}

    def as_json(self) -> str:
        """Return the report for an autograder; numbers that are not finite are given as text."""
        results = [
            {key: _finite_or_text(entry) for key, entry in asdict(result).items()}
            for result in self.results
        ]
        report = {
            "engine": self.engine,
            "passed": len(self.passed),
            "failed": len(self.failures),
            "not_offered": len(self.not_offered),
            "diagnosis": asdict(self.diagnosis) if self.diagnosis else None,
            "results": results,
        }
        if self.score:
            report["points"] = self.score.as_json()
        return json.dumps(report, indent=2)


def _finite_or_text(entry: float | str) -> float | str:
    return str(entry) if isinstance(entry, float) and not math.isfinite(entry) else entry


class _Telling:
    """The lines of a report's text."""

    def __init__(self, report: Report, coloured: bool) -> None:
        self.report = report
        self.coloured = coloured
        self.unwritten = report.unwritten()
        failures = [r for r in report.failures if r.name not in self.unwritten]
        self.failures = sorted(failures, key=lambda r: (r.group != "core", r.verdict != "wrong"))

    def paint(self, text: str, colour: str) -> str:
        return painted(text, colour) if self.coloured else text

    def lines(self, everything: bool) -> list[str]:
        report = self.report
        likely = [self.paint(str(report.diagnosis), "bold")] if report.diagnosis else []
        head = [*likely, *([""] if likely else []), *(self._table() if everything else [])]
        head += self._not_written()
        end = ["", self._summary(), self._counts(), *_points(report.score, everything)]
        end += [*([report.note] if report.note else []), *likely]
        if everything:
            return [*head, *self._in_full(self.failures), *end]
        return [*head, *self._shortened(LINES - len(head) - len(end)), *end]

    def _shortened(self, space: int) -> list[str]:
        """Return the first failures in full and others in a line each, as far as there is space."""
        told: list[str] = []
        full = 0
        for failure in self.failures[:IN_FULL]:
            lines = self._in_full([failure])
            others = min(len(self.failures) - full - 1, 8)
            if len(told) + len(lines) + others + 1 > space:
                break
            told += lines
            full += 1
        rest = self.failures[full:]
        left = space - len(told)
        if len(rest) > left:
            rest = rest[: max(0, left - 1)]
        told += self._in_short(rest)
        if more := len(self.failures) - full - len(rest):
            told.append(word("rest in all", count=more))
        return told

    def _in_short(self, failures: list[Result]) -> list[str]:
        if not failures:
            return []
        rows = [(f"  {word(f.verdict)}", f.name, _found(f)) for f in failures]
        lines = [shortened(line, WIDTH) for line in aligned(rows, left=3).splitlines()]
        return [*map(self._with_verdict, lines, failures)]

    def _in_full(self, failures: list[Result]) -> list[str]:
        lines = []
        for failure in failures:
            title, *rest = str(failure).splitlines()
            lines += [self.paint(title, COLOURS[failure.verdict]), *rest, ""]
        return lines

    def _table(self) -> list[str]:
        results = self.report.results
        rows = [(f"  {word(r.verdict)}", r.name) for r in results]
        lines = aligned(rows, left=2).splitlines()
        return [*map(self._with_verdict, lines, results), ""]

    def _with_verdict(self, line: str, result: Result) -> str:
        verdict = word(result.verdict)
        colour = COLOURS.get(result.verdict)
        if not colour:
            return line
        return line.replace(verdict, self.paint(verdict, colour), 1)

    def _not_written(self) -> list[str]:
        operators = list(dict.fromkeys(self.unwritten.values()))
        optional = list(dict.fromkeys(map(_what_is_tried, self.report.not_offered)))
        told = []
        if operators:
            what = ", ".join(operators)
            told.append(word("unwritten", count=len(self.unwritten), what=what))
        if optional:
            told.append(word("optional", what=", ".join(optional)))
        return [*indented(" ".join(told), 0), ""] if told else []

    def _summary(self) -> str:
        parts = []
        results = self.report.results
        for group in dict.fromkeys(result.group for result in results):
            offered = [
                r
                for r in results
                if r.group == group and r.verdict != "not offered" and r.name not in self.unwritten
            ]
            failed = sum(r.verdict != "pass" for r in offered)
            if not offered and self.unwritten:
                state, colour = word("none so far"), "yellow"
            elif not failed:
                state = word("all so far" if self.unwritten else "all pass")
                colour = "green"
            elif group != "robustness":
                state, colour = word("fail of", failed=failed, count=len(offered)), "red"
            else:
                state, colour = word("to know about", count=failed), "yellow"
            parts.append(f"{word(group)}: {self.paint(state, colour)}")
        return "; ".join(parts)

    def _counts(self) -> str:
        report = self.report
        return word(
            "counts",
            engine=report.engine,
            passed=len(report.passed),
            failed=len(report.failures),
            missing=len(report.not_offered),
        )


def _points(score: Score | None, everything: bool) -> list[str]:
    """Return the points earned, and those of each part if they are few."""
    if not score:
        return []
    head, rows = score.lines()
    is_short = everything or len(rows) <= PARTS
    return [head, *(aligned(rows, left=4).splitlines() if is_short else [])]


def _found(failure: Result) -> str:
    """Return what was received, and instead of what, in few words."""
    received = failure.received
    if failure.verdict != "wrong" or isinstance(received, str):
        return str(received)
    expected = failure.expected
    wanted = expected if isinstance(expected, str) else show_number(expected, 6)
    given = f"{word('number received')} {show_number(received, 6)}"
    return f"{failure.quantity}: {word('number expected')} {wanted}; {given}"


def _what_is_tried(result: Result) -> str:
    """Return the function, or the operator, that an optional case is about."""
    found = re.search(r"\b(relu|tanh|exp|log|abs)\(", result.program)
    return found[1] if found else result.name
