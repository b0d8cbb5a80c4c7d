"""Stage 2, one operator: a product that remembers its factors.

New: __mul__, parents and op. Why: a result that knows what it was made of, and how, is a node of a
graph, and it is the graph that we shall walk backwards.
"""

class Value:
    def __init__(self, data, parents=(), op=""):
        self.data = data
        self.parents, self.op = parents, op
    def __repr__(self): return f"Value({self.data})"

    def __mul__(self, other):
        a, b = self.data, other.data
        return Value(a * b, (self, other), "*")

if __name__ == "__main__":
    a = Value(2.0)
    b = Value(-3.0)
    c = a * b
    y = c * a
    print("c =", c, "from", c.parents)
    print("y =", y, "from", y.parents)

"""Cases that pass now: none. The check cannot apply yet: there is no backward().

Type next, after python -i engine.py:

>>> (a * a).parents  # a tuple keeps both; a set would forget one
(Value(2.0), Value(2.0))
>>> from autograd import tree
>>> tree(y)  # any class with data and parents will do
y = *  data -12.0
├─ c = *  data -6.0
│  ├─ a  data 2.0
│  └─ b  data -3.0
└─ a  (see above)
"""
