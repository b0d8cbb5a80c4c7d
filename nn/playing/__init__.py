"""playground: a page that trains a model in the browser."""

from nn.playing.playing_page import playground

__all__ = ["playground"]
