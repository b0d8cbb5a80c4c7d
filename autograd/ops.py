"""The table of operations: for each its value, its local derivatives, its domain and its words.

A rule of calculus is written once, in ordinary arithmetic on ``out`` (the result) and the
operands, and returns one local derivative ∂out/∂operand for each operand, a bare one if there
is only one. The same rule serves floats, exact ``Fraction`` numbers, and ``Value`` nodes, in
which case the derivative is itself a graph.

Kinks, where the derivative jumps, keep a promise (each has a row in the tests):

    relu'(0) = 0    leaky_relu'(0) = slope    elu'(0) = alpha    abs'(0) = 0
    maximum(x, x) and minimum(x, x) give each operand one half

A smooth rule is written so that its own derivatives, to any order, neither cancel at zero nor
multiply infinity by zero for large x: its helpers (tanh_derivative and others, at the end of the
table) are even or odd as they stand, bounded, and differentiate into each other.

At the edge of a domain the derivative is the limit: sqrt'(0) = asin'(1) = +inf, acos'(1) = -inf.
∂(x**y)/∂y is 0 at x = 0, y ≥ 0, and NaN at x < 0, where x**y has no real neighbours.
"""

import math
import operator
from fractions import Fraction
from typing import Any

from autograd import activations, elementary, notation
from autograd.numeric import Number, saturated
from autograd.operation import OPERATIONS, Domain, Operation


def _quotient_rule(out: Any, x: Any, y: Any) -> tuple[Any, Any]:
    inverse = 1 / y if isinstance(out, float) else reciprocal(y)  # exact for exact numbers
    if type(y) is Fraction:  # one too small for a float cannot divide a float
        return inverse, -out * inverse
    return inverse, -out / y  # not -out * inverse, which may be infinite where this is not


def _power_rule(out: Any, x: Any, y: Any) -> tuple[Any, Any]:
    if type(out) is float:
        return elementary.power_derivative(x, y), elementary.power_log(x, y, 1)
    return _power_by_base(x, y), power_log(x, y, 1)


def _power_by_base(x: Any, y: Any) -> Any:
    """Return y*x**(y - 1), in elementary operations where those are as good."""
    if isinstance(y, Number) and not isinstance(x, Number) and 1 <= abs(saturated(y)) < math.inf:
        return 2 * x if y == 2 else y * x ** (y - 1)
    return power_derivative(x, y)


def _relu_rule(out: Any, x: Any) -> Any:
    return (
        activations.heaviside(x) if type(x) is float else heaviside(x)
    )  # networks use this one most


def _leaky_relu_rule(out: Any, x: Any, slope: Any) -> tuple[Any, Any]:
    return where_positive(x, 1, slope), where_positive(x, 0, x)


def _elu_rule(out: Any, x: Any, alpha: Any) -> tuple[Any, Any]:
    below = where_positive(x, 0, x)
    return where_positive(x, 1, alpha * exp(below)), expm1(below)


def _x_atan_derivative_rule(out: Any, x: Any) -> Any:
    slope = atan_derivative(x)
    return slope * slope - out * out  # as (slope - out)*(slope + out) its derivatives cancel at 0


def _silu_derivative_rule(out: Any, x: Any) -> Any:
    return 2 * sigmoid_derivative(x) - x_sigmoid_derivative(x) * tanh(x / 2)


def _dot_rule(out: Any, *operands: Any) -> tuple[Any, ...]:
    size = len(operands) // 2
    if len(operands) == 2 * size:
        return operands[size:] + operands[:size]
    return operands[size:-1] + operands[:size] + (1,)  # the last is the bias


def _mean_rule(out: Any, *operands: Any) -> tuple[Any, ...]:
    size = len(operands)
    share = 1 / size if isinstance(out, float) else Fraction(1, size)
    return (share,) * size


def _real_power(x: Number, y: Number) -> bool:
    return x > 0 or x != x or y != y or (y == y // 1 and (x != 0 or y >= 0)) or (x == 0 and y > 0)


above_zero = Domain("{x} must be > 0", lambda x: not x <= 0, "!(x <= 0)")
from_zero = Domain("{x} must be >= 0", lambda x: not x < 0, "!(x < 0)")
above_minus_one = Domain("{x} must be > -1", lambda x: not x <= -1, "!(x <= -1)")
within_one = Domain("{x} must be from -1 to 1", lambda x: not abs(x) > 1, "!(Math.abs(x) > 1)")
nonzero_divisor = Domain(
    "{y} must not be 0", lambda x, y: y != 0, "y !== 0", ("the dividend", "the divisor")
)
real_power = Domain(
    "{x} must be >= 0 or {y} whole, and {y} >= 0 where {x} is 0",
    _real_power,
    "x > 0 || x !== x || y !== y || (y === Math.floor(y) && (x !== 0 || y >= 0))"
    " || (x === 0 && y > 0)",
    ("the base", "the exponent"),
)


def at_zero(x: Number, *_: Number) -> bool:
    return x == 0


def where_equal(x: Number, y: Number) -> bool:
    return x == y


Op = Operation  # in short, for the table, which reads best aligned

# fmt: off

# -- arithmetic ----------------------------------------------------------------------------------
add: Op = Op("+", operator.add,      lambda out, x, y: (1, 1),        ("1", "1"),       written="x + y", accuracy=1)
sub: Op = Op("-", operator.sub,      lambda out, x, y: (1, -1),       ("1", "-1"),      written="x - y", accuracy=1)
mul: Op = Op("*", operator.mul,      lambda out, x, y: (y, x),        ("y", "x"),       written="x*y", accuracy=1)
div: Op = Op("/", operator.truediv,  _quotient_rule, ("1/y", "-out/y"), written="x/y", domain=nonzero_divisor)
neg: Op = Op("neg", operator.neg,    lambda out, x: -1,               ("-1",),          written="-x", accuracy=1)
pos: Op = Op("pos", operator.pos,    lambda out, x: 1,                ("1",),           written="+x", accuracy=1)
pow: Op = Op("**", elementary.power,    _power_rule, ("y*x**(y - 1)", "out*log(x)"), written="x**y", domain=real_power, accuracy=4, simpler=notation.for_constant_exponent, python="power(x, y)", numpy="power(x, y)", javascript="power(x, y)")

# -- exponentials and roots ----------------------------------------------------------------------
exp: Op   = Op("exp",   elementary.exp,   lambda out, x: out,                 ("out",),         doc="e**x; overflow gives inf.", tex="e^{#1}")
expm1: Op = Op("expm1", elementary.expm1, lambda out, x: exp(x),              ("exp(x)",),      doc="e**x - 1, accurate near zero.", meaning="exp(x) - 1")
log: Op   = Op("log",   elementary.log,   lambda out, x: reciprocal(x),       ("1/x",),         doc="Natural logarithm.", domain=above_zero, tex=r"\log")
log1p: Op = Op("log1p", elementary.log1p, lambda out, x: reciprocal(1 + x),   ("1/(1 + x)",),   doc="log(1 + x), accurate near zero.", domain=above_minus_one, meaning="log(1 + x)")
sqrt: Op  = Op("sqrt",  elementary.sqrt,  lambda out, x: reciprocal(2 * out), ("1/(2*out)",),   doc="Square root.", domain=from_zero, tex=r"\sqrt{#1}")

# -- circular and hyperbolic functions, in radians -----------------------------------------------
sin: Op  = Op("sin",  math.sin,      lambda out, x: cos(x),                   ("cos(x)",),            doc="Sine of x radians.", tex=r"\sin", python="sin(x) if x - x == 0 else x - x")
cos: Op  = Op("cos",  math.cos,      lambda out, x: -sin(x),                  ("-sin(x)",),           doc="Cosine of x radians.", tex=r"\cos", python="cos(x) if x - x == 0 else x - x")
tan: Op  = Op("tan",  math.tan,      lambda out, x: 1 + out * out,            ("1 + out**2",),        doc="Tangent of x radians.", accuracy=4, tex=r"\tan", python="tan(x) if x - x == 0 else x - x")
asin: Op = Op("asin", elementary.asin,  lambda out, x: asin_derivative(x),            ("1/sqrt(1 - x**2)",),  doc="Arc sine, in radians.", domain=within_one, accuracy=4, tex=r"\arcsin")
acos: Op = Op("acos", elementary.acos,  lambda out, x: -asin_derivative(x),           ("-1/sqrt(1 - x**2)",), doc="Arc cosine, in radians.", domain=within_one, accuracy=4, tex=r"\arccos")
atan: Op = Op("atan", math.atan,     lambda out, x: atan_derivative(x),       ("1/(1 + x**2)",),      doc="Arc tangent, in radians.", accuracy=4, tex=r"\arctan")
sinh: Op = Op("sinh", elementary.sinh,  lambda out, x: cosh(x),                  ("cosh(x)",),           doc="Hyperbolic sine.", tex=r"\sinh")
cosh: Op = Op("cosh", elementary.cosh,  lambda out, x: sinh(x),                  ("sinh(x)",),           doc="Hyperbolic cosine.", tex=r"\cosh")
tanh: Op = Op("tanh", math.tanh,     lambda out, x: tanh_derivative(x),       ("1 - out**2",),        doc="Hyperbolic tangent.", accuracy=6, tex=r"\tanh")

# -- activations ---------------------------------------------------------------------------------
sigmoid: Op    = Op("sigmoid",    activations.sigmoid,    lambda out, x: sigmoid_derivative(x), ("out*(1 - out)",), doc="1/(1 + exp(-x)), the logistic function.", accuracy=4)
softplus: Op   = Op("softplus",   activations.softplus,   lambda out, x: sigmoid(x),            ("sigmoid(x)",),    doc="log(1 + exp(x)), a smooth relu.", accuracy=4)
relu: Op       = Op("relu",       activations.relu,       _relu_rule,                           ("1 if x > 0 else 0",), doc="x where x > 0, else 0 (Nair and Hinton, 2010).", accuracy=1, kink=at_zero, python="x if not x <= 0 else 0")
leaky_relu: Op = Op("leaky_relu", activations.leaky_relu, _leaky_relu_rule,                     ("1 if x > 0 else y", "min(x, 0)"), doc="x where x > 0, else slope*x (Maas, Hannun and Ng, 2013).", defaults=(0.01,), kink=at_zero)
elu: Op        = Op("elu",        activations.elu,        _elu_rule,                            ("1 if x > 0 else y*exp(x)", "exp(min(x, 0)) - 1"), doc="x where x > 0, else alpha*(exp(x) - 1) (Clevert et al., 2015).", defaults=(1.0,), accuracy=4, kink=at_zero)
gelu: Op       = Op("gelu",       activations.gelu,       lambda out, x: gelu_derivative(x),    ("Φ(x) + x*φ(x)",), doc="x·Φ(x), the exact form (Hendrycks and Gimpel, 2016).", accuracy=8)
silu: Op       = Op("silu",       activations.silu,       lambda out, x: silu_derivative(x),    ("s + out*(1 - s), s = sigmoid(x)",), doc="x·sigmoid(x), also called swish.", accuracy=8)
erf: Op        = Op("erf",        math.erf,           lambda out, x: erf_derivative(x),     ("2*exp(-x**2)/sqrt(pi)",), doc="The error function.", accuracy=4)

# -- kinks ---------------------------------------------------------------------------------------
abs: Op     = Op("abs",     operator.abs,    lambda out, x: sign(x),                            ("sign(x)",),  doc="Absolute value.", accuracy=1, tex=r"{\left\vert #1 \right\vert}", kink=at_zero)
maximum: Op = Op("maximum", activations.maximum, lambda out, x, y: (prefer(x, y), prefer(y, x)),    ("1 if x > y else 0", "1 if y > x else 0"), doc="The larger operand.", accuracy=1, tex=r"\max", kink=where_equal, simpler=notation.for_equal_operands, python="x if x > y or x != x else y")
minimum: Op = Op("minimum", activations.minimum, lambda out, x, y: (prefer(y, x), prefer(x, y)),    ("1 if x < y else 0", "1 if y < x else 0"), doc="The smaller operand.", accuracy=1, tex=r"\min", kink=where_equal, simpler=notation.for_equal_operands, python="x if x < y or x != x else y")

# -- a cut in the graph --------------------------------------------------------------------------
detach: Op = Op("detach", operator.pos, lambda out, x: 0, ("0",), doc="x itself, but no gradient flows through: its derivative is taken as 0.", accuracy=1, python="x", numpy="x", javascript="x")

# -- many operands -------------------------------------------------------------------------------
total_of: Op     = Op("total",     activations.total,     lambda out, *xs: (1,) * len(xs), notation.total_local, written=notation.total)
mean_of: Op      = Op("mean",      activations.mean,      _mean_rule, notation.mean_local, written=notation.mean, meaning=notation.mean_meaning)
dot_of: Op       = Op("dot",       activations.dot,       _dot_rule,  notation.dot_local,  written=notation.dot)
logsumexp_of: Op = Op("logsumexp", activations.logsumexp, lambda out, *xs: tuple(exp(x - out) for x in xs), notation.logsumexp_local, written=notation.logsumexp, meaning=notation.logsumexp_meaning, accuracy=8)
cross_entropy_of: Op = Op("cross_entropy", activations.cross_entropy, lambda out, chosen, *xs: (-1, *[exp(x - chosen - out) for x in xs]), notation.cross_entropy_local, written=notation.cross_entropy, meaning=notation.cross_entropy_meaning, simpler=notation.for_chosen_score, accuracy=8)

# -- helpers, for use inside rules ---------------------------------------------------------------
heaviside: Op            = Op("heaviside",            activations.heaviside,            lambda out, x: 0,                                           ("0",), python="1 if x > 0 else 0 if x <= 0 else x")
sign: Op                 = Op("sign",                 activations.sign,                 lambda out, x: 0,                                           ("0",), python="1 if x > 0 else -1 if x < 0 else x * 0")
where_positive: Op       = Op("where_positive",       activations.where_positive,       lambda out, x, y, z: (0, heaviside(x), 1 - heaviside(x)),   ("0", "1 if x > 0 else 0", "0 if x > 0 else 1"))
prefer: Op               = Op("prefer",               activations.prefer,               lambda out, x, y: (0, 0),                                   ("0", "0"))
reciprocal: Op           = Op("reciprocal",           elementary.reciprocal,           lambda out, x: -out * out,                                  ("-out**2",), meaning="1/x")
power_derivative: Op     = Op("power_derivative",     elementary.power_derivative,     lambda out, x, y: (power_partial(x, y, 2, 0), power_partial(x, y, 1, 1)), ("y*(y - 1)*x**(y - 2)", "x**(y - 1)*(1 + y*log(x))"), accuracy=8)
power_log: Op            = Op("power_log",            elementary.power_log,            lambda out, x, y, n: (power_partial(x, y, 1, n), power_log(x, y, n + 1), 0), ("", "", ""), accuracy=8)
power_partial: Op        = Op("power_partial",        elementary.power_partial,        lambda out, x, y, k, n: (power_partial(x, y, k + 1, n), power_partial(x, y, k, n + 1), 0, 0), ("", "", "", ""), accuracy=8)
asin_derivative: Op      = Op("asin_derivative",      elementary.asin_derivative,      lambda out, x: x * out * out * out,                         ("x*out**3",), domain=within_one, accuracy=4)
atan_derivative: Op      = Op("atan_derivative",      elementary.atan_derivative,      lambda out, x: -2 * out * x_atan_derivative(x),             ("-2*x*out**2",), accuracy=4)
x_atan_derivative: Op    = Op("x_atan_derivative",    elementary.x_atan_derivative,    _x_atan_derivative_rule,                                    ("(1 - x**2)/(1 + x**2)**2",), accuracy=4)
tanh_derivative: Op      = Op("tanh_derivative",      activations.tanh_derivative,      lambda out, x: -2 * out * tanh(x),                          ("-2*out*tanh(x)",), accuracy=6)
sigmoid_derivative: Op   = Op("sigmoid_derivative",   activations.sigmoid_derivative,   lambda out, x: -out * tanh(x / 2),                          ("-out*tanh(x/2)",), accuracy=4)
x_sigmoid_derivative: Op = Op("x_sigmoid_derivative", activations.x_sigmoid_derivative, lambda out, x: sigmoid_derivative(x) - out * tanh(x / 2),   ("s*(1 - s)*(1 - x*tanh(x/2)), s = sigmoid(x)",), accuracy=8)
normal_density: Op       = Op("normal_density",       activations.normal_density,       lambda out, x, n: (normal_density(x, n + 1), 0),            ("", ""), accuracy=8)
erf_derivative: Op       = Op("erf_derivative",       activations.erf_derivative,       lambda out, x: 4 * normal_density(activations.SQRT_2 * x, 1),   ("-2*x*out",), accuracy=4)
gelu_derivative: Op      = Op("gelu_derivative",      activations.gelu_derivative,      lambda out, x: normal_density(x, 0) - normal_density(x, 2), ("(2 - x**2)*φ(x)",), accuracy=8)
silu_derivative: Op      = Op("silu_derivative",      activations.silu_derivative,      _silu_derivative_rule,                                      ("s*(1 - s)*(2 + x*(1 - 2*s)), s = sigmoid(x)",), accuracy=8)
# fmt: on

OPERATIONS.update({row.name: row for row in list(globals().values()) if isinstance(row, Operation)})
