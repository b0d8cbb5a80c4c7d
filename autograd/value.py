"""Value: a number that remembers how it was made.   START HERE

The subject in seven terms.

    node               a Value: one number in the graph
    parents            the nodes it was computed from; a leaf has none
    forward pass       computing data, parents before children, as the expressions are typed
    local derivative   ∂node/∂parent: how a node responds to a small change of one parent alone
    upstream gradient  ∂output/∂node: how the output responds to a small change of the node
    contribution       upstream gradient × local derivative: what a child adds to a parent's grad
    backward pass      adding up all contributions, children before parents: the chain rule

A node keeps three things of its forward pass: its ``parents``, its ``operation`` (a row of the
table in ``ops``, with the rule for its local derivatives), and the ``record`` of the numbers that
flowed through it. Rule and record take the place of the closure that textbooks keep on each node:
with closures, which Python's garbage collector follows, a step takes three times as long.
No node knows its children, so a graph is freed as soon as its output is.
"""

from collections.abc import Callable, Sequence
from numbers import Number as AnyNumber
from typing import Any

from autograd import ops
from autograd.accumulating import accumulate
from autograd.copying import Copying
from autograd.freeing import Freeing
from autograd.graph import Stale, local_derivatives, numeric_chain_rule, topological_order
from autograd.numeric import Number, as_number, saturated, shown
from autograd.operation import Operation, one_off
from autograd.other_words import OtherWords
from autograd.scope import Call, Scope, SourceLine


class Value(Copying, Freeing, OtherWords):
    """A number, its gradient, and how it was made.

    ``Value(2.0)`` is a leaf. Its data is a float, an int or a Fraction (NumPy scalars are taken by
    ``.item()``); ``label`` is the name that pictures, steps and errors give it.

    Arithmetic on Values makes further nodes: ``a * b``, ``tanh(c)``. A one-off operation is made
    of its data, its ``parents``, a name, and a function of (out, *operands) that returns one local
    derivative for each parent, a bare number for a single one:

        Value(x.data**3, parents=(x,), local_derivatives=lambda out, x: 3 * x * x, op="cube")

    Raises TypeError for data that is not a number, and for parents without a rule or not Values.
    """

    __slots__ = ("_grad", "_label", "_number", "operation", "parents", "record", "scope", "source")
    __array_ufunc__ = None  # NumPy numbers leave the arithmetic to us

    _grad: Any  # a number, or one of an earlier pass; None, or not set, before any
    parents: "tuple[Value, ...]"
    operation: Operation  # not set in a leaf
    record: tuple[Number, ...]  # the result, then the operands, as the forward pass saw them
    scope: Call | Scope  # the call that made the node, the module of a parameter; else not set
    source: SourceLine  # the line that made it; set within record_sources() only
    is_constant = False

    # -- a leaf --------------------------------------------------------------------------------

    # fmt: off
    def __init__(self, data: Number, *, label: str | None = None, parents: "Sequence[Value]" = (),
                 local_derivatives: Callable[..., Any] | None = None, op: str = "") -> None:
        # fmt: on
        if isinstance(data, Value):
            raise TypeError(f"{data!r} is a Value already: use it, or +v for a fresh node")
        self._number = as_number(data)
        self.parents = ()
        self.record = (self._number,)
        if label is not None:
            self.label = label
        if parents not in ((), []) or local_derivatives or op:  # a one-off operation
            self.operation = one_off(op, parents, local_derivatives)
            self.parents = tuple(parents)
            self.record += tuple(parent._number for parent in self.parents)

    # -- a node: the forward pass --------------------------------------------------------------

    @staticmethod
    def record_operation(operation: Operation, operands: tuple[Any, ...]) -> "Value":
        """Return the node of ``operation`` on ``operands``, Values or numbers."""
        try:
            numbers = [operand._number for operand in operands]
        except AttributeError:
            operands = tuple(map(lifted, operands))
            numbers = [operand._number for operand in operands]
        try:
            data = operation.forward(*numbers)
        except (ArithmeticError, ValueError):
            data = operation.evaluate(*numbers, names=[operand.label for operand in operands])
        node = _new(Value)
        node._number = data
        node.parents = operands
        node.operation = operation
        node.record = (data, *numbers)
        return node

    # -- the backward pass ---------------------------------------------------------------------

    def backward(self, seed: Number = 1) -> None:
        """Set ``grad`` of every node this one depends on to ∂self/∂node, times ``seed``.

        Leaves accumulate: a second call adds to what they hold, until ``zero_grad``. The pass
        differentiates the forward pass that ran; if a rule raises, every ``grad`` stays as it was.
        """
        gradients = numeric_chain_rule(topological_order(self), as_number(seed))
        accumulate(gradients.items())

    # fmt: off
    # -- operators -----------------------------------------------------------------------------

    def __add__(self, other: "Value | Number") -> "Value": return _binary(ops.add, self, other)
    def __sub__(self, other: "Value | Number") -> "Value": return _binary(ops.sub, self, other)
    def __mul__(self, other: "Value | Number") -> "Value": return _binary(ops.mul, self, other)
    def __truediv__(self, other: "Value | Number") -> "Value": return _binary(ops.div, self, other)
    def __pow__(self, other: "Value | Number") -> "Value": return _binary(ops.pow, self, other)
    def __rsub__(self, other: Number) -> "Value": return _binary(ops.sub, other, self)
    def __rmul__(self, other: Number) -> "Value": return _binary(ops.mul, other, self)
    def __rtruediv__(self, other: Number) -> "Value": return _binary(ops.div, other, self)
    def __rpow__(self, other: Number) -> "Value": return _binary(ops.pow, other, self)
    def __neg__(self) -> "Value": return ops.neg(self)
    def __pos__(self) -> "Value": return ops.pos(self)
    def __abs__(self) -> "Value": return ops.abs(self)

    def __radd__(self, other: Number) -> "Value":
        is_start_of_sum = type(other) is int and other == 0  # sum([...]) starts from 0
        return self if is_start_of_sum else _binary(ops.add, other, self)

    # -- functions, as methods -----------------------------------------------------------------

    def exp(self) -> "Value": return ops.exp(self)
    def expm1(self) -> "Value": return ops.expm1(self)
    def log(self) -> "Value": return ops.log(self)
    def log1p(self) -> "Value": return ops.log1p(self)
    def sqrt(self) -> "Value": return ops.sqrt(self)
    def sin(self) -> "Value": return ops.sin(self)
    def cos(self) -> "Value": return ops.cos(self)
    def tan(self) -> "Value": return ops.tan(self)
    def asin(self) -> "Value": return ops.asin(self)
    def acos(self) -> "Value": return ops.acos(self)
    def atan(self) -> "Value": return ops.atan(self)
    def sinh(self) -> "Value": return ops.sinh(self)
    def cosh(self) -> "Value": return ops.cosh(self)
    def tanh(self) -> "Value": return ops.tanh(self)
    def sigmoid(self) -> "Value": return ops.sigmoid(self)
    def softplus(self) -> "Value": return ops.softplus(self)
    def relu(self) -> "Value": return ops.relu(self)
    def leaky_relu(self, slope: "Value | Number" = 0.01) -> "Value": return ops.leaky_relu(self, slope)
    def elu(self, alpha: "Value | Number" = 1.0) -> "Value": return ops.elu(self, alpha)
    def gelu(self) -> "Value": return ops.gelu(self)
    def silu(self) -> "Value": return ops.silu(self)
    def erf(self) -> "Value": return ops.erf(self)
    def abs(self) -> "Value": return ops.abs(self)
    def maximum(self, other: "Value | Number") -> "Value": return ops.maximum(self, other)
    def minimum(self, other: "Value | Number") -> "Value": return ops.minimum(self, other)

    # fmt: on
    # -- what a node knows ---------------------------------------------------------------------

    @property
    def data(self) -> Number:
        """The number itself. Editing it changes nothing else until ``refresh(output)``."""
        return self._number

    @data.setter
    def data(self, number: Number) -> None:
        self._number = as_number(number)
        if not self.parents:
            self.record = (self._number,)

    @property
    def grad(self) -> Number:
        """∂output/∂self after ``output.backward()``; zero until a pass has reached the node."""
        held = getattr(self, "_grad", None)
        if held is None:
            return 0.0 if type(self._number) is float else 0
        return held.number if type(held) is Stale else held

    @grad.setter
    def grad(self, number: Number) -> None:
        if number is None:
            raise TypeError("a gradient is a number: write v.grad = 0.0, or del v.grad")
        self._grad = number if type(number) is float else as_number(number)

    @grad.deleter
    def grad(self) -> None:
        self._grad = None

    @property
    def has_grad(self) -> bool:
        """Whether a backward pass, or an assignment, has given the node a gradient."""
        return getattr(self, "_grad", None) is not None

    @property
    def grad_is_stale(self) -> bool:
        """Whether ``refresh`` has run the forward pass again since ``grad`` was written."""
        return type(getattr(self, "_grad", None)) is Stale

    @property
    def label(self) -> str | None:
        """The name that pictures, steps and errors give the node."""
        return getattr(self, "_label", None)

    @label.setter
    def label(self, label: str | None) -> None:
        if label is not None and not isinstance(label, str):
            raise TypeError(f"a label is text, not {label!r}")
        self._label = label

    @property
    def op(self) -> str:
        """The operation that made the node: ``'*'``, ``'tanh'``; empty for a leaf."""
        return self.operation.name if self.parents else ""

    @property
    def local_derivatives(self) -> tuple[Number, ...]:
        """∂self/∂parent for each parent, as numbers."""
        return local_derivatives(self)

    # fmt: off
    # -- comparing: order by data, equality by identity ----------------------------------------

    def __lt__(self, other: "Value | Number") -> bool: return self._number < lifted(other)._number
    def __le__(self, other: "Value | Number") -> bool: return self._number <= lifted(other)._number
    def __gt__(self, other: "Value | Number") -> bool: return self._number > lifted(other)._number
    def __ge__(self, other: "Value | Number") -> bool: return self._number >= lifted(other)._number
    # fmt: on
    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        if isinstance(other, AnyNumber):
            n = shown(other) if isinstance(other, Number) else other
            raise TypeError(f"a Value and a number are not compared by ==: write v.data == {n}")
        return self is other

    # -- no silent way out of the graph --------------------------------------------------------

    def __bool__(self) -> bool:
        raise TypeError("a Value is neither true nor false: ask v.data, as in `if v.data > 0:`")

    def __float__(self) -> float:
        raise TypeError(
            "float(v), int(v), and so math.tanh(v), would leave the graph and lose the gradient: "
            "use autograd.tanh(v) or v.tanh() to stay in it, v.data for the bare number"
        )

    __int__ = __complex__ = __float__

    # -- showing -------------------------------------------------------------------------------

    def __repr__(self) -> str:
        label = f", label={self.label!r}" if self.label is not None else ""
        grad = f", grad={shown(self.grad)}" if self.has_grad else ""
        return f"Value({shown(self._number)}{label}{grad})"

    def __format__(self, spec: str) -> str:
        number = self._number if isinstance(self._number, int | float) else saturated(self._number)
        return format(number, spec) if spec else str(self)


class Constant(Value):
    """A bare number that an operation lifted, as the 2 of ``2 * v``: part of the formula."""

    __slots__ = ()
    is_constant = True


def lifted(operand: Any) -> Value:
    """Return ``operand`` as a Value; a number becomes a constant."""
    return operand if isinstance(operand, Value) else Constant(operand)


_new = object.__new__
_LIFTABLE = (Value, AnyNumber, str, bytes, list, tuple, type, type(None))  # or refused


def _binary(operation: Operation, left: Any, right: Any) -> Value:
    """Return the node of an operator, or NotImplemented: then Python asks the other operand.

    It is ``record_operation`` for the usual two Values, in 0.45 of the time (0.75 on Python 3.13).
    """
    try:
        x, y = left._number, right._number
        data = operation.forward(x, y)
    except (AttributeError, ArithmeticError, TypeError, ValueError):
        if all(isinstance(x, _LIFTABLE) or hasattr(x, "__array__") for x in (left, right)):
            return Value.record_operation(operation, (lifted(left), lifted(right)))
        return NotImplemented  # type: ignore[no-any-return]
    node = _new(Value)
    node._number = data
    node.parents = (left, right)
    node.operation = operation
    node.record = (data, x, y)
    return node
