"""Programs: from a graph of Values to readable Python, to matrices, and to JavaScript."""

from autograd.program.program import Program, compile

__all__ = ["Program", "compile"]
