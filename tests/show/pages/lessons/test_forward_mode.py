"""A lesson in forward mode: tangents stand where gradients do, with their own colour and mark."""

import pytest

from autograd import Value, jvp, lesson
from autograd.show.story import Story, StoryLabels, Teller
from autograd.text import Typesetter
from tests.show.pages.lessons.reader import GRAPHS, Reader, expression, network


def forward_story(output: Value) -> Story:
    leaves = [n for n in Story(output, names={}).order if not n.parents and not n.is_constant]
    return Story(output, names={}, wrt=leaves[0])


@pytest.mark.parametrize("build", GRAPHS.values(), ids=GRAPHS)
def test_stepped_to_the_end_it_tells_what_the_stepper_does(reader: Reader, tmp_path, build) -> None:
    output = build()
    story = forward_story(output)
    reader.read(output, tmp_path / "page.html", names={}, mode="forward", wrt=story.wrt)
    reader.open_everything()
    teller = Teller(StoryLabels(story, Typesetter))
    told = [[f"{k}/{len(story.events)}", *teller.tell(e)] for k, e in enumerate(story.events, 1)]
    assert reader.told() == told
    labels = StoryLabels(story, Typesetter)
    shown = {story.names[n]: labels.grad(n) for n in story.order if not n.is_constant}
    assert {name: tangent for name, (_, tangent) in reader.table.items()} == shown


def test_closed_boxes_tell_of_their_tangents(reader: Reader, tmp_path) -> None:
    output = network()
    story = forward_story(output)
    reader.read(output, tmp_path / "page.html", names={}, mode="forward", wrt=story.wrt)
    reader.press("End")
    final = StoryLabels(story, Typesetter).grad(story.output)
    assert final in reader.text("#total") or final in reader.text("#graph")


def test_the_tangent_has_its_own_word_colour_and_mark(reader: Reader, tmp_path) -> None:
    output = expression()
    story = forward_story(output)
    reader.read(output, tmp_path / "page.html", mode="forward", wrt=story.wrt)
    assert reader.text("#table thead th:nth-child(3)") == "tangent"
    reader.press("ArrowRight")
    assert reader.text("#phase") == "tangent"
    colour = "getComputedStyle(document.querySelector('#graph text.gradient')).fill"
    assert reader.ask(colour) == "rgb(142, 58, 118)"
    assert reader.ask("getComputedStyle(byId('phase'), '::after').content") == '" ẋ"'
    assert "tangent 1.0" in reader.text("#graph")


def test_a_changed_leaf_changes_the_tangents(reader: Reader, tmp_path) -> None:
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    reader.read(a * b * a, tmp_path / "page.html", names={}, mode="forward", wrt=a)
    reader.ask("touching.set(graph.nodes.findIndex((_, k) => data.nodes.name[k] === 'b'), 5)")
    reader.press("End")
    _, slope = jvp(lambda a, b: a * b * a)([2.0, 5.0], [1.0, 0.0])
    assert reader.table["v2"] == ("20.0", f"{slope}")


def test_a_prediction_is_judged(reader: Reader, tmp_path) -> None:
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    reader.read(a * b, tmp_path / "page.html", names={}, mode="forward", wrt=a)
    reader.ask("predicting.toggle(); go(2)")
    assert reader.text("#question") == "a → v1 = a*b: v1.tangent += ? "
    reader.ask("predicting.judge('1')")
    assert "that is the parent's tangent" in reader.text("#verdict")
    reader.ask("predicting.judge('-3')")
    assert reader.place == "3/3"


def test_a_wrt_that_is_no_input_is_an_error_and_no_file(tmp_path) -> None:
    a = Value(2.0)
    with pytest.raises(ValueError, match="is not one of what the output depends on"):
        lesson(a * a, tmp_path / "page.html", mode="forward", wrt=Value(1.0))
    with pytest.raises(ValueError, match='mode="forward" and wrt=x together'):
        lesson(a * a, tmp_path / "page.html", mode="forward")
    assert not (tmp_path / "page.html").exists()
