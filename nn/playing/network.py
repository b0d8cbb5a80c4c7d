"""The network as it is drawn: units in layers, found in the graph of one row."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from autograd import Value, formula
from autograd.graph import topological_order
from autograd.scope import Call
from nn.layers import Neuron
from nn.module import Module

LONGEST_NAME = 14


class Unit(NamedTuple):
    """A neuron, an input, or something else that numbers flow through on their way.

    name     where it is in the model, or its formula
    layer    how many units are at most between it and the inputs
    sources  for each number that it takes: the unit it is from, and the place of its weight, if any
    bias     the place of its bias, if any
    """

    name: str
    layer: int
    sources: list[tuple[int, int | None]]
    bias: int | None


class Sum(NamedTuple):
    """A weighted sum: pairs of a node and its weight's place, and the place of the bias."""

    pairs: list[tuple[Value, int]]
    bias: int | None
    name: str


def network_of(
    model: Module, inputs: Sequence[Value], outputs: Sequence[Value], parameters: Sequence[Value]
) -> tuple[list[Unit], list[Value]]:
    """Return the units, inputs first and each after its sources; and the nodes of the others."""
    order = topological_order(*outputs)
    place = {parameter: k for k, parameter in enumerate(parameters)}
    sums = _sums(model, order, place)
    sources = {node for found in sums.values() for node, _ in found.pairs}
    drawn = {*inputs, *sums, *sources, *outputs}
    nodes = [*inputs, *(node for node in order if node in drawn and node not in set(inputs))]
    number = {node: k for k, node in enumerate(nodes)}
    units: list[Unit] = []
    for node in nodes:
        if node in inputs:
            units.append(Unit(node.label or "x", 0, [], None))
            continue
        found = sums.get(node)
        if found is None:
            found = Sum([], None, _short(node))
            taken: list[tuple[int, int | None]] = [(number[n], None) for n in _behind(node, drawn)]
        else:
            taken = [(number[n], weight) for n, weight in found.pairs if n in number]
        layer = 1 + max((units[k].layer for k, _ in taken), default=0)
        units.append(Unit(found.name, layer, taken, found.bias))
    last = max(unit.layer for unit in units)
    ends = {number[node] for node in outputs}
    placed = [u._replace(layer=last) if k in ends else u for k, u in enumerate(units)]
    return placed, nodes[len(inputs) :]


def _sums(model: Module, order: Sequence[Value], place: Mapping[Value, int]) -> dict[Value, Sum]:
    """Return for the node in which each neuron ends the sum that it is made of."""
    children: dict[Value, list[Value]] = {}
    for node in order:
        for parent in node.parents:
            children.setdefault(parent, []).append(node)
    scopes = {m.scope: m for _, m in model.named_modules() if isinstance(m, Neuron) and m.expanded}
    found: dict[Value, Sum] = {}
    for scope, neuron in scopes.items():
        made = [node for node in order if node.parents and _scope(node) is scope]
        if made:
            pairs = [pair for node in made for pair in _pairs(node, place)]
            found[made[-1]] = Sum(pairs, place.get(neuron.b), scope.path)
    for node in order:
        if _scope(node) not in scopes and (pairs := _pairs(node, place)):
            bias = place.get(node.parents[-1]) if len(node.parents) % 2 else None
            made_by = _scope(node)
            name = made_by.path if made_by is not None and made_by.path else _short(node)
            found[_activation(node, children)] = Sum(pairs, bias, name)
    return found


def _pairs(node: Value, place: Mapping[Value, int]) -> list[tuple[Value, int]]:
    """Return the nodes that a product, or a dot, multiplies by parameters; with their places."""
    if node.op not in ("dot", "*"):
        return []
    n = len(node.parents) // 2
    pairs = []
    for one, other in zip(node.parents[:n], node.parents[n : 2 * n], strict=True):
        weight, source = (one, other) if one in place else (other, one)
        if weight in place and source not in place and not source.is_constant:
            pairs.append((source, place[weight]))
    return pairs


def _activation(node: Value, children: Mapping[Value, list[Value]]) -> Value:
    """Return what the same neuron makes of its sum alone; the sum where it makes nothing of it."""
    match children.get(node, []):
        case [child] if len(child.parents) == 1 and _scope(child) is _scope(node):
            return child
    return node


def _behind(node: Value, drawn: set[Value]) -> list[Value]:
    """Return the drawn nodes that ``node`` is made of, with no other between."""
    found: dict[Value, None] = {}
    waiting, seen = list(node.parents), set[Value]()
    while waiting:
        parent = waiting.pop()
        if parent in drawn:
            found[parent] = None
        elif parent not in seen:
            seen.add(parent)
            waiting += parent.parents
    return list(found)


def _scope(node: Value) -> Any:
    """Return the scope of the module that made a node, None outside of modules."""
    made_by = getattr(node, "scope", None)
    return made_by.scope if isinstance(made_by, Call) else made_by


def _short(node: Value) -> str:
    """Return the formula of a node if it is short, else its operation."""
    text = str(formula(node, names={})) if len(topological_order(node)) < LONGEST_NAME else ""
    return text if text and len(text) <= LONGEST_NAME else node.op or node.label or "?"
