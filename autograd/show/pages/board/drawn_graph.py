"""The graph of a board as data: what its page folds, lays out and draws.

Nothing of it is computed in the page, so that graphs of students' own engines come as ours do.
"""

import math
from collections import Counter
from collections.abc import Container, Hashable, Iterable, Mapping, Sequence
from typing import Any

from autograd.errors import PictureError
from autograd.numeric import closest_float
from autograd.show.folding import Cut, Fold, fold_tree, opened_with
from autograd.show.pages.graph import TreeData
from autograd.show.picture import Options, cuts_by_name, too_many
from autograd.text import LOCAL_MARK, Labels

MOST_NODES = 20_000
MOST_NODES_WITH_LOCALS = 300  # in more of them no edge has room for its local derivative


def graph_data(
    order: Sequence[Any],
    labels: Labels,
    options: Options | None = None,
    stale: Container[Any] = (),
) -> dict[str, Any]:
    """Return nodes and folds in columns, as JSON has them; a ``cut`` if the options name one.

    ``key`` tells the page which boxes of two graphs are the same; ``stale`` are nodes whose
    gradients are known to be of an earlier pass. Raises PictureError where the graph is too large.
    """
    options = options or Options()
    if len(order) > MOST_NODES:
        raise PictureError(
            f"{len(order):,} nodes are too many for the board, which takes {MOST_NODES:,}; "
            "take a smaller part, such as the loss of fewer samples"
        )
    is_named = options.fold != "auto"
    tree = fold_tree(order, labels.given, **({"most_names": 0} if is_named else {}))
    if (boxes := len(Cut(tree))) > options.max_nodes:
        raise too_many(len(order), boxes, options)
    place = {node: k for k, node in enumerate(order)}
    folds = TreeData(tree, place)
    columns = folds.as_json() | {
        "key": list(_keys_of_folds(tree).values()),
        "hides": [fold.hides for fold in folds.folds],
        "depth": [fold.depth for fold in folds.folds],
        "together": _numbered(map(opened_with, folds.folds)),
    }
    cut = {"cut": folds.cut_as_json(cuts_by_name(tree)[options.fold])} if is_named else {}
    nodes = _nodes(order, labels, place, options.locals)
    nodes["stale"] = [k for k, n in enumerate(order) if n in stale or labels.is_stale(n)]
    return {"nodes": nodes, "tree": columns} | cut


def _numbered(keys: Iterable[Hashable]) -> list[int]:
    """Return a number for each key, the same for equal ones."""
    numbers: dict[Hashable, int] = {}
    return [numbers.setdefault(key, len(numbers)) for key in keys]


def _nodes(
    order: Sequence[Any], labels: Labels, place: Mapping[Any, int], locals_: bool | str
) -> dict[str, Any]:
    names = labels.given
    with_locals = len(order) <= MOST_NODES_WITH_LOCALS if locals_ == "auto" else bool(locals_)
    return {
        "key": keys_of(order, names),
        "name": [names.get(node, "") for node in order],
        "title": [labels.short(n) if n.is_constant else labels.title(n) for n in order],
        "kind": ["constant" if n.is_constant else "node" if n.parents else "leaf" for n in order],
        "op": [node.op for node in order],
        "parents": [[place[parent] for parent in node.parents] for node in order],
        "data": [labels.data(node) for node in order],
        "grad": [labels.grad(node) for node in order],
        "number": [_number(labels.forward_data[node]) for node in order],
        "gradient": [_number(labels.gradient(node)) for node in order],
        "locals": [_locals(labels, node) if with_locals else [] for node in order],
    }


def _locals(labels: Labels, node: Any) -> list[str]:
    """Return the local derivative of a node by each parent, for its edge; "" by a constant."""
    texts = zip(labels.local_derivatives(node), node.parents, strict=False)
    return ["" if parent.is_constant else LOCAL_MARK + text for text, parent in texts]


def _number(number: Any) -> float | str | None:
    """Return a number to be used in norms and widths; None if there is none."""
    try:
        nearest = None if number is None else closest_float(number)
    except (TypeError, ValueError, OverflowError):  # the data of a student's class may be anything
        return None
    if nearest is None or math.isfinite(nearest):
        return nearest
    return str(nearest).replace("inf", "Infinity").replace("nan", "NaN")


def keys_of(order: Sequence[Any], names: Mapping[Any, str]) -> list[str]:
    """Return a key for each node that it keeps as the graph grows: its name, if it has one.

    Others are counted from the nearest node with a name that was made of them. No name holds a tab.
    """
    whose: dict[Any, str] = {}
    keys: dict[Any, str] = {}
    counts: Counter[tuple[str, bool]] = Counter()
    for node in reversed(order):
        name = names.get(node)
        owner = whose.get(node, "") if name is None else name
        for parent in node.parents:
            whose[parent] = owner  # at last the child that was made first
        counts[owner, name is None] += 1
        count = counts[owner, name is None]
        again = f"{owner}\t\t{count}" if count > 1 else owner
        keys[node] = f"{owner}\t{count}" if name is None else again
    return [keys[node] for node in order]


def _keys_of_folds(boxes: Sequence[Any], around: str = "") -> dict[Fold, str]:
    """Return the path of names to each fold, the outer ones first; parts of the same name count.

    Calls of a module are counted here too: the first stays what it is when another one follows.
    """
    counts: Counter[str] = Counter()
    keys: dict[Fold, str] = {}
    for box in boxes:
        if isinstance(box, Fold):
            path = f"{around}\t{box.called or box.uncounted_name}"
            counts[path] += 1
            keys[box] = f"{path}\t{counts[path]}"
            keys |= _keys_of_folds(box.inside, keys[box])
    return keys
