"""What the demos say, and where they put their pictures."""

import os
from pathlib import Path

from autograd.wording import for_terminal

OUTPUT = Path(__file__).parent / "output"


def output_path(name: str) -> Path:
    """Return demos/output/NAME; the folder is made if need be."""
    OUTPUT.mkdir(exist_ok=True)
    return OUTPUT / name


def shown(path: Path) -> str:
    """Return the path as the user would type it from here."""
    return os.path.relpath(path)


def say(text: str = "") -> None:
    """Print ``text``, in ASCII where the terminal cannot show it otherwise."""
    print(for_terminal(text))
