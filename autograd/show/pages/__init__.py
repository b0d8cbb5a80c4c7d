"""What our pages share."""

from autograd.show.pages.template import page, paper, part

__all__ = ["page", "paper", "part"]
