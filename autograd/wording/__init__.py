"""What views say: the table of words, how numbers are written, what a terminal can show."""

from autograd.wording.words import (
    Text,
    aligned,
    checked_digits,
    for_terminal,
    printable,
    show_number,
    word,
)

__all__ = ["Text", "aligned", "checked_digits", "for_terminal", "printable", "show_number", "word"]
