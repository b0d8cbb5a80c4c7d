"""The picture of a computation graph: what it shows, its layout, and how it looks."""

from autograd.show.picture.choosing import cuts_by_name, picture_of, scene_at, too_many
from autograd.show.picture.dot_text import LETTER_WIDTHS, WIDEST_LETTER
from autograd.show.picture.layout import graphviz_program, use_layout
from autograd.show.picture.picture import SUFFIXES, Options, Picture
from autograd.show.picture.scene import Box, Edge, Scene, norms_of
from autograd.show.picture.themes import LOOKS, THEMES, Theme

__all__ = [
    "LETTER_WIDTHS",
    "LOOKS",
    "SUFFIXES",
    "THEMES",
    "WIDEST_LETTER",
    "Box",
    "Edge",
    "Options",
    "Picture",
    "Scene",
    "Theme",
    "cuts_by_name",
    "graphviz_program",
    "norms_of",
    "picture_of",
    "scene_at",
    "too_many",
    "use_layout",
]
