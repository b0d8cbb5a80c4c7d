"""What the tests of this room share."""

import signal

import pytest


@pytest.fixture(autouse=True)
def ctrl_c_as_python_has_it():
    """Whatever runs the tests may ignore Ctrl-C, as a shell makes programs in the background do."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
