"""The board: a page that shows the Values of a session or a file, as they are now."""

import json
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from autograd.show.pages import page
from autograd.show.pages.board.drawing import Drawing, drawing_of, state_of
from autograd.system import write_whole
from autograd.wording import word

PAGE_WORDS = (
    "board", "picture", "controls", "smaller", "fit", "larger", "theme", "noscript",
)  # fmt: skip


class BoardState:
    """What a page has to know to show the last drawing; not a file, so any host can pass it on.

    A page hands each state to ``board(state)`` of its script.
    """

    def __init__(self) -> None:
        self.drawing = Drawing()
        self.version = 0

    def after(self, drawing: Drawing) -> dict[str, Any] | None:
        """Return the state that shows a drawing, with marks on what changed; None if nothing did.

        An error leaves the last picture there.
        """
        if drawing == self.drawing:
            return None
        before = self.drawing.shown
        changed = [
            key
            for title, (key, numbers) in drawing.shown.items()
            if before and (title not in before or before[title][1] != numbers)
        ]
        self.version += 1
        state = {"version": self.version, "changed": changed} | drawing._asdict()
        del state["shown"]
        is_kept = drawing.svg is None
        self.drawing = self.drawing._replace(error=drawing.error) if is_kept else drawing
        return state


class Board:
    """A page in ``folder``, which loads the state beside it again and again."""

    def __init__(self, folder: Path) -> None:
        self.page = folder / "board.html"
        self._file = folder / "state.js"
        self._state = BoardState()
        write_whole(self.page, page("board/board", PAGE_WORDS, scripts_from="file:"))
        self.put(Drawing("", note=word("empty board")))

    def put(self, drawing: Drawing) -> None:
        """Show a drawing; raises OSError where the folder is gone."""
        state = self._state.after(drawing)
        if state is not None:
            write_whole(self._file, f"board({json.dumps(state)});\n")

    def end(self) -> None:
        """Say on the page that nothing new will come."""
        self.put(self._state.drawing._replace(note=word("board ended")))


class Follower:
    """Draws variables whenever there is something new in them, in the thread that calls it.

    ``show`` gets each drawing. A host without threads calls ``look`` after every line.
    """

    def __init__(self, show: Callable[[Drawing], None]) -> None:
        self.show = show
        self._seen: object = None

    def look(self, variables: Mapping[str, Any]) -> None:
        """Show ``variables`` if there is anything new; what goes wrong in drawing is shown too."""
        before, self._seen = self._seen, state_of(variables)
        if self._seen is not None and self._seen == before:
            return  # Python 3.13 asks for its prompt with every key
        try:
            drawing = drawing_of(variables)
        except Exception:
            drawing = Drawing(error=traceback.format_exc(limit=-3))
        self.show(drawing)
