"""Formulas and numbers as pictures and pages show them: 1 − o², and (−1.0) as an operand.

What is typed or printed at the prompt keeps the signs of the keyboard; what ``formula`` returns can
be pasted back.
"""

import ast
import re
from collections.abc import Sequence

from autograd.notation import POWER, TIGHTEST
from autograd.text.writer import BINDINGS, Phrase, Writer
from autograd.wording import WrittenNumber

MINUS = "−"
SUPERSCRIPTS = str.maketrans("0123456789−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


class Typesetter(Writer):
    """Writes with a true minus, raised exponents, and brackets around negative operands."""

    @staticmethod
    def shown(number: WrittenNumber) -> WrittenNumber:
        is_number = re.fullmatch(r"-?(\d[\d.]*(e[-+]?\d+)?|\d+/\d+|inf)", number.text)
        return number._replace(text=number.text.replace("-", MINUS)) if is_number else number

    @staticmethod
    def sign(sign: str) -> str:
        return MINUS if sign == "-" else sign

    @staticmethod
    def raised(exponent: str) -> str:
        whole = re.fullmatch(rf"\(?({MINUS}?\d+)(?:\.0)?\)?", exponent)
        return whole[1].translate(SUPERSCRIPTS) if whole else f"**{exponent}"

    def infix(self, left: ast.AST, sign: str, right: ast.AST) -> Phrase:
        if sign == "**":
            exponent, _ = self.write(right)
            raised = self.raised(exponent)
            if not raised.startswith("**"):
                return self.part(left, TIGHTEST) + raised, POWER
            return super().infix(left, sign, right)
        binding = BINDINGS[sign]
        before, behind = self.part(left, binding), _bracketed(self.part(right, binding + 1))
        if sign == "*" and isinstance(left, ast.Name):  # an operand, not a factor of a formula
            before = _bracketed(before)
        spaced = f" {self.sign(sign)} " if sign in "+-" else sign
        return f"{before}{spaced}{behind}", binding

    def sum_of(self, terms: Sequence[ast.AST]) -> str:
        first, *others = super().terms_of(terms)
        return " + ".join([first, *map(_bracketed, others)])


def _bracketed(text: str) -> str:
    return f"({text})" if text.startswith((MINUS, "+")) else text
