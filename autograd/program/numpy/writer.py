"""The NumPy writer: the matrix code that a person would write, found in the scalar graph.

``program`` takes and returns matrices; ``run`` is the same on flat arrays. Where no matrices can be
found, ``flat`` writes.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from autograd.notation import SUM, TIGHTEST
from autograd.program.library import functions_of, library
from autograd.program.numpy.arrays import Index, IrregularError, affine
from autograd.program.numpy.flat import write_evaluate as write_evaluate_flat
from autograd.program.numpy.flat import write_run as write_run_flat
from autograd.program.numpy.matrices import Matrices
from autograd.program.numpy.statements import Expression, Read
from autograd.program.numpy.sums import mean_of, means_of
from autograd.program.steps import Names, Plan, RowSum, Traced, functions_called

WIDTH = 90
INDENT = "    "
FUNCTIONS = functions_of("numpy")
ROWS_AT_ONCE = 2048  # of a layer of 64, a block of float64 is 1 MB and stays in the cache


def write_run(traced: Traced, sums: Sequence[RowSum], plan: Plan) -> str:
    """Return the text of ``run(parameters, columns)``: the mean output and its gradient."""
    try:
        m = Matrices(traced.trace, plan.groups, Names(FUNCTIONS))
        results = {m.names.fresh("loss"): mean_of(m, sums[0])}
        for name, members in m.parameters.items():
            gradient = means_of(m, m.shapes[name], [sums[1 + k] for k in members])
            results[m.names.fresh(f"d_{name}")] = gradient
        return _Writer(m, results).run()
    except IrregularError:
        return write_run_flat(traced, sums, plan)


def write_evaluate(traced: Traced, plan: Plan) -> str:
    """Return the text of ``evaluate(parameters, columns)``: an array of (outputs, rows)."""
    try:
        m = Matrices(traced.trace, plan.groups, Names(FUNCTIONS))
        if not all(traced.trace.varies[step] for step in traced.outputs):
            raise IrregularError
        outputs = Expression("{0}", [m.read(traced.outputs, spread=False)], TIGHTEST)
        return _Writer(m, {m.names.fresh("outputs"): outputs}).evaluate()
    except IrregularError:
        return write_evaluate_flat(traced, plan)


class _Writer:
    """Writes the statements of some matrices, and of the results that are read from them."""

    def __init__(self, matrices: Matrices, results: Mapping[str, Expression]) -> None:
        self.matrices = matrices
        self.results = results
        self._inlined: dict[str, Expression] = {}
        self._called: dict[str, str] = {}

    def run(self) -> str:
        doc = "Return the mean output of all rows, and its derivative in each parameter."
        return self._module(doc, self._flat_run())

    def evaluate(self) -> str:
        return self._module(
            "Return the outputs: a line for each, and a column a row.", self._flat_evaluate()
        )

    def _module(self, doc: str, flat: Sequence[str]) -> str:
        m = self.matrices
        lines = self._lines()
        if any(re.search(r"\brows\b", line) for line in lines) and m.inputs:
            lines.insert(0, f"rows = {next(iter(m.inputs))}.shape[1]")
        head = f"def program({', '.join([*m.parameters, *m.inputs])}):"
        body = [f'"""{doc}"""', *lines, f"return {', '.join(self.results)}"]
        tables = [f"{name} = np.array({text})" for text, name in m.tables.items()]
        parts = [
            library("numpy", {"np", *functions_called(set(lines))}),
            "\n".join([f"ROWS_AT_ONCE = {ROWS_AT_ONCE}", *tables]),
            "\n".join([head, *[INDENT + line for line in body]]),
            "\n".join(flat),
        ]
        return "\n\n\n".join(parts) + "\n"

    # -- the statements as lines ---------------------------------------------------------------

    def _lines(self) -> list[str]:
        """Return a line a statement; what is read once, and whole, stands where it is read."""
        statements = self.matrices.statements
        expressions = [*[s.expression for s in statements], *self.results.values()]
        uses = Counter(read.array for e in expressions for read in e.reads)
        parts = {read.array for e in expressions for read in e.reads if read.taken}
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
        return lines + [f"{name} = {self._text(e)}" for name, e in self.results.items()]

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

    def _view(self, array: str, size: int, positions: Sequence[int], shape: Index) -> str:
        """Return the part of a flat array at some positions: a view if it is regular."""
        try:
            return affine(array, size, positions, shape)
        except IrregularError:
            if len(shape) == 1:
                return f"{array}[{self.matrices.table(list(positions))}]"
            width = shape[-1]
            lines = [list(positions[k : k + width]) for k in range(0, len(positions), width)]
            return f"{array}[{self.matrices.table(lines)}]"

    def _arguments(self, views: Mapping[str, str]) -> list[str]:
        """Return what ``program`` is called with, a line each."""
        inputs = self.matrices.inputs.values()
        n = sum(map(len, inputs))
        columns = [self._view("columns", n, members, (len(members),)) for members in inputs]
        parts = [view.format("parameters") for view in views.values()] + columns
        return [f"{INDENT}{part}," for part in parts]

    def _views(self) -> dict[str, str]:
        """Return, for each array of parameters, which part of a flat array it is."""
        m = self.matrices
        n = sum(map(len, m.parameters.values()))
        return {name: self._view("{}", n, of, m.shapes[name]) for name, of in m.parameters.items()}

    def _flat_run(self) -> list[str]:
        views, gradient = self._views(), self.matrices.names.fresh("gradient")
        loss, *partials = self.results
        doc = '"""Do it on flat arrays: the parameters in their order, a column for each input."""'
        lines = [doc, f"{', '.join(self.results)} = program(", *self._arguments(views), ")"]
        lines.append(f"{gradient} = np.empty({sum(map(len, self.matrices.parameters.values()))})")
        for view, partial in zip(views.values(), partials, strict=True):
            place = view.format(gradient)
            lines.append(f"{place}{'' if place.endswith(']') else '[:]'} = {partial}")
        lines.append(f"return {loss}, {gradient}")
        return ["def run(parameters, columns):", *[INDENT + line for line in lines]]

    def _flat_evaluate(self) -> list[str]:
        doc = '"""Do it on flat arrays: the parameters in their order, a column for each input."""'
        lines = [doc, "return program(", *self._arguments(self._views()), ")"]
        return ["def evaluate(parameters, columns):", *[INDENT + line for line in lines]]
