"""worksheet: an exercise to print, and its solutions."""

from autograd.show.pages.sheets.sheet import BLANKS, MOST_SHEETS, worksheet

__all__ = ["BLANKS", "MOST_SHEETS", "worksheet"]
