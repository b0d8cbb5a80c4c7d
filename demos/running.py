"""How a demo runs as a program: the one place that looks at options and at Ctrl-C."""

import argparse
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import NoReturn


def run_demo(main: Callable[[], int | None], *, has_options: bool = False) -> NoReturn:
    """Run ``main`` and exit with its code; after Ctrl-C, with one line and code 130.

    ``--help`` shows the docstring of its file, and anything else is an error, unless ``main``
    ``has_options`` and reads them itself.
    """
    if not has_options:
        _refuse_options(main)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # Ctrl-C is not ignored
        signal.signal(signal.SIGINT, _interrupt)
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("\nstopped by Ctrl-C", file=sys.stderr)
        sys.exit(130)


def _refuse_options(main: Callable[[], int | None]) -> None:
    parser = argparse.ArgumentParser(
        prog=f"python -m demos.{Path(sys.argv[0]).stem}",
        description=sys.modules[main.__module__].__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _, unknown = parser.parse_known_args()
    if unknown:
        parser.error(f"a demo takes no options, and not {' '.join(unknown)}; try --help")


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    """Raise KeyboardInterrupt; unlike Python's own handler, this one is not replaced by ``fit``."""
    raise KeyboardInterrupt
