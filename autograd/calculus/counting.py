"""cost(output): the operations of a graph and of its derivatives, counted and not timed.

The gradient is a graph too, written by the same rules. So a Value is the number that counts: each
operation that a rule does on it leaves a node, and both passes are counted in the same way.
"""

import ast
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from autograd.calculus.forward import tangent_graphs
from autograd.calculus.reverse import gradient_graphs, own_operands
from autograd.errors import NotAGraphError
from autograd.graph import Replay, topological_order
from autograd.notation import parsed
from autograd.operation import OPERATIONS, Operation
from autograd.sequences import dot
from autograd.value import Value
from autograd.wording import aligned, for_terminal, word

CHEAP_GRADIENT = 4  # Griewank and Walther, Evaluating Derivatives (2008): from 3 to 4
FREE = ("pos", "detach")  # which hand a number on
SIGNS: dict[type, str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**", ast.USub: "neg",
}  # fmt: skip


@dataclass(frozen=True)
class Cost:
    """What a graph costs, in operations by kind; a ``dot`` of n products is n ``*`` and n-1 ``+``.

    forward      of the forward pass
    backward     of the backward pass: the gradients of all leaves that are not constants
    tangent      of one sweep of forward mode, along any direction
    kept         how many numbers of the forward pass the way back reads, and so has to keep
    again        how many numbers recompute checkpoints hold at a time while they run again, at most
    n_inputs     how many leaves are not constants
    n_outputs    how many outputs there are

    A factor 1 or 0 in a rule, and a sum of one contribution, cost nothing.
    """

    forward: Counter[str]
    backward: Counter[str]
    tangent: Counter[str]
    kept: int
    again: int
    n_inputs: int
    n_outputs: int

    @property
    def ratio(self) -> float:
        """What value and gradient cost together, in units of the value alone.

        For sums, products and functions whose derivative is one operation it is 4 at most: the
        cheap-gradient bound of Griewank and Walther. A quotient or a power may cost more, and so
        may what a recompute checkpoint runs again.
        """
        forward = self.forward.total()
        return (forward + self.backward.total()) / forward if forward else 1.0

    @property
    def jacobian(self) -> dict[str, int]:
        """How many operations values and all derivatives take together, by each way.

        Forward mode sweeps once for each input, reverse mode once for each output; one-sided
        differences compute the outputs once more for each input.
        """
        value = self.forward.total()
        return {
            "forward": value + self.n_inputs * self.tangent.total(),
            "reverse": value + self.n_outputs * self.backward.total(),
            "differences": value * (self.n_inputs + 1),
        }

    def __repr__(self) -> str:
        columns = [self.forward, self.backward, self.tangent]
        kinds = list(dict.fromkeys(kind for column in columns for kind in column))
        header = [word(key) for key in ("operation", "forward", "backward", "tangent")]
        rows = [[kind, *[f"{column[kind]:,}" for column in columns]] for kind in kinds]
        sums = [word("together"), *[f"{column.total():,}" for column in columns]]
        lines = [aligned([header, *rows, sums]), word("kept", count=self.kept)]
        if self.again:
            lines.append(word("again", count=self.again))
        lines.append(word("ratio", ratio=f"{self.ratio:.2f}", bound=CHEAP_GRADIENT))
        ways = ", ".join(word(f"by {way}", count=n) for way, n in self.jacobian.items())
        sizes = {"inputs": self.n_inputs, "outputs": self.n_outputs}
        lines.append(word("all derivatives", ways=ways, **sizes))
        return for_terminal("\n".join(lines))


def cost(output: Value | Iterable[Value]) -> Cost:
    """Return what the graph of an output, or of a list of them, costs: see ``Cost``.

    Raises NotAGraphError for what is not a Value, StaleGraphError if data was edited since.
    """
    outputs = list(output) if isinstance(output, Iterable) else [output]
    if not outputs or not all(isinstance(node, Value) for node in outputs):
        hint = "; give what the function returns: cost(f(x, y))" if callable(output) else ""
        raise NotAGraphError(
            f"cost takes a Value, or a list of them; {output!r:.80} is neither{hint}"
        )
    order = topological_order(*outputs)
    inputs = [node for node in order if not node.parents and not node.is_constant]
    backward, kept, again = _backward(order, outputs, inputs)
    return Cost(
        forward=_counted(order),
        backward=backward,
        tangent=_tangent(order, outputs, inputs),
        kept=kept,
        again=again,
        n_inputs=len(inputs),
        n_outputs=len(outputs),
    )


def _backward(
    order: Sequence[Value], outputs: Sequence[Value], inputs: Sequence[Value]
) -> tuple[Counter[str], int, int]:
    """Return the operations of the backward pass, and the numbers it keeps and makes again."""
    upstream = [Value(node.data) for node in outputs]  # of several outputs: one for each
    joined = outputs[0] if len(outputs) == 1 else dot(upstream, outputs)
    first = {*order, *upstream, joined}
    again: list[Value] = []
    most = held = 0

    def operands_of(node: Value) -> list[Any]:
        nonlocal most, held
        if node in first:
            held = 0
        else:  # of a graph that a recompute checkpoint made
            held += 1
            most = max(most, held)
            again.append(node)
        return own_operands(node)

    slopes = gradient_graphs(topological_order(joined), list(inputs), operands_of)
    made = list(dict.fromkeys([*again, *_beyond(first, slopes)]))
    read = {parent for node in made for parent in node.parents}
    kept = sum(node in read and not node.is_constant for node in order)
    return _counted(made), kept, most


def _tangent(order: list[Value], outputs: list[Value], inputs: Sequence[Value]) -> Counter[str]:
    """Return the operations of one sweep of forward mode."""
    direction = [Value(x.data) for x in inputs]
    first, again = {*order, *direction}, []

    def operands_of(node: Value) -> list[Any]:
        if node not in first:
            again.append(node)
        return own_operands(node)

    moved = tangent_graphs(order, outputs, dict(zip(inputs, direction, strict=True)), operands_of)
    return _counted(dict.fromkeys([*again, *_beyond(first, moved)]))


def _beyond(known: set[Value], outputs: Sequence[Value]) -> list[Value]:
    return [node for node in topological_order(*outputs) if node not in known]


def _counted(nodes: Iterable[Value]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for node in nodes:
        if node.parents:
            counts.update(_operations_of_node(node))
    return counts


def _operations_of_node(node: Value) -> Counter[str]:
    if OPERATIONS.get(node.op) is node.operation:
        return _operations(node.operation, len(node.parents))
    locals_ = node.operation.derivatives(*node.record)  # of a one-off node
    return _counted(locals_.nodes) if isinstance(locals_, Replay) else Counter([node.op])


@lru_cache(maxsize=256)
def _operations(operation: Operation, count: int) -> Counter[str]:
    """Return the operations that one of ``count`` operands does; those of many, by its formula."""
    if operation.name in FREE:
        return Counter()
    formula = operation.notation.meaning_formula(count) if operation.arity is None else None
    if formula is None:
        return Counter([operation.name])
    counts: Counter[str] = Counter()
    for part in ast.walk(parsed(formula)):
        match part:
            case ast.BinOp(op=sign) | ast.UnaryOp(op=sign):
                counts[SIGNS[type(sign)]] += 1
            case ast.Call(func=ast.Name(id="sum"), args=terms):
                counts["+"] += len(terms) - 1
            case ast.Call(func=ast.Name(id=name)):
                counts[name] += 1
    return +counts
