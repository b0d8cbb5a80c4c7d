"""Is it the same graph? What a program computes, beside a graph that is built anew."""

from collections.abc import Sequence
from math import isclose
from typing import Any

from autograd.calculus import gradients
from autograd.numeric import Number, shown
from autograd.program.running import Graph, name_of
from autograd.value import Value

TOLERANCE = 1e-6  # far above what rounding does, far below what a wrong branch does


def outputs_of(built: Any, count: int, k: int) -> list[Value]:
    """Return what was built for row ``k`` as a list; raises TypeError for another count."""
    outputs = list(built) if isinstance(built, list | tuple) and count > 1 else [built]
    if len(outputs) != count or not all(isinstance(output, Value) for output in outputs):
        wanted = "a Value" if count == 1 else f"a list of {count} Values"
        raise TypeError(f"build returned {built!r:.60} for row {k}; it must return {wanted}")
    return outputs


def difference(
    graph: Graph, built: Sequence[Value], row: Sequence[Number], found: Sequence[Number],
    parameters: Sequence[Value], called: str,
) -> str:  # fmt: skip
    """Return which number differs in the outputs that were built anew for a row, "" if none does.

    ``found`` is what the program has: its outputs; or a single one, and its derivative in each of
    the parameters.

    Rounding can carry a number over a kink, where a derivative jumps. So what differs is compared
    with the program's own graph too, as the engine runs it: that one rounds as the new graph does,
    and differs only where it is another graph.
    """
    anew = _numbers_of(built, parameters)
    differing = [k for k, pair in enumerate(zip(anew, found, strict=True)) if _differ(*pair)]
    if not differing:
        return ""
    own = graph.with_numbers([parameter.data for parameter in graph.parameters], row)
    copies = dict(zip(graph.parameters, own.parameters, strict=True))
    kept = _numbers_of(own.outputs, [copies[parameter] for parameter in parameters])
    for k in differing:
        if _differ(anew[k], kept[k]):
            name = _names(built, parameters, called)[k]
            return f"built anew, {name} is {shown(anew[k])}; the program has {shown(found[k])}"
    return ""


def _numbers_of(outputs: Sequence[Value], parameters: Sequence[Value]) -> list[Any]:
    """Return the data of outputs; of a single one, followed by its derivatives."""
    if len(outputs) > 1 or not parameters:
        return [output.data for output in outputs]
    return [outputs[0].data, *gradients(outputs[0], parameters)]


def _names(outputs: Sequence[Value], parameters: Sequence[Value], called: str) -> list[str]:
    if len(outputs) > 1:
        return [f"{called} {k}" for k in range(len(outputs))]
    return [f"the {called}", *[f"∂{called}/∂{name_of(parameter)}" for parameter in parameters]]


def _differ(one: Any, other: Any) -> bool:
    both_nan = one != one and other != other
    close = isclose(one, other, rel_tol=TOLERANCE, abs_tol=TOLERANCE * TOLERANCE)
    return not both_nan and not close
