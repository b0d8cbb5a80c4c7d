"""What the tests of the board share."""

import json
import re
import time

from autograd import Value
from autograd.show.pages.board.board import Board
from autograd.show.pages.board.drawing import Drawing


def variables() -> dict[str, object]:
    a, b = Value(2.0), Value(-3.0)
    return {"a": a, "b": b, "c": a * b, "other": Value(1.0) + 1, "text": "no Value", "_z": Value(9)}


def state(board: Board) -> dict:
    text = (board.page.parent / "state.js").read_text(encoding="utf-8")
    return json.loads(re.fullmatch(r"board\((.*)\);\n", text, re.DOTALL)[1])


def titles(drawing: Drawing | dict) -> list[str]:
    """Return the titles of all nodes of a drawing, or of a state."""
    graph = drawing["graph"] if isinstance(drawing, dict) else drawing.graph
    return graph["nodes"]["title"] if graph else []


def texts(drawing: Drawing | dict, what: str) -> dict[str, str]:
    """Return the data, grad, ... of all nodes that have a name by it."""
    graph = drawing["graph"] if isinstance(drawing, dict) else drawing.graph
    return dict(zip(graph["nodes"]["key"], graph["nodes"][what], strict=True)) if graph else {}


def changed(board: Board) -> dict[str, list[str]]:
    """Return the keys of the nodes that the board marks."""
    now = state(board)
    return {
        what: [now["graph"]["nodes"]["key"][k] for k in places]
        for what, places in now["changed"].items()
    }


def until(what, wait: float = 15.0):
    """Wait until ``what`` is true and return how long that took."""
    started = time.monotonic()
    while not what():
        assert time.monotonic() - started < wait
        time.sleep(0.01)
    return time.monotonic() - started
