"""The functions in a graph that nobody computes by hand, and tables to look them up in."""

import ast
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from autograd import ops
from autograd.errors import DomainError
from autograd.notation import explained, parsed, places
from autograd.numeric import Number, closest_float
from autograd.operation import OPERATIONS
from autograd.text import Labels

INPUTS = (0.5, 1.0, 2.0, -0.5, -1.0, -2.0, 1.5, 3.0, 4.0)  # the first six in a domain are taken
COLUMNS = 6
ARITHMETIC = {
    ops.add, ops.sub, ops.mul, ops.div, ops.neg, ops.pos, ops.pow, ops.relu, ops.abs, ops.maximum,
    ops.minimum, ops.total_of, ops.mean_of, ops.dot_of, ops.detach,
}  # fmt: skip
FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    **{
        name: row
        for name, row in OPERATIONS.items()
        if row.arity == 1 and row.__doc__ and row not in ARITHMETIC
    },
    "Φ": lambda x: (1 + math.erf(x / math.sqrt(2))) / 2,
    "φ": lambda x: math.exp(-x * x / 2) / math.sqrt(2 * math.pi),
}
IN_FORMULAS: dict[str, Any] = {
    **FUNCTIONS, "pi": math.pi, "min": min, "sum": lambda *terms: sum(terms), "__builtins__": {},
}  # fmt: skip


class Call(NamedTuple):
    """A function to look up, and at what."""

    function: str
    argument: float


class LookupTable(NamedTuple):
    """Inputs, and each function's values at them by its name; all as they are written."""

    inputs: tuple[str, ...]
    values: dict[str, tuple[str, ...]]


def lookup_tables(calls: Iterable[Call], labels: Labels) -> list[LookupTable]:
    """Return tables of six inputs: those that are called for, and simple ones.

    Functions of the same inputs share a table; one of more than six inputs has several.
    """
    called: dict[str, dict[str, float]] = defaultdict(dict)
    for function, argument in calls:
        if math.isfinite(argument) and _value(function, argument) is not None:
            called[function].setdefault(labels.written(argument).text, argument)
    tables: dict[tuple[str, ...], dict[str, tuple[str, ...]]] = {}
    for function, inputs in called.items():
        for simple in easy_inputs(function):
            if len(inputs) < COLUMNS:
                inputs.setdefault(labels.written(simple).text, simple)
        ordered = sorted(inputs, key=inputs.__getitem__)
        for k in range(0, len(ordered), COLUMNS):
            columns = tuple(ordered[k : k + COLUMNS])
            values = tuple(labels.written(_value(function, inputs[text])).text for text in columns)
            tables.setdefault(columns, {})[function] = values
    return [LookupTable(inputs, values) for inputs, values in tables.items()]


def easy_inputs(function: str) -> list[float]:
    """Return the six simple inputs of a function, fewer if its domain has no more of them."""
    return [number for number in INPUTS if _value(function, number) is not None][:COLUMNS]


def _value(function: str, argument: float) -> Number | None:
    try:
        value: Number = FUNCTIONS[function](argument)
    except DomainError:
        return None
    return value


# -- what is called for --------------------------------------------------------------------------


def calls_in(node: Any, record: Sequence[Number], *, in_value: bool) -> Iterator[Call]:
    """Yield what is looked up for both passes at a node.

    That is its function and those of its local derivatives; of a value such as that of logsumexp,
    in which there are several, only with ``in_value``. Nothing is known of a one-off node,
    whatever its name.
    """
    row = OPERATIONS.get(node.op)
    if row is None or row is not node.operation:
        return
    if in_value or row.arity == 1:
        yield from calls_in_value(node, record)
    for position, parent in enumerate(node.parents):
        if not parent.is_constant:
            formula, numbers = row.notation.local_formula_at(node, position)
            yield from _calls(formula or "1", record, numbers)


def calls_in_value(node: Any, record: Sequence[Number]) -> Iterator[Call]:
    """Yield what is looked up for the data of a node; ``record`` is its result and operands."""
    notation = node.operation.notation
    if notation.name in FUNCTIONS:
        return iter([Call(notation.name, closest_float(record[1]))])
    return _calls(notation.meaning_formula(len(node.parents)) or "1", record, {})


def _calls(formula: str, record: Sequence[Number], numbers: Mapping[str, Number]) -> Iterator[Call]:
    letters = {**{letter: record[place] for letter, place in places(formula).items()}, **numbers}
    whole, _, meaning = explained(formula) or (formula, "", "1")
    for part in (*ast.walk(parsed(whole)), *ast.walk(parsed(meaning))):
        match part:
            case ast.Call(func=ast.Name(id=function), args=[argument]) if function in FUNCTIONS:
                names = {inner.id for inner in ast.walk(argument) if isinstance(inner, ast.Name)}
                if names & letters.keys():
                    yield Call(function, closest_float(_number(argument, letters)))


def _number(argument: ast.expr, letters: Mapping[str, Number]) -> Any:
    """Return the number of a part of a formula of the table of operations, NaN if it has none."""
    try:
        code = compile(ast.Expression(argument), "<formula>", "eval")
        return eval(code, IN_FORMULAS, {**letters})
    except (ArithmeticError, ValueError):
        return math.nan
