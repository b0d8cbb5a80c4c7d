"""A graph as a line that is typed: ``d*d; d=a+a; a=2``, an expression and what its names mean.

A name means a number, or the result of another expression, which may be used more than once.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator
from numbers import Real

from autograd.errors import ExpressionError
from autograd.graph import topological_order
from autograd.text import build, number_of, variables_of
from autograd.value import Value

MOST_NODES = 20  # some bugs follow every path, of which there may be 2**19 then
LONGEST_LINE = 1000
OPERATORS = ("+", "-", "*", "/", "**")
FUNCTIONS = ("relu", "tanh", "exp", "log")
KNOWN = (*OPERATORS, "neg", *FUNCTIONS)
SIMPLE = re.compile(r"[\w.]+(\([^()]*\))?")  # a name, a number or a call
CALL = re.compile(r"(?<![\w.])([^\W\d_]\w*)\s*\(")
DEFINITION = re.compile(r"(?:^|(?<=[\s;,]))([^\W\d]\w*)\s*=(?!=)")


def read_graph(line: str) -> Value:
    """Return the output of the graph that ``line`` describes.

    Raises ExpressionError for what is not such a graph, or is not for the engine of a lecture;
    DomainError where an operation is undefined.
    """
    if len(line) > LONGEST_LINE:
        raise ExpressionError(f"a graph has at most {LONGEST_LINE} characters, and not {len(line)}")
    for name in CALL.findall(line):
        if name not in FUNCTIONS:
            raise _not_offered(name)
    expression, definitions = _split(line)
    held: dict[str, Value] = {}
    while definitions:
        ready = [n for n, text in definitions.items() if not _names(text) & definitions.keys()]
        if not ready:
            raise ExpressionError(f"{next(iter(definitions))} is defined by itself")
        held |= {name: _meaning(name, definitions[name], held) for name in ready}
        definitions = {name: text for name, text in definitions.items() if name not in ready}
    output, _ = build(expression, held)
    require_fit(output)
    return output


def _split(line: str) -> tuple[str, dict[str, str]]:
    """Return the expression of a line, and the text that each name stands for."""
    expressions: list[str] = []
    definitions: dict[str, str] = {}
    for part in line.split(";"):
        before, *pairs = DEFINITION.split(part)
        expressions.append(before.strip(" ,\t"))
        for name, text in zip(pairs[::2], pairs[1::2], strict=True):
            if name in definitions:
                raise ExpressionError(f"{name} is given twice: {definitions[name]} and {text}")
            if variables_of(name) != [name]:
                raise ExpressionError(f"{name} has a meaning already: take another name")
            definitions[name] = text.strip(" ,\t")
    expressions = [expression for expression in expressions if expression]
    if len(expressions) != 1:
        raise ExpressionError(
            f"a graph has one expression, and this has {len(expressions) or 'none'}: "
            "type it as in a*b; a=2; b=3"
        )
    return expressions[0], definitions


def _names(text: str) -> set[str]:
    return set(variables_of(text))


def _meaning(name: str, text: str, held: dict[str, Value]) -> Value:
    if not _names(text):
        return Value(finite(number_of(text), name), label=name)
    node, _ = build(text, held)
    if node.label is None:
        node.label = name
    return node


def finite(number: object, name: str) -> float:
    """Return a number as a finite float; raises ExpressionError if it is not one."""
    try:
        as_float = float(number) if isinstance(number, Real) else math.nan
    except OverflowError:
        as_float = math.inf
    if not math.isfinite(as_float):
        raise ExpressionError(
            f"{name}={number!s:.40} is not a number that an engine can start from"
        )
    return as_float


def require_fit(output: Value) -> None:
    """Raise ExpressionError for a graph that a lecture's engine cannot compute, or a large one."""
    order = topological_order(output)
    for node in order:
        if node.op and node.op not in KNOWN:
            raise _not_offered(node.op)
        if node.op == "**" and not node.parents[1].is_constant:
            raise ExpressionError("this engine's exponents are plain numbers, as in a**2")
    if size(output) > MOST_NODES:
        raise ExpressionError(
            f"{size(output)} nodes are too many: a graph has at most {MOST_NODES}"
        )


def _not_offered(name: str) -> ExpressionError:
    offered = " ".join((*OPERATORS, *FUNCTIONS))
    return ExpressionError(f"this engine has no {name}: it has {offered}")


def size(output: Value) -> int:
    """Return the number of nodes: inputs and results, but not plain numbers such as 2 in a*2."""
    return sum(not node.is_constant for node in topological_order(output))


def texts_of(output: Value) -> dict[Value, str]:
    """Return how each node is written: by its name, or as the expression that made it.

    Inputs and results that are used more than once have a name.
    """
    order = topological_order(output)
    uses = Counter(parent for node in order for parent in node.parents)
    taken = {node.label for node in order}
    fresh = (name for k in range(1, 10**6) if (name := f"x{k}") not in taken)
    texts: dict[Value, str] = {}
    for node in order:
        is_named = not node.parents or (uses[node] > 1 and node is not output)
        if node.is_constant:
            texts[node] = repr(node.data)
        elif is_named or (node.label and node is not output):
            texts[node] = _name(node, texts, fresh)
        else:
            texts[node] = _made_by(node, texts)
    return texts


def _name(node: Value, texts: dict[Value, str], fresh: Iterator[str]) -> str:
    label = node.label or ""
    usable = variables_of(label) == [label] and label not in texts.values()
    return label if usable else next(fresh)


def _made_by(node: Value, texts: dict[Value, str]) -> str:
    operands = [texts[parent] for parent in node.parents]
    if node.op not in OPERATORS and node.op != "neg":
        return f"{node.op}({operands[0]})"
    operands = [text if SIMPLE.fullmatch(text) else f"({text})" for text in operands]
    return f"-{operands[0]}" if node.op == "neg" else node.op.join(operands)


def write_graph(output: Value) -> str:
    """Return the line that ``read_graph`` reads as this graph."""
    texts = texts_of(output)
    parts = [texts[output]]
    for node, text in texts.items():
        if not node.parents and not node.is_constant:
            parts.append(f"{text}={node.data!r}")
        elif node.parents and node is not output and text.isidentifier():
            parts.append(f"{text}={_made_by(node, texts)}")
    return "; ".join(parts)
