"""lesson: a page that steps through a graph."""

from autograd.show.pages.lessons.lesson_page import lesson

__all__ = ["lesson"]
