"""check_engine: does somebody's own engine get the hard cases right?"""

from autograd.conformance.process import check_file
from autograd.conformance.report import Report, Result
from autograd.conformance.running import SECONDS, check_engine, results_of
from autograd.conformance.time_limit import TimeIsUp, use_alarm

__all__ = [
    "SECONDS", "Report", "Result", "TimeIsUp", "check_engine", "check_file", "results_of",
    "use_alarm",
]  # fmt: skip
