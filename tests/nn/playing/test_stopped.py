"""A training whose numbers are no longer finite stops, says why, and leads back."""


def test_a_loss_that_is_not_finite_stops_it_and_leads_back(played, pages):
    played.open(pages["line"], "#rate=1000000&speed=0")
    played.page.click("#play")
    played.page.wait_for_selector("#trouble:not([hidden])")
    assert "layer0.neuron0.w[0]" in played.text("#what")
    assert played.page.get_attribute("#play", "aria-label") == "play"
    assert "All weights and gradients are still finite" in played.text("#what")
    assert "Back to step 0, that of the lowest loss" in played.text("#go-to-best")
    last = played.ask("trainer.steps") - 1
    assert f"Back to step {last}, the last good one" in played.text("#go-back")
    played.page.click("#go-to-best")
    assert played.page.locator("#trouble").is_hidden()
    assert played.value("#rate") == "100000"
    assert played.steps == 0
    assert played.ask("trainer.isReady")


def test_it_goes_on_from_the_last_good_step_with_a_smaller_rate(played, pages):
    played.open(pages["line"], "#rate=1000000&speed=0")
    played.page.click("#play")
    played.page.wait_for_selector("#trouble:not([hidden])")
    last = played.ask("trainer.steps") - 1
    played.page.click("#go-back")
    assert played.steps == last > 0
    assert played.value("#rate") == "100000"
    assert played.ask("Number.isFinite(trainer.measured(data.order).loss)")
    assert played.ask("trainer.weights.every(Number.isFinite)")


def test_where_the_last_good_step_is_the_best_one_way_back_is_offered(played, pages):
    played.open(pages["line"])
    played.page.click("#one-step")
    played.ask("trainer.setWeight(0, 1e200), 0")
    played.page.click("#one-step")
    assert "Back to step 0" in played.text("#go-back")
    assert played.page.locator("#go-to-best").is_hidden()
