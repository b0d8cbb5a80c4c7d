"""compile: from a graph of Values to a program that runs it on many rows of numbers."""

import builtins
import warnings
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

from autograd.graph import require_fresh, topological_order
from autograd.numeric import Number
from autograd.program.backends import BACKENDS, Backend, Function, fastest
from autograd.program.eager import Graph
from autograd.program.reducing import row_sums
from autograd.program.tracing import traced, traced_with_gradients
from autograd.value import Value

TOLERANCE = 1e-6  # of verify: far above what rounding does, far below what a wrong branch does


def compile(  # noqa: A001  (the word of the field; ``autograd`` leaves it out of __all__)
    output: Value | Sequence[Value],
    *,
    inputs: Iterable[Value] = (),
    parameters: Iterable[Value] | None = None,
    backend: str = "auto",
) -> "Program":
    """Return the graph of ``output``, its gradient included, as a program.

    ``inputs`` are the leaves that vary from row to row. ``parameters`` are those it is
    differentiated in: every other leaf that is not a constant, unless they are given. Of several
    outputs the program only computes the values. ``backend`` is ``python``, which needs nothing,
    ``numpy``, or ``auto``, the fastest that is installed.

    What Python decided while the graph was built, by an ``if`` on data or by an index, is part of
    the program: see ``Program.verify``. Raises ValueError for an input that is not a leaf of the
    graph, a leaf given twice, a leaf that is neither, and an unknown backend; StaleGraphError if
    data was edited since the forward pass; NoForwardRuleError for a one-off operation.
    """
    outputs = [output] if isinstance(output, Value) else list(output)
    for node in outputs:
        if not isinstance(node, Value):
            raise TypeError(f"compile takes a Value, or a list of them; {node!r:.60} is not one")
    if not outputs:
        raise ValueError("compile needs an output, or a list of them")
    if backend not in ("auto", *BACKENDS):
        raise ValueError(f"backend {backend!r} is unknown; there are auto, {', '.join(BACKENDS)}")
    order = topological_order(*outputs)
    require_fresh(order)
    leaves = [node for node in order if not node.parents and not node.is_constant]
    columns = _checked("input", inputs)
    if parameters is None:
        given = set(columns)
        parameters = [leaf for leaf in leaves if leaf not in given]
    graph = Graph(outputs, columns, _checked("parameter", parameters))
    _check_leaves(graph, leaves)
    return Program(graph, fastest() if backend == "auto" else backend)


def _checked(role: str, leaves: Iterable[Value]) -> list[Value]:
    """Return leaves as a list; raises for what is not a leaf, and for one given twice."""
    if isinstance(leaves, Value):
        raise TypeError(f"{role}s are a list of leaves: write {role}s=[{leaves.label or 'x'}]")
    listed = list(leaves)
    seen: set[Value] = set()
    for k, leaf in enumerate(listed):
        if not isinstance(leaf, Value):
            raise TypeError(f"{role} {k} is {leaf!r:.60}, not a Value")
        if leaf.parents:
            raise ValueError(f"{role} {_called(leaf)} is not a leaf: it was made by {leaf.op}")
        if leaf in seen:
            raise ValueError(f"{role} {_called(leaf)} is given twice: give each leaf once")
        seen.add(leaf)
    return listed


def _check_leaves(graph: Graph, leaves: Sequence[Value]) -> None:
    """Raise ValueError for an input that no output depends on, and for a leaf without a role."""
    inputs, parameters, inside = set(graph.inputs), set(graph.parameters), set(leaves)
    stray = next((leaf for leaf in graph.inputs if leaf not in inside), None)
    if stray is not None:
        raise ValueError(f"input {_called(stray)} is not in the graph: the output does not depend on it")
    for leaf in leaves:
        if leaf in inputs and leaf in parameters:
            raise ValueError(f"{_called(leaf)} is given as an input and as a parameter")
        if leaf not in inputs and leaf not in parameters:
            raise ValueError(
                f"{_called(leaf)} is neither an input nor a parameter: name it as one of them, or "
                "build the graph with its number instead of a Value"
            )


def _called(leaf: Value) -> str:
    return leaf.label or repr(leaf)


class Program:
    """A graph that runs on numbers: made by ``compile``.

        loss = program(columns)                  adds the gradient to each parameter's grad
        loss, gradient = program.run(numbers, columns)            touches no Value
        outputs = program.evaluate(columns)                       the forward pass alone

    ``columns`` has one sequence of numbers for each input, all as long as there are rows; the loss
    is the mean of the output over the rows. A program without inputs runs its one graph again.

    An operation outside its domain raises DomainError, naming row and node. A result that is NaN
    comes with a RuntimeWarning that names the row and the node where it began.
    """

    def __init__(self, graph: Graph, backend: str) -> None:
        self._graph = graph
        self.backend = backend
        self._texts: dict[str, str] = {}
        self._counts: dict[str, int] = {}
        self._function("run" if len(graph.outputs) == 1 else "evaluate")

    @property
    def inputs(self) -> list[Value]:
        return list(self._graph.inputs)

    @property
    def parameters(self) -> list[Value]:
        return list(self._graph.parameters)

    # -- running -------------------------------------------------------------------------------

    def __call__(self, columns: Sequence[Sequence[Number]] = ()) -> float | Number:
        """Return the mean output over the rows, and add its gradient to the parameters' ``grad``."""
        loss, gradient = self.run([p.data for p in self._graph.parameters], columns)
        for parameter, number in zip(self._graph.parameters, gradient, strict=True):
            parameter.grad = parameter.grad + number
        return loss

    def run(
        self, parameters: Sequence[Number], columns: Sequence[Sequence[Number]] = ()
    ) -> tuple[Any, Any]:
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
        except (ArithmeticError, ValueError):
            for k in self._rows_that_raise(function, numbers, checked):
                self._graph.of_row(k, numbers, backend.rows(backend.part(checked, k, k + 1))[0])
            loss, gradient = backend.run_anyway(function, self._graph, numbers, checked)
        if backend.holds_nan(loss, gradient):
            warnings.warn(self._why_nan(function, numbers, checked), RuntimeWarning, stacklevel=2)
        return loss, gradient

    def evaluate(self, columns: Sequence[Sequence[Number]] = ()) -> list[Any]:
        """Return the output of each row, with the parameters' current data.

        Of several outputs, a tuple of them for each row. Raises as ``run`` does.
        """
        backend, function = self._backend, self._function("evaluate")
        numbers = backend.numbers([p.data for p in self._graph.parameters], self._graph)
        checked = backend.columns(columns, self._graph)
        try:
            results = backend.evaluate(function, numbers, checked)
        except (ArithmeticError, ValueError):
            results = self._graph.evaluate(numbers, backend.rows(checked))
        return [result[0] for result in results] if len(self._graph.outputs) == 1 else results

    # -- where a row goes wrong ----------------------------------------------------------------

    def _rows_that_raise(self, function: Function, numbers: Any, columns: Any) -> Iterator[int]:
        """Yield the rows that the function cannot run alone, found by halving."""
        ahead = [(0, self._backend.n_rows(columns))]
        while ahead:
            start, stop = ahead.pop()
            try:
                self._backend.run(function, numbers, self._backend.part(columns, start, stop))
            except (ArithmeticError, ValueError):
                if stop - start == 1:
                    yield start
                else:
                    middle = (start + stop) // 2
                    ahead += [(middle, stop), (start, middle)]

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

    # -- what it is ----------------------------------------------------------------------------

    @property
    def source(self) -> str:
        """The text of the program, which runs without the package."""
        return self._text("run" if len(self._graph.outputs) == 1 else "evaluate")

    @property
    def counts(self) -> dict[str, int]:
        """How many nodes, steps and groups each pass of the compiler leaves."""
        return dict(self._counts)

    @cached_property
    def _backend(self) -> Backend:
        return BACKENDS[self.backend]()

    def _text(self, name: str) -> str:
        if name not in self._texts:
            write = self._write_run if name == "run" else self._write_evaluate
            self._texts[name] = write()
        return self._texts[name]

    def _write_run(self) -> str:
        graph = self._graph
        found = traced_with_gradients(graph.outputs[0], graph.inputs, graph.parameters)
        sums = row_sums(*found)
        return self._backend.write_run(found, sums)

    def _write_evaluate(self) -> str:
        graph = self._graph
        return self._backend.write_evaluate(traced(graph.outputs, graph.inputs, graph.parameters))

    def _function(self, name: str) -> Function:
        if name not in self._functions:
            namespace: dict[str, Any] = {}
            text = self._text(name)
            exec(builtins.compile(text, f"<{name}, compiled>", "exec"), namespace)  # noqa: S102
            self._functions[name] = namespace[name]
        return self._functions[name]

    @cached_property
    def _functions(self) -> dict[str, Function]:
        return {}

    def __getstate__(self) -> dict[str, Any]:
        left_out = ("_functions", "_backend")
        return {name: held for name, held in vars(self).items() if name not in left_out}
