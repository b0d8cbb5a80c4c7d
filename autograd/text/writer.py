"""A formula in letters, such as ``x*y + z``, with names, numbers or formulas for its letters."""

import ast
from collections.abc import Callable, Sequence
from typing import TypeVar

from autograd.notation import POWER, PRODUCT, SIGN, SUM, TIGHTEST, explained, parsed, place_of
from autograd.wording import WrittenNumber

LOOSEST = 0  # binds a phrase that is put in parentheses wherever it is an operand
MOST_OPERANDS = 6
AND_SO_ON: ast.AST = ast.Constant(...)  # for the operands left out

T = TypeVar("T")

Phrase = tuple[str, int]  # a formula and how tightly its outermost operation binds

SIGNS: dict[type[ast.AST], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Mod: "%", ast.Pow: "**",
    ast.UAdd: "+", ast.USub: "-", ast.Lt: "<", ast.Gt: ">",
}  # fmt: skip
BINDINGS = {"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "%": PRODUCT, "**": POWER}


def write(
    formula: str,
    phrase_of: Callable[[str], Phrase | None],
    kind: "type[Writer] | None" = None,
) -> Phrase:
    """Return a formula as text; ``phrase_of`` gives what to put for a letter, None to keep it."""
    writer = (kind or Writer)(phrase_of)
    if parts := explained(formula):
        formula, letter, meaning = parts
        text, binding = writer.write(parsed(formula))
        return f"{text}, {letter} = {writer.write(parsed(meaning))[0]}", binding
    return writer.write(parsed(formula))


def by_letter(operands: Sequence[Phrase]) -> Callable[[str], Phrase | None]:
    """Return what to put for the letters that stand for operands."""

    def phrase_of(letter: str) -> Phrase | None:
        place = place_of(letter)
        return operands[place - 1] if place else None

    return phrase_of


def wrapped(phrase: Phrase, binding: int) -> str:
    """Return a phrase as a part of one that binds as tightly as ``binding``."""
    text, own = phrase
    return f"({text})" if own < binding else text


def abbreviated(terms: Sequence[T], and_so_on: T) -> Sequence[T]:
    """Return the terms; if there are many, only the first three and the last."""
    return terms if len(terms) <= MOST_OPERANDS else [*terms[:3], and_so_on, terms[-1]]


class Writer:
    """Writes a parsed formula as text; a writer of another language overrides some methods."""

    and_so_on = "…"
    longest_constant = 12  # characters; a longer one is rounded

    def __init__(self, phrase_of: Callable[[str], Phrase | None]) -> None:
        self.phrase_of = phrase_of

    @staticmethod
    def shown(number: WrittenNumber) -> WrittenNumber:
        """Return a number with the signs of this writer."""
        return number

    @staticmethod
    def sign(sign: str) -> str:
        return sign

    @staticmethod
    def raised(exponent: str) -> str:
        """Return an exponent with the sign that raises it, as in ``**2``."""
        return f"**{exponent}"

    def write(self, node: ast.AST) -> Phrase:
        """Return the phrase of a formula or a part of one."""
        match node:
            case ast.Constant(value=number):
                return (self.and_so_on, TIGHTEST) if number is ... else self.number(str(number))
            case ast.Name(id=letter):
                return self.phrase_of(letter) or self.symbol(letter)
            case ast.UnaryOp(op=op, operand=operand):
                return self.prefix(SIGNS[type(op)], operand)
            case ast.BinOp(left=left, op=op, right=right):
                return self.infix(left, SIGNS[type(op)], right)
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return f"{self.part(left)} {SIGNS[type(op)]} {self.part(right)}", 0
            case ast.IfExp(test=test, body=body, orelse=otherwise):
                return self.choice(test, body, otherwise), 0
            case ast.List(elts=elements):
                return self.list_of(elements), TIGHTEST
            case ast.Call(func=ast.Name(id="sum"), args=[term]):
                return self.write(term)
            case ast.Call(func=ast.Name(id="sum"), args=terms):
                return self.sum_of(abbreviated(terms, AND_SO_ON)), SUM
            case ast.Call(func=ast.Name(id=name), args=operands):
                return self.call(name, operands)
        raise AssertionError(ast.dump(node))

    def part(self, node: ast.AST, binding: int = 0) -> str:
        """Return a part of a formula, in parentheses where it needs them."""
        return wrapped(self.write(node), binding)

    def number(self, text: str) -> Phrase:
        return text, TIGHTEST

    def symbol(self, name: str) -> Phrase:
        return name, TIGHTEST

    def prefix(self, sign: str, operand: ast.AST) -> Phrase:
        return self.sign(sign) + self.part(operand, SIGN), SIGN

    def infix(self, left: ast.AST, sign: str, right: ast.AST) -> Phrase:
        binding = BINDINGS[sign]
        if sign == "**":
            exponent = self.part(right, SIGN if isinstance(right, ast.UnaryOp) else binding)
            return f"{self.part(left, binding + 1)}**{exponent}", binding
        spaced = f" {sign} " if binding == SUM else sign
        return f"{self.part(left, binding)}{spaced}{self.part(right, binding + 1)}", binding

    def choice(self, test: ast.AST, body: ast.AST, otherwise: ast.AST) -> str:
        return f"{self.part(body)} if {self.part(test)} else {self.part(otherwise)}"

    def sum_of(self, terms: Sequence[ast.AST]) -> str:
        return " + ".join(self.terms_of(terms))

    def terms_of(self, terms: Sequence[ast.AST]) -> list[str]:
        return [self.part(term, SUM) for term in terms]

    def list_of(self, elements: Sequence[ast.AST]) -> str:
        return f"[{', '.join(map(self.part, abbreviated(elements, AND_SO_ON)))}]"

    def call(self, name: str, operands: Sequence[ast.AST]) -> Phrase:
        return f"{name}({', '.join(map(self.part, abbreviated(operands, AND_SO_ON)))})", TIGHTEST
