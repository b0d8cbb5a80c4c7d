"""draw: the picture of a computation graph."""

from autograd.show.drawing.drawing import draw

__all__ = ["draw"]
