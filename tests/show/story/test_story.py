"""Story: what all views read, computed once; and what its steps mark."""

import graphlib
from fractions import Fraction

import pytest

from autograd import NotAGraphError, Value, refresh, tanh
from autograd.graph import topological_order
from autograd.show.folding import fold_tree
from autograd.show.picture import cuts_by_name
from autograd.show.picture.themes import LOOKS
from autograd.show.story import AHEAD, MARKS, Story, StoryLabels, marks_of, moment_after
from nn import MLP, mse_loss
from tests.graphs import graph


def network() -> Value:
    model = MLP(3, [4, 2, 1], "tanh")
    rows = [[2.0, 3.0, -1.0], [3.0, -1.0, 0.5]]
    return mse_loss(model.batch(rows), [1.0, -1.0])


# -- what it holds -----------------------------------------------------------------------------


def test_it_has_a_name_for_every_node_but_constants() -> None:
    a = Value(2.0, label="a")
    story = Story(tanh(a * 3.0) + a, names={})
    assert list(story.names.values()) == ["a", "v1", "v2", "v3"]
    assert list(story.given.values()) == ["a"]
    assert story.by_name["v3"] is story.output


def test_its_gradients_are_those_of_a_backward_pass() -> None:
    story = Story(network(), names={})
    twin = network()
    twin.backward()
    order = [node for node in topological_order(twin) if not node.is_constant]
    assert list(story.gradients.values()) == [node.grad for node in reversed(order)]
    assert next(iter(story.gradients)) is story.output


def test_the_seed_comes_between_the_passes() -> None:
    story = Story(graph()[-1], names={})
    assert [*story.forward, *story.backward] == story.events
    assert [event.kind for event in story.contributions] == ["backward"] * 4


def test_retold_it_has_the_new_numbers_and_the_old_names() -> None:
    x = Value(Fraction(1, 3))
    y = x * x
    story = Story(y, names={"third": x, "square": y}, digits=7, seed=2)
    x.data = Fraction(2, 3)
    refresh(y)
    again = story.retold()
    assert again.names == story.names
    assert (again.gradients[x], story.gradients[x]) == (Fraction(8, 3), Fraction(4, 3))
    assert again.labels.digits == 7


def test_its_labels_tell_the_pass_whatever_the_nodes_hold_by_now() -> None:
    a, _b, _c, d = graph()
    labels = StoryLabels(Story(d, names={}))
    a.data, a.grad = 7.0, 99.0
    assert (labels.data(a), labels.grad(a)) == ("2.0", "-2.0")


def test_the_sentences_take_other_numbers() -> None:
    story = Story(graph()[-1], names={})
    event = story.contributions[2]
    numbers = dict(story.teller.numbers_of(event))
    assert story.teller.arithmetic(event).filled(numbers).endswith("1.0 × b = 1.0 × (-3.0) = -3.0")
    others = {"local": 5.0, "contribution": 2 / 3}
    numbers |= {name: story.teller.written(number) for name, number in others.items()}
    assert story.teller.arithmetic(event).filled(numbers).endswith("= 1.0 × 5.0 ≈ 0.6667")


def test_a_constant_has_no_events() -> None:
    with pytest.raises(NotAGraphError, match="is a constant, a bare number"):
        Story((Value(2.0) * 3).parents[1], names={})


# -- at a cut of the fold tree -----------------------------------------------------------------


@pytest.mark.parametrize("level", ["none", "neuron", "layer"])
def test_every_event_stands_in_one_chapter_and_comes_after_what_it_needs(level: str) -> None:
    story = Story(network(), names={})
    groups = cuts_by_name(fold_tree(story.order, story.given))[level].place_of
    chapters = story.chapters(groups)
    told = [event for chapter in chapters for event in chapter.events]
    assert sorted(map(id, told)) == sorted(map(id, story.events))
    assert len({(chapter.kind, chapter.place) for chapter in chapters}) == len(chapters)
    done: set[object] = set()
    for chapter in chapters:
        for event in chapter.events:
            assert groups.get(event.node, event.node) == chapter.place
        if chapter.kind == "backward":  # all that is handed to the box has been
            givers = {groups.get(e.node, e.node) for e in story.contributions
                      if groups.get(e.parent, e.parent) == chapter.place}  # fmt: skip
            assert givers - {chapter.place} <= done
            done.add(chapter.place)
    assert len(chapters) <= len(story.events)


def test_boxes_in_a_circle_have_no_order() -> None:
    a, _b, _c, d = graph()
    with pytest.raises(graphlib.CycleError):
        Story(d, names={}).chapters({a: "box", d: "box"})


# -- what a step marks -------------------------------------------------------------------------


def test_every_look_is_one_that_pictures_have() -> None:
    used = {look for roles in MARKS.values() for look in roles.values()}
    assert used | {AHEAD} <= LOOKS.keys()


def test_a_forward_step_marks_operands_edges_and_result() -> None:
    a, b, c, d = graph()
    first = Story(d, names={}).events[0]
    assert marks_of(first) == {
        a: "operand", b: "operand", (c, 0): "operand", (c, 1): "operand", c: "computed",
    }  # fmt: skip


def test_a_backward_step_marks_giver_receiver_and_edge() -> None:
    _a, b, c, d = graph()
    last = Story(d, names={}).events[-1]
    assert marks_of(last) == {c: "gives", b: "receives", (c, 1): "receives"}


def test_after_all_steps_everything_is_reached_and_every_gradient_known() -> None:
    story = Story(network(), names={})
    moment = moment_after(story.events, story.order, {})
    assert moment.reached == set(story.order)
    assert moment.gradients == story.gradients
    assert moment.looks == marks_of(story.events[-1])
    edges = {(e.node, e.position) for e in story.contributions}
    assert moment.used == edges


def test_before_the_first_step_there_are_leaves_and_what_they_hold() -> None:
    a, b, _c, d = graph()
    story = Story(d, names={})
    moment = moment_after([], story.order, {a: 5.0})
    assert (moment.reached, moment.gradients, moment.looks) == ({a, b}, {a: 5.0}, {})
