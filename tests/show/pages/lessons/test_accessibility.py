"""axe-core, the checker of accessibility, finds nothing on lessons.

It comes from npm into the folder of the test session; nothing of it is kept.
"""

import math
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pytest

from autograd import Value, lesson
from nn import MLP, Neuron, mse_loss
from tests.show.pages.lessons.reader import Reader, batch
from tests.show.pages.lessons.test_opening import many_rows

AXE = "axe-core@4.14.1"


def neuron() -> Value:
    model = Neuron(2, "tanh", expanded=True)
    return model([Value(2.0, label="x1"), Value(math.pi, label="x2")])


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The script of axe-core; skips where npm is missing or does not reach its registry."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("axe-core comes from npm, which is missing: install npm")
    folder: Path = tmp_path_factory.mktemp("axe")
    done = subprocess.run(
        [npm, "pack", "--silent", AXE], cwd=folder, capture_output=True, text=True, check=False,
        timeout=60,
    )  # fmt: skip
    if done.returncode:
        pytest.skip(f"npm pack {AXE} failed: {done.stderr.strip()[-200:]}")
    with tarfile.open(folder / done.stdout.split()[-1]) as archive:
        return archive.extractfile("package/axe.min.js").read().decode()


RUN = """async () => {
    const { violations } = await axe.run();
    const told = ({ html, failureSummary }) => `${html.slice(0, 99)} ${failureSummary}`;
    return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${told(node)}`));
}"""


@pytest.mark.parametrize("build", [neuron, batch, many_rows])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 720), (390, 844)])
def test_axe_finds_nothing(browser: Any, axe: str, tmp_path, build, scheme, size):
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, bypass_csp=True
    )
    reader = Reader(context.new_page()).calm()
    lesson(build(), tmp_path / "page.html", names={})
    reader.open(tmp_path / "page.html")
    reader.page.add_script_tag(content=axe)
    assert reader.page.evaluate(RUN) == []
    reader.press("End")
    if not reader.page.locator("#table").is_visible():
        reader.page.click("#show-table")
    assert reader.page.evaluate(RUN) == []
    reader.page.click("#help")
    assert reader.page.evaluate(RUN) == []
    context.close()


def test_axe_can_find_something(browser: Any, axe: str, tmp_path):
    context = browser.new_context(bypass_csp=True)
    reader = Reader(context.new_page()).read(
        mse_loss([MLP(1, [1])([1.0])], [0.0]), tmp_path / "p.html"
    )
    reader.page.add_script_tag(content=axe)
    reader.ask("document.body.append(document.createElement('button'))")
    assert any(found.startswith("button-name") for found in reader.page.evaluate(RUN))
    context.close()
