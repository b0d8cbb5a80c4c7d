"""Nodes that are alike, outside of modules and between their parts.

Two nodes are alike if they have the same operation and rank, and their parents are, in turn, alike;
leaves are alike if their names differ in digits only.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import Any

from autograd.foreign import notation_of
from autograd.scope import Scope
from autograd.show.folding.fold import Fold
from autograd.show.folding.ranks import Rank
from autograd.show.folding.saying import Graph
from autograd.text import Typesetter
from autograd.wording import show_number, word

SHOWN_CONSTANTS = 3  # in the name of several that differ
LONGEST_FORMULA = 20  # of operands' names, for several that are alike
NAMES_OF_SIGNS = {
    "*": "product", "/": "quotient", "+": "sum", "-": "difference", "**": "power", "neg": "negated",
}  # fmt: skip


def kinds_at(
    graph: Graph, nodes: Sequence[Any], ranks: Mapping[Any, Rank], kinds: dict[Any, Any]
) -> dict[Hashable, list[Any]]:
    """Add the kind of each node to ``kinds``; return those that are not leaves by their kind.

    ``nodes`` are in no module here, and in topological order.
    """
    known: dict[Any, Any] = {}  # each kind once, so that nested kinds compare quickly
    alike: dict[Hashable, list[Any]] = defaultdict(list)
    for node in nodes:
        if node.parents:
            operands = tuple(dict.fromkeys(map(kinds.get, node.parents)))
            signature: Any = (notation_of(node), operands, ranks[node], _pattern(graph, node))
        else:
            signature = (node.is_constant, _pattern(graph, node))
        kinds[node] = known.setdefault(signature, object())
        if node.parents:
            alike[node if node in graph.shown else kinds[node]].append(node)
    return alike


def made_alike(graph: Graph, nodes: Sequence[Any]) -> list[Any]:
    """Return nodes that are alike as one fold, or the only one as it is."""
    return [_alike(graph, nodes, nodes, chooses=True)] if len(nodes) > 1 else list(nodes)


def leaf_folds(
    graph: Graph,
    leaves: Sequence[Any],
    box_of: Mapping[Any, Hashable],
    folded: Collection[Hashable],
    scopes: Collection[Scope],
) -> list[Any]:
    """Return leaves that are in no module here, folded where they are alike.

    ``box_of`` tells in which box each child is; ``folded`` are the boxes of several nodes. Leaves
    fold if those that use them do. Parameters fold by the module that several calls share, one of
    ``scopes``.
    """
    groups: dict[Hashable, list[Any]] = defaultdict(list)
    shared_by: dict[Hashable, Scope] = {}
    for leaf in leaves:
        users = frozenset(box_of.get(child, child) for child in graph.children[leaf])
        key: Hashable = leaf
        if graph.is_parameter(leaf):
            modules = [scope for scope in leaf.scope.lineage if scope in scopes]
            key = modules[0] if modules else (leaf.scope, _pattern(graph, leaf))
            if modules:
                shared_by[key] = modules[0]
        elif leaf not in graph.shown and users <= set(folded):
            key = (leaf.is_constant, _pattern(graph, leaf), users)
        groups[key].append(leaf)
    boxes: list[Any] = []
    for key, alike in groups.items():
        if len(alike) == 1:
            boxes += alike
        elif key in shared_by:
            scope = shared_by[key]
            name, says = word("parameters"), scope.path or scope.name
            says += ": " + word("numbers", count=len(alike))
            boxes.append(Fold("alike", name, alike, alike, alike, says=says))
        else:
            boxes.append(_alike(graph, alike, alike, chooses=not graph.is_parameter(alike[0])))
    return boxes


def shared_name(graph: Graph, nodes: Sequence[Any]) -> str:
    """Return what the user calls nodes whose names differ in digits only, else ""."""
    if not graph.named.issuperset(nodes):
        return ""
    if len({_pattern(graph, node) for node in nodes}) > 1:
        return ""
    return _common([graph.names[node] for node in nodes])


def _common(names: Sequence[str]) -> str:
    """Return names that differ in digits only as one, with a dot for those that differ."""
    pieces = [re.split(r"(\d+)", name) for name in names]
    return "".join(
        same.pop() if len(same) == 1 else "·" for same in map(set, zip(*pieces, strict=True))
    )


def _first_numbers(nodes: Sequence[Any]) -> str:
    """Return the number that all constants are, or the first few of several."""
    numbers = [show_number(node.data) for node in nodes]
    if len(set(numbers)) == 1:
        return numbers[0]
    return ", ".join(numbers[:SHOWN_CONSTANTS]) + (", …" if len(numbers) > SHOWN_CONSTANTS else "")


def _pattern(graph: Graph, node: Any) -> str:
    return re.sub(r"\d+", "#", graph.names.get(node, ""))


def _word_for(operation: str) -> str:
    """Return what a result of an operation is called: a sign alone says little at a box's top."""
    return word(NAMES_OF_SIGNS[operation]) if operation in NAMES_OF_SIGNS else operation


def _formula(graph: Graph, nodes: Sequence[Any]) -> str:
    """Return what alike results of a sign are made of, as in ``w*x·``; "" without short names."""
    sign, operands = nodes[0].op, [node.parents for node in nodes]
    patterns = {tuple(_pattern(graph, operand) for operand in pair) for pair in operands}
    if sign not in NAMES_OF_SIGNS or len(patterns) > 1 or len(operands[0]) != 2:
        return ""
    if not all(patterns.pop()):
        return ""
    between = f" {Typesetter.sign(sign)} " if sign in "+-" else sign
    formula = _common([between.join(graph.names[operand] for operand in pair) for pair in operands])
    return formula if len(formula) <= LONGEST_FORMULA else ""


def _alike(graph: Graph, inside: Sequence[Any], nodes: Sequence[Any], *, chooses: bool) -> Fold:
    first = nodes[0]
    name = _common([graph.names.get(node, "") for node in nodes])
    name = name or _formula(graph, nodes) or _word_for(first.op)
    if not name:
        name = _first_numbers(nodes) if first.is_constant else word("leaf")
    named = sum(node in graph.named for node in nodes)
    return Fold(
        "alike", name, inside, nodes, graph.outputs(nodes), count=len(nodes), chooses=chooses,
        hides=named,
    )  # fmt: skip
