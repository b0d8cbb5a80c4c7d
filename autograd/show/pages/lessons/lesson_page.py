"""lesson: one self-contained page that steps through a graph, in any browser, without a network."""

import html
import os
import sys
from collections.abc import Mapping
from typing import Any

from autograd.errors import PictureError
from autograd.numeric import Number
from autograd.show.pages import page
from autograd.show.pages.graph import SCRIPTS, GraphPage, packed, packed_graphviz
from autograd.show.stepping import VERDICTS
from autograd.show.story import MARKS, Story
from autograd.sources import sources_of
from autograd.system import write_whole
from autograd.value import Value
from autograd.wording import Text, for_terminal, phrase, printable, word

MOST_NODES = 20_000
MOST_PLAIN_ROWS = 500
PAGE_WORDS = (
    "theme", "picture", "table", "table button", "node", "data", "grad", "step", "controls",
    "first", "back", "play", "next", "last", "speed", "close", "noscript", "undo", "restore",
    "predict", "code", "save", "help", "answer", "output",
)  # fmt: skip
SCRIPT_WORDS = (
    "data", "grad", "norm", "no data", "no grad", "start", "press", "play",
    "pause", "made", "given", "received", "crossed", "not yet", "no detail", "uncomputed",
    "undefined", "out of domain", "no opening", "other link", "decimals", "single", "others",
    "fold forward", "fold backward", "forward", "seed", "backward", "output", "ask", "ask more",
    "score", "help", "all keys", "diagnosed", *VERDICTS,
)  # fmt: skip
LESSON = ("lesson", "steps", "telling", "touching", "predicting", "details", "keys")


def lesson(
    output: Value,
    path: str | os.PathLike[str],
    *,
    names: Mapping[str, Value] | None = None,
    seed: Number = 1,
    title: str | None = None,
    digits: int = 4,
) -> Text:
    """Write a page that steps through the forward and backward pass of ``output``.

    One HTML file with everything in it, Graphviz too: the steps with their arithmetic; boxes that
    open and close; leaves whose numbers can be changed, with all that follows; the next number as a
    question; a table of all gradients; the lines recorded by ``record_sources``. What is seen
    stands in the address: a link is a lesson.

    ``names`` is name → node; without it nodes are called by label or by the caller's variables.
    ``seed`` is ∂output/∂output; ``title`` is the formula of the graph unless given; ``digits`` is
    the number of significant digits. Raises NotAGraphError for what is not a node, PictureError for
    another suffix, for more than 20,000 nodes and for any that do not fold to 500 boxes,
    LayoutError without an engine, OSError where the file cannot be written.
    """
    if not os.fspath(path).lower().endswith((".html", ".htm")):
        raise PictureError(f"{os.fspath(path)!r}: a lesson is saved as .html")
    story = Story(output, names=names, frame=sys._getframe(1), seed=seed, digits=digits)
    if len(story.order) > MOST_NODES:
        raise PictureError(
            f"{len(story.order):,} nodes are too many for a page, which takes {MOST_NODES:,}; "
            "write one for a smaller part, such as the loss of fewer samples"
        )
    write_whole(path, lesson_html(story, title))
    steps = len(story.events)
    key = "wrote lesson" if steps > 1 else "wrote lesson of one"
    return for_terminal(word(key, path=os.fspath(path), steps=steps))


def lesson_html(story: Story, title: str | None = None) -> str:
    """Return the page of a story; what users wrote is escaped in it, and only our script runs."""
    graph = GraphPage(story)
    scripts = [*SCRIPTS, "graph/prediction.js", *[f"lessons/{name}.js" for name in LESSON]]
    return page(
        "lessons/lesson",
        PAGE_WORDS,
        scripts=scripts,
        program='"use strict";\n' + graph.script,
        scripts_from="'wasm-unsafe-eval'",
        title=html.escape(printable(graph.title if title is None else title)),
        picture=graph.svg,
        plain_table=_plain_table(story),
        graphviz=packed_graphviz(),
        lesson=packed(_data(story, graph)),
    )


def _data(story: Story, graph: GraphPage) -> dict[str, Any]:
    words = {key.replace(" ", "_"): phrase(key) for key in SCRIPT_WORDS}
    return graph.as_json() | {"marks": MARKS, "words": words, "code": _code(story)}


def _code(story: Story) -> dict[str, Any]:
    """Return the lines that were recorded, in order, and for each node the place of its line."""
    sources = sources_of(story.output)
    lines = sorted({*sources.values()})
    place = {line: k for k, line in enumerate(lines)}
    return {
        "lines": [{"number": line.number, "text": line.text} for line in lines],
        "of": [place[sources[node]] if node in sources else -1 for node in story.order],
    }


def _plain_table(story: Story) -> str:
    """Return the table of all gradients, for readers without scripts."""
    number = story.labels.number
    rows = [
        f"<tr><th>{html.escape(printable(story.names[node]))}</th>"
        f"<td>{html.escape(number(story.labels.forward_data[node]))}</td>"
        f"<td>{html.escape(number(gradient))}</td></tr>"
        for node, gradient in list(story.gradients.items())[:MOST_PLAIN_ROWS]
    ]
    heads = "".join(f"<th>{html.escape(word(key))}</th>" for key in ("node", "data", "grad"))
    return f"<table><tr>{heads}</tr>{''.join(rows)}</table>"
