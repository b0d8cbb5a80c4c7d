"""Which module a node is marked with."""

import pytest

from autograd import Value, draw
from autograd.graph import topological_order
from nn import MLP, Layer, Module
from tests.drawn import Drawn


class Glue(Module):
    """Two layers, with nodes of the model's own before, between and behind them."""

    def __init__(self):
        self.first, self.last = Layer(1, 2, "linear"), Layer(2, 1, "linear")

    def forward(self, x):
        return [-v for v in self.last([v.tanh() for v in self.first([v.sin() for v in x])])]


class GluedMLP(MLP):
    """Its base makes no nodes between its parts, but this one does."""

    def __init__(self):
        super().__init__(1, [2, 1])

    def forward(self, x):
        return super().forward([v.tanh() for v in x]).exp()


class Around(Module):
    """A model that has nodes of its own around a model that has."""

    def __init__(self):
        self.inner = Glue()

    def forward(self, x):
        return [v.relu() for v in self.inner([v.relu() for v in x])]


GLUED = pytest.mark.parametrize("make", [Glue, GluedMLP, Around])


def made_by(make, *, batch=False):
    """Return the model, and the nodes it made of an input that is itself computed."""
    x = Value(0.5).exp()
    model = make()
    outputs = model.batch([[x]]) if batch else [model([x])]
    output = outputs[0][0] if isinstance(outputs[0], list) else outputs[0]
    assert not hasattr(x, "scope")
    order = topological_order(output)
    return model, [node for node in order[order.index(x) + 1 :] if node.parents]


@pytest.mark.parametrize("batch", [False, True])
@GLUED
def test_all_that_a_model_computes_is_the_models(make, batch):
    model, nodes = made_by(make, batch=batch)
    assert {node.scope.lineage[0] for node in nodes} == {model.scope}


def test_a_node_between_two_parts_is_of_the_module_that_holds_them():
    _, nodes = made_by(Around)
    paths = {node.op: node.scope.path for node in nodes}
    assert paths["relu"] == ""
    assert paths["tanh"] == paths["sin"] == paths["neg"] == "inner"
    assert {node.scope.path for node in nodes if node.op == "dot"} == {
        "inner.first.neuron0", "inner.first.neuron1", "inner.last.neuron0",
    }  # fmt: skip


@GLUED
def test_a_model_that_is_folded_is_one_box(make):
    model = make()
    output = model([Value(0.5, label="x")])
    drawn = Drawn(draw(output[0] if isinstance(output, list) else output, fold=make.__name__))
    (title,) = [drawn.lines(key)[0] for key in drawn.keys("folded")]
    assert title.endswith(f" = {make.__name__}")  # after the name of the output
    assert {drawn.kind(key) for key in drawn.keys("node")} == {"node leaf", "node folded"}


# -- calls -------------------------------------------------------------------------------------


def calls_of(output):
    return {node.scope.calls for node in topological_order(output) if node.parents}


def test_each_call_of_a_module_is_told_apart():
    model = MLP(1, [2, 1])
    first, second = calls_of(model([1.0])), calls_of(model([2.0]))
    assert {tuple(call.scope for call in calls) for calls in first} == {
        tuple(call.scope for call in calls) for calls in second
    }
    assert not {call for calls in first for call in calls} & {
        call for calls in second for call in calls
    }


def test_a_call_knows_the_calls_around_it():
    (calls,) = calls_of(MLP(1, [1], "linear")([1.0]))
    assert [call.path for call in calls] == ["", "layer0", "layer0.neuron0"]
    assert [call.name for call in calls] == ["MLP", "layer0", "neuron0"]


def test_the_call_of_a_batch_is_around_the_rows():
    outputs = MLP(1, [2, 1]).batch([[1.0], [2.0]])
    (first,), (second,) = ({calls[0] for calls in calls_of(output)} for output in outputs)
    assert first is second
    layers = {calls[1] for output in outputs for calls in calls_of(output)}
    assert len(layers) == 4


def test_a_forward_that_raises_is_no_longer_running():
    class Broken(Module):
        def forward(self, x):
            raise KeyError

    with pytest.raises(KeyError):
        Broken()(1.0)
    assert {calls[0].name for calls in calls_of(Layer(1, 1)([1.0])[0])} == {"Layer"}


def test_parameters_are_of_their_module():
    model = Layer(1, 1)
    output = model([1.0])[0]
    assert {p.scope for p in model.parameters()} == {model.neurons[0].scope}
    assert output.scope.scope is model.neurons[0].scope
