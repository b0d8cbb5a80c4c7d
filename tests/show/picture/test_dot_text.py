"""Labels come back letter for letter, whatever they hold."""

import re

import pytest
from hypothesis import given

from autograd import (
    Value,
    detach,
    draw,
)
from tests.drawn import LABELS, Drawn, as_drawn, nasty_examples
from tests.graphs import powers
from tests.pictures import Node


@given(LABELS)
@nasty_examples
def test_a_label_in_a_box_comes_back_letter_for_letter(label):
    drawn = Drawn(draw(Value(1.0, label=label), names={}))
    assert as_drawn("\n".join(drawn.lines("v0")[:-2])) == as_drawn(label)
    assert [line.get("class") for line in drawn.texts("v0")[-2:]] == ["number", "gradient"]


@given(LABELS)
@nasty_examples
def test_text_without_a_box_comes_back_letter_for_letter(label):
    drawn = Drawn(draw(Node(1.0, parents=(label, 2)), names={}))
    assert drawn.kind("v0") == "node constant"
    assert as_drawn("\n".join(drawn.lines("v0"))) == as_drawn(label)


@given(LABELS)
@nasty_examples
def test_a_label_on_an_edge_comes_back_letter_for_letter(label):
    label = f"x{label}"
    a, b = Value(2.0, label=label), Value(3.0, label="b")
    drawn = Drawn(draw(a * b, names={}))
    assert as_drawn("\n".join(drawn.lines("e1"))) == as_drawn(f"∂ {label} = 2.0")


@given(LABELS)
@nasty_examples
def test_a_tooltip_comes_back_letter_for_letter(label):
    drawn = Drawn(draw(Value(1.0, label=label), names={}))
    shown = drawn.tooltip("v0").removesuffix(": data 1.0, grad –")
    assert shown.strip() == label.replace("\xa0", " ").strip()


def test_a_tooltip_of_two_labels_is_no_markup_either():
    a = Value(2.0, label="<img>")
    b = a * 3.0
    b.label = "</b>"
    assert "&lt;img&gt; → &lt;/b&gt;" in draw(b, locals=False).svg


@pytest.mark.parametrize("label", ["plain", 'a|b{c}<d>&"\\e', "<b>", "x = y"])
def test_a_label_on_a_reference_comes_back_letter_for_letter(label):
    drawn = Drawn(draw(powers(12, label), names={}, fold="none"))
    assert drawn.keys("reference")
    assert {drawn.lines(key)[0] for key in drawn.keys("reference")} == {label}


@pytest.mark.parametrize("label", ["a\n\nb", "a\n", "\na"])
def test_empty_lines_in_a_label_leave_the_numbers_as_they_are(label):
    name, *_, data, _ = Drawn(draw(Value(1.0, label=label), names={})).texts("v0")
    assert (name.get("font-weight"), data.get("font-weight")) == ("bold", None)


@pytest.mark.parametrize("letter", ["\0", "\x01", "\x0b", "\r", "\x1f", "\x7f", "\x9f", "\ud800"])
def test_a_letter_that_no_svg_can_hold_is_replaced(letter, tmp_path):
    picture = draw(Value(1.0, label=f"a{letter}b"), names={})
    picture.save(tmp_path / "picture.svg")
    assert "a\ufffdb" in (tmp_path / "picture.svg").read_text(encoding="utf-8")
    assert Drawn(picture).lines("v0")[0] == "a\ufffdb"


def test_a_long_name_is_cut():
    name = Drawn(draw(Value(1.0, label="x" * 100))).lines("v0")[0]
    assert name == "x" * 39 + "…"


STICKING_OUT = """() => [...document.querySelectorAll("g.node")].flatMap((node) => {
  const box = node.querySelector("path").getBBox();
  return [...node.querySelectorAll("text")].filter((text) => {
    const { x, width } = text.getBBox();
    return x < box.x + 2 || x + width > box.x + box.width - 2;
  }).map((text) => text.textContent);
})"""
WIDE_TITLES = [
    "loss = mean([t13, t26])", "layer0.neuron12.w[13]", "MAXIMUM_LIKELIHOOD_OF_EVERYTHING",
    "i" * 40, "t_{ttt}ttttt,.,.,fff[1][2]", "%" * 40, "W" * 40, "=" * 40, "a" * 40, "G" * 40,
    "ω" * 40, "é" * 40, "Ж" * 30, "two lines\nof which the second is the longer one",
]  # fmt: skip


@pytest.mark.parametrize("fonts", ["as given", "DejaVu Sans"])
def test_a_bold_title_stays_in_its_box_on_a_screen(browser, fonts):
    page = browser.new_page()
    for title in WIDE_TITLES:
        svg = draw(powers(8, title), names={}, fold="none", locals=False).svg
        page.set_content(svg if fonts == "as given" else re.sub(r"Helvetica[^\"]*", fonts, svg))
        assert page.locator("g.leaf text.title").count()
        assert page.locator("g.reference text").count()
        assert page.evaluate(STICKING_OUT) == []
    page.close()


def test_an_edge_that_detach_cuts_is_dashed_and_ends_in_a_bar():
    x = Value(2.0, label="x")
    source = draw(detach(x) * x).source
    (cut,) = [line for line in source.splitlines() if "data cut" in line]
    assert "arrowhead=tee" in cut
    assert "style=dashed" in cut
    assert "no gradient flows here" in cut
