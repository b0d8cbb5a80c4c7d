"""What our pages share."""

from autograd.show.pages.page import page, paper

__all__ = ["page", "paper"]
