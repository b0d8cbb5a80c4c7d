"""Programs in Python, one line a step."""

from autograd.program.python.backend import Python

__all__ = ["Python"]
