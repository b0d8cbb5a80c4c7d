"""axe-core for tests: what it finds of a page in Chromium that keeps people out."""

import os
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pytest

AXE = "axe-core@4.14.1"  # from npm; pinned, because its findings change
RUN = """axe.run(document, { iframes: false, resultTypes: ["violations"] }).then(({ violations }) =>
  violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) =>
    `${id}: ${target}: ${failureSummary}`)))"""


class Axe:
    """``violations(page)`` returns what axe-core finds in a page of Playwright, and its frames."""

    def __init__(self, script: str) -> None:
        self._script = script

    def violations(self, page: Any) -> list[str]:
        found: list[str] = []
        for frame in page.frames:
            frame.evaluate(self._script)
            found += frame.evaluate(RUN)
        return found


def fetched_axe(folder: Path) -> Axe:
    """Return axe-core, fetched into ``folder``; skips without npm unless REQUIRE_BROWSER is set."""
    npm = shutil.which("npm")
    packed = npm and subprocess.run(
        [npm, "pack", "--silent", AXE], cwd=folder, capture_output=True, text=True, check=False
    )
    if not packed or packed.returncode:
        why = packed.stderr if packed else "there is no npm"
        assert "REQUIRE_BROWSER" not in os.environ, f"{AXE} cannot be fetched: {why}"
        pytest.skip(f"tests of access need {AXE}, which npm fetches: {why}")
    with tarfile.open(next(folder.glob("*.tgz"))) as archive:
        script = archive.extractfile("package/axe.min.js")
        assert script is not None
        return Axe(script.read().decode("utf-8"))
