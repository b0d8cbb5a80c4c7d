"""Playgrounds for the tests: what stands in a page, and its training run in node."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from nn import playground

NODE = shutil.which("node") or shutil.which("nodejs")
FIRST_LINE_WITH_PAGE = "\nconst known = "
WITHOUT_PAGE = """
function trainer(settings = {}) {
  const { which = 0, model = 0, ...others } = settings;
  const optimizer = KNOWN.optimizers[which], formula = { ...optimizer, ...FORMULAS[which] };
  const data = { points: KNOWN.points, order: KNOWN.order, random: new Twister(KNOWN.random) };
  const { lr, decay } = optimizer;
  const chosen = { lr, decay, batch: KNOWN.batch, formula, ...others };
  return new Trainer(KNOWN.models[model], MODELS[model], data, chosen);
}
"""


class Page:
    """A written page: its text, what its script knows, and the script."""

    def __init__(self, path: Path, *arguments: Any, **named: Any) -> None:
        self.path = path
        playground(*arguments, path, **named)
        self.text = path.read_text(encoding="utf-8")
        found = re.search(r'<script type="application/json" id="known">(.*?)</script>', self.text)
        self.known: dict[str, Any] = json.loads(found[1])
        self.script: str = self.text.rpartition("<script>")[2].rpartition("</script>")[0]

    def run(self, lines: str) -> Any:
        """Return what ``lines`` of JavaScript give to ``answer``, in node, without a document."""
        if NODE is None:
            pytest.skip("node is not installed")
        script, with_page, _ = self.script.partition(FIRST_LINE_WITH_PAGE)
        assert with_page
        known = f"const KNOWN = {json.dumps(self.known)};\n"
        answer = "const answer = (found) => console.log(JSON.stringify(found));\n"
        text = script + known + WITHOUT_PAGE + answer + lines
        done = subprocess.run([NODE], input=text, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)
