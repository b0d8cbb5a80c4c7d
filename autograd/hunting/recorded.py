"""The Value of a hunt: it shows the numbers of the engine with the bug, and not its source."""

from typing import Any

from autograd import ops
from autograd.errors import HuntError
from autograd.graph import topological_order
from autograd.hunting.engines import Numbers, numbers_of
from autograd.hunting.language import finite, require_fit
from autograd.operation import Operation
from autograd.value import Value
from autograd.wording import for_terminal, show_number, word


class Recorded:
    """A node whose numbers are those of the engine with the bug.

    data, grad   its numbers, None where that engine fails before it comes to them
    node         the same node of a right graph, from which engines are told what to compute
    """

    def __init__(self, node: Value, parents: "tuple[Recorded, ...]", bug: str) -> None:
        require_fit(node)
        self.node = node
        self.parents = parents
        self.data: Any = None
        self.grad: Any = None
        self._bug = bug
        self._take(numbers_of(bug, node, backward=False))

    def _take(self, numbers: Numbers) -> None:
        """Take over the numbers, and those of all nodes before; an engine may change them."""
        for recorded in topological_order(self):
            recorded.data = numbers.data.get(recorded.node)
            recorded.grad = numbers.grads.get(recorded.node)

    def backward(self) -> None:
        """Run the pass of the engine with the bug; raises HuntError if that engine fails."""
        numbers = numbers_of(self._bug, self.node)
        self._take(numbers)
        if numbers.failure:
            raise HuntError(word("engine fails", error=numbers.failure))

    def record_operation(self, operation: Operation, operands: tuple[Any, ...]) -> "Recorded":
        parents = tuple(operand for operand in operands if isinstance(operand, Recorded))
        nodes = [operand.node if isinstance(operand, Recorded) else operand for operand in operands]
        if any(
            isinstance(operand, Value) or getattr(operand, "_bug", self._bug) != self._bug
            for operand in operands
        ):
            raise HuntError(
                "Values of two engines do not go into one graph: take hunt.Value for all"
            )
        return Recorded(operation(*nodes), parents, self._bug)

    # fmt: off
    def __add__(self, other: Any) -> "Recorded": return ops.add(self, other)
    def __sub__(self, other: Any) -> "Recorded": return ops.sub(self, other)
    def __mul__(self, other: Any) -> "Recorded": return ops.mul(self, other)
    def __truediv__(self, other: Any) -> "Recorded": return ops.div(self, other)
    def __pow__(self, other: Any) -> "Recorded": return ops.pow(self, other)
    def __radd__(self, other: Any) -> Any: return ops.add(other, self)
    def __rsub__(self, other: Any) -> Any: return ops.sub(other, self)
    def __rmul__(self, other: Any) -> Any: return ops.mul(other, self)
    def __rtruediv__(self, other: Any) -> Any: return ops.div(other, self)
    def __neg__(self) -> "Recorded": return ops.neg(self)
    def relu(self) -> "Recorded": return ops.relu(self)
    def tanh(self) -> "Recorded": return ops.tanh(self)
    def exp(self) -> "Recorded": return ops.exp(self)
    def log(self) -> "Recorded": return ops.log(self)
    # fmt: on

    def __repr__(self) -> str:
        data, grad = (
            word("no data") if n is None else show_number(n) for n in (self.data, self.grad)
        )
        return for_terminal(f"Value(data={data}, grad={grad})")


def recorded_leaf(bug: str, data: Any, label: str | None = None) -> Recorded:
    """Return a node of the engine with the bug for a number."""
    return Recorded(Value(finite(data, label or "data"), label=label), (), bug)
