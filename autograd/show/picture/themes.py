"""The looks of a picture: data blue, gradients orange, local derivatives green, tangents purple.

Colours are Okabe and Ito's: colour-blind readers can tell them apart.

On white their orange and green are darker, so that letters have a contrast of 4.5 to 1.
"""

from typing import NamedTuple

from autograd.errors import PictureError


class Theme(NamedTuple):
    """Colours by what they mean; for print, black."""

    background: str
    ink: str  # names, operations, outlines
    quiet: str  # constants, arrows, references
    forward: str
    gradient: str
    local: str
    tangent: str
    leaf: str  # fills
    node: str
    folded: str


THEMES = {
    "projector": Theme(
        background="#ffffff", ink="#111111", quiet="#555555", forward="#0072b2",
        gradient="#ae4f03", local="#00684c", tangent="#8e3a76",
        leaf="#fff8e6", node="#eef5fb", folded="#f0f0f7",
    ),
    "print": Theme(
        background="#ffffff", ink="#000000", quiet="#444444", forward="#000000",
        gradient="#000000", local="#000000", tangent="#000000",
        leaf="#ffffff", node="#ffffff", folded="#eeeeee",
    ),
    "dark": Theme(
        background="#12161c", ink="#f2f2f2", quiet="#a5adb8", forward="#56b4e9",
        gradient="#e69f00", local="#2fc79a", tangent="#e79ac4",
        leaf="#2b2618", node="#1b2735", folded="#2a2a38",
    ),
}  # fmt: skip


class Look(NamedTuple):
    """How a box or an edge is marked: a colour of the theme, a line width in points, dashes."""

    colour: str
    width: float
    dashed: bool = False


LOOKS = {
    "ahead": Look("quiet", 1.2, dashed=True),  # no step has reached it yet
    "computed": Look("forward", 4),
    "operand": Look("forward", 2.4),
    "gives": Look("gradient", 2.4),
    "receives": Look("gradient", 4),
    "leads": Look("tangent", 2.4),
    "moves": Look("tangent", 4),
    "departs": Look("gradient", 4),  # where a wrong algorithm first goes wrong
}


def theme_named(name: str) -> Theme:
    if not isinstance(name, str) or name not in THEMES:
        raise PictureError(f"theme {name!r} is unknown; there are {', '.join(THEMES)}")
    return THEMES[name]
