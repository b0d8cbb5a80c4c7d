"""An SVG, read again; and labels that break what is not escaped."""

from xml.etree import ElementTree

from hypothesis import example, settings
from hypothesis import strategies as st

from autograd import (
    Picture,
)

SVG, TOOLTIP = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}title"


class Drawn:
    """An SVG, parsed: groups by id, and the words in them."""

    def __init__(self, picture: Picture) -> None:
        self.root = ElementTree.fromstring(picture.svg)
        drawn = self.root.find(f"{SVG}g")
        self.groups = {group.get("id"): group for group in drawn.iterfind(f"{SVG}g")}

    def kind(self, key: str) -> str:
        return self.groups[key].get("class")

    def texts(self, key: str) -> list[ElementTree.Element]:
        return list(self.groups[key].iter(f"{SVG}text"))

    def lines(self, key: str) -> list[str]:
        return [text.text.strip() for text in self.texts(key)]

    def tooltip(self, key: str) -> str:
        return next(self.groups[key].iter(f"{SVG}a")).get(TOOLTIP).replace("\xa0", " ")

    def keys(self, kind: str) -> list[str]:
        return [key for key in self.groups if kind in self.kind(key).split()]

    def key_of(self, title: str) -> str:
        return next(key for key in self.keys("node") if self.lines(key)[:1] == [title])


# Unicode's controls of direction (its Annex 9), which no view passes on
TURNS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"

LETTERS = st.one_of(
    st.sampled_from("|{}<>&\"\\\n[];,.:#%$'- "),
    st.sampled_from(list("nlrNGETLHabx08é∂θ🙂")),
    st.characters(exclude_categories=["Cc", "Cs", "Cn"], exclude_characters=TURNS),
)


LABELS = st.text(LETTERS, min_size=1, max_size=20).filter(str.strip)


NASTY = [
    "a|b{c}<d>&\"\\e\nf", "|", "{", "}", "<", ">", "&", '"', "\\", "end\\", "end\\\\", "\\n", "\\N",
    "\\G", "\\E\\T\\H\\L", "\\l\\r", "<b>", "<b>bold</b>", "</script>", "]]>", "<!--", "&lt;",
    "&amp;amp;", "&#38;", "a->b", "a:b", "🙂🙂", "%s{}", "''", '\\"', "x = y", "two  blanks",
]  # fmt: skip


def nasty_examples(test):
    for label in NASTY:
        test = example(label)(test)
    return settings(deadline=None, max_examples=60)(test)


def as_drawn(text: str) -> str:
    """Return the text without what Graphviz drops: outer blanks, and lines of nothing else."""
    lines = (line.replace("\xa0", " ").strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


HOSTILE = ["<img src=x onerror=alert(1)>", "</script><script>alert(2)</script>", "a\"b'c&amp;$x"]
