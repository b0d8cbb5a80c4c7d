"""The hunt at the command line: a loop of typed graphs and guesses, and lines that are verified."""

import re
import shlex
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator

from autograd.errors import HuntError
from autograd.hunting.game import Hunt, wrapped
from autograd.hunting.levels import LEVELS
from autograd.hunting.transcript import verify
from autograd.system import ask, is_piped
from autograd.wording import for_terminal, painted, printable, shows_colours, word


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of ``python -m autograd hunt``, and what runs it."""
    parser.set_defaults(run=run_hunt)
    parser.add_argument("level", nargs="?", metavar="LEVEL", help=f"1, easy, to {LEVELS}, hard (1)")
    chooses = parser.add_mutually_exclusive_group()
    chooses.add_argument(
        "--name", dest="seed", metavar="NAME", help="a student's name: chooses the bug"
    )
    chooses.add_argument("--seed", metavar="N", help="the same, with a number")
    parser.add_argument(
        "--verify", metavar="LINE", help="play a student's line again; - reads lines from a pipe"
    )


def run_hunt(options: Namespace) -> int:
    """Return 0, or 1 if a line that was to be verified is wrong."""
    if options.verify is not None:
        is_many = options.verify.strip() == "-"
        return _verify_all(sys.stdin if is_many and sys.stdin else [options.verify])
    if options.seed is not None and not options.seed.strip():
        raise HuntError("--name takes a name or a number, and it is empty: is the variable set?")
    level = (options.level or "").strip()
    if level and not re.fullmatch(r"[0-9]{1,9}", level):
        raise HuntError(f"{level!r:.40} is not a level: there are the levels 1 to {LEVELS}")
    run_loop(Hunt(int(level) if level else None, options.seed or ""))
    return 0


def _verify_all(lines: Iterable[str]) -> int:
    lines = [line for line in lines if line.strip()]
    if not lines:
        raise HuntError("--verify takes the line of a hunt, and it is empty: is the variable set?")
    code = 0
    for line in lines:
        try:
            print(for_terminal(printable(verify(line))))
        except HuntError as error:
            print(for_terminal(printable(f"wrong: {error}")))
            code = 1
    return code


def run_loop(hunt: Hunt) -> None:
    """Obey typed lines until the bug is found, ``quit``, Ctrl-C, or the end of what is piped in."""
    print(hunt)
    if not is_piped():
        print(wrapped(word("hunt keys")))
    try:
        for line in _typed_lines():
            try:
                _obey(hunt, line)
            except (ValueError, ArithmeticError) as error:
                print(wrapped(printable(str(error))))
            if hunt.is_found:
                print(for_terminal(f"{word('for the teacher')}\n{hunt.line}"))
                if hunt.level < LEVELS:
                    print(for_terminal(_next_level(hunt)))
                return
    except KeyboardInterrupt:
        print()  # below the prompt
    print(wrapped(word("not found")))


def _next_level(hunt: Hunt) -> str:
    name = f" --name {shlex.quote(hunt.seed)}" if hunt.seed else ""
    return word("next level", level=hunt.level + 1, name=name)


def _typed_lines() -> Iterator[str]:
    """Yield what is typed, without empty lines, until ``quit``; a pipe is not shown a prompt."""
    while True:
        try:
            typed = ask(for_terminal(word("hunt prompt")))
        except EOFError:
            if not is_piped():
                print()  # below the prompt
            return
        if typed.lower() in ("q", "quit", "exit"):
            return
        if typed:
            yield typed


def _obey(hunt: Hunt, typed: str) -> None:
    key = typed.lower()
    if guess := re.fullmatch(r"guess\s*([0-9]{1,9})(?:\s+(.+))?", typed, re.IGNORECASE):
        verdict = hunt.guess(int(guess[1]), guess[2])
        print(_in_colour(verdict, "green" if hunt.is_found else "red"))
    elif key.partition(" ")[0] == "guess":
        raise HuntError(word("no such hunt key"))
    elif re.fullmatch(r"[0-9]{1,9}", typed):
        raise HuntError(word("bare number", number=typed))
    elif key == "hint":
        print(_in_colour(hunt.hint(), "yellow"))
    elif key == "bugs":
        print(hunt.bugs)
    elif key == "score":
        print(wrapped(word("points left", score=hunt.score)))
    elif key in ("help", "?"):
        print(wrapped(word("hunt keys")))
    else:
        print(hunt.show(typed))


def _in_colour(text: str, colour: str) -> str:
    return painted(text, colour) if shows_colours(sys.stdout) else text
