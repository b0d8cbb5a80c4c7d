"""Stage 6, the rest: plain numbers on either side, powers, - and /.

New: one rule more, for **; all else is made of the three. Why: formulas as one writes them, and
with them a first training. (-2.0)**0.5 would be complex; math.pow raises an error.
"""
import math

class Value:
    def __init__(self, data, parents=(), op="", rule=lambda grad: ()):
        self.data, self.grad = data, 0.0
        self.parents, self.op, self.rule = parents, op, rule
    def __repr__(self): return f"Value({self.data}, grad={self.grad})"

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        a, b = self.data, other.data
        return Value(a * b, (self, other), "*", lambda grad: (grad * b, grad * a))
    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, (self, other), "+", lambda grad: (grad, grad))
    def __pow__(self, n):
        local = n * math.pow(self.data, n - 1) if n else 0.0
        return Value(math.pow(self.data, n), (self,), f"**{n}", lambda grad: (grad * local,))
    __rmul__, __radd__ = __mul__, __add__
    def __neg__(self): return self * -1
    def __sub__(self, other): return self + -other
    def __rsub__(self, other): return -self + other
    def __truediv__(self, other): return self * other**-1
    def __rtruediv__(self, other): return self**-1 * other

    def backward(self):
        order, stack = {}, [self]
        while stack:  # a node joins the order once all of its parents have
            missing = [parent for parent in stack[-1].parents if parent not in order]
            stack += missing
            if not missing:
                order[stack.pop()] = True
        for node in order:
            node.grad = 0.0
        self.grad = 1.0
        for node in reversed(order):
            for parent, contribution in zip(node.parents, node.rule(node.grad), strict=True):
                parent.grad += contribution

if __name__ == "__main__":
    w = Value(1.0)
    for _ in range(4):
        loss = (3 * w - 6) ** 2
        loss.backward()
        print(f"w = {w.data:.4f}  loss = {loss.data:.6f}  w.grad = {w.grad:.4f}")
        w.data -= 0.05 * w.grad

"""Cases that pass now: all but number to the power of a Value, Value to the power of a Value,
relu, relu at its kink, abs and its kink, tanh, tanh far out, exp, exp far out, log, log of zero,
log of a negative number, neuron, micrograd's example. Those need functions; no case fails.
Type next, after python -i engine.py:
>>> a = Value(2.0)
>>> 5 - a, 6 / a, (a - 1) ** 3
(Value(3.0, grad=0.0), Value(3.0, grad=0.0), Value(1.0, grad=0.0))
"""
