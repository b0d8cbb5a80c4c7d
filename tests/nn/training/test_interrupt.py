"""Ctrl-C while a model is trained."""

import json
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from nn import (
    SGD,
    fit,
    mse_loss,
)
from tests.nn.training.models import (
    Recording,
    Slope,
    at_call,
    descend,
    distance,
    line,
    press_ctrl_c,
)

ROOT = Path(__file__).parents[3]


# -- Ctrl-C ------------------------------------------------------------------------------------


def test_ctrl_c_ends_it_after_the_batch_with_the_best_weights():
    model = Slope(3.0)
    history = descend(model, loss=at_call(7, press_ctrl_c, distance))
    assert len(model.seen) == 7  # the last in training, after it had validated three times
    assert history["val_loss"] == [1.75, 0.75, 0.25]
    assert (history.best, history.ended_by) == (3, "Ctrl-C")
    assert model.w.data == 0.0
    assert not model.training


def test_ctrl_c_without_validation_goes_by_the_loss_in_training():
    model = Slope(3.0)
    history = descend(model, loss=at_call(6, press_ctrl_c, distance), validation=0.0)
    assert history["loss"] == [2.75, 1.75, 0.75, 0.25, 0.75, 0.25]
    assert history.best == 4
    assert model.w.data == 1.0  # as epoch 4 left it


def test_ctrl_c_in_the_first_epoch_keeps_the_weights_there_are():
    model, twin = Slope(), Slope()
    history = line(model, loss=at_call(1, press_ctrl_c))
    assert history == {}
    assert history.best is None
    assert len(model.seen) == 1
    (rows,) = [rows for _, rows in model.seen]
    fit(twin, rows, [2 * x + 1 for (x,) in rows], loss=mse_loss, epochs=1,
        optimizer=SGD(twin.parameters(), lr=0.01))  # fmt: skip
    assert model.w.data == pytest.approx(twin.w.data) != 0.0


def test_a_second_ctrl_c_ends_it_at_once_with_the_weights_from_before_the_batch():
    def press_twice():
        press_ctrl_c()
        press_ctrl_c()

    model = Recording()
    with pytest.raises(KeyboardInterrupt):
        line(model, loss=at_call(4, press_twice), optimizer=model.optimizer, epochs=5)
    assert len(model.states) == 4
    assert model.state() == model.states[-1] != model.states[-2]
    assert not model.training


def test_afterwards_ctrl_c_is_as_it_was():
    line(Slope())
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    with pytest.raises(TypeError):
        line(Slope(), loss=lambda outputs, targets: None)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_where_a_program_handles_ctrl_c_itself_it_goes_on_doing_so():
    pressed = []
    signal.signal(signal.SIGINT, lambda number, frame: pressed.append(number))
    history = line(Slope(), loss=at_call(2, press_ctrl_c))
    assert pressed == [signal.SIGINT]
    assert history.ended_by == "all epochs done"


def test_off_the_main_thread_it_trains_and_leaves_ctrl_c_alone():
    handlers, model = [], Slope()
    loss = at_call(1, lambda: handlers.append(signal.getsignal(signal.SIGINT)))
    thread = threading.Thread(target=lambda: handlers.append(line(model, loss=loss)))
    thread.start()
    thread.join()
    assert handlers[0] is signal.default_int_handler
    assert handlers[1].epochs == 2


PROGRAM = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from nn import SGD, MLP, fit, mse_loss

def loss(outputs, targets):
    print("batch", flush=True)
    sys.stdin.readline()
    return mse_loss(outputs, targets)

model = MLP(1, [1])
history = fit(model, [[1.0], [2.0], [3.0], [4.0]], [1.0] * 4, loss=loss, epochs=5, batch_size=2,
              optimizer=SGD(model.parameters(), lr=0.01), checkpoint="run.json")
print(history.ended_by, history.epochs, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to one process")
def test_a_signal_from_outside_ends_it_after_the_batch(tmp_path):
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        cwd=tmp_path, env={"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    for batch in range(1, 6):
        assert program.stdout.readline() == "batch\n"
        if batch == 5:  # it waits within the batch, the first of epoch 3
            program.send_signal(signal.SIGINT)
        program.stdin.write("\n")
        program.stdin.flush()
    told, _ = program.communicate(timeout=60)
    assert told == "Ctrl-C 2\n"
    assert program.returncode == 0
    assert json.loads((tmp_path / "run.json").read_text())["position"] == 1
