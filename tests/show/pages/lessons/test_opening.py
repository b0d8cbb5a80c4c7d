"""What closed boxes say; opening, closing and links to what is open."""

import math
from typing import Any

import pytest

from autograd.graph import topological_order
from autograd.wording import show_number
from tests.show.pages.lessons.reader import (
    Reader,
    batch,
    many_rows,
    network,
    recurrent,
    two_hidden_layers,
    typeset,
)


def texts_of(box: Any) -> list[str]:
    return [text.strip() for text in box.locator("text").all_text_contents()]


# -- what a closed box says --------------------------------------------------------------------


def test_a_closed_box_says_what_it_is_and_its_norms(reader: Reader, tmp_path):
    output = batch()
    reader.read(output, tmp_path / "page.html", names={})
    box = reader.box("layer0 ×4")
    assert texts_of(box) == ["layer0 ×4", "3 → 4, tanh", "‖data‖ –", "‖grad‖ –"]
    assert texts_of(reader.box("inputs"))[:2] == ["inputs", "4 rows × 3"]
    reader.press("End")
    output.backward()
    hidden = [node for node in topological_order(output) if node.op == "tanh"]
    norms = (math.hypot(*(n.data for n in hidden)), math.hypot(*(n.grad for n in hidden)))
    shown = [typeset(show_number(norm)) for norm in norms]
    assert texts_of(box)[2:] == [f"‖data‖ {shown[0]}", f"‖grad‖ {shown[1]}"]


def test_what_users_named_is_not_folded_away(reader: Reader, tmp_path):
    reader.read(recurrent(), tmp_path / "page.html", names={})
    for name in ["w_x", "w_h", "b", *[f"x[{t}]" for t in (1, 2, 3)]]:
        assert reader.box(name).count() == 1


# -- opening and closing -----------------------------------------------------------------------


@pytest.mark.parametrize("build", [network, batch, many_rows])
def test_every_folded_box_opens_by_a_click_and_closes_by_a_button(reader: Reader, tmp_path, build):
    reader.calm().read(build(), tmp_path / "page.html", names={})
    first = reader.boxes
    opened = [key for key in first if key.startswith("f")]
    assert len(opened) > 2
    for key in opened:
        reader.page.locator(f"#{key}").click()
        assert key not in reader.boxes
        assert {*first} - {key} < {*reader.boxes}  # the others stay
        assert not reader.page.locator("#detail").is_visible()  # it opens in place, in no window
        reader.page.locator("#closing button").last.click()
        assert sorted(reader.boxes) == sorted(first)
        assert reader.page.locator("#closing button").count() == 0


def test_a_box_not_yet_reached_opens_by_a_click_beside_its_words_too(reader: Reader, tmp_path):
    reader.calm().read(batch(), tmp_path / "page.html", names={})
    key = next(key for key in reader.boxes if key.startswith("f") and "ahead" in looks(reader, key))
    size = reader.page.locator(f"#{key} > path").bounding_box()
    assert size is not None
    between_lines = {"x": 12, "y": 0.6 * size["height"]}
    reader.page.locator(f"#{key} > path").click(position=between_lines, timeout=3000)
    assert key not in reader.boxes


def looks(reader: Reader, key: str) -> str:
    return reader.page.locator(f"#{key}").get_attribute("class") or ""


def test_a_pile_opens_as_one_row_and_its_rest_closes_it(reader: Reader, tmp_path):
    reader.calm().read(batch(), tmp_path / "page.html", names={})
    first = sorted(reader.boxes)
    reader.box("inputs").click()
    shown = [
        sorted(reader.ask("view.boxes.filter((box) => box.node !== undefined).map((b) => b.id)"))
    ]
    for typed, row in [("3", 2), ("99", 3), ("-4", 0), ("2.4", 1)]:
        reader.page.fill("#row", typed)
        reader.press("Enter")
        assert (reader.ask("view.cut.row"), reader.page.input_value("#row")) == (row, str(row + 1))
        shown.append(sorted(reader.boxes))
    assert len({*map(tuple, shown)}) == 5
    reader.box("inputs: 3 more").click()
    assert sorted(reader.boxes) == first
    assert not reader.page.locator("#choosing").is_visible()


def test_keys_open_and_close_and_the_focus_stays_in_the_graph(reader: Reader, tmp_path):
    reader.calm().read(batch(), tmp_path / "page.html", names={})
    reader.box("layer0 ×4").focus()
    reader.press("Enter")
    assert reader.focused.startswith("layer0.neuron")
    reader.press("ArrowDown")  # it moves on in the graph, and makes no step
    assert reader.focused.startswith("layer0.neuron")
    assert reader.place.startswith("0/")
    reader.press("Backspace")
    assert reader.focused.startswith("layer0 ×4")
    assert reader.page.locator("#graph [tabindex='0']").count() == 1


def test_a_leaf_reached_by_keys_has_the_focus_again_after_it_was_changed(reader: Reader, tmp_path):
    reader.calm().read(recurrent(), tmp_path / "page.html", names={})
    reader.box("w_h").focus()
    reader.press("Enter")
    reader.page.fill("#touching-number", "0.25")
    reader.press("Enter")
    assert reader.focused == "w_h"
    assert reader.numbers("w_h")[0] == "data 0.25"
    reader.box("w_h").click()  # the mouse leaves it to the keys to make steps
    reader.press("Escape")
    reader.press("ArrowRight")
    assert reader.place.startswith("1/")


def test_opened_boxes_row_and_step_stand_in_the_link(reader: Reader, tmp_path):
    reader.calm().read(batch(), tmp_path / "page.html", names={})
    reader.box("layer0 ×4").click()
    reader.box("inputs").click()
    reader.page.fill("#row", "3")
    reader.press("Enter")
    reader.ask("go(4)")
    seen, boxes, link = reader.everything, reader.boxes, reader.link
    reader.page.goto("about:blank")
    reader.open(tmp_path / "page.html", link)
    assert (reader.boxes, reader.ask("view.cut.row")) == (boxes, 2)
    assert reader.everything == seen
    reader.ask("location.hash = location.hash.replace('step=4', 'step=1')")  # in the same tab
    reader.page.wait_for_function("() => at === 1")


@pytest.mark.parametrize(
    "junk", ["open=5 99 -1 x", "row=1e9", "row=-7", "step=-5", "step=x", "set=0:x 99:1 1:1e999 2"]
)
def test_a_link_with_nonsense_for_this_graph_breaks_nothing(reader: Reader, tmp_path, junk):
    reader.read(batch(), tmp_path / "page.html", names={})
    before = sorted(reader.boxes), reader.place, reader.table
    mark = reader.ask("data.fingerprint")
    reader.page.goto("about:blank")
    reader.open(tmp_path / "page.html", f"#graph={mark}&{junk}")
    reader.press("End")
    reader.press("Home")
    assert (sorted(reader.boxes), reader.place, reader.table) == before


def test_opening_keeps_the_place_in_the_lesson(reader: Reader, tmp_path):
    reader.calm().read(network(), tmp_path / "page.html", names={})
    backward = reader.ask("steps.findIndex((step) => step.kind === 'backward')")
    for start in (0, 2, backward, backward + 2, reader.ask("steps.length")):
        reader.open(tmp_path / "page.html")
        reader.ask(f"go({start})")
        before = reader.ask(
            "steps.slice(0, at).flatMap((s) => s.edges ?? []).sort((a, b) => a - b)"
        )
        for _ in range(3):
            reader.ask(
                "showCut(view.cut.toggled(view.boxes.find((box) => box.fold !== undefined).fold))"
            )
            now = reader.ask(
                "steps.slice(0, at).flatMap((s) => s.edges ?? []).sort((a, b) => a - b)"
            )
            assert now == before, start


# -- frames ------------------------------------------------------------------------------------

PLACES = """
    (() => {
      const place = (id) => (({ left, right, top, bottom }) => ({ left, right, top, bottom }))(
        view.elements.get(id).getBoundingClientRect());
      const lines = [...document.querySelectorAll("#graph .frames rect")]
        .map((line) => line.getBoundingClientRect());
      return view.frames.map(({ id, fold }, k) => ({
        fold, title: folds.folds[fold].title, name: place(id),
        frame: (({ left, right, top, bottom }) => ({ left, right, top, bottom }))(
          lines[lines.length - 1 - k]),
        boxes: view.boxes.map((box) => ({
          isInside: folds.nodesIn(-1 - fold).includes(box.nodes[0]), place: place(box.id) })),
      }));
    })()
"""


def overlap(a: dict[str, float], b: dict[str, float]) -> bool:
    return (
        a["left"] < b["right"] and b["left"] < a["right"]
        and a["top"] < b["bottom"] and b["top"] < a["bottom"]
    )  # fmt: skip


def within(a: dict[str, float], b: dict[str, float]) -> bool:
    return (
        b["left"] <= a["left"] and a["right"] <= b["right"]
        and b["top"] <= a["top"] and a["bottom"] <= b["bottom"]
    )  # fmt: skip


@pytest.mark.parametrize("build", [network, batch, many_rows, two_hidden_layers])
def test_a_frame_holds_what_an_opened_box_held_and_nothing_else(reader: Reader, tmp_path, build):
    reader.calm().read(build(), tmp_path / "page.html", names={})
    assert reader.ask(PLACES) == []  # the reader has opened nothing
    given, framed = reader.ask("data.cut.open"), 0
    for _ in range(4):
        reader.ask(
            "(() => { const closed = view.boxes.filter((box) => box.fold !== undefined);"
            " clicked({ box: closed[closed.length >> 1] }); })()"
        )
        for frame in reader.ask(PLACES):
            framed += 1
            assert frame["fold"] not in given
            for box in frame["boxes"]:
                assert within(box["place"], frame["frame"]) == box["isInside"]
                assert overlap(box["place"], frame["frame"]) == box["isInside"]
                assert not overlap(box["place"], frame["name"])
    assert framed > 0
    assert reader.complaints == []


def test_the_name_of_a_frame_closes_it(reader: Reader, tmp_path):
    reader.calm().read(batch(), tmp_path / "page.html", names={})
    first = sorted(reader.boxes)
    reader.box("layer1 ×4").click()
    name = reader.page.get_by_role("button", name="close layer1 ×4").and_(
        reader.page.locator("#graph *")
    )
    assert name.locator("text").text_content() == "✕ layer1 ×4"
    assert 14 * reader.ask("view.factor") >= 14
    name.click()
    assert sorted(reader.boxes) == first
    assert reader.page.locator("#graph .frame").count() == 0


def test_keys_reach_the_name_of_a_frame(reader: Reader, tmp_path):
    reader.calm().read(batch(), tmp_path / "page.html", names={})
    reader.box("layer1 ×4").focus()
    reader.press("Enter")
    reader.press("ArrowUp")
    assert reader.focused == "✕ layer1 ×4"
    reader.press("Enter")
    assert reader.focused == "layer1 ×4"
    assert reader.page.locator("#graph .frame").count() == 0
