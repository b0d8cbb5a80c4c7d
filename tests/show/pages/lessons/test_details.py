"""What a click tells, and how all of a lesson is reached by keys."""

import pytest

from autograd import Value
from tests.show.pages.lessons.reader import Reader, expression


def test_a_click_on_a_node_tells_its_detail(reader: Reader, tmp_path):
    reader.read(expression(), tmp_path / "page.html")
    reader.page.click("#show-table")
    reader.page.locator("#table tbody button", has_text="a").first.click()
    assert "No gradient has come this way yet." in reader.text("#told")
    assert "0.4621" not in reader.text("#told")  # it gives nothing away
    reader.close_detail()
    reader.press("End")
    reader.page.locator("#table tbody button", has_text="a").first.click()
    assert reader.text("#detail-title") == "a"
    detail = reader.text("#told")
    assert "A leaf: its data was given, not computed." in detail
    assert "L = v2*a → a:" not in detail  # the arithmetic says it
    assert "a.grad += L.grad × ∂L/∂a = 1.0 × v2 ≈ 1.0 × 0.4621 ≈ 0.4621" in detail
    assert "1.573 × (−3.0) ≈ −4.719" in detail
    assert "a.grad ≈ −4.257" in detail
    reader.page.locator("#told button").nth(1).click()
    assert reader.lines[0].startswith("a.grad += d.grad")
    assert not reader.page.locator("#detail").is_visible()


def test_a_click_on_a_result_tells_how_it_was_computed(reader: Reader, tmp_path):
    reader.read(expression(), tmp_path / "page.html")
    reader.box("d = a*b").click()
    assert "It has not been computed yet." in reader.text("#told")
    reader.close_detail()
    reader.press("ArrowRight")
    reader.box("d = a*b").click()
    assert "d = a*b = 2.0 × (−3.0) = −6.0" in reader.text("#told")


def test_a_name_that_is_a_formula_is_in_parentheses_before_grad(reader: Reader, tmp_path):
    reader.read(Value(2.0, label="my x") * 3.0, tmp_path / "page.html")
    reader.press("End")
    if reader.page.locator("#table").is_hidden():
        reader.page.click("#show-table")
    reader.page.locator("#table tbody button").first.click()
    assert reader.page.locator("#told p").last.text_content() == "(my x).grad = 3.0"


def test_a_click_on_an_edge_tells_its_detail(reader: Reader, tmp_path):
    reader.page.emulate_media(reduced_motion="reduce")
    reader.read(expression(), tmp_path / "page.html")
    reader.press("End")
    for k, edge in enumerate(reader.page.locator("#graph g.edge").all()):
        middle = edge.locator("path").first.evaluate(
            "(path) => { const { x, y } = path.getPointAtLength(path.getTotalLength() / 2);"
            " const at = new DOMPoint(x, y).matrixTransform(path.getScreenCTM());"
            " return [at.x, at.y + 4]; }"  # beside the line, as a hand would
        )
        reader.page.mouse.click(*middle)
        assert reader.text("#detail-title") == edge.get_attribute("aria-label")
        assert reader.page.locator("#told button").count() == 1, k
        reader.close_detail()
        assert not reader.page.locator("#detail").is_visible()


def test_controls_come_first_and_the_graph_is_one_stop(reader: Reader, tmp_path):
    reader.read(expression(), tmp_path / "page.html")
    names = []
    for _ in range(40):
        reader.press("Tab")
        names.append(
            reader.ask(
                "(() => { const e = document.activeElement; return e === document.body ? '' :"
                " (e.getAttribute('aria-label') || e.labels?.[0]?.textContent ||"
                " (e.querySelector('text') ?? e).textContent).trim(); })()"
            )
        )
        if names[-1] == "" or (len(names) > 5 and names[-1] == names[0]):
            break
    assert names[0] == "play"  # the two before it can do nothing at the start
    for name in ["next step", "to the end", "step", "predict", "light / dark"]:
        assert name in names
    assert names.index("light / dark") < names.index("a")
    in_graph = [name for name in names if name in ("a", "b", "c", "d = a*b") or "→" in name]
    assert in_graph == ["a"]


@pytest.mark.parametrize(
    ("keys", "ends_at"),
    [(["ArrowRight"], "d = a*b"), (["ArrowRight", "ArrowRight"], "v1 = d + c")],
)
def test_arrows_move_within_the_graph(reader: Reader, tmp_path, keys, ends_at):
    reader.read(expression(), tmp_path / "page.html")
    reader.ask("view.elements.get(view.boxes[0].id).focus()")
    for key in keys:
        reader.press(key)
    assert reader.focused == ends_at
    assert reader.place == "0/12"  # they did not step
    reader.press("Enter")
    assert reader.text("#detail-title") == ends_at.split(" ")[0]
    reader.close_detail()
    assert reader.focused == ends_at
    assert reader.page.locator("#graph [tabindex='0']").count() == 1


def test_a_key_shows_all_keys(reader: Reader, tmp_path):
    reader.read(expression(), tmp_path / "page.html")
    reader.press("?")
    for key in ("Page Down", "Home", "Space", "Ctrl-Z", "full screen"):
        assert key in reader.text("#told")
    reader.close_detail()
    reader.press("f")
    reader.page.wait_for_selector(":root:fullscreen", state="attached")


def test_space_plays_also_after_a_detail_that_the_mouse_opened(reader: Reader, tmp_path):
    reader.read(expression(), tmp_path / "page.html")
    reader.page.click("#show-table")
    reader.page.locator("#table tbody button").first.click()
    reader.close_detail()
    reader.press(" ")
    assert not reader.page.locator("#detail").is_visible()
    assert reader.page.locator("#play.playing").count() == 1
