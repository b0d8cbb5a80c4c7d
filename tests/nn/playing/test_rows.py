"""A row of the playground, opened as a lesson on its graph with the weights of now."""

import json
from pathlib import Path
from typing import Any

import pytest

import nn
from autograd import Value
from nn import MLP, Module, Neuron, playground
from nn.playing import playing_page, row_pages
from tests.nn.playing.pages import Page
from tests.nn.playing.played import CLASSES, LINE, POINTS, SIZES, opened

TWENTY_STEPS = "for (let k = 0; k < 20; k++) trainer.step()"


class WithFeatures(Module):
    """A model of two inputs that sees their squares, their product and a sine too."""

    def __init__(self) -> None:
        self.neuron = Neuron(5, "tanh", rng=1)

    def __call__(self, x: Any) -> Value:
        a, b = x
        return self.neuron([a, b, a * a, a * b, nn_sin(a)])


def nn_sin(x: Any) -> Any:
    from autograd import sin

    return sin(x)


THREE = [k % 3 for k in range(len(POINTS))]
MODELS = {
    "hinge": (MLP(2, [8, 8, 1]), (POINTS, CLASSES), nn.hinge_loss),
    "expanded": (MLP(2, [4, 1], "tanh", expanded=True), (POINTS, CLASSES), nn.mse_loss),
    "classes": (MLP(2, [6, 3]), (POINTS, THREE), nn.cross_entropy),
    "logits": (
        MLP(2, [4, 1]), (POINTS, [int(c > 0) for c in CLASSES]),
        nn.binary_cross_entropy_with_logits,
    ),
    "features": (WithFeatures(), (POINTS, CLASSES), nn.mse_loss),
    "curve": (MLP(1, [5, 1], "tanh"), LINE, nn.mse_loss),
}  # fmt: skip


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("rows")
    paths = {name: folder / f"{name}.html" for name in MODELS}
    for name, (model, data, loss) in MODELS.items():
        playground(model, *data, paths[name], loss=loss)
    models = {"4": MLP(2, [4, 1]), "8-8": MLP(2, [8, 8, 1])}
    paths["two"] = folder / "two.html"
    playground(models, POINTS, CLASSES, paths["two"], loss=nn.hinge_loss, validation=0.2)
    return paths


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", MODELS)
def test_a_row_has_the_loss_that_the_page_has_with_the_weights_of_now(name, size, played, written):
    played.page.set_viewport_size(dict(zip(("width", "height"), SIZES[size], strict=True)))
    played.open(written[name])
    start = played.ask("trainer.measured([7]).loss")
    played.ask(TWENTY_STEPS)
    played.page.click("#one-step")
    loss = played.ask("trainer.measured([7]).loss")
    assert loss != start
    lesson = opened(played, 7)
    assert lesson.evaluate("graph.data[graph.output]") == pytest.approx(loss, rel=1e-9, abs=1e-9)
    played.press("End")
    shown = lesson.evaluate("dataText(graph.output)").removeprefix("≈").replace("−", "-")
    assert float(shown) == pytest.approx(loss, rel=1e-3, abs=1e-12)
    assert lesson.evaluate("byId('graph').textContent.includes(dataText(graph.output))")


@pytest.mark.parametrize("name", MODELS)
def test_its_gradients_are_those_of_the_engine(name, played, written):
    model, (rows, targets), loss = MODELS[name]
    played.open(written[name])
    lesson = opened(played, 5)
    row = rows[5] if isinstance(rows[5], list | tuple) else [rows[5]]
    nn_loss = loss([model(list(row))], [targets[5]])
    model.zero_grad()
    nn_loss.backward()
    wanted = [parameter.grad for _, parameter in model.named_parameters()]
    model.zero_grad()
    names = [name for name, _ in model.named_parameters()]
    places = dict(
        zip(played.ask("trainer.model.parameters"), played.ask("trainer.model.lesson.parameters"),
            strict=True)
    )  # fmt: skip
    grads = lesson.evaluate("[...graph.grads]")
    assert [grads[places[name]] for name in names] == pytest.approx(wanted, rel=1e-9, abs=1e-12)


def test_the_numbers_it_starts_with_are_its_given_ones(played, written):
    played.open(written["hinge"])
    played.ask(TWENTY_STEPS)
    lesson = opened(played, 3)
    loss = lesson.evaluate("graph.data[graph.output]")
    assert lesson.evaluate("byId('undo').hidden && touching.changes().length === 0")
    assert lesson.locator("#graph .changed").count() == 0
    place = played.ask("trainer.model.lesson.row[0]")
    lesson.evaluate(f"touching.set({place}, 5)")
    assert lesson.evaluate("!byId('undo').hidden && graph.data[graph.output]") != loss
    lesson.evaluate("touching.restore()")
    assert lesson.evaluate("graph.data[graph.output]") == loss
    assert lesson.evaluate("byId('undo').hidden")


def test_while_it_is_open_training_waits_and_goes_on_when_it_closes(played, written):
    played.open(written["two"])
    played.page.click("#play")
    opened(played, played.ask("data.order[0]"))
    assert played.page.get_attribute("#play", "aria-label") == "play"
    played.settle()  # a frame that was asked for before may still come
    steps = played.steps
    played.settle()
    assert played.steps == steps
    played.page.click("#close-row")
    played.page.wait_for_selector("iframe", state="detached")
    played.page.wait_for_selector(f"body:not([data-steps='{steps}'])")
    assert played.page.get_attribute("#play", "aria-label") == "pause"


def test_a_training_that_was_paused_stays_so(played, written):
    played.open(written["two"])
    opened(played, played.ask("data.order[0]"))
    played.page.click("#close-row")
    assert played.page.get_attribute("#play", "aria-label") == "play"


def test_each_model_has_its_graph_and_the_points_of_now(played, written):
    played.open(written["two"], "#model=1&noise=0.3")
    k = played.ask("data.order[0]")
    loss = played.ask(f"trainer.measured([{k}]).loss")
    lesson = opened(played, k)
    assert "this row: " in played.text("#row-name")
    assert lesson.evaluate("graph.data[graph.output]") == pytest.approx(loss, rel=1e-9)
    played.page.click("#close-row")
    played.page.select_option("#model", label="4")
    lesson = opened(played, k)
    assert lesson.evaluate("graph.nodes.filter((node) => node.kind === 'leaf').length") == 20


def test_keys_open_a_row_step_through_it_and_go_back(played, written):
    played.open(written["hinge"])
    played.page.locator("[value=open]").check()
    played.page.focus("#data")
    played.ask("hand.cross = placeOf(data.points[4])")
    played.press("Enter")
    played.page.frame_locator("#row iframe").locator("html[data-ready]").wait_for()
    lesson = played.page.frames[1]
    played.press("ArrowRight", 2)
    assert lesson.evaluate("at") == 2
    played.press("?")
    assert lesson.evaluate("byId('detail').open")
    played.press("Escape")
    lesson.locator("#detail:not([open])").wait_for(state="attached")
    assert played.ask("byId('row').open"), "Escape has closed the help"
    lesson.evaluate("document.activeElement.blur()")
    played.press("Escape")
    played.page.wait_for_selector("#row:not([open])", state="attached")
    assert played.ask("document.activeElement.id") == "data"


def test_the_lesson_has_the_theme_of_the_page(played, written):
    played.open(written["hinge"])
    played.page.click("#theme")
    lesson = opened(played, 4)
    assert lesson.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"


def test_graphviz_lays_it_out_anew(played, written):
    played.open(written["hinge"])
    lesson = opened(played, 4)
    before = lesson.evaluate("view.boxes.length")
    lesson.evaluate("clicked({ box: view.boxes.find((box) => box.fold !== undefined) })")
    assert lesson.evaluate("view.boxes.length") > before


# -- what stands in the file ---------------------------------------------------------------------


def test_graphviz_is_in_the_page_once(written):
    text = written["two"].read_text("utf-8")
    packed = row_pages.packed("")  # any: they begin alike
    graphviz = playing_page.packed_graphviz()
    assert packed[:4] == graphviz[:4]
    assert text.count(graphviz) == 1
    assert len(text) - len(graphviz) < 300_000, "two models"


def test_without_graphviz_there_is_no_row_to_open(tmp_path, monkeypatch):
    def lesson_html(*_: Any, **__: Any) -> str:
        raise row_pages.LayoutError("no engine")

    monkeypatch.setattr(row_pages, "lesson_html", lesson_html)
    page = Page(tmp_path / "p.html", MLP(2, [1]), POINTS, CLASSES, loss=nn.hinge_loss)
    assert page.known["models"][0]["lesson"] is None
    assert '<script type="text/plain" id="graphviz"></script>' in page.text


def test_without_graphviz_the_tool_is_hidden(played, tmp_path, monkeypatch):
    monkeypatch.setattr(playing_page, "row_page", lambda compiled: None)
    playground(MLP(2, [1]), POINTS, CLASSES, tmp_path / "p.html", loss=nn.hinge_loss)
    played.open(tmp_path / "p.html")
    assert played.page.locator("#open-row").is_hidden()
    assert json.loads(played.text("#known"))["models"][0]["lesson"] is None


def test_of_a_model_that_is_too_large_a_sentence_says_so(played, tmp_path, monkeypatch):
    pages = iter([True, False])
    row_page = playing_page.row_page
    monkeypatch.setattr(
        playing_page, "row_page", lambda compiled: row_page(compiled) if next(pages) else None
    )
    models = {"small": MLP(2, [1]), "large": MLP(2, [4, 1])}
    playground(models, POINTS, CLASSES, tmp_path / "p.html", loss=nn.hinge_loss)
    played.open(tmp_path / "p.html", "#model=1")
    played.page.locator("[value=open]").check()
    x, y = played.ask("placeOf(data.points[0])")
    played.page.locator("#data").click(position={"x": x, "y": y})
    assert played.text("#told") == "The graph of this model is too large to open."
    assert not played.ask("byId('row').open")
