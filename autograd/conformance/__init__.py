"""check_engine: does somebody's own engine get the hard cases right?"""

from autograd.conformance.cases import Result
from autograd.conformance.command import add_check_options, run_check
from autograd.conformance.diagnosis import (
    MANNERS,
    MUTANTS,
    MUTANTS_BY_NAME,
    Diagnosis,
    Guess,
    Mutant,
    build_engine,
    engine_text,
)
from autograd.conformance.reports import Report
from autograd.conformance.running import (
    SECONDS,
    TimeIsUp,
    check_engine,
    check_file,
    results_of,
    tell_failures,
    use_alarm,
)

__all__ = [
    "MANNERS", "MUTANTS", "MUTANTS_BY_NAME", "SECONDS", "Diagnosis", "Guess", "Mutant", "Report",
    "Result", "TimeIsUp", "add_check_options", "build_engine", "check_engine", "check_file",
    "engine_text", "results_of", "run_check", "tell_failures", "use_alarm",
]  # fmt: skip
