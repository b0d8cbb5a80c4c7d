r"""Names, numbers and formulas as TeX.

What is written survives Markdown: GitHub takes the backslash of ``\\``, ``\{`` or ``\,`` for an
escape, so macros are spelled in letters, and ``\cr`` ends a row.
"""

import ast
import re
from collections.abc import Mapping, Sequence
from typing import Any

from autograd.notation import TIGHTEST, Notation, explained, parsed
from autograd.operation import OPERATIONS
from autograd.text import Phrase, Writer, abbreviated, by_letter
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

FUNCTIONS = {  # of formulas, beside the operations of the table
    "min": r"\min", "max": r"\max", "Φ": r"\Phi", "φ": r"\varphi",
}  # fmt: skip
SYMBOLS = {"pi": r"\pi", "inf": r"\infty", "nan": r"\text{NaN}"}
OPERATORS = {
    "+": (" + ", SUM), "-": (" - ", SUM), "*": (r" \cdot ", PRODUCT), "%": (r" \bmod ", PRODUCT),
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
    """Return ``w_{0}`` for ``w[0]`` and ``w0``, a word upright, anything else as it is.

    An underscore after a brace would be Markdown's, so ``my_loss`` is ``\\mathrm{my_{loss}}``.
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

    What is explained after a comma, as in ``out*(1 - s), s = sigmoid(x)``, is put in its place.
    """
    if parts := explained(template):
        template, letter, meaning = parts
        words = {**words, letter: tex_formula(meaning, words)}
    return TexWriter(words.get).write(parsed(template))


def tex_value(notation: Notation, operands: Sequence[Phrase], name: str) -> Phrase:
    """Return the value of one operation, called ``name``, on operands that are formulas."""
    template = notation.meaning_formula(len(operands))
    if template is None:
        tex = notation.tex if notation.arity in (None, len(operands)) else ""
        return _tex_call(tex or _tex_function(name), [text for text, _ in operands])
    return TexWriter(by_letter(operands)).write(parsed(template))


def tex_sum(terms: Sequence[Phrase]) -> Phrase:
    """Return a sum; if it has many terms, only some of them."""
    first, *others = abbreviated(terms, (r"\cdots", TIGHTEST))
    if not others:
        return first
    parts = [wrapped(first, SUM), *[wrapped(other, SUM + 1) for other in others]]
    return " + ".join(parts), SUM


def _tex_call(tex: str, operands: Sequence[str]) -> Phrase:
    """Return a call of a function, given as TeX: a name, or a form in which #1 is an operand."""
    if "#1" not in tex:
        return f"{tex}({', '.join(operands)})", TIGHTEST
    written = re.sub(r"#(\d)", lambda match: operands[int(match[1]) - 1], tex)
    return written, POWER if "^" in tex else TIGHTEST


def _tex_function(name: str) -> str:
    """Return the name of a function, upright."""
    return _word(name) if re.fullmatch("[A-Za-z0-9]+", name) else tex_text(name.replace("_", " "))


def wrapped(phrase: Phrase, binding: int) -> str:
    """Return a phrase as a part of one that binds as tightly as ``binding``."""
    text, own = phrase
    if own >= binding:
        return text
    is_tall = r"\frac" in text or r"\begin" in text
    return rf"\left({text}\right)" if is_tall else f"({text})"


class TexWriter(Writer):
    """Writes a parsed formula as TeX."""

    and_so_on = r"\cdots"

    def number(self, text: str) -> Phrase:
        return tex_number(text)

    def symbol(self, name: str) -> Phrase:
        return SYMBOLS.get(name) or tex_name(name), TIGHTEST

    def part(self, node: ast.AST, binding: int = 0) -> str:
        return wrapped(self.write(node), binding)

    def prefix(self, sign: str, operand: ast.AST) -> Phrase:
        return f"{sign}{self.part(operand, PRODUCT)}", SUM

    def infix(self, left: ast.AST, sign: str, right: ast.AST) -> Phrase:
        if sign == "/" and isinstance(left, ast.UnaryOp):
            fraction, _ = self.infix(left.operand, sign, right)
            return f"-{fraction}", SUM
        if sign == "/":
            return rf"\frac{{{self.part(left)}}}{{{self.part(right)}}}", FRACTION
        if sign == "**":
            return f"{self.part(left, TIGHTEST)}^{{{self.part(right)}}}", POWER
        tex, binding = OPERATORS[sign]
        return f"{self.part(left, binding)}{tex}{self.part(right, binding + 1)}", binding

    def choice(self, test: ast.AST, body: ast.AST, otherwise: ast.AST) -> str:
        first = rf"{self.part(body)} & \text{{{word('if')} }} {self.part(test)}"
        last = rf"{self.part(otherwise)} & \text{{{word('otherwise')}}}"
        return rf"\begin{{cases}} {first} \cr {last} \end{{cases}}"

    def sum_of(self, terms: Sequence[ast.AST]) -> str:
        return tex_sum([self.write(term) for term in terms])[0]

    def list_of(self, elements: Sequence[ast.AST]) -> str:
        return ", ".join(map(self.part, elements))

    def call(self, name: str, operands: Sequence[ast.AST]) -> Phrase:
        row = OPERATIONS.get(name)
        if row and isinstance(row.notation.meaning, str):
            return tex_value(row.notation, [self.write(operand) for operand in operands], name)
        tex = row.notation.tex if row else FUNCTIONS.get(name)
        return _tex_call(tex or _tex_function(name), [self.part(operand) for operand in operands])
