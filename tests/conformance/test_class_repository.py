"""The repository for a class: each way in which it is used, as its README tells it."""

import base64
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from autograd.conformance.reports.points import read_points
from autograd.conformance.running.in_this_process import cases_of
from tests.conformance.checked import ENGINE, POSIX_ONLY, PROJECT

WRONG = ENGINE.replace("self.grad += contribution", "self.grad = contribution")


@pytest.fixture
def folder(tmp_path):
    """A copy of the repository."""
    shutil.copytree(
        PROJECT / "demos" / "class_repository", tmp_path / "repository",
        ignore=shutil.ignore_patterns("__pycache__"),
    )  # fmt: skip
    return tmp_path / "repository"


def run(*command: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess:
    others = {name: text for name, text in os.environ.items() if name != "CHECK_SEED"}
    return subprocess.run(
        command, capture_output=True, encoding="utf-8", cwd=cwd, check=False,
        env={**others, "PYTHONPATH": str(PROJECT), **environment},
    )  # fmt: skip


# -- pytest ------------------------------------------------------------------------------------

PYTEST = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")


def test_it_runs_the_cases_under_pytest(folder):
    done = run(*PYTEST, cwd=folder)
    assert done.returncode == 0, done.stdout
    assert "56 passed, 3 skipped" in done.stdout
    (folder / "engine.py").write_text(WRONG, encoding="utf-8")
    done = run(*PYTEST, cwd=folder)
    assert done.returncode == 1
    assert "Gradients must add up where a value is used twice" in done.stdout
    assert "test_engine[reuse]" in done.stdout


def test_with_a_seed_pytest_runs_the_hidden_cases_too(folder):
    done = run(*PYTEST, cwd=folder, CHECK_SEED="spring term")
    assert "68 passed, 3 skipped" in done.stdout


# -- points ------------------------------------------------------------------------------------


def test_its_points_are_a_hundred_and_some_extra(folder):
    parts = read_points(str(folder / "points.toml"), cases_of("spring term"))
    assert sum(part.points for part in parts if not part.extra) == 100
    assert any(part.extra for part in parts)


# -- Gradescope --------------------------------------------------------------------------------


def zip_of(folder: Path) -> zipfile.ZipFile:
    done = run(sys.executable, "gradescope/make_zip.py", cwd=folder, CHECK_SEED="spring term")
    assert (done.returncode, done.stdout) == (0, "wrote autograder.zip\n"), done.stderr
    return zipfile.ZipFile(folder / "autograder.zip")


def test_the_zip_has_what_gradescope_asks_for_at_its_root(folder):
    with zip_of(folder) as archive:
        names = archive.namelist()
        assert {"setup.sh", "run_autograder", "points.toml", "seed"} <= set(names)
        assert archive.read("seed") == b"spring term"
        for script in ("setup.sh", "run_autograder"):
            assert archive.read(script).startswith(b"#!/usr/bin/env bash\n")
            assert b"\r" not in archive.read(script)
            assert stat.S_IMODE(archive.getinfo(script).external_attr >> 16) & 0o111
    assert not [name for name in names if "__pycache__" in name]
    assert "autograd/conformance/diagnosis/patterns.json" in names


def test_without_a_seed_there_is_no_zip(folder):
    for seed in ("", "  "):
        done = run(sys.executable, "gradescope/make_zip.py", cwd=folder, CHECK_SEED=seed)
        assert done.returncode == 1
        assert done.stderr.startswith("set the variable CHECK_SEED to the seed of the hidden")
    assert not (folder / "autograder.zip").exists()


@POSIX_ONLY
@pytest.mark.parametrize(
    ("engine", "score"),
    [(ENGINE, (100, 100)), (WRONG, (1, 99)), ("x = (1,\n", (0, 0)), (None, (0, 0))],
    ids=["right", "wrong", "a syntax error", "no file"],
)
def test_the_autograder_writes_its_results_for_every_submission(folder, tmp_path, engine, score):
    autograder = tmp_path / "autograder"
    for name in ("source", "submission", "results"):
        (autograder / name).mkdir(parents=True)
    with zip_of(folder) as archive:
        archive.extractall(autograder / "source")
    if engine is not None:
        (autograder / "submission" / "engine.py").write_text(engine, encoding="utf-8")
    script = str(autograder / "source" / "run_autograder")
    done = run("bash", script, cwd=tmp_path, AUTOGRADER=str(autograder), PYTHONPATH="",
               PATH=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")  # fmt: skip
    results = json.loads((autograder / "results" / "results.json").read_text(encoding="utf-8"))
    assert score[0] <= results["score"] <= score[1], done.stderr
    if score == (0, 0):
        assert results["output"]


@POSIX_ONLY
@pytest.mark.parametrize("script", ["setup.sh", "run_autograder"])
def test_the_scripts_are_bash(folder, script):
    assert run("bash", "-n", f"gradescope/{script}", cwd=folder).returncode == 0


# -- GitHub Classroom --------------------------------------------------------------------------


def reported(folder: Path, engine: str) -> dict:
    """Return what the reporter of GitHub Classroom decodes."""
    (folder / "engine.py").write_text(engine, encoding="utf-8")
    arguments = ("--points", "points.toml", "--hidden", "spring term", "--format", "json")
    done = run(sys.executable, "-m", "autograd", "check", "engine.py", *arguments, cwd=folder)
    (folder / "report.json").write_text(done.stdout, encoding="utf-8")
    done = run(sys.executable, "classroom.py", "report.json", cwd=folder)
    name, _, text = done.stdout.strip().partition("=")
    assert name == "result"
    assert "\n" not in text
    return json.loads(base64.b64decode(text))


@pytest.mark.parametrize(
    ("engine", "status", "points"),
    [(ENGINE, "pass", (100, 100)), (WRONG, "fail", (1, 99)), ("x = (1,\n", "fail", (0, 0))],
    ids=["right", "wrong", "a syntax error"],
)
def test_classroom_gets_the_points_of_each_part(folder, engine, status, points):
    told = reported(folder, engine)
    assert (told["version"], told["status"], told["max_score"]) == (1, status, 100)
    earned = sum(test["score"] for test in told["tests"])  # as the reporter adds them up
    assert points[0] <= earned <= points[1]
    for test in told["tests"]:
        assert test["status"] in ("pass", "fail")
        assert set(test) == {"name", "status", "score", "message", "test_code", "filename",
                             "line_no", "duration"}  # fmt: skip


@pytest.mark.parametrize("text", ["", "{}", "[1", None])
def test_a_report_without_points_is_one_line(folder, text):
    if text is not None:
        (folder / "report.json").write_text(text, encoding="utf-8")
    done = run(sys.executable, "classroom.py", "report.json", cwd=folder)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "report.json has no points: is CHECK_SEED set" in done.stderr


@pytest.mark.parametrize("arguments", [[], ["report.json", "more"]])
def test_without_the_name_of_a_report_it_says_what_to_name(folder, arguments):
    done = run(sys.executable, "classroom.py", *arguments, cwd=folder)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "name the report, and nothing else: python classroom.py report.json\n"


def test_the_workflow_s_steps_fit_together(folder):
    workflow = (folder / ".github" / "workflows" / "classroom.yml").read_text(encoding="utf-8")
    (runner,) = re.findall(r"runners: (\S+)", workflow)
    assert f"- id: {runner}\n" in workflow
    result = f"{runner.upper()}_RESULTS: ${{{{ steps.{runner}.outputs.result }}}}"
    assert result in workflow  # as the reporter's README names it
    assert "CHECK_SEED: ${{ secrets.CHECK_SEED }}" in workflow
    for file in ("engine.py", "points.toml", "classroom.py"):
        assert file in workflow
        assert (folder / file).exists()
