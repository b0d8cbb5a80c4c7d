"""The NumPy writer: the matrix code that a person would write, found in the scalar graph.

``program`` takes and returns matrices; ``run`` is the same on flat arrays. Where no matrices can be
found, ``numpy_flat`` writes.
"""

from collections import Counter
from collections.abc import Sequence

from autograd.notation import SUM
from autograd.program import numpy_flat
from autograd.program.arrays import Index, Irregular, affine
from autograd.program.expressions import functions_called
from autograd.program.library import library
from autograd.program.matrices import Expression, Matrices, Read, Statement
from autograd.program.naming import Names
from autograd.program.reducing import RowSum, needed_for
from autograd.program.sums import mean_of, means_of
from autograd.program.tracing import Traced

WIDTH = 90
INDENT = "    "
ROWS_AT_ONCE = 2048  # of a layer of 64, a block of float64 is 1 MB and stays in the cache


def write_run(traced: Traced, sums: Sequence[RowSum]) -> str:
    """Return the text of ``run(parameters, columns)``: the mean output and its gradient."""
    try:
        return _Writer(Matrices(traced.trace, needed_for(traced.trace, sums), Names())).run(sums)
    except Irregular:
        return numpy_flat.write_run(traced, sums)


def write_evaluate(traced: Traced) -> str:
    """Return the text of ``evaluate(parameters, columns)``: an array of (outputs, rows)."""
    return numpy_flat.write_evaluate(traced)


class _Writer:
    def __init__(self, matrices: Matrices) -> None:
        self.matrices = matrices
        self.results: list[Statement] = []
        self._inlined: dict[str, Expression] = {}
        self._called: dict[str, str] = {}

    def run(self, sums: Sequence[RowSum]) -> str:
        m = self.matrices
        loss = m.names.fresh("loss")
        self.results.append(Statement(loss, mean_of(m, sums[0]), []))
        for name, members in m.parameters.items():
            gradient = means_of(m, m.shapes[name], [sums[1 + k] for k in members])
            self.results.append(Statement(m.names.fresh(f"d_{name}"), gradient, []))
        lines = self._lines()
        uses_rows = any("rows" in line for line in lines)
        rows = [f"rows = {next(iter(m.inputs))}.shape[1]"] if uses_rows and m.inputs else []
        head = f"def program({', '.join([*m.parameters, *m.inputs])}):"
        doc = '"""Return the mean output of all rows, and its derivative in each parameter."""'
        names = ", ".join(statement.name for statement in self.results)
        body = [head, *[INDENT + line for line in [doc, *rows, *lines, f"return {names}"]]]
        flat = self._flat()
        parts = [
            library("numpy", {"np", *functions_called(set(lines))}),
            *self._tables(),
            f"ROWS_AT_ONCE = {ROWS_AT_ONCE}",
            "\n".join(body),
            "\n".join(flat),
        ]
        return "\n\n\n".join(parts) + "\n"

    def _tables(self) -> list[str]:
        return [
            f"{name} = np.array({text})" for text, name in self.matrices.tables.items()
        ]

    # -- the statements as lines ---------------------------------------------------------------

    def _lines(self) -> list[str]:
        """Return a line a statement; what is read once, and whole, stands where it is read."""
        statements = self.matrices.statements
        uses = Counter(r.array for s in [*statements, *self.results] for r in s.expression.reads)
        parts = {r.array for s in [*statements, *self.results] for r in s.expression.reads if r.taken}
        n_unnamed = 0
        for statement in statements:
            name = statement.name
            is_short = len(self._text(statement.expression)) < WIDTH / 2
            if uses[name] == 1 and name not in parts and is_short:
                self._inlined[name] = statement.expression
                continue
            base, _, _ = name.rpartition("#")
            own = base.removeprefix("d_")
            if base == "t":
                n_unnamed += 1
                base = f"t{n_unnamed}"
            elif "#" in own:
                base = f"d_{self._called.get(own, own.partition('#')[0])}"
            self._called[name] = self.matrices.names.fresh(base)
        kept = [s for s in statements if s.name in self._called]
        lines = [f"{self._called[s.name]} = {self._text(s.expression)}" for s in kept]
        return lines + [f"{s.name} = {self._text(s.expression)}" for s in self.results]

    def _text(self, expression: Expression) -> str:
        return expression.text.format(*map(self._read, expression.reads))

    def _read(self, read: Read) -> str:
        if read.array in self._inlined:
            expression = self._inlined[read.array]
            text = self._text(expression)
            return f"({text})" if expression.binding < read.binding else text
        text = self._called.get(read.array, read.array) + read.taken
        return f"({text})" if text.startswith("-") and read.binding > SUM else text

    # -- flat arrays ---------------------------------------------------------------------------

    def _view(self, array: str, positions: Sequence[int], shape: Index) -> str:
        """Return the part of a flat array at some positions: a view if it is regular."""
        try:
            return affine(array, positions, shape)
        except Irregular:
            width = shape[-1]
            lines = [positions[k : k + width] for k in range(0, len(positions), width)]
            lines = lines if len(shape) == 2 else [positions]
            return f"{array}[{self.matrices.table([list(line) for line in lines])}]"

    def _flat(self) -> list[str]:
        """Return ``run(parameters, columns)``, which calls ``program``."""
        m = self.matrices
        n = sum(map(len, m.parameters.values()))
        views = {
            name: self._view("{}", members, m.shapes[name])
            for name, members in m.parameters.items()
        }
        columns = [self._view("columns", of, (len(of),)) for of in m.inputs.values()]
        arguments = [view.format("parameters") for view in views.values()] + columns
        results = [statement.name for statement in self.results]
        lines = [f"{', '.join(results)} = program("]
        lines += [f"{INDENT}{argument}," for argument in arguments] + [")"]
        gradient = m.names.fresh("gradient")
        lines.append(f"{gradient} = np.empty({n})")
        for (name, view), result in zip(views.items(), results[1:], strict=True):
            place = view.format(gradient)
            lines.append(f"{place}{'' if place.endswith(']') else '[:]'} = {result}")
        head = "def run(parameters, columns):"
        doc = '"""Do it on flat arrays: the parameters in order, and a column of numbers an input."""'
        return [head, *[INDENT + line for line in [doc, *lines, f"return {results[0]}, {gradient}"]]]
