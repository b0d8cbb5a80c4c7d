"""From Graphviz's SVG to ours: titles for screen readers, the colours of data and gradient."""

import re
from xml.etree import ElementTree

from autograd.show.dot_text import FONT_SIZE
from autograd.show.scene import Scene
from autograd.show.themes import Theme
from autograd.words import printable, word

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
FONTS = "Helvetica, Arial, 'Liberation Sans', sans-serif"

ElementTree.register_namespace("", SVG)
ElementTree.register_namespace("xlink", XLINK)


def finish(raw: bytes, scene: Scene, theme: Theme) -> str:
    """Return the picture's SVG, described for screen readers and coloured by meaning."""
    root = ElementTree.fromstring(raw)
    root.set("role", "img")
    root.set("aria-labelledby", "picture-title picture-description")
    title = ElementTree.Element(f"{{{SVG}}}title", id="picture-title")
    title.text = word("picture")
    description = ElementTree.Element(f"{{{SVG}}}desc", id="picture-description")
    description.text = printable(scene.description)
    root[:0] = [title, description]
    title.tail = description.tail = "\n"
    groups = {group.get("id"): group for group in root.iter(f"{{{SVG}}}g")}
    for box in scene.boxes:
        texts = list(groups[box.key].iter(f"{{{SVG}}}text"))
        if box.kind in ("leaf", "node"):
            _mark(texts.pop(), "gradient", theme.gradient)
            _mark(texts.pop(), "number", theme.forward)
        if box.kind == "folded":
            texts.pop()
        if box.kind not in ("constant", "reference"):
            for text in texts:
                text.set("font-weight", "bold")
    for text in root.iter(f"{{{SVG}}}text"):
        text.set("font-family", FONTS)
        text.set("font-size", str(FONT_SIZE))
    written = ElementTree.tostring(root, encoding="unicode")
    return re.sub(r"\s*\n\s*", "\n", written) + "\n"


def _mark(text: ElementTree.Element, kind: str, colour: str) -> None:
    text.set("class", kind)
    text.set("fill", colour)
