"""What each backend needs: a graph to fall back on, columns that are checked, the contract."""

from autograd.program.running.backend import Backend, CannotRunError, Function
from autograd.program.running.columns import (
    called,
    check_array,
    check_lengths,
    checked_columns,
    checked_list,
    checked_numbers,
    paired,
    require_one_list,
)
from autograd.program.running.eager import Graph, name_of

__all__ = [
    "Backend",
    "CannotRunError",
    "Function",
    "Graph",
    "called",
    "check_array",
    "check_lengths",
    "checked_columns",
    "checked_list",
    "checked_numbers",
    "name_of",
    "paired",
    "require_one_list",
]
