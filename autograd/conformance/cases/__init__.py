"""The cases: what an engine is asked, what the right answer is, and what came of it."""

from autograd.conformance.cases.by_chance import hidden_cases
from autograd.conformance.cases.case import Case, Given, Question, find_function, given_by
from autograd.conformance.cases.judging import Answer, judged, read_answer, result_of
from autograd.conformance.cases.names import UNREAD, Names, parse_names
from autograd.conformance.cases.of_graphs import GRAPHS
from autograd.conformance.cases.of_operations import ARITHMETIC, OPERATORS
from autograd.conformance.cases.result import HIDDEN, WIDTH, Result, in_names, indented, not_found

__all__ = [
    "ARITHMETIC", "GRAPHS", "HIDDEN", "OPERATORS", "UNREAD", "WIDTH", "Answer", "Case", "Given",
    "Names", "Question", "Result", "find_function", "given_by", "hidden_cases", "in_names",
    "indented", "judged", "not_found", "parse_names", "read_answer", "result_of",
]  # fmt: skip
