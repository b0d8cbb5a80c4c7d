"""A step of training on names: on graphs of Values, or on the programs that they become."""

from collections.abc import Callable, Sequence
from typing import Any

from autograd import Program, Value, compile, mean
from demos.extras import imports_from
from demos.gpt import BEYOND, GPT
from demos.name_lists import SYMBOLS, numbered
from nn import cross_entropy

with imports_from("demos"):
    import numpy as np

Array = Any  # of NumPy
Step = Callable[[Array, Sequence[str]], tuple[float, Array]]  # weights, names: loss, gradient
WITH_LANES = ("auto", "native")  # backends; one name in NumPy gains nothing by its positions
Graph = tuple[Value, list[Value]]  # a loss, and the leaves that vary


def one_hot(number: int) -> list[Value]:
    return [Value(float(number == k)) for k in range(len(SYMBOLS))]


def graph_of(model: GPT, name: str) -> Graph:
    """Return the loss of a name, a mean over its symbols, and all leaves that are the name."""
    symbols = [one_hot(number) for number in numbered(name)[:-1]]
    targets = [one_hot(number) for number in numbered(name)[1:]]
    return cross_entropy(model(symbols), targets), flat(symbols + targets)


def columns_of(names: Sequence[str]) -> Array:
    """Return a column for each leaf of ``graph_of``: what it is in each of the names."""
    numbers = [numbered(name)[:-1] + numbered(name)[1:] for name in names]
    rows = np.eye(len(SYMBOLS))[numbers].reshape(len(names), -1)
    return np.ascontiguousarray(rows.T)


def graph_of_position(model: GPT, name: str) -> Graph:
    """Return the loss of one position of a name, and all leaves that are the name and the position.

    The mean over the positions is the loss of ``graph_of``: of a single name they are the rows.
    """
    symbols = [one_hot(number) for number in numbered(name)[:-1]]
    places = range(len(symbols))
    chosen, reach = [Value(float(k == 0)) for k in places], [Value(0.0) for _ in places]
    target = one_hot(numbered(name)[1])
    loss = cross_entropy(model.at(symbols, chosen, reach), target)
    return loss, flat([*symbols, chosen, reach, target])


def columns_of_positions(name: str) -> Array:
    """Return a column for each leaf of ``graph_of_position``: what it is at each position."""
    numbers, letters = numbered(name), np.eye(len(SYMBOLS))
    n = len(numbers) - 1
    symbols = np.tile(letters[numbers[:-1]].reshape(-1, 1), n)  # the same at each
    reach = np.where(np.tri(n, dtype=bool).T, 0.0, BEYOND)
    return np.concatenate([symbols, np.eye(n), reach, letters[numbers[1:]].T])


def flat(rows: Sequence[Sequence[Value]]) -> list[Value]:
    return [leaf for row in rows for leaf in row]


def step_on_graphs(model: GPT) -> Step:
    """Return a step that builds the graph of each name anew."""
    parameters = model.parameters()

    def step(weights: Array, names: Sequence[str]) -> tuple[float, Array]:
        show_in(parameters, weights)
        model.zero_grad()
        loss = mean([graph_of(model, name)[0] for name in names])
        loss.backward()
        return loss.data, np.array([parameter.grad for parameter in parameters])

    return step


def step_on_programs(model: GPT, backend: str) -> Step:
    """Return a step that runs names of one length on the program for it, all side by side.

    A graph has no loop: another length is another graph. Each is compiled when it is met first. A
    single name would leave the lanes of machine code empty: there its positions are side by side.
    """
    parameters = model.parameters()
    programs: dict[tuple[int, bool], Program] = {}

    def step(weights: Array, names: Sequence[str]) -> tuple[float, Array]:
        length, by_position = len(names[0]), len(names) == 1 and backend in WITH_LANES
        if (length, by_position) not in programs:
            build = graph_of_position if by_position else graph_of
            loss, leaves = build(model, names[0])
            programs[length, by_position] = compile(
                loss, inputs=leaves, parameters=parameters, backend=backend
            )
        columns = columns_of_positions(names[0]) if by_position else columns_of(names)
        mean_loss, gradient = programs[length, by_position].run(weights, columns)
        return mean_loss, np.asarray(gradient)

    return step


def numbers_in(parameters: Sequence[Value]) -> Array:
    return np.array([parameter.data for parameter in parameters])


def show_in(parameters: Sequence[Value], weights: Array) -> None:
    """Give the Values these numbers."""
    for parameter, number in zip(parameters, weights.tolist(), strict=True):
        parameter.data = number
