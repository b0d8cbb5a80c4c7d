"""How a demo runs as a program: the one place that looks at options and at Ctrl-C."""

import argparse
import signal
import sys
from collections.abc import Callable
from inspect import signature
from pathlib import Path
from types import FrameType
from typing import NoReturn

from autograd import NoForwardRuleError

BACKENDS = ("eager", "python", "numpy", "native")


def run_demo(main: Callable[..., int | None], *, has_options: bool = False) -> NoReturn:
    """Run ``main`` and exit with its code; after Ctrl-C, with one line and code 130.

    ``--help`` shows the docstring of its file. A ``main`` that takes a ``backend`` is given that of
    ``--backend``; a model that cannot be compiled is told in one line. Anything else is an error,
    unless ``main`` ``has_options`` and reads them itself.
    """
    options = {} if has_options else _options(main)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # Ctrl-C is not ignored
        signal.signal(signal.SIGINT, _interrupt)
    try:
        sys.exit(main(**options))
    except (TypeError, ValueError, NoForwardRuleError, ImportError) as error:
        if options.get("backend", "eager") == "eager":
            raise
        sys.exit(f"python -m demos.{Path(sys.argv[0]).stem}: {error}")
    except KeyboardInterrupt:
        print("\nstopped by Ctrl-C", file=sys.stderr)
        sys.exit(130)


def _options(main: Callable[..., int | None]) -> dict[str, str]:
    """Return what ``main`` is called with."""
    parser = argparse.ArgumentParser(
        prog=f"python -m demos.{Path(sys.argv[0]).stem}",
        description=sys.modules[main.__module__].__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    takes_backend = "backend" in signature(main).parameters
    if takes_backend:
        default = signature(main).parameters["backend"].default
        parser.add_argument(
            "--backend", choices=dict.fromkeys([*BACKENDS, default]), default=default,
            help="train on graphs of Values, or on the program that the graph of a row becomes",
        )  # fmt: skip
    known, unknown = parser.parse_known_args()
    if unknown:
        takes = (
            "this demo takes only --backend"
            if takes_backend
            else ("a demo that trains nothing takes no options")
        )
        parser.error(f"{takes}, and not {' '.join(unknown)}; try --help")
    return vars(known)


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    """Raise KeyboardInterrupt; unlike Python's own handler, this one is not replaced by ``fit``."""
    raise KeyboardInterrupt
