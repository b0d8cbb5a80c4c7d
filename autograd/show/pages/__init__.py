"""What our pages share."""

from autograd.show.pages.template import page, paper

__all__ = ["page", "paper"]
