"""worksheet: an exercise to print, and its solutions."""

from autograd.show.pages.sheets.sheet import BLANKS, worksheet

__all__ = ["BLANKS", "worksheet"]
