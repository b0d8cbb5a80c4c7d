"""The history of a training."""

import csv
import sys

import pytest

from nn import (
    History,
)


def a_history(epochs, **changes):
    history = History()
    for epoch in range(1, epochs + 1):
        history.add({"epoch": epoch, "lr": 0.1, "loss": 1 / epoch, "accuracy": 0.5})
    vars(history).update(changes)
    return history


def test_a_history_is_a_table():
    assert repr(a_history(3, best=3, ended_by="Ctrl-C")).splitlines() == [
        "epoch   lr     loss  accuracy",
        "    1  0.1      1.0       0.5",
        "    2  0.1      0.5       0.5",
        "    3  0.1  ≈0.3333       0.5",
        "best: epoch 3, ended: Ctrl-C",
    ]


def test_a_long_history_shows_its_ends():
    lines = repr(a_history(100)).splitlines()
    assert [line.split()[0] for line in lines[1:]] == ["1", "2", "3", "4", "5", "…", "96", "97",
                                                       "98", "99", "100"]  # fmt: skip
    assert "epoch is complete" in repr(History())


def test_a_history_is_columns_by_name():
    history = a_history(3)
    assert history["loss"] == [1.0, 0.5, 1 / 3]
    assert history.last == {"epoch": 3, "lr": 0.1, "loss": 1 / 3, "accuracy": 0.5}
    assert (history.epochs, History().epochs, History().last) == (3, 0, {})


def test_a_history_is_written_as_csv_to_the_last_bit(tmp_path):
    history = a_history(7)
    history.to_csv(tmp_path / "history.csv")
    with open(tmp_path / "history.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == list(history)
    for name, column in history.items():
        assert [float(row[name]) for row in rows] == column
    with pytest.raises(FileNotFoundError):
        history.to_csv(tmp_path / "missing" / "history.csv")


def test_a_history_is_drawn_as_curves(tmp_path):
    history = a_history(5, best=4)
    history["val_loss"] = [2.0, 1.0, 0.75, 0.5, 0.6]
    figure = history.plot(tmp_path / "history.svg")
    assert "<svg" in (tmp_path / "history.svg").read_text(encoding="utf-8")
    loss, accuracy_ = figure.axes
    assert [axes.get_ylabel() for axes in figure.axes] == ["loss", "accuracy"]
    curves = {curve.get_label(): list(curve.get_ydata()) for curve in loss.get_lines()}
    assert curves["training"] == history["loss"]
    assert curves["validation"] == history["val_loss"]
    assert list(loss.get_lines()[2].get_xdata()) == [4, 4]
    assert [curve.get_label() for curve in accuracy_.get_lines()] == ["training", "best: epoch 4"]
    assert list(accuracy_.get_lines()[0].get_xdata()) == [1, 2, 3, 4, 5]


def test_a_plot_needs_an_epoch_and_matplotlib(monkeypatch):
    with pytest.raises(ValueError, match="nothing to plot: no epoch is complete"):
        History().plot()
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(ImportError, match=r'pip install "\.\[demos\]"'):
        a_history(1).plot()
