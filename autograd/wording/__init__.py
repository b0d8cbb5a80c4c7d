"""What views say: the table of words, how numbers are written, what a terminal can show."""

from autograd.wording.numbers import WrittenNumber, checked_digits, show_number, write_number
from autograd.wording.terminal import (
    Text,
    aligned,
    for_terminal,
    in_cells,
    painted,
    printable,
    shows_colours,
)
from autograd.wording.words import phrase, word

__all__ = [
    "Text", "WrittenNumber", "aligned", "checked_digits", "for_terminal", "in_cells", "painted",
    "phrase", "printable", "show_number", "shows_colours", "word", "write_number",
]  # fmt: skip
