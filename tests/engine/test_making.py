"""Groups: nodes are marked with the group they were made in."""

import copy
import pickle
import threading

import pytest

from autograd import Value, exp, group, tanh
from autograd import value as engine
from autograd.graph import topological_order
from nn import Layer, Module


def names_around(node: Value) -> list[str]:
    """Return the names of the calls and groups that a node was made in, the outermost first."""
    return [call.name for call in node.scope.calls] if hasattr(node, "scope") else []


def test_nodes_made_in_a_group_are_of_it():
    x = Value(2.0)
    before = x * x
    with group("step 3"):
        made = [x + 1, 2 / x, -x, tanh(x), x.exp(), sum([x, x]), x.maximum(0)]
    after = x * x
    assert [names_around(node) for node in made] == [["step 3"]] * len(made)
    assert names_around(before) == names_around(after) == []


def test_a_one_off_node_is_of_the_group_and_a_leaf_of_none():
    with group("cube"):
        x = Value(2.0)
        cube = Value(8.0, parents=(x,), local_derivatives=lambda out, x: 3 * x * x, op="cube")
    assert names_around(cube) == ["cube"]
    assert names_around(x) == []


def test_groups_stand_inside_of_each_other():
    x = Value(2.0)
    with group("outer"):
        first = x * x
        with group("inner"):
            second = first * x
        third = second * x
    assert names_around(second) == ["outer", "inner"]
    assert first.scope is third.scope is second.scope.around


class Stepped(Module):
    """A module with a group inside, and nodes of its own before and behind it."""

    def __init__(self):
        self.layer = Layer(1, 1, "linear")

    def forward(self, x):
        before = exp(x)
        with group("middle"):
            inside = self.layer([tanh(before)])[0] * 2
        return inside + 1


def test_a_group_stands_around_a_module_and_in_one():
    with group("all"):
        output = Stepped()(Value(1.0))
    inside, _ = output.parents
    dot, _ = inside.parents
    assert names_around(output) == ["all", "Stepped"]
    assert names_around(inside) == ["all", "Stepped", "middle"]
    assert names_around(dot) == ["all", "Stepped", "middle", "layer", "neuron0"]
    assert names_around(Stepped()(Value(1.0)).parents[0]) == ["Stepped", "middle"]


def test_all_nodes_of_a_module_with_a_group_inside_are_the_modules():
    model, x = Stepped(), Value(1.0)
    output = model(x)
    made = [node for node in topological_order(output) if node.parents]
    assert {names_around(node)[0] for node in made} == {"Stepped"}


def test_a_group_ends_however_it_is_left():
    plain = engine._binary, Value.record_operation, Value.__init__
    with pytest.raises(KeyError), group("broken"), group("inner"):
        raise KeyError
    assert (engine._binary, Value.record_operation, Value.__init__) == plain
    assert names_around(Value(1.0) * 2) == []


def test_a_group_is_of_its_thread():
    entered, done = threading.Event(), threading.Event()
    found = []

    def other():
        entered.wait(10)
        found.append(names_around(Value(1.0) * 2))
        with group("theirs"):
            found.append(names_around(Value(1.0) * 2))
        done.set()

    thread = threading.Thread(target=other)
    thread.start()
    with group("mine"):
        entered.set()
        assert done.wait(10)
        found.append(names_around(Value(1.0) * 2))
    thread.join()
    assert found == [[], ["theirs"], ["mine"]]


def test_an_operand_that_is_not_a_number_is_refused_in_a_group_as_outside():
    with group("step"), pytest.raises(TypeError):
        Value(1.0) + {}


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda v: pickle.loads(pickle.dumps(v))])
def test_copies_keep_their_calls(copied):
    with group("all"):
        output = Stepped()(Value(1.0))
    twin = copied(output)
    for node, other in zip(topological_order(output), topological_order(twin), strict=True):
        assert names_around(node) == names_around(other) if node.parents else True
    inside, _ = twin.parents
    assert inside.scope.around is twin.scope
    assert twin.scope is not output.scope


@pytest.mark.parametrize("name", [3, None, ["step"]])
def test_a_name_that_is_not_text_is_refused(name):
    with pytest.raises(TypeError, match="a group has a name"), group(name):
        pass


def test_an_empty_name_is_refused():
    with pytest.raises(ValueError, match="needs a name"), group(""):
        pass
