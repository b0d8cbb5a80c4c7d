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

    Arguments are data of JSON; NaN and infinity, which JSON does not have, may be among them.
    """
    results: list[Any] = run(
        scripts, f"read.map((call) => {function}(...call))", read=calls, revive=True
    )
    return results


def run(scripts: Sequence[str], code: str, *, read: Any, revive: bool = False) -> Any:
    """Return what the last line of ``code`` is, run after the scripts; ``read`` is there as data.

    With ``revive``, NaN and infinity may be in it. Skips without node, as page tests do without a
    browser.
    """
    if NODE is None:
        assert "REQUIRE_BROWSER" not in os.environ, "node is missing"
        pytest.skip("the scripts of the pages are run by node: install nodejs")
    library = "\n".join((SCRIPTS / f"{name}.js").read_text("utf-8") for name in scripts)
    program = (
        'const received = require("fs").readFileSync(0, "utf8");\n'
        "const revived = (key, sent) => (sent?.float === undefined ? sent : Number(sent.float));\n"
        "const { code, read } = JSON.parse(received, revived);\n"
        "const isOdd = (n) => typeof n === 'number' && !Number.isFinite(n);\n"
        "const shown = (key, n) => (isOdd(n) ? { float: String(n) } : n);\n"
        "console.log(JSON.stringify((0, eval)(code)(read), shown));\n"
    )
    *lines, last = code.strip().split("\n")
    body = f'"use strict";\n{library}\n' + "\n".join(lines) + f"\nreturn {last.strip()};"
    sent = {"code": f"(read) => {{ {body} }}", "read": _without_infinity(read) if revive else read}
    done = subprocess.run(
        [NODE, "-e", program], input=json.dumps(sent, allow_nan=False), capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout, object_hook=_float)


def _float(found: dict[str, Any]) -> Any:
    if found.keys() != {"float"}:
        return found
    return float(found["float"].replace("Infinity", "inf"))


def _without_infinity(sent: Any) -> Any:
    if isinstance(sent, float) and not math.isfinite(sent):
        return {"float": repr(sent).replace("inf", "Infinity").replace("nan", "NaN")}
    if isinstance(sent, dict):
        return {key: _without_infinity(value) for key, value in sent.items()}
    if isinstance(sent, list | tuple):
        return [_without_infinity(value) for value in sent]
    return sent
