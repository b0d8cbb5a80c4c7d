"""What stands in a playground where no script runs: the graph of a row, and the data as a table."""

import html
from collections.abc import Sequence

from autograd import LayoutError, PictureError, draw
from autograd.text import Typesetter
from autograd.wording import printable, word, write_number
from nn.playing.task import Task
from nn.training import Compiled

MOST_ROWS = 100


def still(compiled: Compiled, points: Sequence[Sequence[float]], task: Task) -> str:
    """Return a picture and a table; the table alone for a graph too large, and without Graphviz."""
    n = compiled.graph.n_of_row
    names = [leaf.label or "x" for leaf in compiled.graph.inputs[:n]]
    rows = [[*map(_written, point[:n]), _target(point[n:], task)] for point in points]
    return _picture(compiled) + _table([*names, word("target")], rows)


def _picture(compiled: Compiled) -> str:
    loss = compiled.graph.loss
    try:
        svg = draw(loss, names={"loss": loss}).svg_with_ids("still-")
    except (LayoutError, PictureError):
        return ""
    return f"<h2>{html.escape(word('graph of a row'))}</h2><div>{svg}</div>"


def _target(numbers: Sequence[float], task: Task) -> str:
    if len(numbers) > 1:
        return task.names[task.classes.index(list(numbers))]
    return _written(numbers[0])


def _written(number: float) -> str:
    return str(Typesetter.shown(write_number(number)))


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    shown = [_row("td", row) for row in rows[:MOST_ROWS]]
    more = len(rows) - len(shown)
    told = word("rows not listed", count=more) if more else ""
    return (
        f"<h2>{html.escape(word('rows listed'))}</h2><table>{_row('th', heads)}{''.join(shown)}"
        f"</table>{f'<p>{html.escape(told)}</p>' if told else ''}"
    )


def _row(tag: str, cells: Sequence[str]) -> str:
    return f"<tr>{''.join(f'<{tag}>{html.escape(printable(text))}</{tag}>' for text in cells)}</tr>"
