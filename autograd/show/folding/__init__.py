"""Folding: a graph as a class thinks of it, from the model down to the node."""

from autograd.show.folding.cut import LEAST_FOLDED, Cut, every_fold, opened_with, readable_cut
from autograd.show.folding.fold import Fold
from autograd.show.folding.nesting import fold_tree

__all__ = [
    "LEAST_FOLDED",
    "Cut",
    "Fold",
    "every_fold",
    "fold_tree",
    "opened_with",
    "readable_cut",
]
