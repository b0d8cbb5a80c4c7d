"""Graphs of a student's own engine, read as ours."""

from autograd.foreign.mirror import Mirror, as_value, standing_for
from autograd.foreign.reading import (
    as_graph,
    as_graphs,
    is_node,
    notation_of,
    original,
    remarks_on,
)

__all__ = [
    "Mirror",
    "as_graph",
    "as_graphs",
    "as_value",
    "is_node",
    "notation_of",
    "original",
    "remarks_on",
    "standing_for",
]
