"""The words and numbers that views show to a class, in one place, to be translated there."""

import math
import re
import sys
from collections.abc import Sequence
from fractions import Fraction
from numbers import Real
from typing import Any

from autograd.numeric import Number, saturated

WORDS = {
    "data": "data",
    "grad": "grad",
    "no grad": "–",
    "no data": "–",
    "edited": "edited to",
    "hides": "{count} nodes inside",
    "times": "×{count}",
    "see above": "see above",
    "where": "where",
    "more": "{count} more",
    "cycle": "this graph has a cycle: one edge of it leads backwards",
    "folded": "folded by {level}: {nodes} nodes in {boxes} boxes",
    "folded alike": "alike nodes folded: {nodes} nodes in {boxes} boxes",
    "picture": "computation graph",
    "description": "Nodes: {nodes}. Leaves: {leaves}. Output: {output}. Edges: local derivatives.",
    "output": "output",
    "constant": "constant",
    "leaf": "leaf",
    # -- steps -----------------------------------------------------------------------------------
    "forward": "forward",
    "seed": "backward",
    "backward": "backward",
    "seed is": "seed",
    "operand": "operand {position} of {count}",
    "start": "nothing has happened yet",
    "end": "that was the last step: every gradient is complete",
    "node": "node",
    "ask": "{target} = ? ",
    "ask more": "{title}: {target} += ? ",
    "predicted": "you said {answer}: right",
    "mispredicted": "you said {answer}: no",
    "not a prediction": "{answer!r} is no number; type one, as in -3 or 1*-3, or nothing to see it",
    "frames": "wrote {count} pictures, {first} to {last}",
    # -- the loop in a terminal ------------------------------------------------------------------
    "prompt": "[Enter, b, g K, r, p, q] ",
    "keys": "Enter next   b back   g K go to step K   r run to the end   p picture   q leave",
    "no such key": "{typed!r} is none of the keys",
    "no such step": "there are steps 0 to {count}; go to one with g K, as in g 3",
}

ASCII = str.maketrans(
    {"∂": "d", "→": "->", "×": "x", "≈": "~", "–": "-", "…": "...", "²": "^2", "³": "^3",
     "Φ": "Phi", "φ": "phi", "·": "*", "─": "-", "│": "|", "├": "+", "└": "`", "Σ": "sum"}
)  # fmt: skip


def word(key: str, **counts: Any) -> str:
    """Return the phrase for ``key``, with numbers grouped by thousands."""
    shown = {k: f"{v:,}" if isinstance(v, int) else v for k, v in counts.items()}
    return WORDS[key].format(**shown)


def show_number(number: Any, digits: int = 4) -> str:
    """Return a number as views show it.

    ``digits`` significant digits, ``≈`` where that rounds; whole floats as ``2.0``; never
    ``-0.0``; fractions as fractions.
    """
    if isinstance(number, bool) or not isinstance(number, Real):
        return str(number)
    if not isinstance(number, int | float | Fraction):
        number = float(number)  # a NumPy scalar in an engine of somebody's own
    if not isinstance(number, float):
        is_short = max(abs(number.numerator), number.denominator) < 10**9
        return str(number) if is_short else _rounded(number, digits)
    if not math.isfinite(number):
        return str(number)
    if number == int(number) and abs(number) < 1e6:
        return f"{number + 0.0:.1f}"
    return _rounded(number, digits)


def _rounded(number: Number, digits: int) -> str:
    nearest = saturated(number)
    if number and not isinstance(number, float) and nearest in (0.0, math.inf, -math.inf):
        logarithm = math.log10(abs(number.numerator)) - math.log10(number.denominator)
        exponent = math.floor(logarithm)
        sign = "-" if number < 0 else ""
        return f"≈{sign}{10 ** (logarithm - exponent):.{digits}g}e{exponent:+}"
    text = f"{nearest:.{digits}g}"
    return text if float(text) == number else f"≈{text}"


def printable(text: str) -> str:
    """Return ``text`` with what XML has no place for (controls, lone surrogates) replaced."""
    return re.sub("[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)


def aligned(rows: Sequence[Sequence[str]], left: int = 1) -> str:
    """Return a table as text, its first ``left`` columns flush left and the others flush right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = [
            cell.ljust(width) if k < left else cell.rjust(width)
            for k, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


class Text(str):
    """Text that a REPL shows as it reads, over several lines, and not as a quoted string."""

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
