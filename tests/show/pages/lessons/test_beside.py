"""What stands beside the steps of a lesson: questions, code, an overview; and notebooks."""

import html
import re
from typing import Any

import pytest

from autograd import Value, lesson, record_sources, tanh
from nn import MLP, mse_loss


def product() -> Value:
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    c = a * b
    c.label = "c"
    return c


@pytest.fixture
def page(browser: Any) -> Any:
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    assert complaints == []
    page.close()


def opened(page: Any, output: Value, path: Any, **settings: Any) -> Any:
    lesson(output, path, **settings)
    page.goto(path.as_uri())
    page.wait_for_selector("html[data-ready]")
    return page


def press(page: Any, key: str, times: int = 1) -> None:
    for _ in range(times):
        page.keyboard.press(key)


# -- predicting --------------------------------------------------------------------------------


def test_the_next_number_is_asked_for_and_a_right_answer_takes_the_step(page, tmp_path):
    opened(page, product(), tmp_path / "page.html")
    page.click("#predict")
    assert page.text_content("#question") == "c = a*b = ? "
    page.fill("#answer", "-6")
    press(page, "Enter")
    assert page.text_content("#verdict") == "you said -6: right"
    assert page.text_content("#place").startswith("1/")


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ("-3", "you said -3: no; that is the local derivative: multiply by the upstream gradient"),
        ("9", "you said 9: no; the size is right, the sign is not"),
        ("1.5", "you said 1.5: no"),
        ("much", "much is not a number; type one, as in -3 or 1*-3"),
    ],
)
def test_a_wrong_answer_is_told_what_it_is(page, tmp_path, answer, verdict):
    opened(page, product(), tmp_path / "page.html", seed=3)
    page.click("#predict")
    press(page, "Escape")
    page.evaluate("go(2)")  # what comes is the contribution to a: 3 × (-3)
    assert page.text_content("#question") == "c = a*b → a: a.grad += ? "
    page.fill("#answer", answer)
    press(page, "Enter")
    assert page.text_content("#verdict").startswith(verdict)
    assert page.text_content("#place").startswith("2/")


def test_only_enter_shows_the_number_and_is_not_asked(page, tmp_path):
    opened(page, product(), tmp_path / "page.html")
    page.click("#predict")
    press(page, "Enter")
    assert page.text_content("#place").startswith("1/")
    assert page.evaluate("predicting.score()") == "predicted: 0 of 0 right"


def test_at_the_end_the_score_is_told(page, tmp_path):
    opened(page, product(), tmp_path / "page.html")
    page.click("#predict")
    for answer in ("6", "-6"):
        page.fill("#answer", answer)
        press(page, "Enter")
    page.evaluate("go(steps.length)")
    assert page.text_content("#question") == "predicted: 1 of 2 right"


# -- code --------------------------------------------------------------------------------------


def test_recorded_lines_stand_beside_the_graph_and_the_current_one_is_lit(page, tmp_path):
    with record_sources():
        x = Value(0.5, label="x")

        y = x * x
        z = tanh(y)
    opened(page, z, tmp_path / "page.html", names={"x": x, "y": y, "z": z})
    lines = page.locator("#code li").all_text_contents()
    assert [line.strip() for line in lines] == [
        'x = Value(0.5, label="x")', "", "y = x * x", "z = tanh(y)",
    ]  # fmt: skip
    lit = page.locator("#code li.lit")
    press(page, "ArrowRight")
    assert lit.all_text_contents() == ["y = x * x"]
    press(page, "ArrowRight")
    assert lit.all_text_contents() == ["z = tanh(y)"]
    press(page, "ArrowRight", 2)  # z hands on to y
    assert lit.all_text_contents() == ["z = tanh(y)"]
    press(page, "ArrowRight")
    assert lit.all_text_contents() == ["y = x * x"]
    page.click("#show-code")
    assert page.locator("#code").is_hidden()


def test_a_neuron_beside_its_code_is_seen_whole_and_node_by_node(page, tmp_path):
    x1, x2, w1, w2, b = (Value(0.5, label=name) for name in ("x1", "x2", "w1", "w2", "b"))
    with record_sources():
        n = x1 * w1 + x2 * w2
        o = tanh(n + b)
    opened(page, o, tmp_path / "page.html", names={"n": n, "o": o})
    assert page.locator("#graph g.node.folded").count() == 0
    frame = page.locator("#graph").bounding_box()
    for box in page.locator("#graph g.node").all():
        place = box.bounding_box()
        assert place["x"] >= frame["x"]
        assert place["x"] + place["width"] <= frame["x"] + frame["width"]


def test_without_recorded_lines_there_is_no_code(page, tmp_path):
    opened(page, product(), tmp_path / "page.html")
    assert page.locator("#code").is_hidden()
    assert page.locator("#show-code").is_hidden()


def test_on_a_phone_a_line_of_code_leaves_the_room_to_the_picture(page, tmp_path):
    page.set_viewport_size({"width": 390, "height": 844})
    with record_sources():
        output = tanh(Value(0.5, label="x"))
    opened(page, output, tmp_path / "page.html")
    assert page.locator("#code").bounding_box()["height"] < 80


# -- where a step is ---------------------------------------------------------------------------


def test_the_numbers_of_a_step_stand_beside_its_box(page, tmp_path):
    opened(page, product(), tmp_path / "page.html")
    press(page, "ArrowRight")
    assert page.locator("#graph .callout").text_content() == "= −6.0"
    press(page, "ArrowRight", 2)
    assert page.locator("#graph .callout").text_content() == "+= 1.0 × (−3.0) = −3.0"


CUT = """
    (() => {
      const callout = document.querySelector(".callout")?.getBoundingClientRect();
      const frame = byId("graph").getBoundingClientRect();
      return Boolean(callout) && (callout.top < frame.top || callout.bottom > frame.bottom);
    })()
"""


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (390, 844)])
def test_the_numbers_beside_a_box_are_not_cut(page, tmp_path, width, height):
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": height})
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    opened(page, tanh(a * b + a) * a, tmp_path / "page.html")
    said = 0
    for _ in range(page.evaluate("steps.length")):
        press(page, "ArrowRight")
        assert not page.evaluate(CUT)
        said += page.locator("#graph .callout").count()
    assert said > 5


def test_an_overview_shows_what_is_seen_of_a_graph_that_does_not_fit(page, tmp_path):
    chain = Value(0.5, label="x")
    for k in range(30):
        chain = tanh(chain)
        chain.label = f"step{k}"
    opened(page, chain, tmp_path / "page.html")
    seen = page.locator("#overview .seen")
    assert page.locator("#overview").is_visible()
    before = seen.get_attribute("x")
    press(page, "ArrowRight", 20)
    page.wait_for_selector(f"#overview .seen:not([x='{before}'])")
    opened(page, product(), tmp_path / "small.html")
    assert page.locator("#overview").is_hidden()


COVERED = """
    (() => {
      const map = byId("overview").getBoundingClientRect();
      const boxes = [...document.querySelectorAll("#graph g.node")];
      return boxes.filter((box) => overlap(map, box.getBoundingClientRect())).length;
    })()
"""


def test_the_overview_stands_within_a_low_frame(page, tmp_path):
    page.set_viewport_size({"width": 390, "height": 700})
    chain = Value(0.5, label="x")
    for _ in range(4):
        chain = tanh(chain)
    opened(page, chain, tmp_path / "page.html")
    page.click("#show-table")
    page.evaluate("view.map(byId('overview'))")
    frame = page.locator("#graph").bounding_box()
    assert frame["height"] < 200
    overview = page.locator("#overview").bounding_box()
    assert overview["y"] >= frame["y"]
    assert overview["y"] + overview["height"] <= frame["y"] + frame["height"]


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (390, 844)])
def test_the_overview_moves_to_a_corner_without_a_box_or_is_hidden(page, tmp_path, width, height):
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": height})
    rows = [[0.5 * k, 1.0 - k, 0.25] for k in range(4)]
    opened(page, mse_loss(MLP(3, [4, 1]).batch(rows), [1.0] * 4), tmp_path / "page.html")
    page.evaluate("showCut(new Cut(folds, new Set(folds.folds.keys()), 0))")
    seen = set()
    for _ in range(page.evaluate("steps.length")):
        press(page, "ArrowRight")
        page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
        corner = page.evaluate("byId('overview').dataset.corner ?? ''")
        assert page.locator("#overview").is_visible() == bool(corner)
        assert not corner or page.evaluate(COVERED) == 0
        seen.add(corner)
    assert len(seen) > 1


# -- notebooks ---------------------------------------------------------------------------------


def test_without_a_path_it_is_a_page_that_a_notebook_shows(page, tmp_path):
    found = lesson(product())
    assert repr(found) == "<lesson of 4 steps; .save(path)>"
    shown = found._repr_html_()
    assert len(shown) < 750_000
    (tmp_path / "notebook.html").write_text(f"<!doctype html><body>{shown}</body>", "utf-8")
    page.goto((tmp_path / "notebook.html").as_uri())
    frame = page.frame_locator("iframe")
    frame.locator("html[data-ready]").wait_for()
    frame.locator("#next").click()
    assert frame.locator("#lines").text_content() == "c = a × b = 2.0 × (−3.0) = −6.0"
    assert html.unescape(re.search('srcdoc="(.*?)"', shown, re.S)[1]) == found.html


def test_a_notebook_may_link_to_a_file_instead(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = lesson(product(), inline=False)
    shown = found._repr_html_()
    assert len(shown) < 200
    (name,) = (path.name for path in tmp_path.iterdir())
    assert f'href="{name}"' in shown
    assert (tmp_path / name).read_text("utf-8") == found.html


def test_it_can_be_saved_later(tmp_path):
    found = lesson(mse_loss(MLP(1, [2, 1])([1.0]), 0.0))
    assert "a lesson of" in found.save(tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text("utf-8") == found.html
