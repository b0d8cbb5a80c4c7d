"""fit with a compiled program: an ``if`` on what training moves is an error, and soon."""

import itertools

import pytest

from autograd import FrozenBranchError, Value, dot
from nn import MLP, SGD, Adam, Module, accuracy, cross_entropy, fit, mse_loss
from nn.training.verifying import is_due, spread
from tests.backends import every_backend
from tests.nn.training.models import CLASSES, ROWS, press_ctrl_c

NUMBERS = [k / 4 for k in range(1, 13)]


class Capped(Module):
    """w·x, but no more than 2, by an ``if``; at first no row of NUMBERS comes so far."""

    def __init__(self):
        self.w = Value(0.5)

    def forward(self, x):
        y = self.w * x
        return y * 0.0 + 2.0 if y.data > 2 else y


class TwoSlopes(Module):
    """Two slopes that start alike: a row has the one or the other by its number."""

    def __init__(self, of_second):
        self.one, self.other, self.of_second = Value(0.5), Value(0.5), of_second

    def forward(self, x):
        number = x.data if isinstance(x, Value) else x
        return (self.other if number in self.of_second else self.one) * x


def trained(model, backend="numpy", *, rows=NUMBERS, slope=3.0, lr=0.05, **settings):
    """Train a model to be a line through 0."""
    settings = {"loss": mse_loss, "epochs": 12, "batch_size": 4, **settings}
    optimizer = SGD(model.parameters(), lr=lr)
    targets = [slope * x for x in rows]
    return fit(model, rows, targets, optimizer=optimizer, backend=backend, **settings)


@every_backend
def test_an_if_on_an_activation_that_training_moves_is_found(backend):
    model = Capped()
    with pytest.raises(FrozenBranchError) as caught:
        trained(model, backend)
    message = str(caught.value)
    assert message.startswith("after 1 epoch, for rows[")
    assert "built anew, the loss is" in message
    assert "; the program has" in message
    assert 'take backend="eager", and train from the start' in message
    assert model.w.data > 0.5  # what was trained is there to look at
    assert model.w.has_grad
    assert not model.training


@every_backend
def test_layers_that_start_alike_are_told_apart_once_they_have_learned(backend):
    model = TwoSlopes({NUMBERS[2], NUMBERS[8]})  # which are not among the first rows looked at
    with pytest.raises(FrozenBranchError, match=r"after \d+ epochs?, for rows\[(2|8)\]: built"):
        trained(model, backend)


def test_layers_that_start_alike_on_many_rows_are_told_apart_after_the_first_epoch():
    model = TwoSlopes({x for k, x in enumerate(NUMBERS) if k not in (0, 1, 6, 11)})
    with pytest.raises(FrozenBranchError, match="after 1 epoch, for rows"):
        trained(model)


def test_it_is_found_on_the_way_and_not_after_all_epochs():
    with pytest.raises(FrozenBranchError, match="after 10 epochs, for rows"):
        trained(Capped(), lr=0.002, batch_size=12, epochs=10_000)


@every_backend
def test_a_derivative_that_differs_is_found_where_the_loss_does_not(backend):
    class Held(Module):
        """w·x, where w counts as a constant once it has reached 1."""

        def __init__(self):
            self.w, self.b = Value(0.5), Value(0.0)

        def forward(self, x):
            return (self.w if self.w.data < 1 else self.w.data) * x + self.b

    with pytest.raises(FrozenBranchError, match=r"built anew, ∂loss/∂w is 0\.0; the program has"):
        trained(Held(), backend)


def test_it_is_found_when_training_is_interrupted():
    def stop(outputs, targets):
        calls.append(len(outputs))
        if calls.count(12) == 5:  # batches of all rows, one an epoch
            press_ctrl_c()
        return 0.0

    calls = []
    with pytest.raises(FrozenBranchError, match="after 5 epochs"):
        trained(Capped(), lr=0.005, batch_size=12, metrics={"none": stop}, epochs=9)


def test_no_checkpoint_is_written_of_an_epoch_whose_graph_is_another(tmp_path):
    path = tmp_path / "saved.json"
    with pytest.raises(FrozenBranchError, match="after 1 epoch"):
        trained(Capped(), checkpoint=path)
    assert '"w": 0.5' in path.read_text()


def test_none_is_written_of_the_last_epoch_either(tmp_path):
    path = tmp_path / "saved.json"
    with pytest.raises(FrozenBranchError, match="after 4 epochs"):
        trained(Capped(), lr=0.005, batch_size=12, checkpoint=path, epochs=4)
    assert '"epoch": [1, 2, 3]' in path.read_text()


def test_an_if_in_evaluation_alone_is_found_at_the_end():
    class Other(Capped):
        def forward(self, x):
            return self.w * x if self.training else super().forward(x)

    with pytest.raises(
        FrozenBranchError, match=r"after 12 epochs, for validation\[0\]\[\d\]: .* validated"
    ):
        trained(Other(), validation=([1.0, 2.0], [3.0, 6.0]))


def test_what_the_model_raises_now_is_told_with_its_row():
    class Bounded(Capped):
        def forward(self, x):
            if self.w.data > 1:
                raise ValueError("too steep")
            return self.w * x

    with pytest.raises(ValueError, match="too steep") as caught:
        trained(Bounded())
    assert any("rows[" in note and 'backend="eager"' in note for note in caught.value.__notes__)


@every_backend
@pytest.mark.parametrize("nonlinearity", ["relu", "tanh"])
def test_kinks_that_are_operations_are_no_branches(backend, nonlinearity):
    model = MLP(2, [6, 2], nonlinearity, rng=0)
    history = fit(
        model, ROWS, CLASSES, loss=cross_entropy, optimizer=Adam(model.parameters(), lr=0.1),
        metrics={"accuracy": accuracy}, epochs=30, backend=backend, validation=0.25,
    )  # fmt: skip
    assert history.epochs == 30


@every_backend
def test_a_sum_that_only_rounding_moves_from_a_kink_is_not_a_branch(backend):
    """Where each product is rounded it is 0, and where only their sum is, 2.5e-18: relu differs."""

    class OnTheKink(Module):
        def __init__(self):
            self.w = [Value(0.494618019590239), Value(-0.6397400821088767)]

        def forward(self, x):
            return [dot(self.w, x).relu()]

    row = [-0.23466344163368302, -0.18143113120013687]
    model = OnTheKink()
    optimizer = SGD(model.parameters(), lr=0.0)
    fit(model, [row], [[1.0]], loss=mse_loss, optimizer=optimizer, epochs=1, backend=backend)


def test_outside_a_domain_the_last_step_is_not_judged():
    """The engine would not look at the weights that the last step made either."""

    class Log(Module):
        def __init__(self):
            self.w = Value(0.5)

        def forward(self, x):
            return (self.w * x).log()

    model = Log()
    trained(model, rows=[1.0, 2.0], slope=-5.0, lr=1.0, epochs=1, batch_size=2)
    assert model.w.data < 0


def test_comparisons_become_seldom():
    assert [epochs for epochs in range(1, 20_000) if is_due(epochs)] == [1, 10, 100, 1000, 10_000]


def test_rows_are_spread_and_others_each_time():
    rows = list(range(100, 200))
    first, second = spread(rows, 4, 1), spread(rows, 4, 10)
    for found in (first, second):
        assert len(set(found)) == 4
        assert all(24 <= b - a <= 26 for a, b in itertools.pairwise(found))
    assert not set(first) & set(second)
    assert spread(rows, 1000, 7) == rows
    assert {k for turn in range(100) for k in spread(rows, 4, turn)} == set(rows)
