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
    assert [drawn.lines(key)[0] for key in drawn.keys("folded")] == [make.__name__]
    assert {drawn.kind(key) for key in drawn.keys("node")} == {"node leaf", "node folded"}
