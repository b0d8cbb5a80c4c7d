"""Answers and verdicts: what an engine gave, and whether that is right.

They are apart so that an engine's own process sends answers alone. The verdicts are found where
none of its code runs.
"""

from dataclasses import dataclass
from typing import Any

from autograd.conformance.cases.case import Case, Given, is_accepted
from autograd.conformance.cases.result import Result
from autograd.wording import word

LONGEST = 2_000  # characters of a text in an answer


@dataclass(frozen=True)
class Answer:
    """What an engine gave in one case: numbers, or an error with the numbers before it.

    ``kind`` is "numbers", "raised", "timed out" or "not offered". ``given`` are the quantities of
    the case in their order. An error is ``on_purpose`` if it is not a blunder, and comes where the
    case allows one.
    """

    kind: str
    given: tuple[Given, ...] = ()
    text: str = ""
    on_purpose: bool = False


def read_answer(told: Any) -> Answer | None:
    """Return the answer that came from another process; None if it is not one."""
    if not isinstance(told, dict) or set(told) != {"kind", "given", "text", "on_purpose"}:
        return None
    kind, given, text = told["kind"], told["given"], told["text"]
    if kind not in ("numbers", "raised", "timed out", "not offered") or not isinstance(given, list):
        return None
    texts = [text, *(entry for entry in given if not isinstance(entry, float | None))]
    if not all(isinstance(entry, str) and len(entry) <= LONGEST for entry in texts):
        return None
    return Answer(kind, tuple(given), text, told["on_purpose"] is True)


def judged(case: Case, answer: Answer) -> Result:
    """Return the result of a case, from the answer to it."""
    quantity = ""
    received: float | str = ""
    for quantity, given in zip(case.expected, answer.given, strict=False):
        received = str(given) if given is None else given
        if not is_accepted(case, quantity, given):
            return result_of(case, "wrong", received, quantity)
    if answer.kind == "numbers" and len(answer.given) == len(case.expected):
        return result_of(case, "pass", received, quantity)
    if answer.kind == "not offered" and case.is_optional:
        return result_of(case, "not offered", word("nothing"))
    if answer.kind == "timed out":
        return result_of(case, "timed out", answer.text)
    is_refusal = answer.kind == "raised" and answer.on_purpose and case.may_refuse
    return result_of(case, "pass" if is_refusal else "raised", answer.text or word("nothing"))


def result_of(case: Case, verdict: str, received: float | str, quantity: str = "") -> Result:
    """Return the result of a case; without a ``quantity`` it names the first."""
    quantity = quantity or next(iter(case.expected))
    return Result(
        case.name, verdict, case.idea, "\n".join(case.lines), quantity,
        case.shown_expectation(quantity), received, case.hint, case.group,
    )  # fmt: skip
