"""For whoever fell behind: copies a stage of the scripted hour to engine.py in this folder.

python -m demos.live          list the stages
python -m demos.live N        copy stage N

Outside the checkout, ``python PATH/TO/demos/live N`` does the same.
"""

import argparse
import ast
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from autograd.system import write_whole
from autograd.wording import for_terminal, printable

STAGES = {path.name[5]: path for path in sorted(Path(__file__).parent.glob("stage?_*.py"))}
TARGET = "engine.py"  # one name for all stages: a class edits one file


class _Parser(argparse.ArgumentParser):
    """A parser whose errors take one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {printable(' '.join(message.split()))}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """List the stages, or copy one; return 0, 1 if the user says no, 2 if it cannot be done."""
    parser = _Parser(prog="python -m demos.live", description=f"Copy a stage to ./{TARGET}.")
    parser.add_argument("stage", nargs="?", metavar="N", help=f"1 to {len(STAGES)}; none: a list")
    stage = parser.parse_args(arguments).stage
    if stage is None:
        for path in STAGES.values():
            print(for_terminal(title(path)))
        print(f"\npython -m demos.live N copies stage N to {TARGET} in the current folder.")
        return 0
    if stage not in STAGES:
        parser.error(f"there is no stage {stage!r:.40}: choose 1 to {len(STAGES)}")
    try:
        return copy(STAGES[stage])
    except OSError as error:
        parser.error(str(error))


def title(stage: Path) -> str:
    """Return the first line of a stage, as in "Stage 1, a value: ..."."""
    text = ast.get_docstring(ast.parse(stage.read_text(encoding="utf-8"))) or ""
    return text.partition("\n")[0]


def copy(stage: Path) -> int:
    """Copy a stage to TARGET, over what is there only if the user says so."""
    target = Path(TARGET)
    content = stage.read_bytes()
    if target.exists() and target.read_bytes() != content and (code := _ask(target)):
        return code
    write_whole(target, content)
    print(for_terminal(f"Copied to {TARGET}: {title(stage)}"))
    print(f"Run it with python -i {TARGET}; at its end stands what to type next.")
    return 0


def _ask(target: Path) -> int:
    """Return 0 if ``target`` may be overwritten, else the exit code."""
    if sys.stdin is None or not sys.stdin.isatty():
        print(
            f"python -m demos.live: {target} is there already, and without a terminal nobody can "
            "be asked: rename or delete it first",
            file=sys.stderr,
        )
        return 2
    try:
        answer = input(f"{target} is there already. Overwrite it? [y/N] ")
    except (EOFError, KeyboardInterrupt):
        answer = ""
        print()
    if answer.strip().lower() in ("y", "yes"):
        return 0
    print(f"{target} stays as it was.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
