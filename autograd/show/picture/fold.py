"""Folding a graph too big to read: by module, and similar nodes into one box.

Levels, from fine to coarse: nothing folded; ``alike`` nodes outside of modules; and each depth of
modules, named after them (``neuron``, ``layer``, ...), down to the whole model.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from autograd.foreign import notation_of
from autograd.scope import Scope
from autograd.wording import word


class Group:
    """Nodes that share a box."""

    def __init__(self, title: str) -> None:
        self.title = title


class Level(NamedTuple):
    """One way to fold: its name, and for each folded node its group."""

    name: str
    groups: Mapping[Any, Group]

    def count_boxes(self, order: Sequence[Any]) -> int:
        return len({self.groups.get(node, node) for node in order})


def levels(order: Sequence[Any], titles: Mapping[Any, str]) -> Iterator[Level]:
    """Yield the ways to fold a graph, from fine to coarse; ``titles`` names its leaves."""
    yield Level("none", {})
    alike = _alike(order, titles, depth=None)
    if alike:
        yield Level("alike", alike)
    lineages = {node.scope: node.scope.lineage for node in order if _scope(node)}
    deepest = max((len(lineage) for lineage in lineages.values()), default=0)
    for depth in range(deepest, 0, -1):
        names = {lineage[depth - 1].name for lineage in lineages.values() if len(lineage) >= depth}
        name = "/".join(sorted({re.sub(r"\d+$", "", name) for name in names}))
        yield Level(name, _alike(order, titles, depth=depth))


def _scope(node: Any) -> Scope | None:
    return getattr(node, "scope", None)


def _alike(order: Sequence[Any], titles: Mapping[Any, str], depth: int | None) -> dict[Any, Group]:
    """Group the nodes of a module at ``depth``, and elsewhere nodes that are alike.

    Two nodes are alike if they have the same operation and their parents are, in turn, alike;
    leaves are alike if their names differ in digits only. A leaf folds only if all its children do.
    """
    kind_of: dict[Any, Any] = {}
    kinds: dict[Any, Any] = {}  # each kind once, so that nested kinds compare quickly
    members: dict[Any, list[Any]] = {}
    modules: dict[Scope, Group] = {}
    groups: dict[Any, Group] = {}
    for node in order:
        scope = _scope(node)
        if scope and depth is not None:
            lineage = scope.lineage[:depth]
            module = lineage[-1]
            if module not in modules:
                modules[module] = Group(module.path or module.name)
            groups[node] = modules[module]
            kind_of[node] = module
            continue
        if node.parents:
            operands = tuple(dict.fromkeys(map(kind_of.get, node.parents)))
            signature: Any = (notation_of(node), scope, operands)
        else:
            signature = (node.is_constant, re.sub(r"\d+", "#", titles.get(node, "")))
        kind = kinds.setdefault(signature, object())
        kind_of[node] = kind
        if not scope:
            members.setdefault(kind, []).append(node)
    for alike in members.values():
        if len(alike) > 1 and alike[0].parents:
            groups.update(dict.fromkeys(alike, Group(_alike_title(alike, titles))))
    unfolded = {parent for node in order if node not in groups for parent in node.parents}
    for alike in members.values():
        leaves = [node for node in alike if not node.parents and node not in unfolded]
        if len(leaves) > 1:
            groups.update(dict.fromkeys(leaves, Group(_alike_title(leaves, titles))))
    return groups


def _alike_title(nodes: Sequence[Any], titles: Mapping[Any, str]) -> str:
    first = nodes[0]
    title = titles.get(first, "") or first.op or word("constant" if first.is_constant else "leaf")
    title = re.sub(r"\d+", "·", title) if first in titles else title
    return f"{title} {word('times', count=len(nodes))}"
