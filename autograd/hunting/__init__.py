"""The bug hunt: an engine with one planted bug, to be found by its numbers alone."""

from autograd.hunting.game import Hunt, hunt
from autograd.hunting.levels import LEVELS
from autograd.hunting.prompt import add_arguments
from autograd.hunting.transcript import verify

__all__ = ["LEVELS", "Hunt", "add_arguments", "hunt", "verify"]
