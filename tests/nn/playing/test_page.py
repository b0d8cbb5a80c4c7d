"""The playground in a real browser."""

import json

import pytest

import nn
from demos.data import make_moons
from nn import MLP, playground
from tests.drawn import HOSTILE
from tests.nn.playing.played import ADAM, CLASSES, POINTS, SIZES, Played
from tests.pace import slowness

# -- training ------------------------------------------------------------------------------------


def test_a_hundred_steps_find_the_losses_of_fit(played, tmp_path):
    model, rows, losses = MLP(2, [6, 5, 1], "tanh", rng=1), POINTS, []
    expected = MLP(2, [6, 5, 1], "tanh", rng=1)
    playground(model, rows, CLASSES, tmp_path / "p.html", loss=nn.hinge_loss, optimizer=ADAM,
               batch_size=16, rng=5)  # fmt: skip

    def noted(outputs, targets):
        losses.append(nn.hinge_loss(outputs, targets))
        return losses[-1]

    nn.fit(expected, rows, CLASSES, loss=noted, optimizer=ADAM(expected.parameters()),
           batch_size=16, epochs=34, rng=5)  # fmt: skip
    played.open(tmp_path / "p.html")
    found = played.ask("Array.from({ length: 100 }, () => (trainer.step(), trainer.loss))")
    wanted = [loss.data for loss in losses[:100]]
    assert found == pytest.approx(wanted, rel=1e-9, abs=1e-9)


def test_play_one_step_one_epoch_and_reset(played, pages):
    played.open(pages["moons"])
    first = played.text("#loss")
    assert played.steps == 0
    played.page.click("#one-step")
    assert played.steps == 1
    played.page.click("#one-epoch")
    assert played.steps == 4, "32 rows in batches of 8"
    played.page.click("#play")
    assert played.page.get_attribute("#play", "aria-label") == "pause"
    played.page.wait_for_selector("body[data-steps]:not([data-steps='4'])")
    played.page.click("#play")
    assert played.steps > 4
    assert played.text("#loss") != first
    played.page.click("#reset")
    assert played.steps == 0
    assert played.text("#loss") == first


def test_while_it_plays_frames_come(played, pages):
    played.open(pages["moons"], "#speed=0&model=2")
    played.page.click("#play")
    frames = played.ask(
        "new Promise((done) => { let n = 0; const start = performance.now();"
        "const next = () => {"
        "  if (performance.now() - start > 1500) done(n);"
        "  else { n++; requestAnimationFrame(next); }"
        "}; next(); })"
    )
    assert frames > 40 / slowness(played.page)
    assert played.ask("trainer.steps") > 20 * frames / 10


STEPS_A_SECOND = """new Promise((done) => {
  const start = performance.now(), steps = trainer.steps;
  setTimeout(() => done((1000 * (trainer.steps - steps)) / (performance.now() - start)), 1500);
})"""


def test_a_processor_six_times_as_slow_takes_ten_steps_a_frame(played, tmp_path):
    points, classes = make_moons(100)
    playground(MLP(2, [16, 16, 1]), points, classes, tmp_path / "p.html", loss=nn.hinge_loss)
    width, height = SIZES["phone"]
    played.page.set_viewport_size({"width": width, "height": height})
    played.open(tmp_path / "p.html", "#speed=0")
    tools = played.page.context.new_cdp_session(played.page)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": 6})
    played.page.click("#play")
    wanted = 10 * 30  # in each of 30 frames a second
    for _ in range(4):  # the first is spent on compiling
        found, busy = played.ask(STEPS_A_SECOND), max(1.0, slowness(played.page) / 6)
        if found >= wanted / busy:
            break
    assert found >= wanted / busy


def test_settings_change_the_steps(played, pages):
    played.open(pages["moons"])
    played.page.select_option("#optimizer", label="SGD")
    assert played.value("#rate") == "0.1", "the rate that suits it"
    played.page.select_option("#rate", "0.3")
    played.page.select_option("#decay", "0.01")
    played.page.select_option("#batch", "0")
    before = played.ask("[...trainer.weights]")
    played.page.click("#one-epoch")
    assert played.steps == 1
    after, gradient = played.ask("[[...trainer.weights], [...trainer.gradient]]")
    expected = [w - 0.3 * (g + 0.01 * w) for w, g in zip(before, gradient, strict=True)]
    assert after == pytest.approx(expected, rel=1e-12)


def test_a_link_holds_the_settings(played, pages):
    played.open(pages["moons"])
    played.page.select_option("#model", label="8-8")
    played.page.select_option("#rate", "0.3")
    played.page.select_option("#decay", "0.1")
    link = played.ask("location.hash")
    played.open(pages["moons"], link)
    assert played.ask("trainer.model.name") == "8-8"
    assert (played.value("#rate"), played.value("#decay")) == ("0.3", "0.1")
    assert played.ask("[settings.lr, settings.decay]") == [0.3, 0.1]
    played.ask("location.hash = 'model=1&batch=4'")
    played.settle()
    assert played.ask("trainer.model.name") == "no hidden layer"
    assert played.ask("[settings.lr, settings.batch]") == [0.01, 4], (
        "what it does not name is as given"
    )


@pytest.mark.parametrize(
    "link",
    ["#model=99", "#rate=-1", "#rate=NaN", "#batch=1.5", "#noise=7", "#x=1", "#%", "#rate=<b>"],
)
def test_a_link_with_what_is_not_a_setting_changes_nothing(link, played, pages):
    played.open(pages["moons"])
    before = played.ask("choices()")
    played.open(pages["moons"], link)
    assert played.ask("choices()") == before


# -- the data ------------------------------------------------------------------------------------


def test_points_are_moved_added_removed_and_flipped_by_pointer(played, pages):
    played.open(pages["moons"])
    k = played.ask("data.order[0]")
    x, y = played.place(k)
    before = played.ask(f"data.points[{k}]")
    played.page.mouse.move(x, y)
    played.page.mouse.down()
    played.page.mouse.move(x + 30, y + 40, steps=3)
    played.page.mouse.up()
    after = played.ask(f"data.points[{k}]")
    assert after[0] > before[0]
    assert after[1] < before[1]
    assert after[2] == before[2]
    played.page.check("[value=flip]")
    played.page.mouse.click(*played.place(k))
    assert played.ask(f"data.points[{k}][2]") == -before[2]
    played.page.check("[value=remove]")
    n = played.points
    played.page.mouse.click(*played.place(k))
    assert played.points == n - 1
    played.page.check("[value=add]")
    played.page.locator("#brushes input").nth(1).check()
    box = played.page.locator("#data").bounding_box()
    played.page.mouse.click(box["x"] + 200, box["y"] + 60)
    assert played.points == n
    assert played.ask("data.points.at(-1)[2]") == 1
    played.page.click("#give-back")
    assert played.ask("data.points") == played.ask("known.points")


def test_points_are_changed_by_keys(played, pages):
    played.open(pages["moons"])
    played.page.check("[value=add]")
    played.page.focus("#data")
    n = played.points
    played.press("ArrowRight", 3)
    played.press("Enter")
    assert played.points == n + 1
    assert played.text("#told") == "Added a point."
    before = played.ask("data.points.at(-1)")
    played.ask("hand.tool = 'move'")
    played.press("Enter")
    played.press("ArrowUp", 4)
    played.press("Enter")
    after = played.ask("data.points.at(-1)")
    assert after[0] == pytest.approx(before[0])
    assert after[1] > before[1]
    assert played.ask("hand.chosen") == -1


def test_without_points_it_asks_for_one(played, pages):
    played.open(pages["three"])
    played.ask("for (const k of all()) remove(k); changed('', 'data');")
    played.settle()
    assert not played.ask("trainer.isReady")
    assert played.text("#loss") == "–"
    played.page.click("#play")
    assert played.page.get_attribute("#play", "aria-label") == "play"
    played.page.click("#data")
    assert played.points == 1
    played.page.click("#one-step")
    assert played.steps == 1


def test_noise_moves_the_inputs_and_goes_away(played, pages):
    played.open(pages["moons"])
    given = played.ask("known.points")
    played.page.fill("#noise", "0.5")
    noisy = played.ask("data.points")
    assert all(a[0] != b[0] and a[2] == b[2] for a, b in zip(given, noisy, strict=True))
    played.page.fill("#noise", "0")
    assert played.ask("data.points") == given


def test_training_goes_on_with_the_points_of_now(played, pages):
    played.open(pages["line"])
    played.ask("for (const k of [...data.order].slice(2)) remove(k); changed('', 'data');")
    played.page.click("#one-step")
    played.settle()
    first, second = played.ask("data.order.map((k) => data.points[k])")
    w, b = played.ask("trainer.model.start")
    loss = sum((w * x + b - y) ** 2 for x, y in (first, second)) / 2
    assert float(played.page.get_attribute("body", "data-loss")) == pytest.approx(loss)


# -- the network ---------------------------------------------------------------------------------


def test_keys_go_from_unit_to_unit_and_open_one(played, pages):
    played.open(pages["moons"])
    played.page.focus("[data-unit='0']")
    assert played.text("#unit-name") == "input x[0]"
    assert played.page.locator("#inside").is_visible()
    played.press("ArrowRight")
    name = played.text("#unit-name")
    assert name.startswith("layer0.neuron")
    played.press("Enter")
    inputs = played.page.locator("#unit-weights input")
    assert inputs.count() == 3, "two weights and the bias"
    assert played.ask("document.activeElement.tagName") == "INPUT"
    played.page.keyboard.type("-2.5")
    played.press("Tab")
    assert -2.5 in played.ask("[...trainer.weights]")
    played.press("Escape")
    assert played.page.locator("#unpin").is_hidden()
    assert played.ask("document.activeElement.getAttribute('aria-label')") == name


def test_a_click_on_a_line_opens_its_weight(played, pages):
    played.open(pages["moons"])
    line = played.ask(
        "(({ x1, y1, x2, y2, weight }) => [x1, y1, x2, y2, weight])(network.lines[0])"
    )
    x1, y1, x2, y2, weight = line
    box = played.page.locator("#units").bounding_box()
    played.page.mouse.click(box["x"] + x1 + 0.1 * (x2 - x1), box["y"] + y1 + 0.1 * (y2 - y1))
    assert played.ask("document.activeElement.dataset.weight") == str(weight)


def test_a_weights_sign_is_seen_without_colour(played, pages):
    played.open(pages["moons"])
    signs = played.ask(
        "network.lines.map(({ weight, element }) =>"
        " [trainer.weights[weight] < 0, element.classList.contains('negative')])"
    )
    assert all(is_negative == is_marked for is_negative, is_marked in signs)
    assert {is_negative for is_negative, _ in signs} == {True, False}
    dashes = played.ask("getComputedStyle(document.querySelector('line.negative')).strokeDasharray")
    assert dashes != "none"


# -- how it looks --------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["moons", "line", "three", "labels"])
def test_it_fits_the_screen_and_letters_are_large(name, scheme, size, browser, pages):
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    played = Played(context.new_page()).open(pages[name])
    played.page.click("#one-epoch")
    played.settle()
    wide, tall = played.ask(
        "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    )
    assert wide <= width
    assert tall <= height or size == "phone"
    sizes = played.ask(
        "[...document.querySelectorAll('body *')]"
        ".filter((e) => e.checkVisibility())"
        ".filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))"
        ".map((e) => parseFloat(getComputedStyle(e).fontSize))"
    )
    assert min(sizes) >= 14
    unnamed = played.ask(
        "[...document.querySelectorAll('button, input, select, [tabindex]')]"
        ".filter((e) => e.checkVisibility())"
        ".filter((e) => !(e.textContent.trim() || e.ariaLabel || e.labels?.length))"
        ".map((e) => e.outerHTML)"
    )
    assert unnamed == []
    assert played.complaints == []
    context.close()


def test_hostile_names_are_text(played, pages):
    played.open(pages["labels"])
    assert played.page.locator("#model option").all_text_contents() == HOSTILE
    assert played.page.locator("img").count() == 0


def test_a_curve_in_print_has_light_colours_though_the_page_is_dark(played, pages):
    played.open(pages["line"])
    played.page.click("#theme")
    assert played.ask("colours.background") == "#12161c"
    played.ask(
        "addEventListener('beforeprint', () => { globalThis.onPaper ="
        " [colours.background, byId('data').clientWidth, byId('data').width]; }), 0"
    )
    played.page.pdf()
    background, *widths = played.ask("onPaper")
    assert background == "#ffffff"
    assert widths == [332, 332], "drawn at the width that it has on paper"
    assert played.ask("colours.background") == "#12161c"


def test_what_is_known_is_read_by_the_script(played, pages):
    played.open(pages["three"])
    assert json.loads(played.text("#known"))["class_names"] == ["0", "1", "2"]
    assert played.page.locator("#brushes label").all_text_contents() == ["0", "1", "2"]
