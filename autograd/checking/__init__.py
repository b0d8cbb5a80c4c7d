"""check_gradients: analytic gradients beside numeric ones."""

from autograd.checking.table import check_gradients

__all__ = ["check_gradients"]
