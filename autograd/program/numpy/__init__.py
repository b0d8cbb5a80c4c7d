"""Programs in NumPy: the matrices that a scalar graph is made of."""

from autograd.program.numpy.backend import Array, NumPy, OfArrays

__all__ = ["Array", "NumPy", "OfArrays"]
