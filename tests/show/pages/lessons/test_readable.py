"""A lesson is read from the back row, and on a phone: sizes of text, and what is in sight."""

from collections.abc import Iterator
from typing import Any

import pytest

from autograd import Value
from nn import MLP, mse_loss
from tests.show.folding import graphs
from tests.show.pages.lessons.reader import (
    Reader,
    attention,
    batch,
    chain,
    expression,
    network,
    recurrent,
    two_hidden_layers,
)

PROJECTOR, PHONE = (1280, 720), (390, 844)
GRAPHS = [expression, recurrent, attention, two_hidden_layers, network, batch, chain]


@pytest.fixture
def sized(browser: Any) -> Iterator[Any]:
    """A reader whose window has the size asked for."""
    readers = []

    def open_one(size: tuple[int, int], **settings: Any) -> Reader:
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, **settings)
        readers.append(Reader(context.new_page()))
        return readers[-1]

    yield open_one
    for reader in readers:
        assert reader.complaints == []
        reader.page.context.close()


SMALL_TEXTS = """(() => {
    const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const { parentElement: element, textContent } = walker.currentNode;
        const unseen = "script, noscript, option, [hidden], dialog:not([open])";
        if (!textContent.trim() || element.closest(unseen)) continue;
        const factor = element.closest("#graph > svg") ? view.factor : 1;
        const size = factor * parseFloat(getComputedStyle(element).fontSize);
        const isSeen = element.getClientRects().length > 0;
        if (size < 14 && isSeen) found.push(`${textContent.trim()}: ${size}`);
    }
    return found;
})()"""


@pytest.mark.parametrize("build", GRAPHS)
@pytest.mark.parametrize("size", [PROJECTOR, PHONE])
def test_no_text_is_below_14_pixels(sized, tmp_path, build, size):
    reader = sized(size).calm().read(build(), tmp_path / "page.html")
    reader.page.locator("#show-table").click()
    for key in ("Home", "ArrowRight", "End", "?"):
        reader.press(key)
        assert reader.ask(SMALL_TEXTS) == []


@pytest.mark.parametrize("build", GRAPHS)
@pytest.mark.parametrize("width", [360, 390])
def test_on_a_phone_the_whole_table_is_in_sight(sized, tmp_path, build, width):
    reader = sized((width, 844)).read(build(), tmp_path / "page.html", names={})
    reader.press("End")
    show_table(reader)
    assert reader.ask("byId('table').scrollWidth <= byId('table').clientWidth")
    assert reader.ask("byId('table').clientHeight") > 120


def show_table(reader: Reader) -> None:
    if not reader.page.locator("#table").is_visible():
        reader.page.click("#show-table")


def test_on_a_phone_following_a_row_leaves_the_table_where_it_is_sideways(sized, tmp_path):
    output = Value(1.23456789e-100, label="x")
    for k in range(20):
        output = output * Value(-1.000123456789, label=f"a_weight_with_a_long_name_{k}")
    reader = sized(PHONE).calm().read(output, tmp_path / "page.html", names={}, digits=17)
    show_table(reader)
    reader.press("End")
    assert reader.ask("byId('table').scrollWidth > byId('table').clientWidth")
    reader.press("Home")
    rolled = set()
    for _ in range(41):
        reader.press("ArrowRight")
        left, top = reader.ask("[byId('table').scrollLeft, byId('table').scrollTop]")
        assert left == 0
        rolled.add(top)
    assert len(rolled) > 1  # it does follow


@pytest.mark.parametrize("build", [batch, two_hidden_layers, network, expression])
def test_on_a_projector_the_first_view_is_seen_whole(sized, tmp_path, build):
    reader = sized(PROJECTOR).read(build(), tmp_path / "page.html", names={})
    frame = "byId('graph')"
    assert reader.ask(f"{frame}.scrollWidth <= {frame}.clientWidth + 1")
    assert reader.ask(f"{frame}.scrollHeight <= {frame}.clientHeight + 1")


@pytest.mark.parametrize("build", GRAPHS)
def test_texts_stay_within_their_boxes(sized, tmp_path, build):
    reader = sized(PROJECTOR).calm().read(build(), tmp_path / "page.html", names={})
    reader.press("End")
    wide = (
        "[...document.querySelectorAll('#graph g.node:not(.constant) text')].filter((text) =>"
        " text.getBBox().width > text.parentElement.querySelector('path').getBBox().width)"
        ".map((text) => text.textContent)"
    )
    assert reader.ask(wide) == []
    reader.ask("view.draw(); show(at)")  # laid out in the page
    assert reader.ask(wide) == []


def test_a_graph_wider_than_its_room_can_be_rolled_and_keeps_its_size(sized, tmp_path):
    reader = sized(PROJECTOR).read(chain(), tmp_path / "page.html")
    frame = "byId('graph')"
    assert reader.ask(f"{frame}.scrollWidth > {frame}.clientWidth")
    assert reader.ask("view.factor") >= 1
    assert reader.page.locator("#overview").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_data_gradients_and_local_derivatives_have_three_colours(sized, tmp_path, scheme):
    reader = sized(PROJECTOR, color_scheme=scheme).read(expression(), tmp_path / "page.html")
    reader.press("End")
    colours = [
        reader.ask(f"getComputedStyle(document.querySelector('{selector}')).{what}")
        for selector, what in [
            ("#graph .leaf text.number", "fill"), ("#graph .leaf text.gradient", "fill"),
            ("#graph .edge text", "fill"),
        ]
    ]  # fmt: skip
    assert len({*colours}) == 3
    roles = ("data", "gradient", "local")
    reader.ask("go(steps.findIndex((step) => step.kind === 'backward') + 1)")
    shown = [
        reader.ask(f"getComputedStyle(document.querySelector('#lines .{role}')).color")
        for role in roles
        if reader.page.locator(f"#lines .{role}").count()
    ]
    assert len(shown) >= 2
    assert {*shown} <= {*colours}


def test_a_graph_of_one_row_through_two_layers_shows_its_layers(sized, tmp_path):
    output: Value = mse_loss([MLP(2, [16, 16, 1])([0.3, -0.6])], [1.0])
    reader = sized(PROJECTOR).read(output, tmp_path / "page.html", names={})
    says = reader.page.locator("#graph g.folded text").all_text_contents()
    assert "2 → 16, relu" in [text.strip() for text in says]


@pytest.mark.parametrize("graph", [expression, attention, recurrent])
def test_on_a_phone_long_arithmetic_wraps_and_is_read_without_scrolling(sized, tmp_path, graph):
    reader = sized(PHONE, reduced_motion="reduce").read(graph(), tmp_path / "page.html", names={})
    wrapped = 0
    for k in range(reader.ask("steps.length") + 1):
        reader.ask(f"go({k})")
        assert reader.ask("byId('lines').scrollWidth <= byId('lines').clientWidth")
        wrapped += reader.page.locator("#lines.wrapped").count()
    assert wrapped
    reader.page.set_viewport_size({"width": 1280, "height": 720})
    reader.ask("go(at)")
    assert reader.page.locator("#lines.wrapped").count() == 0, "where there is room, columns stay"


@pytest.mark.parametrize("graph", [expression, attention, recurrent, batch])
def test_on_a_phone_an_overview_is_there_at_every_step_that_does_not_fit(sized, tmp_path, graph):
    reader = sized(PHONE, reduced_motion="reduce").read(graph(), tmp_path / "page.html", names={})
    frame = "byId('graph')"
    for k in range(reader.ask("steps.length") + 1):
        reader.ask(f"go({k})")
        fits = reader.ask(
            f"{frame}.scrollWidth <= {frame}.clientWidth + 2 &&"
            f" {frame}.scrollHeight <= {frame}.clientHeight + 2"
        )
        assert fits or reader.page.locator("#overview").is_visible()


TOLD_BELOW_THE_OVERVIEW = """(() => {
    const map = byId("overview").getBoundingClientRect();
    const ends = endsOf(at ? steps[at - 1] : steps[0]).map((id) => view.elements.get(id));
    const words = [...view.svg.querySelectorAll(".callout, .edge:not(.unused) text")];
    return [...ends, ...words].filter((element) => {
        const place = element.getBoundingClientRect();
        return place.width && overlap(place, map);
    }).map((element) => element.textContent);
})()"""


@pytest.mark.parametrize("graph", [expression, recurrent, graphs.recurrent, graphs.classes])
def test_on_a_phone_the_overview_hides_nothing_that_is_told(sized, tmp_path, graph):
    reader = sized(PHONE, reduced_motion="reduce").read(graph(), tmp_path / "page.html", names={})
    seen = 0
    for k in range(reader.ask("steps.length") + 1):
        reader.ask(f"go({k})")
        reader.ask("view.map(byId('overview'))")
        seen += reader.page.locator("#overview").is_visible()
        assert reader.ask(TOLD_BELOW_THE_OVERVIEW) == []
    assert seen


@pytest.mark.parametrize("size", [PROJECTOR, PHONE])
def test_a_view_that_pans_begins_at_the_first_step(sized, tmp_path, size):
    reader = sized(size).calm().read(attention(), tmp_path / "page.html", names={})
    frame, first = (
        reader.ask(f"(({{ left, right, top, bottom }}) => [left, right, top, bottom])({rectangle})")
        for rectangle in (
            "byId('graph').getBoundingClientRect()",
            "view.elements.get(view.boxes[steps[0].box].id).getBoundingClientRect()",
        )
    )
    assert reader.page.locator("#overview").is_visible()
    assert frame[0] <= first[0] < first[1] <= frame[1]
    assert frame[2] <= first[2] < first[3] <= frame[3]


def test_the_neurons_of_an_opened_layer_stand_in_their_order(sized, tmp_path):
    output = MLP(2, [4, 1], "tanh")([Value(0.3, label="x0"), Value(-0.2, label="x1")])
    reader = sized(PROJECTOR).calm().read(output, tmp_path / "page.html", names={})
    reader.ask(
        "showCut(view.cut.toggled(view.boxes.find((box) =>"
        " view.describe(box).startsWith('layer0')).fold))"
    )
    assert reader.ask(
        "view.boxes.filter((box) => view.describe(box).includes('neuron')).map((box) =>"
        " [view.elements.get(box.id).getBoundingClientRect().top, view.describe(box)])"
        ".sort(([a], [b]) => a - b).map(([, name]) => name.match(/neuron\\d/)[0])"
    ) == [f"neuron{k}" for k in range(4)]
