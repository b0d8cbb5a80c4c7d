"""axe-core, the checker of accessibility, finds nothing on lessons."""

import math
from typing import Any

import pytest

from autograd import Value, lesson
from nn import MLP, Neuron, mse_loss
from tests.axe import Axe
from tests.show.pages.lessons.reader import Reader, batch, many_rows


def neuron() -> Value:
    model = Neuron(2, "tanh", expanded=True)
    return model([Value(2.0, label="x1"), Value(math.pi, label="x2")])


@pytest.mark.parametrize("build", [neuron, batch, many_rows])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 720), (390, 844)])
def test_axe_finds_nothing(browser: Any, axe: Axe, tmp_path, build, scheme, size):
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=scheme
    )
    reader = Reader(context.new_page()).calm()
    lesson(build(), tmp_path / "page.html", names={})
    reader.open(tmp_path / "page.html")
    assert axe.violations(reader.page) == []
    reader.press("End")
    if not reader.page.locator("#table").is_visible():
        reader.page.click("#show-table")
    assert axe.violations(reader.page) == []
    reader.page.click("#help")
    assert axe.violations(reader.page) == []
    context.close()


def test_axe_finds_nothing_where_boxes_have_a_frame(browser: Any, axe: Axe, tmp_path):
    reader = Reader(browser.new_context(viewport={"width": 1280, "height": 720}).new_page()).calm()
    reader.read(batch(), tmp_path / "page.html", names={})
    reader.box("layer1 ×4").click()
    assert reader.page.locator("#graph .frame").count() == 1
    assert axe.violations(reader.page) == []
    reader.page.context.close()


def test_axe_can_find_something(browser: Any, axe: Axe, tmp_path):
    context = browser.new_context()
    reader = Reader(context.new_page()).read(
        mse_loss([MLP(1, [1])([1.0])], [0.0]), tmp_path / "p.html"
    )
    reader.ask("document.body.append(document.createElement('button'))")
    assert any(found.startswith("button-name") for found in axe.violations(reader.page))
    context.close()
