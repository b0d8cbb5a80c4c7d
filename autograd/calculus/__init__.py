"""Calculus on functions and graphs: gradients, Jacobians, Hessians, higher derivatives."""

from autograd.calculus.reverse import derivative, grad, gradients, hessian, jacobian, value_and_grad

__all__ = ["derivative", "grad", "gradients", "hessian", "jacobian", "value_and_grad"]
