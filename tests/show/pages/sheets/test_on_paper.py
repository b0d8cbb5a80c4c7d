"""worksheet in a browser, as it is printed: room for a pen, a row a line, nothing on another."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from autograd import Value, worksheet
from autograd.graph import topological_order
from tests.show.pages.sheets.five_graphs import FIVE

MM = 25.4 / 96  # a CSS pixel
BY_HAND = 22  # millimetres that -0.0353 takes

five_graphs = pytest.mark.parametrize("build", FIVE.values(), ids=FIVE.keys())
WRT = {"neuron": "w1", "reuse": "a", "softmax": "z0", "mlp": "x0", "rnn": "w"}
five_traces = pytest.mark.parametrize(
    ("build", "wrt"), [(FIVE[name], wrt) for name, wrt in WRT.items()], ids=WRT
)
each_blank = pytest.mark.parametrize("blank", ["gradients", "all"])

TEXTS = """(kind) => [...document.querySelectorAll(`section.${kind}`)].map((section) => {
    const texts = [];
    const walker = document.createTreeWalker(section, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const node = walker.currentNode, range = document.createRange();
        range.selectNodeContents(node);
        if (!node.textContent.trim() || !range.getClientRects().length) continue;
        for (const r of range.getClientRects())
            texts.push([node.textContent.trim(), r.left, r.top, r.right, r.bottom]);
    }
    return texts;
})"""


@pytest.fixture(scope="module")
def printed(browser: Any, tmp_path_factory: Any) -> Iterator[Callable[..., Any]]:
    """Return a function that opens the worksheet of a graph as it is printed."""
    page = browser.new_page(viewport={"width": 681, "height": 1010})
    page.emulate_media(media="print")
    folder = tmp_path_factory.mktemp("sheets")

    @cache
    def written(build: Callable[[], Value], **options: Any) -> Path:
        path: Path = folder / f"{build.__name__} {options}.html"
        output, wrt = build(), options.pop("wrt", None)
        if wrt is not None:
            (options["wrt"],) = [n for n in topological_order(output) if n.label == wrt]
        worksheet(output, path, names={}, **options)
        return path

    def open_sheet(build: Callable[[], Value], **options: Any) -> Any:
        page.goto(written(build, **options).as_uri())
        return page

    yield open_sheet
    page.close()


def boxes(page: Any, selector: str) -> list[dict[str, float]]:
    return page.eval_on_selector_all(
        selector,
        "(all) => all.map((one) => one.getBoundingClientRect().toJSON())",
    )


@five_graphs
@each_blank
def test_a_blank_of_a_row_is_as_long_as_a_number_by_hand(printed, build, blank):
    lines = boxes(printed(build, blank=blank), ".exercise .line")
    assert len(lines) > 10
    assert min(line["width"] for line in lines) * MM >= BY_HAND


@five_graphs
@each_blank
def test_a_blank_of_the_graph_is_as_long_as_a_number_by_hand(printed, build, blank):
    page = printed(build, blank=blank)
    lengths = page.eval_on_selector_all(
        ".exercise .graph .node text",
        "(all) => all.filter((text) => text.textContent.includes('_')).map((text) => {"
        " const start = text.textContent.indexOf('_'), count = text.textContent.length - start;"
        " const {a, b} = text.getScreenCTM();"
        " return text.getSubStringLength(start, count) * Math.hypot(a, b);"
        "})",
    )
    assert len(lengths) >= 4
    assert min(lengths) * MM >= BY_HAND


@five_graphs
def test_the_blank_of_a_local_derivative_stands_on_its_edge(printed, build):
    page = printed(build)
    blanks = boxes(page, ".exercise .graph .local polygon")
    edges = boxes(page, ".exercise .graph .edge > path")
    asks_for_the_edge = "on the edge" in page.text_content(".exercise .tasks")
    assert bool(blanks) == asks_for_the_edge
    for blank in blanks:
        assert max(blank["width"], blank["height"]) * MM >= BY_HAND
        touching = [edge for edge in edges if touch(edge, blank, within=1)]
        assert len(touching) >= 2, "one comes from the parent, one goes on to the node"


@five_graphs
@each_blank
@pytest.mark.parametrize("kind", ["exercise", "solutions"])
def test_a_row_is_one_line(printed, build, blank, kind):
    page = printed(build, blank=blank)
    cells = page.eval_on_selector_all(
        f".{kind} .passes :is(th, td), .{kind} .lookup :is(th, td), .{kind} .forward li",
        "(all) => all.map((cell) => {"
        " const range = document.createRange(); range.selectNodeContents(cell);"
        " const tops = [...range.getClientRects()].filter((r) => r.width).map((r) => r.bottom);"
        " return [cell.textContent, Math.max(0, ...tops) - Math.min(...tops, 1e9)];"
        "})",
    )
    assert len(cells) > 10
    assert [text for text, spread in cells if spread > 8] == []


@five_graphs
@each_blank
@pytest.mark.parametrize("kind", ["exercise", "solutions"])
def test_no_text_is_on_another_or_beside_the_paper(printed, build, blank, kind):
    require_apart(printed(build, blank=blank), kind)


@five_traces
@each_blank
@pytest.mark.parametrize("kind", ["exercise", "solutions"])
def test_nor_is_it_on_the_sheet_of_a_trace(printed, build, wrt, blank, kind):
    require_apart(printed(build, blank=blank, wrt=wrt), kind)


@five_traces
@each_blank
def test_a_blank_of_a_trace_has_room_for_a_pen(printed, build, wrt, blank):
    page = printed(build, blank=blank, wrt=wrt)
    lines = boxes(page, ".exercise .trace .line")
    assert len(lines) > 4
    assert min(line["width"] for line in lines) * MM >= BY_HAND
    rows = boxes(page, ".exercise .trace tbody tr")
    assert min(row["height"] for row in rows) * MM >= 8.99
    cells = boxes(page, ".exercise .trace tbody td:nth-child(n + 3)")
    assert min(cell["width"] for cell in cells) * MM >= 1.5 * BY_HAND


def require_apart(page: Any, kind: str) -> None:
    sections = boxes(page, f"section.{kind}")
    for section, texts in zip(sections, page.evaluate(TEXTS, kind), strict=True):
        assert len(texts) > 5
        named = [(text, dict(zip(SIDES, sides, strict=True))) for text, *sides in texts]
        for text, box in named:
            assert section["left"] - 1 <= box["left"], text
            assert box["right"] <= section["right"] + 1, text
            assert box["bottom"] <= section["top"] + 268 / MM + 1, text
        for (one, first), (other, second) in combinations(named, 2):
            assert not touch(first, second, within=-1.5), f"{one!r} and {other!r}"


SIDES = ("left", "top", "right", "bottom")


def touch(one: dict[str, float], other: dict[str, float], within: float) -> bool:
    """Tell whether two boxes have a place in common, or come so near each other."""
    return (
        one["left"] - within < other["right"] and other["left"] - within < one["right"]
        and one["top"] - within < other["bottom"] and other["top"] - within < one["bottom"]
    )  # fmt: skip


@five_graphs
def test_squared_paper_is_there_only_for_products_that_need_it(printed, build):
    page = printed(build)
    products = page.eval_on_selector_all(
        ".solutions .passes tbody td:nth-last-child(2)",
        "(cells) => cells.slice(1).map((cell) => cell.textContent.split(/ [=≈] /)[0])",
    )
    factors = [{factor.strip("(−)") for factor in product.split(" × ")} for product in products]
    hard = [pair for pair in factors if "1.0" not in pair]
    heights = page.eval_on_selector_all(
        ".exercise .working > svg > svg", "(all) => all.map((one) => one.getAttribute('height'))"
    )
    assert len(heights) == bool(hard)
    assert all(float(height.removesuffix("mm")) < 20 * len(hard) for height in heights)
    assert page.locator(".solutions .working").count() == 0


@pytest.mark.parametrize("name", ["neuron", "mlp", "rnn"])
def test_a_function_is_at_an_input_of_its_printed_table(printed, name):
    page = printed(FIVE[name], seed=range(4))
    sheets = page.eval_on_selector_all(
        ".exercise .lookup tr:first-child",
        "(rows) => rows.map((row) => [...row.cells].slice(1).map((cell) => cell.textContent))",
    )
    assert [len(inputs) for inputs in sheets] == [6] * 4
    solved = page.eval_on_selector_all(
        ".solutions.first", "(all) => all.map((one) => one.querySelector('ul').textContent)"
    )
    for inputs, lines in zip(sheets, solved, strict=True):
        asked = re.findall(r"tanh\((−?[\d.]+)\)", lines)
        assert asked
        assert {*asked} <= {*inputs}
