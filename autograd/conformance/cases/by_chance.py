"""Hidden cases: graphs and numbers that a seed makes, so that no table of answers can hold them.

The same seed makes the same cases. The numbers that are right are those of our own Value.
"""

import random
from typing import Any

from autograd.conformance.cases.case import Case
from autograd.conformance.cases.names import FUNCTIONS
from autograd.conformance.cases.result import HIDDEN
from autograd.errors import EngineFileError
from autograd.value import Value

PLAIN_CASES = 8  # with operators alone; one more for each function
STEPS = 7  # operations in a graph
LEAVES = ("a", "b", "c")
NODES = "defghijklm"
OF_TWO_NODES = (
    "{new} + {old}", "{new} - {old}", "{old} - {new}", "{new} * {old}", "{new} / {old}",
    "{old} / {new}",
)  # fmt: skip
FORMS = (
    *OF_TWO_NODES, "{new} ** 2", "{new} ** 3", "-{new}", "{number} - {new}", "{number} / {new}",
    "{number} * {new}", "{new} + {number}", "{number} + {new}", "{new} * {new}",
)  # fmt: skip
DATA = (0.1, 30.0)  # the sizes that numbers of a graph may have: no case is about rounding
GRADIENTS = (0.01, 300.0)
TOLERANCE = 1e-4  # where numbers cancel, single precision loses some digits more
CALLS = {"relu": "relu({new}) + relu(-{new})"}  # on both sides of the kink


def hidden_cases(seed: str) -> list[Case]:
    """Return the cases of a seed, any text; raises EngineFileError if it is empty."""
    if not seed.strip():
        raise EngineFileError(
            "--hidden takes a seed, a number or a name, and it is empty: is the variable set?"
        )
    chance = random.Random(f"hidden cases of {seed.strip()}")
    functions = [*[""] * PLAIN_CASES, *FUNCTIONS]
    return [_case(number, function, chance) for number, function in enumerate(functions, 1)]


def _case(number: int, function: str, chance: random.Random) -> Case:
    program = _program(function, chance)
    while (expected := _right_numbers(program, function)) is None:
        program = _program(function, chance)
    return Case(
        f"hidden {function or number}",
        "A graph that chance has made: its numbers must be computed.",
        program,
        expected,
        "Find a smaller graph that is wrong: compute the lines one by one, by hand.",
        needs=(function,) if function else (),
        group=HIDDEN,
        tolerance=TOLERANCE,
    )


def _program(function: str, chance: random.Random) -> str:
    """Return a chain of operations, each of the newest node and an old one, which is used again."""
    lines = [f"{leaf} = Value({_number(chance)})" for leaf in LEAVES]
    nodes = list(LEAVES)
    unused = list(LEAVES[:-1])
    place = chance.randrange(STEPS - 1)  # of the function
    for step in range(STEPS):
        form = chance.choice(FORMS)
        if step == place and function:
            form = CALLS.get(function, f"{function}({{new}})")
        elif len(unused) >= STEPS - step - 1:
            form = chance.choice(OF_TWO_NODES)
        old = chance.choice(nodes)
        if "{old}" in form and unused:
            old = unused.pop()
        name = NODES[step] if step < STEPS - 1 else "y"
        lines.append(
            f"{name} = " + form.format(new=nodes[-1], old=old, number=abs(_number(chance)))
        )
        nodes.append(name)
    return "\n".join([*lines, "y.backward()"])


def _number(chance: random.Random) -> float:
    return chance.choice((-1, 1)) * chance.randrange(3, 40) / 10


def _right_numbers(program: str, function: str) -> dict[str, float] | None:
    """Return the numbers that the program must give; None if one is not of an ordinary size."""
    scope: dict[str, Any] = {"Value": Value}
    if function:
        scope[function] = getattr(Value, function)
    try:
        exec(program, scope)
    except (ArithmeticError, ValueError):
        return None
    nodes = [thing for thing in scope.values() if isinstance(thing, Value)]
    if not all(_is_ordinary(node) for node in nodes):
        return None
    leaves = {f"{leaf}.grad": float(scope[leaf].grad) for leaf in LEAVES}
    return {"y.data": float(scope["y"].data), **leaves}


def _is_ordinary(node: Value) -> bool:
    (least, most), (flattest, steepest) = DATA, GRADIENTS
    data, grad = abs(float(node.data)), abs(float(node.grad))
    return least <= data <= most and flattest <= grad <= steepest
