"""Cut: which folds are open."""

import math
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

from autograd.scope import Scope
from autograd.show.folding.fold import Fold, nodes_of

FEW_LEAVES = 4  # that may hang on a closed fold one by one
MOST_OPEN_FOR_NAMES = 40  # boxes that a picture may have so that no name of the user's is hidden
LEAST_FOLDED = 2  # a cut that does not fit has at most one box in so many, or is not worth it
SMALL = 20  # boxes of a graph that is rather not folded than folded for nothing


class Cut:
    """What a reader sees of a fold tree: its folds, opened or closed, and nodes.

    tree      what ``fold_tree`` returned
    opened    the folds that are open; what is inside of a closed one is not seen
    row       which of its ``inside`` an open fold that ``chooses`` shows, the others being one box;
              None for all
    place_of  node → the closed fold it is in, or the node itself
    seen      the closed folds, and the nodes that are in none of them
    """

    def __init__(
        self, tree: Sequence[Any], opened: Iterable[Fold] = (), row: int | None = 0
    ) -> None:
        self.tree = tree
        self.opened = frozenset(opened)
        self.row = row
        self.seen = list(self._walk(tree))

    def _walk(self, boxes: Iterable[Any]) -> Iterator[Any]:
        for box in boxes:
            if not isinstance(box, Fold) or box not in self.opened:
                yield box
            elif box.chooses and self.row is not None:
                row = min(self.row, len(box.inside) - 1)
                yield from self._walk([box.inside[row], box.rest(row)])
            else:
                yield from self._walk(box.inside)

    def __len__(self) -> int:
        """The number of boxes."""
        return len(self.seen)

    @cached_property
    def place_of(self) -> dict[Any, Any]:
        return {node: box for box in self.seen for node in nodes_of(box)}

    def opening(self, *folds: Fold) -> "Cut":
        """Return the cut with these folds opened too."""
        return Cut(self.tree, self.opened.union(folds), self.row)


def every_fold(boxes: Iterable[Any]) -> Iterator[Fold]:
    """Yield all folds of a tree, the outer ones first."""
    for box in boxes:
        if isinstance(box, Fold):
            yield box
            yield from every_fold(box.inside)


def finest_cut(tree: Sequence[Any], fits: Callable[[Cut], bool]) -> Cut:
    """Return the finest cut that fits: folds are opened from the outermost, while it does.

    Folds that hide a name of the user's are open from the start, below 40 boxes, so that the cut
    may not fit; where that saves less than half of a small graph's boxes, nothing is folded. Folds
    that choose a row stay closed, unless all of the graph fits: the choice is the reader's. Parts
    of modules, such as all layers, are opened together. More than a few leaves stay closed as long
    as those that use them are: else they hang on one box.
    """
    everything = Cut(tree, every_fold(tree), row=None)
    if fits(everything):
        return everything
    cut = _showing_names(tree)
    if not fits(cut):
        is_worth_it = len(cut) * LEAST_FOLDED <= len(everything)
        is_small = len(everything) <= SMALL
        return everything if is_small and not is_worth_it else cut
    tried: set[Fold] = set()
    while batches := _to_open(cut, tried):
        for batch in batches:
            tried.update(batch)
            opened = cut.opening(*batch)
            if fits(opened):
                cut = opened
    return cut


def readable_cut(tree: Sequence[Any], screens: Callable[[Cut], float]) -> Cut:
    """Return the finest cut that is seen whole, or where names prevent that, one that pans least.

    ``screens`` tells how many screens a cut fills: more than 1 if it is not seen whole, infinity
    for one that is not to be drawn. A small graph is folded too where that saves half of them.
    """
    cut = finest_cut(tree, lambda cut: screens(cut) <= 1)
    least = screens(cut)
    if cut.row is None and least > 1:
        folded = _showing_names(tree)
        if max(1, needed := screens(folded)) * LEAST_FOLDED <= least:
            cut, least = folded, needed
    if not 1 < least < math.inf or cut.row is None:  # nothing is folded
        return cut

    def pans_no_more(cut: Cut) -> bool:
        nonlocal least
        if cut.row is None or (needed := screens(cut)) > least:
            return False
        least = needed
        return True

    return finest_cut(tree, pans_no_more)


def _showing_names(tree: Sequence[Any]) -> Cut:
    cut = Cut(tree)
    while hiding := [box for box in cut.seen if isinstance(box, Fold) and box.hides]:
        opened = cut.opening(*(box for box in hiding if not box.chooses))
        if opened.opened == cut.opened or len(opened) > MOST_OPEN_FOR_NAMES:
            break
        cut = opened
    return cut


def _to_open(cut: Cut, tried: set[Fold]) -> list[list[Fold]]:
    """Return the closed folds not tried yet, those to be opened together, modules first."""
    batches: dict[Any, list[Fold]] = {}
    users_closed = _used_by_closed_folds(cut)
    for box in cut.seen:
        if not isinstance(box, Fold) or box.chooses or box in tried:
            continue
        if box not in users_closed or len(box.inside) <= FEW_LEAVES:
            batches.setdefault(opened_with(box), []).append(box)
    return sorted(batches.values(), key=_urgency)


def opened_with(fold: Fold) -> Hashable:
    """Return what is the same for folds that are opened together: those of one depth of modules,
    and those of parameters.
    """
    if fold.depth:
        return fold.depth
    return "parameters" if isinstance(getattr(fold.nodes[-1], "scope", None), Scope) else fold


def _used_by_closed_folds(cut: Cut) -> set[Any]:
    """Return the folds of leaves that a closed fold uses."""
    places = cut.place_of
    closed = (node for node, box in places.items() if isinstance(box, Fold))
    used = {places[p] for node in closed for p in node.parents if p in places}
    return {box for box in used if not any(node.parents for node in nodes_of(box))}


def _urgency(batch: Sequence[Fold]) -> tuple[float, int]:
    depth = batch[0].depth
    return (math.inf if depth is None else depth, sum(len(box.inside) for box in batch))
