"""The typical mistakes: each is a change of the text of ``lecture_engine``, one row a mistake.

To teach the check another one, add a row and run ``python -m autograd.conformance.store_patterns``.
It tries the mutants in every case and stores which cases fail, and how. No two may fail alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass

ALL = "..."  # as the text to replace: the whole method


@dataclass(frozen=True)
class Mutant:
    """A mistake: its ``name``, what it is in a student's words, and the ``edits`` that make it.

    The edits replace texts in one ``method`` of the lecture's engine, or, without a method, in all
    of it; each text must occur. ``shown`` is the method to look at in a student's engine, if that
    is another one; no line is told if its source is not at hand.
    """

    name: str
    says: str
    method: str
    edits: Mapping[str, str]
    shown: str = ""


WITHOUT_UPSTREAM = "forgets the upstream gradient: the local derivative times out.grad"
LIFTED = "other = other if isinstance(other, Value) else Value(other)"
NO_RETURN = {"        return out\n": ""}
RECURSIVE = """
    def backward(self, is_output=True):
        if is_output:
            self.grad = 1.0
        self._backward()
        for parent in self.parents:
            parent.backward(False)
"""
PATH_BY_PATH = """
    def backward(self):
        self.walk(1.0)

    def walk(self, upstream):
        total, self.grad = self.grad + upstream, upstream
        before = {parent: parent.grad for parent in self.parents}
        for parent in before:
            parent.grad = 0.0
        self._backward()
        received = {parent: parent.grad for parent in before}
        for parent in before:
            parent.grad = before[parent]
        self.grad = total
        for parent in self.parents:
            parent.walk(received[parent] / self.parents.count(parent))
"""
QUEUE = """
    def order(self):
        queue = [self]
        for node in queue:
            queue += [parent for parent in node.parents if parent not in queue]
        return queue
"""
ON_THE_WAY_DOWN = """
    def order(self):
        found, stack = [], [self]
        while stack:
            node = stack.pop()
            if node not in found:
                found.append(node)
                stack += node.parents[::-1]
        return found
"""
WITHOUT_HASH = """\
    def __eq__(self, other):
        return self is other

    def order(self)"""
BY_NUMBER = """\
    def __eq__(self, other):
        return self.data == other.data

    def __hash__(self):
        return hash(self.data)

    def order(self)"""
IN_PLACE = """\
    def __iadd__(self, other):
        self.data += other.data if isinstance(other, Value) else other
        return self

    def __add__(self"""
LATE = "        def _backward() -> None:\n            a, b = self.data, other.data\n"
A_LIST = "    nodes: list = []\n\n    def __init__("
IN_THE_LIST = "        self.data = data\n        self.nodes.append(self)\n"
SET_IN_ADD = """\
            for parent in {self, other}:
                parent.grad += out.grad
"""
DICT_IN_MUL = """\
            for parent, local in {self: b, other: a}.items():
                parent.grad += local * out.grad
"""

BACKWARD_PASS = (
    Mutant("no seed", "all gradients end as 0: backward() never sets the output's own to 1, or "
           "sets each back to 0 once it has been handed on",
           "backward", {"        self.grad = 1.0\n": ""}),
    Mutant("seed is data", "backward() starts from the output's data and not from 1",
           "backward", {"self.grad = 1.0": "self.grad = self.data"}),
    Mutant("seed for parents only", "backward() does nothing for a node that has no parents",
           "backward", {"        order =": "        if not self.parents:\n            return\n"
                                           "        order ="}),
    Mutant("order not reversed", "only the output hands its gradient on: the order of the nodes "
           "is not reversed, or the loop ends too early", "order", {"[::-1]": ""}),
    Mutant("order without the output", "the output hands nothing on: it is missing in the order of "
           "the nodes, or its function is named and not called (node._backward without brackets)",
           "order", {"[::-1]": "[-2::-1]"}),
    Mutant("order in a queue", "the nodes are visited in a queue, level by level: that is not a "
           "topological order", "order", {ALL: QUEUE}),
    Mutant("order on the way down", "a node is put in the list before its parents have been "
           "visited: that is not a topological order", "order", {ALL: ON_THE_WAY_DOWN}),
    Mutant("recursion without an order", "backward() follows every path: it calls itself for each "
           "parent, or forgets which nodes it has visited, so a node that is used twice hands on "
           "its gradient before it is complete", "backward", {ALL: RECURSIVE}),
    Mutant("path by path", "backward() follows every path from the start, which takes twice as "
           "long for each node that is used twice", "backward", {ALL: PATH_BY_PATH}),
    Mutant("nodes equal by number", "two nodes of equal data count as one node (an __eq__ by data, "
           "as in a dataclass)", "order", {"    def order(self)": BY_NUMBER}, shown="__eq__"),
    Mutant("not hashable", "a node cannot be put in a set: an __eq__ takes the hash away, and "
           "@dataclass writes one (say @dataclass(eq=False))", "order",
           {"    def order(self)": WITHOUT_HASH}, shown="__eq__"),
    Mutant("grads not cleared", "the gradients of intermediate nodes are not set to 0 when a "
           "second backward() starts", "backward",
           {"            if node.parents:\n                node.grad = 0.0": "            pass"}),
    Mutant("intermediate grads emptied", "the gradient of an intermediate node is set to 0 once it "
           "has been handed on", "backward",
           {"            node._backward()": "            node._backward()\n            "
            "node.grad = node.grad if not node.parents else 0.0"}),
    Mutant("data overwritten", "backward() writes gradients into .data", "backward",
           {"            node._backward()": "            node._backward()\n        "
                                            "self.data = self.grad"}),
    Mutant("last node made", "backward() starts from the last node that was made and not from self",
           "", {"    def __init__(": A_LIST, "        self.data = data\n": IN_THE_LIST,
                "        order = self.order()": "        self = Value.nodes[-1]\n        "
                                                "order = self.order()"}, shown="backward"),
    Mutant("list of all nodes", "a list (a tape for all graphs), or a leaf, keeps every node that "
           "was ever made, so that nothing is freed", "__init__",
           {"    def __init__(": A_LIST, "        self.data = data\n": IN_THE_LIST}),
)  # fmt: skip

NODES = (
    Mutant("grad starts from 1", "every gradient starts from 1, as only the output's does",
           "__init__", {"self.grad = 0.0": "self.grad = 1.0"}),
    Mutant("no grad at the start", "a new node has no gradient: __init__ does not set it to 0",
           "__init__", {"        self.grad = 0.0\n": ""}),
    Mutant("grad starts from None", "gradients start from None, to which nothing can be added",
           "__init__", {"self.grad = 0.0": "self.grad = None"}),
    Mutant("_backward starts from None", "_backward is None in a node that no operator has made, "
           "and backward() calls it", "__init__", {"lambda: None": "None"}),
    Mutant("data rounded", "data is rounded to a whole number", "__init__",
           {"self.data = data": "self.data = int(data)"}),
    Mutant("parents in a set", "the parents are in a set, or are keys of a dict, which holds a "
           "only once for a + a and a * a", "",
           {"            self.grad += out.grad\n            other.grad += out.grad\n": SET_IN_ADD,
            "            self.grad += b * out.grad\n            other.grad += a * out.grad\n":
            DICT_IN_MUL}, shown="__init__"),
)  # fmt: skip

ADDING_UP = (
    Mutant("= for +=", "gradients are assigned with =, where += must add them up", "",
           {".grad += ": ".grad = "}),
    Mutant("= for += in +", "the operator + assigns gradients with =, where += must add them up",
           "__add__", {".grad += ": ".grad = "}),
    Mutant("= for += in *", "the operator * assigns gradients with =, where += must add them up",
           "__mul__", {".grad += ": ".grad = "}),
    Mutant("-= for +=", "gradients are subtracted with -=, where += must add them up", "",
           {".grad += ": ".grad -= "}),
    Mutant("no upstream", f"{WITHOUT_UPSTREAM}, in all operators", "",
           {" * out.grad": "", "+= out.grad": "+= 1.0", "+= -out.grad": "+= -1.0"}),
    Mutant("no upstream in +", f"the operator + {WITHOUT_UPSTREAM}", "__add__",
           {"out.grad": "1.0"}),
    Mutant("no upstream in *", f"the operator * {WITHOUT_UPSTREAM}", "__mul__",
           {" * out.grad": ""}),
    Mutant("+ forgets the second", "the operator + hands nothing on to its second operand",
           "__add__", {"            other.grad += out.grad\n": ""}),
    Mutant("* forgets the second", "the operator * hands nothing on to its second operand",
           "__mul__", {"            other.grad += a * out.grad\n": ""}),
    Mutant("+ hands nothing on", "the operator + hands nothing on: its _backward is not kept",
           "__add__", {"        out._backward = _backward\n": ""}),
    Mutant("* hands nothing on", "the operator * hands nothing on: its _backward is not kept, "
           "or takes self.grad for out.grad",
           "__mul__", {"        out._backward = _backward\n": ""}),
    Mutant("* forgets its parents", "the result of * does not know its parents, so nothing reaches "
           "what is before them", "__mul__", {", (self, other)": ""}),
    Mutant("function called", "out._backward = _backward() calls the function at once: leave out "
           "the brackets", "", {"out._backward = _backward": "out._backward = _backward()"}),
)  # fmt: skip

OPERATORS = (
    Mutant("sign in -", "the operator - hands its second operand the wrong sign: the derivative "
           "of a - b in b is -1", "__sub__", {"+= -out": "+= out"}),
    Mutant("- adds", "the operator - adds: its minus is forgotten", "__sub__",
           {"self.data - other": "self.data + other", "+= -out": "+= out"}),
    Mutant("- reversed", "the operator - has its operands the wrong way round: a - b is computed "
           "as b - a", "__sub__", {"self.data - other.data": "other.data - self.data"}),
    Mutant("no upstream in -", f"the operator - {WITHOUT_UPSTREAM}", "__sub__",
           {"+= out.grad": "+= 1.0", "+= -out.grad": "+= -1.0"}),
    Mutant("- of self twice", "the operator - has the wrong sign in both operands", "__sub__",
           {"+= -out": "+= OUT", "+= out": "+= -out", "OUT": "out"}),
    Mutant("sign in negate", "-a hands on the gradient without its minus: the derivative is -1",
           "__neg__", {"-out": "out"}),
    Mutant("no upstream in negate", f"-a {WITHOUT_UPSTREAM}", "__neg__", {"-out.grad": "-1.0"}),
    Mutant("factors swapped", "the factors are swapped: the derivative of a * b in a is b",
           "__mul__", {"+= b": "+= A", "+= a": "+= b", "A": "a"}),
    Mutant("product by division", "the derivative of a * b is computed as out / a, which fails "
           "where a is 0", "__mul__", {"+= b *": "+= a * b / a *", "+= a *": "+= a * b / b *"}),
    Mutant("data read late", "the operator * reads .data in the backward pass, when it may have "
           "been edited", "__mul__", {"        def _backward() -> None:\n": LATE}),
    Mutant("sign in /", "the derivative of a / b in b has the wrong sign: it is -a / b**2",
           "__truediv__", {"-a / b": "a / b"}),
    Mutant("square in /", "the derivative of a / b in b lacks the square: it is -a / b**2",
           "__truediv__", {"b**2": "b"}),
    Mutant("/ reversed", "the operator / has its operands the wrong way round: a / b is computed "
           "as b / a", "__truediv__", {"Value(a / b": "Value(b / a"}),
    Mutant("no upstream in /", f"the operator / {WITHOUT_UPSTREAM}", "__truediv__",
           {" * out.grad": ""}),
    Mutant("/ forgets the divisor", "the operator / hands nothing on to its divisor",
           "__truediv__", {"            other.grad += -a / b**2 * out.grad\n": ""}),
    Mutant("whole division", "numbers are divided with // and not with /", "__truediv__",
           {"Value(a / b": "Value(a // b"}),
    Mutant("power keeps its exponent", "the derivative of a**n keeps the exponent n: it is "
           "n * a**(n - 1)", "__pow__", {"(n - 1)": "n"}),
    Mutant("power without its factor", "the derivative of a**n lacks the factor n: it is "
           "n * a**(n - 1)", "__pow__", {"n * a": "a"}),
    Mutant("no upstream in **", f"the operator ** {WITHOUT_UPSTREAM}", "__pow__",
           {" * out.grad": ""}),
    Mutant("power by division", "the derivative of a**n is computed as n * out / a, which fails "
           "where a is 0", "__pow__", {"n * a ** (n - 1)": "n * a**n / a"}),
    Mutant("power by logarithms", "a**n is computed as exp(n * log(a)), which fails where a is "
           "negative", "__pow__", {"Value(a**n": "Value(math.exp(n * math.log(a))"}),
)  # fmt: skip

OPERANDS = (
    Mutant("numbers not lifted", "plain numbers are not turned into Values, so a + 2 fails", "",
           {f"        {LIFTED}\n": ""}, shown="__add__"),
    Mutant("numbers not lifted in *", "the operator * does not turn plain numbers into Values, so "
           "a * 2 fails", "__mul__", {f"        {LIFTED}\n": ""}),
    Mutant("numbers not lifted in +", "the operator + does not turn plain numbers into Values, so "
           "a + 2 fails", "__add__", {f"        {LIFTED}\n": ""}),
    Mutant("zero taken for nothing", "the number 0 is taken for no number at all (a test such as "
           "`if other`, or `other or 1`)", "__mul__",
           {LIFTED: "other = other if isinstance(other, Value) else Value(other or 1.0)"}),
    Mutant("no __radd__", "there is no __radd__, so 2 + a and sum([a, b]) fail", "__radd__",
           {ALL: ""}),
    Mutant("no __rmul__", "there is no __rmul__, so 2 * a fails", "__rmul__", {ALL: ""}),
    Mutant("no __rsub__", "there is no __rsub__, so 5 - a fails", "__rsub__", {ALL: ""}),
    Mutant("no __rtruediv__", "there is no __rtruediv__, so 6 / a fails", "__rtruediv__",
           {ALL: ""}),
    Mutant("__rsub__ reversed", "__rsub__ has its operands the wrong way round: 5 - a is not "
           "a - 5", "__rsub__", {"Value(other) - self": "self - other"}),
    Mutant("__rtruediv__ reversed", "__rtruediv__ has its operands the wrong way round: 6 / a is "
           "not a / 6", "__rtruediv__", {"Value(other) / self": "self / other"}),
    Mutant("no return in +", "the operator + has no return, so a + b is None", "__add__",
           NO_RETURN),
    Mutant("no return in *", "the operator * has no return, so a * b is None", "__mul__",
           NO_RETURN),
    Mutant("no return in -", "the operator - has no return, so a - b is None", "__sub__",
           NO_RETURN),
    Mutant("no return in /", "the operator / has no return, so a / b is None", "__truediv__",
           NO_RETURN),
    Mutant("no return in **", "the operator ** has no return, so a**n is None", "__pow__",
           NO_RETURN),
    Mutant("no return in negate", "__neg__ has no return, so -a is None", "__neg__",
           NO_RETURN),
    Mutant("no return in __radd__", "__radd__ has no return, so 2 + a is None", "__radd__",
           {"return ": ""}),
    Mutant("no return in __rmul__", "__rmul__ has no return, so 2 * a is None", "__rmul__",
           {"return ": ""}),
    Mutant("+= in place", "y += b changes the number of y and makes no new node",
           "__add__", {"    def __add__(self": IN_PLACE}, shown="__iadd__"),
)  # fmt: skip

FUNCTIONS = (
    Mutant("relu lets all pass", "relu hands its gradient on where its operand is negative too",
           "relu", {"(a > 0) * ": ""}),
    Mutant("no upstream in relu", f"relu {WITHOUT_UPSTREAM}", "relu", {" * out.grad": ""}),
    Mutant("relu in place", "relu changes the number of its operand", "relu",
           {"        a =": "        self.data = max(self.data, 0.0)\n        a ="}),
    Mutant("relu at its kink", "the derivative of relu is computed by a division, which fails at 0",
           "relu", {"(a > 0)": "max(a, 0.0) / a"}),
    Mutant("no return in relu", "relu has no return, so relu(a) is None", "relu", NO_RETURN),
    Mutant("no return in tanh", "tanh has no return, so tanh(a) is None", "tanh",
           NO_RETURN),
    Mutant("no return in exp", "exp has no return, so exp(a) is None", "exp",
           NO_RETURN),
    Mutant("no return in log", "log has no return, so log(a) is None", "log",
           NO_RETURN),
    Mutant("tanh of the input", "the derivative of tanh squares the input: it is 1 - out**2 and "
           "not 1 - x**2", "tanh", {"t**2": "a**2"}),
    Mutant("tanh (1 - t)**2", "the derivative of tanh is 1 - out**2 and not (1 - out)**2", "tanh",
           {"(1 - t**2)": "(1 - t) ** 2"}),
    Mutant("tanh without a square", "the derivative of tanh lacks the square: it is 1 - out**2",
           "tanh", {"t**2": "t"}),
    Mutant("no upstream in tanh", f"tanh {WITHOUT_UPSTREAM}", "tanh", {" * out.grad": ""}),
    Mutant("exp by the power rule", "exp is differentiated by the power rule: its derivative is "
           "out, exp(a) itself", "exp", {"+= e": "+= a * math.exp(a - 1)"}),
    Mutant("no upstream in exp", f"exp {WITHOUT_UPSTREAM}", "exp", {" * out.grad": ""}),
    Mutant("exp of the input", "the derivative of exp is out, exp(a) itself, and not a", "exp",
           {"+= e": "+= a"}),
    Mutant("log10 for log", "log is the logarithm to base 10: math.log is the natural one", "log",
           {"math.log(": "math.log10("}),
    Mutant("log of the output", "the derivative of log is 1 / a and not 1 / out", "log",
           {"1 / a": "1 / out.data"}),
    Mutant("no upstream in log", f"log {WITHOUT_UPSTREAM}", "log", {" * out.grad": ""}),
)  # fmt: skip

MUTANTS = BACKWARD_PASS + NODES + ADDING_UP + OPERATORS + OPERANDS + FUNCTIONS
MUTANTS_BY_NAME = {mutant.name: mutant for mutant in MUTANTS}
