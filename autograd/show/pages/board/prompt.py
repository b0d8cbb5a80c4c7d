"""What an interactive session tells after every line: what was typed, and what it raised."""

import sys
from collections.abc import Callable
from typing import Any

from autograd.show.pages.board.typed import Typed

MOST_LINES, MOST_LETTERS = 4, 400  # of a caption

Done = Callable[[str, str], None]  # gets the line and the error, each "" if there is none


def attach(done: Done, typed_text: Typed) -> Callable[[], None]:
    """Have ``done`` called after every line of the session; return what undoes that.

    At the plain prompt ``typed_text`` has the line.
    """
    if shell := _shell():

        def after_cell(result: Any = None) -> None:
            typed = getattr(getattr(result, "info", None), "raw_cell", None) or ""
            error = getattr(result, "error_before_exec", None)
            done(shortened(typed), told(error or getattr(result, "error_in_exec", None)))

        shell.events.register("post_run_cell", after_cell)
        return lambda: shell.events.unregister("post_run_cell", after_cell)
    prompt = _Prompt(getattr(sys, "ps1", ">>> "), done, typed_text)
    sys.ps1 = prompt

    def detach() -> None:
        if sys.ps1 is prompt:  # else somebody has set another one since
            sys.ps1 = prompt.prompt

    return detach


def in_session() -> bool:
    return _shell() is not None or hasattr(sys, "ps1") or bool(sys.flags.interactive)


def _shell() -> Any:
    """Return the shell of IPython or Jupyter, None in another session."""
    return getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()


class _Prompt:
    """The prompt of the plain REPL, which shows it after every line.

    An error is left by the REPL in ``sys.last_value``, so that no hook of the user's is replaced.
    """

    def __init__(self, prompt: Any, done: Done, typed_text: Typed) -> None:
        self.prompt = prompt
        self._done = done
        self._typed_text = typed_text
        self._typed = ""
        self._raised = _last_raised()
        self._error = ""

    def __str__(self) -> str:
        try:
            typed, raised = self._typed_text.take(), _last_raised()
            is_new = any(a is not b for a, b in zip(raised, self._raised, strict=True))
            if is_new:
                self._error = told(raised[0])
            elif typed:
                self._error = ""
            self._typed, self._raised = typed or self._typed, raised
            self._done(shortened(self._typed), self._error)
        except Exception:  # whatever happens here, the session needs its prompt
            self._done("", "")
        return str(self.prompt)


def _last_raised() -> tuple[Any, Any]:
    return getattr(sys, "last_value", None), getattr(sys, "last_traceback", None)


def told(error: BaseException | None) -> str:
    """Return an error as one reads it at the end of a traceback."""
    if error is None:
        return ""
    try:
        message = str(error)
    except Exception:  # an error of a student's own class
        message = ""
    return f"{type(error).__name__}: {message}" if message else type(error).__name__


def shortened(typed: str) -> str:
    """Return the first lines of what was typed."""
    lines = typed.strip("\n").split("\n")
    text = "\n".join(lines[:MOST_LINES] + ["…"] * (len(lines) > MOST_LINES))
    return text if len(text) <= MOST_LETTERS else text[: MOST_LETTERS - 1] + "…"
