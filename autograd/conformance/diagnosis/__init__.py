"""The diagnosis: typical mistakes as mutants of an engine, and the failures each gives."""

from autograd.conformance.diagnosis.diagnosis import PATTERNS, Diagnosis, Guess, diagnose
from autograd.conformance.diagnosis.methods import Methods, methods_of
from autograd.conformance.diagnosis.mutants import MUTANTS, MUTANTS_BY_NAME, Mutant
from autograd.conformance.diagnosis.outcomes import missing_operator, outcomes_of
from autograd.conformance.diagnosis.planting import MANNERS, build_engine, engine_text

__all__ = [
    "MANNERS", "MUTANTS", "MUTANTS_BY_NAME", "PATTERNS", "Diagnosis", "Guess", "Methods",
    "Mutant", "build_engine", "diagnose", "engine_text", "methods_of", "missing_operator",
    "outcomes_of",
]  # fmt: skip
