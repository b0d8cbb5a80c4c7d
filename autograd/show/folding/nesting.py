"""fold_tree: the folds of a graph, from the outermost to the nodes.

A node stands inside the calls that made it. Calls of one module that do not depend on each other,
such as the rows of a batch, lie on one another in a stack; so do nodes that are alike. What a
stack opens to are the stacks of its parts, down to the deepest, which opens to its calls. Calls of
one module that depend on each other, such as steps in time, stand side by side and are numbered.
"""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from autograd.scope import Call, GroupScope
from autograd.show.folding.alike import kinds_at, leaf_folds, made_alike, shared_name
from autograd.show.folding.fold import Fold, nodes_of
from autograd.show.folding.ranks import Rank, call_of, is_call, ranked
from autograd.show.folding.saying import Graph, shape_of
from autograd.wording import word

MOST_NAMES = 40  # of the user's, that no fold of alike nodes hides
FEW_NODES = 3  # of a row, that need no fold


def fold_tree(
    order: Sequence[Any], names: Mapping[Any, str], most_names: int = MOST_NAMES
) -> list[Any]:
    """Return the outermost folds, and nodes outside of all, in topological order.

    ``order`` are the nodes of a graph, parents first; ``names`` has those nodes that have a name.
    Nodes that the user gave a name, up to ``most_names`` of them, are in no fold of alike nodes. A
    module whose outputs have names is ``called`` by them.
    """
    graph = Graph(order, names, most_names)
    return _parts(graph, list(order), 0, {})


def _parts(
    graph: Graph, nodes: Sequence[Any], depth: int, kinds_outside: Mapping[Any, Any]
) -> list[Any]:
    """Return the folds and nodes that ``nodes``, all inside of ``depth`` calls, come in."""
    part_of, ranks = ranked(nodes, {node: graph.part(node, depth) for node in nodes})
    kinds = dict(kinds_outside)
    stacks: dict[Any, list[Any]] = defaultdict(list)
    for node in nodes:
        part = part_of[node]
        if is_call(part):
            kinds[node] = (_module_of(part), ranks[part])
            stacks[kinds[node]].append(node)
    _number(graph, stacks, part_of)
    own = [node for node in nodes if node is part_of[node]]  # of no call here
    alike = kinds_at(graph, own, ranks, kinds)
    box_of = {node: kinds[node] for node in nodes} | {n: n for n in own if n in graph.shown}
    leaves = [node for node in nodes if not node.parents]
    kept, inputs = _owned(graph, leaves, kinds, stacks)
    boxes: list[tuple[Any, int, Any]] = []

    def add(rank: Any, box: Any) -> None:
        boxes.append((rank, graph.place[nodes_of(box)[0]], box))

    for kind, members in stacks.items():
        inside = sorted([*members, *kept[kind]], key=graph.place.__getitem__)
        outside = {p: kinds[p] for n in inside for p in n.parents if p in kinds}
        fold = _fold_of_calls(graph, inside, part_of, depth, outside)
        add(kind[1], fold)
        if inputs[kind]:
            add((0, 0), _inputs(graph, inputs[kind], fold))
    for members in alike.values():
        for box in made_alike(graph, members):
            add(ranks[members[0]], box)
    taken = {leaf for held in (*kept.values(), *inputs.values()) for leaf in held}
    loose = [leaf for leaf in leaves if leaf not in taken]
    is_folded = {kind for kind, members in alike.items() if len(members) > 1} | stacks.keys()
    scopes = {call_of(part).scope for part in part_of.values() if is_call(part)}
    for box in leaf_folds(graph, loose, box_of, is_folded, scopes):
        add((0, 0), box)
    return [box for _, _, box in sorted(boxes, key=lambda entry: entry[:2])]


def _module_of(part: Any) -> Hashable:
    """Return what the calls of a stack have in common: the module, or the name of the group."""
    scope = call_of(part).scope
    return (scope.name, scope.around) if isinstance(scope, GroupScope) else scope


def _number(graph: Graph, stacks: Mapping[Any, Sequence[Any]], part_of: Mapping[Any, Any]) -> None:
    """Number the calls of each module by their rank, so that each comes after those it needs."""
    ranks_of: dict[Hashable, dict[Rank, set[Call]]] = defaultdict(dict)
    for (module, rank), members in stacks.items():
        ranks_of[module][rank] = {call_of(part_of[node]) for node in members}
    for calls_at in ranks_of.values():
        graph.number_calls([calls_at[rank] for rank in sorted(calls_at)])


def _owned(
    graph: Graph, leaves: Sequence[Any], kinds: Mapping[Any, Any], stacks: Mapping[Any, Any]
) -> tuple[dict[Any, list[Any]], dict[Any, list[Any]]]:
    """Return the leaves that are inside of each stack, and those that are its inputs.

    Parameters and constants used in one stack alone are inside of it; other leaves without a name
    are its inputs.
    """
    kept: dict[Any, list[Any]] = defaultdict(list)
    inputs: dict[Any, list[Any]] = defaultdict(list)
    for leaf in leaves:
        users = {kinds.get(child) for child in graph.children[leaf]}
        if len(users) != 1 or (kind := users.pop()) not in stacks:
            continue
        if leaf.is_constant or graph.is_parameter(leaf):
            kept[kind].append(leaf)
        elif leaf not in graph.named:
            inputs[kind].append(leaf)
    return kept, inputs


def _fold_of_calls(
    graph: Graph,
    nodes: Sequence[Any],
    part_of: Mapping[Any, Any],
    depth: int,
    kinds: Mapping[Any, Any],
) -> Any:
    """Return the fold of calls that lie on one another, with ``nodes`` inside."""
    rows: dict[Call, list[Any]] = defaultdict(list)
    for node in nodes:
        if is_call(part_of[node]):
            rows[call_of(part_of[node])].append(node)
    first = next(iter(rows))
    says = shape_of(graph, first, rows[first])
    is_deepest = all(len(graph.calls(node)) <= depth + 1 for node in nodes)
    if len(rows) > 1 and is_deepest:
        inside, shared = _rows_and_shared(graph, rows, nodes, depth, kinds, says)
        if shared:
            own = sorted({*nodes}.difference(shared), key=graph.place.__getitem__)
            stack = _module_fold(
                graph, first, own, inside, count=len(rows), chooses=True, depth=None, says=says
            )
            everything = dict.fromkeys(own, stack)
            inside = [*leaf_folds(graph, shared, everything, {stack}, set()), stack]
        chooses = not shared
    else:
        inside, chooses = _parts(graph, nodes, depth + 1, kinds), False
    return _module_fold(
        graph, first, nodes, inside, count=len(rows), chooses=chooses, depth=depth,
        says=says,
    )  # fmt: skip


def _module_fold(
    graph: Graph, call: Call, nodes: Sequence[Any], inside: Sequence[Any], *, count: int,
    chooses: bool, depth: int | None, says: str,
) -> Any:  # fmt: skip
    """Return the fold of a module or a group; the node itself if it is of a single one."""
    if len(nodes) == 1:
        return nodes[0]
    scope = call.scope
    kind = "group" if isinstance(scope, GroupScope) else "module"
    outputs = graph.outputs(nodes)
    called = shared_name(graph, outputs)
    named = sum(node in graph.named for node in nodes)
    return Fold(
        "stack" if count > 1 else kind, graph.name_of(call), inside, nodes, outputs, says=says,
        count=count, chooses=chooses, called=called, hides=named - len(outputs) * bool(called),
        depth=depth, scope=scope,
    )  # fmt: skip


def _rows_and_shared(
    graph: Graph,
    rows: Mapping[Call, Sequence[Any]],
    nodes: Sequence[Any],
    depth: int,
    kinds: Mapping[Any, Any],
    says: str,
) -> tuple[list[Any], list[Any]]:
    """Return the calls that the deepest stack opens to, and the leaves that they share."""
    row_of = {node: call for call, own in rows.items() for node in own}
    shared: list[Any] = []
    of_row: dict[Call, list[Any]] = defaultdict(list)
    for node in nodes:
        users = {row_of.get(child) for child in graph.children[node]}
        if node in row_of:
            of_row[row_of[node]].append(node)
        elif len(users) == 1 and not graph.is_parameter(node):
            of_row[row_of[graph.children[node][0]]].append(node)
        else:
            shared.append(node)
    calls = []
    for call, own in of_row.items():
        inside = _parts(graph, own, depth + 1, kinds) if len(own) > FEW_NODES else own
        box = _module_fold(graph, call, own, inside, count=1, chooses=False, depth=None, says=says)
        calls.append(box)
    return calls, shared


def _inputs(graph: Graph, leaves: Sequence[Any], fold: Any) -> Any:
    """Return the leaves given to a module as one fold; those of many calls in rows."""
    rows: dict[Any, list[Any]] = defaultdict(list)
    depth = _depth_of_rows(graph, leaves, fold)
    for leaf in leaves:
        users = dict.fromkeys(graph.part(child, depth) for child in graph.children[leaf])
        rows[tuple(users)].append(leaf)
    sizes = {len(row) for row in rows.values()}
    is_regular = len(rows) > 1 and len(sizes) == 1 and all(len(users) == 1 for users in rows)
    numbers = word("numbers", count=len(leaves))
    if not is_regular:
        return _leaf_fold("inputs", leaves, leaves, numbers)
    says = word("rows of numbers", rows=len(rows), numbers=sizes.pop())
    inside = [
        _leaf_fold("inputs", row, row, word("numbers", count=len(row))) for row in rows.values()
    ]
    return _leaf_fold("inputs", inside, leaves, says, count=len(rows), chooses=True)


def _depth_of_rows(graph: Graph, leaves: Sequence[Any], fold: Any) -> int:
    """Return the depth of the first stack that all leaves go to, or of the fold around them."""
    users = {child for leaf in leaves for child in graph.children[leaf]}
    depth = 0
    while isinstance(fold, Fold) and fold.depth is not None:
        depth = fold.depth
        if fold.count > 1:
            return depth
        fold = next((f for f in fold.inside if users.issubset(nodes_of(f))), None)
    return depth


def _leaf_fold(
    name: str, inside: Sequence[Any], leaves: Sequence[Any], says: str, **more: Any
) -> Any:
    if len(leaves) == 1:
        return leaves[0]
    return Fold("alike", word(name), inside, leaves, leaves, says=says, **more)
