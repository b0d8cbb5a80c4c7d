"""The backends by name, and which is the fastest."""

from collections.abc import Callable
from importlib.util import find_spec

from autograd.program.backend import Backend
from autograd.program.python_backend import Python


def _numpy() -> Backend:
    if find_spec("numpy") is None:
        raise ImportError(
            "backend='numpy' needs NumPy: pip install numpy, or take backend='python'"
        )
    from autograd.program.numpy_backend import NumPy

    return NumPy()


BACKENDS: dict[str, Callable[[], Backend]] = {"python": Python, "numpy": _numpy}


def fastest() -> str:
    """Return the name of the fastest backend that is installed."""
    return "numpy" if find_spec("numpy") is not None else "python"
