"""The source distribution and the wheel: built, compared with the repository, and used."""

import email
import os
import re
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path, PurePosixPath

import graphviz
import pytest

import autograd

pytestmark = pytest.mark.slow
for tool in ("build", "hatchling", "hatch_fancy_pypi_readme"):
    pytest.importorskip(tool, reason="what builds packages is in the extra `check`")

ROOT = Path(__file__).parent.parent
NAME = f"chalkgrad-{autograd.__version__}"
README = (ROOT / "README.md").read_text(encoding="utf-8")
# Of the sdist's own tests, quick ones that read its README, pictures, demos, plan and numbers.
OWN_TESTS = (
    "test_readme.py",
    "engine/test_value.py",
    "test_live.py",
    "test_lessons.py",
    "nn/test_losses.py",
)


def run(*command: str | Path, cwd: Path, path: Path | None = None, keys: str = "") -> str:
    """Return what a command prints, given ``keys``; ``path`` alone is on PYTHONPATH, or nothing."""
    others = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment = others | ({"PYTHONPATH": str(path)} if path else {})
    done = subprocess.run(
        command,
        cwd=cwd,
        env=environment,
        input=keys,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist and the wheel that was made of it."""
    folder = tmp_path_factory.mktemp("built")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    return folder


@pytest.fixture(scope="module")
def sdist(built: Path) -> Path:
    """The folder that the sdist unpacks to."""
    with tarfile.open(built / f"{NAME}.tar.gz") as archive:
        archive.extractall(built, filter="data")
    return built / NAME


@pytest.fixture(scope="module")
def wheel(built: Path) -> zipfile.ZipFile:
    return zipfile.ZipFile(built / f"{NAME}-py3-none-any.whl")


@pytest.fixture(scope="module")
def python(built: Path) -> Path:
    """The interpreter of an environment with the wheel in it; its dependencies are lent."""
    venv.create(built / "environment", with_pip=False)
    python = built / "environment" / ("Scripts" if os.name == "nt" else "bin") / "python"
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index"]
    run(*pip, built / f"{NAME}-py3-none-any.whl", cwd=built)
    installed = Path(
        run(python, "-c", "import autograd; print(autograd.__path__[0])", cwd=built).strip()
    )
    (installed.parent / "lent.pth").write_text(f"{Path(graphviz.__file__).parent.parent}\n")
    return python


def files_under(folder: Path) -> set[PurePosixPath]:
    return {
        PurePosixPath(path.relative_to(folder).as_posix())
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_sdist_holds_every_file_of_the_repository(sdist: Path) -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("only a git checkout knows which files the repository has")
    listed = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=ROOT)
    ours = {PurePosixPath(name) for name in listed.split("\0") if name and (ROOT / name).exists()}
    assert files_under(sdist) == ours | {PurePosixPath("PKG-INFO")}


def test_the_wheel_holds_the_two_packages_with_their_data(
    sdist: Path, wheel: zipfile.ZipFile
) -> None:
    held = {PurePosixPath(name) for name in wheel.namelist() if ".dist-info/" not in name}
    assert held == {path for path in files_under(sdist) if path.parts[0] in ("autograd", "nn")}
    assert {".py", ".typed", ".html", ".js", ".css"} <= {path.suffix or path.name for path in held}


def test_the_tests_of_the_sdist_pass_in_it(sdist: Path) -> None:
    tests = [f"tests/{name}" for name in OWN_TESTS]
    told = run(
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        *tests,
        cwd=sdist,
        path=sdist,
    )
    assert re.search(r"\d+ passed", told)


@pytest.mark.parametrize(
    ("command", "file"),
    [
        (["draw", "a*b", "a=2", "b=3"], "graph.svg"),
        (["lesson", "a*b", "a=2", "b=3"], "lesson.html"),
        (["worksheet", "a*b", "a=2", "b=3"], "worksheet.html"),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0],
)
def test_a_command_of_the_wheel_writes_its_file_in_an_empty_folder(
    command: list[str], file: str, python: Path, tmp_path: Path
) -> None:
    run(python, "-m", "autograd", *command, cwd=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [file]
    assert (tmp_path / file).read_text(encoding="utf-8").startswith(("<svg", "<!doctype html>"))


def test_the_wheel_answers_in_an_empty_folder(python: Path, tmp_path: Path) -> None:
    assert run(python, "-m", "autograd", "--version", cwd=tmp_path) == f"{NAME.replace('-', ' ')}\n"
    assert "a        2.0   3.0" in run(
        python, "-m", "autograd", "grad", "a*b", "a=2", "b=3", cwd=tmp_path
    )
    assert "[1/4] forward: v1 = a*b" in run(
        python, "-m", "autograd", "step", "a*b", "a=2", "b=3", cwd=tmp_path, keys="\nq\n"
    )
    assert "Value of autograd.value: 59 pass" in run(
        python, "-m", "autograd", "check", "autograd.value", cwd=tmp_path
    )
    assert not list(tmp_path.iterdir())
    told = run(python, "-c", "import nn; print(nn.MLP(2, [1]), nn.__file__)", cwd=tmp_path)
    assert str(python.parent.parent) in told


def test_the_readme_of_the_index_links_to_nothing_that_is_not_there(sdist: Path) -> None:
    shown = email.message_from_string((sdist / "PKG-INFO").read_text(encoding="utf-8"))
    assert shown["Description-Content-Type"].startswith("text/markdown")
    links = re.findall(r"\]\(([^)]*)\)", re.sub(r"```.*?```", "", shown.get_payload(), flags=re.S))
    assert not [link for link in links if not link.startswith(("https://", "http://", "#"))]
    assert blocks(shown.get_payload()) == blocks(README)


def blocks(readme: str) -> list[str]:
    """Return what stands in the fenced blocks."""
    return re.findall(r"```(.*?)```", readme, flags=re.DOTALL)


def test_the_metadata_tells_the_version_and_the_pythons(sdist: Path) -> None:
    shown = email.message_from_string((sdist / "PKG-INFO").read_text(encoding="utf-8"))
    assert (shown["Name"], shown["Version"]) == ("chalkgrad", autograd.__version__)
    assert shown["Requires-Python"] == ">=3.11"
    assert "Typing :: Typed" in shown.get_all("Classifier")
