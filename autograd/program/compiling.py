"""compile: what is asked for, checked, before a graph becomes a program."""

import gc
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from autograd.graph import require_fresh, topological_order
from autograd.program.backends import BACKENDS, fastest
from autograd.program.program import Program
from autograd.program.running import CannotRunError, Graph, name_of
from autograd.value import Value


def compile(
    output: Value | Sequence[Value],
    inputs: Iterable[Value] = (),
    *,
    parameters: Iterable[Value] | None = None,
    backend: str = "auto",
) -> "Program":
    """Return the graph of ``output``, its gradient included, as a program.

    ``inputs`` are the leaves that vary from row to row. ``parameters`` are those it is
    differentiated in: every other leaf that is not a constant, unless they are given. Of several
    outputs the program only computes the values. ``backend`` is ``python``, which needs nothing,
    ``numpy``, ``native``, which is machine code, or ``auto``, the fastest that is installed.

    What Python decided while the graph was built, by an ``if`` on data or by an index, is part of
    the program: see ``Program.verify``. Of one such decision it warns: a class that cross_entropy
    was given as a number is that of every row; and of a graph that ``native`` cannot run, which
    then runs with ``numpy``.

    Raises ValueError for an input that is not a leaf of the graph, a leaf given twice, a leaf that
    is neither, and an unknown backend; StaleGraphError if data was edited since the forward pass;
    NoForwardRuleError for a one-off operation.
    """
    outputs = _checked_outputs(output)
    if backend not in ("auto", *BACKENDS):
        raise ValueError(f"backend {backend!r} is unknown; there are auto, {', '.join(BACKENDS)}")
    order = topological_order(*outputs)
    if len(outputs) > 1:  # of a single one, differentiating asks for it
        require_fresh(order)
    leaves = [node for node in order if not node.parents and not node.is_constant]
    columns = _checked("input", inputs)
    if parameters is None:
        taken = set(columns)
        parameters = [leaf for leaf in leaves if leaf not in taken]
    graph = Graph(outputs, columns, _checked("parameter", parameters))
    _check_leaves(graph, leaves)
    is_auto = backend == "auto"
    backend = _backend_for(graph, backend)
    if columns:
        _warn_of_a_frozen_class(order)
    with _collector_at_rest():
        try:
            return Program(graph, backend)
        except CannotRunError as error:
            if not is_auto:
                warnings.warn(
                    f"backend={backend!r} cannot run this: {error}; the program runs with "
                    "backend='numpy'",
                    UserWarning,
                    stacklevel=2,
                )
            return Program(graph, "numpy")


def _backend_for(graph: Graph, backend: str) -> str:
    """Return the backend, for "auto" the fastest; raises ValueError for one without fractions."""
    if backend == "auto":
        return "python" if graph.holds_fractions else fastest()
    if backend != "python" and graph.holds_fractions:
        raise ValueError(
            f"the graph holds fractions, which backend={backend!r} cannot hold: take "
            "backend='python', or build the graph with floats"
        )
    return backend


def _warn_of_a_frozen_class(order: Sequence[Value]) -> None:
    for node in order:
        chosen, *scores = node.parents or (None,)
        if node.op == "cross_entropy" and chosen in scores:
            warnings.warn(
                f"cross_entropy was given class {scores.index(chosen)}, a number, which is the "
                "class of every row of the program; give its target as a list of inputs, one-hot",
                UserWarning,
                stacklevel=3,
            )
            return


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Keep Python's cyclic collector from reading tens of thousands of new tuples over and over."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _checked_outputs(output: Value | Sequence[Value]) -> list[Value]:
    """Return outputs as a list; raises for what is not a Value, and for none."""
    given = output if isinstance(output, list | tuple) else [output]
    outputs = [node for node in given if isinstance(node, Value)]
    for node in given:
        if not isinstance(node, Value):
            raise TypeError(f"compile takes a Value, or a list of them; {node!r:.60} is not one")
    if not outputs:
        raise ValueError("compile of nothing: it needs an output, or a list of them")
    return outputs


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
            raise ValueError(f"{role} {name_of(leaf)} is not a leaf: it was made by {leaf.op}")
        if leaf in seen:
            raise ValueError(f"{role} {name_of(leaf)} is given twice: give each leaf once")
        seen.add(leaf)
    return listed


def _check_leaves(graph: Graph, leaves: Sequence[Value]) -> None:
    """Raise ValueError for an input that no output depends on, and for a leaf without a role."""
    inputs, parameters, inside = set(graph.inputs), set(graph.parameters), set(leaves)
    stray = next((leaf for leaf in graph.inputs if leaf not in inside), None)
    if stray is not None:
        raise ValueError(
            f"input {name_of(stray)} is not in the graph: the output does not depend on it"
        )
    for leaf in leaves:
        if leaf in inputs and leaf in parameters:
            raise ValueError(f"{name_of(leaf)} is given as an input and as a parameter")
        if leaf not in inputs and leaf not in parameters:
            raise ValueError(
                f"{name_of(leaf)} is neither an input nor a parameter: name it as one of them, or "
                "build the graph with its number instead of a Value"
            )
