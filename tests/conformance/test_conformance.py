"""The check in this process."""

import os
import re
import signal
import threading
import time
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from autograd.conformance import TimeIsUp, use_alarm
from autograd.conformance.running import in_this_process
from autograd.conformance.running.in_this_process import CASES, check_engine, results_of
from tests.conformance.checked import POSIX_ONLY, verdicts
from tests.engines import LoopsForEver, Right

# -- in this process ---------------------------------------------------------------------------


def test_ctrl_c_stops_the_check():
    class Interrupted(Right):
        def backward(self):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check_engine(Interrupted)


@POSIX_ONLY
def test_time_is_limited_for_each_case_and_for_all():
    start = time.monotonic()
    report = check_engine(LoopsForEver, seconds=0.1)
    assert time.monotonic() - start < 1.5
    late = [result.received for result in report.failures]
    assert re.fullmatch(r"no answer within 0.1 s \(engines\.py, line \d+\)", late[0])
    assert late[-1] == "no answer: the 1 s for all cases were used up before it"


@POSIX_ONLY
def test_a_loop_that_swallows_errors_is_stopped_too():
    class Swallows(Right):
        def backward(self):
            for _ in range(3):
                try:
                    while True:
                        pass
                except BaseException:
                    pass
            while True:
                pass

    assert verdicts(check_engine(Swallows, seconds=0.1))["add"] == "timed out"


@POSIX_ONLY
def test_an_alarm_that_was_set_before_still_rings():
    rung = []
    before = signal.signal(signal.SIGALRM, lambda *_: rung.append(1))
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.5)
        check_engine(Right)
        assert not rung
        time.sleep(0.7)
        assert rung
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_in_another_thread_it_says_that_there_are_no_limits():
    reports = []
    thread = threading.Thread(target=lambda: reports.append(check_engine(Right)))
    thread.start()
    thread.join()
    assert reports[0].ok
    assert "python -m autograd check" in str(reports[0]).splitlines()[-1]
    assert check_engine(Right).note == "" or os.name != "posix"


@pytest.mark.parametrize("thing", [Right(1.0), "Value", None])
def test_what_is_not_a_class_is_an_error(thing):
    with pytest.raises(TypeError, match=r"the class itself, as in check_engine\(Value\), not a"):
        check_engine(thing)


# -- for a host of one's own -------------------------------------------------------------------


def test_results_come_one_by_one():
    results = results_of(Right)
    assert [next(results).name for _ in range(3)] == [case.name for case in CASES[:3]]
    assert len(list(results)) == len(CASES) - 3


def test_what_a_host_does_between_two_results_does_not_count(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr(in_this_process, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    verdicts_found = []
    for result in results_of(Right, 5.0):  # fifty seconds for all of them
        verdicts_found.append(result.verdict)
        clock[0] += 20.0
    assert len(verdicts_found) == len(CASES)
    assert set(verdicts_found) == {"pass", "not offered"}


def test_a_host_can_bring_its_own_alarm():
    limits = []

    @contextmanager
    def alarm(seconds):
        limits.append(seconds)
        yield
        raise TimeIsUp

    use_alarm(alarm)
    try:
        report = check_engine(Right, seconds=0.5)
    finally:
        use_alarm(None)
    assert [r.verdict for r in report.results if r.name == "add"] == ["timed out"]
    assert limits[0] == 0.5
    assert report.note == ""
    assert check_engine(Right).ok
