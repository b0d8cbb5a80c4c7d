"""The rows of the worksheet of an evaluation trace: a node each, told or left blank."""

from collections.abc import Iterable, Sequence
from typing import Any

from autograd.show.pages.sheets.rows import (
    BETWEEN,
    LINE,
    ROW,
    ROW_NUMBER,
    SIZE,
    SMALLER,
    TEXT_LINE,
    Cells,
    Lines,
    escaped,
    table,
    text_width,
)
from autograd.show.pages.sheets.sheet_picture import WIDTH
from autograd.show.story import Event, Story, Teller, equals
from autograd.text import abbreviated, is_name
from autograd.wording import word

# In millimetres, as sheet.css has them.
NARROW, WIDE = 48, 75  # the column of nodes
LETTER = 2.3  # about the width of one, where a line is broken


class TraceTable:
    """A row for each node, with lines for what is computed; a leaf's data is given.

    The primals are told unless ``is_forward_blank``. ``moving`` is the story of forward mode.
    """

    def __init__(
        self, teller: Teller, story: Story, moving: Story, *, is_forward_blank: bool
    ) -> None:
        nodes = [node for node in story.order if not node.is_constant]
        made = [_made(teller, node) for node in nodes]
        is_wide = text_width([made], SIZE) + ROW_NUMBER + BETWEEN > NARROW
        self._kind = "trace wide" if is_wide else "trace"
        letters = (WIDE - ROW_NUMBER - BETWEEN) / LETTER
        lines = [len(text) // letters + 1 if is_wide else 1 for text in made]
        self.heights = [max(ROW, count * TEXT_LINE + 1) for count in lines]
        self._rows = [
            (
                escaped(text),
                LINE if node.parents and is_forward_blank else escaped(teller.labels.data(node)),
                LINE if node in moving.gradients else escaped(word("no grad")),
                LINE,
            )
            for text, node in zip(made, nodes, strict=True)
        ]

    def part(self, start: int, end: int) -> str:
        """Return some of its rows as a table."""
        return table("evaluation trace", _heads(), self._rows[start:end], self._kind)


def solved_trace(teller: Teller, story: Story, moving: Story) -> str:
    """Return the local derivatives that have a formula, and the table with its arithmetic.

    Its letters are as large as fits.
    """
    nodes = [node for node in story.order if not node.is_constant]
    rows = [
        (
            _made(teller, node),
            teller.labels.data(node),
            _arithmetic(teller, [e for e in moving.backward if e.receiver is node]),
            _arithmetic(teller, [e for e in story.backward if e.receiver is node]),
        )
        for node in nodes
    ]
    short = [(teller.name(node), *row[1:]) for node, row in zip(nodes, rows, strict=True)]
    tries = [(rows, SMALLER[0]), *((short, size) for size in SMALLER)]
    fitting = ((told, f"size{size:.0f}") for told, size in tries if _fits(told, size))
    told, kind = next(fitting, (short, "wrapped size7"))
    cells = [tuple(map(escaped, row)) for row in told]
    locals_ = Lines("local derivatives", _formulas(teller, nodes))
    return locals_.html() + table("evaluation trace", _heads(), cells, kind)


def _formulas(teller: Teller, nodes: Iterable[Any]) -> list[str]:
    """Return ``∂v1/∂x = 1/x = 0.5`` for each local derivative that is not a number or a name."""
    labels = teller.labels
    return [
        number.equation(f"{labels.partial(node, position)} = {formula}")
        for node in nodes
        for position, (formula, number) in enumerate(labels.local_parts(node))
        if formula and not is_name(formula) and not node.parents[position].is_constant
    ]


def _heads() -> tuple[str, ...]:
    arrows = {"node": "", "primal": " ↓", "tangent": " ↓", "adjoint": " ↑"}
    return tuple(word(key) + arrow for key, arrow in arrows.items())


def _made(teller: Teller, node: Any) -> str:
    return f"{teller.name(node)} = {teller.made(node)}" if node.parents else teller.name(node)


def _fits(rows: Iterable[Cells], size: float) -> bool:
    columns = zip(_heads(), *rows, strict=True)
    return text_width(columns, size) + ROW_NUMBER + 3 * BETWEEN <= WIDTH


def _arithmetic(teller: Teller, events: Sequence[Event]) -> str:
    """Return ``1.0 × 2.0 + 3.0 × (-1.0) = -1.0``, all that one node receives."""
    if not events:
        return word("no grad")
    result = teller.written(events[-1].after)
    terms = [
        (teller.written(event.upstream), teller.written(event.local))
        for event in events
        if event.giver is not None
    ]
    if not terms:
        return result.text
    rounded = any(factor.is_rounded for term in terms for factor in term if not _is_zero(term))
    products = [f"{upstream.factor} × {local.factor}" for upstream, local in terms]
    left = " + ".join(abbreviated(products, "…"))
    return f"{left} {equals(rounded or result.is_rounded)} {result.text}"


def _is_zero(term: Sequence[Any]) -> bool:
    return any(factor.is_zero for factor in term)
