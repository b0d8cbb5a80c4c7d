"""Stage 7, a neuron: weigh the inputs, add a bias, squash the sum.

New: tanh, the last rule, and neuron, an ordinary function. Why: a network is many of these.
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
    def tanh(self):
        out = math.tanh(self.data)
        return Value(out, (self,), "tanh", lambda grad: (grad * (1 - out**2),))
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

def neuron(w, x, b):
    return sum([wi * xi for wi, xi in zip(w, x, strict=True)], b).tanh()

if __name__ == "__main__":
    w, x, b = [Value(-3.0), Value(1.0)], [2.0, 0.5], Value(6.0)
    o = neuron(w, x, b)
    o.backward()
    print(f"o = {o.data:.4f}; its gradients in w and b:", *(f"{p.grad:.4f}" for p in [*w, b]))

"""Cases that pass now: those of stage 6, tanh, tanh far out, neuron. No case fails.
Type next, after python -i engine.py:
>>> from autograd import draw
>>> draw(o).show()
"""
