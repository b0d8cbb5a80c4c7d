"""derivation: both passes as Markdown with TeX."""

from autograd.show.handout.handout import derivation

__all__ = ["derivation"]
