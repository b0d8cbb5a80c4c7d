"""The file ``results.json`` of a Gradescope autograder.

https://gradescope-autograders.readthedocs.io/en/latest/specs/, section "Output format".
"""

import json
from typing import Any

from autograd.conformance.cases import HIDDEN
from autograd.conformance.reports.points import Item, Score
from autograd.conformance.reports.report import Report

# Hidden cases, and so the sum, are shown once the grades are published.
LATER = "after_published"


def as_gradescope(report: Report, score: Score) -> str:
    """Return the text of the file: a test for each item that has points."""
    output = [str(report.diagnosis)] if report.diagnosis else []
    if report.note:
        output.append(report.note)
    told = {
        "score": float(score.total),
        "output": "\n".join(output),
        "output_format": "text",
        "tests": [_test(item) for item in score.items],
    }
    return json.dumps(told, indent=2)


def failed_for_gradescope(reason: str) -> str:
    """Return the text of the file for an engine that could not be checked."""
    told = {"score": 0.0, "output": reason, "output_format": "text", "tests": []}
    return json.dumps(told, indent=2)


def _test(item: Item) -> dict[str, Any]:
    failures = [str(result) for result in item.results if result.verdict != "pass"]
    ideas = [result.idea for result in item.results]
    is_hidden = any(result.group == HIDDEN for result in item.results)
    return {
        "name": item.name,
        "score": float(item.earned),
        "max_score": 0.0 if item.part.extra else float(item.points),
        "status": "passed" if item.is_earned else "failed",
        "output": "\n\n".join(failures or ideas),
        "output_format": "text",
        "tags": [item.part.name],
        "visibility": LATER if is_hidden else "visible",
    }
