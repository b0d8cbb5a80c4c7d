"""The rows of a worksheet: each is a step of the passes, told or left blank; and tables of rows."""

import html
import math
from collections.abc import Iterable, Sequence

from autograd.show.pages.sheets.lookup import LookupTable
from autograd.show.pages.sheets.sheet_picture import PEN, WIDTH
from autograd.show.picture import LETTER_WIDTHS as BOLD_WIDTHS
from autograd.show.picture import WIDEST_LETTER
from autograd.show.story import Event, Teller
from autograd.wording import printable, word

LINE = '<span class="line"></span>'  # to write a number on
PRODUCT = f"{LINE} × {LINE} = {LINE}"

# In millimetres, as sheet.css has them.
BETWEEN, ROW_NUMBER = 3, 6
COLUMN = 86  # one of two columns of the forward pass
SIGNS = 11  # around the lines of a product
BLANKS_WIDTH = ROW_NUMBER + 4 * PEN + SIGNS + 2 * BETWEEN  # a row without its edge and name
ROW, TEXT_LINE = 9.1, 5.2  # heights
FORWARD_HEAD, BLANK_FORWARD_ROW, FORWARD_ROW = 11.0, 10.6, 5.9
WRAPPED_EDGE = 16  # characters on a line
LETTER_WIDTHS = {**BOLD_WIDTHS, "∂": 0.6, "→": 0.93}  # in ems, of a wide font in bold
REGULAR = 0.93  # the width of letters that are not bold, as a share
EM = 25.4 / 72  # of a font of one point
SIZE, SMALLER = 10.5, (9.0, 8.0, 7.0)  # of the letters on sheets and in solutions, in points
SQUARE, PRODUCTS_ABREAST, PRODUCT_SQUARES = 5, 3, 4

Cells = tuple[str, ...]


# -- the forward pass ----------------------------------------------------------------------------


class Lines:
    """Lines below a title, told or each with a blank: in two columns if they fit into one each.

    ``title`` is a key of words. Without lines there is nothing.
    """

    def __init__(self, title: str, lines: Sequence[str], *, is_blank: bool = False) -> None:
        self._title = title
        self._lines = lines
        self._is_blank = is_blank
        width = text_width([lines], SIZE if is_blank else SMALLER[0]) + PEN * is_blank
        self._columns = 2 if width <= COLUMN else 1

    @property
    def height(self) -> float:
        lines = math.ceil(len(self._lines) / self._columns)
        row = BLANK_FORWARD_ROW if self._is_blank else FORWARD_ROW
        return FORWARD_HEAD + row * lines if lines else 0

    def html(self) -> str:
        if not self._lines:
            return ""
        after = LINE if self._is_blank else ""
        items = "".join(f"<li>{escaped(line)}{after}</li>" for line in self._lines)
        kind = f"forward{' told' * (not self._is_blank)}{' wide' * (self._columns == 1)}"
        return f'<h2>{escaped(word(self._title))}</h2><ul class="{kind}">{items}</ul>'


def forward_lines(teller: Teller, events: Iterable[Event], *, is_blank: bool = False) -> Lines:
    """Return the forward pass as lines, told or blank."""
    if is_blank:
        lines = [f"{teller.name(event.node)} = {teller.made(event.node)} = " for event in events]
    else:
        lines = [teller.tell(event).arithmetic for event in events]
    return Lines("forward pass", lines, is_blank=is_blank)


# -- the backward pass ---------------------------------------------------------------------------


class BlankTable:
    """A row for each event, with lines for the numbers, each on one line if names are not long.

    An edge is written ``d = a*b → a``, or ``∂d/∂a`` where that is too long.
    """

    def __init__(self, teller: Teller, events: Sequence[Event]) -> None:
        long, short = [_edge(teller, e) for e in events], [_partial(teller, e) for e in events]
        gradients = [f"{teller.gradient(event.receiver)} = " for event in events]
        tries = [(long, gradients), (short, gradients), (short, [""] * len(events))]
        fitting = (
            columns for columns in tries if text_width(columns, SIZE) + BLANKS_WIDTH <= WIDTH
        )
        found = next(fitting, None)
        self._kind = "" if found else "wrapped"
        edges, gradients = found or tries[0]
        self.heights = [
            ROW if found else max(ROW, (len(edge) // WRAPPED_EDGE + 1) * TEXT_LINE + 1)
            for edge in edges
        ]
        self._rows = [
            (
                escaped(edge),
                "" if event.kind == "seed" else PRODUCT,
                escaped(gradient) + LINE,
            )
            for edge, gradient, event in zip(edges, gradients, events, strict=True)
        ]

    def part(self, start: int, end: int) -> str:
        """Return some of its rows as a table."""
        heads = tuple(map(word, ("edge", "contribution", "gradient so far")))
        return table("backward pass", heads, self._rows[start:end], self._kind)


def solved_table(teller: Teller, events: Sequence[Event]) -> str:
    """Return a row for each event, on one line if small letters without the edge allow it."""
    last = {event.receiver: event for event in events}
    heads = tuple(map(word, ("edge", "local derivative", "contribution", "gradient so far")))
    rows = [_solved_cells(teller, event) for event in events]
    tries = [(0, SMALLER[0]), *((1, size) for size in SMALLER)]  # columns left out, size of letters
    fitting = (
        (first, f"size{size:.0f}")
        for first, size in tries
        if _solved_width([row[first:] for row in (heads, *rows)], size) <= WIDTH
    )
    first, kind = next(fitting, (1, "wrapped size7"))
    cells = [tuple(map(escaped, row[first:])) for row in rows]
    for k, event in enumerate(events):
        if last[event.receiver] is event:  # the gradient is complete
            cells[k] = (*cells[k][:-1], f"<b>{cells[k][-1]}</b>")
    return table("backward pass", heads[first:], cells, kind)


def adds_rounded(teller: Teller, events: Iterable[Event]) -> bool:
    """Tell whether a number that is shown rounded enters a sum: by hand it comes out otherwise."""
    sums = (event for event in events if event.giver is not None and not event.is_first)
    added = (number for event in sums for number in (event.before, event.contribution))
    return any(teller.written(number).is_rounded for number in added)


def _solved_width(rows: Iterable[Cells], size: float) -> float:
    *columns, gradients = zip(*rows, strict=True)
    bold = text_width([gradients], size) / REGULAR
    return text_width(columns, size) + bold + ROW_NUMBER + 3 * BETWEEN


def _solved_cells(teller: Teller, event: Event) -> Cells:
    partial = _partial(teller, event)
    if event.kind == "seed":
        local, product = teller.written(event.after).equation(partial), ""
    else:
        formula, number = teller.labels.local_parts(event.node)[event.position]
        local = number.equation(f"{partial} = {formula}" if formula else partial)
        product = teller.numbers(event)
    return _edge(teller, event), local, product, teller.sum(event)


def _edge(teller: Teller, event: Event) -> str:
    return teller.name(event.node) if event.kind == "seed" else teller.title(event)


def _partial(teller: Teller, event: Event) -> str:
    if event.kind == "seed":
        name = teller.name(event.node)
        return f"∂{name}/∂{name}"
    return teller.labels.partial(event.node, event.position)


def text_width(columns: Iterable[Iterable[str]], size: float) -> float:
    """Return the width of columns of texts in millimetres, or somewhat more."""
    return sum(max(map(_ems, texts), default=0) for texts in columns) * size * EM * REGULAR


def _ems(text: str) -> float:
    return sum(LETTER_WIDTHS.get(letter, WIDEST_LETTER) for letter in text)


def table(title: str, heads: Iterable[str], rows: Iterable[Cells], kind: str) -> str:
    """Return a numbered table; ``title`` is a key of words, and cells are HTML."""
    cells = "".join(f'<th scope="col">{escaped(head)}</th>' for head in heads)
    head = f"<h2>{escaped(word(title))}</h2>"
    body = "\n".join(
        f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in others)}</tr>'
        for first, *others in rows
    )
    return (
        f'{head}<table class="{f"passes {kind}".strip()}"><thead><tr>{cells}</tr></thead><tbody>\n'
        f"{body}</tbody></table>"
    )


# -- the rest ------------------------------------------------------------------------------------


def lookup(tables: Sequence[LookupTable]) -> str:
    """Return the tables of functions, with a heading; nothing if there are none."""
    if not tables:
        return ""
    parts = []
    for table in tables:
        rows = [("x", table.inputs), *((f"{name}(x)", row) for name, row in table.values.items())]
        lines = [
            f'<tr><th scope="row">{escaped(name)}</th>'
            + "".join(f"<td>{escaped(number)}</td>" for number in numbers)
            + "</tr>"
            for name, numbers in rows
        ]
        parts.append(f'<table class="lookup">{"".join(lines)}</table>')
    return f"<h2>{escaped(word('look up'))}</h2>{''.join(parts)}"


def working(events: Iterable[Event]) -> str:
    """Return squared paper, as much as the products of these events need."""
    hard = [event for event in events if event.giver is not None and _is_hard(event)]
    if not hard:
        return ""
    height = math.ceil(len(hard) / PRODUCTS_ABREAST) * PRODUCT_SQUARES * SQUARE
    return (
        f'<div class="working"><h2>{escaped(word("working"))}</h2>'
        f'<svg><svg height="{height}.2mm"><use href="#squares"/></svg></svg></div>'
    )


def _is_hard(event: Event) -> bool:
    return 1 not in (abs(event.upstream), abs(event.local))


def squares() -> str:
    """Return squared paper as the path of an SVG, in CSS pixels."""
    step = SQUARE / 25.4 * 96
    lines = [f"M{k * step:.1f} 0v1000" for k in range(37)]
    return "".join(lines + [f"M0 {k * step:.1f}h{36 * step:.1f}" for k in range(40)])


def figure(svg: str) -> str:
    return f'<figure role="img" aria-label="{escaped(word("picture"))}">{svg}</figure>'


def escaped(text: str) -> str:
    return html.escape(printable(text))
