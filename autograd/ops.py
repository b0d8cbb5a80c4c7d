"""The table of operations: for each its value, its local derivatives, its domain and its words.

A rule of calculus is written once, in ordinary arithmetic on ``out`` (the result) and the
operands, and returns one local derivative ∂out/∂operand for each operand, a bare one if there
is only one. The same rule serves floats, exact ``Fraction`` numbers, and ``Value`` nodes, in
which case the derivative is itself a graph.

Kinks, where the derivative jumps, keep a promise (each has a row in the tests):

    relu'(0) = 0    leaky_relu'(0) = slope    elu'(0) = alpha    abs'(0) = 0
    maximum(x, x) and minimum(x, x) give each operand one half

At the edge of a domain the derivative is the limit: sqrt'(0) = asin'(1) = +inf, acos'(1) = -inf.
∂(x**y)/∂y is 0 at x = 0, y ≥ 0, and NaN at x < 0, where x**y has no real neighbours.
"""

import math
import operator
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, Protocol, TypeVar, overload

from autograd import numeric
from autograd.errors import DivisionByZeroError, DomainError, NoForwardRuleError
from autograd.numeric import Number, as_number, saturated

SQRT2, SQRT_TAU, TWO_OVER_SQRT_PI = math.sqrt(2), math.sqrt(math.tau), 2 / math.sqrt(math.pi)

TIGHTEST = 9  # the precedence of a name or a call in a formula


class Recorder(Protocol):
    """An operand that wants a node made instead of a number, such as a ``Value``."""

    def record_operation(self, operation: "Operation", operands: tuple[Any, ...]) -> Any: ...


R = TypeVar("R", bound=Recorder)


class Domain:
    """Where an operation is defined: a test on its operands, and that test in words."""

    def __init__(self, requirement: str, holds: Callable[..., bool]) -> None:
        self.requirement = requirement
        self.holds = holds


class Operation:
    """One row of the table, callable: numbers in, a number out; with a Value, a node out.

    name          what ``node.op`` and the pictures show
    forward       the value, from the operands' numbers
    derivatives   the rule: the local derivatives, from ``out`` and the operands
    slopes        each local derivative as a formula in ``out``, ``x`` and ``y``
    domain        where the operation is defined, None for everywhere
    defaults      the operands that may be left out
    accuracy      bound on the error of the value and the derivatives, in units of
                  eps × (1 + condition number)
    precedence    how tightly an infix operation binds in a formula
    """

    def __init__(
        self,
        name: str,
        forward: Callable[..., Any],
        derivatives: Callable[..., Any],
        slopes: Sequence[str] = (),
        *,
        doc: str = "",
        domain: Domain | None = None,
        defaults: tuple[Number, ...] = (),
        accuracy: float = 2,
        precedence: int = TIGHTEST,
    ) -> None:
        self.name = name
        self.forward = forward
        self.derivatives = derivatives
        self.slopes = tuple(slopes)
        self.domain = domain
        self.defaults = defaults
        self.accuracy = accuracy
        self.precedence = precedence
        self.arity = len(slopes) or None
        self.__name__ = self.__qualname__ = name
        self.__doc__ = doc

    def __repr__(self) -> str:
        return f"<operation {self.name}>"

    def __reduce__(self) -> tuple[Any, ...]:
        if OPERATIONS.get(self.name) is not self:
            raise TypeError(
                f"the one-off operation {self.name!r} cannot be pickled: its local derivatives "
                "are a function made at run time; pickle the data and build the node again"
            )
        return _operation_named, (self.name,)

    @overload
    def __call__(self, first: R, /, *others: Any) -> R: ...
    @overload
    def __call__(self, first: Number, second: R, /) -> R: ...
    @overload
    def __call__(self, *operands: Number) -> Any: ...
    def __call__(self, *operands: Any) -> Any:
        """Return a number for numbers, and a node if any operand is one.

        Raises DomainError outside the domain, TypeError for what is no number.
        """
        if len(operands) == 1 and type(operands[0]) is float:  # the usual call inside a rule
            return self.evaluate(operands[0])
        if self.arity and len(operands) != self.arity:
            operands = self._with_defaults(operands)
        return self.apply(operands)

    def apply(self, operands: tuple[Any, ...]) -> Any:
        """Do what a call does, for exactly as many operands as it takes."""
        for operand in operands:
            if hasattr(operand, "record_operation"):
                return operand.record_operation(self, operands)
        return self.evaluate(*[as_number(operand) for operand in operands])

    def _with_defaults(self, operands: tuple[Any, ...]) -> tuple[Any, ...]:
        missing = (self.arity or 0) - len(operands)
        if not 0 < missing <= len(self.defaults):
            raise TypeError(f"{self.name} got {len(operands)} operands; it takes {self.arity}")
        return operands + self.defaults[-missing:]

    def evaluate(self, *numbers: Number) -> Number:
        """Return the value at ``numbers``; raises DomainError outside the domain."""
        try:
            result: Number = self.forward(*numbers)
        except (ArithmeticError, ValueError):
            result = self.settle(numbers)
        return result

    def settle(self, numbers: Sequence[Number], names: Sequence[str | None] = ()) -> Number:
        """Return the value where ``forward`` gave up, or raise a DomainError that names operands.

        Numbers too large for a float count as infinite, and a function that has no limit at
        infinity (sin) is NaN there.
        """
        if self.domain and not self.domain.holds(*numbers):
            raise self._domain_error(numbers, names)
        limits = [saturated(number) for number in numbers]
        try:
            result: Number = self.forward(*limits)
        except (ArithmeticError, ValueError):
            return math.nan
        return result

    def _domain_error(self, numbers: Sequence[Number], names: Sequence[str | None]) -> DomainError:
        assert self.domain is not None
        named = dict(zip(("x", "y"), numbers, strict=False))
        spoken = {
            letter: (names[i] if i < len(names) else None) or letter
            for i, letter in enumerate(named)
        }
        shown = [f"{spoken[letter]} = {number}" for letter, number in named.items()]
        what = (
            f"{self.name}({', '.join(shown)})"
            if self.precedence == TIGHTEST
            else f" {self.name} ".join(f"({part})" for part in shown)
        )
        requirement = self.domain.requirement.format_map(spoken)
        divides = self is div or (self is pow and numbers[0] == 0)
        error = DivisionByZeroError if divides else DomainError
        return error(f"{what} is undefined: it needs {requirement}")


def one_off(name: str, n_operands: int, derivatives: Callable[..., Any]) -> Operation:
    """Return an operation made at the board: its rule is known, its value is given by the caller.

    The rule returns one number for each operand, a bare number if there is one; anything else
    raises TypeError when it is used.
    """

    def no_forward_rule(*operands: Number) -> Number:
        raise NoForwardRuleError(
            f"{name} is a one-off node: it knows its local derivatives but not how to compute "
            "its value again; build it anew"
        )

    def checked(*out_and_operands: Any) -> tuple[Any, ...]:
        slopes = derivatives(*out_and_operands)
        slopes = tuple(slopes) if isinstance(slopes, tuple | list) else (slopes,)
        if len(slopes) != n_operands:
            raise TypeError(
                f"local_derivatives of {name} returned {len(slopes)} numbers for "
                f"{n_operands} parents; return one for each"
            )
        return tuple(s if hasattr(s, "record_operation") else as_number(s) for s in slopes)

    return Operation(name, no_forward_rule, checked)


def _operation_named(name: str) -> Operation:
    return OPERATIONS[name]


def _quotient_slopes(out: Any, x: Any, y: Any) -> tuple[Any, Any]:
    inverse = 1 / y if isinstance(out, float) else reciprocal(y)  # exact for exact numbers
    return inverse, -out * inverse


def _power_slopes(out: Any, x: Any, y: Any) -> tuple[Any, Any]:
    return _power_slope(x, y), xlogy(out, x)


def _power_slope(x: Any, y: Any) -> Any:
    """Return y*x**(y - 1), in elementary operations where those cannot fail at x = 0."""
    if isinstance(y, Number) and not isinstance(x, Number) and not 0 <= y < 1:
        return 2 * x if y == 2 else y * x ** (y - 1)
    return power_slope(x, y)


def _tanh_slope(x: Any) -> Any:
    sech = reciprocal(cosh(x))  # 1 - out*out would cancel where tanh is flat
    return sech * sech


def _elu_slopes(out: Any, x: Any, alpha: Any) -> tuple[Any, Any]:
    positive, below = heaviside(x), minimum(x, 0)
    return positive + (1 - positive) * alpha * exp(below), expm1(below)


def _dot_slopes(out: Any, *operands: Any) -> tuple[Any, ...]:
    size = len(operands) // 2
    if len(operands) == 2 * size:
        return operands[size:] + operands[:size]
    return operands[size:-1] + operands[:size] + (1,)  # the last is the bias


def _mean_slopes(out: Any, *operands: Any) -> tuple[Any, ...]:
    size = len(operands)
    share = 1 / size if isinstance(out, float) else Fraction(1, size)
    return (share,) * size


def _inverse_square(x: Any) -> Any:
    return reciprocal(sqrt((1 - x) * (1 + x)))


def _real_power(x: Number, y: Number) -> bool:
    return x > 0 or x != x or y != y or (y == y // 1 and (x != 0 or y >= 0)) or (x == 0 and y > 0)


above_zero = Domain("{x} > 0", lambda x: not x <= 0)
from_zero = Domain("{x} >= 0", lambda x: not x < 0)
above_minus_one = Domain("{x} > -1", lambda x: not x <= -1)
within_one = Domain("-1 <= {x} <= 1", lambda x: not abs(x) > 1)
nonzero_divisor = Domain("{y} != 0", lambda x, y: y != 0)
real_power = Domain("{x} >= 0 or a whole {y}, and {y} >= 0 where {x} = 0", _real_power)

Op = Operation  # in short

# fmt: off  (a table reads best aligned)

# -- arithmetic ----------------------------------------------------------------------------------
add: Op = Op("+", operator.add, lambda out, x, y: (1, 1), ("1", "1"), precedence=1, accuracy=1)
sub: Op = Op("-", operator.sub, lambda out, x, y: (1, -1), ("1", "-1"), precedence=1, accuracy=1)
mul: Op = Op("*", operator.mul, lambda out, x, y: (y, x), ("y", "x"), precedence=2, accuracy=1)
div: Op = Op(
    "/", numeric.divide, _quotient_slopes, ("1/y", "-out/y"), precedence=2, domain=nonzero_divisor
)
neg: Op = Op("neg", operator.neg, lambda out, x: -1, ("-1",), precedence=3, accuracy=1)
pos: Op = Op("pos", operator.pos, lambda out, x: 1, ("1",), precedence=3, accuracy=1)
pow: Op = Op(
    "**",
    numeric.power,
    _power_slopes,
    ("y*x**(y - 1)", "out*log(x)"),
    precedence=4,
    domain=real_power,
    accuracy=4,
)

# -- exponentials and roots ----------------------------------------------------------------------
exp: Op = Op("exp", numeric.exp, lambda out, x: out, ("out",), doc="e**x; overflow gives inf.")
expm1: Op = Op(
    "expm1", numeric.expm1, lambda out, x: exp(x), ("exp(x)",), doc="e**x - 1, accurate near zero."
)
log: Op = Op(
    "log",
    math.log,
    lambda out, x: reciprocal(x),
    ("1/x",),
    doc="Natural logarithm.",
    domain=above_zero,
)
log1p: Op = Op(
    "log1p",
    math.log1p,
    lambda out, x: reciprocal(1 + x),
    ("1/(1 + x)",),
    doc="log(1 + x), accurate near zero.",
    domain=above_minus_one,
)
sqrt: Op = Op(
    "sqrt",
    math.sqrt,
    lambda out, x: reciprocal(2 * out),
    ("1/(2*out)",),
    doc="Square root.",
    domain=from_zero,
)

# -- circular and hyperbolic functions, in radians -----------------------------------------------
sin: Op = Op("sin", math.sin, lambda out, x: cos(x), ("cos(x)",), doc="Sine of x radians.")
cos: Op = Op("cos", math.cos, lambda out, x: -sin(x), ("-sin(x)",), doc="Cosine of x radians.")
tan: Op = Op(
    "tan",
    math.tan,
    lambda out, x: 1 + out * out,
    ("1 + out**2",),
    doc="Tangent of x radians.",
    accuracy=4,
)
asin: Op = Op(
    "asin",
    math.asin,
    lambda out, x: _inverse_square(x),
    ("1/sqrt(1 - x**2)",),
    doc="Arc sine, in radians.",
    domain=within_one,
    accuracy=4,
)
acos: Op = Op(
    "acos",
    math.acos,
    lambda out, x: -_inverse_square(x),
    ("-1/sqrt(1 - x**2)",),
    doc="Arc cosine, in radians.",
    domain=within_one,
    accuracy=4,
)
atan: Op = Op(
    "atan",
    math.atan,
    lambda out, x: reciprocal(1 + x * x),
    ("1/(1 + x**2)",),
    doc="Arc tangent, in radians.",
    accuracy=4,
)
sinh: Op = Op("sinh", numeric.sinh, lambda out, x: cosh(x), ("cosh(x)",), doc="Hyperbolic sine.")
cosh: Op = Op("cosh", numeric.cosh, lambda out, x: sinh(x), ("sinh(x)",), doc="Hyperbolic cosine.")
tanh: Op = Op(
    "tanh",
    math.tanh,
    lambda out, x: _tanh_slope(x),
    ("1 - out**2",),
    doc="Hyperbolic tangent.",
    accuracy=6,
)

# -- activations ---------------------------------------------------------------------------------
sigmoid: Op = Op(
    "sigmoid",
    numeric.sigmoid,
    lambda out, x: out * sigmoid(-x),
    ("out*(1 - out)",),
    doc="1/(1 + exp(-x)), the logistic function.",
    accuracy=4,
)
softplus: Op = Op(
    "softplus",
    numeric.softplus,
    lambda out, x: sigmoid(x),
    ("sigmoid(x)",),
    doc="log(1 + exp(x)), a smooth relu.",
    accuracy=4,
)
relu: Op = Op(
    "relu",
    numeric.relu,
    lambda out, x: heaviside(x),
    ("1 if x > 0 else 0",),
    doc="x where x > 0, else 0 (Nair and Hinton, 2010).",
    accuracy=1,
)
leaky_relu: Op = Op(
    "leaky_relu",
    numeric.leaky_relu,
    lambda out, x, y: (heaviside(x) + (1 - heaviside(x)) * y, minimum(x, 0)),
    ("1 if x > 0 else y", "min(x, 0)"),
    doc="x where x > 0, else slope*x (Maas, Hannun and Ng, 2013).",
    defaults=(0.01,),
)
elu: Op = Op(
    "elu",
    numeric.elu,
    _elu_slopes,
    ("1 if x > 0 else y*exp(x)", "exp(min(x, 0)) - 1"),
    doc="x where x > 0, else alpha*(exp(x) - 1) (Clevert et al., 2015).",
    defaults=(1.0,),
    accuracy=4,
)
gelu: Op = Op(
    "gelu",
    numeric.gelu,
    lambda out, x: erfc(-x / SQRT2) / 2 + x * exp(-x * x / 2) / SQRT_TAU,
    ("Φ(x) + x*φ(x)",),
    doc="x·Φ(x), the exact form (Hendrycks and Gimpel, 2016).",
    accuracy=8,
)
silu: Op = Op(
    "silu",
    numeric.silu,
    lambda out, x: sigmoid(x) + x * sigmoid(x) * sigmoid(-x),
    ("s + out*(1 - s), s = sigmoid(x)",),
    doc="x·sigmoid(x), also called swish.",
    accuracy=8,
)
erf: Op = Op(
    "erf",
    math.erf,
    lambda out, x: TWO_OVER_SQRT_PI * exp(-x * x),
    ("2*exp(-x**2)/sqrt(pi)",),
    doc="The error function.",
    accuracy=4,
)

# -- kinks ---------------------------------------------------------------------------------------
abs: Op = Op(
    "abs", operator.abs, lambda out, x: sign(x), ("sign(x)",), doc="Absolute value.", accuracy=1
)
maximum: Op = Op(
    "maximum",
    numeric.maximum,
    lambda out, x, y: (prefer(x, y), prefer(y, x)),
    ("1 if x > y else 0", "1 if y > x else 0"),
    doc="The larger operand.",
    accuracy=1,
)
minimum: Op = Op(
    "minimum",
    numeric.minimum,
    lambda out, x, y: (prefer(y, x), prefer(x, y)),
    ("1 if x < y else 0", "1 if y < x else 0"),
    doc="The smaller operand.",
    accuracy=1,
)

# -- many operands -------------------------------------------------------------------------------
total_of: Op = Op("total", numeric.total, lambda out, *xs: (1,) * len(xs))
mean_of: Op = Op("mean", numeric.mean, _mean_slopes)
dot_of: Op = Op("dot", numeric.dot, _dot_slopes)
logsumexp_of: Op = Op(
    "logsumexp", numeric.logsumexp, lambda out, *xs: tuple(exp(x - out) for x in xs), accuracy=8
)

# -- nodes without parents -----------------------------------------------------------------------
leaf: Op = Op("leaf", lambda: math.nan, lambda out: ())
constant: Op = Op("constant", lambda: math.nan, lambda out: ())

# -- helpers, for use inside rules ---------------------------------------------------------------
heaviside: Op = Op("heaviside", numeric.heaviside, lambda out, x: 0, ("0",))
sign: Op = Op("sign", numeric.sign, lambda out, x: 0, ("0",))
prefer: Op = Op("prefer", numeric.prefer, lambda out, x, y: (0, 0), ("0", "0"))
reciprocal: Op = Op("reciprocal", numeric.reciprocal, lambda out, x: -out * out, ("-out**2",))
power_slope: Op = Op(
    "power_slope",
    numeric.power_slope,
    lambda out, x, y: (y * power_slope(x, y - 1), pow(x, y - 1) + xlogy(out, x)),
    ("y*(y - 1)*x**(y - 2)", "x**(y - 1) + out*log(x)"),
    accuracy=8,
)
xlogy: Op = Op(
    "xlogy", numeric.xlogy, lambda out, x, y: (log(y), x * reciprocal(y)), ("log(y)", "x/y")
)
erfc: Op = Op(
    "erfc", math.erfc, lambda out, x: -TWO_OVER_SQRT_PI * exp(-x * x), ("-2*exp(-x**2)/sqrt(pi)",)
)
# fmt: on

OPERATIONS: dict[str, Operation] = {
    row.name: row for row in list(globals().values()) if isinstance(row, Operation)
}
