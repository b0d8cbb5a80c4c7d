"""check_engine: does somebody's own engine get the hard cases right?"""

from autograd.conformance.command import add_check_options, run_check
from autograd.conformance.diagnosis import Diagnosis, Guess
from autograd.conformance.mutants import MUTANTS, MUTANTS_BY_NAME, Mutant
from autograd.conformance.planting import MANNERS, build_engine, engine_text
from autograd.conformance.process import check_file
from autograd.conformance.report import Report
from autograd.conformance.result import Result
from autograd.conformance.running import SECONDS, check_engine, results_of
from autograd.conformance.telling import tell_failures
from autograd.conformance.time_limit import TimeIsUp, use_alarm

__all__ = [
    "MANNERS", "MUTANTS", "MUTANTS_BY_NAME", "SECONDS", "Diagnosis", "Guess", "Mutant", "Report",
    "Result", "TimeIsUp", "add_check_options", "build_engine", "check_engine", "check_file",
    "engine_text", "results_of", "run_check", "tell_failures", "use_alarm",
]  # fmt: skip
