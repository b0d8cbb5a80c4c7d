"""Stepping through a lesson: every step tells what the stepper does; keys, buttons, playing."""

import statistics
from fractions import Fraction

import pytest

from autograd import Value, group, tanh
from autograd.graph import topological_order
from autograd.show.story import Story, StoryLabels, Teller
from autograd.text import Typesetter
from autograd.wording import show_number
from tests.pace import slowness
from tests.show.pages.lessons.reader import GRAPHS, Reader, chain, expression, network, typeset


@pytest.mark.parametrize("build", GRAPHS.values(), ids=GRAPHS)
def test_stepped_to_the_end_it_shows_every_gradient_of_the_engine(reader: Reader, tmp_path, build):
    output = build()
    reader.read(output, tmp_path / "page.html", names={})
    reader.open_everything()
    story = Story(output, names={})
    teller = Teller(StoryLabels(story, Typesetter))
    told = [[f"{k}/{len(story.events)}", *teller.tell(e)] for k, e in enumerate(story.events, 1)]
    assert reader.told() == told
    output = build()
    output.backward()
    order = [node for node in topological_order(output) if not node.is_constant]
    numbers = [(typeset(show_number(node.data)), typeset(show_number(node.grad))) for node in order]
    assert list(reader.table.values()) == numbers
    assert reader.ask("Boolean(document.querySelector('#graph .ahead'))") is False


def test_a_step_stands_in_three_lines_below_each_other(reader: Reader, tmp_path):
    reader.read(expression(), tmp_path / "page.html")
    reader.press("ArrowRight")
    assert reader.lines == ["d = a × b", " = 2.0 × (−3.0)", " = −6.0"]
    reader.ask("go(7)")
    assert reader.lines == [
        "a.grad += L.grad × ∂L/∂a", " = L.grad × v2", " ≈ 1.0 × 0.4621 ≈ 0.4621",
    ]  # fmt: skip
    left = reader.ask(
        "[...document.querySelectorAll('#lines tr')]"
        ".map((row) => row.cells[2].getBoundingClientRect().x)"
    )
    assert len({*left}) == 1
    assert reader.ask("parseFloat(getComputedStyle(byId('lines')).fontSize)") >= 24
    assert reader.page.locator("#lines .local").first.text_content() == "∂L/∂a"


def test_the_boxes_fill_in_as_the_table_does(reader: Reader, tmp_path):
    reader.read(expression(), tmp_path / "page.html", names={})
    assert "ahead" in reader.box("d = a*b").get_attribute("class")
    assert reader.numbers("d = a*b") == ("data –", "grad –")
    reader.press("ArrowRight")
    assert "computed" in reader.box("d = a*b").get_attribute("class")
    assert "operand" in reader.box("a").get_attribute("class")
    assert reader.numbers("d = a*b") == ("data −6.0", "grad –")
    reader.press("End")
    assert reader.numbers("d = a*b")[1] == "grad ≈1.573"
    assert "receives" in reader.box("b").get_attribute("class")
    assert "gives" in reader.box("d = a*b").get_attribute("class")


def test_a_gradient_of_fractions_is_one_after_every_contribution(reader: Reader, tmp_path):
    x = Value(Fraction(1, 3), label="x")
    reader.read(x * x + x, tmp_path / "page.html")
    seen = [reader.numbers("x")[1]]
    while reader.ask("at < steps.length"):
        reader.press("ArrowRight")
        seen.append(reader.numbers("x")[1])
    assert list(dict.fromkeys(seen)) == ["grad –", "grad 1", "grad 4/3", "grad 5/3"]


def test_a_local_derivative_appears_with_its_step(reader: Reader, tmp_path):
    reader.read(expression(), tmp_path / "page.html")
    texts = reader.page.locator("#graph g.edge text")
    assert texts.count() == 7
    assert not any(text.is_visible() for text in texts.all())
    reader.press("End")
    assert all(text.is_visible() for text in texts.all())
    assert all(text.startswith(" ∂ ") for text in texts.all_text_contents())


def test_backward_an_arrow_points_from_giver_to_receiver(reader: Reader, tmp_path):
    reader.page.emulate_media(reduced_motion="reduce")
    reader.read(expression(), tmp_path / "page.html")
    reader.ask("go(5)")
    assert reader.page.locator("#graph .back-head").count() == 0
    reader.ask("go(7)")  # L hands on to a
    assert reader.page.locator("#graph .back-head").count() == 1
    assert reader.page.locator("#graph .bead").count() == 0  # nothing moves for this reader
    head = reader.page.locator("#graph .back-head").bounding_box()
    receiver = reader.box("a").bounding_box()
    assert abs(head["x"] - (receiver["x"] + receiver["width"])) < 30
    reader.page.emulate_media(reduced_motion="no-preference")
    reader.ask("go(6); go(7)")
    assert reader.page.locator("#graph .bead").count() == 1


def test_back_to_the_start_everything_is_as_it_was(reader: Reader, tmp_path):
    reader.page.emulate_media(reduced_motion="reduce")
    reader.read(network(), tmp_path / "page.html")
    states = [reader.everything]
    count = reader.ask("steps.length")
    for _ in range(count):
        reader.press("ArrowRight")
        states.append(reader.everything)
    assert len(set(states)) == len(states)
    for state in reversed(states[:-1]):
        reader.press("ArrowLeft")
        assert reader.everything == state
    reader.press("End")
    reader.press("Home")
    assert reader.everything == states[0]


def test_keys_and_buttons_do_the_same(reader: Reader, tmp_path):
    reader.read(expression(), tmp_path / "page.html")
    for button, keys, place in [
        ("next", ["ArrowRight", "PageDown"], "1/12"), ("last", ["End"], "12/12"),
        ("back", ["ArrowLeft", "PageUp"], "11/12"), ("first", ["Home"], "0/12"),
    ]:  # fmt: skip
        before = reader.place.split("/")[0]
        reader.page.click(f"#{button}")
        assert reader.place == place
        for key in keys:
            reader.ask(f"go({before}); document.activeElement.blur()")
            reader.press(key)
            assert reader.place == place
    reader.press("ArrowLeft")  # before the first step there is none
    assert reader.place == "0/12"


def test_playing_takes_a_step_at_a_time_at_the_speed_chosen(reader: Reader, tmp_path):
    reader.page.clock.install()
    reader.read(expression(), tmp_path / "page.html")
    reader.press(" ")
    assert reader.page.get_attribute("#play", "aria-label") == "pause"
    assert reader.page.get_attribute("#lines", "aria-live") == "off"  # it would never stop talking
    reader.page.clock.run_for(3300)
    assert reader.place == "2/12"
    reader.page.select_option("#speed", "4")
    reader.page.clock.run_for(1700)
    assert reader.place == "6/12"
    reader.page.click("#play")
    reader.page.clock.run_for(5000)
    assert reader.place == "6/12"
    reader.page.click("#play")
    reader.page.clock.run_for(20_000)
    assert reader.place == "12/12"
    assert reader.page.get_attribute("#play", "aria-label") == "play"
    assert reader.page.get_attribute("#lines", "aria-live") == "polite"
    reader.page.click("#play")  # from the end it starts again
    assert reader.place == "0/12"


def test_the_keys_go_on_stepping_after_the_mouse_was_used(reader: Reader, tmp_path):
    reader.read(expression(), tmp_path / "page.html")
    reader.page.select_option("#speed", "4")
    reader.press("ArrowRight")
    assert (reader.place, reader.page.input_value("#speed")) == ("1/12", "4")
    reader.page.click("#next")
    reader.press(" ")
    assert reader.page.locator("#play.playing").count() == 1
    reader.press(" ")
    reader.page.focus("#back")
    reader.press("Enter")
    assert reader.ask("document.activeElement.id") == "back"


@pytest.mark.parametrize("button", ["#theme", "#show-table"])
def test_space_plays_also_after_a_click_on_a_button_above(reader: Reader, tmp_path, button):
    reader.read(expression(), tmp_path / "page.html")
    look = "[document.documentElement.dataset.theme, byId('table').hidden]"
    reader.page.click(button)
    chosen = reader.ask(look)
    reader.press(" ")
    assert reader.page.locator("#play.playing").count() == 1
    assert reader.ask(look) == chosen
    reader.press(" ")
    reader.page.focus(button)
    reader.press(" ")  # a button that keys have reached is pressed by them, and keeps the focus
    assert reader.ask(look) != chosen
    assert f"#{reader.ask('document.activeElement.id')}" == button


def test_the_scrubber_goes_anywhere(reader: Reader, tmp_path):
    reader.read(expression(), tmp_path / "page.html")
    scrubber = reader.page.locator("#scrubber")
    scrubber.fill("9")
    assert reader.place == "9/12"
    assert scrubber.get_attribute("aria-valuetext").startswith("9: ")
    scrubber.focus()
    reader.press("ArrowLeft")
    assert reader.place == "8/12"
    reader.press("End")
    assert reader.place == "12/12"
    reader.press("ArrowLeft", 2)
    assert scrubber.input_value() == "10"


def test_the_camera_frames_both_ends_of_a_step(reader: Reader, tmp_path):
    reader.page.emulate_media(reduced_motion="reduce")
    reader.read(chain(), tmp_path / "page.html")
    count = reader.ask("steps.length")
    for k in (5, count // 2 + 9, count - 1):
        reader.ask(f"go({k})")
        assert reader.ask(
            "(() => { const frame = byId('graph').getBoundingClientRect();"
            " return endsOf(steps[at - 1]).every((id) => { const { left, right } ="
            " view.elements.get(id).getBoundingClientRect();"
            " return left >= frame.left - 1 && right <= frame.right + 1; }); })()"
        ), k


def test_of_many_receivers_the_camera_frames_the_giver_and_those_near_it(reader: Reader, tmp_path):
    x, h = Value(0.5, label="x"), Value(0.1, label="h")
    for k in range(8):
        with group(f"step {k}"):
            h = tanh(h * Value(0.3, label=f"w{k}") + x)
    reader.calm().read(h, tmp_path / "page.html", names={})
    for k in range(1, reader.ask("steps.length") + 1):
        reader.ask(f"go({k})")
        assert reader.ask(
            "(() => { const frame = byId('graph').getBoundingClientRect();"
            " const { left, right, top, bottom } ="
            " view.elements.get(endsOf(steps[at - 1])[0]).getBoundingClientRect();"
            " return left >= frame.left - 1 && right <= frame.right + 1"
            " && top >= frame.top - 1 && bottom <= frame.bottom + 1; })()"
        ), k


def test_two_hundred_nodes_step_without_lag(reader: Reader, tmp_path):
    reader.read(chain(), tmp_path / "page.html")
    times = reader.ask(
        "steps.map((_, k) => { const t = performance.now(); show(k);"
        " document.body.offsetHeight; return performance.now() - t; })"
    )
    assert statistics.median(times) < 40 * slowness(reader.page)  # milliseconds


def test_a_leaf_alone_has_a_lesson_of_one_step(reader: Reader, tmp_path):
    reader.read(Value(2.0, label="x"), tmp_path / "page.html")
    reader.press("ArrowRight")
    assert reader.place == "1/1"
    assert reader.lines == ["x.grad = ∂x/∂x", " = 1.0"]
