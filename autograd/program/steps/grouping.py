"""Grouping: steps that do the same at the same depth become one statement on many numbers.

The depth of a step is one more than that of its deepest operand, so the steps of one depth do not
need each other.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from autograd.operation import OPERATIONS
from autograd.program.steps.expressions import takes_many
from autograd.program.steps.tracing import LEAVES, Trace


class Group(NamedTuple):
    """Steps of one kind, at one depth, with the same number of operands."""

    kind: str
    n_operands: int
    steps: list[int]


class Plan(NamedTuple):
    """What is left to compute: the steps, and the same in groups."""

    steps: list[int]
    groups: list[Group]


def plan_of(trace: Trace, steps: list[int]) -> Plan:
    return Plan(steps, groups_of(trace, steps))


def groups_of(trace: Trace, steps: Sequence[int]) -> list[Group]:
    """Return the steps that compute something, in groups, in an order in which they can run."""
    depths: dict[int, int] = {}
    found: dict[tuple[int, bool, str, int, str], list[int]] = defaultdict(list)
    for step in steps:
        operands = trace.operands[step]
        depths[step] = 1 + max([depths[operand] for operand in operands], default=-1)
        if trace.kinds[step] not in LEAVES:
            constants = _constants_of(trace, step)
            key = (depths[step], trace.varies[step], trace.kinds[step], len(operands), constants)
            found[key].append(step)
    return [Group(key[2], key[3], found[key]) for key in sorted(found)]


def _constants_of(trace: Trace, step: int) -> str:
    """Return the constants that a function takes, as the n of an n-th derivative: one a group."""
    kind = trace.kinds[step]
    if takes_many(kind) or OPERATIONS[kind].notation.sign:
        return ""
    operands = trace.operands[step]
    return str([trace.numbers[o] if trace.kinds[o] == "constant" else "" for o in operands])
