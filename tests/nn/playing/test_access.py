"""The playground for everyone: axe-core finds nothing, in any theme, at any size."""

import pytest

from tests.nn.playing.played import SIZES, Played, opened


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["moons", "line", "three"])
def test_axe_finds_nothing(name, scheme, size, browser, pages, axe):
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
    )
    played = Played(context.new_page()).open(pages[name])
    assert axe.violations(played.page) == []
    played.page.click("#one-epoch")
    played.page.locator("[data-unit='1']").click()
    played.settle()
    assert axe.violations(played.page) == [], "with a unit opened"
    context.close()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_where_training_was_stopped(scheme, size, browser, pages, axe):
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
    )
    played = Played(context.new_page()).open(pages["line"], "#rate=1000000&speed=0")
    played.page.click("#play")
    played.page.wait_for_selector("#trouble:not([hidden])")
    assert axe.violations(played.page) == []
    context.close()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_a_row(scheme, size, browser, pages, axe):
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
    )
    played = Played(context.new_page()).open(pages["moons"])
    opened(played, 0)
    assert axe.violations(played.page) == []
    context.close()
