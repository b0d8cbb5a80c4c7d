"""The board: a page that shows the Values of a session or a file, as they are now."""

import html
import json
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from autograd.errors import NotAGraphError
from autograd.show.pages import page
from autograd.show.pages.board.drawing import (
    Drawing,
    Trace,
    drawing_of,
    nodes_in,
    state_of,
)
from autograd.show.pages.graph import packed, packed_graphviz
from autograd.show.picture import LETTER_WIDTHS, WIDEST_LETTER, Options
from autograd.system import write_whole
from autograd.wording import phrase, word

PAGE_WORDS = (
    "picture", "controls", "smaller", "fit", "larger", "theme", "chosen",
)  # fmt: skip
SCRIPT_WORDS = (
    "data", "grad", "norm", "no grad", "others", "only", "everything", "close fold", "show row",
    "no layout",
    "no graphviz",
)  # fmt: skip
SCRIPTS = (
    "graph/numbers.js", "graph/unpacking.js", "graph/layout.js", "graph/cut.js", "graph/dot.js",
    "graph/rectangles.js", "graph/frames.js", "graph/view.js", "board/sent.js",
    "board/board_view.js", "board/choosing.js", "board/looking.js", "board/board.js",
)  # fmt: skip


class BoardState:
    """What a page has to know to show the last drawing; not a file, so any host can pass it on.

    A page hands each state to ``board(state)`` of its script.
    """

    def __init__(self) -> None:
        self.drawing = Drawing({})
        self.version = 0

    def after(self, drawing: Drawing) -> dict[str, Any] | None:
        """Return the state that shows a drawing, with marks on what changed; None if nothing did.

        An error leaves the last picture there.
        """
        if drawing == self.drawing:
            return None
        self.version += 1
        changed = changes_between(self.drawing, drawing)
        state = {"version": self.version, "changed": changed} | drawing._asdict()
        del state["numbers"]
        last, is_kept = self.drawing, drawing.graph is None
        kept = drawing._replace(graph=last.graph, numbers=last.numbers)
        self.drawing = kept if is_kept else drawing
        return state


def changes_between(before: Drawing, after: Drawing) -> dict[str, list[int]]:
    """Return the nodes that are new or have other data, and those of which the gradient changed.

    A node is the one from before by its number, else by its key, as in a graph that is made anew.
    """
    changed: dict[str, list[int]] = {"data": [], "grad": []}
    if not before.graph or not after.graph:
        return changed
    then, still_there = _texts(before), set(after.numbers)
    by_number = {number: texts for number, _, texts in then}
    by_key = {key: texts for number, key, texts in then if number not in still_there}
    for k, (number, key, texts) in enumerate(_texts(after)):
        old = by_key.get(key) if number is None else by_number.get(number, by_key.get(key))
        if old is None or old[:2] != texts[:2]:
            changed["data"].append(k)
        elif old != texts:
            changed["grad"].append(k)
    return changed


def _texts(drawing: Drawing) -> list[tuple[int | None, str, tuple[str, str, str]]]:
    """Return the number and the key of each node, and what is seen of it."""
    nodes = (drawing.graph or {})["nodes"]
    seen = zip(nodes["op"], nodes["data"], nodes["grad"], strict=True)
    return list(zip(drawing.numbers or [None] * len(nodes["key"]), nodes["key"], seen, strict=True))


class Board:
    """A page in ``folder``, which loads the state beside it again and again."""

    def __init__(self, folder: Path) -> None:
        self.page = folder / "board.html"
        self._file = folder / "state.js"
        self._state = BoardState()
        write_whole(self.page, board_html())
        self.put(Drawing({}, note=word("empty board")))

    def put(self, drawing: Drawing) -> None:
        """Show a drawing; raises OSError where the folder is gone."""
        state = self._state.after(drawing)
        if state is not None:
            write_whole(self._file, f"board({json.dumps(state)});\n")

    def end(self) -> None:
        """Say on the page that nothing new will come."""
        self.put(self._state.drawing._replace(note=word("board ended")))


def board_html(
    state: Any = None,
    first: str = '<svg viewBox="0 0 1 1"></svg>',
    title: str = "",
    options: Options | None = None,
) -> str:
    """Return the page, which draws what ``board(state)`` is called with.

    With a ``state`` it draws that one, and asks for no other; ``first`` is the picture that stands
    there until then, ``title`` that of the page.
    """
    options = options or Options()
    words = {key.replace(" ", "_"): phrase(key) for key in SCRIPT_WORDS}
    settings = {
        "words": words,
        "letter_widths": {**LETTER_WIDTHS, "": WIDEST_LETTER},
        "direction": options.direction,
        "locals": options.locals,
        "state": state,
    }
    theme = {"projector": "", "dark": ' data-theme="dark"', "print": ' data-theme="light"'}
    return page(
        "board/board",
        PAGE_WORDS,
        scripts=SCRIPTS,
        title=html.escape(title or word("board")),
        theme=theme[options.theme],
        source="" if state else ' data-source="state.js"',
        first=first,
        no_script=word("no board") if state is None else word("no opening in it"),
        scripts_from="file: 'wasm-unsafe-eval'",
        settings=packed(settings),
        graphviz=packed_graphviz(),
    )


class Follower:
    """Draws variables whenever there is something new in them, in the thread that calls it.

    ``show`` gets each drawing. A host without threads calls ``look`` after every line.
    """

    def __init__(self, show: Callable[[Drawing], None]) -> None:
        self.show = show
        self._seen: object = None
        self._drawing = Drawing()
        self._shown: Drawing | None = None
        self._trace = Trace()
        self._pinned: tuple[str, Any] | None = None

    def pin(self, name: str, thing: Any) -> None:
        """Draw only the graph of ``thing``, or of what the variable ``name`` will be later on.

        Raises NotAGraphError for what is neither a node nor a list of nodes.
        """
        if not nodes_in(thing):
            raise NotAGraphError(
                f"{thing!r:.80} (of type {type(thing).__name__}) cannot be pinned: watch() takes a "
                "node, or a list of nodes"
            )
        self._pinned = (name, thing)

    def unpin(self) -> None:
        self._pinned = None

    def look(self, variables: Mapping[str, Any], caption: str = "", error: str = "") -> None:
        """Show ``variables`` if there is anything new; what goes wrong in drawing is shown too.

        ``caption`` is the line typed last, ``error`` what it raised.
        """
        pinned = self._held(variables)
        before, self._seen = self._seen, state_of(variables, pinned)
        if self._seen is None or self._seen != before:
            try:
                self._drawing = drawing_of(variables, pinned, self._trace)
            except Exception:
                self._drawing = Drawing(error=traceback.format_exc(limit=-3))
        errors = "\n".join(filter(None, (error, self._drawing.error)))
        drawing = self._drawing._replace(caption=caption, error=errors)
        if drawing != self._shown:  # Python 3.13 asks for its prompt with every key
            self._shown = drawing
            self.show(drawing)

    def _held(self, variables: Mapping[str, Any]) -> dict[str, Any] | None:
        if self._pinned is None:
            return None
        name, thing = self._pinned
        now = variables.get(name)
        return {name or "pinned": now if nodes_in(now) else thing}
