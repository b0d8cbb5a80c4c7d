"""The operations of the table as functions of lanes.

Their formulas are those of NumPy's library, whose text runs here with another ``np``: one that
writes code.
"""

import math
from collections.abc import Callable
from contextlib import nullcontext
from itertools import product
from types import FunctionType, SimpleNamespace
from typing import Any, NamedTuple

import autograd.program.native.kernels.functions as functions
from autograd import ops
from autograd.operation import OPERATIONS, Domain
from autograd.program.library import formulas_of_numpy
from autograd.program.native.kernels.code import kernel_name
from autograd.program.native.kernels.functions import from_c, of_numbers_too
from autograd.program.native.kernels.lanes import Mask, absolute, copysign, floor, root, where


class Elementwise(NamedTuple):
    """An operation on lanes, of some operands; ``outside`` tells where it is undefined."""

    n_operands: int
    function: Callable[..., Any]
    outside: Callable[..., Mask] | None = None


# -- NumPy, as far as the formulas use it ----------------------------------------------------------


def _maximum(x: Any, y: Any) -> Any:
    return where((x > y) | (x != x), x, y)


_absolute = of_numbers_too(absolute, abs)
_copysign = of_numbers_too(copysign, math.copysign)


def _sign(x: Any) -> Any:
    return where(_absolute(x) > 0, _copysign(1.0, x), x + 0.0)  # of -0.0 it is 0.0, of NaN NaN


_FUNCTIONS: dict[str, Any] = {
    "exp": functions.exp,
    "expm1": functions.expm1,
    "log": functions.log,
    "log1p": functions.log1p,
    "sqrt": of_numbers_too(root, math.sqrt),
    "tanh": functions.tanh,
    "sigmoid": functions.sigmoid,
    "erf": functions.erf,
    "erfc": functions.erfc,
    "abs": _absolute,
    "sign": _sign,
    "power": of_numbers_too(from_c("pow"), math.pow),
    "one_of": int,
    **{name: from_c(name) for name in ("sin", "cos", "tan", "sinh", "cosh")},
    **{name: from_c(name) for name in ("asin", "acos", "atan")},
}
_LOG = of_numbers_too(from_c("log"), lambda x: math.log(x) if x else -math.inf)
_NUMPY = SimpleNamespace(
    **_FUNCTIONS | {"log": _LOG},  # only of powers, which are rare and call it many times
    where=where,
    maximum=_maximum,
    copysign=_copysign,
    isinf=lambda x: _FUNCTIONS["abs"](x) == math.inf,
    zeros=lambda shape: 0.0,
    ones=lambda shape: 1.0,
    errstate=lambda **states: nullcontext(),
    inf=math.inf,
    nan=math.nan,
)


def _formulas() -> dict[str, Any]:
    """Return the functions of NumPy's library, with names that write code in place of NumPy."""
    names: dict[str, Any] = {}
    for name, held in formulas_of_numpy().items():
        is_own = isinstance(held, FunctionType)
        names[name] = FunctionType(held.__code__, names, name) if is_own else held
    names.update(_FUNCTIONS, np=_NUMPY)
    return names


_FORMULAS = _formulas()

# -- where an operation is undefined ---------------------------------------------------------------


def _no_real_power(x: Any, y: Any) -> Any:
    fine = (x > 0) | (x != x) | (y != y) | ((x == 0) & (y > 0))
    return ~(fine | ((y == floor(y)) & ((x != 0) | (y >= 0))))


OUTSIDE: dict[Domain, Callable[..., Mask]] = {
    ops.above_zero: lambda x: x <= 0,
    ops.from_zero: lambda x: x < 0,
    ops.above_minus_one: lambda x: x <= -1,
    ops.within_one: lambda x: absolute(x) > 1,
    ops.nonzero_divisor: lambda x, y: y == 0,
    ops.real_power: _no_real_power,
}

# -- the operations --------------------------------------------------------------------------------

ARITHMETIC: dict[str, Callable[..., Any]] = {
    "+": lambda x, y: x + y,
    "-": lambda x, y: x - y,
    "*": lambda x, y: x * y,
    "/": lambda x, y: x / y,
    "neg": lambda x: -x,
}
GATE = Elementwise(2, lambda x, y: x * _sign(y))  # the gradient of a relu, which gave y
CONSTANTS: dict[
    str, list[tuple[int, ...]]
] = {  # the last operands, of which there is a kernel for each of these
    "normal_density": [(n,) for n in range(6)],
    "power_log": [(n,) for n in range(6)],
    "power_partial": [(k, n) for k, n in product(range(6), repeat=2) if k + n <= 5],
}
MANY = {
    "total",
    "mean",
    "dot",
    "logsumexp",
    "cross_entropy",
    "pos",
    "detach",
}  # are not done lane by lane


def _root_power(x: Any) -> Any:
    return 1.0 / root(x)


def _root_power_derivative(x: Any) -> Any:
    return where(x == math.inf, 0.0, -0.5 * ((1.0 / x) / root(x)))


SPECIAL = {  # powers that need no logarithm; RMSNorm takes them
    kernel_name("**", (-0.5,)): Elementwise(1, _root_power, OUTSIDE[ops.above_zero]),
    kernel_name("power_derivative", (-0.5,)): Elementwise(1, _root_power_derivative),
}


def elementwise_operations() -> dict[str, Elementwise]:
    """Return all operations that are done lane by lane, by the names of their kernels."""
    found: dict[str, Elementwise] = {}
    for name, row in OPERATIONS.items():
        if name in MANY:
            continue
        function = ARITHMETIC.get(name) or _FORMULAS["power" if name == "**" else name]
        outside = OUTSIDE[row.domain] if row.domain else None
        for constants in CONSTANTS.get(name, [()]):
            count = (row.arity or 0) - len(constants)
            found[kernel_name(name, constants)] = Elementwise(
                count, _with_constants(function, constants), outside
            )
    return found | SPECIAL | {"gate": GATE}


def _with_constants(function: Callable[..., Any], constants: tuple[float, ...]) -> Any:
    return (lambda *x: function(*x, *constants)) if constants else function
