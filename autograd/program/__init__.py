"""Programs: from a graph of Values to readable Python, to matrices, and to JavaScript."""

from autograd.program.compiling import compile
from autograd.program.javascript import Rules, write_rules
from autograd.program.program import Program

__all__ = ["Program", "Rules", "compile", "write_rules"]
