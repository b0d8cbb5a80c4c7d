"""A model as a page trains it: its programs in JavaScript, its network, and its start."""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from autograd import Value
from autograd.numeric import saturated, shown
from nn.module import Module
from nn.optim import Optimizer
from nn.playing.formulas import evaluation
from nn.playing.network import Unit, network_of
from nn.stamping import values_in
from nn.training import Compiled


class Playable(NamedTuple):
    """A model for the page.

    run, measure, maps   programs: a step's loss and gradient; loss and outputs; every unit
    inputs               for each program the places of its columns in a row and its target
    parameters           their names; the first ``n_moved`` are the optimizer's
    start                their numbers
    units, outputs       what the network is drawn of, and which of them are the outputs
    """

    run: str
    measure: str
    maps: str
    inputs: dict[str, list[int]]
    parameters: list[str]
    start: list[float]
    n_moved: int
    n_outputs: int
    units: list[Unit]
    outputs: list[int]


def playable(model: Module, optimizer: Optimizer, compiled: Compiled) -> Playable:
    """Return what a page needs of a model; raises ValueError for a weight that is not finite."""
    graph, program = compiled.graph, compiled.program.program
    parameters, outputs = program.parameters, values_in(graph.outputs)
    names = _names(model, parameters)
    for name, parameter in zip(names, parameters, strict=True):
        if not math.isfinite(parameter.data):
            raise ValueError(f"{name} starts at {shown(parameter.data)}: set it to a finite number")
    units, nodes = network_of(model, graph.inputs[: graph.n_of_row], outputs, parameters)
    wanted = {"run": [graph.loss], "measure": [graph.loss, *outputs], "maps": nodes}
    inputs = {name: graph.inputs_of(*results) for name, results in wanted.items()}

    def evaluated(name: str) -> str:
        columns = [graph.inputs[k] for k in inputs[name]]
        return evaluation(wanted[name], columns, parameters)

    moved = set(optimizer.parameters)
    return Playable(
        run=program.javascript, measure=evaluated("measure"), maps=evaluated("maps"),
        inputs=inputs, parameters=names, start=[saturated(p.data) for p in parameters],
        n_moved=sum(p in moved for p in parameters), n_outputs=len(outputs), units=units,
        outputs=[graph.n_of_row + nodes.index(output) for output in outputs],
    )  # fmt: skip


def _names(model: Module, parameters: Sequence[Value]) -> list[str]:
    named = {parameter: name for name, parameter in model.named_parameters()}
    return [named.get(p) or p.label or f"parameter {k}" for k, p in enumerate(parameters)]


def closed(text: str, name: str) -> str:
    """Return a program as an expression: its function, with all that it needs hidden inside."""
    return f"(() => {{\n{text}\nreturn {name};\n}})()"


def script_of(models: Sequence[Playable], formulas: Sequence[dict[str, Any]]) -> str:
    """Return the script that stands in front of the page's own: all programs, in two lists."""
    of_models = [
        f"{{ run: {closed(m.run, 'run')},\nmeasure: {closed(m.measure, 'evaluate')},\n"
        f"maps: {closed(m.maps, 'evaluate')} }}"
        for m in models
    ]
    of_optimizers = [
        f"{{ first: {closed(f['first'], 'evaluate')},\nlater: {closed(f['later'], 'evaluate')} }}"
        for f in formulas
    ]
    return (
        f"const MODELS = [{', '.join(of_models)}];\n\n"
        f"const FORMULAS = [{', '.join(of_optimizers)}];\n"
    )
