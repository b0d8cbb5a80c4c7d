"""The README: its sessions, its picture, and the top level it promises."""

import doctest
import re
from code import InteractiveConsole
from pathlib import Path

import pytest

from autograd import draw
from demos import first_graph, stepping
from demos.__main__ import main as list_demos

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_sessions_print_what_they_show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    sessions = "\n".join(re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL))
    test = doctest.DocTestParser().get_doctest(sessions, {}, "README", "README.md", 0)
    report: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    runner.run(test, out=report.append)
    assert test.examples
    assert not runner.failures, "".join(report)
    assert (tmp_path / "loss.svg").exists()


def test_the_picture_is_reproduced_byte_for_byte(tmp_path: Path) -> None:
    loss, _ = first_graph.build()
    draw(loss, names={}).save(tmp_path / "first_graph.svg")
    committed = ROOT / "demos" / "pictures" / "first_graph.svg"
    assert (tmp_path / "first_graph.svg").read_bytes() == committed.read_bytes()


def test_the_picture_of_a_step_is_reproduced_byte_for_byte(tmp_path: Path) -> None:
    console = InteractiveConsole()
    stepping.transcript(console)
    console.locals["steps"].save_frames(tmp_path)
    committed = ROOT / "demos" / "pictures" / "stepping.svg"
    assert (tmp_path / "step-09.svg").read_bytes() == committed.read_bytes()


def test_there_are_exactly_two_install_commands() -> None:
    assert len(re.findall(r"^python -m pip install", README, flags=re.MULTILINE)) == 2


def test_every_linked_file_is_there() -> None:
    for link in re.findall(r"\]\(([^)#]+)\)", README):
        assert link.startswith("http") or (ROOT / link).exists(), link


def test_the_demos_are_listed_as_they_list_themselves(capsys: pytest.CaptureFixture[str]) -> None:
    list_demos([])
    assert f"```text\n{capsys.readouterr().out}```" in README
