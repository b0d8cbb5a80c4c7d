"""A worksheet as it is read in tests: its sections, and the text of their parts."""

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from autograd import Value, worksheet

SVG = "{http://www.w3.org/2000/svg}"
LINE = "____"  # what stands for a line to write on


def leaves(**numbers: Any) -> list[Value]:
    return [Value(number, label=name) for name, number in numbers.items()]


def named(output: Value, name: str = "out") -> Value:
    output.label = name
    return output


class Page:
    """One section of the file: the text of its parts, a line to write on as ``____``."""

    def __init__(self, source: str) -> None:
        self.root = ElementTree.fromstring(source)
        for line in self.root.iter("span"):
            if line.get("class") == "line":
                line.text = LINE
        self.kind = self.root.get("class").split()[0]
        self.mark = self.text(".//p[@class='mark']")
        self.given = dict(
            re.split(" [=≈] ", self.read(leaf))
            for leaf in self.root.findall(".//p[@class='given']/span")
        )
        self.forward = [self.read(line) for line in self.root.findall(".//ul/li")]
        self.rows = [[self.read(cell) for cell in row] for row in self.root.findall(".//tbody/tr")]
        self.complete = [self.read(gradient) for gradient in self.root.iter("b")]

    @staticmethod
    def read(element: ElementTree.Element) -> str:
        """Return a text, with the minus of the keyboard, so that numbers can be read."""
        text = "".join(element.itertext()).replace("\xa0", " ").replace("−", "-").strip()
        return re.sub("_+", LINE, text)

    def text(self, path: str) -> str:
        return self.read(self.root.find(path))

    def drawn(self, kind: str) -> list[list[str]]:
        """Return the texts of the boxes of a kind, or of the edges."""
        groups = [g for g in self.root.iter(f"{SVG}g") if kind in g.get("class", "").split()]
        return [[self.read(text) for text in group.iter(f"{SVG}text")] for group in groups]

    @property
    def boxes(self) -> dict[str, tuple[str, ...]]:
        """By its name, what each box says of data and gradient."""
        boxes = [*self.drawn("leaf"), *[box for box in self.drawn("node") if len(box) == 3]]
        return {title.split(" = ")[0]: tuple(numbers) for title, *numbers in boxes}

    def boxes_of_data(self) -> list[str]:
        """Return what the boxes of a graph without gradients say of data."""
        return [box[1].removeprefix("data ") for box in self.drawn("node") if len(box) == 2]


def pages_of(path: Path) -> list[Page]:
    sections = re.findall(r"<section.*?</section>", path.read_text(encoding="utf-8"), re.DOTALL)
    return [Page(section) for section in sections]


def written(output: Value, folder: Path, **options: Any) -> list[Page]:
    path = folder / "sheet.html"
    worksheet(output, path, **{"names": {}} | options)
    return pages_of(path)


def printed(browser: Any, path: Path) -> list[tuple[float, float]]:
    """Return width and height in mm of each page that the browser prints."""
    page = browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(path.as_uri())
    pdf = page.pdf(prefer_css_page_size=True)
    page.close()
    assert complaints == []
    count = len(re.findall(rb"/Type\s*/Page\b", pdf))
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert len(boxes) == count
    return [tuple(float(side) / 72 * 25.4 for side in box) for box in boxes]
