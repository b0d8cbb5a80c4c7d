"""What a training tells while it goes on."""

import io
import sys

import pytest

from nn import (
    l1_loss,
)
from tests.nn.training.models import Slope, at_call, line, press_ctrl_c, told


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_on_a_terminal_there_is_a_bar(monkeypatch):
    pytest.importorskip("tqdm")
    text = told(monkeypatch, Terminal(), metrics={"mae": l1_loss})
    assert "100%" in text
    assert "4/4" in text
    assert "mae=" in text
    assert text.endswith("\n")


def test_elsewhere_it_is_silent_unless_asked(monkeypatch):
    pytest.importorskip("tqdm")
    assert told(monkeypatch, io.StringIO()) == ""
    assert told(monkeypatch, Terminal(), progress=False) == ""
    assert "100%" in told(monkeypatch, io.StringIO(), progress=True)
    monkeypatch.setattr("sys.stderr", None)  # as under pythonw
    line(Slope())


def test_without_tqdm_there_is_a_line_an_epoch(monkeypatch):
    monkeypatch.setitem(sys.modules, "tqdm", None)
    lines = told(monkeypatch, Terminal(), validation=0.3).splitlines()
    assert [line[:16] for line in lines] == ["epoch 1/2  loss ", "epoch 2/2  loss "]
    assert "val_loss" in lines[0]
    assert " lr " not in lines[0]


@pytest.mark.parametrize("tqdm", [True, False])
def test_it_tells_that_it_goes_on_and_that_it_was_stopped(tqdm, monkeypatch, tmp_path):
    if tqdm:
        pytest.importorskip("tqdm")
    else:
        monkeypatch.setitem(sys.modules, "tqdm", None)
    path = tmp_path / "run.json"
    text = told(monkeypatch, Terminal(), loss=at_call(1, press_ctrl_c), checkpoint=path)
    assert "stopped by Ctrl-C; the model has the weights of the last batch" in text
    text = told(monkeypatch, Terminal(), loss=at_call(3, press_ctrl_c), epochs=9, checkpoint=path)
    assert "run.json: going on after 1 batches" in text
    assert "stopped by Ctrl-C; the model has the weights of epoch 2, the best" in text
