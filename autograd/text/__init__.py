"""A graph in words: names, formulas, trees, labels, and typed expressions."""

from autograd.text.expression import build, number_of, parse_numbers, variables_of
from autograd.text.formulas import constant, formula, formula_text, is_name, tree
from autograd.text.labels import LOCAL_MARK, Labels
from autograd.text.local_formulas import has_names
from autograd.text.names import names_in, names_of
from autograd.text.typesetting import Typesetter
from autograd.text.writer import LOOSEST, Phrase, Writer, abbreviated, by_letter, wrapped

__all__ = [
    "LOCAL_MARK",
    "LOOSEST",
    "Labels",
    "Phrase",
    "Typesetter",
    "Writer",
    "abbreviated",
    "build",
    "by_letter",
    "constant",
    "formula",
    "formula_text",
    "has_names",
    "is_name",
    "names_in",
    "names_of",
    "number_of",
    "parse_numbers",
    "tree",
    "variables_of",
    "wrapped",
]
