"""Try all mutants, and store which cases each fails.

Run ``python -m autograd.conformance.store_patterns`` when a mutant or a case was added or changed.
A test says so if it was forgotten.
"""

import hashlib
import json
from typing import Any

from autograd.conformance.cases import Case, Result
from autograd.conformance.diagnosis import (
    MANNERS,
    MUTANTS,
    PATTERNS,
    Mutant,
    build_engine,
    engine_text,
    outcomes_of,
)
from autograd.conformance.running import CASES, run_case

SECONDS = (0.2, 2.0)  # for a case, and once more for one that took longer: the machine may be busy


def fingerprint() -> str:
    """Return a number for the engines and cases that the patterns are made from."""
    engines = [engine_text(mutant, manner) for mutant in (None, *MUTANTS) for manner in MANNERS]
    return hashlib.sha256(repr((engines, CASES)).encode()).hexdigest()[:16]


def computed_patterns() -> dict[str, Any]:
    """Return what right engines of each manner fail, and what each mutant fails besides."""
    right = {manner: _outcomes(None, manner) for manner in MANNERS}
    mutants = {}
    for mutant in MUTANTS:
        patterns: list[dict[str, str]] = []
        for manner in MANNERS:
            pattern = {
                case: outcome
                for case, outcome in _outcomes(mutant, manner).items()
                if outcome != right[manner].get(case)
            }
            if pattern and pattern not in patterns:
                patterns.append(pattern)
        mutants[mutant.name] = patterns
    return {"made from": fingerprint(), "right": right, "mutants": mutants}


def _outcomes(mutant: Mutant | None, manner: str) -> dict[str, str]:
    engine = build_engine(engine_text(mutant, manner))
    return outcomes_of([_result(case, engine) for case in CASES], "Value")


def _result(case: Case, engine: type) -> Result:
    for seconds in SECONDS:
        result = run_case(case, engine, seconds)
        if result.verdict != "timed out":
            break
    return result


if __name__ == "__main__":
    PATTERNS.write_text(json.dumps(computed_patterns(), indent=0) + "\n", encoding="utf-8")
    print(f"wrote {PATTERNS}")
