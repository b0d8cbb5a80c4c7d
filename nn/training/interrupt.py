"""Ctrl-C as a request: to stop after the batch; a second one stops at once."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def ctrl_c_asks() -> Iterator[Callable[[], bool]]:
    """Make the first Ctrl-C within the block a request; yield a function that tells of it.

    A second one raises KeyboardInterrupt at once. Off the main thread, which alone gets signals,
    and where the program handles Ctrl-C itself, nothing changes.
    """
    asked = False

    def note(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        asked = True
        signal.signal(signal.SIGINT, signal.default_int_handler)

    on_main_thread = threading.current_thread() is threading.main_thread()
    takes_over = on_main_thread and signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if takes_over:
        signal.signal(signal.SIGINT, note)
    try:
        yield lambda: asked
    finally:
        if takes_over:
            signal.signal(signal.SIGINT, signal.default_int_handler)
