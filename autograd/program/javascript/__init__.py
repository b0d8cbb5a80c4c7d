"""Programs in JavaScript, for the pages."""

from autograd.program.javascript.rules import Rules, write_rules
from autograd.program.javascript.writer import write_evaluate, write_run

__all__ = ["Rules", "write_evaluate", "write_rules", "write_run"]
