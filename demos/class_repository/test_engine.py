"""The engine, case by case: run ``python -m pytest`` in this folder.

If the variable CHECK_SEED is set, the hidden cases of that seed are among them.
"""

import os

import pytest
from engine import Value

from autograd.conformance import Result, check_engine

REPORT = check_engine(Value, hidden=os.environ.get("CHECK_SEED", ""))


@pytest.mark.parametrize("result", REPORT.results, ids=lambda result: result.name)
def test_engine(result: Result) -> None:
    if result.verdict == "not offered":
        pytest.skip(result.idea)
    assert result.verdict == "pass", f"\n{result}"
