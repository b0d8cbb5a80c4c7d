"""The Python writer: a line a step, forward and then backward, with the standard library alone."""

import textwrap
from collections.abc import Sequence

from autograd.program.expressions import functions_called, template
from autograd.program.library import functions_of, library
from autograd.program.naming import Names, literal, step_names
from autograd.program.reducing import RowSum, needed, needed_for
from autograd.program.tracing import LEAVES, Trace, Traced

WIDTH = 100
INDENT = "    "


class Lines:
    """The steps of a trace as lines of Python: those of once, and those of every row."""

    def __init__(self, trace: Trace, steps: Sequence[int]) -> None:
        self.trace = trace
        computed = [step for step in steps if trace.kinds[step] not in LEAVES]
        parameters, inputs = (
            [step for step, kind in enumerate(trace.kinds) if kind == leaf]
            for leaf in ("parameter", "input")
        )
        templates = {
            step: template("python", trace.kinds[step], len(trace.operands[step]))
            for step in computed
        }
        self.fresh = Names(functions_of("python"))
        self.names = step_names(trace, [*parameters, *inputs, *computed], self.fresh)
        self.parameters = [self.names[step] for step in parameters]
        self.inputs = [self.names[step] for step in inputs]
        self.once: list[str] = []
        self.each_row: list[str] = []
        for step in computed:
            text = templates[step].format(*map(self.operand, trace.operands[step]))
            lines = self.each_row if trace.varies[step] else self.once
            lines += _wrapped(f"{self.names[step]} = ", text, "")

    def operand(self, step: int) -> str:
        """Return what a step is called, or the number that it is."""
        return self.names.get(step) or literal(self.trace.numbers[step])

    def summed(self, row_sum: RowSum) -> list[str]:
        """Return the terms of a sum over rows."""
        products = [f"{self.operand(x)}*{self.operand(y)}" for x, y in row_sum.products]
        return products + [self.operand(step) for step in row_sum.singles]

    def fixed(self, row_sum: RowSum) -> list[str]:
        """Return the terms that are the same in every row."""
        return [self.operand(step) for step in row_sum.fixed]


def write_run(traced: Traced, sums: Sequence[RowSum]) -> str:
    """Return the text of ``run(parameters, columns)``: the mean output and its gradients."""
    lines = Lines(traced.trace, needed_for(traced.trace, sums))
    doc = "Return the mean output of all rows, and its derivative in each parameter."
    if not lines.inputs:
        means = [_sum(lines.summed(row_sum) + lines.fixed(row_sum)) for row_sum in sums]
        body = lines.once
    else:
        names = ["output", *[f"d_{name}" for name in lines.parameters]]
        totals = [lines.fresh.fresh(name) for name in names]
        body = lines.once + _assigned(totals, "0", f"[0] * {len(totals)}") + _loop(lines.inputs)
        body += [INDENT + line for line in lines.each_row]
        means = []
        for name, row_sum in zip(totals, sums, strict=True):
            terms, fixed = lines.summed(row_sum), lines.fixed(row_sum)
            if terms:
                body += [INDENT + line for line in _wrapped(f"{name} += ", _sum(terms), "")]
            means.append(_sum([f"{name}/rows", *fixed] if terms else fixed))
        body.append("rows = len(columns[0])")
    body += _wrapped(f"return {means[0]}, [", ", ".join(means[1:]), "]")
    return _module(lines, "run", doc, body)


def write_evaluate(traced: Traced) -> str:
    """Return the text of ``evaluate(parameters, columns)``: for each row a tuple of the outputs."""
    lines = Lines(traced.trace, needed(traced.trace, traced.outputs))
    doc = "Return the outputs of each row, as a list of tuples."
    outputs = f"({', '.join(map(lines.operand, traced.outputs))},)"
    if not lines.inputs:
        return _module(lines, "evaluate", doc, [*lines.once, f"return [{outputs}]"])
    body = [*lines.once, "results = []", *_loop(lines.inputs)]
    body += [INDENT + line for line in lines.each_row]
    body += [f"{INDENT}results.append({outputs})", "return results"]
    return _module(lines, "evaluate", doc, body)


def _module(lines: Lines, name: str, doc: str, body: Sequence[str]) -> str:
    head = [f"def {name}(parameters, columns):", f'{INDENT}"""{doc}"""']
    unpacked = _assigned(lines.parameters, "", "parameters") if lines.parameters else []
    function = "\n".join([*head, *[INDENT + line for line in [*unpacked, *body]]])
    definitions = library("python", functions_called({function}))
    return f"{definitions}\n\n\n{function}\n" if definitions else f"{function}\n"


def _sum(terms: Sequence[str]) -> str:
    return " + ".join(terms) or "0"


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
