"""The command line.

python -m autograd draw|grad|step|lesson|worksheet EXPRESSION NAME=NUMBER ...
python -m autograd worksheet EXPRESSION --seed N
python -m autograd watch FILE
"""

import argparse
import math
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from autograd.errors import ExpressionError, LayoutError
from autograd.expression import build, parse_numbers, variables_of
from autograd.show.file_watching import watch_file
from autograd.show.lesson_page import lesson
from autograd.show.picture import SUFFIXES, draw
from autograd.show.sheet import BLANKS, worksheet
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
    if late and "numbers" not in options:
        parser.error(f"{options.command} takes one file, and not {' '.join(late)} too")
    if late:
        options.numbers += late
    try:
        options.run(options)
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


def _graph(options: argparse.Namespace) -> tuple[Value, dict[str, Value]]:
    """Return the graph of the expression that was typed, and its leaves by name."""
    return build(options.expression, parse_numbers(options.numbers))


def _draw(options: argparse.Namespace) -> None:
    output, _ = _graph(options)
    output.backward()
    picture = draw(
        output, names={}, direction=options.direction, theme=options.theme, digits=options.digits
    )
    picture.save(options.output)
    print(for_terminal(f"wrote {options.output}"))


def _grad(options: argparse.Namespace) -> None:
    output, leaves = _graph(options)
    output.backward()
    nodes = [*leaves.items(), ("output", output)]
    rows = [
        (name, *(show_number(number, options.digits) for number in (node.data, node.grad)))
        for name, node in nodes
    ]
    print(for_terminal(aligned([("", word("data"), word("grad")), *rows])))


def _step(options: argparse.Namespace) -> None:
    output, _ = _graph(options)
    Stepper(output, names={}, predict=options.predict, digits=options.digits).interact()


def _lesson(options: argparse.Namespace) -> None:
    output, _ = _graph(options)
    print(lesson(output, options.output, names={}, digits=options.digits))


def _worksheet(options: argparse.Namespace) -> None:
    seeds = None
    if options.seed is None and options.students != 1:
        raise ExpressionError("--students get other numbers each: add --seed N to draw them")
    if options.seed is None:
        output, _ = _graph(options)
    elif options.numbers:
        raise ExpressionError(f"--seed draws all numbers: leave out {' '.join(options.numbers)}")
    else:
        numbers = dict.fromkeys(variables_of(options.expression), math.nan)  # in every domain
        output, _ = build(options.expression, numbers)
        seeds = range(options.seed, options.seed + options.students)
    said = worksheet(
        output, options.output, seed=seeds, blank=options.blank, names={}, digits=options.digits
    )
    print(said)


def _watch(options: argparse.Namespace) -> None:
    watch_file(Path(options.file), options.limit)


def _as_positional(word: str) -> str:
    """Return an expression such as ``-a*b`` in a form that is not taken for an option."""
    is_file = word.startswith("-o") and word.endswith((*SUFFIXES, ".html"))
    is_option = word.startswith("--") or word in ("-o", "-h") or is_file
    return f" {word}" if word.startswith("-") and not is_option else word


class _Parser(argparse.ArgumentParser):
    """A parser whose errors take one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}; see --help\n")


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0.1 <= seconds <= 600:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds from 0.1 to 600")
    return seconds


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
    paper = commands.add_parser("worksheet", help="write an exercise to print, and its solutions")
    paper.set_defaults(run=_worksheet)
    paper.add_argument("-o", "--output", default="worksheet.html", help="an HTML file")
    paper.add_argument("--seed", type=int, metavar="N", help="draw the numbers, in place of typing")
    paper.add_argument("--students", type=int, default=1, metavar="N", help="sheets to draw")
    paper.add_argument("--blank", default="gradients", choices=BLANKS, help="what is left blank")
    watching = commands.add_parser("watch", help="keep a picture of a file's Values in the browser")
    watching.set_defaults(run=_watch)
    watching.add_argument("file", metavar="FILE", help="a Python file, run whenever it is saved")
    watching.add_argument(
        "--limit", type=_seconds, default=10.0, metavar="N", help="seconds that a run may take (10)"
    )
    for command in (drawing, table, stepping, page, paper):
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
