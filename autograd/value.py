"""Value: a number that remembers how it was made.   START HERE

The field in seven words.

    node               a Value: one number in the graph
    parents            the nodes it was computed from; a leaf has none
    forward pass       computing data, parents before children, as the expressions are typed
    local derivative   ∂node/∂parent: how a node answers a small change of one parent alone
    upstream gradient  ∂output/∂node: how the output answers a small change of the node
    contribution       upstream gradient × local derivative: what a child adds to a parent's grad
    backward pass      adding up all contributions, children before parents: the chain rule

A node keeps three things of its forward pass: its ``parents``, its ``operation`` (a row of the
table in ``ops``, with the rule for its local derivatives), and the ``record`` of the numbers that
flowed through it. No node knows its children, so a graph is freed as soon as its output is.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from numbers import Number as AnyNumber
from typing import Any

from autograd import ops
from autograd.copying import Copying
from autograd.graph import Stale, local_derivatives, numeric_chain_rule, one_pass, topological_order
from autograd.numeric import Number, as_number, saturated, shown
from autograd.operation import OPERATIONS, Operation, one_off
from autograd.scope import Scope


class Value(Copying):
    """A number, its gradient, and how it was made.

    ``data`` is a float, an int or a Fraction (NumPy scalars are taken by ``.item()``). A one-off
    operation is made by giving ``parents`` and ``local_derivatives``, a function of (out,
    *operands) that returns one local derivative for each parent, a bare number for a single one:

        Value(x.data**3, parents=(x,), local_derivatives=lambda out, x: 3 * x * x, op="cube")

    Raises TypeError for data that is no number, parents that are no Values, or one without rule.
    """

    __slots__ = (
        "_grad",
        "_label",
        "_number",
        "operation",
        "parents",
        "record",
        "scope",
        "upstream",
    )
    __array_ufunc__ = None  # NumPy numbers leave the arithmetic to us

    _grad: Any  # a number, or Stale around one
    parents: "tuple[Value, ...]"
    operation: Operation
    record: tuple[Number, ...]  # the result, then the operands, as the forward pass saw them
    upstream: Any  # ∂output/∂self, while a backward pass is under way
    scope: Scope  # the module that made the node; not set outside of modules

    def __init__(
        self,
        data: Number,
        *,
        label: str | None = None,
        parents: "Sequence[Value]" = (),
        local_derivatives: Callable[..., Any] | None = None,
        op: str = "",
    ) -> None:
        if isinstance(data, Value):
            raise TypeError(f"{data!r} is a Value already: use it, or +v for a fresh node")
        self._number = as_number(data)
        self.parents = ()
        self.operation = ops.leaf
        self.record = (self._number,)
        if label is not None:
            self.label = label
        if isinstance(parents, Value):
            raise TypeError("parents is a tuple, also of one: parents=(a,)")
        if parents or local_derivatives or op:
            self._become_one_off(tuple(parents), local_derivatives, op)

    def _become_one_off(
        self, parents: "tuple[Value, ...]", rule: Callable[..., Any] | None, op: str
    ) -> None:
        for parent in parents:
            if not isinstance(parent, Value):
                raise TypeError(f"parents are Values; {parent!r} is a {type(parent).__name__}")
        if not parents or not callable(rule):
            raise TypeError(
                "parents, local_derivatives and op go together: the parents a node was computed "
                "from, a function of (out, *operands) with one derivative for each, and its name; "
                "a leaf has none of them"
            )
        self.parents = parents
        self.operation = one_off(op or "custom", len(parents), rule)
        self.record = (self._number, *[parent._number for parent in parents])

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
        """∂output/∂self after ``output.backward()``; zero as long as no pass has been here."""
        if self.has_grad:
            held = self._grad
            return held.number if type(held) is Stale else held
        return 0.0 if type(self._number) is float else 0

    @grad.setter
    def grad(self, number: Number) -> None:
        if number is None:
            raise TypeError(
                "a gradient is a number: write v.grad = 0.0, or del v.grad to forget it"
            )
        self._grad = as_number(number)

    @grad.deleter
    def grad(self) -> None:
        if self.has_grad:
            del self._grad

    @property
    def has_grad(self) -> bool:
        """Whether a backward pass, or an assignment, has given the node a gradient."""
        return hasattr(self, "_grad")

    @property
    def grad_is_stale(self) -> bool:
        """Whether ``refresh`` has run the forward pass again since ``grad`` was written."""
        return type(getattr(self, "_grad", None)) is Stale

    @property
    def label(self) -> str | None:
        """The name that pictures, steps and errors call the node."""
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
    def is_constant(self) -> bool:
        """Whether the node is a bare number that an operator lifted, as the 2 of ``2 * v``."""
        return self.operation is ops.constant

    @property
    def local_derivatives(self) -> tuple[Number, ...]:
        """∂self/∂parent for each parent, as numbers."""
        locals_ = local_derivatives(self) if self.parents else ()
        if isinstance(self.record[0], float):
            return tuple(saturated(local) for local in locals_)
        return tuple(locals_)

    # -- the backward pass ---------------------------------------------------------------------

    def backward(self, seed: Number = 1) -> None:
        """Set ``grad`` of every node this one depends on to ∂self/∂node, times ``seed``.

        Leaves gather: a second call adds to what they hold, until ``zero_grad``. It differentiates
        the forward pass that ran; if a rule raises, every ``grad`` stays as it was.
        """
        order = topological_order(self)
        with one_pass(order):
            numeric_chain_rule(order, as_number(seed))
            for node in order:
                if node.parents or not node.has_grad:
                    node._grad = node.upstream
                else:
                    node._grad = ops.add.evaluate(node.grad, node.upstream)

    # -- the forward pass: arithmetic ----------------------------------------------------------

    def __add__(self, other: "Value | Number") -> "Value":
        return _binary(ops.add, self, other)

    def __radd__(self, other: Number) -> "Value":
        if type(other) is int and other == 0:
            return self  # sum([...]) starts from 0, which deserves no node
        return _binary(ops.add, other, self)

    def __sub__(self, other: "Value | Number") -> "Value":
        return _binary(ops.sub, self, other)

    def __rsub__(self, other: Number) -> "Value":
        return _binary(ops.sub, other, self)

    def __mul__(self, other: "Value | Number") -> "Value":
        return _binary(ops.mul, self, other)

    def __rmul__(self, other: Number) -> "Value":
        return _binary(ops.mul, other, self)

    def __truediv__(self, other: "Value | Number") -> "Value":
        return _binary(ops.div, self, other)

    def __rtruediv__(self, other: Number) -> "Value":
        return _binary(ops.div, other, self)

    def __pow__(self, other: "Value | Number") -> "Value":
        return _binary(ops.pow, self, other)

    def __rpow__(self, other: Number) -> "Value":
        return _binary(ops.pow, other, self)

    # fmt: off
    def __neg__(self) -> "Value": return _unary(ops.neg, self)
    def __pos__(self) -> "Value": return _unary(ops.pos, self)
    def __abs__(self) -> "Value": return _unary(ops.abs, self)

    # -- the forward pass: functions, as methods -----------------------------------------------

    def exp(self) -> "Value": return _unary(ops.exp, self)
    def expm1(self) -> "Value": return _unary(ops.expm1, self)
    def log(self) -> "Value": return _unary(ops.log, self)
    def log1p(self) -> "Value": return _unary(ops.log1p, self)
    def sqrt(self) -> "Value": return _unary(ops.sqrt, self)
    def sin(self) -> "Value": return _unary(ops.sin, self)
    def cos(self) -> "Value": return _unary(ops.cos, self)
    def tan(self) -> "Value": return _unary(ops.tan, self)
    def asin(self) -> "Value": return _unary(ops.asin, self)
    def acos(self) -> "Value": return _unary(ops.acos, self)
    def atan(self) -> "Value": return _unary(ops.atan, self)
    def sinh(self) -> "Value": return _unary(ops.sinh, self)
    def cosh(self) -> "Value": return _unary(ops.cosh, self)
    def tanh(self) -> "Value": return _unary(ops.tanh, self)
    def sigmoid(self) -> "Value": return _unary(ops.sigmoid, self)
    def softplus(self) -> "Value": return _unary(ops.softplus, self)
    def relu(self) -> "Value": return _unary(ops.relu, self)
    def leaky_relu(self, slope: "Value | Number" = 0.01) -> "Value": return make_node(ops.leaky_relu, (self, slope))
    def elu(self, alpha: "Value | Number" = 1.0) -> "Value": return make_node(ops.elu, (self, alpha))
    def gelu(self) -> "Value": return _unary(ops.gelu, self)
    def silu(self) -> "Value": return _unary(ops.silu, self)
    def erf(self) -> "Value": return _unary(ops.erf, self)
    def abs(self) -> "Value": return _unary(ops.abs, self)
    def maximum(self, other: "Value | Number") -> "Value": return make_node(ops.maximum, (self, other))
    def minimum(self, other: "Value | Number") -> "Value": return make_node(ops.minimum, (self, other))

    # fmt: on
    def record_operation(self, operation: Operation, operands: tuple[Any, ...]) -> "Value":
        """Return the node of ``operation`` on ``operands``, of which this Value is one."""
        return make_node(operation, operands)

    # fmt: off
    # -- comparing: order by data, equality by identity ----------------------------------------

    def __lt__(self, other: "Value | Number") -> bool: return self._number < _data_of(other)
    def __le__(self, other: "Value | Number") -> bool: return self._number <= _data_of(other)
    def __gt__(self, other: "Value | Number") -> bool: return self._number > _data_of(other)
    def __ge__(self, other: "Value | Number") -> bool: return self._number >= _data_of(other)
    # fmt: on

    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        if isinstance(other, AnyNumber):
            raise TypeError(
                "a Value and a number are not compared by ==: write v.data == "
                + (shown(other) if isinstance(other, Number) else str(other))
            )
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
        if not spec:
            return str(self)
        exact = isinstance(self._number, Fraction)
        return format(saturated(self._number) if exact else self._number, spec)


_new = object.__new__
_LIFTABLE = (Value, AnyNumber, str, bytes, list, tuple, type(None))  # a union takes 1 µs to build


# A node is made in three places, for one, two, and any number of operands: these are the hottest
# lines of the engine, and a function they shared would cost a call more for every node.


def _unary(operation: Operation, operand: Value) -> Value:
    """Return the node of an ``operation`` on one operand."""
    x = operand._number
    try:
        data = operation.forward(x)
    except (ArithmeticError, ValueError) as error:
        data = operation.settle(error, (x,), (operand.label,))
    node = _new(Value)
    node._number = data
    node.parents = (operand,)
    node.operation = operation
    node.record = (data, x)
    return node


def make_node(operation: Operation, operands: tuple[Any, ...]) -> Value:
    """Return the node of an ``operation`` on any ``operands``, Values or numbers."""
    try:
        numbers = [operand._number for operand in operands]
    except AttributeError:
        operands = tuple(map(lifted, operands))
        numbers = [operand._number for operand in operands]
    try:
        data = operation.forward(*numbers)
    except (ArithmeticError, ValueError) as error:
        data = operation.settle(error, numbers, [operand.label for operand in operands])
    node = _new(Value)
    node._number = data
    node.parents = operands
    node.operation = operation
    node.record = (data, *numbers)
    return node


def _binary(operation: Operation, left: Any, right: Any) -> Value:
    """Return the node of an operator on two operands, one of them perhaps a number."""
    try:
        x, y = left._number, right._number
    except AttributeError:
        if not (_can_lift(left) and _can_lift(right)):
            return NotImplemented  # type: ignore[no-any-return]  # Python asks the other one
        left, right = lifted(left), lifted(right)
        x, y = left._number, right._number
    try:
        data = operation.forward(x, y)
    except (ArithmeticError, ValueError) as error:
        data = operation.settle(error, (x, y), (left.label, right.label))
    node = _new(Value)
    node._number = data
    node.parents = (left, right)
    node.operation = operation
    node.record = (data, x, y)
    return node


def _can_lift(operand: object) -> bool:
    """Tell whether ``operand`` is ours to take, or to refuse with a hint."""
    return isinstance(operand, _LIFTABLE) or hasattr(operand, "__array__")


def lifted(operand: Any) -> Value:
    """Return ``operand`` as a Value; a number becomes a constant."""
    if isinstance(operand, Value):
        return operand
    node = _new(Value)
    try:
        node._number = as_number(operand)
    except TypeError as error:
        raise error from None  # that it is no Value goes without saying
    node.parents = ()
    node.operation = ops.constant
    node.record = (node._number,)
    return node


def _data_of(operand: "Value | Number") -> Number:
    return operand._number if isinstance(operand, Value) else as_number(operand)


for _row in OPERATIONS.values():  # so that help(Value) tells what each method is
    if _row.__doc__ and _row.name in vars(Value):
        vars(Value)[_row.name].__doc__ = _row.__doc__
