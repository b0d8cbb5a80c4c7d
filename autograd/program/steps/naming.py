"""Names: what the steps of a program are called, after labels and layers, in every language."""

import builtins
import keyword
import re
import unicodedata
from collections.abc import Iterable
from math import isfinite

from autograd.numeric import Number, saturated
from autograd.program.steps.tracing import Trace
from autograd.value import Value

JAVASCRIPT_WORDS = """
    arguments await break case catch class const continue debugger default delete do else enum
    eval export extends false finally for function if implements import in Infinity instanceof
    interface let Math NaN new null package private protected public return static super switch
    this throw true try typeof undefined var void while with yield
"""
OWN_WORDS = "columns program run evaluate parameters results row rows np math inf nan Fraction I C"
TAKEN = {*keyword.kwlist, *dir(builtins), *JAVASCRIPT_WORDS.split(), *OWN_WORDS.split()}


class Names:
    """Fresh names: each is given once, and none is a word of a language or in ``taken``."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = TAKEN.union(taken)
        self._counts: dict[str, int] = {}

    def fresh(self, wanted: str) -> str:
        """Return ``wanted``, or the first of ``wanted_2``, ``wanted_3``, ... that is free."""
        name, count = wanted, self._counts.get(wanted, 1)
        while name in self._taken:
            count += 1
            name = f"{wanted}_{count}"
        self._counts[wanted] = count
        self._taken.add(name)
        return name


def identifier(label: str) -> str:
    """Return ``layer0_neuron3_w1`` for the label ``layer0.neuron3.w[1]``; "" if nothing is left."""
    text = unicodedata.normalize("NFKC", label).replace("[", "").replace("]", "")
    text = "".join(letter if f"a{letter}".isidentifier() else "_" for letter in text)
    text = re.sub(r"__+", "_", text).strip("_")
    return f"_{text}" if text and not text.isidentifier() else text


def step_names(trace: Trace, steps: Iterable[int], names: Names) -> dict[int, str]:
    """Return a name for each of ``steps``: its label, its place in a model, or ``t1``, ``t2``, ...

    The gradient of a node ``h`` is called ``d_h``.
    """
    found: dict[int, str] = {}
    of_node: dict[Value, str] = {}
    n_plain = 0
    for step in steps:
        wanted = wanted_name(trace, step)
        if not wanted and (node := trace.gradient_of.get(step)) is not None and node in of_node:
            wanted = f"d_{of_node[node]}"
        if not wanted:
            n_plain += 1
            wanted = f"t{n_plain}"
        found[step] = names.fresh(wanted)
        if (origin := trace.origins[step]) is not None:
            of_node[origin] = found[step]
    return found


def wanted_name(trace: Trace, step: int) -> str:
    """Return a name for a step: the label of its node, or where in a model it is; "" for none."""
    node = trace.origins[step]
    if node is None:
        return ""
    if node.label:
        return identifier(node.label)
    if trace.kinds[step] in ("input", "parameter"):
        return {"input": "x", "parameter": "p"}[trace.kinds[step]] + str(trace.numbers[step])
    scope = getattr(node, "scope", None)
    if scope is None or not scope.path:
        return ""
    made_by = {"linear": "sum", "dot": "sum", "total": "sum"}.get(
        trace.kinds[step], trace.kinds[step]
    )
    return identifier(f"{scope.path}.{made_by}")


def javascript_literal(number: Number) -> str:
    """Return a number as it is typed in JavaScript, as a part of a formula."""
    text = repr(saturated(number)).replace("inf", "Infinity").replace("nan", "NaN")
    return f"({text})" if text.startswith("-") else text


def literal(number: Number) -> str:
    """Return a number as it is typed in Python, as a part of a formula."""
    is_text = isinstance(number, float) and not isfinite(number)
    text = f"float('{number}')" if is_text else repr(number)
    return f"({text})" if text.startswith("-") else text
