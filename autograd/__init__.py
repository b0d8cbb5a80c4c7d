"""chalkgrad: a scalar reverse-mode autodiff engine to step through, draw and teach with.

    from autograd import Value, draw
    a, b = Value(2.0), Value(-3.0)
    c = a * b
    c.backward()
    a.grad, b.grad
    draw(c).save("c.svg")

Read ``autograd/value.py`` first.
"""

import importlib
import os
import warnings
from typing import TYPE_CHECKING, Any

from autograd.calculus import (
    checkpoint,
    cost,
    derivative,
    grad,
    gradients,
    hessian,
    hvp,
    jacobian,
    jvp,
    value_and_grad,
    vjp,
)
from autograd.checking import check_gradients
from autograd.errors import (
    DivisionByZeroError,
    DomainError,
    ExpressionError,
    FrozenBranchError,
    LayoutError,
    NoForwardRuleError,
    NotAGraphError,
    PictureError,
    StaleGraphError,
)
from autograd.graph import first_nonfinite, refresh, zero_grad
from autograd.grouping import group
from autograd.operation import OPERATIONS
from autograd.ops import (
    abs,  # noqa: F401  (public, but left out of __all__: see there)
    acos,
    asin,
    atan,
    cos,
    cosh,
    detach,
    elu,
    erf,
    exp,
    expm1,
    gelu,
    leaky_relu,
    log,
    log1p,
    maximum,
    minimum,
    relu,
    sigmoid,
    silu,
    sin,
    sinh,
    softplus,
    sqrt,
    tan,
    tanh,
)
from autograd.other_words import OF_AUTOGRAD, missing
from autograd.sequences import dot, logsumexp, mean, softmax, total
from autograd.sources import record_sources, sources_of
from autograd.text import formula, tree
from autograd.value import Value

__version__ = "0.1.0"

# ``abs`` and ``compile`` are left out: ``from autograd import *`` shadows no builtin.
__all__ = [
    "DivisionByZeroError", "DomainError", "ExpressionError", "FrozenBranchError", "LayoutError",
    "NoForwardRuleError", "NotAGraphError", "Picture", "PictureError", "Program", "StaleGraphError",
    "Stepper", "Value", "acos", "asin", "atan", "check_gradients", "checkpoint",
    "compare_algorithms", "cos", "cosh", "cost", "derivation", "derivative", "detach", "dot",
    "draw", "elu", "erf", "exp", "explain", "expm1", "first_nonfinite", "formula", "gelu", "grad",
    "gradients", "group", "hessian", "hunt", "hvp", "jacobian", "jvp", "leaky_relu", "lesson",
    "log", "log1p", "logsumexp", "maximum", "mean", "minimum", "record_sources", "refresh", "relu",
    "sigmoid", "silu", "sin", "sinh", "softmax", "softplus", "sources_of", "sqrt", "tan", "tanh",
    "total", "trace", "tree", "unwatch", "value_and_grad", "vjp", "watch", "worksheet", "zero_grad",
]  # fmt: skip

if TYPE_CHECKING:
    from autograd.hunting import hunt
    from autograd.program import Program
    from autograd.program import compile as compile
    from autograd.show.drawing import draw
    from autograd.show.explaining import compare_algorithms, explain
    from autograd.show.handout import derivation, trace
    from autograd.show.pages.board import unwatch, watch
    from autograd.show.pages.lessons import lesson
    from autograd.show.pages.sheets import worksheet
    from autograd.show.picture import Picture
    from autograd.show.stepping import Stepper

ROOM_OF = {
    "Picture": "show.picture",
    "Program": "program",
    "Stepper": "show.stepping",
    "compare_algorithms": "show.explaining",
    "compile": "program",
    "derivation": "show.handout",
    "draw": "show.drawing",
    "explain": "show.explaining",
    "hunt": "hunting",
    "lesson": "show.pages.lessons",
    "trace": "show.handout",
    "unwatch": "show.pages.board",
    "watch": "show.pages.board",
    "worksheet": "show.pages.sheets",
}


def __getattr__(name: str) -> Any:
    """Load a view, or the compiler, when first asked for: a REPL without them starts at once."""
    if name in ROOM_OF:
        return getattr(importlib.import_module(f"autograd.{ROOM_OF[name]}"), name)
    raise missing("autograd", name, OF_AUTOGRAD)


def __dir__() -> list[str]:
    return sorted([*__all__, "abs", "compile"])


for _row in OPERATIONS.values():  # so that help(Value) tells what each method is
    if _row.__doc__ and _row.name in vars(Value):
        vars(Value)[_row.name].__doc__ = _row.__doc__

if os.path.exists(os.path.join(os.path.dirname(__file__), "tracer.py")):
    warnings.warn(
        "HIPS/autograd is installed over chalkgrad: both import as `autograd`; use one of them in "
        "each environment",
        RuntimeWarning,
        stacklevel=2,
    )
