"""A graph in words: names, formulas, trees, labels, and typed expressions."""

from autograd.text.expression import build, number_of, parse_numbers, variables_of
from autograd.text.formulas import formula, formula_text, is_name, phrase, tree
from autograd.text.labels import Labels
from autograd.text.local_formulas import exact_phrase, has_names, local_formula
from autograd.text.names import names_in, names_of
from autograd.text.writer import Phrase, Writer, abbreviated, by_letter

__all__ = [
    "Labels",
    "Phrase",
    "Writer",
    "abbreviated",
    "build",
    "by_letter",
    "exact_phrase",
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
    "tree",
    "variables_of",
]
