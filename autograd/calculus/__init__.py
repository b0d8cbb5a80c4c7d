"""Calculus on functions and graphs: gradients, products, Jacobians, Hessians, any order."""

from autograd.calculus.counting import Cost, cost
from autograd.calculus.forward import hvp, jvp
from autograd.calculus.matrices import hessian, jacobian
from autograd.calculus.recomputing import RecomputeCheckpoint, checkpoint
from autograd.calculus.reverse import derivative, grad, gradients, value_and_grad, vjp

__all__ = [
    "Cost", "RecomputeCheckpoint", "checkpoint", "cost", "derivative", "grad", "gradients",
    "hessian", "hvp", "jacobian", "jvp", "value_and_grad", "vjp",
]  # fmt: skip
