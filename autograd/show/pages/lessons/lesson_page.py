"""lesson: one self-contained page that steps through a graph, in any browser, without a network."""

import html
import linecache
import os
import sys
from collections.abc import Mapping
from itertools import chain, pairwise
from typing import Any, Literal

from autograd.errors import PictureError
from autograd.numeric import Number
from autograd.scope import SourceLine
from autograd.show.pages import UnsavedPage, page, require_html
from autograd.show.pages.graph import SCRIPTS, GraphPage, packed, packed_graphviz
from autograd.show.stepping import VERDICTS
from autograd.show.story import MARKS, Story, StoryLabels, require_mode
from autograd.sources import sources_of
from autograd.text import Typesetter
from autograd.value import Value
from autograd.wording import Text, phrase, printable, word

MOST_NODES = 20_000
MOST_PLAIN_ROWS = 500
MOST_LINES_BETWEEN = 12
WIDEST_CODE, AROUND_CODE, LETTER_OF_CODE = 416.0, 90.0, 10.5  # pixels
PAGE_WORDS = (
    "theme", "picture", "table", "table button", "node", "data", "grad", "step", "controls",
    "first", "back", "play", "next", "last", "speed", "close", "noscript", "undo", "restore",
    "predict", "row", "code", "save", "help", "answer", "output",
)  # fmt: skip
SCRIPT_WORDS = (
    "data", "grad", "norm", "no data", "no grad", "start", "press", "play",
    "pause", "made", "given", "received", "crossed", "not yet", "no detail", "uncomputed",
    "undefined", "out of domain", "no opening", "close fold", "other link", "decimals", "single",
    "sum of", "others", "fold forward", "fold backward", "forward", "seed", "backward", "output",
    "ask", "ask more", "score", "help", "all keys", "diagnosed", *VERDICTS,
)  # fmt: skip
FORWARD_WORDS = (
    "tangent", "tangent seed", "said local in forward mode", "said tangent of parent",
    "said tangent after",
)  # fmt: skip
LESSON = ("lesson", "steps", "telling", "touching", "predicting", "details", "keys")


def lesson(
    output: Value,
    path: str | os.PathLike[str] | None = None,
    *,
    mode: Literal["reverse", "forward"] = "reverse",
    wrt: Value | None = None,
    names: Mapping[str, Value] | None = None,
    seed: Number = 1,
    title: str | None = None,
    digits: int = 4,
    inline: bool = True,
) -> Text | UnsavedPage:
    """Write a page that steps through the forward and backward pass of ``output``.

    One HTML file with everything in it, Graphviz too: the steps with their arithmetic; boxes that
    open and close; leaves whose numbers can be changed, with all that follows; the next number as a
    question; a table of all gradients; the lines recorded by ``record_sources``. What is seen
    stands in the address: a link is a lesson.

    With ``mode="forward"`` and an input ``wrt=x`` it steps through forward mode: tangents stand
    where gradients do, and ``seed`` is ∂x/∂x.

    Without ``path`` the page is returned, and a notebook shows it: 0.6 MB an output, or with
    ``inline=False`` a link to a file in the working folder. ``names`` is name → node; without it
    nodes are called by label or by the caller's variables. ``seed`` is ∂output/∂output; ``title``
    is the formula of the graph unless given; ``digits`` is the number of significant digits.
    Raises NotAGraphError for what is not a node, ValueError for a ``wrt`` that the output does not
    depend on, PictureError for another suffix, for more than 20,000 nodes and for any that do not
    fold to 500 boxes, LayoutError without an engine, OSError where the file cannot
    be written.
    """
    if path is not None:
        require_html(path, "lesson")
    require_mode(mode, wrt)
    frame = sys._getframe(1)
    story = Story(output, names=names, frame=frame, seed=seed, digits=digits, wrt=wrt)
    steps = len(story.events)
    wrote = "wrote lesson" if steps > 1 else "wrote lesson of one"
    made = UnsavedPage(
        lesson_html(story, title),
        word("lesson"),
        name=word("lesson of", steps=steps),
        saved=lambda path: "\n".join(
            filter(None, [word(wrote, path=path, steps=steps), story.edited])
        ),
        inline=inline,
    )
    return made if path is None else made.save(path)


def lesson_html(story: Story, title: str | None = None, *, graphviz: bool = True) -> str:
    """Return the page of a story; what users wrote is escaped in it, and only our script runs.

    A page of ours that shows it in a frame may put other numbers into its element ``start``: a
    leaf's place in topological order and its number, as in "3:0.5 7:-1". Without ``graphviz`` it
    also puts the packed Graphviz, which it has already, into the element of that name.
    """
    if len(story.order) > MOST_NODES:
        raise PictureError(
            f"{len(story.order):,} nodes are too many for a page, which takes {MOST_NODES:,}; "
            "write one for a smaller part, such as the loss of fewer samples"
        )
    code = _code(story)
    graph = GraphPage(story, beside=_width_of(code))
    scripts = [*SCRIPTS, "graph/prediction.js", *[f"lessons/{name}.js" for name in LESSON]]
    return page(
        "lessons/lesson",
        PAGE_WORDS,
        scripts=scripts,
        program=graph.script,
        scripts_from="'wasm-unsafe-eval'",
        title=html.escape(printable(graph.title if title is None else title)),
        picture=graph.svg,
        mode="" if story.wrt is None else "forward-mode",
        word_grad=html.escape(word(story.what)),
        plain_table=_plain_table(story),
        graphviz=packed_graphviz() if graphviz else "",
        lesson=packed(_data(graph, code)),
    )


def _data(graph: GraphPage, code: dict[str, Any]) -> dict[str, Any]:
    words = {key.replace(" ", "_"): phrase(key) for key in SCRIPT_WORDS}
    if graph.story.wrt is not None:
        words |= {key.replace(" ", "_"): phrase(key) for key in FORWARD_WORDS}
        words |= {key: phrase(f"{key} of tangents") for key in ("received", "not_yet")}
        words["grad"] = phrase("tangent")
    return graph.as_json() | {"marks": MARKS, "words": words, "code": code}


def _code(story: Story) -> dict[str, Any]:
    """Return the recorded lines, those between them, and for each node the place of its line.

    Files come first, by name, then what was typed, in that order and numbered from 1.
    """
    sources = sources_of(story.output)
    typed = [name for name, kept in linecache.cache.items() if len(kept) > 1 and kept[1] is None]
    since = {name: place for place, name in enumerate(typed, 1)}
    recorded = {line for line in sources.values() if line.text}
    between = chain.from_iterable(map(_with_lines_between, pairwise(sorted(recorded))))
    lines = sorted({*recorded, *between}, key=lambda line: (since.get(line.file, 0), line))
    indent = min(
        (len(line.text) - len(line.text.lstrip()) for line in lines if line.text), default=0
    )
    place = {line[:2]: k for k, line in enumerate(lines)}
    is_typed = [line.file in since for line in lines]
    return {
        "lines": [
            {"number": sum(is_typed[: k + 1]) if is_typed[k] else line.number,
             "text": line.text[indent:]}
            for k, line in enumerate(lines)
        ],
        "of": [place.get(sources[n][:2], -1) if n in sources else -1 for n in story.order],
    }  # fmt: skip


def _width_of(code: dict[str, Any]) -> float:
    """Return how many pixels of a wide screen the code takes, as lesson.css has it."""
    longest = max((len(line["text"]) for line in code["lines"]), default=0)
    return min(WIDEST_CODE, AROUND_CODE + LETTER_OF_CODE * longest) if longest else 0.0


def _with_lines_between(pair: tuple[SourceLine, SourceLine]) -> list[SourceLine]:
    """Return the lines between two recorded ones of a file that are not far from each other."""
    first, second = pair
    between = range(first.number + 1, second.number)
    if first.file != second.file or len(between) > MOST_LINES_BETWEEN:
        return []
    return [SourceLine(first.file, k, linecache.getline(first.file, k).rstrip()) for k in between]


def _plain_table(story: Story) -> str:
    """Return the table of all gradients, for readers without scripts."""
    labels = StoryLabels(story, Typesetter)
    number = labels.number
    rows = [
        f"<tr><th>{html.escape(printable(story.names[node]))}</th>"
        f"<td>{html.escape(number(labels.forward_data[node]))}</td>"
        f"<td>{html.escape(number(gradient))}</td></tr>"
        for node, gradient in list(story.gradients.items())[:MOST_PLAIN_ROWS]
    ]
    heads = "".join(f"<th>{html.escape(word(key))}</th>" for key in ("node", "data", story.what))
    return f"<table><tr>{heads}</tr>{''.join(rows)}</table>"
