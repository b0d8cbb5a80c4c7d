"""A playground without a path: shown by a notebook, or saved later."""

import html
import re

import pytest

import nn
from nn import MLP, playground
from tests.nn.playing.played import CLASSES, POINTS


def unsaved(**options):
    return playground(MLP(2, [4, 1]), POINTS, CLASSES, loss=nn.hinge_loss, **options)


@pytest.mark.browser
def test_a_notebook_shows_a_playground_that_trains_and_opens_rows(played, tmp_path):
    shown = unsaved()._repr_html_()
    (tmp_path / "notebook.html").write_text(f"<!doctype html><meta charset=utf-8>{shown}", "utf-8")
    played.open(tmp_path / "notebook.html")
    outer = played.page.frame_locator("iframe")
    outer.get_by_role("button", name="one step", exact=True).click()
    outer.locator("body[data-steps='1']").wait_for()
    outer.locator("#rate").select_option(index=0)
    outer.locator("[value=open]").check()
    frame = played.page.frames[1]
    frame.locator("#data").scroll_into_view_if_needed()
    x, y = frame.evaluate("placeOf(data.points[0])")
    frame.locator("#data").click(position={"x": x, "y": y})
    lesson = outer.frame_locator("#row iframe")
    lesson.locator("html[data-ready]").wait_for()
    lesson.locator("#next").click()
    assert "=" in lesson.locator("#lines").text_content()
    outer.locator("#close-row").click()
    outer.locator("#row iframe").wait_for(state="detached")


def test_without_a_path_it_says_what_it_is_and_can_be_saved(tmp_path):
    found = unsaved()
    assert repr(found) == "<playground; .save(path)>"
    told = found.save(tmp_path / "page.html")
    assert str(told) == f"wrote {tmp_path / 'page.html'}, a page in which the model trains"
    assert (tmp_path / "page.html").read_text("utf-8") == found.html
    assert html.unescape(re.search('srcdoc="(.*?)"', found._repr_html_(), re.S)[1]) == found.html
    assert "<title>playground</title>" in found.html


def test_a_notebook_may_link_to_a_file_instead(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = unsaved(inline=False)
    shown = found._repr_html_()
    assert len(shown) < 200
    (name,) = (path.name for path in tmp_path.iterdir())
    assert f'href="{name}"' in shown
    assert name.startswith("playground-")
    assert (tmp_path / name).read_text("utf-8") == found.html
