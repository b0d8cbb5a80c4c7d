"""lesson: a page that steps through a graph."""

from autograd.show.pages.lessons.lesson_page import lesson, lesson_html

__all__ = ["lesson", "lesson_html"]
