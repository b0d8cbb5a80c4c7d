"""What the board draws of variables, and what changed since the last drawing."""

import threading
import time
from types import SimpleNamespace

import numpy as np
import pytest

import nn
from autograd import NotAGraphError, Value, tanh
from autograd.show.pages.board.board import Board, BoardState, Follower
from autograd.show.pages.board.drawing import Drawing, drawing_of, state_of
from tests.show.pages.board.boards import changed, state, texts, titles, variables

# -- what is drawn -----------------------------------------------------------------------------


def test_a_drawing_shows_every_graph_by_the_names_of_the_session():
    drawing = drawing_of(variables())
    assert titles(drawing) == ["a", "b", "c = a*b", "", "1", "other = … + 1"]
    assert not drawing.error


def test_lists_and_engines_of_somebody_else_are_drawn_too():
    x = SimpleNamespace(data=1.0, grad=0.5, _prev=())
    y = SimpleNamespace(data=2.0, grad=1.0, _prev=(x, x), _op="+")
    drawing = drawing_of({"y": y, "x": x, "ws": [Value(1.0), Value(2.0)]})
    assert sorted(titles(drawing)) == ["ws[0]", "ws[1]", "x", "y = x + x"]


def test_without_values_the_board_says_what_to_type():
    assert "a = Value(2.0)" in drawing_of({"x": 3}).note


def test_a_class_without_parents_yet_is_told_of():
    class Young:
        data = 2.0

    Young.__module__ = "__main__"
    assert drawing_of({"a": Young()}).note.startswith("a is a Young with data; it is drawn once")


def test_of_several_graphs_the_one_too_big_is_left_out():
    big = Value(0.5)
    for k in range(600):
        big = tanh(big * Value(1.0, label=f"w{'x' * k}"))
    drawing = drawing_of({"big": big, "small": Value(1.0) + 1})
    assert "small = … + 1" in titles(drawing)
    assert drawing.note == "Too large to be drawn beside the rest: the graph of big."


def test_an_object_that_raises_costs_its_own_picture_only():
    class Bad:
        parents = ()

        @property
        def data(self):
            raise RuntimeError("not yet")

    drawing = drawing_of({"bad": Bad(), "a": Value(2.0)})
    assert drawing.error == "bad cannot be drawn: RuntimeError: not yet"
    assert titles(drawing) == ["a"]
    assert state_of({"bad": Bad()}) is None


def test_the_state_is_the_same_as_long_as_there_is_nothing_new_to_draw():
    held = variables()
    before = state_of(held)
    assert state_of({**held, "text": "another"}) == before
    held["a"].data = 5.0
    edited = state_of(held)
    held["c"].backward()
    backward = state_of(held)
    held["renamed"] = held.pop("other")
    states = [before, edited, backward, state_of(held)]
    assert all(states.count(one) == 1 for one in states)


def test_data_that_is_an_array_can_be_compared_too():
    def held(number):
        return {"a": SimpleNamespace(data=np.array([number, 2.0]), parents=(), grad=None)}

    one = held(1.0)
    before = state_of(one)
    assert before is not None
    assert state_of(one) == before
    one["a"].data[0] = 5.0
    assert state_of(one) != before
    assert state_of(held(1.0)) != before


def test_a_graph_too_big_to_draw_is_an_error_on_the_board():
    output = Value(0.5)
    for k in range(600):
        output = tanh(output * Value(1.0, label=f"w{'x' * k}"))
    error = drawing_of({"output": output}).error
    assert "boxes, folded as far as they can be, more than the 500 of a picture" in error
    assert "take a smaller part" in error


def test_the_board_marks_what_changed_and_after_a_pass_gradients_alone(tmp_path):
    board = Board(tmp_path)
    held = variables()
    board.put(drawing_of(held))
    assert changed(board) == {"data": [], "grad": []}
    held["d"] = tanh(held["c"])
    board.put(drawing_of(held))
    assert changed(board) == {"data": ["d"], "grad": []}
    held["d"].backward()
    board.put(drawing_of(held))
    assert changed(board) == {"data": [], "grad": ["a", "b", "c", "d"]}
    held["c"] = held["a"] + held["b"]
    board.put(drawing_of(held))
    assert sorted(changed(board)["data"]) == ["c", "d\t1"]  # what d was made of has lost its name


def test_the_same_drawing_is_not_put_twice(tmp_path):
    board = Board(tmp_path)
    held = variables()
    board.put(drawing_of(held))
    version = state(board)["version"]
    board.put(drawing_of(held))
    assert state(board)["version"] == version


def test_an_error_leaves_the_last_picture_and_goes_with_the_next(tmp_path):
    board = Board(tmp_path)
    board.put(drawing_of(variables()))
    board.put(Drawing(error="boom"))
    assert (state(board)["graph"], state(board)["error"]) == (None, "boom")
    held = variables()
    board.put(drawing_of(held))
    assert state(board)["error"] == ""
    assert titles(state(board))


# -- in a host of its own ----------------------------------------------------------------------


def test_a_host_gets_the_state_without_a_file(tmp_path):
    host, board = BoardState(), Board(tmp_path)
    handed = {}
    for drawing in (drawing_of(variables()), Drawing(error="boom")):
        handed = host.after(drawing)
        board.put(drawing)
        assert handed | {"version": 0} == state(board) | {"version": 0}
    assert host.after(Drawing(error="boom")) is not None  # the picture had stayed, and stays
    assert host.after(host.drawing) is None


def test_a_follower_draws_only_what_is_new_and_in_the_thread_that_asks():
    drawings, threads = [], set()

    def show(drawing):
        drawings.append(drawing)
        threads.add(threading.get_ident())

    follower, held = Follower(show), variables()
    for _ in range(3):
        follower.look(held)
    held["c"].backward()
    follower.look(held)
    assert [texts(drawing, "grad")["c"] for drawing in drawings] == ["–", "1.0"]
    assert threads == {threading.get_ident()}


# -- from line to line -------------------------------------------------------------------------


def followed(*lines: str, pinned: str = "", before: tuple[str, ...] = ()) -> list[Drawing]:
    """Return the drawings of a session in which these lines are typed."""
    drawings, held = [], {"Value": Value, "tanh": tanh}
    follower = Follower(drawings.append)
    for line in before:
        exec(line, {}, held)
    if pinned:
        follower.pin(pinned, held[pinned])
    for line in lines:
        exec(line, {}, held)
        follower.look(held, line)
    return drawings


def struck(drawing: Drawing) -> set[str]:
    """Return the keys of nodes whose gradients are told to be of an earlier pass."""
    nodes = drawing.graph["nodes"]
    return {nodes["key"][k] for k in nodes["stale"]}


def test_gradients_older_than_the_numbers_are_struck_until_the_next_pass():
    before = ("a = Value(2.0)", "w = Value(5.0)", "b = a * w", "b.backward()")
    *_, edited, made_anew, passed = followed(*before, "a.data = 0.5", "b = a * w", "b.backward()")
    assert struck(edited) == {"a", "w", "b"}
    assert struck(made_anew) >= {"a", "w"}
    assert struck(passed) == set()


def test_a_pass_over_one_graph_leaves_the_old_gradients_of_another_struck():
    lines = ("a = Value(2.0)", "b = a * 3", "b.backward()", "x = Value(1.0)", "y = x * 2")
    *_, last = followed(*lines, "a.data = 0.5", "y.backward()")
    assert struck(last) == {"a", "b"}


def test_the_line_typed_last_is_the_caption_also_if_nothing_else_is_new():
    *_, last = followed("a = Value(2.0)", "b = a * a", "print(b)")
    assert last.caption == "print(b)"
    assert "b = a*a" in titles(last)


def test_an_error_at_the_prompt_stands_beside_the_picture_until_the_next_line():
    drawings, held = [], variables()
    follower = Follower(drawings.append)
    follower.look(held, "1/0", "ZeroDivisionError: division by zero")
    follower.look(held, "a")
    errors = [drawing.error for drawing in drawings]
    assert errors == ["ZeroDivisionError: division by zero", ""]
    assert all("c = a*b" in titles(drawing) for drawing in drawings)


def test_a_name_given_away_leaves_a_trace_on_what_something_depends_on():
    lines = ("a = Value(2.0)", "b = a * a", "c = b + 1", "b = tanh(a)")
    drawing = followed(*lines)[-1]
    assert {"b (before) = a*a", "b = tanh(a)"} <= set(titles(drawing))
    later = followed(*lines, "b = a + 1")[-1]
    assert {"b (before) = a*a", "b = a + 1"} <= set(titles(later))
    assert "b = tanh(a)" not in titles(later)  # nothing depends on it
    gone = followed(*lines, "del b")[-1]
    assert "(before)" not in "".join(titles(gone))


def test_a_node_that_merely_gets_another_name_is_not_marked(tmp_path):
    board, marked = Board(tmp_path), []
    lines = ("a = Value(2.0)", "b = a * a", "c = b + 1", "b = tanh(a)", "del b", "b = a * a")
    for drawing in followed(*lines):
        board.put(drawing)
        marked.append(changed(board)["data"])
    assert marked[-3:] == [["b"], [], ["b"]]
    assert "numbers" not in state(board), "they are not for the page"


def test_a_trace_is_of_nodes_in_lists_too():
    drawing = followed("ws = [Value(1.0)]", "y = ws[0] * 3", "ws = [w * 2 for w in ws]")[-1]
    assert {"ws[0] (before)", "ws[0] = (ws[0] (before))*2"} <= set(titles(drawing))


def test_a_pin_follows_the_name():
    lines = ("a = Value(2.0)", "loss = a * a", "other = a + 1")
    drawing = followed("loss = a * 3", pinned="loss", before=lines)[-1]
    assert titles(drawing) == ["a", "3", "loss = a*3"]
    drawing = followed("del loss", pinned="loss", before=lines)[-1]
    assert titles(drawing) == ["a", "a*a"]


def test_what_holds_no_node_cannot_be_pinned():
    with pytest.raises(NotAGraphError, match=r"3 \(of type int\) cannot be pinned"):
        Follower(print).pin("three", 3)


def test_boxes_keep_their_keys_as_the_graph_grows():
    first, second = followed(
        "a = Value(2.0); c = (a * 2 + 1) * (a + 3)", "d = c * (Value(5.0) + 1); e = tanh(a * 4)"
    )
    titles_by_key = [texts(drawing, "title") for drawing in (first, second)]
    assert len(titles_by_key[0]) == 8
    assert titles_by_key[1].items() >= titles_by_key[0].items()


def test_labels_that_two_nodes_share_are_two_keys():
    w = [Value(1.0, label="w"), Value(2.0, label="w")]
    assert sorted(texts(drawing_of({"y": w[0] * w[1]}), "data")) == ["w", "w\t\t2", "y"]


def test_folds_have_keys_of_their_own():
    model = nn.MLP(2, [2, 1], rng=0)
    drawing = drawing_of({"y": model([1.0, 2.0]) * model([2.0, 3.0])})
    keys = drawing.graph["tree"]["key"]
    assert len(keys) == len(set(keys)) > 4


def test_a_call_is_still_the_same_when_another_one_follows():
    cell, h = nn.Layer(2, 2, "tanh", rng=0), [Value(0.1), Value(0.2)]
    trees = []
    for _ in range(2):
        h = cell(h)
        trees.append(drawing_of({"y": h[0] * h[1]}).graph["tree"])
    first, second = ({*zip(tree["key"], tree["name"], strict=True)} for tree in trees)
    (before,) = [key for key, name in first if name == "Layer"]
    assert [name for key, name in second if key == before] == ["Layer 1"]


def test_a_line_with_200_nodes_costs_the_background_little():
    x = y = Value(0.5)
    for _ in range(100):
        y = tanh(y * x)
    board = BoardState()
    follower = Follower(board.after)
    follower.look({"x": x, "y": y})
    spent = []
    for number in range(5):
        x.data = float(number)
        started = time.thread_time()
        follower.look({"x": x, "y": y}, "x.data = …")
        spent.append(time.thread_time() - started)
    assert board.version == 6
    assert min(spent) < 0.05  # at the prompt itself an event is set, no more
