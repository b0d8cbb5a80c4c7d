"""The fold tree of a graph as a page has it: folds and nodes by number."""

from collections.abc import Mapping, Sequence
from typing import Any

from autograd.show.folding import Cut, Fold, every_fold


class TreeData:
    """A fold tree whose folds have numbers; a fold j stands as -1 - j, a node as its place."""

    def __init__(self, tree: Sequence[Any], place: Mapping[Any, int]) -> None:
        self.tree = tree
        self.folds = list(every_fold(tree))
        self.number_of = {fold: j for j, fold in enumerate(self.folds)}
        self._place = place

    def as_json(self) -> dict[str, Any]:
        """Return the outermost entries, and the folds in columns."""
        return {
            "top": [self._entry(box) for box in self.tree],
            "name": [fold.name for fold in self.folds],
            "title": [fold.title for fold in self.folds],
            "says": [fold.says for fold in self.folds],
            "count": [fold.count for fold in self.folds],
            "chooses": [int(fold.chooses) for fold in self.folds],
            "inside": [[self._entry(box) for box in fold.inside] for fold in self.folds],
        }

    def cut_as_json(self, cut: Cut) -> dict[str, Any]:
        """Return the numbers of the folds that are open, and the row that is seen."""
        opened = sorted(self.number_of[fold] for fold in cut.opened)
        return {"open": opened, "row": -1 if cut.row is None else cut.row}

    def key(self, box: Any) -> str:
        """Return the id of the box of a fold or a node."""
        return f"f{self.number_of[box]}" if isinstance(box, Fold) else f"v{self._place[box]}"

    def _entry(self, box: Any) -> int:
        return -1 - self.number_of[box] if isinstance(box, Fold) else self._place[box]
