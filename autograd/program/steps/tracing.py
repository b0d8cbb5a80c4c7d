"""Tracing: graphs of Values become one list of steps, without what is computed twice.

A step is an operation on earlier steps. Its kind is the name of an operation's row, or ``input``,
``parameter``, ``constant``, or ``linear``: a ``dot`` whose weights are the same in every row and
whose inputs vary by row. With them apart, matrices can be found.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from math import inf
from typing import Any, NamedTuple

from autograd.calculus import RecomputeCheckpoint, gradients
from autograd.errors import NoForwardRuleError
from autograd.graph import topological_order
from autograd.numeric import Number, saturated
from autograd.operation import OPERATIONS
from autograd.program.steps.expressions import halves
from autograd.value import Value

LEAVES = ("input", "parameter", "constant")
SMALLEST = 2.0**-1022  # of the floats with all their digits
EVALUATED_AS = {"linear": "dot"}  # a kind of our own → the row that computes it


class Trace:
    """Steps in an order in which operands come before what is made of them.

    kinds      what each step does
    operands   the numbers of the steps it takes
    numbers    of a constant its number, of an input or a parameter its position
    varies     whether it may differ from row to row
    origins    the node that the step stands for, None for one of our own making
    """

    def __init__(self, *, is_exact: bool = False) -> None:
        self.is_exact = is_exact
        self.kinds: list[str] = []
        self.operands: list[tuple[int, ...]] = []
        self.numbers: list[Number] = []
        self.varies: list[bool] = []
        self.origins: list[Value | None] = []
        self.n_nodes = 0  # of the graphs that were traced, leaves left out that have a role
        self.n_nodes_forward = 0
        self.n_forward = 0  # how many steps the forward pass has, where a backward one follows
        self.gradient_of: dict[int, Value] = {}  # of a step, the node whose gradient it is
        self._known: dict[Any, int] = {}

    def __len__(self) -> int:
        return len(self.kinds)

    def steps_of(self, kind: str) -> list[int]:
        """Return the steps of a kind, as of all inputs."""
        return [step for step, its in enumerate(self.kinds) if its == kind]

    def add(self, kind: str, operands: tuple[int, ...] = (), number: Number = 0) -> int:
        """Return the step that does this: one that is there, a constant, or a new one."""
        key = (kind, operands, number) if operands or kind != "constant" else _constant_key(number)
        if (known := self._known.get(key)) is not None:
            return known
        if {*map(self.kinds.__getitem__, operands)} == {"constant"}:
            row = OPERATIONS[EVALUATED_AS.get(kind, kind)]
            step = self.constant(row.evaluate(*[self.numbers[operand] for operand in operands]))
        else:
            step = len(self.kinds)
            self.kinds.append(kind)
            self.operands.append(operands)
            self.numbers.append(number)
            self.origins.append(None)
            self.varies.append(kind == "input" or any(map(self.varies.__getitem__, operands)))
        self._known[key] = step
        return step

    def constant(self, number: Number) -> int:
        return self.add("constant", (), number if self.is_exact else saturated(number))

    def is_number(self, step: int, number: Number) -> bool:
        return self.kinds[step] == "constant" and self.numbers[step] == number

    def extend(self, outputs: Iterable[Value], steps: dict[Value, int]) -> None:
        """Add what ``outputs`` depend on; ``steps`` has each node's step, and gets the new ones.

        A leaf that is not in it becomes a constant. Raises NoForwardRuleError for a one-off node.
        """
        for node in topological_order(*outputs):
            if node in steps:
                continue
            if node.parents:
                name = node.operation.name
                if isinstance(node.operation, RecomputeCheckpoint):
                    raise NoForwardRuleError(
                        f"{node.label or name} is a recompute checkpoint: it runs {name} again "
                        "instead of keeping its graph, and a program keeps no graph; call "
                        f"{name} itself in what is compiled, or train with backend='eager'"
                    )
                if OPERATIONS.get(name) is not node.operation:
                    raise NoForwardRuleError(
                        f"{node.label or name} is a one-off node, made by {name}: a program has no "
                        "rule to compute its value for other numbers; use operations of autograd"
                    )
                step = self.operation(name, tuple([steps[parent] for parent in node.parents]))
            else:
                step = self.constant(node.data)
            steps[node] = step
            self.n_nodes += 1
            if self.origins[step] is None:
                self.origins[step] = node

    # -- operations that are brought into one form ---------------------------------------------

    def operation(self, name: str, operands: tuple[int, ...]) -> int:
        """Return the step of an operation, in the form in which matrices are found."""
        match name:
            case "pos" | "detach":  # of a gradient that is a graph, nothing is left to cut
                return operands[0]
            case "*":
                return self.product(*operands)
            case "**" if self.is_number(operands[1], 2):
                return self.product(operands[0], operands[0])
            case "heaviside" if (relu := self._known.get(("relu", operands, 0))) is not None:
                return self.add("sign", (relu,))  # 1 where the unit is on, which is at hand
            case "total":
                return self.sum(operands)
            case "mean":
                share = Fraction(1, len(operands)) if self.is_exact else 1 / len(operands)
                return self.product(self.sum(operands), self.constant(share))
            case "logsumexp" if len(operands) == 1:
                return operands[0]
            case "cross_entropy" if len(operands) == 2:
                return self.add("-", (operands[1], operands[0]))
            case "dot":
                return self.dot(*halves(operands))
        return self.add(name, operands)

    def product(self, x: int, y: int) -> int:
        """Return x·y, without a factor 1, as -x for -1, and with constants in front and as one."""
        if self.is_number(x, 1) or self.is_number(y, 1):
            return y if self.is_number(x, 1) else x
        if self.is_number(x, -1) or self.is_number(y, -1):
            return self.add("neg", (y if self.is_number(x, -1) else x,))
        if self.kinds[y] == "constant":
            x, y = y, x
        if self.kinds[x] == "constant" and self.kinds[y] == "*":
            return self._scaled(x, y)
        for weight, step in ((x, y), (y, x)):
            is_weight = not self.varies[weight] and self.kinds[weight] != "constant"
            if is_weight and self.varies[step]:
                return self.add("linear", (weight, step))
        return self.add("*", (x, y))

    def _scaled(self, factor: int, product: int) -> int:
        """Return c·(d·x) as (c·d)·x for two constants, unless their product leaves the floats."""
        x, y = self.operands[product]
        if self.kinds[x] == "constant":
            both: Number = self.numbers[factor] * self.numbers[x]
            if self.is_exact or SMALLEST <= abs(saturated(both)) < inf:
                return self.product(self.constant(both), y)
        return self.add("*", (factor, product))

    def sum(self, terms: Sequence[int]) -> int:
        """Return the sum, in which what is the same in every row is added up once."""
        if len(terms) == 1:
            return terms[0]
        fixed = [step for step in terms if not self.varies[step]]
        varying = [step for step in terms if self.varies[step]]
        if len(fixed) > 1 and varying:  # once for all rows
            return self.sum([*varying, self.sum(fixed)])
        return self.add("+" if len(terms) == 2 else "total", tuple(terms))

    def dot(self, xs: Sequence[int], ys: Sequence[int], bias: Sequence[int]) -> int:
        """Return Σ x·y + bias, as a sum of parts: same in every row, linear, and the rest."""
        fixed: list[tuple[int, int]] = []
        linear: list[tuple[int, int]] = []
        varying: list[tuple[int, int]] = []
        for x, y in self._merged(zip(xs, ys, strict=True)):
            if self.varies[x] and self.varies[y]:
                varying.append((x, y))
            elif self.varies[x] or self.varies[y]:
                linear.append((y, x) if self.varies[x] else (x, y))
            else:
                fixed.append((x, y))
        end = [self._dot(fixed)] if fixed else []
        end = [self.sum([*end, *bias])] if end or bias else []
        parts = [self._dot(varying)] if varying else []
        if len(linear) == 1 and self.kinds[linear[0][0]] == "constant":
            parts.append(self.product(*linear.pop()))
        if linear:
            joined = tuple(end) if end and not self.varies[end[0]] else ()
            end = [] if joined else end
            parts.append(
                self.add("linear", (*[w for w, _ in linear], *[x for _, x in linear], *joined))
            )
        return self.sum([*parts, *end])

    def _merged(self, pairs: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        """Yield the pairs; repeated ones with a constant as one, the constant times as many."""
        for (x, y), times in Counter(pairs).items():
            if times > 1 and self.kinds[x] == "constant":
                yield self.constant(self.numbers[x] * times), y
            elif times > 1 and self.kinds[y] == "constant":
                yield x, self.constant(self.numbers[y] * times)
            else:
                yield from [(x, y)] * times

    def _dot(self, pairs: list[tuple[int, int]]) -> int:
        if len(pairs) == 1:
            return self.product(*pairs[0])
        return self.add("dot", (*[x for x, _ in pairs], *[y for _, y in pairs]))


def _constant_key(number: Number) -> Any:
    """Return a key that tells 0.0 from -0.0 and 1 from 1.0, and NaN is like NaN."""
    return "constant", type(number), repr(number)


class Traced(NamedTuple):
    """A trace, and in it the steps of what was asked for."""

    trace: Trace
    outputs: list[int]


def traced(
    outputs: Sequence[Value],
    inputs: Sequence[Value],
    parameters: Sequence[Value],
    *,
    exactly: bool = True,
) -> Traced:
    """Return the forward pass of ``outputs``, with constants as floats unless ``exactly``."""
    trace, steps = _started(outputs, inputs, parameters, exactly)
    return Traced(trace, [steps[output] for output in outputs])


def traced_with_gradients(
    output: Value,
    inputs: Sequence[Value],
    parameters: Sequence[Value],
    *,
    exactly: bool = True,
) -> Traced:
    """Return the forward pass of ``output`` and the gradient of each parameter, in their order."""
    trace, steps = _started([output], inputs, parameters, exactly)
    trace.n_forward = len(trace)
    depending: set[Value] = set(parameters)
    interior = []
    for node in steps:  # in topological order, as they were traced
        if not depending.isdisjoint(node.parents):
            depending.add(node)
            interior.append(node)
    wanted = [*parameters, *interior]
    found = gradients(output, wanted, create_graph=True)
    trace.extend(found, steps)
    gradients_of_interior = zip(interior, found[len(parameters) :], strict=True)
    for node, gradient in reversed(list(gradients_of_interior)):  # of equal ones, the last node's
        trace.gradient_of.setdefault(steps[gradient], node)
    return Traced(trace, [steps[output], *[steps[g] for g in found[: len(parameters)]]])


def _started(
    outputs: Sequence[Value],
    inputs: Sequence[Value],
    parameters: Sequence[Value],
    exactly: bool,
) -> tuple[Trace, dict[Value, int]]:
    in_floats = any(isinstance(output.data, float) for output in outputs)
    trace = Trace(is_exact=exactly and not in_floats)
    steps: dict[Value, int] = {}
    for kind, leaves in (("input", inputs), ("parameter", parameters)):
        for position, leaf in enumerate(leaves):
            steps[leaf] = trace.add(kind, (), position)
            trace.origins[steps[leaf]] = leaf
    trace.extend(outputs, steps)
    trace.n_nodes_forward = trace.n_nodes
    return trace, steps
