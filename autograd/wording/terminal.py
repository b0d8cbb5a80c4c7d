"""Text as a terminal, a table or a page can show it."""

import os
import re
import sys
import unicodedata
from collections.abc import Sequence
from typing import TextIO

ASCII = str.maketrans(
    {"∂": "d", "→": "->", "×": "x", "≈": "~", "–": "-", "…": "...", "²": "^2", "³": "^3",
     "Φ": "Phi", "φ": "phi", "·": "*", "─": "-", "│": "|", "├": "+", "└": "`", "Σ": "sum",
     "≠": "!=", "←": "<-", **{digit: f"_{k}" for k, digit in enumerate("₀₁₂₃₄₅₆₇₈₉")}}
)  # fmt: skip


NOT_XML = "[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
TURNS = "[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"  # Unicode's controls of direction


def printable(text: str) -> str:
    """Return ``text`` with a blank for a tab, and ``�`` for what no view may pass on.

    That is what XML does not allow (controls, lone surrogates), and controls of direction, which
    would reverse the numbers beside them.
    """
    return re.sub(f"{NOT_XML}|{TURNS}", "\ufffd", text.replace("\t", " "))


def aligned(rows: Sequence[Sequence[str]], left: int = 1) -> str:
    """Return a table as text, its first ``left`` columns flush left and the others flush right.

    A column without a heading, the first row's, is one of remarks, and flush left too.
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = [
            cell.ljust(width) if k < left or not rows[0][k] else cell.rjust(width)
            for k, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def in_cells(text: str, width: int) -> list[str]:
    """Return ``text`` in lines of at most ``width`` cells, parted at blanks where it can be.

    A Chinese or Japanese character takes two cells of a terminal, an accent of its own none.
    """
    lines, line = [], ""
    for character in text:
        if _cells(line + character) > width:
            head, _, tail = (line + character).rpartition(" ")
            if not head.strip() or _cells(f"  {tail}") > width:
                head, tail = line, character
            lines.append(head.rstrip())
            line = f"  {tail}"
        else:
            line += character
    return [*lines, line]


def _cells(text: str) -> int:
    return sum(
        2
        if unicodedata.east_asian_width(character) in "WF"
        else not unicodedata.combining(character)
        for character in text
    )


class Text(str):
    """Text that a REPL shows as it is, over several lines, and not as a quoted string."""

    def __repr__(self) -> str:
        return str(self)


def for_terminal(text: str) -> Text:
    """Return ``text``, in ASCII where the terminal cannot show it otherwise."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        text = text.translate(ASCII).encode(encoding, "backslashreplace").decode(encoding)
    return Text(text)


COLOURS = {"bold": 1, "red": 31, "green": 32, "yellow": 33}  # as a terminal numbers them


def shows_colours(stream: TextIO) -> bool:
    """Tell whether ``stream`` is a terminal that shows colours, and nobody asked for none.

    https://no-color.org: NO_COLOR, if it is not empty, asks for none.
    """
    is_plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return stream.isatty() and not is_plain


def painted(text: str, colour: str) -> str:
    """Return ``text`` in a colour, or bold, for a terminal."""
    return f"\x1b[{COLOURS[colour]}m{text}\x1b[0m"
