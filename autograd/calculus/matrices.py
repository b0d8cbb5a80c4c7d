"""Matrices of derivatives: one sweep for each input, forwards, or for each output, in reverse."""

from collections.abc import Callable
from typing import Any, Literal

from autograd.calculus.forward import tangents_of
from autograd.calculus.functions import (
    AGAIN,
    GRADIENT,
    arguments,
    is_nested,
    of_function,
    results,
    returned,
)
from autograd.calculus.reverse import gradient_of, gradients


class Matrix(list[list[Any]]):
    """A list of rows that tells the ``mode`` it was computed in, ``"forward"`` or ``"reverse"``."""

    mode: str


@of_function("jacobian(f)(x, y)", of_graph=GRADIENT)
def jacobian(
    f: Callable[..., Any], mode: Literal["forward", "reverse"] | None = None
) -> Callable[..., Matrix]:
    """Return a function of n numbers giving the m × n matrix ∂f_i/∂x_j, as a list of rows.

    ``f`` returns a sequence of m Values; a single Value counts as one row. Forward mode sweeps once
    for each input, reverse mode once for each row. Without a ``mode`` the one with fewer sweeps is
    taken; the matrix tells which: ``jacobian(f)(2.0, 3.0).mode``.
    """
    if mode not in (None, "forward", "reverse"):
        hint = "" if isinstance(mode, str) else "; the point follows, as in jacobian(f)(2.0, 3.0)"
        raise ValueError(f'mode = {mode!r}: it must be "forward", "reverse" or None{hint}')

    def matrix(*point: Any) -> Matrix:
        with arguments(point) as inputs:
            outputs, _ = results(returned(f, inputs))
            nested = is_nested(point, inputs, outputs)
            taken = mode or ("forward" if len(inputs) < len(outputs) else "reverse")
            if taken == "reverse":
                rows = [gradients(output, inputs, create_graph=nested) for output in outputs]
            else:
                columns = [tangents_of(outputs, {x: 1}, nested) for x in inputs]
                rows = [list(row) for row in zip(*columns, strict=True)]
        result = Matrix(rows)
        result.mode = taken
        return result

    return matrix


@of_function("hessian(f)(x, y)", of_graph=AGAIN)
def hessian(f: Callable[..., Any]) -> Callable[..., Matrix]:
    """Return a function of n numbers giving the n × n matrix ∂²f/∂x_i∂x_j, as a list of rows."""
    return jacobian(gradient_of(f))
