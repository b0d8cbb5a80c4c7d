"""What an interactive session tells after every line: what was typed, and what it raised."""

import sys
from collections.abc import Callable
from typing import Any

MOST_LINES, MOST_LETTERS = 4, 400  # of a caption

Done = Callable[[str, str], None]  # gets the line and the error, each "" if there is none


def attach(done: Done) -> Callable[[], None]:
    """Have ``done`` called after every line of the session; return what undoes that."""
    if shell := _shell():

        def after_cell(result: Any = None) -> None:
            typed = getattr(getattr(result, "info", None), "raw_cell", None) or ""
            error = getattr(result, "error_before_exec", None)
            done(shortened(typed), told(error or getattr(result, "error_in_exec", None)))

        shell.events.register("post_run_cell", after_cell)
        return lambda: shell.events.unregister("post_run_cell", after_cell)
    prompt = _Prompt(getattr(sys, "ps1", ">>> "), done)
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

    What was typed stands in the history that the arrow keys go through, if there is one. An error
    is left by the REPL in ``sys.last_value``, so that no hook of the user's is replaced.
    """

    def __init__(self, prompt: Any, done: Done) -> None:
        self.prompt = prompt
        self._done = done
        self._history = _History()
        self._typed = ""
        self._raised = _last_raised()
        self._error = ""

    def __str__(self) -> str:
        try:
            typed, raised = self._history.since(), _last_raised()
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


class _History:
    """What was typed since the last time, as far as the session has a history of its lines."""

    def __init__(self) -> None:
        loaded = map(sys.modules.get, ("readline", "_pyrepl.readline"))  # Python 3.13 has its own
        self._lengths = {source: max(_length(source) - 1, 0) for source in loaded if source}
        # the line that called watch() counts as typed since

    def since(self) -> str:
        typed: list[str] = []
        for source, before in self._lengths.items():
            self._lengths[source] = _length(source)
            typed += [source.get_history_item(k) for k in range(before + 1, _length(source) + 1)]
        return "\n".join(filter(None, typed))


def _length(source: Any) -> int:
    try:
        return int(source.get_current_history_length())
    except Exception:  # Python 3.13's own history needs a terminal
        return 0


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
