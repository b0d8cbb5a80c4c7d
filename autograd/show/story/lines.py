"""A step as three lines whose parts stand below each other: symbols, local formula, numbers.

    a.grad += c.grad × ∂c/∂a            c = a   × b
            = c.grad × b                  = 2.0 × (−3.0)
            = 1.0    × (−3.0) = −3.0      = −6.0

Left a contribution, right a forward step; each word and each sign is a cell.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autograd.notation import TIGHTEST
from autograd.show.story.events import Event
from autograd.show.story.sentences import Equals, Numbers, Part, Place, Sentence, sentence
from autograd.show.story.telling import (
    FACTORS,
    LONGEST_FORMULA,
    PRODUCT_SIGN,
    Teller,
    operands_of,
    result_sign,
)
from autograd.text import Phrase, Typesetter, wrapped
from autograd.wording import word


@dataclass(frozen=True, slots=True)
class Cell:
    """A part of a line: what it is, and what it says.

    data      a node's number, or its name in place of it
    gradient  an upstream gradient or a contribution, or a name in its place
    tangent   the same in forward mode
    local     a local derivative: as a symbol, a formula or a number
    sign      ``=`` and ``×`` and what stands around the operands of a formula, with its blanks
    name      an operation, or another word
    empty     nothing: what is above it needs nothing below
    """

    role: str
    says: Sentence

    def filled(self, numbers: Numbers) -> str:
        return self.says.filled(numbers)

    def as_json(self) -> list[Any]:
        return [self.role, *self.says.as_json()]


Line = tuple[Cell, ...]  # a cell stands below the one of its place in the line above
EMPTY = Cell("empty", Sentence())


def three_lines(teller: Teller, event: Event) -> tuple[Line, Line, Line]:
    """Return an event in symbols, by its formula, and in numbers; ``numbers_of`` fills them.

    A line without cells has nothing to say: the seed has no formula, and a long formula of a
    forward step is left out.
    """
    if event.kind == "forward":
        return _forward(teller, event)
    return _seed(teller, event) if event.giver is None else _contribution(teller, event)


def _forward(teller: Teller, event: Event) -> tuple[Line, Line, Line]:
    node = event.node
    head = [_cell("data", teller.name(node)), _cell("sign", " = ")]
    result = (EMPTY, _sign(result_sign(node)), _cell("data", Place("result")))
    formula = teller.in_numbers(event)
    if not formula:
        return (*head, _cell("name", teller.made(node))), (), result
    cells = [_cell("sign" if isinstance(part, str) else "data", part) for part in formula]
    operands = operands_of(node)
    phrases = [teller.labels.operand(parent) or ("?", TIGHTEST) for parent in node.parents]
    named = dict(zip(operands, phrases, strict=True))
    symbols = [_named(cell, named) for cell in cells]
    if sum(len(cell.filled({})) for cell in symbols) > LONGEST_FORMULA:
        symbols = [_cell("name", teller.made(node))]
    return (*head, *symbols), (EMPTY, _sign(Equals(operands)), *cells), result


def _named(cell: Cell, named: Mapping[str, Phrase]) -> Cell:
    """Return a cell with the name of an operand where its number would stand."""
    (part,) = cell.says.parts
    if not isinstance(part, Place):
        return cell
    text, _ = named[part.number]
    match part.role:
        case "factor":
            text = wrapped(named[part.number], TIGHTEST)
        case "exponent":
            text = Typesetter.raised(text)
    return _cell(cell.role, text)


def _seed(teller: Teller, event: Event) -> tuple[Line, Line, Line]:
    name, head = teller.name(event.node), teller.derivative(event, event.node)
    is_one = event.after == 1
    what = _cell("local", f"∂{name}/∂{name}") if is_one else _cell("name", word("seed is"))
    return (
        (_cell(event.about, head), _cell("sign", " = "), what),
        (),
        (EMPTY, _sign(Equals(("after",))), _cell(event.about, Place("after"))),
    )


def _contribution(teller: Teller, event: Event) -> tuple[Line, Line, Line]:
    receiver, giver = (teller.derivative(event, end) for end in (event.receiver, event.giver))
    partial = teller.labels.partial(event.node, event.position)
    formula, local, about = teller.formula(event), Place("local", "factor"), event.about
    sign = _sign(Equals(() if formula else ("local",)))
    return (
        (_cell(about, receiver), _cell("sign", " += "), *_product(about, giver, partial)),
        (EMPTY, sign, *_product(about, giver, formula or local)),
        (
            *(EMPTY, _sign(Equals(FACTORS)), *_product(about, Place("upstream", "factor"), local)),
            *(_sign(PRODUCT_SIGN), _cell(about, Place("contribution"))),
        ),
    )


def _product(about: str, upstream: Part, local: Part) -> Line:
    return _cell(about, upstream), _cell("sign", " × "), _cell("local", local)


def _sign(equals: Equals) -> Cell:
    return _cell("sign", " ", equals, " ")


def _cell(role: str, *parts: Part) -> Cell:
    return Cell(role, sentence(*parts))
