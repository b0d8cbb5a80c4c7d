"""Programs in machine code: instructions for kernels, a group of alike steps each."""

from autograd.program.native.backend import Native

__all__ = ["Native"]
