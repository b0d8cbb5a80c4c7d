"""Training checkpoints: a training goes on as if never interrupted."""

import copy
import json
import math
import random

import pytest

from autograd import Value
from nn import (
    MLP,
    SGD,
    Adam,
    BatchNorm,
    CosineAnnealingLR,
    Dropout,
    EarlyStopping,
    Layer,
    Module,
    Sequential,
    StepLR,
    accuracy,
    cross_entropy,
    fit,
    mse_loss,
)
from tests.nn.training.models import (
    CLASSES,
    ROWS,
    XS,
    YS,
    Slope,
    at_call,
    line,
    press_ctrl_c,
)


class Trembling(Module):
    """Adds one deviate to all numbers of a batch, in training; a module of a student's own."""

    def __init__(self, rng):
        self.noise = rng

    def forward_batch(self, rows):
        shift = self.noise.gauss(0.0, 0.1) if self.training else 0.0  # gauss makes two at a time
        return [[x + shift for x in row] for row in rows]


def model_of_everything(shared):
    return Sequential(
        Layer(2, 3, "tanh", rng=5), BatchNorm(3), Dropout(0.2, rng=7), Layer(3, 3, rng=2),
        Dropout(0.2, rng=shared), Trembling(random.Random(9)), Layer(3, 2, "linear", rng=3),
    )  # fmt: skip


def everything(loss=cross_entropy, patience=4, **changes):
    """Train with all there is switched on, and objects as fresh as in a new process."""
    shared = random.Random(5)
    model = model_of_everything(shared)
    optimizer = Adam(model.parameters(), lr=0.1)
    settings = {
        "loss": loss, "optimizer": optimizer, "epochs": 4, "batch_size": 4, "rng": 13,
        "validation": 0.4, "metrics": {"accuracy": accuracy, "spread": spread},
        "schedule": CosineAnnealingLR(optimizer, 4, eta_min=0.01), "clip_norm": 0.5,
        "clip_value": 0.3, "early_stopping": EarlyStopping(model, patience=patience),
    }  # fmt: skip
    changes = {name: shared if held is SHARED else held for name, held in changes.items()}
    history = fit(model, ROWS, CLASSES, **{**settings, **changes})
    return model, history


SHARED = "the generator of a Dropout"


def spread(outputs, targets):
    return max(row[0].data for row in outputs) - min(row[0].data for row in outputs)


BATCHES = 5 * 4  # (3 to train on, 2 to validate on) in 4 epochs


def left_by(model, history, text):
    return model.state_dict(), dict(history), history.best, history.ended_by, text


def uninterrupted(path, **changes):
    model, history = everything(checkpoint=path, **changes)
    return left_by(model, history, path.read_text())


@pytest.fixture(scope="module", params=[4, 1], ids=["to the end", "stopping early"])
def whole(request, tmp_path_factory):
    """Return the patience, and all that a training without a break leaves behind."""
    path = tmp_path_factory.mktemp("whole") / "run.json"
    return request.param, uninterrupted(path, patience=request.param)


def test_the_examples_of_resumption_are_what_they_are_called(whole):
    patience, (_, history, best, ended_by, text) = whole
    assert ended_by == ("all epochs done" if patience == 4 else "early stopping")
    assert 1 < len(history["epoch"]) < 4 or patience == 4
    assert best != history["epoch"][-1]  # so that best and last weights differ
    assert json.loads(text)["model"] != {}


@pytest.mark.parametrize("n", range(1, BATCHES + 1))
def test_after_ctrl_c_at_any_batch_it_comes_to_the_same_bits(whole, n, tmp_path):
    patience, expected = whole
    path = tmp_path / "run.json"
    loss = at_call(n, press_ctrl_c, cross_entropy)
    _, history = everything(loss, patience, checkpoint=path)
    if n < 5 * len(expected[1]["epoch"]):
        assert history.ended_by == "Ctrl-C"
        assert json.loads(path.read_text())["position"] == n % 5
    model, history = everything(patience=patience, checkpoint=path)
    assert left_by(model, history, path.read_text()) == expected


def test_after_ctrl_c_at_every_batch_it_comes_to_the_same_bits(whole, tmp_path):
    patience, expected = whole
    path = tmp_path / "run.json"
    for _ in range(5 * len(expected[1]["epoch"]) + 1):
        loss = at_call(1, press_ctrl_c, cross_entropy)
        model, history = everything(loss, patience, checkpoint=path)
    assert left_by(model, history, path.read_text()) == expected


@pytest.mark.parametrize("n", [1, 3, 5, 6, 9, 16])
def test_after_a_crash_it_goes_on_from_the_last_epoch_to_the_same_bits(whole, n, tmp_path):
    def crash():
        raise MemoryError

    patience, expected = whole
    path = tmp_path / "run.json"
    if n <= 5 * len(expected[1]["epoch"]):
        with pytest.raises(MemoryError):
            everything(at_call(n, crash, cross_entropy), patience, checkpoint=path)
        assert json.loads(path.read_text())["position"] == 0
    model, history = everything(patience=patience, checkpoint=path)
    assert left_by(model, history, path.read_text()) == expected


def test_a_generator_may_be_shared_by_fit_and_the_model(tmp_path):
    expected = uninterrupted(tmp_path / "whole.json", rng=SHARED)
    path = tmp_path / "run.json"
    for n in (4, 6, 2):
        everything(at_call(n, press_ctrl_c, cross_entropy), checkpoint=path, rng=SHARED)
    model, history = everything(checkpoint=path, rng=SHARED)
    assert left_by(model, history, path.read_text()) == expected


class Noisy(Module):
    """A line whose random generators stand in a list, a tuple and a dictionary."""

    def __init__(self):
        self.w = Value(0.0)
        self.rngs = [random.Random(3), (random.Random(4),)]
        self.by_name = {"last": random.Random(5)}

    def forward(self, x):
        first, (second,) = self.rngs
        noise = first.random() + second.random() + self.by_name["last"].random()
        return self.w * (x[0] + noise)


def test_generators_in_lists_and_dictionaries_go_on_too(tmp_path):
    path, model = tmp_path / "run.json", Noisy()
    line(model, epochs=4, checkpoint=tmp_path / "whole.json")
    line(Noisy(), loss=at_call(4, press_ctrl_c), epochs=4, checkpoint=path)
    resumed = Noisy()
    line(resumed, epochs=4, checkpoint=path)
    assert resumed.w.data == model.w.data
    assert path.read_text() == (tmp_path / "whole.json").read_text()


def test_the_same_objects_go_on_as_fresh_ones_do(tmp_path):
    model = MLP(1, [3, 1], "tanh")
    optimizer = Adam(model.parameters(), lr=0.1)
    settings = {"optimizer": optimizer, "epochs": 4, "checkpoint": tmp_path / "same.json"}
    settings |= {"schedule": StepLR(optimizer, 1), "rng": random.Random(8)}
    line(model, loss=at_call(5, press_ctrl_c), **settings)
    line(model, **settings)
    twin = MLP(1, [3, 1], "tanh")
    optimizer = Adam(twin.parameters(), lr=0.1)
    line(twin, optimizer=optimizer, epochs=4, schedule=StepLR(optimizer, 1), rng=random.Random(8))
    assert model.state_dict() == twin.state_dict()


def test_a_training_may_go_on_for_more_epochs(tmp_path):
    path = tmp_path / "run.json"
    everything(epochs=2, checkpoint=path)
    model, history = everything(epochs=4, checkpoint=path)
    expected = uninterrupted(tmp_path / "other.json")
    assert left_by(model, history, path.read_text()) == expected


def test_a_training_that_is_done_only_gives_its_weights_and_history_back(tmp_path):
    path = tmp_path / "run.json"
    expected = uninterrupted(path)
    again, history = everything(at_call(1, pytest.fail, cross_entropy), checkpoint=path)
    assert left_by(again, history, path.read_text()) == expected


def test_a_checkpoint_that_cannot_be_written_is_an_error_before_anything_is_trained(tmp_path):
    model = Slope()
    with pytest.raises(FileNotFoundError, match=r"missing.*run\.json"):
        line(model, checkpoint=tmp_path / "missing" / "run.json")
    assert not model.seen


@pytest.fixture(scope="module")
def halfway(tmp_path_factory):
    """Return the text of a checkpoint in the third batch of the third epoch."""
    path = tmp_path_factory.mktemp("halfway") / "run.json"
    everything(at_call(13, press_ctrl_c, cross_entropy), checkpoint=path)
    return path.read_text()


class Watched:
    """All that a training could change, to see that it does not."""

    def __init__(self):
        self.rng, self.shared = random.Random(13), random.Random(5)
        self.model = model_of_everything(self.shared)
        self.optimizer = Adam(self.model.parameters(), lr=0.1)
        self.schedule = CosineAnnealingLR(self.optimizer, 4, eta_min=0.01)
        self.stopping = EarlyStopping(self.model, patience=4)
        self.model.layers[2].eval()

    def state(self):
        return copy.deepcopy((
            self.model.state_dict(), self.optimizer.state_dict(), self.schedule.state_dict(),
            self.stopping.state_dict(), self.shared.getstate(),
            [part.training for _, part in self.model.named_modules()],
        ))  # fmt: skip

    def fit(self, path, **changes):
        settings = {
            "loss": cross_entropy, "optimizer": self.optimizer, "epochs": 4, "batch_size": 4,
            "validation": 0.4, "metrics": {"accuracy": accuracy, "spread": spread},
            "schedule": self.schedule, "clip_norm": 0.5, "clip_value": 0.3,
            "early_stopping": self.stopping, "rng": self.rng, "checkpoint": path, **changes,
        }  # fmt: skip
        return fit(self.model, ROWS, CLASSES, **settings)


def refused(path, content, **changes):
    """Return why a checkpoint is refused, having seen that it changed nothing."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    watched = Watched()
    before = watched.state()
    with pytest.raises(ValueError) as caught:  # noqa: PT011  (the caller looks at the words)
        watched.fit(path, **changes)
    assert watched.state() == before
    return str(caught.value)


def test_a_truncated_checkpoint_changes_nothing(halfway, tmp_path):
    for length in [0, 1, 100, *range(500, len(halfway), 997), len(halfway) - 2]:
        assert "is not a checkpoint: " in refused(tmp_path / "run.json", halfway[:length])


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00", b"[]", b"3", b"weights", b"[" * 100_000, b'{"fraction": "1/0"}']
)
def test_what_is_no_json_object_changes_nothing(content, tmp_path):
    assert "is not a checkpoint: " in refused(tmp_path / "run.json", content)


def test_a_saved_model_is_no_checkpoint(tmp_path):
    Watched().model.save(tmp_path / "model.json")
    content = (tmp_path / "model.json").read_bytes()
    assert "is not a checkpoint of this training: its format" in refused(
        tmp_path / "m.json", content
    )


def test_the_checkpoint_of_another_model_changes_nothing(tmp_path, halfway):
    path = tmp_path / "run.json"
    model = MLP(2, [2])
    fit(model, ROWS, CLASSES, loss=cross_entropy, optimizer=SGD(model.parameters()), epochs=1,
        checkpoint=path)  # fmt: skip
    assert "is not a checkpoint of this training" in refused(path, path.read_text())
    renamed = halfway.replace("layer0.neuron0", "layer9.neuron0")
    assert "the state belongs to another model" in refused(path, renamed)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"batch_size": 5}, "there batch_size is 4, and here 5"),
        ({"validation": 0.2}, "there rows to train on is 10, and here 13"),
        ({"metrics": {"accuracy": accuracy}}, "metrics is"),
        ({"clip_norm": 1.0}, "there clip_norm is 0.5, and here 1.0"),
        ({"clip_value": None}, "there clip_value is 0.3, and here None"),
        ({"schedule": None}, "there schedule is 'CosineAnnealingLR', and here None"),
        ({"early_stopping": None}, r"there early_stopping is \[4, 0.0\], and here None"),
    ],
    ids=str,
)
def test_the_checkpoint_of_another_training_says_what_differs(changes, message, halfway, tmp_path):
    with pytest.raises(AssertionError, match=message):
        raise AssertionError(refused(tmp_path / "run.json", halfway, **changes))


def test_the_checkpoint_of_other_data_says_so(tmp_path):
    path, model = tmp_path / "run.json", Slope()
    settings = {"loss": mse_loss, "checkpoint": path, "optimizer": SGD(model.parameters())}
    fit(model, XS, YS, **settings)
    for rows, targets in [([*XS[:-1], [7.0]], YS), (XS, [*YS[1:], 0.0])]:
        with pytest.raises(ValueError, match="there the checksum of the data is"):
            fit(model, rows, targets, **settings)
    fit(model, [tuple(row) for row in XS], [Value(y) for y in YS], **settings)


def test_without_a_checkpoint_no_checksum_is_computed(tmp_path, monkeypatch):
    seen = []
    monkeypatch.setattr("nn.training.batches.Data.checksum", lambda data: seen.append(data) or 1)
    line(Slope())
    assert not seen
    line(Slope(), checkpoint=tmp_path / "run.json")
    assert len(seen) == 1


def test_the_checkpoint_of_another_optimizer_says_what_differs(tmp_path):
    path = tmp_path / "run.json"
    line(Slope(), checkpoint=path)
    model = Slope()
    with pytest.raises(ValueError, match="there optimizer is 'SGD', and here 'Adam'"):
        line(model, optimizer=Adam(model.parameters()), checkpoint=path)
    with pytest.raises(ValueError, match=r"there optimizer\.lr is 0\.01, and here 0\.5"):
        line(model, optimizer=SGD(model.parameters(), lr=0.5), checkpoint=path)


JUNK = [None, -1, 3, 10**400, 0.5, math.nan, True, "x", [], [1], [None], {}, {"a": 1}]


def places(nested, path=()):
    """Yield the path of everything in nested lists and dictionaries, of long lists the ends."""
    yield path
    if isinstance(nested, dict):
        for key in nested:
            yield from places(nested[key], (*path, key))
    elif isinstance(nested, list):
        for k in sorted({0, len(nested) - 1} & set(range(len(nested)))):
            yield from places(nested[k], (*path, k))


def test_whatever_is_broken_in_a_checkpoint_it_is_refused_or_a_number(halfway, tmp_path):
    """Each place is given a piece of junk in turn. What is refused has changed nothing.

    What is not is a number where there was one. NaN, or a variance of -1, may break a batch then.
    """
    whole, path = json.loads(halfway), tmp_path / "run.json"
    found = [place for place in places(whole) if place]
    refusals, changed = 0, []
    for k, place in enumerate(found):
        broken = copy.deepcopy(whole)
        holder = broken
        for key in place[:-1]:
            holder = holder[key]
        holder[place[-1]] = JUNK[k % len(JUNK)]
        path.write_text(json.dumps(broken))
        watched = Watched()
        before = watched.state()
        try:
            watched.fit(path)
        except (ArithmeticError, ValueError) as error:
            if "is not a checkpoint of this training" in str(error):
                refusals += 1
                changed += [place] if watched.state() != before else []
    assert not changed
    assert refusals > len(found) / 2


PARTS = ["format", "how", "history", "best_epoch", "order", "held_out", "position", "sums",
         "stopped", "generators", "early_stopping", "schedule", "optimizer", "model"]  # fmt: skip


def test_these_are_the_parts_of_a_checkpoint(halfway):
    assert list(json.loads(halfway)) == PARTS


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("junk", JUNK, ids=str)
def test_a_part_that_is_none_changes_nothing(part, junk, halfway, tmp_path):
    fine = {"best_epoch": (None, -1, 3, 10**400), "position": (3,), "stopped": (True,),
            "history": ({},), "sums": ({},)}  # fmt: skip
    if not any(junk is one or junk == one for one in fine.get(part, ())):
        content = json.dumps({**json.loads(halfway), part: junk})
        assert "is not a checkpoint of this training" in refused(tmp_path / "run.json", content)


@pytest.mark.parametrize("part", ["format", "how", "order", "model", "schedule"])
def test_a_part_that_is_missing_is_named(part, halfway, tmp_path):
    content = {name: held for name, held in json.loads(halfway).items() if name != part}
    why = refused(tmp_path / "run.json", json.dumps(content))
    assert f"it has no {part}" in why or part == "format"
