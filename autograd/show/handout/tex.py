r"""Names, numbers and formulas as TeX.

What is written survives Markdown: GitHub takes the backslash of ``\\``, ``\{`` or ``\,`` for an
escape, so macros are spelled in letters, and ``\cr`` ends a row.
"""

import ast
import re
from collections.abc import Mapping, Sequence
from typing import Any

from autograd.operation import TIGHTEST
from autograd.text import Phrase
from autograd.wording import word

SUM, PRODUCT, FRACTION, POWER = 1, 2, 3, 4  # how tightly a phrase binds

GREEK = "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΦΨΩ"
PLAIN_NAME = re.compile(
    rf"([{GREEK}]|[a-z][a-z0-9]*?(?:\.[a-z0-9]+?)*?)(\d*)((?:_[a-z0-9]+)*)(?:\[(\d+)\])?",
    re.ASCII | re.IGNORECASE,
)
SPECIAL = {
    "\\": r"\backslash ", "{": r"\lbrace ", "}": r"\rbrace ", "[": r"\lbrack ", "]": r"\rbrack ",
    "|": r"\vert ", "*": r"\ast ", "~": r"\sim ", "^": r"\wedge ", "<": "{<}", ">": "{>}",
    ":": "{:}", "@": "{@}", "`": r"\text{‘}",
    "_": r"\_", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%",
}  # fmt: skip

CALLS: dict[str, Phrase] = {
    "exp": ("e^{{{}}}", POWER),
    "sqrt": (r"\sqrt{{{}}}", TIGHTEST),
    "abs": (r"{{\left\vert {} \right\vert}}", TIGHTEST),
}
MEANINGS = {"expm1": "exp(x) - 1", "log1p": "log(1 + x)", "reciprocal": "1/x"}
FUNCTIONS = {
    "log": r"\log", "sin": r"\sin", "cos": r"\cos", "tan": r"\tan", "asin": r"\arcsin",
    "acos": r"\arccos", "atan": r"\arctan", "sinh": r"\sinh", "cosh": r"\cosh", "tanh": r"\tanh",
    "min": r"\min", "max": r"\max", "minimum": r"\min", "maximum": r"\max",
    "Φ": r"\Phi", "φ": r"\varphi",
}  # fmt: skip
SYMBOLS = {"pi": r"\pi", "dots": r"\cdots", "inf": r"\infty", "nan": r"\text{NaN}"}
OPERATORS: dict[type[ast.operator], tuple[str, int]] = {
    ast.Add: (" + ", SUM), ast.Sub: (" - ", SUM), ast.Mult: (r" \cdot ", PRODUCT),
}  # fmt: skip


# -- names -------------------------------------------------------------------------------------


def tex_names(names: Mapping[Any, str]) -> dict[Any, str]:
    """Return each name as TeX, no two alike: ``w[0]`` and ``w_0`` would both be ``w_{0}``."""
    written: dict[Any, str] = {}
    taken: set[str] = set()
    for node, name in names.items():
        tex = tex_name(name)
        written[node] = tex if tex not in taken else tex_text(name)
        taken.add(written[node])
    return written


def tex_name(name: str) -> str:
    """Return ``w_{0}`` for ``w[0]`` and ``w0``, a word upright, anything else as it reads.

    An underscore behind a brace would be Markdown's, so ``my_loss`` is ``\\mathrm{my_{loss}}``.
    """
    plain = PLAIN_NAME.fullmatch(name)
    if not plain:
        return tex_text(name)
    head, digits, below, index = plain.groups(default="")
    subscripts = [part for part in (digits, *below.split("_"), index) if part]
    if len(head) == 1:
        return head + _subscript([_word(part) for part in subscripts])
    return rf"\mathrm{{{head}{_subscript(subscripts)}}}"


def _subscript(parts: Sequence[str]) -> str:
    return f"_{{{', '.join(parts)}}}" if parts else ""


def _word(text: str) -> str:
    return text if len(text) == 1 or text.isdecimal() else rf"\mathrm{{{text}}}"


def tex_text(text: str) -> str:
    """Return any text on one line so that it ends neither the mathematics nor the Markdown."""
    parts = re.findall(f"[{re.escape(''.join(SPECIAL))}]|[^{re.escape(''.join(SPECIAL))}]+", text)
    return "{" + "".join(SPECIAL.get(part, rf"\text{{{part}}}") for part in parts) + "}"


# -- numbers -----------------------------------------------------------------------------------


def tex_number(text: str) -> Phrase:
    """Return a number, given as views show it but without ``≈``."""
    if text.startswith("-"):
        return "-" + tex_number(text[1:])[0], SUM
    if "/" in text:
        numerator, denominator = text.split("/")
        return rf"\tfrac{{{numerator}}}{{{denominator}}}", FRACTION
    if "e" in text:
        digits, exponent = text.split("e")
        return rf"{digits} \times 10^{{{int(exponent)}}}", PRODUCT
    return SYMBOLS.get(text, text), TIGHTEST


# -- formulas ----------------------------------------------------------------------------------


def tex_formula(template: str, words: Mapping[str, Phrase]) -> Phrase:
    """Return a formula such as ``1 - out**2`` with ``words`` for its letters.

    A letter may also be explained behind a comma, as in ``out*(1 - s), s = sigmoid(x)``.
    """
    if explained := re.fullmatch(r"(.*), (\w+) = (.*)", template):
        template, letter, meaning = explained.groups()
        words = {**words, letter: tex_formula(meaning, words)}
    return _Writer(words).write(ast.parse(template, mode="eval").body)


def wrapped(phrase: Phrase, binding: int) -> str:
    """Return a phrase as a part of one that binds as tightly as ``binding``."""
    text, own = phrase
    if own >= binding:
        return text
    is_tall = r"\frac" in text or r"\begin" in text
    return rf"\left({text}\right)" if is_tall else f"({text})"


class _Writer:
    """Writes a parsed formula with ``words`` for its letters."""

    def __init__(self, words: Mapping[str, Phrase]) -> None:
        self.words = words

    def write(self, node: ast.AST) -> Phrase:
        match node:
            case ast.Constant(value=number):
                return tex_number(str(number))
            case ast.Name(id=name):
                return self.words.get(name) or (SYMBOLS[name], TIGHTEST)
            case ast.UnaryOp(op=op, operand=operand):
                sign = "-" if isinstance(op, ast.USub) else "+"
                return f"{sign}{self.part(operand, PRODUCT)}", SUM
            case ast.BinOp(left=ast.UnaryOp(operand=numerator), op=ast.Div(), right=right):
                return self.write(ast.UnaryOp(ast.USub(), ast.BinOp(numerator, ast.Div(), right)))
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                return rf"\frac{{{self.part(left)}}}{{{self.part(right)}}}", FRACTION
            case ast.BinOp(left=left, op=ast.Pow(), right=right):
                return f"{self.part(left, TIGHTEST)}^{{{self.part(right)}}}", POWER
            case ast.BinOp(left=left, op=op, right=right):
                sign, binding = OPERATORS[type(op)]
                return f"{self.part(left, binding)}{sign}{self.part(right, binding + 1)}", binding
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                sign = "<" if isinstance(op, ast.Lt) else ">"
                return f"{self.part(left)} {sign} {self.part(right)}", 0
            case ast.IfExp(test=test, body=body, orelse=otherwise):
                return self.cases(test, body, otherwise), 0
            case ast.Call(func=ast.Name(id=name), args=operands):
                return self.call(name, operands)
        raise AssertionError(ast.dump(node))

    def part(self, node: ast.AST, binding: int = 0) -> str:
        return wrapped(self.write(node), binding)

    def cases(self, test: ast.AST, body: ast.AST, otherwise: ast.AST) -> str:
        first = rf"{self.part(body)} & \text{{{word('if')} }} {self.part(test)}"
        last = rf"{self.part(otherwise)} & \text{{{word('otherwise')}}}"
        return rf"\begin{{cases}} {first} \cr {last} \end{{cases}}"

    def call(self, name: str, operands: Sequence[ast.AST]) -> Phrase:
        if name in MEANINGS:
            return tex_formula(MEANINGS[name], {"x": self.write(operands[0])})
        written = ", ".join(map(self.part, operands))
        if name in CALLS:
            format_, binding = CALLS[name]
            return format_.format(written), binding
        if found := self.words.get(name):
            return f"{found[0]}({written})", TIGHTEST
        return f"{tex_function(name)}({written})", TIGHTEST


def tex_function(name: str) -> str:
    """Return the name of a function, upright."""
    if name in FUNCTIONS:
        return FUNCTIONS[name]
    return _word(name) if re.fullmatch("[A-Za-z0-9]+", name) else tex_text(name.replace("_", " "))
