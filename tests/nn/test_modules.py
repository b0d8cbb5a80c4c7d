"""Modules, layers, losses and SGD."""

import copy
import json
import pickle
import random

import numpy as np
import pytest

import autograd
from autograd import Value, tanh
from nn import (
    MLP,
    SGD,
    Activation,
    Layer,
    Module,
    Neuron,
    RMSNorm,
    Sequential,
    clip_grad_norm_,
    hinge_loss,
    mse_loss,
)
from nn.layers import ACTIVATIONS


class Pair(Module):
    """A model of a student's own: a part, a list of parts, and a parameter."""

    def __init__(self):
        self.left = Neuron(2, "tanh", rng=1)
        self.heads = [Neuron(1, rng=2), Neuron(1, rng=3)]
        self.scale = Value(0.5)
        self.name = "pair"

    def forward(self, x):
        middle = self.left(x)
        return [head([middle]) * self.scale for head in self.heads]


class Twins(Module):
    """One neuron under two names."""

    def __init__(self):
        self.first = self.second = Neuron(1)


PAIR_NAMES = ["left.w[0]", "left.w[1]", "left.b", "head0.w[0]", "head0.b", "head1.w[0]", "head1.b",
              "scale"]  # fmt: skip


def outputs_of(model, x=(0.5, -1.0)):
    outputs = model(list(x))
    return [output.data for output in (outputs if isinstance(outputs, list) else [outputs])]


# -- modules -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("module", "names"),
    [
        (Neuron(2), ["w[0]", "w[1]", "b"]),
        (Layer(1, 2), ["neuron0.w[0]", "neuron0.b", "neuron1.w[0]", "neuron1.b"]),
        (
            MLP(1, [1, 1]),
            ["layer0.neuron0.w[0]", "layer0.neuron0.b", "layer1.neuron0.w[0]", "layer1.neuron0.b"],
        ),
        (Pair(), PAIR_NAMES),
    ],
    ids=["neuron", "layer", "mlp", "own"],
)
def test_a_parameter_has_a_name_by_its_place_and_bears_it_as_label(module, names):
    assert [name for name, _ in module.named_parameters()] == names
    assert [parameter.label for parameter in module.parameters()] == names


def test_a_neuron_of_a_model_is_called_by_layer_and_place():
    names = dict(MLP(2, [4, 1]).named_parameters())
    assert names["layer0.neuron3.w[1]"].label == "layer0.neuron3.w[1]"


def test_a_shared_part_is_counted_once():
    assert [name for name, _ in Twins().named_parameters()] == ["first.w[0]", "first.b"]


def test_zero_grad_forgets_every_gradient():
    model = Pair()
    sum(model([1.0, 2.0])).backward()
    assert any(parameter.grad for parameter in model.parameters())
    model.zero_grad()
    assert not any(parameter.has_grad for parameter in model.parameters())


def test_train_and_eval_reach_every_part_and_return_the_model():
    model = MLP(1, [2, 1])
    parts = [model, *model.layers, *(neuron for layer in model.layers for neuron in layer.neurons)]
    assert all(part.training for part in parts)
    assert model.eval() is model
    assert not any(part.training for part in parts)
    assert model.train() is model
    assert all(part.training for part in parts)


def test_a_module_without_forward_says_to_define_one():
    with pytest.raises(NotImplementedError, match="Twins has no forward: define one"):
        Twins()([1.0])


@pytest.mark.parametrize(
    "duplicate",
    [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))],
    ids=["deepcopy", "pickle"],
)
@pytest.mark.parametrize("make", [lambda: MLP(2, [3, 1]), Pair], ids=["mlp", "own"])
def test_a_copy_of_a_model_computes_the_same_and_shares_nothing(duplicate, make):
    model = make()
    twin = duplicate(model)
    before = outputs_of(model)
    assert outputs_of(twin) == before
    assert [n for n, _ in twin.named_parameters()] == [n for n, _ in model.named_parameters()]
    for parameter in twin.parameters():
        parameter.data += 1.0
    assert outputs_of(model) == before
    assert outputs_of(twin) != before


# -- parts: names, cycles, what is a parameter ---------------------------------------------------


def module_with(**parts):
    """Return a module of a student's own with these attributes."""

    class Own(Module):
        def __init__(self):
            vars(self).update(parts)

    return Own()


def test_a_part_in_a_list_is_named_in_the_singular():
    module = module_with(heads=[Neuron(1)], loss=[Neuron(1)], fc=[Neuron(1)])
    assert [name for name, _ in module.named_modules()] == ["", "head0", "loss0", "fc0"]


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (
            {"layers": [Neuron(1)], "layer0": Neuron(1)},
            r"Own\.layers\[0\] and Own\.layer0 would both be called 'layer0': rename one of them",
        ),
        (
            {"fc": [Neuron(1) for _ in range(12)], "fc1": [Neuron(1), Neuron(1)]},
            r"Own\.fc\[10\] and Own\.fc1\[0\] would both be called 'fc10'",
        ),
        (
            {"heads": {1: Value(1.0), "1": Value(2.0)}},
            r"Own\.heads\[1\] and Own\.heads\['1'\] would both be called 'heads\.1'",
        ),
        (
            {"heads": {"a": Neuron(1), "a.b": Value(2.0)}},
            r"Own\.heads\['a'\]\.b and Own\.heads\['a\.b'\] would both be called 'heads\.a\.b'",
        ),
        (
            {"rngs": {1: random.Random(1), "1": random.Random(2)}},
            r"Own\.rngs\[1\] and Own\.rngs\['1'\] would both",
        ),
    ],
    ids=["list", "twelve", "key", "path", "generators"],
)
def test_two_parts_of_one_name_are_refused_by_the_constructor(parts, message):
    with pytest.raises(ValueError, match=message):
        module_with(**parts)


def test_two_parts_of_one_name_are_refused_later_too():
    module = module_with(layers=[Neuron(1)])
    module.layer0 = Neuron(1)
    for ask in (module.parameters, module.state_dict, lambda: dict(module.named_modules())):
        with pytest.raises(ValueError, match="would both be called 'layer0'"):
            ask()


def test_one_part_may_have_a_name_from_two_places():
    neuron = Neuron(1)
    module = module_with(layers=[neuron], layer0=neuron, last=neuron)
    assert list(module.state_dict()) == ["layer0.w[0]", "layer0.b"]
    assert [name for name, _ in module.named_modules()] == ["", "layer0"]
    assert neuron.b.label == "layer0.b"


class Child(Module):
    def __init__(self, parent):
        self.parent = parent
        self.w = Value(1.0)


class Parent(Module):
    """A module whose part holds it."""

    def __init__(self):
        self.child = Child(self)


def test_a_part_that_holds_its_module_is_refused_by_the_constructor():
    with pytest.raises(
        ValueError, match=r"Parent\.child\.parent is the Parent that it is a part of"
    ):
        Parent()


@pytest.mark.parametrize("hold", [lambda m: m, lambda m: [m], lambda m: {"me": (m,)}])
@pytest.mark.parametrize(
    "ask",
    [
        lambda m: m.parameters(), lambda m: m.train(), lambda m: m.eval(),
        lambda m: m.state_dict(), lambda m: list(m.named_modules()), lambda m: m.name_parts(),
        lambda m: m.zero_grad(),
    ],
)  # fmt: skip
def test_a_module_that_holds_itself_says_so_whatever_it_is_asked(hold, ask):
    module = Pair()
    module.left.top = hold(module)
    with pytest.raises(
        ValueError, match=r"Pair\.left\.top.* is the Pair that it is a part of, and"
    ):
        ask(module)


def test_a_helper_made_in_a_constructor_does_not_rename_its_maker():
    class Maker(Module):
        def __init__(self):
            self.w = Value(1.0)
            self.makes = lambda: Child(self)
            self.makes()

    maker = Maker()
    assert (maker.w.label, maker.scope.path) == ("w", "")


def test_a_list_that_holds_itself_is_data_like_any_other():
    ring = [Value(1.0)]
    ring.append(ring)
    assert list(module_with(ring=ring).state_dict()) == ["ring[0]"]


class Keeping(Module):
    """A model that stores what it is given and what it computes."""

    def __init__(self):
        self.inner = MLP(2, [2, 1], "tanh")
        self.trace = []

    def forward(self, x):
        self.x = x
        self.hidden = self.inner.layers[0](x)
        self.trace.append([value * 2 for value in self.hidden])
        self.named = {"out": self.inner.layers[1](self.hidden)}
        return self.named["out"][0]


def test_what_forward_stores_is_no_parameter():
    model = Sequential(Keeping())
    names = [name for name, _ in model.named_parameters()]
    model.batch([[0.5, -1.0], [2.0, 0.0]])[1].backward()
    assert [name for name, _ in model.named_parameters()] == names
    assert list(model.state_dict()) == names
    norm = sum(parameter.grad**2 for parameter in model.layers[0].inner.parameters()) ** 0.5
    assert clip_grad_norm_(model.parameters(), 1e9) == pytest.approx(norm, rel=1e-12)


def test_a_part_may_set_a_training_mode_of_its_own():
    class Frozen(Neuron):
        def train(self, mode=True):
            return super().train(False)

    model = module_with(free=Neuron(1), frozen=Frozen(1)).train()
    assert (model.training, model.free.training, model.frozen.training) == (True, True, False)


# -- saving and loading ------------------------------------------------------------------------


@pytest.mark.parametrize("make", [lambda rng: MLP(2, [3, 1], rng=rng), lambda _: Pair()])
def test_what_is_saved_is_loaded(tmp_path, make):
    model, other = make(1), make(2)
    for parameter in other.parameters():
        parameter.data = 9.0
    model.save(tmp_path / "model.json")
    other.load(tmp_path / "model.json")
    assert other.state_dict() == model.state_dict()
    assert outputs_of(other) == outputs_of(model)


def test_a_state_is_numbers_by_name():
    neuron = Neuron(1)
    neuron.w[0].data = 0.25
    assert neuron.state_dict() == {"w[0]": 0.25, "b": 0.0}
    neuron.load_state_dict({"w[0]": 0.5, "b": -1.0})
    assert [parameter.data for parameter in neuron.parameters()] == [0.5, -1.0]


@pytest.mark.parametrize("state", [{"b": 1.0}, {"w[0]": 1.0, "b": 1.0, "w[1]": 1.0}, {}])
def test_the_state_of_another_model_changes_nothing(state):
    neuron = Neuron(1)
    before = neuron.state_dict()
    with pytest.raises(ValueError, match="the state belongs to another model: "):
        neuron.load_state_dict(state)
    assert neuron.state_dict() == before


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe\x00",
        b"[]",
        b"3",
        b"{}",
        b'{"w[0]": 1.0}',
        b'{"w[0]": 1.0, "b": 2.0, "c": 3.0}',
        b'{"b": 2.0, "w[0]": "heavy"}',
        b'{"b": 2.0, "w[0]": null}',
        b'{"b": 2.0, "w[0]": true}',
        b'{"b": 2.0, "w[0]": [1.0]}',
        b"[" * 100_000,
    ],
    ids=lambda content: content[:24].decode("latin-1"),
)
def test_a_broken_file_is_a_value_error_and_changes_nothing(tmp_path, content):
    path = tmp_path / "model.json"
    path.write_bytes(content)
    neuron = Neuron(1)
    before = neuron.state_dict()
    with pytest.raises(ValueError):  # noqa: PT011  (each says what is wrong in its own words)
        neuron.load(path)
    assert neuron.state_dict() == before


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"nowhere\.json"):
        Neuron(1).load(tmp_path / "nowhere.json")


def test_a_file_that_cannot_be_written_leaves_nothing_behind(tmp_path):
    with pytest.raises(FileNotFoundError, match="missing"):
        Neuron(1).save(tmp_path / "missing" / "model.json")
    assert not list(tmp_path.iterdir())


def test_a_weight_too_large_for_a_float_is_named_and_nothing_is_written(tmp_path):
    neuron = Neuron(1)
    neuron.w[0].data = 10**400
    message = r"w\[0\] = 1000*…: it is too large for a float, and save writes floats"
    with pytest.raises(ValueError, match=message):
        neuron.save(tmp_path / "model.json")
    assert not list(tmp_path.iterdir())


def test_a_saved_model_is_json_that_people_can_read(tmp_path):
    neuron = Neuron(1)
    neuron.save(tmp_path / "model.json")
    assert json.loads((tmp_path / "model.json").read_text()) == neuron.state_dict()


# -- layers ------------------------------------------------------------------------------------


def test_a_neuron_is_the_activation_of_its_weighted_sum():
    neuron = Neuron(2, "tanh")
    neuron.load_state_dict({"w[0]": 2.0, "w[1]": -3.0, "b": 0.5})
    assert neuron([1.0, 0.5]).data == pytest.approx(0.7615941559557649)  # tanh(1)
    neuron.activation = "linear"
    assert neuron([1.0, 0.5]).data == 1.0


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation_is_one_of_the_engines_functions(activation):
    neuron = Neuron(1, activation)
    neuron.load_state_dict({"w[0]": 1.0, "b": 0.0})
    expected = -0.5 if activation == "linear" else getattr(autograd, activation)(-0.5)
    assert neuron([-0.5]).data == expected


def test_parts_may_stand_in_nested_lists_and_dictionaries():
    class Embedding(Module):
        def __init__(self):
            self.table = [[Value(0.0), Value(1.0)], [Value(2.0), Value(3.0)]]
            self.heads = {"left": Layer(1, 1), "right": [Value(4.0)]}

    names = [name for name, _ in Embedding().named_parameters()]
    assert names == [
        "table[0][0]", "table[0][1]", "table[1][0]", "table[1][1]",
        "heads.left.neuron0.w[0]", "heads.left.neuron0.b", "heads.right[0]",
    ]  # fmt: skip
    assert Embedding().table[1][0].label == "table[1][0]"


def test_a_forward_of_ones_own_is_what_a_batch_runs_too():
    class Reader(MLP):
        def forward(self, text):
            return super().forward([float(letter == "e") for letter in text])

    model = Reader(3, [4, 1])
    outputs = model.batch(["eve", "ill"])
    assert [output.data for output in outputs] == [model("eve").data, model("ill").data]


def test_an_unknown_activation_lists_the_known_ones():
    with pytest.raises(ValueError, match=r"'magic' is unknown; there are linear, relu, .*tanh"):
        MLP(2, [2, 1], "magic")


def test_a_layer_gives_a_list_and_an_mlp_unwraps_one_output():
    x = [1.0, 2.0]
    assert [len(Layer(2, size)(x)) for size in (1, 3)] == [1, 3]
    assert isinstance(MLP(2, [3, 1])(x), Value)
    assert len(MLP(2, [3, 2])(x)) == 2
    assert isinstance(MLP(2, [16, 1, 1])(x), Value)


@pytest.mark.parametrize(
    ("sizes", "count"), [((2, [16, 16, 1]), 337), ((2, [16, 1, 1]), 67), ((1, [1]), 2)]
)
def test_an_mlp_has_a_weight_for_each_connection_and_a_bias_for_each_neuron(sizes, count):
    assert len(MLP(*sizes).parameters()) == count


def test_the_last_layer_of_an_mlp_is_linear():
    model = MLP(2, [3, 3, 2], "tanh")
    activations = [{neuron.activation for neuron in layer.neurons} for layer in model.layers]
    assert activations == [{"tanh"}, {"tanh"}, {"linear"}]


def test_a_layer_shows_its_weights_as_pytorchs_linear_does():
    layer = Layer(3, 2, "tanh")
    assert layer.weight == [layer.neurons[0].w, layer.neurons[1].w]
    assert layer.bias == [layer.neurons[0].b, layer.neurons[1].b]
    assert [name for name, _ in layer.named_modules()] == ["", "neuron0", "neuron1"]


def test_the_activation_of_a_layer_is_that_of_its_neurons():
    layer = Layer(3, 2, "tanh")
    layer.activation = "relu"
    assert [neuron.activation for neuron in layer.neurons] == ["relu", "relu"]
    with pytest.raises(ValueError, match="'magic' is unknown"):
        layer.activation = "magic"
    layer.neurons[0].activation = "sin"
    with pytest.raises(ValueError, match=r"several activations: \['relu', 'sin'\]"):
        _ = layer.activation


@pytest.mark.parametrize("expanded", [False, True])
@pytest.mark.parametrize(("kind", "sizes"), [(Neuron, (3,)), (Layer, (3, 2)), (MLP, (3, [2, 1]))])
@pytest.mark.parametrize("length", [0, 2, 4, 6])
def test_a_wrong_input_length_names_both_lengths(kind, sizes, expanded, length):
    module = kind(*sizes, expanded=expanded)
    with pytest.raises(ValueError, match=f"has 3 inputs; it was given {length} numbers"):
        module([1.0] * length)


@pytest.mark.parametrize("array", [list, np.array])
@pytest.mark.parametrize("rows", [[[1, 2], [3, 4]], [[1, 2], [3, 4], [5, 6]]])
@pytest.mark.parametrize(
    "model",
    [MLP(2, [4, 1]), Layer(2, 2), Neuron(2), RMSNorm(2), Sequential(Activation("tanh"))],
    ids=str,
)
def test_a_list_of_rows_says_how_to_give_several(model, rows, array):
    with pytest.raises(
        TypeError, match=r"takes one row, .*\[model\(row\) for row in rows\] or model"
    ):
        model(array(rows))
    assert len(model.batch(array(rows))) == len(rows)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Neuron(0), "n_inputs = 0: it must be a whole number from 1"),
        (lambda: Neuron(2.0), r"n_inputs = 2\.0"),
        (lambda: Layer(2, 0), "n_outputs = 0"),
        (lambda: MLP(2, []), "at least one layer"),
        (lambda: MLP(2, 4), r"n_outputs = 4: it is a list .*, as in MLP\(2, \[4\]\)"),
        (lambda: Neuron(2, False), 'activation False is unknown; .*; for none write "linear"'),
        (lambda: MLP(2, [3, 0]), "n_outputs = 0"),
    ],
)
def test_a_wrong_size_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_expanded_and_fused_models_agree_in_value_and_gradients():
    fused, expanded = (MLP(2, [4, 4, 1], "tanh", rng=5, expanded=kind) for kind in (False, True))
    inputs = [[Value(0.3), Value(-0.7)] for _ in range(2)]
    outputs = fused(inputs[0]), expanded(inputs[1])
    assert outputs[0].op == "dot"
    assert outputs[1].op == "+"
    for output in outputs:
        output.backward()
    assert outputs[0].data == pytest.approx(outputs[1].data, rel=1e-12)
    for one, other in zip(
        fused.parameters() + inputs[0], expanded.parameters() + inputs[1], strict=True
    ):
        assert one.grad == pytest.approx(other.grad, rel=1e-9)


def test_the_same_rng_gives_the_same_weights():
    weights = MLP(2, [3, 1], rng=7).state_dict()
    assert MLP(2, [3, 1], rng=7).state_dict() == weights
    assert MLP(2, [3, 1], rng=random.Random(7)).state_dict() == weights
    assert MLP(2, [3, 1], rng=8).state_dict() != weights


def test_one_generator_makes_two_different_models():
    rng = random.Random(7)
    assert MLP(2, [3, 1], rng=rng).state_dict() != MLP(2, [3, 1], rng=rng).state_dict()


def test_the_global_random_state_is_neither_read_nor_touched():
    random.seed(1)
    state = random.getstate()
    first = MLP(2, [3, 1]).state_dict()
    assert random.getstate() == state
    random.seed(2)
    assert MLP(2, [3, 1]).state_dict() == first


# -- losses ------------------------------------------------------------------------------------


def test_mse_loss_is_the_mean_of_squared_differences():
    outputs = [Value(1.0), Value(4.0)]
    loss = mse_loss(outputs, [3.0, 1.0])
    loss.backward()
    assert loss.data == 6.5  # (4 + 9) / 2
    assert [output.grad for output in outputs] == [-2.0, 3.0]


def test_hinge_loss_is_zero_beyond_the_margin():
    outputs = [Value(0.5), Value(-2.0), Value(0.25)]
    loss = hinge_loss(outputs, [1, -1, -1])
    loss.backward()
    assert loss.data == pytest.approx(1.75 / 3)  # (0.5 + 0 + 1.25) / 3
    assert [output.grad for output in outputs] == pytest.approx([-1 / 3, 0.0, 1 / 3])


@pytest.mark.parametrize(("loss", "expected"), [(mse_loss, 0.25), (hinge_loss, 0.5)])
def test_a_loss_takes_one_output_and_one_target_bare(loss, expected):
    assert loss(Value(0.5), 1).data == expected


@pytest.mark.parametrize("loss", [mse_loss, hinge_loss])
def test_a_loss_of_unequal_lengths_names_both(loss):
    with pytest.raises(ValueError, match="2 outputs and 1 targets"):
        loss([Value(1.0), Value(2.0)], [1])


@pytest.mark.parametrize("loss", [mse_loss, hinge_loss])
def test_a_loss_of_nothing_is_refused(loss):
    with pytest.raises(ValueError, match="at least one output"):
        loss([], [])


@pytest.mark.parametrize("target", [0, 2, 0.5])
def test_hinge_loss_has_targets_plus_and_minus_one(target):
    with pytest.raises(ValueError, match=rf"targets -1 and 1; {target} is neither"):
        hinge_loss([Value(1.0)], [target])


# -- SGD ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "weights"),
    [
        ({}, [0.9, 0.7, 0.8]),
        ({"momentum": 0.9}, [0.9, 0.61, 0.449]),
        ({"momentum": 0.9, "dampening": 0.5}, [0.9, 0.71, 0.589]),
        ({"momentum": 0.9, "nesterov": True}, [0.81, 0.349, 0.3041]),
        ({"weight_decay": 0.5}, [0.85, 0.6075, 0.677125]),
        ({"momentum": 0.9, "weight_decay": 0.5}, [0.85, 0.4725, 0.209125]),
    ],
    ids=str,
)
def test_sgd_moves_as_torch_does(settings, weights):
    """By hand: a weight of 1, gradients 1, 2 and -1, lr 0.1, torch.optim.SGD's formulas."""
    weight = Value(1.0)
    optimizer = SGD([weight], lr=0.1, **settings)
    seen = []
    for gradient in (1.0, 2.0, -1.0):
        weight.grad = gradient
        optimizer.step()
        seen.append(weight.data)
    assert seen == pytest.approx(weights, rel=1e-12)


def test_sgd_leaves_a_parameter_without_gradient_alone():
    used, unused = Value(1.0), Value(1.0)
    optimizer = SGD([used, unused], lr=0.5, weight_decay=0.5)
    (used * 2.0).backward()
    optimizer.step()
    assert (used.data, unused.data) == (-0.25, 1.0)


def test_sgd_zero_grad_forgets_the_gradients():
    weight = Value(1.0)
    weight.grad = 3.0
    SGD([weight], lr=0.1).zero_grad()
    assert not weight.has_grad


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"lr": -0.1}, "lr = -0.1: it must be zero or more"),
        ({"lr": float("nan")}, "lr = nan"),
        ({"momentum": -1}, "momentum = -1"),
        ({"weight_decay": -1}, "weight_decay = -1"),
        ({"nesterov": True}, "nesterov needs momentum > 0"),
        ({"nesterov": True, "momentum": 0.9, "dampening": 0.1}, "dampening = 0; got 0.9 and 0.1"),
    ],
    ids=str,
)
def test_sgd_refuses_settings_out_of_range(settings, message):
    with pytest.raises(ValueError, match=message):
        SGD([Value(1.0)], **settings)


def test_sgd_of_nothing_says_what_to_pass():
    with pytest.raises(ValueError, match=r"pass model\.parameters\(\)"):
        SGD([])


# -- learning ----------------------------------------------------------------------------------

XOR = [([0.0, 0.0], -1), ([0.0, 1.0], 1), ([1.0, 0.0], 1), ([1.0, 1.0], -1)]


@pytest.mark.parametrize("expanded", [False, True])
@pytest.mark.parametrize("loss_of", [mse_loss, hinge_loss])
def test_a_small_mlp_learns_xor(loss_of, expanded):
    model = MLP(2, [4, 1], "tanh", rng=0, expanded=expanded)
    optimizer = SGD(model.parameters(), lr=0.1, momentum=0.9)
    targets = [target for _, target in XOR]
    for _ in range(150):
        loss = loss_of([model(x) for x, _ in XOR], targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert loss.data < 0.05
    assert [model(x) > 0 for x, _ in XOR] == [target > 0 for target in targets]


def test_a_model_of_a_students_own_learns():
    model = Pair()
    optimizer = SGD(model.parameters(), lr=0.05)
    losses = []
    for _ in range(50):
        loss = mse_loss([tanh(y) for y in model([0.5, -1.0])], [0.3, 0.2])
        model.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.data)
    assert losses[-1] < losses[0] / 2


@pytest.mark.parametrize("kind", [lambda: MLP(2, [1], rng=0), lambda: Neuron(2, rng=0)])
def test_a_row_given_number_by_number_is_told_to_be_one_list(kind):
    model = kind()
    name = type(model).__name__
    with pytest.raises(
        TypeError, match=rf"^{name} takes one row, .*: write model\(\[1\.0, 2\.0\]\)$"
    ):
        model(1.0, 2.0)
    with pytest.raises(
        TypeError, match=r"write model\.batch\(\[\[1\.0, 2\.0\], \[3\.0, 4\.0\]\]\)$"
    ):
        model([1.0, 2.0], [3.0, 4.0])
    assert len(model.batch([[1.0, 2.0], [3.0, 4.0]])) == 2


def test_too_few_inputs_are_told_what_the_forward_takes():
    class Product(Module):
        def forward(self, x, y):
            return x * y

    class Around(Module):
        def __init__(self):
            self.product = Product()

        def forward(self, x):
            return self.product(x)

    told = r"^Product is called with what its forward\(x, y\) takes: missing .* 'y'$"
    for model in (Product(), Around()):
        with pytest.raises(TypeError, match=told):
            model(Value(1.0))


def test_a_type_error_inside_of_a_forward_is_left_as_it_is():
    class Broken(Module):
        def forward(self, x):
            return len(x, x)

    with pytest.raises(TypeError, match=r"^len\(\) takes exactly one argument"):
        Broken()(Value(1.0))
