"""Ten engines written in other ways than the mutants, with one mistake each.

They were written after the table of mutants, by its author, but without looking at its texts, and
were not changed once the diagnosis had run: they measure how it does on code of other styles.
"""

import math

OTHERS: dict[type, str] = {}  # engine: the mutant that has its mistake


def other(mistake):
    def register(engine):
        OTHERS[engine] = mistake
        return engine

    return register


class Derived:
    """The operators that follow from + and *."""

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + other * -1

    def __rsub__(self, other):
        return self * -1 + other

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __truediv__(self, other):
        return self * (other**-1)

    def __rtruediv__(self, other):
        return self**-1 * other


@other("order not reversed")
class Tape(Derived):
    """A tape of steps for the whole program; a pass cuts it at its output."""

    def __init__(self, data, steps=()):
        self.data, self.grad, self.steps = data, 0.0, list(steps)

    def make(self, data, *inputs):
        steps = []
        for value, _ in inputs:
            steps += [step for step in value.steps if step not in steps]
        out = Tape(data)
        out.steps = [*steps, (out, inputs)]
        return out

    def wrap(self, other):
        return other if isinstance(other, Tape) else Tape(other)

    def __add__(self, other):
        other = self.wrap(other)
        return self.make(self.data + other.data, (self, 1.0), (other, 1.0))

    def __mul__(self, other):
        other = self.wrap(other)
        return self.make(self.data * other.data, (self, other.data), (other, self.data))

    def __pow__(self, n):
        return self.make(self.data**n, (self, n * self.data ** (n - 1)))

    def tanh(self):
        t = math.tanh(self.data)
        return self.make(t, (self, 1 - t * t))

    def backward(self):
        for out, _ in self.steps:
            out.grad = 0.0
        self.grad = 1.0
        for out, inputs in self.steps:
            for value, slope in inputs:
                value.grad += out.grad * slope


class Operation:
    def __init__(self, *inputs):
        self.inputs = inputs


class Sum(Operation):
    def forward(self, a, b):
        return a + b

    def backward(self, g, a, b):
        return g, g


class Product(Operation):
    def forward(self, a, b):
        return a * b

    def backward(self, g, a, b):
        return g * a, g * b


class Power(Operation):
    def forward(self, a, n):
        return a**n

    def backward(self, g, a, n):
        return g * n * a ** (n - 1), 0.0


class Maximum0(Operation):
    def forward(self, a):
        return a if a > 0 else 0.0

    def backward(self, g, a):
        return (g if a > 0 else 0.0,)


@other("factors swapped")
class Creator(Derived):
    """Operations are objects with a forward and a backward, as in deep learning from scratch."""

    def __init__(self, data, creator=None):
        self.data, self.grad, self.creator = data, 0.0, creator
        self.generation = 1 + max([v.generation for v in creator.inputs]) if creator else 0

    @staticmethod
    def apply(kind, *operands):
        values = [v if isinstance(v, Creator) else Creator(v) for v in operands]
        operation = kind(*values)
        return Creator(operation.forward(*[v.data for v in values]), operation)

    def __add__(self, other):
        return self.apply(Sum, self, other)

    def __mul__(self, other):
        return self.apply(Product, self, other)

    def __pow__(self, other):
        return self.apply(Power, self, other)

    def relu(self):
        return self.apply(Maximum0, self)

    def backward(self):
        self.grad = 1.0
        waiting = [self]
        while waiting:
            node = max(waiting, key=lambda v: v.generation)
            waiting.remove(node)
            if node.creator:
                inputs = node.creator.inputs
                slopes = node.creator.backward(node.grad, *[v.data for v in inputs])
                for value, slope in zip(inputs, slopes, strict=True):
                    value.grad += slope
                    if value not in waiting:
                        waiting.append(value)


class Pairs(Derived):
    """Each node holds pairs (parent, slope); later nodes have higher numbers."""

    count = 0

    def __init__(self, data, pairs=()):
        Pairs.count += 1
        self.number = Pairs.count
        self.data, self.grad, self.pairs = data, 0.0, pairs

    def __add__(self, other):
        if not isinstance(other, Pairs):
            return type(self)(self.data + other, [(self, 1)])
        return type(self)(self.data + other.data, [(self, 1), (other, 1)])

    def __mul__(self, other):
        if not isinstance(other, Pairs):
            return type(self)(self.data * other, [(self, other)])
        return type(self)(self.data * other.data, [(self, other.data), (other, self.data)])

    def __pow__(self, n):
        return type(self)(self.data**n, [(self, n * self.data ** (n - 1) if n else 0.0)])

    def tanh(self):
        t = math.tanh(self.data)
        return type(self)(t, [(self, 1 - t**2)])

    def exp(self):
        e = math.exp(self.data)
        return type(self)(e, [(self, e)])

    def relu(self):
        return type(self)(max(0, self.data), [(self, self.data > 0)])

    def nodes(self):
        found, todo = {self}, [self]
        while todo:
            fresh = {parent for parent, _ in todo.pop().pairs} - found
            found |= fresh
            todo += fresh
        return sorted(found, key=lambda node: -node.number)

    def backward(self):
        self.grad = 1
        for node in self.nodes():
            for parent, slope in node.pairs:
                parent.grad += node.grad * slope


@other("= for +=")
class PairsAssigned(Pairs):
    def backward(self):
        self.grad = 1
        for node in self.nodes():
            for parent, slope in node.pairs:
                parent.grad = node.grad * slope


@other("sign in /")
class TotalsInADict(Pairs):
    """Sums are gathered in a dict, and written to the nodes at the end."""

    def __truediv__(self, other):
        if not isinstance(other, Pairs):
            return self * (1 / other)
        a, b = self.data, other.data
        return TotalsInADict(a / b, [(self, 1 / b), (other, a / b / b)])

    def __rtruediv__(self, other):
        return TotalsInADict(other) / self

    def backward(self):
        totals = {self: 1.0}
        for node in self.nodes():
            for parent, slope in node.pairs:
                totals[parent] = totals.get(parent, 0.0) + slope * totals[node]
        for node, total in totals.items():
            node.grad = total if node.pairs else node.grad + total


@other("no upstream in exp")
class Pullback(Pairs):
    """A slope is a function of the upstream gradient."""

    def exp(self):
        e = math.exp(self.data)
        return Pullback(e, [(self, lambda upstream: e)])

    def backward(self):
        self.grad = 1
        for node in self.nodes():
            for parent, slope in node.pairs:
                parent.grad += slope(node.grad) if callable(slope) else slope * node.grad


@other("tanh of the input")
class BigIf(Derived):
    """Nodes know the name of their operation, and one method knows all derivatives."""

    def __init__(self, data, op="leaf", args=()):
        self.data, self.grad, self.op, self.args = data, 0.0, op, args

    def __add__(self, other):
        other = other if hasattr(other, "op") else BigIf(other)
        return BigIf(self.data + other.data, "+", [self, other])

    def __mul__(self, other):
        other = other if hasattr(other, "op") else BigIf(other)
        return BigIf(self.data * other.data, "*", [self, other])

    def __pow__(self, n):
        return BigIf(self.data**n, "**", [self, n])

    def tanh(self):
        return BigIf(math.tanh(self.data), "tanh", [self])

    def step(self):
        if self.op == "+":
            for arg in self.args:
                arg.grad += self.grad
        elif self.op == "*":
            a, b = self.args
            a.grad += self.grad * b.data
            b.grad += self.grad * a.data
        elif self.op == "**":
            a, n = self.args
            a.grad += self.grad * n * a.data ** (n - 1)
        elif self.op == "tanh":
            self.args[0].grad += self.grad * (1 - self.args[0].data ** 2)

    def backward(self):
        order = []

        def visit(node):
            if not any(node is seen for seen in order) and hasattr(node, "op"):
                for arg in node.args:
                    visit(arg)
                order.append(node)

        visit(self)
        self.grad = 1.0
        while order:
            order.pop().step()


@other("no seed")
class Waves(Pairs):
    """A pass gives each node a fresh sum first."""

    def backward(self):
        for node in self.nodes():
            node.sum = 0.0
        self.sum = self.grad
        for node in self.nodes():
            for parent, slope in node.pairs:
                parent.sum += node.sum * slope
        for node in self.nodes():
            node.grad = node.sum if node.pairs else node.grad + node.sum


@other("recursion without an order")
class AtOnce(Pairs):
    """Each node hands on when it is reached, as often as it is reached."""

    def backward(self, first=True):
        if first:
            self.grad = 1.0
        for parent, slope in self.pairs:
            parent.grad += self.grad * slope
        for parent, _ in self.pairs:
            parent.backward(False)


@other("__rsub__ reversed")
class Generated(Pairs):
    """Operators are made in a loop."""


for name, formula in {
    "__sub__": lambda a, b: a + b * -1,
    "__rsub__": lambda a, b: a + b * -1,
    "__neg__": lambda a: a * -1,
}.items():
    setattr(Generated, name, formula)


@other("relu lets all pass")
class Kinds(Pairs):
    """relu is a kind of node of its own."""

    def relu(self):
        return Kinds(max(self.data, 0.0), [(self, 1.0)])


# A text, since the check reads a file of it.
DATACLASS = """
from dataclasses import dataclass

@dataclass
class Value:
    data: float
    grad: float = 0.0
    parents: tuple = ()
    slopes: tuple = ()

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, 0.0, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, 0.0, (self, other), (other.data, self.data))

    def __pow__(self, n):
        return Value(self.data**n, 0.0, (self,), (n * self.data ** (n - 1),))

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + (-other)

    def __truediv__(self, other):
        return self * other**-1

    __radd__, __rmul__ = __add__, __mul__

    def backward(self):
        order, seen = [], set()

        def visit(node):
            if node not in seen:
                seen.add(node)
                for parent in node.parents:
                    visit(parent)
                order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            for parent, slope in zip(node.parents, node.slopes):
                parent.grad += slope * node.grad
"""
