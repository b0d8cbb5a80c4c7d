"""A Stepper by typed lines: what each does, and the loop that reads them."""

import io
import re
from contextlib import redirect_stdout
from typing import Any

from autograd.errors import LayoutError, PictureError
from autograd.system import ask, is_piped
from autograd.wording import for_terminal, word

MOST_AT_ONCE = 200  # steps that ``r`` prints


def run_lines(stepper: Any) -> None:
    """Read lines and do what they say until ``q``, Ctrl-C, or the end of what is piped in.

    Where the stepper asks for predictions, what is not a key is an answer.
    """
    if not is_piped():
        print(for_terminal(word("keys")))
    print(stepper.current)
    try:
        while (line := ask(_prompt(stepper))) not in ("q", "quit", "exit"):
            if line == "r":
                _print_steps_left(stepper)
            if said := obey(stepper, line):
                print(said)
    except (EOFError, KeyboardInterrupt):
        if not is_piped():
            print()  # below the prompt


def question_now(stepper: Any) -> str:
    """Return what the stepper asks before its next step; "" if nothing."""
    return stepper.question if stepper.asks else ""


def _prompt(stepper: Any) -> str:
    return for_terminal(question_now(stepper) or word("prompt"))


def _print_steps_left(stepper: Any) -> None:
    left = len(stepper) - stepper.position
    for _ in range(min(left, MOST_AT_ONCE)):
        print(stepper.goto(stepper.position + 1))
    if left > MOST_AT_ONCE:
        print(for_terminal("… " + word("more", count=left - MOST_AT_ONCE)))


def obey(stepper: Any, line: str) -> Any:
    """Do what a line says and return what there is to be shown: a step, or text."""
    if line in ("", "n"):
        return stepper.goto(stepper.position + 1) if question_now(stepper) else stepper.next()
    if line == "b":
        return stepper.back()
    if goto := re.fullmatch(r"g\s*(\d{1,9})", line):
        try:
            return stepper.goto(int(goto[1]))
        except IndexError as error:
            return for_terminal(str(error))
    if line == "r":
        return stepper.run()
    if line == "p":
        return _shown_picture(stepper)
    if question_now(stepper) and not line.startswith("g"):
        return stepper.answer(line)
    remark = word("no such step", count=len(stepper)) if line.startswith("g") else ""
    return for_terminal(f"{remark or word('no such key', typed=line)}\n{word('keys')}")


def _shown_picture(stepper: Any) -> Any:
    """Open the picture; return where it is, or why there is none, if there is that to say."""
    said = io.StringIO()
    try:
        with redirect_stdout(said):
            stepper.picture.show()
    except (LayoutError, PictureError, OSError) as error:
        return for_terminal(str(error))
    return for_terminal(said.getvalue().removesuffix("\n"))
