"""The engine, case by case: run ``python -m pytest`` in this folder."""

import pytest
from engine import Value

from autograd.conformance import Result, check_engine


@pytest.mark.parametrize("result", check_engine(Value).results, ids=lambda result: result.name)
def test_engine(result: Result) -> None:
    if result.verdict == "not offered":
        pytest.skip(result.idea)
    assert result.verdict == "pass", f"\n{result}"
