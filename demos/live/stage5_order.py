"""Stage 5, topological sort: backward() finds the order by itself.

New: backward(). Why: a node may hand on its grad only after all of its children have handed it
theirs. The sort puts parents before children, and we go through it backwards. The short sort of
PLAN.md calls itself and stops near 1,000 nodes; this one, with a stack, sorts chains of any length.
"""

class Value:
    def __init__(self, data, parents=(), op="", rule=lambda grad: ()):
        self.data, self.grad = data, 0.0
        self.parents, self.op, self.rule = parents, op, rule
    def __repr__(self): return f"Value({self.data}, grad={self.grad})"

    def __mul__(self, other):
        a, b = self.data, other.data
        return Value(a * b, (self, other), "*", lambda grad: (grad * b, grad * a))
    def __add__(self, other):
        return Value(self.data + other.data, (self, other), "+", lambda grad: (grad, grad))

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
    a = Value(2.0)
    b = Value(-3.0)
    c = a * b
    d = c * a
    y = d + c
    y.backward()
    for name, node in {"a": a, "b": b, "c": c, "d": d, "y": y}.items():
        print(name, "=", node)

"""Cases that pass now: leaf, add, multiply, zero factor, reuse, repeated parent, ladder,
deep chain, backward on a leaf, numbers stay, += on a name, edit before backward,
freeing of memory, time of a pass. The others use plain numbers, or what is still to come.

Type next, after python -i engine.py:

>>> b.backward()  # the derivative of b in itself
>>> b.grad
1.0
>>> y.backward()  # a pass starts afresh
>>> b.grad
6.0
>>> from autograd import draw
>>> draw(y).show()
"""
