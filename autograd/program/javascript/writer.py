"""The JavaScript writer: a line a step while a function stays small, loops over groups beyond.

V8 compiles a function of a thousand operands well. A longer one it may leave to its interpreter,
which is a tenth as fast: Chromium 156 does so with the gradient of a 2-16-16-1 network.
"""

from collections.abc import Sequence

from autograd.program.javascript.loops import Loops
from autograd.program.library import script
from autograd.program.steps import (
    Lines,
    RowSum,
    Trace,
    Traced,
    functions_called,
    javascript_literal,
    means_of_rows,
    needed,
    needed_for,
    sum_of,
)

MOST_OPERANDS = 1000  # of a function with a line a step
INDENT = "  "


def write_run(traced: Traced, sums: Sequence[RowSum]) -> str:
    """Return the text of ``run(parameters, columns)``.

    It takes an array of numbers and one for each column, and returns an object: the mean
    ``output``, and the ``gradient`` as a list. It throws a RangeError for wrong lengths.
    """
    steps = needed_for(traced.trace, sums)
    n_products = sum(len(row_sum.products) for row_sum in sums)
    if _is_long(traced.trace, steps, 2 * n_products):
        loops = Loops(traced.trace, steps)
        body = loops.run(sums)
        tables = [*loops.tables, *loops.parts]
        return _text("run", traced.trace, tables, body, loops.functions)
    lines = Lines("javascript", javascript_literal, traced.trace, steps)
    body = _opened(lines)
    if not lines.inputs:
        means = [sum_of(lines.summed(row_sum) + lines.fixed(row_sum)) for row_sum in sums]
    else:
        totals = lines.totals()
        body += [f"let {', '.join(f'{name} = 0' for name in totals)};", *_loop(lines)]
        for name, row_sum in zip(totals, sums, strict=True):
            if terms := lines.summed(row_sum):
                body.append(f"{INDENT}{name} += {sum_of(terms)};")
        body.append("}")
        means = means_of_rows(lines, totals, sums)
    body.append(f"return {{ output: {means[0]}, gradient: [{', '.join(means[1:])}] }};")
    return _text("run", traced.trace, [], body, functions_called({*body}))


def write_evaluate(traced: Traced) -> str:
    """Return the text of ``evaluate(parameters, columns)``: for each row a list of the outputs."""
    steps = needed(traced.trace, traced.outputs)
    if _is_long(traced.trace, steps, len(traced.outputs)):
        loops = Loops(traced.trace, steps)
        body = loops.evaluate(traced.outputs)
        tables = [*loops.tables, *loops.parts]
        return _text("evaluate", traced.trace, tables, body, loops.functions)
    lines = Lines("javascript", javascript_literal, traced.trace, steps)
    outputs = f"[{', '.join(map(lines.operand, traced.outputs))}]"
    body = _opened(lines)
    if lines.inputs:
        body += ["const results = [];", *_loop(lines)]
        body += [f"{INDENT}results.push({outputs});", "}", "return results;"]
    else:
        body.append(f"return [{outputs}];")
    return _text("evaluate", traced.trace, [], body, functions_called({*body}))


def _is_long(trace: Trace, steps: Sequence[int], n_more: int) -> bool:
    return sum(len(trace.operands[step]) for step in steps) + n_more > MOST_OPERANDS


def _opened(lines: Lines) -> list[str]:
    parameters = [f"const [{', '.join(lines.parameters)}] = parameters;"]
    return parameters * bool(lines.parameters) + [f"const {n} = {text};" for n, text in lines.once]


def _loop(lines: Lines) -> list[str]:
    """Return the loop over the rows, with the lines of every row; it is still open."""
    inputs = [f"{name} = columns[{k}][row]" for k, name in enumerate(lines.inputs)]
    return [
        "const rows = columns[0].length;",
        "for (let row = 0; row < rows; row++) {",
        f"{INDENT}const {', '.join(inputs)};",
        *[f"{INDENT}const {name} = {text};" for name, text in lines.each_row],
    ]


def _text(
    name: str, trace: Trace, tables: Sequence[str], body: Sequence[str], functions: set[str]
) -> str:
    n_parameters, n_columns = len(trace.steps_of("parameter")), len(trace.steps_of("input"))
    check = f"check_lengths(parameters, columns, {n_parameters}, {n_columns});"
    lines = [INDENT + line for line in [check, *body]]
    function = [f"function {name}(parameters, columns = []) {{", *lines, "}"]
    parts = [script({"check_lengths", *functions}), "\n".join(tables), "\n".join(function)]
    return "\n\n\n".join(filter(None, parts)) + "\n"
