"""What the tests of the check share."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograd.conformance.reports.report import Report

PROJECT = Path(__file__).parents[2]
ENGINE = (PROJECT / "demos" / "class_repository" / "engine.py").read_text(encoding="utf-8")
CHAPTER = (PROJECT / "demos" / "guide" / "checking.md").read_text(encoding="utf-8")
POSIX_ONLY = pytest.mark.skipif(os.name != "posix", reason="Windows has no such limits")
BACKWARD = """
def backward(self, right=Value.backward):
    {}
    right(self)
Value.backward = backward
"""


class Young:
    """Nothing but its beginning is written yet."""

    def __init__(self, data):
        self.data, self.grad = data, 0.0

    def backward(self):
        self.grad = 1.0


class OnlyAdds:
    """The first operator is written, for Values alone, and backward() is not."""

    def __init__(self, data):
        self.data, self.grad = data, 0.0

    def __add__(self, other):
        out = OnlyAdds(self.data + other.data)
        out.parents = (self, other)
        return out


def verdicts(report: Report) -> dict[str, str]:
    return {result.name: result.verdict for result in report.results}


def names(results: list) -> list[str]:
    return [result.name for result in results]


def check(*arguments: str, cwd: Path = PROJECT, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "autograd", "check", *arguments],
        capture_output=True, encoding="utf-8", cwd=cwd, check=False, timeout=60,
        env={**os.environ, "PYTHONPATH": str(PROJECT), **environment},
    )  # fmt: skip


def result_named(done: subprocess.CompletedProcess, name: str) -> dict:
    report = json.loads(done.stdout)
    return next(result for result in report["results"] if result["name"] == name)
