"""Outcomes: what each case found, as a short text that can be compared with that of a mutant.

"a.grad 0.5" is a wrong number, "TypeError + int Value" an error; a case that passes has none.
"""

import re
from collections.abc import Iterable

from autograd.conformance.result import Result

OPERATOR = (
    r"TypeError: unsupported operand type\(s\) for (\S+?)=?(?: or pow\(\))?: '(\w+)' and '(\w+)'"
)
UNARY = r"TypeError: bad operand type for unary (\S+): '(\w+)'"
ATTRIBUTE = r"AttributeError: '(\w+)' object has no attribute '(\w+)'"
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
    """Return the type of an error and the operands of the failed operation."""
    kind = received.split(":")[0].split(" ")[0]
    for pattern in (OPERATOR, UNARY, ATTRIBUTE):
        if found := re.match(pattern, received):
            parts = ["Value" if part == engine else part for part in found.groups()]
            return " ".join([kind, *parts])
    return kind


def missing_operator(outcome: str) -> str:
    """Return the operator, or the method, that the class has not got, if that is what failed."""
    kind, *parts = outcome.split(" ")
    if kind == "AttributeError" and parts == ["Value", "backward"]:
        return "backward()"
    if kind != "TypeError" or "Value" not in parts:
        return ""
    if len(parts) == 2:
        return f"{parts[0]}a"
    operator, left, right = parts
    if not {left, right} <= {"Value", "int", "float"}:
        return ""
    if left != "Value":
        return f"2 {operator} a"
    return f"a {operator} {'b' if right == 'Value' else '2'}"
