"""What our pages share."""

from autograd.show.pages.in_notebook import UnsavedPage
from autograd.show.pages.path import require_html
from autograd.show.pages.template import page, paper, part

__all__ = ["UnsavedPage", "page", "paper", "part", "require_html"]
