"""Programs: from a graph of Values to readable Python, to matrices, and to JavaScript."""

from autograd.program.compiling import compile
from autograd.program.javascript_writer import write_evaluate as write_javascript
from autograd.program.program import Program
from autograd.program.schedule import Schedule, scheduled

__all__ = ["Program", "Schedule", "compile", "scheduled", "write_javascript"]
