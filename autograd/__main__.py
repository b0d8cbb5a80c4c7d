"""The command line; without a command, it shows what it can do.

python -m autograd
python -m autograd draw|grad|step|lesson|worksheet EXPRESSION NAME=NUMBER ...
python -m autograd worksheet EXPRESSION --seed N [--wrt NAME]
python -m autograd watch FILE [--limit SECONDS]
python -m autograd check FILE|MODULE [--class NAME] [--names data=value ...] [--seconds N] [--all]
    [--points FILE.toml] [--hidden SEED] [--format text|json|gradescope|otter]
python -m autograd hunt [LEVEL] [--name NAME] [--verify LINE]
"""

import signal

if __name__ == "__main__":  # while modules load, Ctrl-C ends the process, without a traceback
    INTERRUPTED = signal.getsignal(signal.SIGINT)
    if INTERRUPTED is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)

import argparse
import math
import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from autograd import __version__
from autograd.conformance import add_check_options, run_check
from autograd.errors import EngineFileError, ExpressionError, LayoutError
from autograd.graph import topological_order
from autograd.hunting import add_arguments
from autograd.show.drawing import draw
from autograd.show.pages.board import watch_file
from autograd.show.pages.lessons import lesson
from autograd.show.pages.sheets import BLANKS, MOST_SHEETS, worksheet
from autograd.show.picture import SUFFIXES, THEMES
from autograd.show.stepping import Stepper
from autograd.system import drop_output
from autograd.text import build, parse_numbers, variables_of
from autograd.value import Value
from autograd.wording import aligned, for_terminal, printable, show_number, word

DOES = {  # each command: what it does, and an example
    "draw": ("draw the graph of an expression", 'draw "tanh(a*b + c)" a=2 b=-3 c=6'),
    "grad": ("print its gradients", 'grad "a*b + a" a=1/3 b=2'),
    "step": ("walk its forward and backward pass", 'step "(a + b)*a" a=2 b=3 --predict'),
    "lesson": ("write a page that steps through it in a browser", 'lesson "a*b + a" a=2 b=3'),
    "worksheet": (
        "write an exercise to print, and its solutions",
        'worksheet "tanh(a*b + c)" --seed 1 --students 30',
    ),
    "watch": ("keep a file's Values in sight in the browser", "watch my_model.py"),
    "check": ("try the hard cases on an engine of your own", "check my_engine.py"),
    "hunt": ("find the bug in an engine by its numbers", "hunt 1 --name Ada"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0, or 2 after one line on what was wrong.

    ``check`` returns 1 if a case failed.
    """
    parser = _parser()
    words = [_as_positional(word) for word in (sys.argv[1:] if arguments is None else arguments)]
    options, late = parser.parse_known_args(words)  # NAME=NUMBER may also follow an option
    unknown = [word.strip() for word in [*late, *getattr(options, "numbers", [])]]
    unknown = [word for word in unknown if word.startswith("-")]
    if unknown:
        parser.error(f"unknown option {' '.join(unknown)}")
    if late and "numbers" not in options:
        taken = "level" if options.command == "hunt" else "file"
        parser.error(f"{options.command} takes one {taken}, and not {' '.join(late)} too")
    if late:
        options.numbers += late
    try:
        code: int = options.run(options)
        if sys.stdout:
            sys.stdout.flush()
    except BrokenPipeError:  # the reader, such as ``head``, has seen enough
        drop_output()
        return 0
    except KeyboardInterrupt:
        return 130
    except (ValueError, ArithmeticError, OSError, LayoutError) as error:
        reason = printable(" ".join(str(error).split()))
        print(f"python -m autograd: {reason}", file=sys.stderr)
        return 2
    return code


def _as_positional(word: str) -> str:
    """Return an expression such as ``-a*b`` in a form that is not taken for an option."""
    is_file = word.startswith("-o") and word.endswith((*SUFFIXES, ".html"))
    is_option = word.startswith("--") or word in ("-", "-o", "-h") or is_file
    return f" {word}" if word.startswith("-") and not is_option else word


class _Parser(argparse.ArgumentParser):
    """A parser whose errors take one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}; see --help\n")


def _run_without_command(_: Namespace) -> int:
    """Print what each command does, with an example to type."""
    print(f"chalkgrad {__version__}: differentiate an expression, follow a file, check an engine.")
    print("Options: python -m autograd COMMAND --help")
    width = max(map(len, DOES))
    for name, (does, example) in DOES.items():
        print(f"\n  {name:{width}}  {does}\n  {'':{width}}  python -m autograd {example}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m autograd",
        description="Differentiate a typed expression, follow a file, or check an engine.",
    )
    parser.add_argument("--version", action="version", version=f"chalkgrad {__version__}")
    parser.set_defaults(run=_run_without_command)
    commands = parser.add_subparsers(dest="command")
    _add_expression_commands(commands)
    watching = commands.add_parser("watch", help=DOES["watch"][0])
    watching.set_defaults(run=run_watch)
    watching.add_argument("file", metavar="FILE", help="a Python file, run whenever it is saved")
    watching.add_argument(
        "--limit", type=_duration, default=10.0, metavar="N", help="seconds a run may take (10)"
    )
    checking = commands.add_parser("check", help=DOES["check"][0])
    checking.set_defaults(run=run_check)
    add_check_options(checking, _duration)
    add_arguments(commands.add_parser("hunt", help=DOES["hunt"][0]))
    return parser


def _add_expression_commands(commands: "argparse._SubParsersAction[_Parser]") -> None:
    drawing = commands.add_parser("draw", help=DOES["draw"][0])
    drawing.set_defaults(run=run_draw)
    drawing.add_argument("-o", "--output", default="graph.svg", help=".svg, .png, .pdf or .dot")
    drawing.add_argument("--direction", default="LR", choices=["LR", "TB", "RL", "BT"])
    drawing.add_argument("--theme", default="projector", choices=list(THEMES))
    table = commands.add_parser("grad", help=DOES["grad"][0])
    table.set_defaults(run=run_grad)
    stepping = commands.add_parser("step", help=DOES["step"][0])
    stepping.set_defaults(run=run_step)
    stepping.add_argument("--predict", action="store_true", help="ask for each number first")
    page = commands.add_parser("lesson", help=DOES["lesson"][0])
    page.set_defaults(run=run_lesson)
    page.add_argument("-o", "--output", default="lesson.html", help="an HTML file")
    paper = commands.add_parser("worksheet", help=DOES["worksheet"][0])
    paper.set_defaults(run=run_worksheet)
    paper.add_argument("-o", "--output", default="worksheet.html", help="an HTML file")
    paper.add_argument(
        "--seed", metavar="N", help="a number or a name: chooses the numbers, so none are typed"
    )
    paper.add_argument("--students", type=_students, default=1, metavar="N", help="how many sheets")
    paper.add_argument(
        "--wrt", metavar="NAME", help="of the evaluation trace: tangents with respect to NAME"
    )
    paper.add_argument("--blank", default="gradients", choices=BLANKS, help="what is left blank")
    for command in (drawing, table, stepping, page, paper):
        command.add_argument("expression", help='as in "tanh(a*b + c)"')
        command.add_argument("numbers", nargs="*", metavar="NAME=NUMBER", help="as in a=2 b=1/3")
        command.add_argument(
            "--digits", type=int, default=4, choices=range(1, 18), metavar="N",
            help="significant digits (4)",
        )  # fmt: skip


def _duration(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0.1 <= seconds <= 600:
        raise argparse.ArgumentTypeError(
            f"{text.strip()!r} is not a number of seconds from 0.1 to 600"
        )
    return seconds


def _students(text: str) -> int:
    if not text.strip().isdecimal() or not 1 <= int(text) <= MOST_SHEETS:
        reason = f"{text.strip()!r} is not a number of sheets from 1 to {MOST_SHEETS}"
        raise argparse.ArgumentTypeError(reason)
    return int(text)


# -- what the commands do, each given its options; they return the exit code ---------------------


def _graph(options: Namespace) -> tuple[Value, dict[str, Value]]:
    """Return the graph of the expression that was typed, and its leaves by name.

    A number that is not used is told beside what is printed: a name may be misspelt.
    """
    output, leaves = build(options.expression, parse_numbers(options.numbers))
    used = set(topological_order(output))
    if unused := [name for name, leaf in leaves.items() if leaf not in used]:
        told = word("not in expression", names=", ".join(unused))
        print(f"python -m autograd: {printable(told)}", file=sys.stderr)
    return output, leaves


def run_draw(options: Namespace) -> int:
    output, _ = _graph(options)
    output.backward()
    picture = draw(
        output, names={}, direction=options.direction, theme=options.theme, digits=options.digits
    )
    picture.save(options.output)
    print(for_terminal(word("wrote picture", path=options.output)))
    return 0


def run_grad(options: Namespace) -> int:
    output, leaves = _graph(options)
    output.backward()
    last = word("output") if word("output") not in leaves else word("the output")
    nodes = [*leaves.items(), (last, output)]
    rows = [
        (name, *(show_number(number, options.digits) for number in (node.data, node.grad)))
        for name, node in nodes
    ]
    print(for_terminal(aligned([("", word("data"), word("grad")), *rows])))
    return 0


def run_step(options: Namespace) -> int:
    output, _ = _graph(options)
    Stepper(output, names={}, predict=options.predict, digits=options.digits).interact()
    return 0


def run_lesson(options: Namespace) -> int:
    output, _ = _graph(options)
    print(lesson(output, options.output, names={}, digits=options.digits))
    return 0


def run_worksheet(options: Namespace) -> int:
    seeds = None
    if options.seed is None and options.students != 1:
        raise ExpressionError("--students have different numbers: add --seed N to choose them")
    names = variables_of(options.expression)
    if options.seed is None and names and not options.numbers:
        reason = f"{names[0]} has no value: add {names[0]}=NUMBER, or --seed N to choose numbers"
        raise ExpressionError(reason)
    if options.seed is None:
        output, leaves = _graph(options)
    elif options.numbers:
        raise ExpressionError(f"--seed chooses all numbers: leave out {' '.join(options.numbers)}")
    else:
        numbers = dict.fromkeys(names, math.nan)  # in every domain
        output, leaves = build(options.expression, numbers)
        seeds = _seeds(options.seed, options.students)
    wrt = leaves.get(options.wrt)
    if options.wrt is not None and wrt is None:
        raise ExpressionError(f"--wrt {options.wrt}: it is one of {', '.join(leaves)}")
    said = worksheet(
        output, options.output, wrt=wrt, seed=seeds, blank=options.blank, names={},
        digits=options.digits,
    )  # fmt: skip
    print(said)
    return 0


def _seeds(text: str, students: int) -> list[int] | list[str]:
    """Return a seed for each student: numbers from the first on, or the one name."""
    if not text.strip():
        reason = "--seed takes a number or a name, and it is empty: is the variable set?"
        raise ExpressionError(reason)
    try:
        return list(range(int(text), int(text) + students))
    except ValueError:
        if students != 1:
            raise ExpressionError(
                f"--students counts seeds up from a number, not from {text!r}"
            ) from None
        return [text]


def run_watch(options: Namespace) -> int:
    path = Path(options.file.strip())
    if path.is_dir():
        raise EngineFileError(f"{path} is a folder: name the file in it")
    watch_file(path, options.limit)
    return 0


if __name__ == "__main__":
    signal.signal(signal.SIGINT, INTERRUPTED)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that temporary folders are deleted
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
