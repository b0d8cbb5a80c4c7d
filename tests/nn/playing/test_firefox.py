"""The playground in Firefox: it trains, a row opens, and nothing complains."""

import pytest

SIZES = [(1280, 720), (390, 844)]


@pytest.mark.parametrize("size", SIZES)
def test_it_trains_and_opens_a_row(size, firefox, pages):
    firefox.open(pages["moons"], wait="body[data-steps]", size=size)
    before = firefox.ask("trainer.measured([0]).loss")
    firefox.ask("byId('play').click()")
    firefox.wait_for("trainer.steps > 20")
    firefox.ask("byId('play').click()")
    loss = firefox.ask("trainer.measured([0]).loss")
    assert loss != before
    firefox.ask("document.querySelector('[value=open]').click()")
    firefox.ask("byId('data').scrollIntoView()")
    x, y = firefox.ask("placeOf(data.points[0])")
    left, top = firefox.ask(
        "(({ left, top }) => [left, top])(byId('data').getBoundingClientRect())"
    )
    firefox.click(left + x, top + y)
    firefox.wait_for("document.querySelector('iframe') !== null")
    firefox.wait_for("'ready' in (document.documentElement?.dataset ?? {})", frame=True)
    assert firefox.ask("graph.data[graph.output]", frame=True) == pytest.approx(loss, rel=1e-9)
    assert firefox.ask("typeof view.layout", frame=True) == "function"
    firefox.press("ArrowRight")
    assert firefox.ask("at", frame=True) == 1
    firefox.ask("byId('close-row').click()")
    firefox.wait_for("document.querySelector('iframe') === null")
    assert firefox.complaints == []
