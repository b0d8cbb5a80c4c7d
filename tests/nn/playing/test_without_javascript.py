"""What a reader without JavaScript finds in a playground."""

import pytest

import nn
from demos.data import make_moons
from nn import MLP, playground
from tests.nn.playing.played import LINE, POINTS, SIZES


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("name", "target"), [("moons", "1.0"), ("line", "−4.0"), ("three", "0")])
def test_without_javascript_the_picture_and_the_table_stand_there(
    name, target, size, browser, pages
):
    width, height = SIZES[size]
    viewport = {"width": width, "height": height}
    context = browser.new_context(java_script_enabled=False, viewport=viewport)
    page = context.new_page()
    page.goto(pages[name].as_uri())
    assert "Training needs JavaScript" in page.inner_text("body")
    assert not page.locator("main").is_visible(), "what needs a script is not there"
    box = page.locator("noscript svg").bounding_box()
    assert 0 <= box["x"] < box["y"] < height / 4
    letters = page.locator("noscript svg text.title").first.bounding_box()
    assert letters["height"] > 12
    titles = page.locator("noscript svg text.title").all_text_contents()
    assert any("loss" in title for title in titles)
    rows = page.locator("noscript tr").all_inner_texts()
    assert len(rows) == 1 + len(LINE[0] if name == "line" else POINTS)
    assert rows[1].split()[-1] == target
    context.close()


def test_of_many_rows_the_table_without_javascript_has_the_first_hundred(browser, tmp_path):
    points, classes = make_moons(130)
    playground(MLP(2, [1]), points, classes, tmp_path / "p.html", loss=nn.hinge_loss)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((tmp_path / "p.html").as_uri())
    assert page.locator("noscript tr").count() == 1 + 100
    assert page.inner_text("noscript").rstrip().endswith("30 more")
    context.close()
