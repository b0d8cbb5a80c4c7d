"""What an engine makes of a graph: its numbers, and where it fails."""

import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from autograd.conformance import MUTANTS_BY_NAME, build_engine, engine_text
from autograd.graph import topological_order
from autograd.hunting.language import texts_of
from autograd.numeric import shortened
from autograd.value import Value
from autograd.wording import aligned, show_number, word

DIGITS = 6
SHORTEST_NAME = 6
BINARY: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
    "**": operator.pow,
}  # fmt: skip


@dataclass(frozen=True)
class Numbers:
    """The numbers of an engine on the graph of ``output``.

    data, grads   of each node that the engine has come to
    failure       the kind of error that it ended with, "" for none
    """

    output: Value
    data: Mapping[Value, Any]
    grads: Mapping[Value, Any]
    failure: str

    @property
    def rows(self) -> list[tuple[str, str, str]]:
        """The name, data and gradient of each node, as they are shown."""
        texts = texts_of(self.output)
        nodes = [node for node in texts if not node.is_constant]
        return [(texts[n], _shown(self.data.get(n)), _shown(self.grads.get(n))) for n in nodes]

    def table(self, width: int) -> str:
        """Return the rows as text of ``width`` columns; if they are few, a line for each number."""
        heads = (word("data"), word("grad"))
        rows = [("", *heads), *self.rows]
        longest = width - sum(2 + max(len(row[k]) for row in rows) for k in (1, 2))
        if longest >= SHORTEST_NAME:
            text = aligned([(shortened(name, longest), *numbers) for name, *numbers in rows])
        else:
            text = "\n".join(
                f"{shortened(name, width)}\n {heads[0]} {data}\n {heads[1]} {grad}"
                for name, data, grad in self.rows
            )
        return f"{text}\n{word('engine fails', error=self.failure)}" if self.failure else text

    def differ_from(self, other: "Numbers") -> bool:
        """Tell whether two engines differ on the same graph, by more than rounding."""
        if self.failure != other.failure:
            return True
        pairs = ((self.data, other.data), (self.grads, other.grads))
        return any(_differ(here.get(n), there.get(n)) for here, there in pairs for n in here)


def _differ(here: Any, there: Any) -> bool:
    if here == there:
        return False
    if not isinstance(here, int | float) or not isinstance(there, int | float):
        return True
    both_nan = math.isnan(here) and math.isnan(there)
    return not both_nan and not math.isclose(here, there, rel_tol=1e-6, abs_tol=1e-9)


def _shown(number: Any) -> str:
    return word("no data") if number is None else show_number(number, DIGITS)


@cache
def planted_engine(mutant: str) -> Callable[..., Any]:
    """Return the engine with a bug, by its name; "" is the right one."""
    return build_engine(engine_text(MUTANTS_BY_NAME[mutant] if mutant else None))


def numbers_of(mutant: str, output: Value, *, backward: bool = True) -> Numbers:
    """Return the numbers of the engine with a bug; without ``backward``, before that pass."""
    engine = planted_engine(mutant)
    made: dict[Value, Any] = {}
    failure = ""
    try:
        for node in topological_order(output):
            made[node] = _applied(engine, node, made)
        if backward:
            made[output].backward()
    except Exception as error:
        failure = type(error).__name__
    nodes = {node: held for node, held in made.items() if not node.is_constant}
    data = {node: getattr(held, "data", None) for node, held in nodes.items()}
    grads = {node: getattr(held, "grad", None) for node, held in nodes.items()}
    return Numbers(output, data, grads, failure)


def shows_bug(mutant: str, output: Value) -> bool:
    """Tell whether the engine with the bug has other numbers on a graph than the right one."""
    return numbers_of(mutant, output).differ_from(numbers_of("", output))


def _applied(engine: Callable[..., Any], node: Value, made: Mapping[Value, Any]) -> Any:
    """Return the engine's node, and for a constant its plain number."""
    if node.is_constant:
        return node.data
    if not node.parents:
        return engine(node.data)
    operands = [made[parent] for parent in node.parents]
    if node.op in BINARY:
        return BINARY[node.op](*operands)
    return -operands[0] if node.op == "neg" else getattr(operands[0], node.op)()
