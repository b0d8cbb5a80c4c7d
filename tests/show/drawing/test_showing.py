"""draw(...).show(): the page that it opens, in which boxes open and close."""

import tempfile
import webbrowser
from pathlib import Path
from typing import Any

import pytest

from autograd import LayoutError, Value, draw, group, total
from demos.class_repository.engine import Value as Student
from nn import MLP, mse_loss
from tests.pictures import product


@pytest.fixture
def opened(tmp_path, monkeypatch) -> list[str]:
    """The addresses that a browser was asked to open; files are written to a folder of the test."""
    addresses: list[str] = []
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(webbrowser, "open", lambda uri: addresses.append(uri) or True)
    return addresses


def loss() -> Value:
    """Return a loss over four rows, too large to be drawn node by node."""
    model = MLP(3, [4, 1], rng=0)
    outputs = [model([1.0, 2.0, float(k)]) for k in range(4)]
    found = mse_loss(outputs, [1.0, -1.0, 1.0, -1.0])
    found.label = "loss"
    found.backward()
    return found


# -- in the browser or not -----------------------------------------------------------------------


def test_show_opens_a_page_in_the_browser(opened, tmp_path):
    draw(product()).show()
    (path,) = tmp_path.rglob("*.html")
    assert opened == [path.as_uri()]


def test_show_says_where_the_picture_is_if_there_is_no_browser(
    opened, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(webbrowser, "open", lambda uri: False)
    draw(product()).show()
    (path,) = tmp_path.rglob("*.html")
    assert str(path) in capsys.readouterr().out


@pytest.mark.usefixtures("opened", "no_embedded_engine", "no_system_dot")
def test_show_leaves_no_file_behind_if_there_is_no_engine(tmp_path):
    with pytest.raises(LayoutError):
        draw(product()).show()
    assert not list(tmp_path.rglob("graph*"))


def test_a_graph_too_large_for_a_page_is_shown_as_the_picture_it_is(opened):
    with group("sum"):
        output = total([Value(1.0) for _ in range(20_000)])
    picture = draw(output, names={})
    picture.show()
    assert Path(opened[0].removeprefix("file://")).read_text(encoding="utf-8") == picture.svg


# -- the page --------------------------------------------------------------------------------------


@pytest.fixture
def shown(browser: Any, opened: list[str]):
    """A function that shows a picture, and returns the page once it is drawn."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    context.set_default_timeout(10_000)  # milliseconds
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))

    def show(output: Any, **options: Any) -> Any:
        draw(output, **options).show()
        page.goto(opened[-1])
        page.wait_for_selector("#board[data-version]")
        return page

    yield show
    assert complaints == []
    context.close()


def box(page: Any, name: str) -> Any:
    """Return the box whose name for screen readers begins with this."""
    return page.locator(f'#graph g.node[aria-label^="{name}"]')


def test_a_closed_box_opens_on_a_click(shown):
    page = shown(loss(), fold="MLP")
    assert page.title() == "loss"
    box(page, "MLP ×4").click()
    assert box(page, "MLP ×4").count() == 0
    assert box(page, "layer0 ×4").count() == 1


def test_the_numbers_are_those_of_the_picture(shown):
    page = shown(product())
    assert box(page, "a,").locator("text").all_text_contents() == ["a", "data 2.0", "grad −3.0"]


def test_options_hold_in_the_page_too(shown):
    page = shown(product(), direction="TB", locals=False, theme="dark", digits=2)
    tops = [box(page, name).bounding_box()["y"] for name in ("a,", "c = ")]
    assert tops[0] < tops[1]
    assert page.locator("#graph g.edge text").count() == 0
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"


def test_a_named_fold_is_where_the_page_begins(shown):
    assert box(shown(loss(), fold="MLP"), "MLP").count() == 1
    assert box(shown(loss(), fold="neuron"), "layer0.neuron").count() == 4


def test_nothing_is_said_before_the_layout_engine_has_come(shown, browser, opened):
    shown(product())
    page = browser.new_page()
    page.add_init_script("""
        const compile = WebAssembly.compile, pause = () => new Promise((go) => setTimeout(go, 300));
        WebAssembly.compile = async (bytes) => { await pause(); return compile(bytes); };
    """)
    page.goto(opened[-1])
    page.wait_for_selector("#board[data-version]")
    assert box(page, "a,").count() == 1
    assert page.text_content("#note") == ""
    page.close()


def test_of_an_opened_pile_the_next_row_can_be_shown(shown):
    page = shown(loss(), fold="MLP")
    box(page, "inputs").click()
    assert box(page, "inputs: 3 more").count() == 1
    numbers = page.locator("#graph g.node text.number").all_text_contents()
    page.get_by_role("button", name="row 2 of 4").click()
    assert page.get_by_role("button", name="row 3 of 4").count() == 1
    assert page.locator("#graph g.node text.number").all_text_contents() != numbers


def test_the_graph_of_a_students_engine_opens_too(shown):
    a, b = Student(2.0), Student(-3.0)
    assert box(shown(a * b + a, names={"a": a, "b": b}), "b,").count() == 1


def test_on_paper_the_whole_picture_is_there(shown):
    page = shown(loss(), fold="none")
    page.emulate_media(media="print")
    drawn = page.locator("#graph > svg").bounding_box()
    assert drawn["x"] >= 0
    assert drawn["x"] + drawn["width"] <= 1280
    assert drawn["height"] <= 720
    assert page.locator("#controls").is_hidden()


def test_without_scripts_the_picture_stands_there(browser: Any, opened):
    draw(product()).show()
    page = browser.new_page(java_script_enabled=False)
    page.goto(opened[-1])
    assert page.locator("#graph g.node").count() == 5
    assert page.locator("#graph g.node").first.is_visible()
    page.close()
