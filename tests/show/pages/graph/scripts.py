"""The scripts of the pages, run by node."""

import json
import math
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

import autograd

SCRIPTS = Path(autograd.__file__).parent / "show" / "pages" / "graph"
NODE = shutil.which("node") or shutil.which("nodejs")


def called(scripts: Sequence[str], function: str, calls: Sequence[Sequence[Any]]) -> list[Any]:
    """Return what a function of the scripts gives for each list of arguments, from one run of node.

    Arguments are data of JSON; NaN and infinity, which JSON does not have, may be among them. Skips
    without node, as page tests do without a browser.
    """
    if NODE is None:
        assert "REQUIRE_BROWSER" not in os.environ, "node is missing"
        pytest.skip("the scripts of the pages are run by node: install nodejs")
    library = "\n".join((SCRIPTS / f"{name}.js").read_text("utf-8") for name in scripts)
    program = (
        f'"use strict";\n{library}\n'
        'const received = require("fs").readFileSync(0, "utf8");\n'
        "const revived = (key, sent) => (sent?.float === undefined ? sent : Number(sent.float));\n"
        "const calls = JSON.parse(received, revived);\n"
        f"console.log(JSON.stringify(calls.map((call) => {function}(...call))));\n"
    )
    sent = json.dumps(_without_infinity(calls), allow_nan=False)
    done = subprocess.run(
        [NODE, "-e", program], input=sent, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    results: list[Any] = json.loads(done.stdout)
    return results


def _without_infinity(sent: Any) -> Any:
    if isinstance(sent, float) and not math.isfinite(sent):
        return {"float": repr(sent).replace("inf", "Infinity").replace("nan", "NaN")}
    if isinstance(sent, dict):
        return {key: _without_infinity(value) for key, value in sent.items()}
    if isinstance(sent, list | tuple):
        return [_without_infinity(value) for value in sent]
    return sent
