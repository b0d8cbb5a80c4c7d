"""The paper of a worksheet: sheets and solutions, and how much goes on a page of A4."""

from collections.abc import Iterator, Sequence

from autograd.show.pages import paper
from autograd.show.pages.sheets.rows import (
    blank_forward,
    blank_row,
    edge_of,
    escaped,
    figure,
    list_of,
    solved_row,
    squares,
    table,
)
from autograd.show.pages.sheets.sheet_picture import SheetPicture
from autograd.show.story import Event, Story, StoryLabels, Teller
from autograd.text import Typesetter
from autograd.wording import word

# In millimetres, as sheet.css has them, or somewhat more; the browser makes up for the rest.
PAGE = 268.0  # what is printed of one
HEAD = 100.0  # all on the first page except the graph and the rows below it
FORWARD_HEAD, FORWARD_ROW = 14.0, 10.0
ROW, TEXT_LINE = 9.6, 5.2
ON_A_LINE = {"formula": 50, "given": 65, "edge": 22}  # characters


Seed = int | str


class Sheet:
    """One sheet: its seed, and the story of the graph with its numbers."""

    def __init__(self, seed: Seed | None, story: Story) -> None:
        self.seed = seed
        self.story = story
        self.labels = StoryLabels(story, Typesetter)
        self.teller = Teller(self.labels)


class Paper:
    """All pages: the sheets, and after them their solutions."""

    def __init__(self, sheets: Sequence[Sheet], blank: str, title: str, expression: str) -> None:
        self.sheets = sheets
        self.title = title
        self.expression = expression
        self.is_forward_blank = blank == "all"
        around = _height_around(sheets[0], expression)
        forward, backward = sheets[0].story.forward, sheets[0].story.backward
        below = sum(_row_height(sheets[0].teller, event) for event in backward)
        if self.is_forward_blank:
            below += FORWARD_HEAD + FORWARD_ROW * (len(forward) // 2 + 1)
        labelled = [(sheet.story.order, sheet.labels) for sheet in sheets]
        self.picture = SheetPicture(labelled, blank, room=PAGE - around - below, page=PAGE - around)

    def html(self) -> str:
        """Return the file; what users wrote is escaped in it, and nothing can run."""
        pages = [self._exercise(k) for k in range(len(self.sheets))]
        pages += [self._solutions(k) for k in range(len(self.sheets))]
        title = escaped(self.title)
        return paper("sheets/sheet", (), title=title, squares=squares(), sheets="\n".join(pages))

    def _exercise(self, k: int) -> str:
        sheet = self.sheets[k]
        forward, backward = sheet.story.forward, sheet.story.backward
        fields = "".join(f"<span>{escaped(word(key))}</span>" for key in ("student", "date"))
        tasks = "".join(f"<li>{escaped(task)}</li>" for task in self._tasks(sheet))
        above = [
            f'<p class="fields">{fields}</p>',
            self._question(sheet),
            f'<ol class="tasks">{tasks}</ol>',
            figure(self.picture.blank(k)),
        ]
        below = [
            table(blank_row(sheet.teller, event) for event in backward),
            '<div class="working"><svg><use href="#squares"/></svg></div>',
        ]
        if self.is_forward_blank:
            below.insert(0, list_of(blank_forward(sheet.teller, event) for event in forward))
        return self._pages(sheet, "exercise", above, below)

    def _solutions(self, k: int) -> str:
        sheet = self.sheets[k]
        forward, backward = sheet.story.forward, sheet.story.backward
        last = {event.receiver: event for event in backward}
        rows = (
            solved_row(sheet.teller, event, is_complete=last[event.receiver] is event)
            for event in backward
        )
        above = [self._question(sheet), figure(self.picture.solved(k))]
        below = [
            list_of(escaped(sheet.teller.tell(event).arithmetic) for event in forward),
            table(rows),
        ]
        return self._pages(sheet, "solutions", above, below)

    def _pages(self, sheet: Sheet, kind: str, above: Sequence[str], below: Sequence[str]) -> str:
        """Return one page, or two where the graph has a page of its own."""
        marks = [] if sheet.seed is None else [word("sheet", seed=str(sheet.seed))]
        marks += [word("solutions")] if kind == "solutions" else []
        mark = escaped(" · ".join(marks))
        head = f'<header><h1>{escaped(self.title)}</h1><p class="mark">{mark}</p></header>'
        pages: dict[str, Sequence[str]] = {f"{kind} whole": [*above, *below]}
        if self.picture.has_own_page:
            pages = {f"{kind} whole": above, kind: below}
        return "\n".join(
            f'<section class="{classes}">\n' + "\n".join([head, *parts, "</section>"])
            for classes, parts in pages.items()
        )

    def _question(self, sheet: Sheet) -> str:
        given = " ".join(f"<span>{escaped(leaf)}</span>" for leaf in _given(sheet))
        return f'<p class="formula">{escaped(self.expression)}</p>\n<p class="given">{given}</p>'

    def _tasks(self, sheet: Sheet) -> Iterator[str]:
        if self.is_forward_blank:
            yield word("do forward")
        yield word("do locals" if self.picture.has_locals else "do locals in table")
        yield word("do backward", output=sheet.teller.name(sheet.story.output))
        yield word("do sum")


def _height_around(sheet: Sheet, expression: str) -> float:
    """Return the height of all on the first page except the graph and the rows below it."""
    lines = len(expression) // ON_A_LINE["formula"]
    lines += len("    ".join(_given(sheet))) // ON_A_LINE["given"]
    return HEAD + lines * 1.3 * TEXT_LINE


def _row_height(teller: Teller, event: Event) -> float:
    lines = len(edge_of(teller, event)) // ON_A_LINE["edge"] + 1
    return max(ROW, lines * TEXT_LINE + 1)


def _given(sheet: Sheet) -> list[str]:
    """Return ``a = 2.0`` for each leaf."""
    order, labels = sheet.story.order, sheet.labels
    leaves = (node for node in order if not node.parents and not node.is_constant)
    return [
        labels.written(labels.forward_data[leaf]).equation(sheet.teller.name(leaf))
        for leaf in leaves
    ]
