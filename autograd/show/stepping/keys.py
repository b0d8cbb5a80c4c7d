"""The loop of single keys over a Stepper: Enter, b, g K, r, p, q."""

import re
import sys
from types import BuiltinFunctionType
from typing import Any

from autograd.errors import LayoutError, PictureError
from autograd.wording import for_terminal, word

MOST_AT_ONCE = 200  # steps that ``r`` prints


def is_piped() -> bool:
    """Tell whether answers come from a pipe or a file; a notebook brings an input() of its own."""
    return isinstance(input, BuiltinFunctionType) and not (sys.stdin and sys.stdin.isatty())


def ask(question: str) -> str:
    """Return the line typed after ``question``, which is not shown where input is piped in.

    Raises EOFError at the end of what is piped in.
    """
    if not is_piped():
        return input(for_terminal(question)).strip()
    line = sys.stdin.readline() if sys.stdin else ""
    if not line:
        raise EOFError
    return line.strip()


def run_loop(stepper: Any) -> None:
    """Read keys and do what they say until ``q``, Ctrl-C, or the end of what is piped in.

    Where the stepper asks for predictions, what is not a key is an answer.
    """
    if not is_piped():
        print(for_terminal(word("keys")))
    print(stepper.current)
    try:
        while (key := ask(_prompt(stepper))) not in ("q", "quit", "exit"):
            _obey(stepper, key)
    except (EOFError, KeyboardInterrupt):
        if not is_piped():
            print()  # below the prompt


def _prompt(stepper: Any) -> str:
    return (stepper.question if stepper.predict else "") or word("prompt")


def _obey(stepper: Any, key: str) -> None:
    if key in ("", "n"):
        is_last = stepper.position == len(stepper)
        print(stepper.next() if is_last else stepper.goto(stepper.position + 1))
    elif key == "b":
        print(stepper.back())
    elif goto := re.fullmatch(r"g\s*(\d{1,9})", key):
        try:
            print(stepper.goto(int(goto[1])))
        except IndexError as error:
            print(error)
    elif key == "r":
        _print_the_rest(stepper)
    elif key == "p":
        try:
            stepper.picture.show()
        except (LayoutError, PictureError, OSError) as error:
            print(for_terminal(str(error)))
    elif stepper.predict and stepper.question and not key.startswith("g"):
        print(stepper.answer(key))
    else:
        remark = word("no such step", count=len(stepper)) if key.startswith("g") else ""
        print(for_terminal(remark or word("no such key", typed=key)))
        print(for_terminal(word("keys")))


def _print_the_rest(stepper: Any) -> None:
    left = len(stepper) - stepper.position
    for _ in range(min(left, MOST_AT_ONCE)):
        print(stepper.goto(stepper.position + 1))
    if left > MOST_AT_ONCE:
        print(for_terminal("… " + word("more", count=left - MOST_AT_ONCE)))
    print(stepper.run())
