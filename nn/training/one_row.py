"""The graph of one row, its loss included, with the row's numbers as leaves; and whether any row
has that graph."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from autograd import Value
from autograd.graph import topological_order
from autograd.numeric import Number, shown
from nn.losses import cross_entropy
from nn.module import Module
from nn.normalization import BatchNorm, Dropout
from nn.rows import plain
from nn.stamping import values_in
from nn.training.batches import Data
from nn.training.columns import Columns
from nn.training.settings import Settings

MOST_PROBES = 4


class NoOneRowError(ValueError):
    """There is no graph of one row that all rows have; ``why`` says where it fails."""

    def __init__(self, backend: str, why: str) -> None:
        self.why = why
        super().__init__(f'backend={backend!r} cannot train this: {why}; or take backend="eager"')


class OneRow(NamedTuple):
    """The graph of one row; ``inputs`` are the leaves of the row, then those of its target."""

    inputs: list[Value]
    n_of_row: int
    outputs: Any  # as the model nests them
    loss: Value

    def inputs_of(self, *results: Value) -> list[int]:
        """Return the places of the inputs that results depend on."""
        inside = set(topological_order(*results))
        return [k for k, leaf in enumerate(self.inputs) if leaf in inside]


class Rows:
    """All rows and targets as columns, and the graph of each.

    Raises TypeError and ValueError, naming the row, for what is not numbers of one shape.
    """

    def __init__(self, settings: Settings, data: Data) -> None:
        self.settings, self.data = settings, data
        try:
            self.columns = Columns("x", data.rows, lambda k: data.names([k]))
        except TypeError as error:
            raise TypeError(
                f"{type(settings.model).__name__} takes what a program cannot: {error}"
            ) from error
        self.targets = Columns("target", data.targets, lambda k: f"the target of {data.names([k])}")

    def numbers(self) -> list[list[Number]]:
        """Return the numbers of each row, and then those of its target."""
        return [self.numbers_of(k) for k in range(len(self.data.rows))]

    def numbers_of(self, k: int) -> list[Number]:
        """Return the numbers of row ``k``, and then those of its target."""
        return self.columns.flat[k] + self.targets.flat[k]

    def probes(self) -> list[int]:
        """Return a few rows that differ, with targets that differ where there are such."""
        other = [k for k, target in enumerate(self.targets.flat) if target != self.targets.flat[0]]
        n = len(self.data.rows)
        return list(dict.fromkeys([0, *other[:1], n // 2, n - 1]))[:MOST_PROBES]

    def graph(self, k: int) -> OneRow:
        """Return the graph of row ``k``; raises ValueError for what takes no Values."""
        inputs, row = self.columns.leaves(k)
        of_target, target = self.targets.leaves(k)
        name, backend = self.data.names([k]), self.settings.backend
        try:
            (output,) = self.settings.model.batch([row])
        except Exception as error:
            raise _cannot(
                backend,
                f"with Values for the numbers of {name}, the model raised "
                f"{type(error).__name__}: {error}",
            ) from error
        try:
            loss = self.settings.loss([output], [target])
        except Exception as error:
            raise _cannot(
                backend,
                f"with Values for the target of {name}, the loss raised {type(error).__name__}: "
                f"{error}. Where a target is the number of a class, give one-hot targets",
            ) from error
        return OneRow(inputs + of_target, len(inputs), output, loss)


def with_one_hot_targets(settings: Settings, data: Data, n_classes: int) -> Data:
    """Return the data with a list of 0s and 1s for each class, where cross_entropy takes classes.

    Other losses, and other targets, stay.
    """
    classes = [plain(target) for target in data.targets]
    loss = getattr(settings.loss, "func", settings.loss)  # of a functools.partial, what it calls
    if loss is not cross_entropy or not all(isinstance(number, int) for number in classes):
        return data
    one_hot = [[float(k == number) for k in range(n_classes)] for number in classes]
    return data._replace(targets=one_hot)


# -- what has no fixed graph ---------------------------------------------------------------------


def require_row_by_row(settings: Settings) -> None:
    """Raise ValueError, naming it, for a module that draws at random or looks at the batch."""
    for name, module in settings.model.named_modules():
        if isinstance(module, Dropout) and module.training and module.p > 0:
            raise _cannot(settings.backend, f"{_called(name, module)} drops others in each row")
        if isinstance(module, BatchNorm) and module.training:
            why = f"{_called(name, module)} needs the mean and the variance of the whole batch"
            raise _cannot(settings.backend, why)


def require_one_graph(rows: Rows, probes: Sequence[int]) -> OneRow:
    """Return the graph of the first of a few rows; raises ValueError unless all have that one.

    The first is traced twice: a module that draws at random differs from itself.
    """
    first, *others = [rows.graph(k) for k in [*probes, probes[0]]]
    _require_target(rows, first)
    names = {parameter: name for name, parameter in rows.settings.model.named_parameters()}
    wanted = _described(names, first)
    for k, graph in zip([*probes[1:], probes[0]], others, strict=True):
        found = _described(names, graph)
        if found != wanted:
            where = _difference((first, wanted), (graph, found))
            raise _cannot(
                rows.settings.backend, f"the graph of {_which(rows, k, probes[0])}: {where}"
            )
    return first


def _require_target(rows: Rows, graph: OneRow) -> None:
    """Raise ValueError where targets that differ are not numbers of the graph."""
    places = set(graph.inputs_of(graph.loss))
    for place in range(graph.n_of_row, len(graph.inputs)):
        column = {numbers[place - graph.n_of_row] for numbers in rows.targets.flat}
        if place not in places and len(column) > 1:
            raise _cannot(
                rows.settings.backend,
                "the loss does not depend on the targets as numbers: where they are numbers of "
                "classes, which a program would keep as they are in one row, give one-hot targets",
            )


def require_mean(rows: Rows, probes: Sequence[int], loss: Value, alone: Iterable[Value]) -> None:
    """Raise ValueError unless the loss of a few rows is the mean of the loss of each."""
    losses = [one.data for one in alone]
    mean = sum(losses) / len(losses)
    if differ(loss.data, mean):
        raise _cannot(
            rows.settings.backend,
            f"the loss of {rows.data.names(probes)} is {shown(loss.data)}, and the mean of the "
            f"loss of each alone is {shown(mean)}: it takes a loss that is a mean over rows, as "
            'with reduction="mean", and a model that computes each row by itself',
        )


def require_same(backend: str, row: str, found: Any, loss: Any) -> None:
    """Raise ValueError unless a program finds the engine's loss of a row."""
    if differ(found, loss):
        raise _cannot(
            backend,
            f"its program has the loss {shown(found)} where the engine has {shown(loss)}, for "
            f"{row}: an if, or an index, looks at the data of a row, and a program keeps what it "
            "was in one row",
        )


def differ(one: Any, other: Any) -> bool:
    """Tell whether numbers differ by more than rounding; NaN and infinity are for others."""
    return bool(abs(one - other) > 1e-6 * (1 + abs(other)))


def _described(names: Mapping[Value, str], graph: OneRow) -> list[Any]:
    """Return what has to be the same in each row: operations, their operands, and numbers."""
    order = topological_order(*values_in(graph.outputs), graph.loss)
    places = {node: k for k, node in enumerate(order)}
    inputs = {leaf: k for k, leaf in enumerate(graph.inputs)}
    described: list[Any] = []
    for node in order:
        if node.parents:
            described.append((node.op, *[places[parent] for parent in node.parents]))
        elif node in inputs:
            described.append(f"input {inputs[node]}")
        else:
            described.append(names.get(node, repr(node.data)))
    return described


def _difference(*graphs: tuple[OneRow, list[Any]]) -> str:
    """Return where the graphs of two rows first differ, each given with what was described."""
    orders = [topological_order(*values_in(graph.outputs), graph.loss) for graph, _ in graphs]
    pairs = zip(*[described for _, described in graphs], strict=False)
    first = next((k for k, (a, b) in enumerate(pairs) if a != b), min(map(len, orders)))
    nodes = [order[first] if first < len(order) else order[-1] for order in orders]
    scopes = [getattr(node, "scope", None) for node in [*nodes, *orders[0][first:]]]
    place = next((scope.path for scope in scopes if scope is not None and scope.path), "")
    where = f"in {place}, " if place else ""
    a, b = (node.op or (f"the number {shown(node.data)}") for node in nodes)
    told = f"{a} there is {b} here" if a != b else f"the operands of {a} differ"
    counts = " and ".join(f"{len(order)}" for order in orders)
    return f"{where}{told} ({counts} nodes)"


def _which(rows: Rows, k: int, first: int) -> str:
    if k == first:
        return f"{rows.data.names([k])} is another one each time"
    return f"{rows.data.names([k])} is not that of {rows.data.names([first])}"


def _called(name: str, module: Module) -> str:
    return f"{name}, {module}," if name else f"{module}"


def _cannot(backend: str, why: str) -> NoOneRowError:
    return NoOneRowError(backend, why)
