"""A Stepper by single keys, on a screen that is redrawn with each."""

import sys
from typing import Any

from autograd.show.stepping.lines import obey, question_now
from autograd.show.stepping.step import Step
from autograd.show.stepping.table import gradient_table
from autograd.show.stepping.walk import Walk
from autograd.system import Console
from autograd.wording import for_terminal, in_cells, painted, shows_colours, word

IDLE = 0.25  # seconds after which the size of the terminal is looked at again
NARROWEST = 12  # columns; in fewer, lines are cut
LINES = {  # what a key means as a typed line
    "enter": "", " ": "", "right": "", "down": "",
    "left": "b", "up": "b", "b": "b", "backspace": "b", "home": "g 0", "p": "p",
}  # fmt: skip

Line = tuple[str, str]  # text, and its colour or ""


def run_keys(stepper: Any, walk: Walk) -> None:
    """Obey keys until ``q`` or Ctrl-C; then show where the walk is, below what was there before."""
    console = Console()
    try:
        console.begin()
        Screen(stepper, walk, console).run()
    except (EOFError, KeyboardInterrupt):
        pass
    finally:
        console.end()
    print(stepper.current)


class Screen:
    """What is seen of a stepper, and what has been typed.

    said   what the last key led to: a step, or text
    typed  the line being typed, of a number to go to or of a prediction; None if none is
    """

    def __init__(self, stepper: Any, walk: Walk, console: Console) -> None:
        self.stepper = stepper
        self.walk = walk
        self.console = console
        self.said: Any = stepper.current
        self.typed: str | None = None
        self._is_number = False  # of a step to go to

    def run(self) -> None:
        seen = None
        while True:
            if (size := self.console.size) != seen:
                self.console.show(self.lines(*size))
                seen = size
            key = self.console.key(IDLE)
            if key in ("q", "ctrl-d") and self.typed is None:
                return
            if key:
                self.press(key)
                seen = None

    # -- keys ------------------------------------------------------------------------------------

    def press(self, key: str) -> None:
        """Do what a key other than ``q`` says."""
        if key == "ctrl-z":
            self.console.stop()
        elif self.typed is not None:
            self._type(key, self.typed)
        elif key == "?":
            self.said = for_terminal(self._help())
        elif key == "g" or (question_now(self.stepper) and self._begins_answer(key)):
            self.typed = "" if key == "g" else key
            self._is_number = key == "g"
        else:
            self._obey(key)

    def _begins_answer(self, key: str) -> bool:
        return len(key) == 1 and key.isprintable() and key not in LINES and key != "r"

    def _type(self, key: str, typed: str) -> None:
        if key == "enter":
            self.typed = None
            if typed.strip():
                self.said = self._entered(typed.strip())
        elif key == "escape" or (key == "backspace" and not typed):
            self.typed = None
        elif key == "backspace":
            self.typed = typed[:-1]
        elif len(key) == 1 and key.isprintable():
            self.typed = typed + key

    def _entered(self, typed: str) -> Any:
        if not self._is_number:
            return obey(self.stepper, typed)
        if not typed.isdecimal():
            return for_terminal(word("step range", count=len(self.stepper)))
        return obey(self.stepper, f"g {typed}")

    def _obey(self, key: str) -> None:
        if key in ("end", "r"):
            self.said = self.stepper.goto(len(self.stepper))
        elif key == "p":
            with self.console.paused():
                self.said = obey(self.stepper, "p") or self.stepper.current
        elif key in LINES:
            self.said = obey(self.stepper, LINES[key])
        else:
            name = repr(key) if len(key) == 1 else key
            self.said = for_terminal(word("not a key", typed=name))

    def _help(self) -> str:
        return word("screen keys") + (f"\n{word('answer keys')}" if self.stepper.asks else "")

    # -- what is seen ----------------------------------------------------------------------------

    def lines(self, columns: int, rows: int) -> list[str]:
        """Return at most as many lines as there are rows: as a terminal takes them, with colours.

        What was said comes first, then the steps around, then the gradients. What is typed stands
        in the last line.
        """
        width = max(columns - 1, NARROWEST)  # a full line would move the cursor to the next
        last = in_cells(self._last_line(width), width)
        room = max(rows - len(last), 1)
        above = [*_pieces(self._said(), width), ("", "")]
        above += [*_pieces(self._around(), width), ("", "")]
        above += _pieces(self._table(room - len(above)), width)
        has_colours = shows_colours(sys.stdout)
        seen = [
            painted(text, colour) if colour and has_colours else text
            for text, colour in above[:room]
        ]
        return [*seen, *[""] * (room - len(seen)), *last][-rows:]

    def _said(self) -> list[Line]:
        if not isinstance(self.said, Step):
            return [(line, "") for line in str(self.said).splitlines()]
        first, *rest = str(self.said).splitlines()
        remarks = for_terminal(self.said.remark).splitlines()
        verdict = {True: "green", False: "red", None: ""}[self.said.is_right]
        told = [(line, "") for line in rest[: len(rest) - len(remarks)]]
        return [(first, "bold"), *told, *[(f"  {line.strip()}", verdict) for line in remarks]]

    def _around(self) -> list[Line]:
        lines = str(self.stepper.where).splitlines()
        arrow = for_terminal("→")
        return [(line, "bold" if line.startswith(arrow) else "") for line in lines]

    def _table(self, room: int) -> list[Line]:
        """Return the table, and of a long one the lines around what the step has changed.

        How many lines are left out stands in its last line.
        """
        nodes = [node for node in self.walk.order if not node.is_constant]
        changed = None
        if self.walk.position:
            event = self.walk.event(self.walk.position)
            changed = event.node if event.receiver is None else event.receiver
        place = nodes.index(changed) if changed in nodes else 0
        most = max(room - 1, 1)
        if len(nodes) > most > 1:
            most -= 1
        left = len(nodes) - most
        start = min(max(place - most // 2, 0), max(len(nodes) - most, 0))
        shown = nodes[start : start + most]
        head, *rows = for_terminal(gradient_table(self.walk, shown)).splitlines()
        marked = [
            (row, "yellow" if node is changed else "")
            for node, row in zip(shown, rows, strict=True)
        ]
        more = [(for_terminal("… " + word("more", count=left)), "")] if left > 0 else []
        return [(head, ""), *marked, *more]

    def _last_line(self, width: int) -> str:
        if self.typed is not None and self._is_number:
            return for_terminal(word("go to", typed=self.typed))
        if question := question_now(self.stepper):
            return for_terminal(question + (self.typed or ""))
        keys = for_terminal(word("short keys"))
        return keys if len(keys) <= width else for_terminal(word("shortest keys"))


def _pieces(lines: list[Line], width: int) -> list[Line]:
    return [(piece, colour) for text, colour in lines for piece in in_cells(text, width)]
