"""Engines with a mistake in them: the lecture's engine, in a manner of writing, with a mutant."""

import re
from functools import cache
from pathlib import Path
from typing import Any

from autograd.conformance.diagnosis.mutants import ALL, Mutant

# Right engines are written in different manners, and one mistake fails differently in each. A
# manner is other methods, which stand in unless the mutant is in them. "plain" is what lectures
# write: right, but for deep chains, second passes, edits and far out.
RECURSIVE_ORDER = """
    def order(self):
        found, seen = [], set()
        def visit(node):
            if node not in seen:
                seen.add(node)
                for parent in node.parents:
                    visit(parent)
                found.append(node)
        visit(self)
        return found[::-1]
"""
NOTHING_CLEARED = """
    def backward(self):
        self.grad = 1.0
        for node in self.order():
            node._backward()
"""
NO_GUARDS = """
    def __pow__(self, n):
        out = Value(self.data**n, (self,))
        def _backward():
            self.grad += n * self.data ** (n - 1) * out.grad
        out._backward = _backward
        return out
"""
READS_DATA_LATE = """
    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other))
        def _backward():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad
        out._backward = _backward
        return out
"""
TANH_BY_EXP = """
    def tanh(self):
        e = math.exp(2 * self.data)
        out = Value((e - 1) / (e + 1), (self,))
        def _backward():
            self.grad += (1 - out.data**2) * out.grad
        out._backward = _backward
        return out
"""
MINUS_ONE_TIMES = "\n    def __neg__(self):\n        return self * -1\n"
SUM_WITH_NEGATIVE = "\n    def __sub__(self, other):\n        return self + (-other)\n"
PRODUCT_WITH_POWER = "\n    def __truediv__(self, other):\n        return self * other**-1\n"
PLAIN = {
    "order": RECURSIVE_ORDER, "backward": NOTHING_CLEARED, "__pow__": NO_GUARDS,
    "__mul__": READS_DATA_LATE, "tanh": TANH_BY_EXP,
}  # fmt: skip
COMPOSED = {
    "__neg__": MINUS_ONE_TIMES, "__sub__": SUM_WITH_NEGATIVE, "__truediv__": PRODUCT_WITH_POWER,
}  # fmt: skip
MANNERS: dict[str, dict[str, str]] = {
    "careful": {},
    "composed": COMPOSED,
    "plain": PLAIN,
    "both": PLAIN | COMPOSED,
}


@cache
def lecture_methods() -> dict[str, str]:
    """Return the text of each method of the lecture's engine; what is before them has no name."""
    path = Path(__file__).with_name("lecture_engine.py")
    return split_methods(path.read_text(encoding="utf-8"))


def split_methods(text: str) -> dict[str, str]:
    methods = {}
    for part in re.split(r"(?m)^(?=    def )", text):
        found = re.match(r"    def (\w+)", part)
        methods[found[1] if found else ""] = part
    return methods


def engine_text(mutant: Mutant | None = None, manner: str = "careful") -> str:
    """Return the source of an engine; raises ValueError if a text to replace does not occur."""
    methods = dict(lecture_methods())
    if mutant and mutant.method:
        methods[mutant.method] = edited(methods[mutant.method], mutant)
    elif mutant:
        methods = split_methods(edited("".join(methods.values()), mutant))
    original = lecture_methods()
    for name, text in MANNERS[manner].items():
        if methods.get(name) == original[name]:
            methods[name] = text.lstrip("\n")
    return "".join(methods.values())


def edited(text: str, mutant: Mutant) -> str:
    for old, new in mutant.edits.items():
        if old == ALL:
            text = new.lstrip("\n") + "\n"
            continue
        if old not in text:
            place = mutant.method or "the engine"
            raise ValueError(f"the mutant {mutant.name!r} replaces {old!r}: not in {place}")
        text = text.replace(old, new)
    return text


def build_engine(text: str) -> type:
    """Return the class Value of an engine's source."""
    scope: dict[str, Any] = {"__name__": "planted_engine"}
    exec(compile(text, "<planted engine>", "exec"), scope)
    engine: type = scope["Value"]
    return engine
