"""The command line: ``python -m autograd draw|grad|step|lesson EXPRESSION NAME=NUMBER ...``."""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from typing import NoReturn

from autograd.errors import LayoutError
from autograd.expression import build, parse_numbers
from autograd.show.lesson_page import lesson
from autograd.show.picture import SUFFIXES, draw
from autograd.show.stepper import Stepper
from autograd.show.themes import THEMES
from autograd.value import Value
from autograd.words import aligned, for_terminal, show_number, word


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0, or 2 after one line on what was wrong."""
    parser = _parser()
    words = [_as_positional(word) for word in (sys.argv[1:] if arguments is None else arguments)]
    options, late = parser.parse_known_args(words)  # NAME=NUMBER may also follow an option
    if any(word.startswith("-") for word in late):
        parser.error(f"unknown option {' '.join(late)}")
    try:
        output, leaves = build(options.expression, parse_numbers(options.numbers + late))
        options.run(output, leaves, options)
        if sys.stdout:
            sys.stdout.flush()
    except BrokenPipeError:  # the reader, such as ``head``, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        return 130
    except (ValueError, ArithmeticError, OSError, LayoutError) as error:
        reason = " ".join(str(error).split())
        print(f"python -m autograd: {reason}", file=sys.stderr)
        return 2
    return 0


Leaves = Mapping[str, Value]


def _draw(output: Value, leaves: Leaves, options: argparse.Namespace) -> None:
    output.backward()
    picture = draw(
        output, names={}, direction=options.direction, theme=options.theme, digits=options.digits
    )
    picture.save(options.output)
    print(for_terminal(f"wrote {options.output}"))


def _grad(output: Value, leaves: Leaves, options: argparse.Namespace) -> None:
    output.backward()
    nodes = [*leaves.items(), ("output", output)]
    rows = [
        (name, *(show_number(number, options.digits) for number in (node.data, node.grad)))
        for name, node in nodes
    ]
    print(for_terminal(aligned([("", word("data"), word("grad")), *rows])))


def _step(output: Value, leaves: Leaves, options: argparse.Namespace) -> None:
    Stepper(output, names={}, predict=options.predict, digits=options.digits).interact()


def _lesson(output: Value, leaves: Leaves, options: argparse.Namespace) -> None:
    print(lesson(output, options.output, names={}, digits=options.digits))


def _as_positional(word: str) -> str:
    """Return an expression such as ``-a*b`` in a form that is not taken for an option."""
    is_file = word.startswith("-o") and word.endswith((*SUFFIXES, ".html"))
    is_option = word.startswith("--") or word in ("-", "-o", "-h") or is_file
    return f" {word}" if word.startswith("-") and not is_option else word


class _Parser(argparse.ArgumentParser):
    """A parser whose errors take one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}; see --help\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m autograd", description="Differentiate a typed expression.")
    commands = parser.add_subparsers(dest="command", required=True)
    drawing = commands.add_parser("draw", help="draw its computation graph")
    drawing.set_defaults(run=_draw)
    drawing.add_argument("-o", "--output", default="graph.svg", help=".svg, .png, .pdf or .dot")
    drawing.add_argument("--direction", default="LR", choices=["LR", "TB", "RL", "BT"])
    drawing.add_argument("--theme", default="projector", choices=list(THEMES))
    table = commands.add_parser("grad", help="print the gradients")
    table.set_defaults(run=_grad)
    stepping = commands.add_parser("step", help="walk the forward and backward pass")
    stepping.set_defaults(run=_step)
    stepping.add_argument("--predict", action="store_true", help="ask for each number first")
    page = commands.add_parser("lesson", help="write a page that steps through it in a browser")
    page.set_defaults(run=_lesson)
    page.add_argument("-o", "--output", default="lesson.html", help="an HTML file")
    for command in (drawing, table, stepping, page):
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


if __name__ == "__main__":
    sys.exit(main())
