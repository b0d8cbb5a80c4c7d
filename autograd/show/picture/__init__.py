"""draw: the picture of a computation graph."""

from autograd.show.picture.choosing import cuts_by_name, picture_of, scene_at
from autograd.show.picture.drawing import draw
from autograd.show.picture.layout import use_layout
from autograd.show.picture.picture import SUFFIXES, Options, Picture
from autograd.show.picture.scene import Box, Edge, Scene, norms_of
from autograd.show.picture.themes import LOOKS, THEMES, Theme

__all__ = [
    "LOOKS",
    "SUFFIXES",
    "THEMES",
    "Box",
    "Edge",
    "Options",
    "Picture",
    "Scene",
    "Theme",
    "cuts_by_name",
    "draw",
    "norms_of",
    "picture_of",
    "scene_at",
    "use_layout",
]
