"""Every demo of the lessons runs to its claims, and is listed."""

import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import demos
from demos import output_folder
from demos.__main__ import main as list_demos
from demos.claim import claim
from demos.lessons import LESSONS

TOLD_ELSEWHERE = {
    "first_graph",
    "stepping",
    "lesson_pages",
    "why_topological_order",
    "neuron",
    "moons",
    "race",
}
NO_LESSONS = {"classroom_notebook"}
NAMES = [demo.name for lesson in LESSONS.values() for demo in lesson]


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in NAMES if name not in TOLD_ELSEWHERE])
def test_runs_to_its_claims(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(output_folder, "OUTPUT", tmp_path)
    importlib.import_module(f"demos.{name}").main()
    told = capsys.readouterr().out
    assert "checked: " in told
    assert re.search(r"\nTry next:\n  - .+\n  - .+\n\Z", told)
    assert any(tmp_path.iterdir()), "a demo leaves a picture"


def test_a_claim_that_does_not_hold_ends_the_demo(capsys: pytest.CaptureFixture[str]) -> None:
    claim("one is one", True)
    with pytest.raises(SystemExit, match="did not find: one is two"):
        claim("one is two", False)
    assert capsys.readouterr().out == "checked: one is one\n"


def test_every_demo_is_listed_with_its_line_and_its_seconds(
    capsys: pytest.CaptureFixture[str],
) -> None:
    list_demos([])
    listed = re.findall(r"^  (\w+) +(\d+) s  \S.*$", capsys.readouterr().out, flags=re.MULTILINE)
    assert [name for name, _ in listed] == NAMES
    assert all(1 <= int(seconds) <= 60 for _, seconds in listed)
    runnable = {
        module.name
        for module in pkgutil.iter_modules(demos.__path__)
        if not module.ispkg
        and module.name != "__main__"
        and "def main(" in (Path(demos.__path__[0]) / f"{module.name}.py").read_text("utf-8")
    }
    assert runnable == {*NAMES, *NO_LESSONS}
