"""`time of a pass`, through the command: its process has a limit on processor time."""

import pytest

from tests.conformance.checked import ENGINE, check, result_named

HANDS_ON = "            node.hand_on()"
SLOW = {
    "a list of visited nodes": (
        ("seen: set[Value] = set()", "seen = []"), ("seen.add(", "seen.append(")),
    "a search through the order": (
        ("elif node not in seen", "elif node not in parents_first and node not in seen"),),
    "a sum over all nodes": (
        (HANDS_ON, f"{HANDS_ON}\n            sum(n.grad for n in order)"),),
}  # fmt: skip
CLOCKS = """
import time
def clock(right=time.perf_counter):
    return {}
time.thread_time = time.process_time = time.perf_counter = clock
"""


def time_of_a_pass(path: str) -> dict:
    return result_named(check(path, "--json"), "time of a pass")


@pytest.mark.parametrize("edits", SLOW.values(), ids=SLOW)
def test_a_pass_of_quadratic_time_is_caught_by_the_command(file, edits):
    text = ENGINE
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    result = time_of_a_pass(file(text=text))
    assert result["verdict"] == "wrong"
    assert 16 < result["received"] < 64 * 4


def test_a_pass_of_linear_time_passes_with_a_time_that_was_measured(file):
    result = time_of_a_pass(file())
    assert result["verdict"] == "pass"
    assert 2 < result["received"] < 16


@pytest.mark.parametrize("reading", ["0.0", "right() // 0.1 * 0.1"], ids=["still", "coarse"])
def test_a_clock_that_measures_nothing_is_told_and_passes_nothing(file, reading):
    result = time_of_a_pass(file(CLOCKS.format(reading)))
    assert result["verdict"] == "raised"
    assert "a pass is too short for the clock of this system" in result["received"]
