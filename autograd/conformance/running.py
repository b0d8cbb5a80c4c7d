"""check_engine: does somebody's own engine get the hard cases right?

    from autograd.conformance import check_engine
    check_engine(Value)

The engine is any class in micrograd's style: ``Value(data)``, ``.data``, ``.grad``, both of which
can be assigned, ``.backward()``, the operators ``+ - * / **`` with numbers on either side, and
optionally ``relu tanh exp log``, as methods or as functions beside the class, ``abs``, and ``**``
with a Value as its exponent. The cases stand in ``of_operations`` and ``of_graphs``.
``python -m autograd check FILE`` runs them in a process of its own.
"""

import json
import math
import sys
import textwrap
import time
import traceback
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from autograd.conformance.case import Case, describe, find_function, is_accepted, number_in
from autograd.conformance.of_graphs import GRAPHS
from autograd.conformance.of_operations import ARITHMETIC, OPERATORS
from autograd.conformance.time_limit import TimeIsUp, can_limit, time_limit
from autograd.wording import Text, aligned, for_terminal, printable, show_number, word

CASES = OPERATORS + GRAPHS + ARITHMETIC
SECONDS = 2.0  # for one case; a right engine takes some milliseconds
TIMES_IN_ALL = 10  # all cases together may take ten times that
LEAST = 0.25  # seconds that a case gets, as long as there are so many
WIDTH = 88
STORIES = 10  # failures that the text of a report tells in full
LONGEST = 200  # characters of an error's message

DECLINING = (TypeError, NotImplementedError, AssertionError)
BLUNDERS = (AttributeError, NameError, RecursionError, MemoryError, LookupError, ImportError)


@dataclass(frozen=True)
class Result:
    """What one case found.

    ``verdict`` is "pass", "wrong", "raised", "timed out" or "not offered". ``expected`` and
    ``received`` are those of ``quantity``, the first that was wrong: a number, or words.
    """

    name: str
    verdict: str
    idea: str
    program: str
    quantity: str
    expected: float | str
    received: float | str
    hint: str

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
    """The results of all cases; ``str()`` is a table, and the stories of the first failures.

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
        """The optional cases that the engine leaves out, which is no failure."""
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
        stories = [str(failure) for failure in failures[:STORIES]]
        if len(failures) > STORIES:
            stories.append(word("first these", count=len(failures) - STORIES))
        if unwritten:
            stories.append("\n".join(_indented(word("unwritten", cases=", ".join(unwritten)))))
        end = f"{counts}\n{self.note}" if self.note else counts
        return for_terminal("\n\n".join([table, *stories, end]))

    def __repr__(self) -> Text:
        return Text(str(self))

    def as_json(self) -> str:
        """Return the report for an autograder; numbers that are not finite stand as text."""
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


def check_engine(engine: type, *, seconds: float = SECONDS) -> Report:
    """Run every case on the class ``engine``, and return the Report.

    A case takes at most ``seconds``, and all of them ten times that, where Python can set an
    alarm: on the main thread, and not on Windows. Elsewhere the report says that only the command
    line has limits.
    Nothing that a case raises gets out, except Ctrl-C. Raises TypeError for what is no class.
    """
    if not isinstance(engine, type):
        raise TypeError(
            f"check_engine takes the class itself, as in check_engine(Value), not a "
            f"{type(engine).__name__}"
        )
    end = time.monotonic() + TIMES_IN_ALL * seconds
    results: list[Result] = []
    for case in CASES:
        limit = limit_for_next(results, end, seconds)
        results.append(run_case(case, engine, limit) if limit else not_run(case, seconds))
    return Report(engine.__qualname__, results, "" if can_limit() else word("no limits"))


def limit_for_next(results: Sequence[Result], end: float, seconds: float) -> float:
    """Return the seconds that the next case may take, zero if none are left.

    Once a case has timed out, others may too: those to come share what is left.
    """
    left = end - time.monotonic()
    if any(result.verdict == "timed out" for result in results):
        left = max(left / (len(CASES) - len(results)), min(left, LEAST))
    return max(0.0, min(seconds, left))


def run_case(case: Case, engine: type, seconds: float) -> Result:
    """Run one case in this process, and return what it found."""
    try:
        with time_limit(seconds):
            return _attempt(case, engine)
    except KeyboardInterrupt:
        raise  # the user's own: it ends the check
    except TimeIsUp as late:
        received = word("no answer", seconds=f"{seconds:.3g}", place=_place(late, case, engine))
        return result_of(case, "timed out", received)
    except BaseException as error:  # SystemExit too: student code may do anything
        if case.may_decline and isinstance(error, DECLINING):
            return result_of(case, "not offered", word("nothing"))
        if _is_refusal(error, case):
            return result_of(case, "pass", error_text(error))
        return result_of(case, "raised", error_text(error) + _place(error, case, engine))


def _is_refusal(error: BaseException, case: Case) -> bool:
    """Tell whether an error is said on purpose, and where the case asks for what has no answer."""
    line = line_numbers(error).get(_file_name(case), len(case.lines))
    is_late = line > len(case.lines) - case.may_refuse
    return is_late and isinstance(error, Exception) and not isinstance(error, BLUNDERS)


def _attempt(case: Case, engine: type) -> Result:
    """Run the program of a case and compare, with whatever that raises."""
    functions = {name: find_function(engine, name) for name in case.needs}
    if None in functions.values():
        return result_of(case, "not offered", word("nothing"))
    scope: dict[str, Any] = {"Value": engine}
    scope |= {name: function for name, function in functions.items() if name != "__abs__"}
    exec(compile("\n".join(case.lines), _file_name(case), "exec"), scope)
    for quantity in case.expected:
        received = eval(quantity, scope)
        number = number_in(received)
        shown = describe(received) if number is None else number
        if not is_accepted(received, case.accepted(quantity)):
            return result_of(case, "wrong", shown, quantity)
    return result_of(case, "pass", shown, quantity)


def result_of(case: Case, verdict: str, received: float | str, quantity: str = "") -> Result:
    """Return the result of a case; without a ``quantity`` its first stands for all."""
    quantity = quantity or next(iter(case.expected))
    return Result(
        case.name, verdict, case.idea, "\n".join(case.lines), quantity,
        case.shown_expectation(quantity), received, case.hint,
    )  # fmt: skip


def not_run(case: Case, seconds: float) -> Result:
    """Return the result of a case for which no time was left, at ``seconds`` for each."""
    received = word("no time left", seconds=f"{TIMES_IN_ALL * seconds:g}")
    return result_of(case, "timed out", received)


def error_text(error: BaseException) -> str:
    """Return an error as one short line, also if its ``__str__`` fails."""
    try:
        message = " ".join(printable(str(error)).split())
    except Exception:
        message = ""  # the type says what there is to say
    name = type(error).__name__
    text = f"{name}: {message}" if message else name
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."


def _place(error: BaseException, case: Case, engine: type) -> str:
    """Return where in the engine's file it happened, else in which line of the program."""
    file = getattr(sys.modules.get(engine.__module__), "__file__", None)
    numbers = line_numbers(error)
    if file in numbers:
        return word("at line", file=Path(str(file)).name, line=str(numbers[str(file)]))
    if _file_name(case) in numbers:
        return word("in program", line=case.lines[numbers[_file_name(case)] - 1].strip())
    return ""


def line_numbers(error: BaseException) -> dict[str, int]:
    """Return the line in which an error passed through each file, the innermost one."""
    walked = traceback.walk_tb(error.__traceback__)
    return {frame.f_code.co_filename: line for frame, line in walked}


def _file_name(case: Case) -> str:
    return f"<case {case.name}>"
