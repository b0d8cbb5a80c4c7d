"""Stage 3, backward by hand: the chain rule, one line for each edge of the graph.

New: grad, the derivative of the output in this node: how much the output rises if the number rises
a little. Why: it is what training needs, and what we have done by hand we can automate.
"""

class Value:
    def __init__(self, data, parents=(), op=""):
        self.data, self.grad = data, 0.0
        self.parents, self.op = parents, op
    def __repr__(self): return f"Value({self.data}, grad={self.grad})"

    def __mul__(self, other):
        a, b = self.data, other.data
        return Value(a * b, (self, other), "*")

if __name__ == "__main__":
    a = Value(2.0)
    b = Value(-3.0)
    c = a * b
    y = c * a
    y.grad = 1.0  # the derivative of y in itself
    c.grad += y.grad * a.data  # y = c * a: the local derivative is the other factor
    a.grad += y.grad * c.data
    a.grad += c.grad * b.data  # c = a * b: a is used a second time, and contributions add up
    b.grad += c.grad * a.data
    for name, node in {"a": a, "b": b, "c": c, "y": y}.items():
        print(name, "=", node)

"""Cases that pass now: leaf. The check cannot apply yet: there is no backward().

Type next, after python -i engine.py:

>>> h = 0.001  # raise a by h: how much does y rise, for each h?
>>> raised = Value(2.0 + h)
>>> round(((raised * b * raised).data - y.data) / h, 6)
-12.003
>>> a.grad
-12.0
"""
