"""This engine: graphs of Values, and the programs that they become."""

import random
from collections.abc import Callable
from typing import Any, NamedTuple

import nn
from autograd import Program, Value, compile, mean
from demos.extras import imports_from
from demos.gpt import GPT
from demos.racing.elementary import network_of
from demos.racing.step import Result, Step
from demos.racing.workloads import LETTERS, Names, Network, Training
from nn import MLP, cross_entropy, hinge_loss

Columns = Any  # a list of numbers for each input, or an array of them


def network(workload: Network, how: str) -> Step:
    """Return the step on graphs ("elementary", "fused"), or on the program of a backend."""
    if how == "elementary":
        return network_of(Value, workload)
    if how == "fused":
        model = MLP(workload.sizes[0], workload.sizes[1:], rng=1)
        rows, classes = workload.data()
        return on_graphs(model, lambda: hinge_loss([model(row) for row in rows], classes))
    return on_program(graph_of_network(workload), how)


def names(workload: Names, how: str) -> Step:
    if how == "fused":
        model = GPT(len(LETTERS), random.Random(0))
        tokens, following = workload.data()

        def loss_of(name: list[int], then: list[int]) -> Any:
            return cross_entropy(model([*map(one_hot, name)]), then)

        return on_graphs(model, lambda: mean([*map(loss_of, tokens, following)]))
    has_lanes = how in ("native", "values")  # which a single name fills with its positions
    alone = workload.n == 1 and has_lanes
    return on_program(graph_of_positions(workload) if alone else graph_of_names(workload), how)


class Graph(NamedTuple):
    """The loss of one row or name, its leaves, and a column of numbers for each input."""

    loss: Value
    inputs: list[Value]
    parameters: list[Value]
    columns: Columns

    def compiled(self, backend: str) -> Program:
        inputs, parameters = self.inputs, self.parameters
        return compile(self.loss, inputs=inputs, parameters=parameters, backend=backend)


def graph_of_network(workload: Network) -> Graph:
    model = MLP(workload.sizes[0], workload.sizes[1:], rng=1)
    rows, classes = workload.data()
    x, y = [Value(0.5) for _ in rows[0]], Value(1.0)
    columns = [*map(list, zip(*rows, strict=True)), classes]
    return Graph(hinge_loss([model(x)], [y]), [*x, y], model.parameters(), columns)


def graph_of_names(workload: Names) -> Graph:
    """Return the graph of a name; each letter is 27 inputs, one of them 1."""
    model = GPT(len(LETTERS), random.Random(0))
    tokens, following = workload.data()
    x, y = ([one_hot(token) for token in lines[0]] for lines in (tokens, following))
    positions = [*zip(*tokens, strict=True), *zip(*following, strict=True)]
    columns = [[float(t == k) for t in p] for p in positions for k in range(len(LETTERS))]
    inputs = [leaf for row in x + y for leaf in row]
    return Graph(cross_entropy(model(x), y), inputs, model.parameters(), columns)


def graph_of_positions(workload: Names) -> Graph:
    """Return the graph of one position; the rows are all positions of the one name."""
    from demos.name_programs import columns_of_positions, graph_of_position  # needs NumPy

    model = GPT(len(LETTERS), random.Random(0))
    (text,) = workload.texts()
    loss, inputs = graph_of_position(model, text)
    return Graph(loss, inputs, model.parameters(), columns_of_positions(text))


def one_hot(number: int) -> list[Value]:
    return [Value(float(number == k)) for k in range(len(LETTERS))]


def on_graphs(model: Any, build: Callable[[], Value]) -> Step:
    """Return a step that builds the graph, and walks it backward."""
    parameters = model.parameters()

    def step() -> Value:
        for parameter in parameters:
            parameter.grad = 0.0
        loss = build()
        loss.backward()
        return loss

    return Step(step, lambda loss: (loss.data, [parameter.grad for parameter in parameters]))


def on_program(graph: Graph, how: str) -> Step:
    """Return a step on flat numbers, or for "values" one that reads and writes the Values."""
    program, columns = graph.compiled("native" if how == "values" else how), graph.columns
    parameters = graph.parameters
    numbers: Any = [float(parameter.data) for parameter in parameters]
    if how != "python":
        numbers, columns = as_arrays(numbers, columns)
    if how != "values":
        return Step(lambda: program.run(numbers, columns), numbers_of)

    def step() -> Any:
        for parameter in parameters:
            parameter.grad = 0.0
        return program(columns)

    return Step(step, lambda loss: numbers_of((loss, [p.grad for p in parameters])))


def as_arrays(*lists: Any) -> list[Any]:
    with imports_from("race"):
        import numpy as np

    return [*map(np.array, lists)]


def numbers_of(result: Any) -> Result:
    loss, gradient = result
    return float(loss), [float(number) for number in gradient]


def training(workload: Training, how: str) -> Step:
    """Return a whole training: by ``fit``, or in a loop on a program that is compiled before."""
    network = workload.network
    rows, classes = network.data()
    model = MLP(network.sizes[0], network.sizes[1:], rng=1)
    parameters = model.parameters()
    start = [float(parameter.data) for parameter in parameters]
    kind = getattr(nn, workload.optimizer)

    def fit() -> Result:
        for parameter, number in zip(parameters, start, strict=True):
            parameter.data = number
        history = nn.fit(
            model, rows, classes, loss=hinge_loss, optimizer=kind(parameters, **workload.settings),
            epochs=workload.epochs, batch_size=len(rows), progress=False, backend="native",
        )  # fmt: skip
        return history["loss"][-1], [float(parameter.data) for parameter in parameters]

    if how == "fit":
        return Step(fit, lambda result: result)

    graph = graph_of_network(network)
    program = graph.compiled("native")
    numbers, columns = as_arrays(start, graph.columns)

    def loop() -> Any:
        optimizer, weights = kind(parameters, **workload.settings), numbers
        memory: dict[str, Any] = {}
        for _ in range(workload.epochs):
            loss, gradient = program.run(weights, columns)
            weights = optimizer.updated(weights, gradient, memory)
        return loss, weights

    return Step(loop, numbers_of)
