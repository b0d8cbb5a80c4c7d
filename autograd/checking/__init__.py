"""check_gradients: analytic gradients beside numeric ones."""

from autograd.checking.table import Check, GradientCheck, check_gradients

__all__ = ["Check", "GradientCheck", "check_gradients"]
