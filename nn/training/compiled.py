"""A batch by a compiled program: the graph of one row, run on columns of numbers."""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from autograd import Value
from autograd.errors import DomainError, FrozenBranchError
from autograd.graph import topological_order
from autograd.numeric import saturated, shown
from nn.optim import Optimizer
from nn.rows import plain
from nn.stamping import values_in
from nn.training.batches import Data
from nn.training.columns import filled
from nn.training.eager import Eager, require_reach
from nn.training.guard import NonFiniteError, is_bad
from nn.training.one_row import (
    OneRow,
    Rows,
    differ,
    require_mean,
    require_one_graph,
    require_row_by_row,
    require_same,
    with_one_hot_targets,
)
from nn.training.part import Part
from nn.training.settings import Loss, Settings
from nn.training.verifying import AT_THE_END, DERIVATIVES_OF_ONE_IN, ON_THE_WAY, spread
from nn.training.weights import weights_in


class Compiled:
    """Trains and measures batches by programs, made at once: what cannot be compiled raises.

    The Values have the numbers after ``show``. What goes wrong in a batch is told by the engine,
    which runs it again.
    """

    def __init__(
        self, settings: Settings, data: Data, order: Sequence[int], held_out: Sequence[int]
    ) -> None:
        self.settings, self.data = settings, data
        self.eager = Eager(settings, data)
        was_training = settings.model.training
        try:
            self._compile(order, held_out)
        finally:
            self.eager.set_mode(training=was_training)

    # -- what is compiled ----------------------------------------------------------------------

    def _compile(self, order: Sequence[int], held_out: Sequence[int]) -> None:
        settings = self.settings
        settings.model.train()
        require_row_by_row(settings)
        rows = Rows(settings, self.data)
        rows, graph = self._checked(rows)
        self.rows, self.graph = rows, graph
        parameters, n_moved = _parameters(graph, settings.optimizer)
        self.moved = parameters[:n_moved]
        self.program = Part([graph.loss], graph, rows, parameters)
        self.weights = weights_in(settings.backend, parameters, n_moved, self.eager)
        self._require_same_losses(self.program, order)
        if settings.metrics:
            self.outputs = Part(values_in(graph.outputs), graph, rows)
            self.template = graph.outputs
        if held_out:
            settings.model.eval()
            rows, graph = self._checked(rows)
            self.validated = Part([graph.loss, *values_in(graph.outputs)], graph, rows)
            self.template_validated = graph.outputs
            self._require_same_losses(self.validated, held_out)

    def _require_same_losses(self, part: Part, rows: Sequence[int]) -> None:
        """Raise ValueError for a row with another loss than its graph, as by an if on its data."""
        for k, found, expected in self._losses(part, rows):
            require_same(self.settings.backend, self.data.names([k]), found, expected)

    def _losses(self, part: Part, rows: Sequence[int]) -> Iterator[tuple[int, Any, Any]]:
        """Yield rows, each with its loss in the program and in the engine.

        It ends early where a row is outside an operation's domain: the batch of that row raises.
        """
        try:
            results = part.evaluate(list(rows), self.weights)
            for k, result in zip(rows, results, strict=True):
                yield k, result[0], self.eager.computed([k])[1].data
        except (ArithmeticError, DomainError):
            return

    def _checked(self, rows: Rows) -> tuple[Rows, OneRow]:
        """Return the rows, and the graph of any of them."""
        eager, settings, data = self.eager, self.settings, self.data
        probes = rows.probes()
        outputs = eager.outputs(probes)
        _check_targets(settings, data, outputs[0])
        loss = eager.loss(outputs, probes)
        if not is_bad(loss.data):
            eager.metrics(outputs, probes)
        n_classes = len(outputs[0]) if isinstance(outputs[0], list) else 1
        one_hot = with_one_hot_targets(settings, data, n_classes)
        rows = rows if one_hot is data else Rows(settings, one_hot)
        graph = require_one_graph(rows, probes)
        require_mean(rows, probes, loss, [eager.computed([k])[1] for k in probes])
        return rows, graph

    # -- what is run ---------------------------------------------------------------------------

    def trained(self, batch: list[int]) -> dict[str, float]:
        """Take one step; return the loss and the metrics from before it."""
        loss, gradient = self._run(self.weights.numbers, batch)
        if is_bad(loss):
            self._tell(loss, batch, training=True)
        numbers = {"loss": saturated(loss)}
        if self.settings.metrics:
            results = self.outputs.evaluate(batch, self.weights)
            numbers |= self._metrics(self.template, results, batch)
        self.weights.step(gradient)
        return numbers

    def measured(self, batch: list[int]) -> dict[str, float]:
        """Return the loss and the metrics."""
        try:
            results = self.validated.evaluate(batch, self.weights)
        except (ArithmeticError, ValueError):
            self.weights.show_weights()
            self.eager.measured(batch)  # which tells what happened
            raise
        loss = sum(result[0] for result in results) / len(results)
        if is_bad(loss):
            self._tell(loss, batch, training=False)
        outputs = [result[1:] for result in results]
        return {"loss": saturated(loss)} | self._metrics(self.template_validated, outputs, batch)

    def state(self) -> Mapping[str, Any]:
        """Return the model's state, as it is now."""
        return self.weights.state()

    def show(self) -> None:
        """Bring weights, gradients and the optimizer's memory into the Values."""
        self.weights.show()

    # -- is it still the same graph? -----------------------------------------------------------

    def verify(
        self, rows: Sequence[int], held_out: Sequence[int], epochs: int, *, at_end: bool
    ) -> None:
        """Compare the loss of some rows with the engine's, and in some of them its derivatives.

        Raises FrozenBranchError for the first that differs, as where an ``if`` looks at a number
        that training has moved. At the end the loss of rows to validate on is compared too.
        """
        self.weights.show_weights()
        self.eager.set_mode(training=True)
        for place, k in enumerate(spread(rows, AT_THE_END if at_end else ON_THE_WAY, epochs)):
            moved = self.moved if place % DERIVATIVES_OF_ONE_IN == 0 else []
            if told := self._difference(k, moved):
                raise self._frozen(epochs, k, told, "trained")
        if at_end and held_out:
            self.eager.set_mode(training=False)
            compared = spread(held_out, AT_THE_END, epochs)
            for k, found, expected in self._losses(self.validated, compared):
                if differ(found, expected):
                    told = f"built anew, the loss is {shown(expected)}; the program has "
                    raise self._frozen(epochs, k, told + shown(found), "validated")

    def _difference(self, k: int, parameters: Sequence[Value]) -> str:
        """Return which number of row ``k`` differs, "" if none does.

        None does where the row is outside an operation's domain: its batch raises.
        """
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # of NaN
            try:
                return self.program.difference(self.eager.computed([k])[1], k, parameters)
            except (ArithmeticError, DomainError):
                return ""
            except Exception as error:
                error.add_note(
                    f"So says the model now for {self.data.names([k])}, and its program "
                    'does not: take backend="eager"'
                )
                raise

    # -- what goes wrong -----------------------------------------------------------------------

    def _frozen(self, epochs: int, k: int, told: str, done: str) -> FrozenBranchError:
        return FrozenBranchError(
            f"after {epochs} epoch{'s' * (epochs != 1)}, for {self.data.names([k])}: {told}. An "
            "if, or an index, looks at a number that training moves, and the program of "
            f"backend={self.settings.backend!r} keeps what it was at the start: the model was "
            f"{done} as another one. Write it with relu, maximum and the like, or take "
            'backend="eager", and train from the start'
        )

    def _run(self, numbers: Any, batch: list[int]) -> tuple[Any, Any]:
        """Return the loss and its gradient."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # of NaN: the engine tells of it
            try:
                return self.program.run(numbers, batch)
            except (ArithmeticError, ValueError):
                self.weights.show_weights()
                self.eager.measured(batch, training=True)  # which tells what happened
                raise

    def _tell(self, loss: Any, batch: list[int], *, training: bool) -> None:
        """Raise NonFiniteError for a bad loss, as the engine does."""
        self.weights.show_weights()
        self.eager.measured(batch, training=training)
        raise NonFiniteError(
            f"the loss is {shown(loss)} in the program, and finite in the engine: take "
            'backend="eager"'
        )

    def _metrics(self, template: Any, results: Sequence[Any], batch: list[int]) -> dict[str, float]:
        outputs = [filled(template, iter(result)) for result in results]
        return self.eager.metrics(outputs, batch)


def _parameters(graph: OneRow, optimizer: Optimizer) -> tuple[list[Value], int]:
    """Return the leaves that are not inputs, the optimizer's first, and how many these are."""
    leaves = [node for node in topological_order(graph.loss) if not node.parents]
    inputs = set(graph.inputs)
    free = {leaf: None for leaf in leaves if not leaf.is_constant and leaf not in inputs}
    moved = [parameter for parameter in optimizer.parameters if parameter in free]
    require_reach(bool(moved))
    return list(dict.fromkeys([*moved, *free])), len(moved)


def _check_targets(settings: Settings, data: Data, output: Any) -> None:
    """Let the loss see each target that is another one: a program does not ask what it may be."""
    seen: set[str] = set()
    for k, target in enumerate(data.targets):
        text = repr(plain(target))
        if text not in seen:
            seen.add(text)
            try:
                _try_loss(settings.loss, output, target)
            except Exception as error:
                error.add_note(f"In the target of {data.names([k])}.")
                raise


def _try_loss(loss: Loss, output: Any, target: Any) -> None:
    """Let the loss see a target, with bare numbers, which is faster, or else with Values."""
    numbers = [value.data for value in values_in(output)]
    try:
        loss([filled(output, iter(numbers), lambda number: number)], [target])
    except Exception:  # whatever it is, the loss may be one for Values only
        loss([filled(output, iter(numbers))], [target])
