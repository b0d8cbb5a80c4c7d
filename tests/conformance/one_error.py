"""Engines that raise a TypeError wherever backward() runs, for reasons that are not in the table.

Each is micrograd's style with some texts replaced, and what its error says.
"""

from autograd.conformance import build_engine
from tests.conformance.styles import MICROGRAD

EMPTY = "class Value:\n    pass\n"
IN_DECIMALS = (
    ("import math", "import math\nfrom decimal import Decimal"),
    ("self.data = data", "self.data = Decimal(data)"),
    ("self.grad = 0\n", "self.grad = Decimal(0)\n"),
    ("(other * self.data**(other-1))", "float(other * self.data**(other-1))"),
    ("self.grad = 1\n", "self.grad = 1.0\n"),
)
UNKNOWN: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "an empty class": ("takes no arguments", ((MICROGRAD, EMPTY),)),
    "__init__ misspelt": ("takes no arguments", (("__init__", "_init_"),)),
    "__init__ needs parents": ("missing 2 required", (("_children=(), _op=''", "_children, _op"),)),
    "__init__ returns": (
        "should return None", (("(_children)\n", "(_children)\n        return self\n"),)),
    "backward() without self": ("takes 0 positional", (("def backward(self)", "def backward()"),)),
    "backward(grad)": ("missing 1 required", (("def backward(self)", "def backward(self, grad)"),)),
    "data as text": ("", (("self.data = data", "self.data = str(data)"),)),
    "data in a list": ("", (("self.data = data", "self.data = [data]"),)),
    "data in decimals": ("unsupported operand", IN_DECIMALS),
    "no parents in a node": ("is not iterable", (("set(_children)", "set(_children or None)"),)),
    "the order in a set": (
        "is not reversible", (("topo = []", "topo = set()"), ("topo.append", "topo.add"))),
    "_backward takes the node": (
        "takes 0 positional", (("v._backward()", "v._backward(v)"), ("lambda:", "lambda v:"))),
}  # fmt: skip


def engine_of(name: str) -> type:
    """Return the engine with the mistake that is named."""
    text = MICROGRAD
    for old, new in UNKNOWN[name][1]:
        assert old in text, (name, old)
        text = text.replace(old, new)
    return build_engine(text)
