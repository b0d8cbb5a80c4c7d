"""How a demo runs as a program: the one place that looks at options and at Ctrl-C."""

import argparse
import signal
import sys
from collections.abc import Callable, Mapping
from inspect import Parameter, signature
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from autograd import NoForwardRuleError
from autograd.system import drop_output
from demos.claim import claims_may_fail
from demos.output_folder import say

BACKENDS = ("eager", "python", "numpy", "native")
LARGEST_SEED = 10**9  # NumPy and scikit-learn take up to 2**32 - 1, and demos add to it
UNUSED = {
    "seed": "changes nothing: this demo draws nothing at random",
    "quick": "changes nothing: this demo is quick as it is",
}  # said where ``main`` takes no such parameter

Main = Callable[..., int | None]


def run_demo(
    main: Main,
    *,
    options: Callable[[argparse.ArgumentParser], Any] | None = None,
    has_options: bool = False,
) -> NoReturn:
    """Run ``main`` and exit with its code; after Ctrl-C, with one line and code 130.

    Every demo takes ``--help``, which shows the docstring of its file, ``--seed`` and ``--quick``.
    ``main`` is given the numbers of those of its parameters ``seed``, ``quick`` and ``backend``
    that it has; what ``options`` adds to the parser is given to it too. With ``has_options`` it
    reads all options itself. A model that cannot be compiled, and a file or disk that cannot be
    written, are told in one line; a reader such as ``head`` that has seen enough is not an error.
    """
    given = {} if has_options else _options(main, options)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # Ctrl-C is not ignored
        signal.signal(signal.SIGINT, _interrupt)
    try:
        code = main(**given)
        if sys.stdout:
            sys.stdout.flush()
        sys.exit(code)
    except BrokenPipeError:  # the reader, such as ``head``, has seen enough
        drop_output()
        sys.exit(0)
    except OSError as error:
        drop_output()
        sys.exit(f"{_command()}: {error}")
    except (TypeError, ValueError, NoForwardRuleError, ImportError) as error:
        usual = signature(main).parameters.get("backend")
        if usual is None or given.get("backend") == usual.default:
            raise
        sys.exit(f"{_command()}: {error}")
    except KeyboardInterrupt:
        print("\nstopped by Ctrl-C", file=sys.stderr)
        sys.exit(130)


def try_next(first: str, second: str) -> None:
    """End a demo with two things for the reader to do."""
    say(f"\nTry next:\n  - {first}\n  - {second}")


def seed_number(text: str) -> int:
    """Read a seed; argparse says what is wrong with it."""
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST_SEED))
    if not (is_number and int(text) <= LARGEST_SEED):
        raise argparse.ArgumentTypeError(
            f"a seed is a whole number from 0 to {LARGEST_SEED:,}, and not {text!r:.40}"
        )
    return int(text)


def _options(main: Main, add: Callable[[argparse.ArgumentParser], Any] | None) -> dict[str, Any]:
    """Return what ``main`` is called with."""
    parser = argparse.ArgumentParser(
        prog=_command(), description=sys.modules[main.__module__].__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    takes = signature(main).parameters
    _add_common(parser, takes)
    if add is not None:
        add(parser)
    known, unknown = parser.parse_known_args()
    given = vars(known)
    if unknown:
        *others, last = (f"--{name.replace('_', '-')}" for name in given)
        some = f"{', '.join(others)} and {last}"
        parser.error(f"this demo takes {some}, and not {' '.join(unknown)}; try --help")
    changed = [name for name in UNUSED if given[name] != parser.get_default(name)]
    if any(name in takes for name in changed):
        claims_may_fail()
    for name in UNUSED.keys() - takes.keys():
        del given[name]
        if name in changed:
            print(f"--{name} {UNUSED[name]}", file=sys.stderr)
    return given


def _add_common(parser: argparse.ArgumentParser, takes: Mapping[str, Parameter]) -> None:
    """Add the options that every demo has, and --backend where ``main`` takes one."""
    told = dict(UNUSED)
    if "seed" in takes:
        told["seed"] = f"draw other random numbers; {takes['seed'].default} if not given"
    if "quick" in takes:
        told["quick"] = "do less, so that not every claim need hold"
    seed = takes["seed"].default if "seed" in takes else None
    parser.add_argument("--seed", type=seed_number, default=seed, metavar="N", help=told["seed"])
    parser.add_argument("--quick", action="store_true", help=told["quick"])
    if "backend" in takes:
        default = takes["backend"].default
        parser.add_argument(
            "--backend", choices=dict.fromkeys([*BACKENDS, default]), default=default,
            help="train on graphs of Values, or on the program that the graph of a row becomes",
        )  # fmt: skip


def _command() -> str:
    return f"python -m demos.{Path(sys.argv[0]).stem}"


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    """Raise KeyboardInterrupt; unlike Python's own handler, this one is not replaced by ``fit``."""
    raise KeyboardInterrupt
