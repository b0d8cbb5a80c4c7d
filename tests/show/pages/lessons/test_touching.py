"""Touching a leaf: everything follows, is marked, and can be undone."""

import random
import statistics
from fractions import Fraction

import pytest

from autograd import Value, lesson, log, refresh, tanh
from autograd.graph import topological_order
from autograd.wording import show_number
from tests.pace import slowness
from tests.show.pages.lessons.reader import GRAPHS, Reader, chain, expression, typeset


def type_into(reader: Reader, title: str, text: str) -> None:
    reader.box(title).click()
    reader.page.fill("#touching-number", text)
    reader.press("Enter")


def test_a_number_typed_flows_through_data_gradients_and_words(reader: Reader, tmp_path):
    output = expression()
    reader.read(output, tmp_path / "page.html")
    reader.press("End")
    type_into(reader, "b", "-1.5")
    order = topological_order(output)
    leaf = next(node for node in order if node.label == "b")
    leaf.data = -1.5
    refresh(output)
    output.backward()
    assert reader.numbers("L = v2*a") == (f"data {show_number(output.data)}", "grad 1.0")
    for name, node in (("a", order[0]), ("b", leaf)):
        assert reader.numbers(name)[1] == f"grad {typeset(show_number(node.grad))}"
    assert "changed" in reader.box("b").get_attribute("class")
    assert "changed" in reader.box("L = v2*a").get_attribute("class")
    assert "changed" not in reader.box("c").get_attribute("class")
    reader.ask("go(1)")
    assert reader.lines == ["d = a × b", " = 2.0 × (−1.5)", " = −3.0"]


@pytest.mark.parametrize("name", [name for name in GRAPHS if name not in ("a leaf", "infinity")])
def test_touched_numbers_are_pythons(reader: Reader, tmp_path, name):
    output = GRAPHS[name]()
    order = topological_order(output)
    rng = random.Random(3)
    leaves = [k for k, node in enumerate(order) if not node.parents and not node.is_constant]
    touched = {k: float(order[k].data) * rng.uniform(0.9, 1.1) for k in leaves}
    reader.read(output, tmp_path / "page.html", names={})
    reader.ask(
        f"for (const [k, number] of {[*map(list, touched.items())]}) touching.set(k, number)"
    )
    data, grads = reader.ask("[[...graph.data], [...graph.grads]]")
    for k, number in touched.items():
        order[k].data = number
    refresh(output)
    output.backward()
    assert data == pytest.approx([node.data for node in order], rel=1e-12)
    largest = max(abs(node.grad) for node in order)
    found = [grads[k] for k, node in enumerate(order) if not node.is_constant]
    expected = [node.grad for node in order if not node.is_constant]
    assert found == pytest.approx(expected, rel=1e-11, abs=1e-12 * largest)


def test_undo_takes_back_the_last_change_and_a_key_all(reader: Reader, tmp_path):
    reader.read(expression(), tmp_path / "page.html")
    reader.press("End")
    before = reader.everything
    type_into(reader, "a", "1")
    after_one = reader.everything
    type_into(reader, "c", "0.25")
    reader.press("Control+z")
    assert reader.everything == after_one
    reader.press("Control+z")
    assert reader.everything == before
    type_into(reader, "a", "1")
    type_into(reader, "b", "7")
    reader.press("r")
    assert reader.everything == before
    assert not reader.page.locator("#undo").is_visible()


def test_untouched_again_the_numbers_are_pythons_own_texts(reader: Reader, tmp_path):
    reader.read(Value(Fraction(1, 3), label="x") * Value(3, label="y"), tmp_path / "page.html")
    reader.press("End")
    assert reader.numbers("x") == ("data 1/3", "grad 3")
    type_into(reader, "y", "6")
    assert reader.numbers("x")[1] == "grad 6.0"
    assert reader.text("#notice") == "Fractions turn to decimals as soon as a number is changed."
    reader.press("r")
    assert reader.numbers("x") == ("data 1/3", "grad 3")


def test_a_nudge_shows_the_difference_quotient_beside_the_gradient(reader: Reader, tmp_path):
    x = Value(0.5, label="x")
    output = tanh(x)
    output.backward()
    reader.read(output, tmp_path / "page.html", names={})
    reader.box("x").click()
    rows = reader.page.locator("#nudges tbody tr").all()
    cells = [row.locator("td").all_text_contents() for row in rows]
    assert [h for h, _ in cells] == ["1", "0.1", "0.01", "0.001", "0.0001"]
    slopes = [float(slope.lstrip("≈").replace("−", "-")) for _, slope in cells]
    errors = [abs(slope - x.grad) for slope in slopes]
    assert errors == sorted(errors, reverse=True)
    assert errors[-1] < 1e-3
    assert reader.text("#touching-slope") == f"x.grad ≈ {x.grad:.4f}"


@pytest.mark.parametrize("title", ["a", "b", "c"])
def test_the_panel_opens_within_the_window(reader: Reader, tmp_path, title):
    reader.read(expression(), tmp_path / "page.html")
    reader.box(title).click()
    panel = reader.page.locator("#touching").bounding_box()
    assert panel["y"] >= 0
    assert panel["y"] + panel["height"] <= 720


def test_outside_a_domain_a_node_says_so_and_what_depends_on_it_goes_grey(reader: Reader, tmp_path):
    x = Value(2.0, label="x")
    output = log(x) * 3.0 + 1.0
    reader.read(output, tmp_path / "page.html", names={"y": output})
    reader.press("End")
    type_into(reader, "x", "-1")
    assert reader.numbers("v1 = log(x)")[0] == "data undefined"
    assert "undefined" in reader.box("v1 = log(x)").get_attribute("class")
    assert "unknown" in reader.box("y = v2 + 1.0").get_attribute("class")
    assert reader.numbers("y = v2 + 1.0")[0] == "data –"
    type_into(reader, "x", "1")
    assert reader.numbers("y = v2 + 1.0")[0] == "data 1.0"
    assert reader.page.locator("#graph :is(.undefined, .unknown)").count() == 0


def test_outside_a_domain_the_steps_say_so_and_known_local_derivatives_stay(reader, tmp_path):
    x = Value(2.0, label="x")
    reader.read(log(x) * 3.0 + 1.0, tmp_path / "page.html", names={})
    type_into(reader, "x", "-1")
    told = []
    for k in range(1, 8):
        reader.ask(f"go({k})")
        told.append("".join(reader.lines[-1:]))
    assert told == [
        " = undefined", " = undefined", " = undefined", " = 1.0",
        " = 1.0 × 1.0 = 1.0", " = 1.0 × 3.0 = 3.0", " = 3.0 × undefined = undefined",
    ]  # fmt: skip
    assert "nan" not in reader.everything


@pytest.mark.parametrize("typed", ["", "abc", "1e999", "--2"])
def test_what_is_no_number_changes_nothing(reader: Reader, tmp_path, typed):
    reader.read(expression(), tmp_path / "page.html")
    reader.box("a").click()
    reader.page.fill("#touching-number", typed)
    assert reader.page.get_attribute("#touching-number", "aria-invalid") == "true"
    reader.press("Enter")
    assert reader.numbers("a")[0] == "data 2.0"
    assert not reader.page.locator("#undo").is_visible()


def test_arrow_keys_and_dragging_change_a_number_too(reader: Reader, tmp_path):
    reader.read(expression(), tmp_path / "page.html")
    reader.box("a").click()
    reader.press("ArrowUp", 2)
    assert reader.page.input_value("#touching-number") == "2.2"
    reader.press("Escape")
    assert reader.numbers("a")[0] == "data 2.2"
    number = reader.box("c").locator("text.number").bounding_box()
    x, y = number["x"] + number["width"] / 2, number["y"] + number["height"] / 2
    reader.page.mouse.move(x, y)
    reader.page.mouse.down()
    reader.page.mouse.move(x + 40, y, steps=4)
    reader.page.mouse.up()
    assert reader.numbers("c")[0] == "data 7.0"
    assert not reader.page.locator("#touching").is_visible()  # it was no click
    reader.press("Control+z", 1)
    assert reader.numbers("c")[0] == "data 6.5"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("-1.234567e-100", "≈−1.235e−100"), ("123456.5", "≈1.235e+05"),
        ("1.23456e-5", "≈1.235e−05"), ("123456", "123456.0"),
    ],
)  # fmt: skip
def test_a_longer_number_gets_a_wider_box(reader: Reader, tmp_path, typed, shown):
    a = Value(0.5, label="a")  # no other box has a long number
    reader.read(tanh(a) + 1.0, tmp_path / "page.html", names={"a": a})
    type_into(reader, "a", "0.12345")
    type_into(reader, "a", typed)
    assert reader.numbers("a")[0] == f"data {shown}"
    assert reader.ask(
        "[...document.querySelectorAll('#graph g.node')].every((g) =>"
        " g.querySelector('path') === null || [...g.querySelectorAll('text')].every((t) =>"
        " t.getBBox().width <= g.querySelector('path').getBBox().width))"
    )


def test_after_a_change_before_the_first_step_every_later_number_has_room_too(
    reader: Reader, tmp_path
):
    x, b = Value(2.0, label="x"), Value(3.0, label="b")
    reader.read(tanh(x * -3.0 + b), tmp_path / "page.html", names={})
    type_into(reader, "b", "0")  # the slope of tanh is 2.5e-05 now
    reader.press("Escape")
    reader.press("End")
    beyond = reader.ask(
        "Math.max(...view.boxes.flatMap(({ id }) => {"
        " const group = view.elements.get(id), room = group.querySelector('path')?.getBBox().width;"
        " return [...group.querySelectorAll('.number, .gradient')].map("
        "  (text) => text.getBBox().width - room);"
        "}))"
    )
    assert beyond < 0


def test_two_hundred_nodes_follow_at_once(reader: Reader, tmp_path):
    reader.read(chain(), tmp_path / "page.html")
    reader.press("End")
    times = reader.ask(
        "(() => { const leaf = data.nodes.name.indexOf('x'), times = [];"
        " for (let k = 0; k < 15; k++) { const start = performance.now();"
        " graph.set([[leaf, 0.4 + k / 100]]); times.push(performance.now() - start); }"
        " return times; })()"
    )
    most = 16 * slowness(reader.page)  # milliseconds for every number of both passes
    assert statistics.median(times) <= most


def test_a_link_carries_step_and_changes_and_one_of_another_graph_is_ignored(
    reader: Reader, tmp_path
):
    reader.read(expression(), tmp_path / "page.html")
    type_into(reader, "b", "4")
    reader.ask("go(9)")
    link = reader.link
    seen = reader.everything
    reader.page.goto("about:blank")
    reader.open(tmp_path / "page.html", link)
    assert reader.place == "9/12"
    assert reader.numbers("b")[0] == "data 4.0"
    assert reader.everything == seen
    lesson(Value(1.0, label="z") * 2.0, tmp_path / "other.html")
    reader.open(tmp_path / "other.html", link)
    assert reader.place.startswith("0/")
    assert reader.text("#notice") == "This link was made for another graph, so it is ignored here."
    for junk in ("#graph=", "#step=99999&graph=zzz", "#%%%", "#set=1"):
        reader.page.goto("about:blank")
        reader.open(tmp_path / "page.html", junk)
        assert reader.place == "0/12"
