"""The README and the chapters of the guide: their sessions, pictures and links."""

import doctest
import re
from code import InteractiveConsole
from pathlib import Path

import pytest

from autograd import draw
from demos import first_graph, stepping
from demos.lessons import LESSONS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


CHAPTERS = sorted((ROOT / "demos" / "guide").glob("*.md"))
TEXTS = [ROOT / "README.md", *CHAPTERS]
every_text = pytest.mark.parametrize("path", TEXTS, ids=[path.stem for path in TEXTS])


@every_text
@pytest.mark.usefixtures("no_callbacks_of_the_collector")
def test_the_sessions_print_what_they_show(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = path.read_text(encoding="utf-8")
    sessions = "\n".join(re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL))
    test = doctest.DocTestParser().get_doctest(sessions, {}, path.stem, path.name, 0)
    report: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    runner.run(test, out=report.append)
    assert test.examples
    assert not runner.failures, "".join(report)


def test_the_readme_is_read_in_five_minutes_and_links_every_chapter() -> None:
    assert len(README.splitlines()) <= 220
    for chapter in CHAPTERS:
        assert f"](demos/guide/{chapter.name})" in README


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


@every_text
def test_every_linked_file_is_there(path: Path) -> None:
    for link in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
        assert link.startswith("http") or (path.parent / link).exists(), link


@pytest.mark.parametrize("path", CHAPTERS, ids=[path.stem for path in CHAPTERS])
def test_a_chapter_leads_to_the_code_and_to_a_demo(path: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8"))
    targets = [(path.parent / link).resolve().relative_to(ROOT) for link in links]
    assert any(target.parts[0] in {"autograd", "nn"} for target in targets)
    assert any(
        target.parts[0] == "demos" and target.parts[1] not in {"guide", "pictures"}
        for target in targets
    )


def test_the_demos_are_listed_by_lesson() -> None:
    _, listed = README.split("## Demos")
    listed = " ".join(listed.split("| | |")[0].split())
    for number, (lesson, demos) in enumerate(LESSONS.items(), start=1):
        names = ", ".join(f"`{demo.name}`" for demo in demos)
        assert f"{number}. {lesson}: {names}" in listed
