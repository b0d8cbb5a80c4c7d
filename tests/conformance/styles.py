"""The mutants in other styles: the same mistakes made in engines that are written differently.

Each edit is a text of the style's engine and what stands in for it. What a style cannot make is in
its list, with the reason.
"""

from autograd.conformance import MUTANTS, build_engine
from tests.conformance.checked import ENGINE

MICROGRAD = """
import math

class Value:
    def __init__(self, data, _children=(), _op=''):
        self.data = data
        self.grad = 0
        self._backward = lambda: None
        self._prev = set(_children)

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other), '+')
        def _backward():
            self.grad += out.grad
            other.grad += out.grad
        out._backward = _backward
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), '*')
        def _backward():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad
        out._backward = _backward
        return out

    def __pow__(self, other):
        assert isinstance(other, (int, float)), "only supporting int/float powers for now"
        out = Value(self.data**other, (self,), '**')
        def _backward():
            self.grad += (other * self.data**(other-1)) * out.grad
        out._backward = _backward
        return out

    def relu(self):
        out = Value(0 if self.data < 0 else self.data, (self,), 'relu')
        def _backward():
            self.grad += (out.data > 0) * out.grad
        out._backward = _backward
        return out

    def tanh(self):
        x = self.data
        t = (math.exp(2*x) - 1)/(math.exp(2*x) + 1)
        out = Value(t, (self,), 'tanh')
        def _backward():
            self.grad += (1 - t**2) * out.grad
        out._backward = _backward
        return out

    def exp(self):
        out = Value(math.exp(self.data), (self,), 'exp')
        def _backward():
            self.grad += out.data * out.grad
        out._backward = _backward
        return out

    def log(self):
        out = Value(math.log(self.data), (self,), 'log')
        def _backward():
            self.grad += 1 / self.data * out.grad
        out._backward = _backward
        return out

    def backward(self):
        topo = []
        visited = set()
        def build_topo(v):
            if v not in visited:
                visited.add(v)
                for child in v._prev:
                    build_topo(child)
                topo.append(v)
        build_topo(self)
        self.grad = 1
        for v in reversed(topo):
            v._backward()

    def __neg__(self):
        return self * -1
    def __radd__(self, other):
        return self + other
    def __sub__(self, other):
        return self + (-other)
    def __rsub__(self, other):
        return other + (-self)
    def __rmul__(self, other):
        return self * other
    def __truediv__(self, other):
        return self * other**-1
    def __rtruediv__(self, other):
        return other * self**-1
"""

LIFT = "        other = other if isinstance(other, Value) else Value(other)\n"
IN_MICROGRAD: dict[str, tuple[tuple[str, str], ...]] = {
    "no seed": (("        self.grad = 1\n", ""),),
    "seed is data": (("self.grad = 1\n", "self.grad = self.data\n"),),
    "seed for parents only": (("        topo = []\n", "        if not self._prev: return\n        topo = []\n"),),
    "order not reversed": (("reversed(topo)", "topo"),),
    "order without the output": (("reversed(topo)", "reversed(topo[:-1])"),),
    "order in a queue": (("        build_topo(self)\n", "        topo = [self]\n        for v in topo:\n            topo += [c for c in v._prev if c not in topo]\n"), ("reversed(topo)", "topo")),
    "order on the way down": (("                topo.append(v)\n", ""), ("visited.add(v)\n", "visited.add(v)\n                topo.append(v)\n"), ("reversed(topo)", "topo"), ("set(_children)", "tuple(_children)")),
    "recursion without an order": (("        for v in reversed(topo):\n            v._backward()", "        def walk(v):\n            v._backward()\n            for c in v._prev:\n                walk(c)\n        walk(self)"), ("set(_children)", "_children")),
    "not hashable": (("    def __neg__(self", "    def __eq__(self, other):\n        return self is other\n\n    def __neg__(self"),),
    "nodes equal by number": (("    def __neg__", "    def __eq__(self, other): return self.data == other.data\n    def __hash__(self): return hash(self.data)\n    def __neg__"),),
    "intermediate grads emptied": (("            v._backward()", "            v._backward()\n            if v._prev: v.grad = 0"),),
    "data overwritten": (("            v._backward()", "            v._backward()\n        self.data = self.grad"),),
    "last node made": (("class Value:\n", "made = []\nclass Value:\n"), ("        self.data = data\n", "        self.data = data\n        made.append(self)\n"), ("        topo = []\n", "        self = made[-1]\n        topo = []\n")),
    "list of all nodes": (("class Value:\n", "made = []\nclass Value:\n"), ("        self.data = data\n", "        self.data = data\n        made.append(self)\n")),
    "grad starts from 1": (("self.grad = 0\n", "self.grad = 1\n"),),
    "no grad at the start": (("        self.grad = 0\n", ""),),
    "grad starts from None": (("self.grad = 0\n", "self.grad = None\n"),),
    "_backward starts from None": (("lambda: None", "None"),),
    "data rounded": (("self.data = data", "self.data = int(data)"),),
    "= for +=": ((".grad += ", ".grad = "),),
    "-= for +=": ((".grad += ", ".grad -= "),),
    "no upstream": ((" * out.grad", ""), ("grad += out.grad", "grad += 1.0")),
    "no upstream in +": (("grad += out.grad", "grad += 1.0"),),
    "no upstream in *": (("other.data * out.grad", "other.data"), ("self.data * out.grad", "self.data")),
    "= for += in +": (("self.grad += out.grad", "self.grad = out.grad"), ("other.grad += out.grad", "other.grad = out.grad")),
    "= for += in *": (("self.grad += other.data", "self.grad = other.data"), ("other.grad += self.data", "other.grad = self.data")),
    "+ forgets the second": (("            other.grad += out.grad\n", ""),),
    "* forgets the second": (("            other.grad += self.data * out.grad\n", ""),),
    "+ hands nothing on": (("            other.grad += out.grad\n        out._backward = _backward\n", "            other.grad += out.grad\n"),),
    "* hands nothing on": (("self.data * out.grad\n        out._backward = _backward\n", "self.data * out.grad\n"),),
    "* forgets its parents": (("(self, other), '*'", "(), '*'"),),
    "function called": (("out._backward = _backward\n", "out._backward = _backward()\n"),),
    "- adds": (("return self + (-other)", "return self + other"),),
    "- reversed": (("return self + (-other)", "return -self + other"),),
    "/ reversed": (("return self * other**-1", "return self**-1 * other"),),
    "no upstream in negate": (("        return self * -1\n", "        out = Value(-self.data, (self,))\n        def _backward():\n            self.grad += -1.0\n        out._backward = _backward\n        return out\n"),),
    "sign in negate": (("        return self * -1\n", "        out = Value(-self.data, (self,))\n        def _backward():\n            self.grad += out.grad\n        out._backward = _backward\n        return out\n"),),
    "factors swapped": (("self.grad += other.data", "self.grad += SELF"), ("other.grad += self.data", "other.grad += other.data"), ("SELF", "self.data")),
    "product by division": (("self.grad += other.data", "self.grad += out.data / self.data"),),
    "power keeps its exponent": (("**(other-1)", "**other"),),
    "power without its factor": (("other * self.data**(", "self.data**("),),
    "no upstream in **": (("(other-1)) * out.grad", "(other-1))"),),
    "power by division": (("other * self.data**(other-1)", "other * out.data / self.data"),),
    "power by logarithms": (("Value(self.data**other", "Value(math.exp(other * math.log(self.data))"),),
    "whole division": (("return self * other**-1", "other = other if isinstance(other, Value) else Value(other)\n        out = self * other**-1\n        out.data = self.data // other.data\n        return out"),),
    "numbers not lifted": ((LIFT, ""),),
    "numbers not lifted in *": ((LIFT + "        out = Value(self.data * ", "        out = Value(self.data * "),),
    "numbers not lifted in +": ((LIFT + "        out = Value(self.data + ", "        out = Value(self.data + "),),
    "zero taken for nothing": ((LIFT + "        out = Value(self.data * ", LIFT.replace("Value(other)", "Value(other or 1.0)") + "        out = Value(self.data * "),),
    "no __radd__": (("__radd__", "radd"),),
    "no __rmul__": (("__rmul__", "rmul"),),
    "no __rsub__": (("__rsub__", "rsub"),),
    "no __rtruediv__": (("__rtruediv__", "rtruediv"),),
    "__rsub__ reversed": (("return other + (-self)", "return self - other"),),
    "__rtruediv__ reversed": (("return other * self**-1", "return self / other"),),
    "no return in +": (("other.grad += out.grad\n        out._backward = _backward\n        return out\n", "other.grad += out.grad\n        out._backward = _backward\n"),),
    "no return in *": (("self.data * out.grad\n        out._backward = _backward\n        return out\n", "self.data * out.grad\n        out._backward = _backward\n"),),
    "no return in -": (("return self + (-other)", "self + (-other)"),),
    "no return in /": (("return self * other**-1", "self * other**-1"),),
    "no return in **": (("(other-1)) * out.grad\n        out._backward = _backward\n        return out\n", "(other-1)) * out.grad\n        out._backward = _backward\n"),),
    "no return in negate": (("return self * -1\n", "self * -1\n"),),
    "no return in __radd__": (("__radd__(self, other):\n        return ", "__radd__(self, other):\n        "),),
    "no return in __rmul__": (("__rmul__(self, other):\n        return ", "__rmul__(self, other):\n        "),),
    "+= in place": (("    def __neg__", "    def __iadd__(self, other):\n        self.data += other.data if isinstance(other, Value) else other\n        return self\n    def __neg__"),),
    "relu lets all pass": (("(out.data > 0) * out.grad", "out.grad"),),
    "no upstream in relu": (("(out.data > 0) * out.grad", "(out.data > 0)"),),
    "relu in place": (("        out = Value(0 if self.data < 0", "        self.data = max(0, self.data)\n        out = Value(0 if self.data < 0"),),
    "relu at its kink": (("(out.data > 0)", "out.data / self.data"),),
    "no return in relu": (("(out.data > 0) * out.grad\n        out._backward = _backward\n        return out\n", "(out.data > 0) * out.grad\n        out._backward = _backward\n"),),
    "no return in tanh": (("(1 - t**2) * out.grad\n        out._backward = _backward\n        return out\n", "(1 - t**2) * out.grad\n        out._backward = _backward\n"),),
    "no return in exp": (("out.data * out.grad\n        out._backward = _backward\n        return out\n", "out.data * out.grad\n        out._backward = _backward\n"),),
    "no return in log": (("1 / self.data * out.grad\n        out._backward = _backward\n        return out\n", "1 / self.data * out.grad\n        out._backward = _backward\n"),),
    "tanh of the input": (("1 - t**2", "1 - x**2"),),
    "tanh (1 - t)**2": (("1 - t**2", "(1 - t)**2"),),
    "tanh without a square": (("1 - t**2", "1 - t"),),
    "no upstream in tanh": (("(1 - t**2) * out.grad", "1 - t**2"),),
    "exp by the power rule": (("out.data * out.grad", "self.data * math.exp(self.data - 1) * out.grad"),),
    "no upstream in exp": (("out.data * out.grad", "out.data"),),
    "exp of the input": (("out.data * out.grad", "self.data * out.grad"),),
    "log10 for log": (("math.log(", "math.log10("),),
    "log of the output": (("1 / self.data", "1 / out.data"),),
    "no upstream in log": (("1 / self.data * out.grad", "1 / self.data"),),
}  # fmt: skip
IS_MICROGRAD = "micrograd's style is so, and right as far as a lecture goes"
COMPOSED = "in micrograd's style / is * and **, and - is + and *: there is no such derivative"
NOT_IN_MICROGRAD = {
    "grads not cleared": IS_MICROGRAD,
    "data read late": IS_MICROGRAD,
    "parents in a set": "each closure knows both operands: _prev only gives the order",
    "path by path": "the closures take out.grad, which holds the sum over all paths",
    "sign in -": COMPOSED, "- of self twice": COMPOSED, "sign in /": COMPOSED, "square in /": COMPOSED,
    "/ forgets the divisor": COMPOSED, "no upstream in -": COMPOSED, "no upstream in /": COMPOSED,
}  # fmt: skip

IN_CLASS_REPOSITORY: dict[str, tuple[tuple[str, str], ...]] = {
    "no seed": (("        self.receive(1.0)\n", ""),),
    "seed is data": (("self.receive(1.0)", "self.receive(self.data)"),),
    "seed for parents only": (("        order = self.order()\n", "        if not self.parents:\n            return\n        order = self.order()\n"),),
    "order not reversed": (("parents_first[::-1]", "parents_first"),),
    "order without the output": (("parents_first[::-1]", "parents_first[-2::-1]"),),
    "order in a queue": (("        parents_first: list", "        queue = [self]\n        for node in queue:\n            queue += [p for p in node.parents if p not in queue]\n        return queue\n        parents_first: list"),),
    "order on the way down": (("parents_first[::-1]", "down"), ("        stack = [", "        down = []\n        stack = ["), ("                seen.add(node)", "                seen.add(node)\n                down.append(node)"), ("for parent in node.parents]", "for parent in node.parents[::-1]]")),
    "recursion without an order": (("        for node in order:\n            node.hand_on()", "        def walk(node):\n            node.hand_on()\n            for parent in node.parents:\n                walk(parent)\n        walk(self)"),),
    "path by path": (("        self.receive(1.0)\n        for node in order:\n            node.hand_on()", "        def walk(node, upstream):\n            node.receive(upstream)\n            for p, d in zip(node.parents, node.local_derivatives):\n                walk(p, upstream * d)\n        walk(self, 1.0)"),),
    "not hashable": (("    def order(self", "    def __eq__(self, other):\n        return self is other\n\n    def order(self"),),
    "nodes equal by number": (("    def order(self)", "    def __eq__(self, other):\n        return self.data == other.data\n\n    def __hash__(self):\n        return hash(self.data)\n\n    def order(self)"),),
    "grads not cleared": (("        if self.parents:\n            self.grad = 0.0", "        pass"),),
    "intermediate grads emptied": (("            node.hand_on()", "            node.hand_on()\n            node.forget()"),),
    "data overwritten": (("            node.hand_on()", "            node.hand_on()\n        self.data = self.grad"),),
    "last node made": (("class Value:\n", "made = []\nclass Value:\n"), ("        self.data = data\n", "        self.data = data\n        made.append(self)\n"), ("        order = self.order()\n", "        self = made[-1]\n        order = self.order()\n")),
    "list of all nodes": (("class Value:\n", "made = []\nclass Value:\n"), ("        self.data = data\n", "        self.data = data\n        made.append(self)\n")),
    "grad starts from 1": (("        self.grad = 0.0\n        self.parents", "        self.grad = 1.0\n        self.parents"),),
    "no grad at the start": (("        self.grad = 0.0\n        self.parents", "        self.parents"),),
    "grad starts from None": (("        self.grad = 0.0\n        self.parents", "        self.grad = None\n        self.parents"), ("            self.grad = 0.0", "            self.grad = None")),
    "data rounded": (("self.data = data", "self.data = int(data)"),),
    "parents in a set": (("zip(self.parents, self.local_derivatives, strict=True)", "dict(zip(self.parents, self.local_derivatives)).items()"),),
    "= for +=": (("self.grad += contribution", "self.grad = contribution"),),
    "-= for +=": (("self.grad += contribution", "self.grad -= contribution"), ("self.receive(1.0)", "self.grad = 1.0")),
    "no upstream": (("self.grad * local", "local"),),
    "+ forgets the second": (("(self, other), (1.0, 1.0)", "(self, other), (1.0, 0.0)"),),
    "* forgets the second": (("(other.data, self.data)", "(other.data, 0.0)"),),
    "+ hands nothing on": (("(self, other), (1.0, 1.0)", "(self, other), (0.0, 0.0)"),),
    "* hands nothing on": (("(other.data, self.data)", "(0.0, 0.0)"),),
    "sign in -": (("return self + -self.lift(other)", "other = self.lift(other)\n        return self.node(self.data - other.data, (self, other), (1.0, 1.0))"),),
    "- reversed": (("return self + -self.lift(other)", "return self.lift(other) + -self"),),
    "/ reversed": (("return self.node(quotient, ", "return self.node(1 / quotient, "),),
    "- adds": (("return self + -self.lift(other)", "return self + other"),),
    "- of self twice": (("return self + -self.lift(other)", "other = self.lift(other)\n        return self.node(self.data - other.data, (self, other), (-1.0, 1.0))"),),
    "sign in negate": (("return self * -1.0", "return self.node(-self.data, (self,), (1.0,))"),),
    "factors swapped": (("(other.data, self.data)", "(self.data, other.data)"),),
    "product by division": (("(other.data, self.data)", "(self.data * other.data / self.data, self.data)"),),
    "data read late": (("        for parent, local in", "        if self.is_product:\n            a, b = self.parents\n            self.local_derivatives = (b.data, a.data)\n        for parent, local in"), ("        self.grad = 0.0\n        self.parents", "        self.grad, self.is_product = 0.0, False\n        self.parents"), ("        return self.node(self.data * other.data, (self, other), (other.data, self.data))", "        out = self.node(self.data * other.data, (self, other), (other.data, self.data))\n        out.is_product = True\n        return out")),
    "sign in /": (("-quotient / other.data)", "quotient / other.data)"),),
    "square in /": (("-quotient / other.data)", "-quotient)"),),
    "/ forgets the divisor": (("-quotient / other.data)", "0.0)"),),
    "whole division": (("self.data / other.data", "self.data // other.data"),),
    "power keeps its exponent": (("** (exponent - 1)", "**exponent"),),
    "power without its factor": (("exponent * self.data", "self.data"),),
    "power by division": (("exponent * self.data ** (exponent - 1)", "exponent * self.data**exponent / self.data"),),
    "power by logarithms": (("self.node(self.data**exponent", "self.node(math.exp(exponent * math.log(self.data))"),),
    "numbers not lifted": (("other if isinstance(other, Value) else type(self)(other)", "other"),),
    "numbers not lifted in *": (("        other = self.lift(other)\n        return self.node(self.data *", "        return self.node(self.data *"),),
    "numbers not lifted in +": (("        other = self.lift(other)\n        return self.node(self.data +", "        return self.node(self.data +"),),
    "zero taken for nothing": (("type(self)(other)", "type(self)(other or 1.0)"),),
    "no __radd__": (("__radd__", "radd"),),
    "no __rmul__": (("__rmul__", "rmul"),),
    "no __rsub__": (("__rsub__", "rsub"),),
    "no __rtruediv__": (("__rtruediv__", "rtruediv"),),
    "__rsub__ reversed": (("self.lift(other) - self", "self - other"),),
    "__rtruediv__ reversed": (("self.lift(other) / self", "self / other"),),
    "no return in +": (("return self.node(self.data + ", "self.node(self.data + "),),
    "no return in *": (("return self.node(self.data * ", "self.node(self.data * "),),
    "no return in -": (("return self + -self.lift(other)", "self + -self.lift(other)"),),
    "no return in /": (("return self.node(quotient, ", "self.node(quotient, "),),
    "no return in **": (("return self.node(self.data**exponent", "self.node(self.data**exponent"),),
    "no return in negate": (("return self * -1.0", "self * -1.0"),),
    "no return in __radd__": (("return self + other", "self + other"),),
    "no return in __rmul__": (("return self * other", "self * other"),),
    "+= in place": (("    def __neg__", "    def __iadd__(self, other):\n        self.data += self.lift(other).data\n        return self\n\n    def __neg__"),),
    "relu lets all pass": (("1.0 if self.data > 0 else 0.0", "1.0"),),
    "relu in place": (("        return self.node(max(", "        self.data = max(self.data, 0.0)\n        return self.node(max("),),
    "relu at its kink": (("1.0 if self.data > 0 else 0.0", "max(self.data, 0.0) / self.data"),),
    "no return in relu": (("return self.node(max(", "self.node(max("),),
    "no return in tanh": (("return self.node(out, (self,), (1.0 - out**2", "self.node(out, (self,), (1.0 - out**2"),),
    "no return in exp": (("return self.node(out, (self,), (out,)", "self.node(out, (self,), (out,)"),),
    "no return in log": (("return self.node(math.log(", "self.node(math.log("),),
    "tanh of the input": (("1.0 - out**2", "1.0 - self.data**2"),),
    "tanh (1 - t)**2": (("1.0 - out**2", "(1.0 - out) ** 2"),),
    "tanh without a square": (("1.0 - out**2", "1.0 - out"),),
    "exp by the power rule": (("(self,), (out,)", "(self,), (self.data * math.exp(self.data - 1),)"),),
    "exp of the input": (("(self,), (out,)", "(self,), (self.data,)"),),
    "log10 for log": (("math.log(", "math.log10("),),
    "log of the output": (("(1.0 / self.data,)", "(1.0 / math.log(self.data),)"),),
}  # fmt: skip
NO_FUNCTIONS = "it has no functions in its nodes"
ONE_PLACE = "it has the chain rule, and +=, in one place for all operations"
NOT_IN_CLASS_REPOSITORY = dict.fromkeys(
    ["= for += in +", "= for += in *",
     *(name for name in (m.name for m in MUTANTS) if name.startswith("no upstream in "))],
    ONE_PLACE,
) | {
    "* forgets its parents": "zip(strict=True) says at once that one is missing",
    "function called": NO_FUNCTIONS, "_backward starts from None": NO_FUNCTIONS,
}  # fmt: skip

STYLES = {
    "micrograd": (MICROGRAD, IN_MICROGRAD, NOT_IN_MICROGRAD),
    "class_repository": (ENGINE, IN_CLASS_REPOSITORY, NOT_IN_CLASS_REPOSITORY),
}


def in_style(style: str, *names: str) -> type:
    """Return an engine of the style with the mistakes that are named."""
    text, edits, _ = STYLES[style]
    for name in names:
        for old, new in edits[name]:
            assert old in text, (style, name, old)
            text = text.replace(old, new)
    return build_engine(text)
