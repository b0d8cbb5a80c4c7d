"""Boxes of a lesson open in place; closed ones speak for what is in them."""

import re

import pytest

from autograd import Value, group, tanh
from nn import MLP, hinge_loss, mse_loss
from tests.show.folding import graphs
from tests.show.pages.lessons.reader import Reader, attention, batch, recurrent, two_hidden_layers


def rows_of_100() -> Value:
    rows = [[k / 50 - 1, (k * 7 % 13) / 13] for k in range(100)]
    return hinge_loss(MLP(2, [16, 16, 1]).batch(rows), [(-1) ** k for k in range(100)])


def titles(reader: Reader) -> list[str]:
    found = reader.page.locator("#graph g.node text:first-of-type").all_text_contents()
    return [title.strip() for title in found]


def test_a_batch_looks_like_its_network(reader: Reader, tmp_path):
    reader.read(rows_of_100(), tmp_path / "page.html", names={})
    found = titles(reader)
    for title in ("inputs", "layer0 ×100", "layer1 ×100", "layer2 ×100", "hinge_loss ×100"):
        assert title in found
    says = reader.box("layer0 ×100").locator("text").all_text_contents()
    assert says[1] == "2 → 16, relu"
    assert reader.ask("view.factor") >= 1  # the text keeps its 14 pixels
    frame = "document.querySelector('#graph')"
    assert reader.ask(f"{frame}.scrollWidth <= {frame}.clientWidth + 1")  # all of it is seen


def test_a_box_opens_and_closes_where_it_stands(reader: Reader, tmp_path):
    reader.read(batch(), tmp_path / "page.html", names={})
    before = titles(reader)
    reader.box("layer0 ×4").click()
    opened = titles(reader)
    assert [t for t in opened if t.startswith("layer0.neuron")] == [
        f"layer0.neuron{k} ×4" for k in range(4)
    ]
    assert "layer0 ×4" not in opened
    assert {*before} - {"layer0 ×4"} <= {*opened}
    reader.ask("showCut(view.cut.toggled(data.tree.title.indexOf('layer0 ×4')))")
    assert sorted(titles(reader)) == sorted(before)


def test_boxes_move_to_their_places_unless_the_reader_wants_calm(reader: Reader, tmp_path):
    reader.read(batch(), tmp_path / "page.html", names={})
    reader.box("layer0 ×4").dispatch_event("click")
    assert reader.ask("document.getAnimations().length") > 0
    reader.page.emulate_media(reduced_motion="reduce")
    reader.open(tmp_path / "page.html")
    reader.box("layer0 ×4").dispatch_event("click")
    assert reader.ask("document.getAnimations().length") == 0


def test_opening_a_pile_chooses_a_row(reader: Reader, tmp_path):
    reader.read(batch(), tmp_path / "page.html", names={})
    assert not reader.page.locator("#choosing").is_visible()
    reader.box("mse_loss ×4").click()
    assert "mse_loss: 3 more" in titles(reader)
    first = {t for t in titles(reader) if " = " in t}
    reader.page.fill("#row", "3")
    reader.press("Enter")
    third = {t for t in titles(reader) if " = " in t}
    assert len(first - third) == len(third - first) == 2  # the difference and its square
    assert reader.text("#rows") == "/ 4"


def test_what_was_told_stays_told_when_a_box_opens(reader: Reader, tmp_path):
    reader.read(batch(), tmp_path / "page.html", names={})
    reader.ask("go(2)")  # layer0 and layer1 are computed
    reader.box("layer0 ×4").click()
    done = reader.page.locator("#graph g.node:not(.ahead) text.title").all_text_contents()
    assert sum(title.startswith("layer0.neuron") for title in done) == 4
    assert int(reader.place.split("/")[0]) == 5  # four neurons and layer1
    assert reader.box("mse_loss ×4").get_attribute("class").count("ahead") == 1


def test_a_closed_box_speaks_once_all_in_it_is_done(reader: Reader, tmp_path):
    output = rows_of_100()
    reader.read(output, tmp_path / "page.html", names={})
    steps = reader.ask("steps.map((step) => [step.kind, view.describe(view.boxes[step.box])])")
    kinds = [kind for kind, _ in steps]
    assert kinds == sorted(kinds, key=["forward", "seed", "backward"].index)
    assert [title for kind, title in steps if kind == "forward"][:3] == [
        "layer0 ×100: 2 → 16, relu", "layer1 ×100: 16 → 16, relu", "layer2 ×100: 16 → 1, linear",
    ]  # fmt: skip
    reader.press("ArrowRight")
    assert reader.lines == ["h₀ = relu(W₀·x + b₀)"]
    reader.ask("go(steps.findLastIndex((step) => view.describe(view.boxes[step.box])"
               ".startsWith('layer1')) + 1)")  # fmt: skip
    assert reader.lines == ["δ₁ = ∂L/∂h₁ ⊙ relu′(z₁)     ∂L/∂W₁ = δ₁·h₀ᵀ     ∂L/∂h₀ = W₁ᵀ·δ₁"]
    assert reader.text("#total").startswith("54,400 contributions, together")
    reader.page.locator("#total .more").click()
    assert reader.page.locator("#told li").count() == 100
    assert " += " in reader.page.locator("#told li").first.text_content()


def forms(reader: Reader, title: str) -> list[str]:
    """Return what is said of a closed box in matrices, forward and backward."""
    found = []
    for kind in ("forward", "backward"):
        box = "view.describe(view.boxes[step.box])"
        said = f"step.kind === '{kind}' && {box}.startsWith('{title}')"
        place = reader.ask(f"1 + steps.findIndex((step) => {said})")
        assert place > 0
        reader.ask(f"go({place})")
        found += reader.lines
    return found


def test_a_neurons_number_is_not_that_of_a_layer(reader: Reader, tmp_path):
    reader.read(two_hidden_layers(), tmp_path / "page.html", names={})
    reader.box("layer1").click()
    assert forms(reader, "layer1.neuron9") == [
        "y = relu(w·x + b)", "δ = ∂L/∂y · relu′(z)     ∂L/∂w = δ·x     ∂L/∂x = δ·w",
    ]  # fmt: skip
    assert forms(reader, "layer2")[0] == "h₂ = W₂·h₁ + b₂"


def test_sums_of_products_without_weights_are_no_layer(reader: Reader, tmp_path):
    reader.read(attention(), tmp_path / "page.html", names={})
    reader.ask("showCut(new Cut(folds))")
    symbols, shapes, norms = forms(reader, "dot ×3")  # nothing forward: it has no weights
    assert (symbols, shapes) == ("∂L/∂x = Jᵀ · ∂L/∂y", "8J: 3 × 83"), "that of any closed box"
    assert norms.count("‖") == 4


def test_a_box_with_one_output_says_its_number_with_its_sign(reader: Reader, tmp_path):
    x = Value(0.5, label="x")
    with group("two"):
        h = tanh(-x)
    reader.read(tanh(h), tmp_path / "page.html", names={})
    reader.ask("showCut(new Cut(folds))")
    reader.press("ArrowRight")
    assert reader.text("#total") == "data ≈−0.4621"


def test_time_steps_stand_side_by_side(reader: Reader, tmp_path):
    cell = MLP(3, [2], "tanh")
    h = [Value(0.0), Value(0.0)]
    for x in (0.5, -0.3, 0.8):
        h = cell([x, *h])
    reader.read(h[0] * h[1], tmp_path / "page.html", names={})
    reader.ask("showCut(new Cut(folds))")
    places = [
        box.bounding_box()["x"]
        for box in reader.page.locator("#graph g.node", has_text="3 → 2").all()
    ]
    assert len({*places}) == 3


def test_a_group_is_a_box(reader: Reader, tmp_path):
    h = Value(0.1, label="h")
    for k in range(12):
        with group(f"step {k}"):
            h = tanh(h * Value(0.9) + Value(0.1))
    reader.read(h, tmp_path / "page.html", names={})
    reader.ask("showCut(new Cut(folds))")
    assert [t for t in titles(reader) if t.startswith("step")] == [f"step {k}" for k in range(12)]


def test_upright_phones_lay_out_top_down(browser, tmp_path):
    context = browser.new_context(viewport={"width": 390, "height": 844})
    reader = Reader(context.new_page())
    reader.read(recurrent(), tmp_path / "page.html")
    first = reader.box("w_x").bounding_box()["y"]
    last = reader.ask("view.elements.get(`v${graph.output}`).getBoundingClientRect().y")
    assert last > first + 300
    assert reader.complaints == []
    context.close()


def test_without_webassembly_the_first_picture_stays_and_opening_says_why_not(browser, tmp_path):
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    context.add_init_script("delete globalThis.WebAssembly")
    reader = Reader(context.new_page())
    reader.read(batch(), tmp_path / "page.html", names={})
    before = titles(reader)
    reader.press("ArrowRight")
    assert reader.lines == ["h₀ = tanh(W₀·x + b₀)"]
    reader.box("layer0 ×4").click()
    assert titles(reader) == before
    assert reader.text("#notice") == (
        "Boxes open and close with WebAssembly, which is switched off here."
    )
    assert reader.complaints == []
    context.close()


@pytest.mark.parametrize("make", [batch, rows_of_100])
def test_the_view_can_be_saved(reader: Reader, tmp_path, make):
    reader.read(make(), tmp_path / "page.html", names={})
    reader.press("End")
    with reader.page.expect_download() as download:
        reader.page.click("#save")
    download.value.save_as(tmp_path / "view.svg")
    text = (tmp_path / "view.svg").read_text("utf-8")
    assert text.startswith("<svg")
    assert 'fill="rgb(174, 79, 3)"' in text  # gradients keep their colour
    for title in titles(reader):
        assert title.replace("&", "&amp;") in text


def test_norms_said_in_short_keep_what_stands_before_the_point(reader: Reader, tmp_path):
    rows = [[k / 10, 1 - k / 7] for k in range(100)]
    loss = mse_loss(MLP(2, [16, 16, 1]).batch(rows), [0.0] * 100)
    reader.calm().read(loss, tmp_path / "page.html", names={})
    reader.press("End")
    assert reader.ask("view.isCompact")
    says = reader.page.locator("#graph g.folded text").all_text_contents()
    assert any(re.search(r"≈\d{3}$", text) for text in says)
    assert not [text for text in says if "e+" in text]


# -- steps in time -----------------------------------------------------------------------------

CELLS = [f"cell {k}" for k in range(1, 9)]


def cells_by_place(reader: Reader) -> list[str]:
    """Return the titles of cells from left to right."""
    found = reader.page.locator("#graph g.node:has(text.title)")
    boxes = [
        (box.bounding_box()["x"], box.locator("text.title").text_content()) for box in found.all()
    ]
    return [title for _, title in sorted(boxes) if title.startswith("cell")]


def test_eight_steps_in_time_are_seen_whole_and_each_says_which_it_is(reader: Reader, tmp_path):
    reader.calm().read(graphs.recurrent(8), tmp_path / "page.html", names={})
    frame = "document.querySelector('#graph')"
    assert cells_by_place(reader) == CELLS
    assert reader.ask("view.factor") >= 1
    assert reader.ask(f"{frame}.scrollWidth <= {frame}.clientWidth + 1")
    reader.ask("view.draw(); show(at)")  # laid out in the page
    assert cells_by_place(reader) == CELLS
    assert reader.ask(f"{frame}.scrollWidth <= {frame}.clientWidth + 1")
    forward = (
        "steps.filter((step) => step.kind === 'forward').map((step) => telling.tell(step).title)"
    )
    assert reader.ask(forward)[:8] == [f"{cell}: 5 → 4, tanh" for cell in CELLS]


def test_what_a_step_in_time_opens_to_says_of_which_it_is(reader: Reader, tmp_path):
    reader.calm().read(graphs.recurrent(8), tmp_path / "page.html", names={})
    reader.box("cell 7").click()
    neurons = {f"cell 7.neuron{k}" for k in range(4)}
    assert neurons <= {*titles(reader)}
    assert {*CELLS} - {*titles(reader)} == {"cell 7"}
    assert reader.page.locator("#closing button").text_content() == "close cell 7"
    assert reader.page.locator("#graph [aria-label^='cell 7.neuron2']").count() > 0
    opened, link = titles(reader), reader.link
    reader.page.goto("about:blank")
    reader.open(tmp_path / "page.html", link)
    assert titles(reader) == opened


def test_inputs_with_names_stand_beside_their_step_in_time(reader: Reader, tmp_path):
    x = [Value(k / 8, label=f"x{k}") for k in range(1, 9)]
    reader.calm().read(graphs.RNN()(x), tmp_path / "page.html", names={})
    assert cells_by_place(reader) == CELLS
    edges = reader.page.locator("#graph g.edge").all()
    told = [edge.get_attribute("aria-label") for edge in edges]
    for k in range(1, 9):
        assert any(label.startswith(f"x{k} → cell {k}:") for label in told)
    left = [reader.box(f"x{k}").bounding_box()["x"] for k in range(1, 9)]
    assert left == sorted(left)
