"""Against PyTorch itself, where it is installed (extra ``parity``): numbers, steps, twins."""

import math
import random

import pytest

torch = pytest.importorskip("torch", reason="extra `parity` is not installed")

from torch.nn.functional import binary_cross_entropy  # noqa: E402

import nn  # noqa: E402
from autograd import Value  # noqa: E402
from nn import (  # noqa: E402
    MLP,
    Activation,
    Adam,
    BatchNorm,
    Dropout,
    Layer,
    LayerNorm,
    Module,
    Neuron,
    RMSNorm,
    Sequential,
    cross_entropy,
    from_torch,
    mse_loss,
    to_torch,
)
from nn.init import GAINS  # noqa: E402
from tests import torch_numbers  # noqa: E402
from tests.nn_cases import LOSSES, OPTIMIZERS, START, STEPS, gradient, recorded  # noqa: E402

TWINLESS = ("erf", "sin")
RNG = random.Random(3)
ROWS = [[RNG.gauss(0, 1) for _ in range(3)] for _ in range(5)]


def tensor(rows, **options):
    return torch.tensor(rows, dtype=torch.float64, **options)


def data(outputs):
    return [[y.data for y in row] if isinstance(row, list) else [row.data] for row in outputs]


def assert_close(found, expected, accuracy=1e-12):
    flat = [x for row in found for x in row], [x for row in expected for x in row]
    assert flat[0] == pytest.approx(flat[1], rel=accuracy, abs=accuracy)


# -- where the derivatives of binary_cross_entropy part ----------------------------------------


def of_binary_cross_entropy(p, target):
    """Return loss and derivative, ours and PyTorch's."""
    ours, theirs = Value(p), tensor([p], requires_grad=True)
    losses = nn.binary_cross_entropy(ours, target), binary_cross_entropy(theirs, tensor([target]))
    for loss in losses:
        loss.backward()
    return (losses[0].data, ours.grad), (losses[1].item(), theirs.grad.item())


@pytest.mark.parametrize("target", [0.0, 1.0, 0.25])
@pytest.mark.parametrize("p", [1e-6, 1.1e-12, 0.5, 1 - 1e-6, 1 - 1.1e-12])
def test_binary_cross_entropy_is_pytorchs_where_p_times_1_minus_p_is_above_1e_12(p, target):
    (loss, slope), (torch_loss, torch_slope) = of_binary_cross_entropy(p, target)
    assert loss == pytest.approx(torch_loss, rel=1e-12, abs=1e-16)
    assert slope == pytest.approx(torch_slope, rel=1e-12)


@pytest.mark.parametrize(
    ("p", "target", "slope", "torch_slope"),
    [
        (1e-13, 1.0, -1e13, -1e12),
        (1e-13, 0.0, 1.0, 0.1),
        (1e-20, 1.0, -1e20, -1e12),
        (1e-44, 1.0, 0.0, -1e12),
        (1.0, 0.0, 0.0, 1e12),
        (1.0, 1.0, -1.0, 0.0),
    ],
)
def test_below_that_our_derivative_is_exact_and_pytorchs_divides_by_1e_12(
    p, target, slope, torch_slope
):
    ours, theirs = of_binary_cross_entropy(p, target)
    assert ours[0] == pytest.approx(theirs[0], rel=1e-12, abs=1e-16)
    assert (ours[1], theirs[1]) == (pytest.approx(slope), pytest.approx(torch_slope, rel=1e-6))


# -- what is recorded --------------------------------------------------------------------------


def test_the_recorded_numbers_are_pytorchs_of_that_version():
    assert torch.__version__.split("+")[0] == recorded("version")


@pytest.mark.parametrize("part", ["losses", "optimizers", "schedules", "clippings",
                                  "normalizations", "gains"])  # fmt: skip
def test_the_recorded_numbers_are_what_pytorch_says_now(part):
    def leaves(tree):
        if isinstance(tree, dict):
            return [x for key in sorted(tree) for x in leaves(tree[key])]
        return [x for item in tree for x in leaves(item)] if isinstance(tree, list) else [tree]

    expected = leaves(recorded(part))
    assert leaves(torch_numbers.numbers()[part]) == pytest.approx(expected, rel=1e-12, abs=1e-15)


# -- side by side ------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "settings"), OPTIMIZERS, ids=str)
def test_200_steps_of_an_optimizer(name, settings):
    weights = [Value(number) for number in START]
    optimizer = getattr(nn, name)(weights, **settings)
    path = torch_numbers.optimizer_path(name, settings)
    assert len(path) == STEPS == 200
    for step, expected in enumerate(path, 1):
        for k, weight in enumerate(weights):
            weight.grad = gradient(step, k)
        optimizer.step()
        assert [w.data for w in weights] == pytest.approx(expected, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("case", LOSSES, ids=str)
def test_200_losses_with_random_outputs(case):
    rng = random.Random(case.name)
    is_class = isinstance(case.targets[0], int)
    targets = torch.tensor(case.targets) if is_class else tensor(case.targets)

    def drawn(like):
        if isinstance(like, list):
            return [drawn(item) for item in like]
        return rng.random() if case.name == "binary_cross_entropy" else rng.gauss(0, 3)

    for _ in range(200):
        numbers = drawn(case.outputs)
        rows = numbers if isinstance(numbers[0], list) else [numbers]
        outputs = [[Value(x) for x in row] for row in rows]
        loss = getattr(nn, case.name)(
            outputs if isinstance(numbers[0], list) else outputs[0], case.targets, **case.settings
        )
        loss.backward()
        theirs = tensor(numbers, requires_grad=True)
        function = getattr(torch.nn.functional, case.name, torch_numbers.hinge_loss)
        expected = function(theirs, targets, **case.settings)
        expected.backward()
        assert loss.data == pytest.approx(expected.item(), rel=1e-12)
        gradients = theirs.grad if theirs.dim() == 2 else theirs.grad[None]
        assert_close([[x.grad for x in row] for row in outputs], gradients.tolist())


def everything(rng):
    return Sequential(
        Layer(3, 6, "linear", rng=rng),
        BatchNorm(6, eps=1e-3, momentum=0.2),
        Activation("relu"),
        Layer(6, 4, "tanh", rng=rng),
        LayerNorm(4, eps=1e-4),
        Sequential(Layer(4, 4, "gelu", rng=rng), RMSNorm(4)),
        Layer(4, 3, "linear", rng=rng),
    )


def test_200_steps_of_training_a_model_with_everything():
    """Same weights, same rows, Adam on both sides: the losses stay together."""
    model = everything(random.Random(1))
    twin = to_torch(model)
    optimizer = Adam(model.parameters(), lr=0.01)
    theirs = torch.optim.Adam(twin.parameters(), lr=0.01)
    classes = [0, 1, 2, 1, 0]
    for _ in range(200):
        optimizer.zero_grad()
        loss = cross_entropy(model.batch(ROWS), classes)
        loss.backward()
        optimizer.step()
        theirs.zero_grad()
        expected = torch.nn.functional.cross_entropy(twin(tensor(ROWS)), torch.tensor(classes))
        expected.backward()
        theirs.step()
        assert loss.data == pytest.approx(expected.item(), rel=1e-6)
    assert loss.data < 0.1
    assert_close(data(model.eval().batch(ROWS)), twin.eval()(tensor(ROWS)).tolist(), 1e-5)


# -- twins -------------------------------------------------------------------------------------


def gradient_by_both(model, twin):
    """Return the gradients in the rows, by both sides, of one sum of squares."""
    rows = [[Value(x) for x in row] for row in ROWS]
    outputs = [y for row in model.batch(rows) for y in (row if isinstance(row, list) else [row])]
    mse_loss(outputs, [0.3] * len(outputs)).backward()
    theirs = tensor(ROWS, requires_grad=True)
    ((twin(theirs) - 0.3) ** 2).mean().backward()
    return [[x.grad for x in row] for row in rows], theirs.grad.tolist()


MODELS = [
    *[Layer(3, 4, name, rng=1) for name in GAINS if name not in TWINLESS],
    *[Activation(name) for name in GAINS if name not in TWINLESS],
    *[MLP(3, [5, 4, 2], name, rng=1) for name in ("relu", "tanh", "linear")],
    MLP(3, [1]),
    MLP(3, [4, 1], "silu", rng=2),
    LayerNorm(3),
    RMSNorm(3),
    BatchNorm(3),
    BatchNorm(3).eval(),
    Dropout(0.5, rng=1).eval(),
    Sequential(Layer(3, 2, "elu"), Sequential(Activation("sigmoid"), Layer(2, 2, "linear"))),
    Sequential(Layer(3, 2, "relu"), Activation("tanh")),
    everything(random.Random(2)),
]


@pytest.mark.parametrize("model", MODELS, ids=repr)
def test_a_twin_computes_the_same_forth_and_back(model):
    for k, parameter in enumerate(model.parameters()):
        parameter.data += 0.1 * math.sin(k)  # no weight 1, no bias 0
    state = model.state_dict()
    twin = to_torch(model)
    assert all(parameter.dtype == torch.float64 for parameter in twin.parameters())
    assert twin.training == model.training
    again = from_torch(twin)
    assert list(again.state_dict().values()) == list(state.values())
    assert again.training == model.training
    expected = twin(tensor(ROWS)).tolist()
    assert_close(data(model.batch(ROWS)), expected)
    assert_close(data(again.batch(ROWS)), expected)
    assert_close(*gradient_by_both(model, twin))


@pytest.mark.parametrize("x", [-800.0, -20.5, -1e-9, 0.0, 1e-9, 20.5, 800.0])
@pytest.mark.parametrize("name", [name for name in GAINS if name not in TWINLESS])
def test_an_activation_and_its_slope_at_the_ends(name, x):
    ours, theirs = Value(x), tensor([x], requires_grad=True)
    (output,) = Activation(name)([ours])
    output.backward()
    expected = to_torch(Activation(name))(theirs)
    expected.sum().backward()
    assert output.data == pytest.approx(expected.item(), rel=1e-12, abs=1e-15)
    assert ours.grad == pytest.approx(theirs.grad.item(), rel=1e-12, abs=1e-15)


def test_from_torch_gives_back_the_kind():
    kinds = {
        MLP: MLP(3, [4, 4, 1], "tanh"),
        Sequential: Sequential(Layer(3, 2, "relu"), Layer(2, 2, "relu")),
        Layer: Layer(3, 2, "linear"),
        BatchNorm: BatchNorm(3, eps=0.1, momentum=0.3),
        Dropout: Dropout(0.25, rng=1),
    }
    for kind, module in kinds.items():
        again = from_torch(to_torch(module))
        assert type(again) is kind
        assert repr(again) == repr(module)
    assert (again.p, from_torch(to_torch(kinds[BatchNorm])).momentum) == (0.25, 0.3)


def test_pytorchs_own_models_in_float32_come_over():
    torch.manual_seed(1)
    twin = torch.nn.Sequential(
        torch.nn.Linear(3, 8), torch.nn.SiLU(), torch.nn.RMSNorm(8), torch.nn.Linear(8, 2)
    )
    model = from_torch(twin)
    assert repr(model) == "Sequential(Layer(3, 8, 'silu'), RMSNorm(8), Layer(8, 2, 'linear'))"
    expected = twin(torch.tensor(ROWS)).tolist()
    assert_close(data(model.batch(ROWS)), expected, 1e-5)


def test_an_activation_used_twice_comes_over_twice():
    relu = torch.nn.ReLU()
    twin = torch.nn.Sequential(torch.nn.Linear(3, 2), relu, torch.nn.Linear(2, 2), relu)
    assert repr(from_torch(twin)) == "Sequential(Layer(3, 2, 'relu'), Layer(2, 2, 'relu'))"


def test_a_twin_shares_no_numbers():
    model = MLP(3, [2])
    twin = to_torch(model)
    before = model.state_dict()
    with torch.no_grad():
        twin[0].weight += 1.0
    assert model.state_dict() == before


def test_modes_come_over_part_by_part():
    model = Sequential(BatchNorm(3), Dropout(0.5, rng=1))
    model.layers[0].eval()
    twin = to_torch(model)
    assert [twin.training, twin[0].training, twin[1].training] == [True, False, True]
    again = from_torch(twin)
    assert [again.training, *[part.training for part in again.layers]] == [True, False, True]


def test_pytorchs_random_state_is_left_alone():
    torch.manual_seed(1)
    state = torch.get_rng_state()
    to_torch(MLP(3, [4, 1]))
    assert torch.equal(torch.get_rng_state(), state)


class Own(Module):
    pass


@pytest.mark.parametrize(
    "module",
    [Layer(2, 2, "sin"), Activation("erf"), MLP(2, [2, 1], "erf"), Neuron(2), Own(),
     Sequential(Layer(2, 2), Own())],
    ids=repr,
)  # fmt: skip
def test_what_has_no_twin_in_pytorch_is_named(module):
    with pytest.raises(TypeError, match="has no twin in PyTorch"):
        to_torch(module)


@pytest.mark.parametrize(
    "twin",
    [
        torch.nn.Linear(2, 2, bias=False),
        torch.nn.Conv1d(1, 1, 1),
        torch.nn.LeakyReLU(0.2),
        torch.nn.ELU(2.0),
        torch.nn.GELU("tanh"),
        torch.nn.Softplus(beta=2.0),
        torch.nn.LayerNorm((2, 2)),
        torch.nn.LayerNorm(2, elementwise_affine=False),
        torch.nn.LayerNorm(2, bias=False),
        torch.nn.RMSNorm(2, elementwise_affine=False),
        torch.nn.BatchNorm1d(2, affine=False),
        torch.nn.BatchNorm1d(2, track_running_stats=False),
        torch.nn.BatchNorm1d(2, momentum=None),
        torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.Softmax(dim=1)),
        "linear",
    ],
    ids=repr,
)
def test_what_has_no_twin_here_is_named(twin):
    with pytest.raises(TypeError, match="has no twin here"):
        from_torch(twin)


def test_what_interchange_would_change_is_refused():
    layer = Layer(2, 2)
    with pytest.raises(TypeError, match="is there twice: its twins would not share weights"):
        to_torch(Sequential(layer, layer))
    linear = torch.nn.Linear(2, 2)
    with pytest.raises(TypeError, match="is there twice"):
        from_torch(torch.nn.Sequential(linear, linear))
    with pytest.raises(TypeError, match="no twin"):
        from_torch(torch.nn.Softplus(threshold=1))
