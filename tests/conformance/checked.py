"""What the tests of the check share."""

import os
from pathlib import Path

import pytest

from autograd.conformance.report import Report

PROJECT = Path(__file__).parents[2]


ENGINE = (PROJECT / "demos" / "class_repository" / "engine.py").read_text(encoding="utf-8")


CHAPTER = (PROJECT / "demos" / "guide" / "checking.md").read_text(encoding="utf-8")


POSIX_ONLY = pytest.mark.skipif(os.name != "posix", reason="Windows has no such limits")


def verdicts(report: Report) -> dict[str, str]:
    return {result.name: result.verdict for result in report.results}


def names(results: list) -> list[str]:
    return [result.name for result in results]
