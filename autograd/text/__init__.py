"""A graph in words: names, formulas, trees, labels, and typed expressions."""

from autograd.text.expression import build, number_of, parse_numbers, variables_of
from autograd.text.formulas import (
    MOST_OPERANDS,
    Phrase,
    formula,
    formula_text,
    is_name,
    phrase,
    symbol,
    tree,
)
from autograd.text.labels import Labels
from autograd.text.local_formulas import derivative_template, has_names, local_formula
from autograd.text.names import names_in, names_of

__all__ = [
    "MOST_OPERANDS",
    "Labels",
    "Phrase",
    "build",
    "derivative_template",
    "formula",
    "formula_text",
    "has_names",
    "is_name",
    "local_formula",
    "names_in",
    "names_of",
    "number_of",
    "parse_numbers",
    "phrase",
    "symbol",
    "tree",
    "variables_of",
]
