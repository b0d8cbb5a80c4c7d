"""worksheet: both passes of a graph to be done by hand, on paper, and the solutions."""

import html
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from autograd.errors import NotAGraphError, PictureError
from autograd.files import write_whole
from autograd.graph import topological_order
from autograd.mirror import Mirror, as_value
from autograd.names import names_of
from autograd.show.drawn_numbers import with_drawn_numbers
from autograd.show.labels import Labels
from autograd.show.sheet_picture import SheetPicture
from autograd.show.step_text import Teller, step_names
from autograd.show.steps import Event, events_of
from autograd.show.web import paper
from autograd.text import formula
from autograd.value import Value
from autograd.words import Text, for_terminal, printable, word

MOST_NODES = 40
MOST_SHEETS = 200
BLANKS = ("gradients", "all")

# In millimetres, as sheet.css has them, or somewhat more; the browser makes up for the rest.
PAGE = 268.0  # what is printed of one
HEAD = 100.0  # all on the first page but the graph and the rows below it
FORWARD_HEAD, FORWARD_ROW = 14.0, 10.0
ROW, TEXT_LINE = 9.6, 5.2
ON_A_LINE = {"formula": 50, "given": 65, "edge": 22}  # letters

LINE = '<span class="line"></span>'  # to write a number on

Seed = int | str


class Sheet(NamedTuple):
    """One sheet: its seed, and the graph with its numbers."""

    seed: Seed | None
    order: Sequence[Value]
    events: Sequence[Event]
    teller: Teller


def worksheet(
    output: Value,
    path: str | os.PathLike[str],
    *,
    seed: Seed | Iterable[Seed] | None = 0,
    blank: str = "gradients",
    names: Mapping[str, Value] | None = None,
    title: str | None = None,
    digits: int = 4,
) -> Text:
    """Write an exercise to print on A4, in black and white: the graph, its gradients left blank.

    One HTML file: the graph with lines to write on, a table of local derivatives and
    contributions to fill in, and on pages of their own the solutions.

    seed    draws small numbers for all leaves but constants, the same for the same seed; several,
            such as ``range(30)`` or the names of a class, give a sheet each, and the solutions of
            all behind them; None keeps the numbers as they are. The graph itself stays untouched.
    blank   what is left to fill in: "gradients", or "all", the forward pass too
    names   name → node; without it nodes are called by label or by the caller's variables
    title   stands at the top of each sheet
    digits  significant digits of the numbers

    Raises NotAGraphError for what is no node, PictureError for a graph too big for the paper, or
    if no numbers suit it, NoForwardRuleError for a one-off node unless ``seed`` is None,
    LayoutError without an engine, OSError where the file cannot be written.
    """
    frame = sys._getframe(1)
    if blank not in BLANKS:
        raise PictureError(f"blank={blank!r} is unknown; there are 'gradients' and 'all'")
    seeds = _seeds(seed)
    output = as_value(output, frame)
    if isinstance(output, Mirror) and seeds != [None]:
        raise NotAGraphError(
            "a worksheet draws new numbers for Values only; for your own engine, pass seed=None"
        )
    order = topological_order(output)
    if len(order) > MOST_NODES:
        raise PictureError(
            f"{len(order):,} nodes are too many for a worksheet, which takes {MOST_NODES}; take a "
            "smaller part of the graph, such as one neuron"
        )
    called = step_names(order, names_of(order, names, frame))
    Labels(order, called, digits)  # refuses digits that cannot be shown
    sheets = [_sheet(output, order, called, one, digits) for one in seeds]
    made = formula(output, names={name: node for node, name in called.items()}, digits=digits)
    heading = word("sheet title") if title is None else title
    pages = _Paper(sheets, blank, heading, f"{called[output]} = {made}")
    write_whole(path, pages.html())
    key = "wrote sheet" if len(sheets) == 1 else "wrote sheets"
    return for_terminal(word(key, path=os.fspath(path), count=len(sheets)))


def _seeds(seed: Any) -> list[Seed | None]:
    if seed is None or isinstance(seed, int | str):
        return [seed]
    if not isinstance(seed, Iterable):
        raise TypeError(f"seed={seed!r:.60}: a whole number, a text, several of them, or None")
    seeds: list[Seed | None] = []
    for one in seed:
        if not isinstance(one, int | str):
            raise TypeError(f"seed has {one!r:.60} in it: each is a whole number or a text")
        seeds.append(one)
        if len(seeds) > MOST_SHEETS:
            raise PictureError(f"seed has more than {MOST_SHEETS} seeds: write several files")
    if not seeds:
        raise PictureError("seed has no seed in it: there would be no sheet")
    return seeds


def _sheet(
    output: Value,
    order: Sequence[Value],
    called: Mapping[Value, str],
    seed: Seed | None,
    digits: int,
) -> Sheet:
    if seed is not None:
        output = with_drawn_numbers(output, seed, digits)
        copies = topological_order(output)
        called = {
            copied: called[node]
            for node, copied in zip(order, copies, strict=True)
            if node in called
        }
        order = copies
    events = events_of(output)
    return Sheet(seed, order, events, Teller(_Solved(order, called, digits, events)))


class _Solved(Labels):
    """Labels with the numbers of both passes, whatever the graph itself holds by now."""

    def __init__(
        self,
        order: Sequence[Value],
        called: Mapping[Value, str],
        digits: int,
        events: Sequence[Event],
    ) -> None:
        super().__init__(order, called, digits)
        backward = (event for event in events if event.kind != "forward")
        self.gradients = {event.receiver: event.after for event in backward}

    def data(self, node: Any) -> str:
        return self.number(self.forward_data[node])

    def grad(self, node: Any) -> str:
        return self.number(self.gradients[node])


class _Paper:
    """All pages: the sheets, and behind them their solutions."""

    def __init__(self, sheets: Sequence[Sheet], blank: str, title: str, expression: str) -> None:
        self.sheets = sheets
        self.title = title
        self.expression = expression
        self.is_forward_blank = blank == "all"
        around = _height_around(sheets[0], expression)
        forward, backward = _passes(sheets[0])
        below = sum(_row_height(sheets[0].teller, event) for event in backward)
        if self.is_forward_blank:
            below += FORWARD_HEAD + FORWARD_ROW * (len(forward) // 2 + 1)
        labelled = [(sheet.order, sheet.teller.labels) for sheet in sheets]
        self.picture = SheetPicture(labelled, blank, room=PAGE - around - below, page=PAGE - around)

    def html(self) -> str:
        """Return the file; what users wrote stands in it escaped, and nothing can run."""
        pages = [self._exercise(k) for k in range(len(self.sheets))]
        pages += [self._solutions(k) for k in range(len(self.sheets))]
        title = _text(self.title)
        return paper("sheet", (), title=title, squares=_squares(), sheets="\n".join(pages))

    def _exercise(self, k: int) -> str:
        sheet = self.sheets[k]
        forward, backward = _passes(sheet)
        fields = "".join(f"<span>{_text(word(key))}</span>" for key in ("student", "date"))
        tasks = "".join(f"<li>{_text(task)}</li>" for task in self._tasks(sheet))
        above = [
            f'<p class="fields">{fields}</p>',
            self._question(sheet),
            f'<ol class="tasks">{tasks}</ol>',
            _figure(self.picture.blank(k)),
        ]
        below = [
            _table(_blank_row(sheet.teller, event) for event in backward),
            '<div class="working"><svg><use href="#squares"/></svg></div>',
        ]
        if self.is_forward_blank:
            below.insert(0, _list(_blank_forward(sheet.teller, event) for event in forward))
        return self._pages(sheet, "exercise", above, below)

    def _solutions(self, k: int) -> str:
        sheet = self.sheets[k]
        forward, backward = _passes(sheet)
        last = {event.receiver: event for event in backward}
        rows = (
            _row(sheet.teller, event, is_complete=last[event.receiver] is event)
            for event in backward
        )
        above = [self._question(sheet), _figure(self.picture.solved(k))]
        below = [
            _list(_text(sheet.teller.tell(event).arithmetic) for event in forward),
            _table(rows),
        ]
        return self._pages(sheet, "solutions", above, below)

    def _pages(self, sheet: Sheet, kind: str, above: Sequence[str], below: Sequence[str]) -> str:
        """Return one page, or two where the graph has a page of its own."""
        marks = [] if sheet.seed is None else [word("sheet", seed=str(sheet.seed))]
        marks += [word("solutions")] if kind == "solutions" else []
        mark = _text(" · ".join(marks))
        head = f'<header><h1>{_text(self.title)}</h1><p class="mark">{mark}</p></header>'
        pages: dict[str, Sequence[str]] = {f"{kind} whole": [*above, *below]}
        if self.picture.has_own_page:
            pages = {f"{kind} whole": above, kind: below}
        return "\n".join(
            f'<section class="{classes}">\n' + "\n".join([head, *parts, "</section>"])
            for classes, parts in pages.items()
        )

    def _question(self, sheet: Sheet) -> str:
        given = " ".join(f"<span>{_text(leaf)}</span>" for leaf in _given(sheet))
        return f'<p class="formula">{_text(self.expression)}</p>\n<p class="given">{given}</p>'

    def _tasks(self, sheet: Sheet) -> Iterator[str]:
        if self.is_forward_blank:
            yield word("do forward")
        yield word("do locals" if self.picture.has_locals else "do locals in table")
        yield word("do backward", output=sheet.teller.name(sheet.order[-1]))
        yield word("do sum")


def _passes(sheet: Sheet) -> tuple[list[Event], list[Event]]:
    forward = [event for event in sheet.events if event.kind == "forward"]
    return forward, list(sheet.events[len(forward) :])


def _height_around(sheet: Sheet, expression: str) -> float:
    """Return the height of all on the first page but the graph and the rows below it."""
    lines = len(expression) // ON_A_LINE["formula"]
    lines += len("    ".join(_given(sheet))) // ON_A_LINE["given"]
    return HEAD + lines * 1.3 * TEXT_LINE


def _row_height(teller: Teller, event: Event) -> float:
    lines = len(_edge(teller, event)) // ON_A_LINE["edge"] + 1
    return max(ROW, lines * TEXT_LINE + 1)


def _given(sheet: Sheet) -> list[str]:
    """Return ``a = 2.0`` for each leaf."""
    labels = sheet.teller.labels
    leaves = (node for node in sheet.order if not node.parents and not node.is_constant)
    return [_equation(sheet.teller.name(leaf), labels.data(leaf)) for leaf in leaves]


# -- rows: each is a step, told or left blank --------------------------------------------------


def _blank_forward(teller: Teller, event: Event) -> str:
    return _text(f"{teller.name(event.node)} = {teller.made(event.node)} = ") + LINE


def _blank_row(teller: Teller, event: Event) -> str:
    local = f"{_text(_partial(teller, event))} = {LINE}"
    product = "" if event.kind == "seed" else f"{LINE} × {LINE} = {LINE}"
    gradient = f"{_text(teller.name(event.receiver))}.grad = {LINE}"
    return _cells(_edge(teller, event), local, product, gradient)


def _row(teller: Teller, event: Event, *, is_complete: bool) -> str:
    if event.kind == "seed":
        local, product = teller.labels.number(event.after), ""
    else:
        local = teller.labels.local_derivatives(event.node)[event.position]
        product = teller.numbers(event)
    gradient = _text(teller.sum(event))
    return _cells(
        _edge(teller, event),
        _text(_equation(_partial(teller, event), local)),
        _text(product),
        f"<b>{gradient}</b>" if is_complete else gradient,
    )


def _edge(teller: Teller, event: Event) -> str:
    return _text(teller.name(event.node) if event.kind == "seed" else teller.title(event))


def _partial(teller: Teller, event: Event) -> str:
    if event.kind == "seed":
        name = teller.name(event.node)
        return f"∂{name}/∂{name}"
    return teller.labels.partial(event.node, event.position)


def _equation(left: str, right: str) -> str:
    return f"{left} ≈ {right[1:]}" if right.startswith("≈") else f"{left} = {right}"


def _cells(edge: str, *others: str) -> str:
    cells = "".join(f"<td>{cell}</td>" for cell in others)
    return f'<tr><th scope="row">{edge}</th>{cells}</tr>'


def _figure(svg: str) -> str:
    return f'<figure role="img" aria-label="{_text(word("picture"))}">{svg}</figure>'


def _table(rows: Iterable[str]) -> str:
    keys = ("edge", "local derivative", "contribution", "gradient so far")
    heads = "".join(f'<th scope="col">{_text(word(key))}</th>' for key in keys)
    head = f"<h2>{_text(word('backward pass'))}</h2>"
    return (
        f"{head}<table><thead><tr>{heads}</tr></thead><tbody>\n"
        + "\n".join(rows)
        + "</tbody></table>"
    )


def _list(lines: Iterable[str]) -> str:
    items = "".join(f"<li>{line}</li>" for line in lines)
    head = f"<h2>{_text(word('forward pass'))}</h2>"
    return f'{head}<ul class="forward">{items}</ul>' if items else ""


def _squares() -> str:
    """Return squared paper as the path of an SVG, in CSS pixels."""
    step = 5 / 25.4 * 96
    lines = [f"M{k * step:.1f} 0v1000" for k in range(37)]
    return "".join(lines + [f"M0 {k * step:.1f}h{36 * step:.1f}" for k in range(40)])


def _text(text: str) -> str:
    return html.escape(printable(text))
