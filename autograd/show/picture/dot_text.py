"""A scene as DOT, the language of Graphviz. Pure text: nothing is laid out here.

Nodes are named ``v0``, ``v1``, ... in topological order, never by ``id()``, so that the text is the
same from run to run; what a user wrote appears in labels and tooltips only, escaped.
"""

from typing import Any

from autograd.show.picture.scene import Box, Edge, Scene
from autograd.show.picture.themes import LOOKS, Theme
from autograd.wording import printable, word

FONT = "Helvetica"  # of the fonts whose widths the embedded Graphviz knows
FONT_SIZE = 14  # points; at most 1280 x 720 pt keeps it above 14 px on a 1280 x 720 screen
MARGIN = "0.18,0.06"  # inches beside the words of a box, and above
MARGIN_IF_COMPACT = "0.09,0.06"
PEN_HEIGHT = 0.28  # of what is written by hand, as a share of its length
TEXT_HEIGHT = 18.6  # of a line of text in points
ROOM_SIZE = 15.5  # laid out with this much room, for screens without Helvetica's narrow letters
BESIDE_TITLE = 6  # points left and right of a title, at least
LETTER_WIDTHS = {  # of DejaVu Sans in bold, the widest font a screen may have instead; in ems
    **dict.fromkeys("ijlIJ ',./\\|·", 0.38),
    **dict.fromkeys("frt!()-:;[]_`²³–", 0.5),
    **dict.fromkeys('acekosvxyzL0123456789$"*?', 0.7),
    **dict.fromkeys("bdghnpquBCEFKPRSTVXYZ{}", 0.78),
    **dict.fromkeys("wADGHNOQU#&+<=>^~×−≈", 0.93),
}
WIDEST_LETTER = 1.23
STRENGTHS = (1.2, 1.2, 2.2, 3.4, 4.8)  # widths of edges in points, quiet to strong
LEAST_WIDTH = 0.75  # inches, Graphviz's own
FEWER_TURNS = "0.5"  # against crossings: with all of them, boxes alike are out of order at the end


def write_dot(scene: Scene, theme: Theme, direction: str, *, pen: float = 0.0) -> str:
    """Return the scene as DOT; ``direction`` is Graphviz's rankdir: LR, TB, RL or BT.

    ``pen`` is how long a number written by hand is, in points: there is room for it in the boxes.
    """
    import graphviz  # here, because it takes as long to import as all of autograd

    graph = graphviz.Digraph("graph")
    font = {"fontname": FONT, "fontsize": str(ROOM_SIZE)}
    margin = MARGIN_IF_COMPACT if scene.is_compact else _margin_for(pen) if pen else MARGIN
    pad = "0.05" if pen else "0.1" if scene.is_compact else "0.2"
    ranksep = "0.17" if scene.is_compact else "0.22" if pen else "0.45"
    graph.attr(
        "graph", rankdir=direction, bgcolor=theme.background, pad=pad,
        nodesep="0.15" if pen else "0.3", ranksep=ranksep, fontcolor=theme.ink, labelloc="b",
        mclimit=FEWER_TURNS, **font,
    )  # fmt: skip
    graph.attr(
        "node", shape="record", style="rounded,filled", color=theme.ink, fontcolor=theme.ink,
        penwidth="1.2", margin=margin, **font,
    )  # fmt: skip
    graph.attr(
        "edge", color=theme.quiet, fontcolor=theme.local, arrowsize="0.8", penwidth="1.2", **font
    )
    if scene.caption:
        graph.attr("graph", label=_plain(scene.caption))
    for box in scene.boxes:
        is_stacked = direction in ("LR", "RL")
        graph.node(box.key, **_node_attributes(box, theme, stacked=is_stacked, pen=pen))
    for edge in scene.edges:
        graph.edge(edge.source.key, edge.target.key, **_edge_attributes(edge, theme))
    source: str = graph.source
    return source


def _margin_for(pen: float) -> str:
    """Return the margin of a box that leaves a line the height of what is written into it."""
    above = (PEN_HEIGHT * pen - TEXT_HEIGHT) / 2 / 72
    return f"0.09,{max(above, 0.03):.3f}"


def _node_attributes(box: Box, theme: Theme, *, stacked: bool, pen: float) -> dict[str, str]:
    attributes = {"id": box.key, "class": box.kind, "tooltip": _tooltip(box.tooltip)}
    if box.kind == "local":  # with room for a mark before what is written by hand
        shape = {"shape": "box", "style": "filled", "fillcolor": theme.background, "margin": "0.05"}
        return (
            attributes
            | shape
            | {"label": _plain(box.title), "width": f"{(pen + FONT_SIZE) / 72:.2f}"}
        )
    if box.kind in ("constant", "reference"):
        quiet = {"fontcolor": theme.quiet, "color": theme.quiet, "fillcolor": theme.background}
        shape = {"shape": "plaintext", "margin": "0.05"}
        if box.kind == "reference":
            shape = {"shape": "box", "style": "rounded,dashed", "height": "0.3"}
            shape |= {"width": _inches_for(box.title)}
        return attributes | quiet | shape | {"label": _plain(box.title)}
    fields = [field for field in (box.title, *numbers(box)) if field]
    label = "|".join(map(_record_field, fields))
    attributes["width"] = _inches_for(box.title)
    fill = {"leaf": theme.leaf, "folded": theme.folded}.get(box.kind, theme.node)
    if box.kind == "folded":
        attributes["peripheries"] = "1"
        attributes["penwidth"] = "2.4"
    attributes |= {"label": label if stacked else f"{{{label}}}", "fillcolor": fill}
    return attributes | _look_attributes(box.look, theme, "rounded,filled")


def _inches_for(title: str) -> str:
    """Return the least width of a box: Graphviz measures titles as if they were not bold."""
    ems = [
        sum(LETTER_WIDTHS.get(letter, WIDEST_LETTER) for letter in line)
        for line in printable(title).split("\n")
    ]
    inches = (max(ems) * FONT_SIZE + 2 * BESIDE_TITLE) / 72
    return f"{max(inches, LEAST_WIDTH):.2f}"


def numbers(box: Box) -> tuple[str, ...]:
    """Return the fields of a box below its title."""
    if box.kind == "folded":
        return tuple(filter(None, (box.says, box.data, box.grad)))
    derivative = [f"{word(box.what)} {box.grad}"] if box.grad else []
    return f"{word('data')} {box.data}", *derivative, *box.remarks


def _edge_attributes(edge: Edge, theme: Theme) -> dict[str, str]:
    attributes: dict[str, Any] = {"id": edge.key, "class": "data"}
    attributes["tooltip"] = _tooltip(edge.tooltip)
    if edge.label:
        attributes["label"] = f" {_plain(edge.label)} "
        attributes["labeltooltip"] = attributes["tooltip"]
    if not edge.has_head:
        attributes["dir"] = "none"
    if edge.is_cut:
        attributes |= {"class": "data cut", "style": "dashed", "arrowhead": "tee"}
    if edge.is_bundle:
        attributes |= {"class": "bundle", "fontcolor": theme.quiet}
    if edge.source.fold and edge.target.fold:
        attributes["weight"] = "4"  # keeps steps in time on one line
    if edge.strength:
        attributes |= {"color": theme.gradient, "penwidth": str(STRENGTHS[edge.strength])}
    attributes |= _look_attributes(edge.look, theme)
    return attributes


def _look_attributes(look: str, theme: Theme, *styles: str) -> dict[str, str]:
    if not look:
        return {}
    colour, width, dashed = LOOKS[look]
    attributes = {"color": getattr(theme, colour), "penwidth": str(width)}
    if dashed:
        attributes["style"] = ",".join([*styles, "dashed"])
    return attributes


def _tooltip(text: str) -> str:
    """Escape a tooltip, which Graphviz reads twice: ``\\G`` would be the graph's name."""
    text = printable(text).replace("\\", "\\" * 4).replace("&", "&amp;").replace("\n", "\\n")
    return _not_html(text)


def _plain(text: str) -> str:
    """Escape a label so that Graphviz shows it letter for letter."""
    text = printable(text).replace("\\", "\\\\").replace("&", "&amp;").replace("\n", "\\n")
    return _not_html(text)


def _not_html(text: str) -> str:
    return f" {text}" if text.startswith("<") and text.endswith(">") else text


def _record_field(text: str) -> str:
    """Escape one field of a record label, where ``{ } | < >`` and spaces mean something too."""
    text = printable(text).replace("\\", "\\\\").replace("&", "&amp;")
    for letter in "{}|<> ":
        text = text.replace(letter, f"\\{letter}")
    return text.replace("\n", "\\n")
