"""draw: the picture of a computation graph."""

from autograd.show.picture.dot_text import title_width
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
    "LOOKS",
    "SUFFIXES",
    "THEMES",
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
    "title_width",
    "use_layout",
]
