"""Rules for a page: each operation of a graph, and its local derivatives, as JavaScript.

A page that lets somebody change a leaf computes every node and every local derivative again. The
nodes of a graph share few rules, so the script has a function a rule, and the graph is data.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from autograd.notation import letters_of
from autograd.operation import OPERATIONS
from autograd.program.library import script
from autograd.program.steps import Lines, Trace, functions_called, javascript_literal, needed
from autograd.value import Value

MOST_WITH_CONSTANTS = 3  # operands; with more of them, a rule takes its constants as operands


class Rules(NamedTuple):
    """A script that defines ``RULES``, a list, and for each node the place of its rule there.

    A rule is an object of functions: ``value(x0, x1, ...)``; ``locals(out, x0, x1, ...)``, which
    returns a list; ``holds(x0, x1, ...)``, whether the operands are in the domain. A leaf and a
    one-off node have none.
    """

    script: str
    rule_of: dict[Any, int]


def write_rules(nodes: Iterable[Value]) -> Rules:
    """Return the rules of ``nodes``, each once."""
    known: dict[Any, int] = {}
    texts: list[str] = []
    rule_of: dict[Any, int] = {}
    for node in nodes:
        if not node.parents or OPERATIONS.get(node.operation.name) is not node.operation:
            continue
        key = (node.operation.name, len(node.parents), _constants(node))
        if key not in known:
            known[key] = len(texts)
            texts.append(_rule(node))
        rule_of[node] = known[key]
    functions = script(functions_called({*texts}))
    listed = ",\n".join(texts)
    return Rules(f"{functions}\n\nconst RULES = [\n{listed}\n];\n", rule_of)


def _constants(node: Value) -> tuple[tuple[int, Any], ...]:
    """Return the constants that a rule is written for, such as an exponent, by their places."""
    if len(node.parents) > MOST_WITH_CONSTANTS:
        return ()
    return tuple(
        (k, repr(parent.data)) for k, parent in enumerate(node.parents) if parent.is_constant
    )


def _rule(node: Value) -> str:
    """Return the rule of ``node`` as the text of an object."""
    fixed = {k for k, _ in _constants(node)}
    operands: list[Any] = [
        parent.data if k in fixed else Value(parent.data, label=f"x{k}")
        for k, parent in enumerate(node.parents)
    ]
    out = Value.record_operation(node.operation, tuple(operands))
    out.label = "out"
    parts = [
        f"value: {_function(operands, [out], returns_list=False)}",
        f"locals: {_function([out, *operands], _derivatives(out, operands), returns_list=True)}",
    ]
    if node.operation.domain and node.operation.domain.javascript:
        letters = ", ".join(letters_of(len(operands)))
        parts.append(f"holds: ({letters}) => {node.operation.domain.javascript}")
    return f"  {{ {', '.join(parts)} }}"


def _derivatives(out: Value, operands: Sequence[Any]) -> list[Any]:
    """Return ∂out/∂operand for each, Values where they vary; 0 for bare numbers."""
    found = out.operation.derivatives(out, *operands)
    locals_ = found if isinstance(found, tuple) else (found,)
    return [
        local if isinstance(operand, Value) else 0
        for local, operand in zip(locals_, operands, strict=True)
    ]


def _function(operands: Sequence[Any], results: Sequence[Any], *, returns_list: bool) -> str:
    """Return a function of ``operands``; those that are bare numbers it does not look at."""
    trace, steps = Trace(), dict[Value, int]()
    for k, operand in enumerate(operands):
        if isinstance(operand, Value):
            steps[operand] = trace.add("input", (), k)
            trace.origins[steps[operand]] = operand
    trace.extend([result for result in results if isinstance(result, Value)], steps)
    found = [
        steps[result] if isinstance(result, Value) else trace.constant(result) for result in results
    ]
    lines = Lines("javascript", javascript_literal, trace, needed(trace, found))
    takes = ", ".join(
        lines.names[steps[operand]] if isinstance(operand, Value) else f"_{k}"
        for k, operand in enumerate(operands)
    )
    texts = ", ".join(map(lines.operand, found))
    returned = f"[{texts}]" if returns_list else texts
    body = [f"const {name} = {text};" for name, text in [*lines.once, *lines.each_row]]
    if not body:
        return f"({takes}) => {returned}"
    return f"({takes}) => {{ {' '.join(body)} return {returned}; }}"
