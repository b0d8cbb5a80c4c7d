"""How far a graph is folded in its picture."""

import math
import re
from collections.abc import Sequence
from typing import Any

from autograd.errors import PictureError
from autograd.foreign import remarks_on
from autograd.scope import GroupScope
from autograd.show.folding import LEAST_FOLDED, Cut, Fold, every_fold, fold_tree, readable_cut
from autograd.show.picture.picture import MOST_BOXES_ON_A_SCREEN, SCREEN, Options, Picture
from autograd.show.picture.scene import MOST_NODES_WITH_LOCALS, Scene, make_scene
from autograd.text import Labels
from autograd.wording import word


def picture_of(order: Sequence[Any], labels: Labels, options: Options) -> Picture:
    """Return the picture of a graph in topological order, folded as the options say."""
    choice = _Choice(order, labels, options)
    return choice.finest() if options.fold == "auto" else choice.named(options.fold)


class _Choice:
    """The pictures that a graph may have."""

    def __init__(self, order: Sequence[Any], labels: Labels, options: Options) -> None:
        self.order = order
        self.labels = labels
        self.options = options
        self._tried: dict[Cut, Picture | None] = {}

    def named(self, fold: str) -> Picture:
        """Return the picture folded by a name; PictureError for one that this graph has not."""
        cuts = cuts_by_name(fold_tree(self.order, self.labels.given, most_names=0))
        if fold not in cuts:
            known = ", ".join(map(repr, cuts))
            raise PictureError(f"fold={fold!r} is unknown here; this graph folds by {known}")
        return self._first_small([cuts[fold]])

    def finest(self) -> Picture:
        """Return the finest picture that is readable, or one that is as well as can be."""
        tree = fold_tree(self.order, self.labels.given)
        cut = readable_cut(tree, self._screens)
        if (picture := self._tried.get(cut)) and picture.is_readable:
            return picture
        whole = Cut(tree, every_fold(tree), row=None)
        saves_enough = len(cut) * LEAST_FOLDED <= len(whole)
        return self._first_small([cut, Cut(tree)] if saves_enough else [whole, cut, Cut(tree)])

    def _screens(self, cut: Cut) -> float:
        if cut not in self._tried:
            self._tried[cut] = self._best(cut)
        picture = self._tried[cut]
        return picture.screens(SCREEN) if picture else math.inf

    def _best(self, cut: Cut) -> Picture | None:
        """Return a cut's picture, if need be with less in its boxes; None if these are too many."""
        picture = None
        if len(cut) <= min(self.options.max_nodes, MOST_BOXES_ON_A_SCREEN):
            hides_modules = any(isinstance(box, Fold) and box.scope for box in cut.seen)
            for is_compact in (False, True)[: 1 + hides_modules]:
                picture = self._picture(cut, is_compact)
                if len(picture.scene.boxes) > self.options.max_nodes:  # references are boxes too
                    return None
                if picture.is_readable:
                    break
        return picture

    def _picture(self, cut: Cut, is_compact: bool = False) -> Picture:
        options = self.options
        scene = scene_at(cut, self.order, self.labels, options.locals, options.fold, is_compact)
        return Picture(scene, options)

    def _first_small(self, cuts: Sequence[Cut]) -> Picture:
        """Return the first picture of few enough boxes; PictureError if none is."""
        counts = []
        for cut in cuts:
            counts.append(len(cut))
            if counts[-1] <= self.options.max_nodes:  # else its scene would take long to make
                picture = self._tried.get(cut) or self._picture(cut)
                counts[-1] = len(picture.scene.boxes)  # references are boxes too
                if counts[-1] <= self.options.max_nodes:
                    return picture
        raise too_many(len(self.order), min(counts), self.options)


def cuts_by_name(tree: Sequence[Any]) -> dict[str, Cut]:
    """Return the ways to fold that have a name, from fine to coarse.

    Nothing folded; ``alike`` nodes outside of modules; and each depth of modules, named after them
    (``neuron``, ``layer``, ...), down to the whole model.
    """
    folds = list(every_fold(tree))
    cuts = {"none": Cut(tree, folds, row=None)}
    if alike := {box for box in tree if isinstance(box, Fold) and box.kind == "alike"}:
        cuts["alike"] = Cut(tree, set(folds) - alike, row=None)
    modules = {fold: fold.depth for fold in folds if fold.depth is not None}
    for depth in sorted(set(modules.values()), reverse=True):
        here = {fold for fold, its_depth in modules.items() if its_depth == depth}
        named = [fold for fold in here if not isinstance(fold.scope, GroupScope)] or here
        names = {re.sub(r"\W*\d+$", "", fold.own_name) for fold in named}
        nodes = {node for fold in here for node in fold.nodes}
        around = [fold for fold in modules if modules[fold] < depth and nodes & set(fold.nodes)]
        cuts["/".join(sorted(names))] = Cut(tree, around)
    return cuts


def scene_at(
    cut: Cut,
    order: Sequence[Any],
    labels: Labels,
    locals_: bool | str = "auto",
    level: str = "auto",
    is_compact: bool = False,
) -> Scene:
    """Return the scene of a graph at a cut, with a caption that says how it is folded."""
    boxes = len(set(map(id, map(cut.place_of.get, order))))
    shown = boxes <= MOST_NODES_WITH_LOCALS if locals_ == "auto" else bool(locals_)
    scene = make_scene(order, cut.place_of, labels, locals_=shown, is_compact=is_compact)
    remarks = []
    if boxes < len(order):
        key = {"auto": "folded", "alike": "folded alike"}.get(level, "folded by")
        remarks.append(word(key, level=level, nodes=len(order), boxes=boxes))
    scene.caption = "; ".join(remarks + remarks_on(order))
    leaves = [labels.short(node) for node in order if not node.parents and not node.is_constant]
    scene.description = word(
        "description",
        nodes=len(order),
        leaves=_listed(leaves),
        output=labels.name(order[-1]) or word("output"),
    )
    if stale := [box.title for box in scene.boxes if box.has_stale_grad]:
        scene.description += " " + word("stale gradients", nodes=_listed(stale))
    return scene


def too_many(nodes: int, boxes: int, options: Options) -> PictureError:
    """Return the error that a graph makes more boxes than a picture may have."""
    if options.are_from_caller:
        return PictureError(
            f"{nodes:,} nodes make {boxes:,} boxes at fold={options.fold!r}, more than "
            f"max_nodes={options.max_nodes:,}; take a smaller part, or give draw() a coarser fold= "
            "or a higher max_nodes="
        )
    return PictureError(
        f"{nodes:,} nodes make {boxes:,} boxes, folded as far as they can be, more than the "
        f"{options.max_nodes:,} of a picture; take a smaller part, such as fewer steps of a loop "
        "or the loss of one sample; models made of nn's modules fold further"
    )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:10]) + (", …" if len(names) > 10 else "")
