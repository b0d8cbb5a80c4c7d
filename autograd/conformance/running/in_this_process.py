"""check_engine: does somebody's own engine get the hard cases right?

    from autograd.conformance import check_engine
    check_engine(Value)

The engine is any class in micrograd's style: ``Value(data)``, ``.data``, ``.grad``, both of which
can be assigned, ``.backward()``, the operators ``+ - * / **`` with numbers on either side, and
optionally ``relu tanh exp log``, as methods or as functions beside the class, ``abs``, and ``**``
with a Value as its exponent. The cases are in ``of_operations`` and ``of_graphs``.
``python -m autograd check FILE`` runs them in a process of its own.
"""

import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from autograd.conformance.cases import (
    ARITHMETIC,
    GRAPHS,
    OPERATORS,
    Answer,
    Case,
    Given,
    Question,
    Result,
    find_function,
    given_by,
    hidden_cases,
    judged,
    result_of,
)
from autograd.conformance.diagnosis import methods_of
from autograd.conformance.reports import Report
from autograd.conformance.running.time_limit import TimeIsUp, can_limit, time_limit
from autograd.numeric import shortened
from autograd.wording import printable, word

CASES = OPERATORS + GRAPHS + ARITHMETIC
SECONDS = 2.0  # for one case; a right engine takes some milliseconds
TIMES_IN_ALL = 10  # all cases together may take ten times that
LEAST = 0.25  # seconds that a case gets, as long as that many are left
LONGEST = 200  # characters of an error's message

DECLINING = (TypeError, NotImplementedError, AssertionError)
BLUNDERS = (AttributeError, NameError, RecursionError, MemoryError, LookupError, ImportError)


def check_engine(engine: type, *, seconds: float = SECONDS, hidden: str = "") -> Report:
    """Run every case on the class ``engine``, and those of the seed ``hidden``; return the Report.

    A case takes at most ``seconds``, and all together ten times that, where Python can set an
    alarm: on the main thread, and not on Windows. Elsewhere the report says that only the command
    line has limits. Nothing that a case raises gets out, except Ctrl-C. Raises TypeError for what
    is not a class.
    """
    if not isinstance(engine, type):
        raise TypeError(
            f"check_engine takes the class itself, as in check_engine(Value), not a "
            f"{type(engine).__name__}"
        )
    results = tuple(results_of(engine, seconds, hidden))
    note = "" if can_limit() else word("no limits")
    return Report(engine.__qualname__, results, note, methods_of(engine))


def cases_of(hidden: str) -> list[Case]:
    """Return all cases, and those of the seed ``hidden`` if it is not empty."""
    return [*CASES, *(hidden_cases(hidden) if hidden else [])]


def results_of(engine: type, seconds: float = SECONDS, hidden: str = "") -> Iterator[Result]:
    """Yield the result of each case as it is found, within the times of ``check_engine``.

    What the caller does between two of them does not count.
    """
    end = time.monotonic() + TIMES_IN_ALL * seconds
    results: list[Result] = []
    cases = cases_of(hidden)
    for case in cases:
        limit = limit_for_next(results, len(cases), end, seconds)
        results.append(run_case(case, engine, limit) if limit else not_run(case, seconds))
        given = time.monotonic()
        yield results[-1]
        end += time.monotonic() - given


def limit_for_next(results: Sequence[Result], count: int, end: float, seconds: float) -> float:
    """Return the seconds that the next of ``count`` cases may take, zero if none are left.

    Once a case has timed out, others may too: those to come share what is left.
    """
    left = end - time.monotonic()
    if any(result.verdict == "timed out" for result in results):
        left = max(left / (count - len(results)), min(left, LEAST))
    return max(0.0, min(seconds, left))


def run_case(case: Case, engine: type, seconds: float) -> Result:
    """Run one case in this process, and return what it found."""
    return judged(case, ask(case.question({}), engine, seconds))


def ask(question: Question, engine: type, seconds: float) -> Answer:
    """Run the program of a case in this process, and return what the engine gave."""
    given: list[Given] = []
    try:
        with time_limit(seconds):
            return _attempt(question, engine, given)
    except KeyboardInterrupt:
        raise  # the user's own: it ends the check
    except TimeIsUp as late:
        place = _place(late, question, engine)
        text = word("no answer", seconds=f"{seconds:.3g}", place=place)
        return Answer("timed out", text=text)
    except BaseException as error:  # SystemExit too: student code may do anything
        if question.may_decline and isinstance(error, DECLINING):
            return Answer("not offered")
        if _is_refusal(error, question):
            return Answer("raised", tuple(given), error_text(error), on_purpose=True)
        text = error_text(error) + _place(error, question, engine)
        return Answer("raised", tuple(given), text)


def _is_refusal(error: BaseException, question: Question) -> bool:
    """Tell whether an error was raised on purpose, and where the case allows one."""
    line = line_numbers(error).get(question.file, len(question.lines))
    is_late = line > question.surely_runs
    return is_late and isinstance(error, Exception) and not isinstance(error, BLUNDERS)


def _attempt(question: Question, engine: type, given: list[Given]) -> Answer:
    """Run the program, and note the quantities in ``given``; raises whatever the engine raises."""
    functions = {name: find_function(engine, name) for name in question.needs}
    if None in functions.values():
        return Answer("not offered")
    scope: dict[str, Any] = {"Value": engine}
    scope |= {name: function for name, function in functions.items() if name != "__abs__"}
    exec(compile("\n".join(question.lines), question.file, "exec"), scope)
    for quantity in question.quantities:
        given.append(given_by(eval(quantity, scope)))
    return Answer("numbers", tuple(given))


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
    return shortened(f"{name}: {message}" if message else name, LONGEST)


def _place(error: BaseException, question: Question, engine: type) -> str:
    """Return where in the engine's file it happened, else in which line of the program."""
    file = getattr(sys.modules.get(engine.__module__), "__file__", None)
    numbers = line_numbers(error)
    if file in numbers:
        return word("at line", file=Path(str(file)).name, line=str(numbers[str(file)]))
    if question.file in numbers:
        return word("in program", line=question.lines[numbers[question.file] - 1].strip())
    return ""


def line_numbers(error: BaseException) -> dict[str, int]:
    """Return the line in which an error passed through each file, the innermost one."""
    walked = traceback.walk_tb(error.__traceback__)
    return {frame.f_code.co_filename: line for frame, line in walked}
