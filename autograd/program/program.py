"""Program: a graph of Values, compiled, that runs on many rows of numbers."""

import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, Never

from autograd.accumulating import accumulate_in_leaves
from autograd.errors import FrozenBranchError
from autograd.numeric import Number
from autograd.program.backends import BACKENDS
from autograd.program.javascript import write_evaluate, write_run
from autograd.program.running import Backend, Function, Graph, name_of, require_one_list
from autograd.program.steps import (
    LEAVES,
    Plan,
    Trace,
    needed,
    needed_for,
    plan_of,
    row_sums,
    traced,
    traced_with_gradients,
)
from autograd.program.verifying import difference, outputs_of
from autograd.value import Value

Numbers = Any  # a sequence or an array of numbers
Columns = Any  # a sequence of them, one for each input, or an array of (inputs, rows)


class Program:
    """A graph that runs on numbers: made by ``compile``.

        loss = program(columns)                  adds the gradient to each parameter's grad
        loss, gradient = program.run(numbers, columns)            touches no Value
        outputs = program.evaluate(columns)                       the forward pass alone

    ``columns`` has one sequence of numbers for each input, all as long as there are rows; the loss
    is the mean of the output over the rows. A program without inputs runs its one graph again.

    An operation outside its domain raises DomainError, naming row and node. Where the mean or its
    gradient is NaN, a RuntimeWarning names the row and the node where it began.
    """

    def __init__(self, graph: Graph, backend: str) -> None:
        self._graph = graph
        self.backend = backend
        self.counts: dict[str, int] = {}  # how many nodes, steps and groups each pass leaves
        self._written: dict[str, Any] = {}  # by what it is to do
        self._without_effect: list[str] = []
        self.operations: Counter[str] = Counter()
        self._entry = "run" if len(graph.outputs) == 1 else "evaluate"
        self._function(self._entry)

    @property
    def inputs(self) -> list[Value]:
        """The leaves that vary from row to row, in the order of the columns."""
        return list(self._graph.inputs)

    @property
    def parameters(self) -> list[Value]:
        """The leaves that it is differentiated in, in the order of the gradient."""
        return list(self._graph.parameters)

    # -- running -------------------------------------------------------------------------------

    def __call__(self, columns: Columns = (), *more: Never) -> Any:
        """Return the mean output of all rows; add its gradient to the parameters' ``grad``."""
        require_one_list(columns, *more)
        parameters = self._graph.parameters
        numbers = self._backend.packed([p._number for p in parameters])  # data, at once
        loss, gradient = self.run(numbers, columns)
        listed = gradient if isinstance(gradient, list) else gradient.tolist()
        accumulate_in_leaves(parameters, listed)
        return loss

    def run(self, parameters: Numbers, columns: Columns = ()) -> tuple[Any, Any]:
        """Return the mean output and its derivative in each parameter, in their order.

        The gradient is a list, with NumPy an array. Raises ValueError for several outputs, and for
        numbers and columns of wrong lengths.
        """
        if len(self._graph.outputs) != 1:
            raise ValueError(
                f"the program has {len(self._graph.outputs)} outputs: evaluate runs it; to run it "
                "backward, compile the one output to differentiate"
            )
        backend, function = self._backend, self._function("run")
        numbers = backend.numbers(parameters, self._graph)
        checked = backend.columns(columns, self._graph)
        try:
            loss, gradient = backend.run(function, numbers, checked)
        except backend.raised:
            for k in self._rows_that_raise(function, numbers, checked):
                self._graph.of_row(k, numbers, backend.rows(backend.part(checked, k, k + 1))[0])
            loss, gradient = backend.run_anyway(function, self._graph, numbers, checked)
        if backend.holds_nan(loss, gradient):
            warnings.warn(self._why_nan(function, numbers, checked), RuntimeWarning, stacklevel=2)
        return loss, gradient

    def evaluate(self, columns: Columns = (), parameters: Numbers | None = None) -> list[Any]:
        """Return the output of each row, with the parameters' current data unless it is given.

        Of several outputs, a tuple of them for each row. Raises as ``run`` does.
        """
        backend, function = self._backend, self._function("evaluate")
        if parameters is None:
            parameters = [p.data for p in self._graph.parameters]
        numbers = backend.numbers(parameters, self._graph)
        checked = backend.columns(columns, self._graph)
        results = self._evaluated(function, numbers, checked, 0, backend.n_rows(checked))
        return [result[0] for result in results] if len(self._graph.outputs) == 1 else results

    # -- where a row goes wrong ----------------------------------------------------------------

    def _rows_that_raise(self, function: Function, numbers: Any, columns: Any) -> Iterator[int]:
        """Yield the rows that the function cannot run alone, found by halving."""
        ahead = [(0, self._backend.n_rows(columns))]
        while ahead:
            start, stop = ahead.pop()
            try:
                self._backend.run(function, numbers, self._backend.part(columns, start, stop))
            except self._backend.raised:
                if stop - start == 1:
                    yield start
                else:
                    middle = (start + stop) // 2
                    ahead += [(middle, stop), (start, middle)]

    def _evaluated(
        self, function: Function, numbers: Any, columns: Any, start: int, stop: int
    ) -> list[tuple[Any, ...]]:
        """Return the outputs of some rows; the engine runs those that the function cannot."""
        backend = self._backend
        part = backend.part(columns, start, stop)
        try:
            return backend.evaluate(function, numbers, part)
        except backend.raised:
            if stop - start == 1:
                graph = self._graph.of_row(start, numbers, backend.rows(part)[0])
                return [tuple(output.data for output in graph.outputs)]
        middle = (start + stop) // 2
        halves = (start, middle), (middle, stop)
        return [
            row for half in halves for row in self._evaluated(function, numbers, columns, *half)
        ]

    def _why_nan(self, function: Function, numbers: Any, columns: Any) -> str:
        """Return what the first row that gives NaN is, and where in it NaN begins."""
        backend, start, stop = self._backend, 0, self._backend.n_rows(columns)
        while stop - start > 1:
            middle = (start + stop) // 2
            part = backend.part(columns, start, middle)
            loss, gradient = backend.run_anyway(function, self._graph, numbers, part)
            start, stop = (start, middle) if backend.holds_nan(loss, gradient) else (middle, stop)
        row = backend.rows(backend.part(columns, start, stop))[0]
        return f"the result is nan; {self._graph.why_nan(start, numbers, row)}"

    # -- is it the same graph? -----------------------------------------------------------------

    def verify(self, build: Callable[..., Any], rows: Iterable[Sequence[Number]]) -> None:
        """Build the graph anew for some rows and compare the output and its gradient.

        ``build`` takes the numbers of a row, in the order of the inputs, and returns the output,
        made of the same parameters; of a program of several outputs, a list of them, and values
        alone are compared. Raises FrozenBranchError where it differs from the program: then an
        ``if`` on data, or an index, was decided when the graph was traced.
        """
        for k, row in enumerate(rows):
            if isinstance(row, str) or not isinstance(row, Iterable):
                raise TypeError(
                    f"row {k} is a list of numbers, one for each input, not {row!r:.60}"
                )
            if told := self.difference(outputs_of(build(*row), len(self._graph.outputs), k), row):
                raise FrozenBranchError(
                    f"{self._graph.called(k, row)}: {told}. Its graph depends on the data, by an "
                    "`if` or an index, and was frozen as it was when compiled: use maximum for "
                    "such a choice, or compile a program for each case"
                )

    def difference(
        self, built: Sequence[Value], row: Sequence[Number],
        parameters: Sequence[Value] | None = None, called: str = "output",
    ) -> str:  # fmt: skip
        """Return which number of a row differs in outputs that were built anew, "" if none does.

        They are made of the same parameters. Of a single output its derivatives are compared too,
        in all parameters unless some are given.
        """
        columns, own = [[number] for number in row], self._graph.parameters
        parameters = own if parameters is None else parameters
        if len(built) > 1:
            found = list(self.evaluate(columns)[0])
        else:
            mean, gradient = self.run([parameter.data for parameter in own], columns)
            places = {parameter: k for k, parameter in enumerate(own)} if parameters else {}
            found = [mean, *[gradient[places[parameter]] for parameter in parameters]]
        return difference(self._graph, built, row, found, parameters, called)

    # -- what it is ----------------------------------------------------------------------------

    @property
    def source(self) -> str:
        """The text of the program, which runs without the package; its instructions, if native."""
        return str(self._as_written(self._entry))

    @property
    def javascript(self) -> str:
        """The same in JavaScript, which runs in a page: a script that defines one function.

        ``run(parameters, columns)`` returns ``{output, gradient}``; of several outputs,
        ``evaluate(parameters, columns)`` returns a list of them a row.
        """
        if "javascript" not in self._written:
            if self._graph.holds_fractions:
                raise ValueError("the graph holds fractions, and JavaScript has none")
            graph = self._graph.renewed()  # its data may have changed, as by training
            if self._entry == "evaluate":
                self._written["javascript"] = write_evaluate(traced(*graph, exactly=False))
            else:
                found = traced_with_gradients(graph.outputs[0], *graph[1:], exactly=False)
                self._written["javascript"] = write_run(found, row_sums(*found))
        text: str = self._written["javascript"]
        return text

    @cached_property
    def _backend(self) -> Backend:
        return BACKENDS[self.backend]()

    def _as_written(self, name: str) -> Any:
        if name not in self._written:
            write = self._write_run if name == "run" else self._write_evaluate
            self._written[name] = write()
        return self._written[name]

    def _write_run(self) -> Any:
        (output,), inputs, parameters = self._graph
        exactly = self._backend.is_exact
        found = traced_with_gradients(output, inputs, parameters, exactly=exactly)
        sums = row_sums(*found)
        plan = plan_of(found.trace, needed_for(found.trace, sums))
        self._count(found.trace, plan)
        self._without_effect = [
            name_of(leaf)
            for leaf, gradient in zip(parameters, found.outputs[1:], strict=True)
            if found.trace.is_number(gradient, 0)
        ]
        return self._backend.write_run(found, sums, plan)

    def _write_evaluate(self) -> Any:
        found = traced(*self._graph, exactly=self._backend.is_exact)
        plan = plan_of(found.trace, needed(found.trace, found.outputs))
        if not self.counts:
            self._count(found.trace, plan)
        return self._backend.write_evaluate(found, plan)

    def _count(self, trace: Trace, plan: Plan) -> None:
        n_leaves = len(self.inputs) + len(self.parameters)
        left = [step for step in plan.steps if trace.kinds[step] not in LEAVES]
        self.counts = {
            "nodes of the graph": n_leaves + trace.n_nodes_forward,
            "nodes with its gradient": n_leaves + trace.n_nodes,
            "steps, each only once": sum(kind not in LEAVES for kind in trace.kinds),
            "steps left": len(left),
            "numbers kept of a row": sum(trace.varies[step] for step in left),
            "groups": len(plan.groups),
        }
        self.operations = Counter(trace.kinds[step] for step in left)

    def __str__(self) -> str:
        lines = [
            f"program: inputs {len(self.inputs)}, parameters {len(self.parameters)}, "
            f"outputs {len(self._graph.outputs)}, backend {self.backend}"
        ]
        lines += [f"    {name:24}{number:>9,}" for name, number in self.counts.items()]
        common = [f"{kind} {number:,}" for kind, number in self.operations.most_common(8)]
        lines.append(f"    operations: {', '.join(common)}{', …' * (len(self.operations) > 8)}")
        if self._without_effect:
            names = ", ".join(self._without_effect[:5]) + ", …" * (len(self._without_effect) > 5)
            lines.append(f"    without effect, derivative 0: {names}")
        return "\n".join(lines)

    def __repr__(self) -> str:
        n, m = len(self.inputs), len(self.parameters)
        return f"<program: inputs {n}, parameters {m}, backend {self.backend}>"

    def _function(self, name: str) -> Function:
        if name not in self._functions:
            self._functions[name] = self._backend.load(name, self._as_written(name))
        return self._functions[name]

    @cached_property
    def _functions(self) -> dict[str, Function]:
        return {}

    def __getstate__(self) -> dict[str, Any]:
        left_out = ("_functions", "_backend")
        return {name: held for name, held in vars(self).items() if name not in left_out}
