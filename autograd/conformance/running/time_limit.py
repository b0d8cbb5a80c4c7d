"""A time limit for code that is not ours, within our own process."""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from types import FrameType

AGAIN = 0.05  # seconds until the alarm rings again, in case the first exception is swallowed
# Raised while the limit is being taken back, it would leave the alarm on: it rings again anyway.
OURS = (__file__, contextmanager.__code__.co_filename)


class TimeIsUp(BaseException):
    """The time is over. It is not an Exception, so ``except Exception`` does not catch it."""


Alarm = Callable[[float], AbstractContextManager[None]]

_alarm: list[Alarm] = []  # at most one: that of a host


def use_alarm(alarm: Alarm | None) -> None:
    """Have ``alarm`` limit the time where Python has no alarms; None brings Python's own back.

    Given seconds, it returns a context manager that raises TimeIsUp in its body after that time.
    """
    _alarm[:] = [] if alarm is None else [alarm]


def can_limit() -> bool:
    """Tell whether there are alarms: a host's, or Python's, on the main thread, not on Windows."""
    if _alarm:
        return True
    on_main_thread = threading.current_thread() is threading.main_thread()
    return on_main_thread and hasattr(signal, "setitimer")


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TimeIsUp in the body after ``seconds``, where ``can_limit()``.

    It stops a loop of Python statements. One that swallows every exception, or a single long
    operation such as 10**10**9, goes on. An alarm that was set before still rings at its time.
    """
    if _alarm:
        with _alarm[0](seconds):
            yield
        return
    if not can_limit():
        yield
        return

    def ring(signum: int, frame: FrameType | None) -> None:
        if frame is None or frame.f_code.co_filename not in OURS:
            raise TimeIsUp

    start = time.monotonic()
    handler = signal.signal(signal.SIGALRM, ring)
    delay, interval = signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
    try:
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL if handler is None else handler)
        if delay:
            left = delay - (time.monotonic() - start)
            signal.setitimer(signal.ITIMER_REAL, max(left, 1e-3), interval)
