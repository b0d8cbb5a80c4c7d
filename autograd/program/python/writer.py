"""The Python writer: a line a step, forward and then backward, with the standard library alone."""

import textwrap
from collections.abc import Sequence

from autograd.program.library import library
from autograd.program.steps import (
    Line,
    Lines,
    Plan,
    RowSum,
    Traced,
    functions_called,
    literal,
    means_of_rows,
    sum_of,
)

WIDTH = 100
INDENT = "    "


def write_run(traced: Traced, sums: Sequence[RowSum], plan: Plan) -> str:
    """Return the text of ``run(parameters, columns)``: the mean output and its gradients."""
    lines = Lines("python", literal, traced.trace, plan.steps)
    doc = "Return the mean output of all rows, and its derivative in each parameter."
    body = _assignments(lines.once)
    if not lines.inputs:
        means = [sum_of(lines.summed(row_sum) + lines.fixed(row_sum)) for row_sum in sums]
    else:
        totals = lines.totals()
        body += _assigned(totals, "0", f"[0] * {len(totals)}") + _loop(lines.inputs)
        inner = _assignments(lines.each_row)
        for name, row_sum in zip(totals, sums, strict=True):
            if terms := lines.summed(row_sum):
                inner += _wrapped(f"{name} += ", sum_of(terms), "")
        body += [INDENT + line for line in inner]
        body.append("rows = len(columns[0])")
        means = means_of_rows(lines, totals, sums)
    body += _wrapped(f"return {means[0]}, [", ", ".join(means[1:]), "]")
    return _module(lines, "run", doc, body)


def write_evaluate(traced: Traced, plan: Plan) -> str:
    """Return the text of ``evaluate(parameters, columns)``: for each row a tuple of the outputs."""
    lines = Lines("python", literal, traced.trace, plan.steps)
    doc = "Return the outputs of each row, as a list of tuples."
    outputs = f"({', '.join(map(lines.operand, traced.outputs))},)"
    body = _assignments(lines.once)
    if not lines.inputs:
        return _module(lines, "evaluate", doc, [*body, f"return [{outputs}]"])
    inner = [*_assignments(lines.each_row), f"results.append({outputs})"]
    body += ["results = []", *_loop(lines.inputs), *[INDENT + line for line in inner]]
    return _module(lines, "evaluate", doc, [*body, "return results"])


def _module(lines: Lines, name: str, doc: str, body: Sequence[str]) -> str:
    head = [f"def {name}(parameters, columns):", f'{INDENT}"""{doc}"""']
    unpacked = _assigned(lines.parameters, "", "parameters") if lines.parameters else []
    function = "\n".join([*head, *[INDENT + line for line in [*unpacked, *body]]])
    definitions = library("python", functions_called({function}))
    return f"{definitions}\n\n\n{function}\n" if definitions else f"{function}\n"


def _assignments(lines: Sequence[Line]) -> list[str]:
    return [text for line in lines for text in _wrapped(f"{line.name} = ", line.text, "")]


def _loop(inputs: Sequence[str]) -> list[str]:
    return _wrapped("for ", _tuple(inputs), " in zip(*columns, strict=True):")


def _assigned(names: Sequence[str], each: str, together: str) -> list[str]:
    """Return ``a = b = 0`` if that fits on a line, or ``(a, b) = [0] * 2`` on several."""
    chain = " = ".join([*names, each])
    if each and len(chain) < WIDTH - len(INDENT):
        return [chain]
    return _wrapped("", _tuple(names), f" = {together}")


def _tuple(names: Sequence[str]) -> str:
    return f"({names[0]},)" if len(names) == 1 else ", ".join(names)


def _wrapped(before: str, listed: str, behind: str) -> list[str]:
    """Return what is listed, on as many lines as it needs, in parentheses if there are several."""
    one_line = before + listed + behind
    if len(one_line) <= WIDTH - 2 * len(INDENT):
        return [one_line]
    if not before.endswith("["):
        before, behind = f"{before}(", f"){behind}"
    lines = textwrap.wrap(
        listed, WIDTH - 3 * len(INDENT), break_long_words=False, break_on_hyphens=False
    )
    return [before, *[INDENT + line for line in lines], behind]
