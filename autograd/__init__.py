"""chalkgrad: a scalar reverse-mode autodiff engine to step through, draw and teach with.

    from autograd import Value, draw
    a, b = Value(2.0), Value(-3.0)
    c = a * b
    c.backward()
    a.grad, b.grad
    draw(c).save("c.svg")
"""

from autograd.calculus import derivative, grad, gradients, hessian, jacobian, value_and_grad
from autograd.checking import check_gradients
from autograd.value import Value
