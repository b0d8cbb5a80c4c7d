"""record_sources: nodes remember the line of the program that made them."""

import linecache
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from autograd.graph import ordered
from autograd.making import Stamp, making
from autograd.scope import SourceLine
from autograd.value import Value

_HERE = Path(__file__).parent
_OURS = (f"{_HERE}{os.sep}", f"{_HERE.parent / 'nn'}{os.sep}")  # the folders of our two packages


@contextmanager
def record_sources() -> Iterator[None]:
    """Let each node that is made inside remember the line that made it, for ``sources_of``.

        with record_sources():
            c = tanh(a * b)
        lesson(c, "c.html")

    It is the caller's line: that of ``model(x)`` for all nodes inside of a module of ``nn``, and
    that in a function of your own for what it makes. It is for this thread or task alone.
    Constants have none. Where Python keeps no text, as of what is typed at its prompt before
    version 3.13, the text is empty. While ``watch()`` is on, all lines are recorded, with text.
    """
    with making(line_stamp()):
        yield


def line_stamp(file_of: Callable[[CodeType], str] | None = None) -> Stamp:
    """Return what lets a new node remember the line that made it.

    ``file_of`` tells the name by which ``linecache`` has the text of some code, if it is not the
    name that the code has.
    """
    lines: dict[tuple[int, int], tuple[SourceLine, CodeType]] = {}  # by code, whose id it keeps

    def stamp(node: Value) -> None:
        if not node.is_constant:
            frame = _callers_frame()
            place = id(frame.f_code), frame.f_lasti
            if place not in lines:
                file = file_of(frame.f_code) if file_of else frame.f_code.co_filename
                lines[place] = _line_of(file, frame), frame.f_code
            node.source = lines[place][0]

    return stamp


def sources_of(output: Any) -> dict[Any, SourceLine]:
    """Return the line that made each node ``output`` depends on, as far as it was recorded.

    The nodes come in topological order, parents before children. A line has its ``file``,
    its ``number`` and its ``text``. Raises NotAGraphError for what is not a Value.
    """
    found = ((node, getattr(node, "source", None)) for node in ordered("sources_of", output))
    return {node: line for node, line in found if isinstance(line, SourceLine)}


def _callers_frame() -> FrameType:
    """Return the first frame outside of our packages; the outermost one if there is none."""
    frame = sys._getframe(2)
    while frame.f_back and frame.f_code.co_filename.startswith(_OURS):
        frame = frame.f_back
    return frame


def _line_of(file: str, frame: FrameType) -> SourceLine:
    number = frame.f_lineno
    linecache.checkcache(file)  # it may have been edited and loaded again
    text = linecache.getline(file, number, frame.f_globals)
    return SourceLine(file, number, text.rstrip())
