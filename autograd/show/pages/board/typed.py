"""What was typed at the plain prompt, and which code is of it."""

import linecache
import sys
from collections.abc import Iterator
from itertools import count
from types import CodeType
from typing import Any

_numbers = count()


class Typed:
    """What was typed, as far as the session has a history, which the arrow keys go through.

    Python 3.13 puts what is typed into ``linecache``; before that, all of it is called "<stdin>"
    and has no text. Then it is put there by us, and found by the code that it compiles to: equal
    code was typed as equal lines.
    """

    def __init__(self) -> None:
        loaded = map(sys.modules.get, ("readline", "_pyrepl.readline"))  # Python 3.13 has its own
        self._lengths = {source: max(_length(source) - 1, 0) for source in loaded if source}
        # the line that called watch() counts as typed since
        self._files: dict[CodeType, str] = {}

    def take(self) -> str:
        """Return what was typed since the last time."""
        text = self._since()
        self._lengths = {source: _length(source) for source in self._lengths}
        if text:
            self._keep(text)
        return text

    def file_of(self, code: CodeType) -> str:
        """Return the name by which ``linecache`` has the text of code that runs now."""
        if not code.co_filename.startswith("<") or linecache.getlines(code.co_filename):
            return code.co_filename
        if code not in self._files:
            self._keep(self._since())  # of the line that is not done yet
        return self._files.get(code, code.co_filename)

    def _since(self) -> str:
        typed = [
            source.get_history_item(k)
            for source, before in self._lengths.items()
            for k in range(before + 1, _length(source) + 1)
        ]
        return "\n".join(filter(None, typed))

    def _keep(self, text: str) -> None:
        try:
            made = set(_all_code(compile(f"{text}\n", "<stdin>", "single", dont_inherit=True)))
        except (SyntaxError, ValueError):  # what was answered to input() stands in the history too
            return
        if made <= self._files.keys():
            return
        file = f"<typed-{next(_numbers)}>"
        lines = [f"{line}\n" for line in text.split("\n")]
        linecache.cache[file] = (len(text), None, lines, file)
        self._files |= dict.fromkeys(made - self._files.keys(), file)


def _all_code(code: CodeType) -> Iterator[CodeType]:
    """Return code, and that of the functions in it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _all_code(constant)


def _length(source: Any) -> int:
    try:
        return int(source.get_current_history_length())
    except Exception:  # Python 3.13's own history needs a terminal
        return 0
