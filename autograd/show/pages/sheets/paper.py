"""The paper of a worksheet: sheets and solutions, and how much goes on a page of A4."""

from collections.abc import Sequence

from autograd.show.pages import paper
from autograd.show.pages.sheets.one_sheet import Sheet
from autograd.show.pages.sheets.rows import adds_rounded, escaped, figure, lookup, squares, working
from autograd.show.pages.sheets.sheet_picture import SheetPicture
from autograd.wording import word

# In millimetres, as sheet.css has them, or somewhat more; the browser makes up for the rest.
PAGE = 268.0  # what is printed of one
PAGE_HEAD = 9.0  # the title
AROUND_GRAPH = 6.5
QUESTION = 30.0  # name and formula
TASK_LINE = 5.0  # of what is to be done
TABLE_HEAD, NEXT_TABLE_HEAD = 14.0, 17.0
LOOKUP_HEAD, LOOKUP_ROW, LOOKUP_MARGIN = 9.0, 6.0, 2.0
TEXT_LINE = 5.2
ON_A_LINE = {"formula": 50, "given": 65}  # characters


class Paper:
    """All pages: the sheets, and after them their solutions."""

    def __init__(self, sheets: Sequence[Sheet], blank: str, title: str, expression: str) -> None:
        self.sheets = sheets
        self.title = title
        self.expression = expression
        above = max(map(self._height_above_table, self.sheets))
        rows = max(sum(sheet.table.heights) for sheet in self.sheets)
        labelled = [(sheet.story.order, sheet.labels) for sheet in self.sheets]
        self._room_for_rows = PAGE - PAGE_HEAD - above
        room, page = self._room_for_rows - rows - AROUND_GRAPH, PAGE - PAGE_HEAD - AROUND_GRAPH
        self.picture = SheetPicture(labelled, blank, room, page)

    def _height_above_table(self, sheet: Sheet) -> float:
        """Return the height of all that stands above the rows of the backward pass."""
        lines = len(self.expression) // ON_A_LINE["formula"]
        lines += len("    ".join(_given(sheet))) // ON_A_LINE["given"]
        height = QUESTION + lines * 1.3 * TEXT_LINE + TABLE_HEAD
        height += sheet.task_lines * TASK_LINE + 3
        for table in sheet.lookup:
            height += LOOKUP_ROW * (1 + len(table.values)) + LOOKUP_MARGIN
        height += LOOKUP_HEAD * bool(sheet.lookup)
        return height + (sheet.forward.height if sheet.forward else 0)

    def html(self) -> str:
        """Return the file; what users wrote is escaped in it, and nothing can run."""
        pages = [self._exercise(k) for k in range(len(self.sheets))]
        pages += [self._solutions(k) for k in range(len(self.sheets))]
        title = escaped(self.title)
        return paper("sheets/sheet", (), title=title, squares=squares(), sheets="\n".join(pages))

    def _exercise(self, k: int) -> str:
        sheet = self.sheets[k]
        fields = "".join(f"<span>{escaped(word(key))}</span>" for key in ("student", "date"))
        tasks = "".join(
            f"<li>{escaped(task)}</li>" for task in sheet.tasks(has_locals=self.picture.has_locals)
        )
        above = [
            f'<p class="fields">{fields}</p>',
            self._question(sheet),
            f'<ol class="tasks">{tasks}</ol>',
            lookup(sheet.lookup),
        ]
        ends = self._ends_of_pages(sheet)
        tables = [
            sheet.table.part(start, end) for start, end in zip([0, *ends], ends, strict=False)
        ]
        if sheet.forward:
            tables[0] = sheet.forward.html() + tables[0]
        tables[-1] += working(sheet.backward)
        return self._pages(sheet, "exercise", above, figure(self.picture.blank(k)), tables)

    def _solutions(self, k: int) -> str:
        sheet = self.sheets[k]
        above = [self._question(sheet)]
        below = [sheet.told.html() + sheet.solved()]
        if sheet.lookup or adds_rounded(sheet.teller, sheet.backward):
            below[0] += f'<p class="rounded">{escaped(word("rounded by hand"))}</p>'
        return self._pages(sheet, "solutions", above, figure(self.picture.solved(k)), below)

    def _pages(
        self, sheet: Sheet, kind: str, above: Sequence[str], graph: str, below: Sequence[str]
    ) -> str:
        """Return one page, or several where the graph has a page of its own.

        Of what is ``below``, each has a page then; the first is that of what is ``above`` too.
        """
        marks = [] if sheet.seed is None else [word("sheet", seed=str(sheet.seed))]
        marks += [word("solutions")] if kind == "solutions" else []
        mark = escaped(" · ".join(marks))
        head = f'<header><h1>{escaped(self.title)}</h1><p class="mark">{mark}</p></header>'
        pages = [[*above, graph, *below]]
        if self.picture.has_own_page:
            pages = [[*above, below[0]], *([table] for table in below[1:]), [graph]]
        starts = [f"{kind} first", *[kind] * (len(pages) - 1)]
        starts[-1] += " whole"  # the last has the graph
        return "\n".join(
            f'<section class="{classes}">\n' + "\n".join([head, *parts, "</section>"])
            for classes, parts in zip(starts, pages, strict=True)
        )

    def _ends_of_pages(self, sheet: Sheet) -> list[int]:
        """Return how many rows there are up to the end of each page."""
        room, ends = self._room_for_rows, []
        for k, height in enumerate(sheet.table.heights):
            if self.picture.has_own_page and room < height:
                ends.append(k)
                room = PAGE - PAGE_HEAD - NEXT_TABLE_HEAD
            room -= height
        return [*ends, len(sheet.table.heights)]

    def _question(self, sheet: Sheet) -> str:
        given = " ".join(f"<span>{escaped(leaf)}</span>" for leaf in _given(sheet))
        return f'<p class="formula">{escaped(self.expression)}</p>\n<p class="given">{given}</p>'


def _given(sheet: Sheet) -> list[str]:
    """Return ``a = 2.0`` for each leaf."""
    order, labels = sheet.story.order, sheet.labels
    leaves = (node for node in order if not node.parents and not node.is_constant)
    return [
        labels.written(labels.forward_data[leaf]).equation(sheet.teller.name(leaf))
        for leaf in leaves
    ]
