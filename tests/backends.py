"""The backends of programs, as parameters of tests: what is not installed is skipped."""

import pytest

from autograd.program.backends import missing

NATIVE = pytest.param(
    "native",
    marks=pytest.mark.skipif(
        bool(missing("native")), reason="kernels need llvmlite: pip install -e '.[fast]'"
    ),
)
BACKENDS = ["python", "numpy", NATIVE]
every_backend = pytest.mark.parametrize("backend", BACKENDS)
INSTALLED = ["eager", *(name for name in ("python", "numpy", "native") if not missing(name))]
