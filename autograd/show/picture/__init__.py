"""draw: the picture of a computation graph."""

from autograd.show.picture.dot_text import LETTER_WIDTHS, WIDEST_LETTER
from autograd.show.picture.fold import Level, levels
from autograd.show.picture.layout import graphviz_program, use_layout
from autograd.show.picture.picture import (
    SUFFIXES,
    Options,
    Picture,
    draw,
    picture_at,
    picture_of,
    scene_at,
)
from autograd.show.picture.scene import Box, Edge, Scene
from autograd.show.picture.themes import LOOKS, THEMES, Theme

__all__ = [
    "LETTER_WIDTHS",
    "LOOKS",
    "SUFFIXES",
    "THEMES",
    "WIDEST_LETTER",
    "Box",
    "Edge",
    "Level",
    "Options",
    "Picture",
    "Scene",
    "Theme",
    "draw",
    "graphviz_program",
    "levels",
    "picture_at",
    "picture_of",
    "scene_at",
    "use_layout",
]
