"""Why a gradient is what it is, and what wrong algorithms make of it."""

from autograd.show.explaining.algorithms import compare_algorithms
from autograd.show.explaining.paths import explain

__all__ = ["compare_algorithms", "explain"]
