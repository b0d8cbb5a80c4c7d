"""Outcomes: what each case found, as a short text that can be compared with that of a mutant.

"a.grad 0.5" is a wrong number, "TypeError + int Value" an error; a case that passes has none. What
stands before the last space is what was tried: the quantity, or the operation.
"""

import re
from collections.abc import Iterable

from autograd.conformance.cases import Result

OPERATOR = (
    r"TypeError: unsupported operand type\(s\) for (\S+?)=?(?: or pow\(\))?: '(\w+)' and '(\w+)'"
)
UNARY = r"TypeError: bad operand type for unary (\S+): '(\w+)'"
ATTRIBUTE = r"AttributeError: '(\w+)' object has no attribute '(\w+)'"
NO_INIT = r"TypeError: (\w+)\(\) takes no arguments"
A_NAME = r"'(?!NoneType')[^']*'|\d+"
METHODS = {
    "a + b": "__add__", "a - b": "__sub__", "a * b": "__mul__", "a / b": "__truediv__",
    "a ** 2": "__pow__", "-a": "__neg__", "backward()": "backward",
    "__init__(self, data)": "__init__",
}  # fmt: skip
ABSENT = "absent"  # the engine does not offer it
MEASURED = ("left", "growth")  # what is counted or timed differs from engine to engine


def outcomes_of(results: Iterable[Result], engine: str) -> dict[str, str]:
    """Return the outcome of each case that does not pass; ``engine`` is the name of the class."""
    found = {result.name: _outcome(result, engine) for result in results}
    return {name: outcome for name, outcome in found.items() if outcome}


def _outcome(result: Result, engine: str) -> str:
    if result.verdict == "pass":
        return ""
    if result.verdict == "not offered":
        return ABSENT
    if result.verdict == "timed out":
        return "timed out"
    received = result.received
    if result.verdict == "wrong":
        if result.quantity in MEASURED:
            return result.quantity
        shown = f"{received + 0.0:.5g}" if isinstance(received, float | int) else "no number"
        return f"{result.quantity} {shown}"
    return _error(str(received), engine)


def _error(received: str, engine: str) -> str:
    """Return the type of an error and the operands of the failed operation.

    Of another TypeError, which anything may raise, the message is returned as one word: without
    names, numbers, and what follows in brackets.
    """
    kind = received.split(":")[0].split(" ")[0]
    for pattern in (OPERATOR, UNARY, ATTRIBUTE, NO_INIT):
        if found := re.match(pattern, received):
            parts = ["Value" if part == engine else part for part in found.groups()]
            return " ".join([kind, *parts])
    if kind == "TypeError":
        message = re.sub(A_NAME, "", received.split(" (")[0])
        return "-".join(message.split())
    return kind


def same_attempt(outcome: str, other: str) -> bool:
    """Tell whether two outcomes are of the same quantity, or of the same failed operation."""
    tried = outcome.rpartition(" ")[0]
    return bool(tried) and tried == other.rpartition(" ")[0]


def missing_operator(outcome: str) -> str:
    """Return the operator, or the method, that the class has not got, if that is what failed."""
    kind, *parts = outcome.split(" ")
    if kind == "AttributeError" and parts == ["Value", "backward"]:
        return "backward()"
    if kind != "TypeError" or "Value" not in parts:
        return ""
    if len(parts) == 1:
        return "__init__(self, data)"
    if len(parts) == 2:
        return f"{parts[0]}a"
    operator, left, right = parts
    if not {left, right} <= {"Value", "int", "float"}:
        return ""
    if left != "Value":
        return f"2 {operator} a"
    return f"a {operator} {'b' if right == 'Value' else '2'}"


def missing_methods(outcomes: Iterable[str]) -> set[str]:
    """Return the methods that are not written at all, as far as outcomes tell."""
    return {METHODS[what] for what in map(missing_operator, outcomes) if what in METHODS}
