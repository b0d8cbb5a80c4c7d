"""From Graphviz's SVG to ours: titles for screen readers, the colours of data and gradient."""

import re
from xml.etree import ElementTree

from autograd.show.picture.dot_text import FONT_SIZE, numbers
from autograd.show.picture.scene import Box, Edge, Scene
from autograd.show.picture.themes import LOOKS, Theme
from autograd.wording import printable, word

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
TEXT, POLYGON, PATH = (f"{{{SVG}}}{tag}" for tag in ("text", "polygon", "path"))
SHAPES = (PATH, f"{{{SVG}}}polyline", POLYGON)
LOOK_ATTRIBUTES = (
    "fill", "stroke", "stroke-width", "font-family", "font-size", "font-weight", "text-anchor",
    "text-decoration",
    "{http://www.w3.org/XML/1998/namespace}space",
)  # fmt: skip
COORDINATES = ("d", "points", "x", "y")
RADIUS = 8  # of the corners of a box on a page
FONTS = "Helvetica, Arial, 'Liberation Sans', sans-serif"

ElementTree.register_namespace("", SVG)
ElementTree.register_namespace("xlink", XLINK)


def finish(raw: bytes, scene: Scene, theme: Theme) -> str:
    """Return the picture's SVG, described for screen readers and coloured by meaning.

    ``raw`` is the layout of ``scene``, or of one that differs in numbers and looks only; those
    shown are the scene's.
    """
    root = _finished(raw, scene, theme)
    _describe(root, scene)
    return _written(root)


def finish_for_page(raw: bytes, scene: Scene, theme: Theme, prefix: str) -> str:
    """Return the SVG for a page that has several, and a style sheet for how they look.

    ``prefix`` is put before every id. Without looks and tooltips it is a third as long.
    """
    root = _finished(raw, scene, theme)
    for group in root.iter(f"{{{SVG}}}g"):
        if anchors := group.findall(f"{{{SVG}}}g/{{{SVG}}}a"):
            group[:] = [part for anchor in anchors for part in anchor]
        for shape in group.findall(f"{{{SVG}}}path"):
            if "edge" not in group.get("class", ""):
                shape.set("d", _rounded_rectangle(shape.get("d", "")))
    for element in root.iter():
        for name in LOOK_ATTRIBUTES:
            element.attrib.pop(name, None)
        for name in COORDINATES:
            if written := element.get(name):
                element.set(name, re.sub(r"-?\d+\.\d+", lambda n: f"{float(n[0]):.1f}", written))
        if key := element.get("id"):
            element.set("id", prefix + key)
        for title in element.findall(f"{{{SVG}}}title"):
            element.remove(title)
    return _written(root)


def _rounded_rectangle(path: str) -> str:
    """Return the path of a box, which Graphviz writes as twelve curves, in eight pieces."""
    numbers = [float(n) for n in re.findall(r"-?[\d.]+", path)]
    left, right = min(numbers[::2]), max(numbers[::2])
    top, bottom = min(numbers[1::2]), max(numbers[1::2])
    r = min(RADIUS, (right - left) / 2, (bottom - top) / 2)
    across, down = right - left - 2 * r, bottom - top - 2 * r
    turn = f"a{r} {r} 0 0 1 "
    return (
        f"M{left + r} {top}h{across:.1f}{turn}{r} {r}v{down:.1f}{turn}-{r} {r}"
        f"h-{across:.1f}{turn}-{r} -{r}v-{down:.1f}{turn}{r} -{r}"
    )


def _finished(raw: bytes, scene: Scene, theme: Theme) -> ElementTree.Element:
    root = ElementTree.fromstring(raw)
    groups = {group.get("id"): group for group in root.iter(f"{{{SVG}}}g")}
    for box in scene.boxes:
        _finish_box(groups[box.key], box, theme)
    for edge in scene.edges:
        _finish_edge(groups[edge.key], edge, theme)
    for text, line in zip(groups["graph0"].iterfind(TEXT), scene.caption.split("\n"), strict=False):
        _write(text, line)
    for text in root.iter(TEXT):
        text.set("font-family", FONTS)
        text.set("font-size", str(FONT_SIZE))
    return root


def _written(root: ElementTree.Element) -> str:
    written = ElementTree.tostring(root, encoding="unicode")
    return re.sub(r"\s*\n\s*", "\n", written) + "\n"


def _describe(root: ElementTree.Element, scene: Scene) -> None:
    root.set("role", "img")
    root.set("aria-labelledby", "picture-title picture-description")
    title = ElementTree.Element(f"{{{SVG}}}title", id="picture-title")
    title.text = word("picture")
    description = ElementTree.Element(f"{{{SVG}}}desc", id="picture-description")
    description.text = printable(scene.description)
    root[:0] = [title, description]
    title.tail = description.tail = "\n"


def _finish_box(group: ElementTree.Element, box: Box, theme: Theme) -> None:
    _dress(group, box.look, theme)
    if box.kind in ("constant", "reference"):
        return
    texts = list(group.iter(TEXT))
    if box.kind == "local":
        _write(texts[0], box.title)
        return
    below_title = numbers(box)
    titles = texts[: -len(below_title)]
    for text, line in zip(texts[len(titles) :], below_title, strict=True):
        _write(text, line)
    numbered = texts[len(titles) + bool(box.says) :]
    if box.kind in ("leaf", "node", "folded"):
        data, *grads = numbered
        _mark(data, "number", theme.forward)
        for grad in grads:
            if box.what == "tangent":
                _mark(grad, "gradient tangent", theme.tangent)
            else:
                _mark(grad, "gradient", theme.gradient)
        if box.has_stale_grad and grads:
            _mark(grads[0], "gradient stale", theme.quiet)
            grads[0].set("text-decoration", "line-through")
    for text in titles:
        text.set("class", "title")
        text.set("font-weight", "bold")


def _finish_edge(group: ElementTree.Element, edge: Edge, theme: Theme) -> None:
    _dress(group, edge.look, theme)
    if not edge.label:
        for parent in group.iter():
            for text in parent.findall(TEXT):
                parent.remove(text)
        return
    for text, line in zip(group.iter(TEXT), edge.label.split("\n"), strict=False):
        if (text.text or "").replace("\xa0", " ").strip() != printable(line).strip():
            text.text = f" {printable(line)} "


def _dress(group: ElementTree.Element, look: str, theme: Theme) -> None:
    """Give the shapes of a box or an edge its look."""
    if not look:
        return
    group.set("class", f"{group.get('class')} {look}")
    colour, width, dashed = LOOKS[look]
    for shape in group.iter():
        if shape.tag in SHAPES:
            shape.set("stroke", getattr(theme, colour))
            if shape.tag == POLYGON:  # the head of an arrow
                shape.set("fill", getattr(theme, colour))
            elif shape.tag == PATH:  # and not the lines between the fields of a box
                shape.set("stroke-width", str(width))
            if dashed:
                shape.set("stroke-dasharray", "5,3")


def _write(text: ElementTree.Element, line: str) -> None:
    if (text.text or "").replace("\xa0", " ") != line:
        text.text = printable(line)


def _mark(text: ElementTree.Element, kind: str, colour: str) -> None:
    text.set("class", kind)
    text.set("fill", colour)
