"""What the tests of this room share."""

import gc

import pytest


@pytest.fixture(scope="module", autouse=True)
def few_objects():
    """Spare the garbage collector all that pytest has loaded: one case runs it."""
    gc.freeze()
    yield
    gc.unfreeze()
