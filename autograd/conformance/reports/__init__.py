"""Reports: what a student, a gradebook and a grader read."""

from autograd.conformance.reports.for_gradescope import as_gradescope, failed_for_gradescope
from autograd.conformance.reports.for_otter import as_otter_tests
from autograd.conformance.reports.points import Part, read_points, score_of
from autograd.conformance.reports.report import Report

__all__ = [
    "Part", "Report", "as_gradescope", "as_otter_tests", "failed_for_gradescope", "read_points",
    "score_of",
]  # fmt: skip
