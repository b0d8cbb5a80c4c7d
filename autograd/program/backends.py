"""The backends by name, and which is the fastest."""

from collections.abc import Callable
from importlib.util import find_spec

from autograd.program.python import Python
from autograd.program.running import Backend

# The packages that a backend needs; the fastest comes first.
NEEDS = {"native": ["llvmlite", "numpy"], "numpy": ["numpy"], "python": []}


def _numpy() -> Backend:
    if missing("numpy"):
        raise ImportError(
            "backend='numpy' needs NumPy: pip install numpy, or take backend='python'"
        )
    from autograd.program.numpy import NumPy

    return NumPy()


def _native() -> Backend:
    if lacking := missing("native"):
        raise ImportError(
            f"backend='native' needs {' and '.join(lacking)}, which the extra `fast` brings: "
            "pip install 'chalkgrad[fast]', or take backend='numpy' or 'python'"
        )
    from autograd.program.native import Native

    return Native()


BACKENDS: dict[str, Callable[[], Backend]] = {
    "python": Python,
    "numpy": _numpy,
    "native": _native,
}


def missing(backend: str) -> list[str]:
    """Return the packages that a backend needs and that are not installed."""
    return [package for package in NEEDS[backend] if find_spec(package) is None]


def fastest() -> str:
    """Return the name of the fastest backend whose packages are installed."""
    return next(backend for backend in NEEDS if not missing(backend))
