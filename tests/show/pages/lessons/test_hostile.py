"""What users wrote is text on the page and nothing else; the page asks nobody for anything."""

import re
from pathlib import Path
from typing import Any

import pytest

from autograd import Value, lesson
from tests.drawn import HOSTILE, NASTY
from tests.show.pages.lessons.reader import GRAPHS, Reader, batch, expression


def written(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_every_nasty_label_is_drawn_anew_as_itself(reader: Reader, tmp_path):
    labels = [label.replace("\n", " ") for label in [*NASTY, 'a fill="red" stroke="blue"']]
    output = Value(1.0, label=labels[0])
    for label in labels[1:]:
        output = output * Value(1.0, label=label)
    reader.read(output, tmp_path / "page.html", names={})
    texts = "[...document.querySelectorAll('#graph text.title')].map((t) => t.textContent.trim())"
    python_drew = sorted(reader.ask(texts))
    reader.ask("view.draw()")
    page_drew = sorted(reader.ask(texts))
    squeezed = [" ".join(text.split()) for text in page_drew]
    assert squeezed == [" ".join(text.split()) for text in python_drew]
    for label in labels:
        assert " ".join(label.split()) in squeezed


def test_names_of_folds_are_text_too(reader: Reader, tmp_path):
    output = batch()
    output.label = HOSTILE[0]
    reader.read(output, tmp_path / "page.html", names={})
    reader.press("End")
    assert HOSTILE[0] in reader.text("#graph")
    assert reader.page.locator("img").count() == 0


def test_the_policy_is_as_strict_as_can_be(tmp_path):
    lesson(expression(), tmp_path / "page.html")
    page = written(tmp_path / "page.html")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-\S+'; base-uri 'none'; form-action 'none';"
        r" script-src 'sha256-\S+' 'wasm-unsafe-eval'",
        policy,
    )


def test_no_code_is_made_of_text(tmp_path):
    lesson(expression(), tmp_path / "page.html")
    script = re.findall(r"<script>(.*?)</script>", written(tmp_path / "page.html"), re.DOTALL)
    assert len(script) == 1
    assert not re.search(r"\beval\(|new Function|innerHTML|outerHTML|insertAdjacent", script[0])


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf"), 5e-324, 1.7e308])
def test_odd_numbers_break_nothing(reader: Reader, tmp_path, number):
    output = Value(number, label="x") * Value(2.0, label="y") + 1.0
    reader.read(output, tmp_path / "page.html", names={})
    reader.press("End")
    output.backward()
    shown = reader.numbers("x")[0].removeprefix("data ").lstrip("≈").replace("−", "-")
    assert shown == f"{number}" or float(shown) == pytest.approx(number, rel=1e-3)
    reader.box("y").click()
    reader.page.fill("#touching-number", "3")
    reader.press("Enter")
    assert reader.numbers("y")[0] == "data 3.0"
    reader.press("r")
    assert reader.numbers("y")[0] == "data 2.0"


# -- without JavaScript ------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["fractions", "expression", "a batch"])
def test_without_scripts_picture_and_table_are_complete(browser: Any, tmp_path, name):
    output = GRAPHS[name]()
    lesson(output, tmp_path / "page.html", names={})
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto((tmp_path / "page.html").as_uri())
    assert page.locator("#graph svg g.node").count() > 3
    assert "grad –" not in page.locator("#graph").text_content()
    if name == "fractions":
        assert "grad 2/9" in page.locator("#graph").text_content()
    assert "JavaScript" in page.locator("noscript").inner_text()
    output.backward()
    table = page.locator("noscript table").inner_text()
    assert table.count("\n") >= 3
    assert "grad" in table
    assert not page.locator("#controls").is_visible()  # which would do nothing
    page.context.close()
