"""The steps of a program: a graph is traced, what repeats is reduced, what is alike is grouped."""

from autograd.program.steps.expressions import functions_called, halves, takes_many, template
from autograd.program.steps.grouping import Group, Plan, groups_of, plan_of
from autograd.program.steps.lines import Line, Lines, means_of_rows, sum_of
from autograd.program.steps.naming import Names, identifier, javascript_literal, literal
from autograd.program.steps.places import Owned, Places, owned
from autograd.program.steps.reducing import RowSum, needed, needed_for, row_sums
from autograd.program.steps.tracing import LEAVES, Trace, Traced, traced, traced_with_gradients

__all__ = [
    "LEAVES",
    "Group",
    "Line",
    "Lines",
    "Names",
    "Owned",
    "Places",
    "Plan",
    "RowSum",
    "Trace",
    "Traced",
    "functions_called",
    "groups_of",
    "halves",
    "identifier",
    "javascript_literal",
    "literal",
    "means_of_rows",
    "needed",
    "needed_for",
    "owned",
    "plan_of",
    "row_sums",
    "sum_of",
    "takes_many",
    "template",
    "traced",
    "traced_with_gradients",
]
