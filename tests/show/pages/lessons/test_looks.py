"""How a lesson looks: on a projector and a phone, light and dark, and for all readers."""

from typing import Any

import pytest

from autograd import Value, detach
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


def reader_of(browser: Any, width: int, height: int, **settings: Any) -> Reader:
    context = browser.new_context(viewport={"width": width, "height": height}, **settings)
    return Reader(context.new_page())


@pytest.mark.parametrize(("scheme", "background"), [("light", "255"), ("dark", "18")])
def test_light_and_dark_follow_the_system_and_the_button(browser, tmp_path, scheme, background):
    reader = reader_of(browser, 1280, 720, color_scheme=scheme)
    reader.read(expression(), tmp_path / "page.html")
    colour = "getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0]"
    assert reader.ask(colour) == background
    reader.page.click("#theme")
    assert reader.ask(colour) == {"255": "18", "18": "255"}[background]
    reader.page.click("#theme")
    assert reader.ask(colour) == background
    reader.page.emulate_media(media="print")
    assert reader.ask(colour) == "255"  # on paper it is light
    reader.page.context.close()


@pytest.mark.parametrize("width", [1060, 720])  # pixels between the margins of A4
def test_on_paper_the_whole_picture_is_there_and_the_step_below_it(browser, tmp_path, width):
    reader = reader_of(browser, 1280, 720)
    reader.read(attention(), tmp_path / "page.html", names={})
    reader.press("End")
    reader.page.emulate_media(media="print")
    reader.page.set_viewport_size({"width": width, "height": 720})
    drawn = reader.page.locator("#graph > svg").bounding_box()
    assert drawn["x"] >= 0
    assert drawn["x"] + drawn["width"] <= width
    assert drawn["y"] + drawn["height"] <= reader.page.locator("#step").bounding_box()["y"]
    reader.page.context.close()


SMALL = """
    [...document.querySelectorAll('body *:not(script, style, noscript *)')].filter((e) =>
      [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())
      && e.getBoundingClientRect().width > 0 && !e.closest('[hidden], dialog:not([open])')
      && !e.closest('.map')
    ).map((e) => [parseFloat(getComputedStyle(e).fontSize)
      * (e.closest('svg') ? view.factor : 1), e.textContent.slice(0, 30)])
    .filter(([size]) => size < 13.99 && size > 0)
"""  # titles in boxes are bold, and 13 points: see below


@pytest.mark.parametrize("build", [expression, network, batch, chain, recurrent, attention])
@pytest.mark.parametrize(("width", "height"), [(1280, 720), (390, 844), (844, 390)])
def test_it_fits_a_projector_and_a_phone(browser, tmp_path, build, width, height):
    reader = reader_of(browser, width, height)
    reader.read(build(), tmp_path / "page.html", names={})
    reader.press("End")
    assert reader.ask("document.documentElement.scrollWidth") <= width
    if height > 400:
        assert reader.ask("document.documentElement.scrollHeight") <= height
    for control in ("#next", "#scrubber", "#phase"):
        assert reader.page.locator(control).is_visible()
    size = reader.ask("parseFloat(getComputedStyle(byId('lines')).fontSize)")
    assert size >= (24 if width > 900 else 16)
    small = [text for size, text in reader.ask(SMALL) if size < 12.99]
    assert small == []
    assert reader.complaints == []
    reader.page.context.close()


def test_on_a_projector_the_longest_gradients_of_the_table_are_in_sight(browser, tmp_path):
    output = 1.0 - Value(1500.0, label="x[1]") * 0.00059187
    reader = reader_of(browser, 1280, 720)
    reader.read(output, tmp_path / "page.html", names={})
    reader.press("End")
    if reader.page.locator("#table").is_hidden():
        reader.page.click("#show-table")
    assert any(len(grad) >= 11 for _, grad in reader.table.values())
    assert reader.ask("byId('table').scrollWidth <= byId('table').clientWidth")
    reader.page.context.close()


@pytest.mark.parametrize("build", [expression, recurrent, attention, two_hidden_layers, network])
@pytest.mark.parametrize("width", [360, 390])
def test_on_a_phone_the_whole_table_is_in_sight(browser, tmp_path, build, width):
    reader = reader_of(browser, width, 844)
    reader.read(build(), tmp_path / "page.html", names={})
    reader.press("End")
    reader.page.click("#show-table")
    assert reader.ask("byId('table').scrollWidth <= byId('table').clientWidth")
    assert reader.ask("document.documentElement.scrollWidth") <= width
    reader.page.context.close()


def test_on_a_phone_the_row_of_the_step_is_in_sight(browser, tmp_path):
    reader = reader_of(browser, 390, 844)
    reader.read(expression(), tmp_path / "page.html")
    reader.page.click("#show-table")
    for _ in range(12):
        reader.press("ArrowRight")
        bottom = reader.page.locator("tr.computed, tr.receives").evaluate(
            "(row) => row.getBoundingClientRect().bottom"
        )
        table = reader.page.locator("#table").evaluate("(e) => e.getBoundingClientRect().bottom")
        assert bottom <= table + 1
    reader.page.context.close()


def test_a_table_can_be_put_away_and_never_lies_over_the_graph(reader: Reader, tmp_path):
    reader.read(Value(2.0, label="x") * 3.0, tmp_path / "page.html")
    table, stage = (reader.page.locator(name) for name in ("#table", "#stage"))
    assert table.is_visible()  # there is room
    beside = table.bounding_box()["x"]
    left = stage.bounding_box()
    assert left["x"] + left["width"] <= beside
    reader.page.click("#show-table")
    assert not table.is_visible()
    assert stage.bounding_box()["width"] > left["width"]


def test_each_colour_has_a_mark_too(reader: Reader, tmp_path):
    reader.read(expression(), tmp_path / "page.html")
    reader.press("End")
    for kind, mark in (("number", "data "), ("gradient", "grad ")):
        texts = reader.page.locator(f"#graph text.{kind}").all_text_contents()
        assert texts
        assert all(text.startswith(mark) for text in texts)
    colours = {
        reader.ask(f"getComputedStyle(document.querySelector('#graph {name}')).fill")
        for name in ("text.number", "text.gradient", ".edge text")
    }
    assert len(colours) == 3


def test_an_edge_that_detach_cuts_is_dashed_also_when_the_page_draws_it(reader: Reader, tmp_path):
    x = Value(2.0, label="x")
    reader.read(detach(x * x) * x, tmp_path / "page.html", names={})
    for _ in range(2):
        cut = reader.page.locator("#graph g.edge.cut path:not(.hit)")
        assert cut.count() == 1
        assert cut.evaluate("(line) => getComputedStyle(line).strokeDasharray") == "5px, 3px"
        reader.press("End")
        assert reader.numbers("x")[1] == "grad 4.0"
        reader.ask("view.draw(); go(0)")
