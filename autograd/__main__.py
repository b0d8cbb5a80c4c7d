"""The command line.

python -m autograd draw|grad EXPRESSION NAME=NUMBER ...
python -m autograd check FILE|MODULE [--class NAME] [--seconds N] [--json]
"""

import argparse
import json
import sys
from collections.abc import Sequence
from typing import NoReturn

from autograd.conformance import SECONDS
from autograd.conformance_process import check_file
from autograd.errors import LayoutError
from autograd.expression import build, parse_numbers
from autograd.show.picture import SUFFIXES, draw
from autograd.show.themes import THEMES
from autograd.words import aligned, for_terminal, printable, show_number, word


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0, or 2 after one line on what was wrong.

    ``check`` returns 1 if a case failed.
    """
    parser = _parser()
    words = [_as_positional(word) for word in (sys.argv[1:] if arguments is None else arguments)]
    options, late = parser.parse_known_args(words)  # NAME=NUMBER may also follow an option
    if any(word.startswith("-") for word in late):
        parser.error(f"unknown option {' '.join(late)}")
    if options.command == "check":
        if late:
            parser.error(f"check takes one file or module, and not {' '.join(late)} too")
        return _check(options)
    try:
        output, leaves = build(options.expression, parse_numbers(options.numbers + late))
        output.backward()
        if options.command == "draw":
            picture = draw(
                output, names={}, direction=options.direction, theme=options.theme,
                digits=options.digits,
            )  # fmt: skip
            picture.save(options.output)
            print(for_terminal(f"wrote {options.output}"))
        else:
            rows = [(name, leaf.data, leaf.grad) for name, leaf in leaves.items()]
            _print_table([*rows, ("output", output.data, output.grad)], options.digits)
    except (ValueError, ArithmeticError, OSError, LayoutError) as error:
        _explain(error)
        return 2
    return 0


def _explain(error: Exception) -> str:
    """Say in one line what was wrong."""
    reason = printable(" ".join(str(error).split()))
    print(f"python -m autograd: {reason}", file=sys.stderr)
    return reason


def _check(options: argparse.Namespace) -> int:
    """Check somebody's own engine; return 0 if all is right, 1 if a case failed, 2 if none ran."""
    try:
        report = check_file(options.engine, options.class_name, seconds=options.seconds)
    except (ValueError, OSError) as error:
        reason = _explain(error)
        if options.json:
            print(json.dumps({"engine": options.engine, "error": reason}))
        return 2
    print(report.as_json() if options.json else report)
    return 0 if report.ok else 1


def _as_positional(word: str) -> str:
    """Return an expression such as ``-a*b`` in a form that is not taken for an option."""
    is_file = word.startswith("-o") and word.endswith(SUFFIXES)
    is_option = word.startswith("--") or word in ("-o", "-h") or is_file
    return f" {word}" if word.startswith("-") and not is_option else word


class _Parser(argparse.ArgumentParser):
    """A parser whose errors take one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}; see --help\n")


def _duration(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0.1 <= seconds <= 600:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds from 0.1 to 600")
    return seconds


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m autograd",
        description="Differentiate a typed expression, or check an engine.",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    drawing = commands.add_parser("draw", help="draw its computation graph")
    drawing.add_argument("-o", "--output", default="graph.svg", help=".svg, .png, .pdf or .dot")
    drawing.add_argument("--direction", default="LR", choices=["LR", "TB", "RL", "BT"])
    drawing.add_argument("--theme", default="projector", choices=list(THEMES))
    table = commands.add_parser("grad", help="print the gradients")
    checking = commands.add_parser("check", help="try the hard cases on an engine of your own")
    checking.add_argument("engine", metavar="FILE", help="as in my_engine.py or micrograd.engine")
    checking.add_argument(
        "--class", dest="class_name", default="", metavar="NAME", help="the class (Value)"
    )
    checking.add_argument(
        "--seconds", type=_duration, default=SECONDS, metavar="N", help="time for one case (2)"
    )
    checking.add_argument("--json", action="store_true", help="print the report as JSON")
    for command in (drawing, table):
        command.add_argument("expression", help='as in "tanh(a*b + c)"')
        command.add_argument("numbers", nargs="*", metavar="NAME=NUMBER", help="as in a=2 b=1/3")
        command.add_argument(
            "--digits",
            type=int,
            default=4,
            choices=range(1, 18),
            metavar="N",
            help="significant digits (4)",
        )
    return parser


def _print_table(rows: Sequence[tuple[str, object, object]], digits: int) -> None:
    shown = [(name, show_number(d, digits), show_number(g, digits)) for name, d, g in rows]
    print(for_terminal(aligned([("", word("data"), word("grad")), *shown])))


if __name__ == "__main__":
    sys.exit(main())
