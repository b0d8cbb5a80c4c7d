"""Every demo runs, says what it should, and saves its pictures."""

import io
from pathlib import Path

import pytest

from demos import first_graph, moons, neuron, output_folder, race, why_topological_order


@pytest.fixture(autouse=True)
def output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(output_folder, "OUTPUT", tmp_path / "output")
    return tmp_path / "output"


def test_first_graph(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first_graph.main()
    assert "loss = (w*x + b - 5.0)**2" in capsys.readouterr().out
    assert (output / "first_graph.svg").exists()


def test_why_topological_order(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    why_topological_order.main()
    told = capsys.readouterr().out
    assert "16 doublings: 131,070 steps" in told
    assert "too early: x.grad = 16.0" in told
    assert "in order:  x.grad = 34.0" in told
    assert "a.grad = 1,125,899,906,842,624 = 2^50" in told
    assert (output / "why_topological_order.svg").exists()


def test_neuron(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    neuron.main()
    told = capsys.readouterr().out
    elementary, fused = (line for line in told.splitlines() if "gradients w[0]" in line)
    assert elementary.removeprefix("elementary") == fused.removeprefix("fused")
    assert (output / "neuron_elementary.svg").exists()
    assert (output / "neuron_fused.svg").exists()


def test_moons_learns_to_99_percent(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    moons.main()
    told = capsys.readouterr()
    accuracy = int(told.out.split("; ")[-1].split("%")[0])
    assert accuracy >= 99
    assert "training: 100%" in told.err
    for name in ("moons_loss", "moons_boundary"):
        assert (output / f"{name}.png").read_bytes().startswith(b"\x89PNG")
        assert "<svg" in (output / f"{name}.svg").read_text(encoding="utf-8")


def test_race_compares_and_its_engines_agree(capfd: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("micrograd", reason="the race runs against micrograd, extra `race`")
    assert race.race(rounds=1)
    told = capfd.readouterr().out
    assert "loss and 337 gradients differ by at most" in told
    assert told.count("chalkgrad, nn: one dot a neuron") == 2


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_demos_speak_to_terminals_of_any_encoding(
    encoding: str, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr("sys.stdout", told)
    why_topological_order.main()
    neuron.main()
    told.flush()
    assert b"x^3 + x^2" in told.buffer.getvalue().replace(b"\xb3", b"^3").replace(b"\xb2", b"^2")
