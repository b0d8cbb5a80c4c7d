"""Running the cases: in a time that is limited, and in another process."""

from autograd.conformance.running.in_this_process import (
    CASES,
    SECONDS,
    check_engine,
    results_of,
    run_case,
)
from autograd.conformance.running.process import check_file
from autograd.conformance.running.telling import tell_failures
from autograd.conformance.running.time_limit import TimeIsUp, use_alarm

__all__ = [
    "CASES", "SECONDS", "TimeIsUp", "check_engine", "check_file", "results_of", "run_case",
    "tell_failures", "use_alarm",
]  # fmt: skip
