"""Stage 4, closures: each result brings the rule that hands its gradient on.

New: a second operator, and rule, a function that is made where the operator runs and keeps the
numbers it finds there (a closure): given the result's grad, it returns what each parent gets.
Why: no more lines by hand for each edge. Only the order is still ours.
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

if __name__ == "__main__":
    a = Value(2.0)
    b = Value(-3.0)
    c = a * b
    d = c * a
    y = d + c
    y.grad = 1.0
    for node in (y, d, c):  # children before parents; leaves have no parents to tell
        for parent, contribution in zip(node.parents, node.rule(node.grad), strict=True):
            parent.grad += contribution
    for name, node in {"a": a, "b": b, "c": c, "d": d, "y": y}.items():
        print(name, "=", node)

"""Cases that pass now: leaf. The check cannot apply yet: there is no backward().

Type next, after python -i engine.py:

>>> d.rule(1.0)  # what c and a get from d
(2.0, -6.0)
>>> from autograd import draw, tree
>>> draw(y).show()  # the graph in the browser; tree(y) prints it

Then write (y, c, d) instead of (y, d, c) and run the file again: a.grad is -9.0. Why is it wrong?
"""
