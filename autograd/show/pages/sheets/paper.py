"""The paper of a worksheet: sheets and solutions, and how much goes on a page of A4."""

from collections.abc import Iterator, Sequence

from autograd.show.pages import paper
from autograd.show.pages.sheets.lookup import calls_in_locals, calls_in_value, lookup_tables
from autograd.show.pages.sheets.rows import (
    blank_edges,
    blank_forward,
    blank_table,
    columns_of,
    escaped,
    figure,
    lookup,
    solved_forward,
    solved_table,
    squares,
    working,
)
from autograd.show.pages.sheets.sheet_picture import SheetPicture
from autograd.show.story import Story, StoryLabels, Teller
from autograd.text import Typesetter
from autograd.wording import word

# In millimetres, as sheet.css has them, or somewhat more; the browser makes up for the rest.
PAGE = 268.0  # what is printed of one
PAGE_HEAD = 20.0  # title, and what is around the graph
QUESTION = 36.0  # name and formula
TASKS, TABLE_HEAD = 30.0, 16.0
LOOKUP_HEAD, LOOKUP_ROW, LOOKUP_MARGIN = 9.0, 6.0, 2.0
FORWARD_HEAD, FORWARD_ROW = 14.0, 10.0
ROW, TEXT_LINE = 9.6, 5.2
ON_A_LINE = {"formula": 50, "given": 65, "edge": 16}  # characters


Seed = int | str


class Sheet:
    """One sheet: its seed, and the story of the graph with its numbers."""

    def __init__(self, seed: Seed | None, story: Story) -> None:
        self.seed = seed
        self.story = story
        self.labels = StoryLabels(story, Typesetter)
        self.teller = Teller(self.labels)
        calls = [
            call
            for event in story.forward
            for calls_of in (calls_in_value, calls_in_locals)
            for call in calls_of(event.node, event.record)
        ]
        self.lookup = lookup_tables(calls, self.labels)


class Paper:
    """All pages: the sheets, and after them their solutions."""

    def __init__(self, sheets: Sequence[Sheet], blank: str, title: str, expression: str) -> None:
        self.sheets = sheets
        self.title = title
        self.expression = expression
        self.is_forward_blank = blank == "all"
        words = _height_of_question(sheets[0], expression) + self._height_of_forward()
        words += max(map(_height_of_tasks, sheets))
        labelled = [(sheet.story.order, sheet.labels) for sheet in sheets]
        page = PAGE - PAGE_HEAD
        self.picture = SheetPicture(labelled, blank, room=page - words, page=page)

    def _height_of_forward(self) -> float:
        sheet = self.sheets[0]
        if not self.is_forward_blank:
            return 0
        columns = columns_of(sheet.teller, sheet.story.forward)
        return FORWARD_HEAD + FORWARD_ROW * -(-len(sheet.story.forward) // columns)

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
            lookup(sheet.lookup),
        ]
        below = [
            blank_forward(sheet.teller, forward) if self.is_forward_blank else "",
            blank_table(sheet.teller, backward),
            working(backward),
        ]
        return self._pages(sheet, "exercise", above, figure(self.picture.blank(k)), below)

    def _solutions(self, k: int) -> str:
        sheet = self.sheets[k]
        above = [self._question(sheet)]
        below = [
            solved_forward(sheet.teller, sheet.story.forward),
            solved_table(sheet.teller, sheet.story.backward),
        ]
        return self._pages(sheet, "solutions", above, figure(self.picture.solved(k)), below)

    def _pages(
        self, sheet: Sheet, kind: str, above: Sequence[str], graph: str, below: Sequence[str]
    ) -> str:
        """Return one page, or two where the graph has a page of its own."""
        marks = [] if sheet.seed is None else [word("sheet", seed=str(sheet.seed))]
        marks += [word("solutions")] if kind == "solutions" else []
        mark = escaped(" · ".join(marks))
        head = f'<header><h1>{escaped(self.title)}</h1><p class="mark">{mark}</p></header>'
        pages: dict[str, Sequence[str]] = {f"{kind} whole": [*above, graph, *below]}
        if self.picture.has_own_page:
            pages = {kind: [*above, *below], f"{kind} whole": [graph]}
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


def _height_of_question(sheet: Sheet, expression: str) -> float:
    lines = len(expression) // ON_A_LINE["formula"]
    lines += len("    ".join(_given(sheet))) // ON_A_LINE["given"]
    return QUESTION + lines * 1.3 * TEXT_LINE


def _height_of_tasks(sheet: Sheet) -> float:
    """Return the height of what is to be done, and of the tables for it."""
    edges, fits = blank_edges(sheet.teller, sheet.story.backward)
    lines = [1 if fits else len(edge) // ON_A_LINE["edge"] + 1 for edge in edges]
    height = TASKS + TABLE_HEAD + sum(max(ROW, count * TEXT_LINE + 1) for count in lines)
    for table in sheet.lookup:
        height += LOOKUP_ROW * (1 + len(table.values)) + LOOKUP_MARGIN
    return height + LOOKUP_HEAD * bool(sheet.lookup)


def _given(sheet: Sheet) -> list[str]:
    """Return ``a = 2.0`` for each leaf."""
    order, labels = sheet.story.order, sheet.labels
    leaves = (node for node in order if not node.parents and not node.is_constant)
    return [
        labels.written(labels.forward_data[leaf]).equation(sheet.teller.name(leaf))
        for leaf in leaves
    ]
