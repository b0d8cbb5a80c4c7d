"""A lesson that has not been given a path: to be saved, or shown by a notebook."""

import hashlib
import html
import os
from pathlib import Path

from autograd.system import write_whole
from autograd.wording import Text, for_terminal, word

HEIGHT = 720  # pixels of the frame in a notebook


class Lesson:
    """A page that steps through a graph: ``save`` it as .html; Jupyter shows it.

    ``html`` is the page. Not ``inline``, a notebook is given a link to a file beside it.
    """

    def __init__(self, page: str, steps: int, *, inline: bool) -> None:
        self.html = page
        self._steps = steps
        self._inline = inline

    def save(self, path: str | os.PathLike[str]) -> Text:
        """Write the page to a file; raises OSError where that cannot be done."""
        write_whole(path, self.html)
        key = "wrote lesson" if self._steps > 1 else "wrote lesson of one"
        return for_terminal(word(key, path=os.fspath(path), steps=self._steps))

    def _repr_html_(self) -> str:
        if self._inline:
            page = html.escape(self.html)
            return (
                f'<iframe srcdoc="{page}" title="{word("lesson")}" sandbox="allow-scripts" '
                f'allowfullscreen style="width:100%;height:{HEIGHT}px;border:0"></iframe>'
            )
        name = f"lesson-{hashlib.sha256(self.html.encode()).hexdigest()[:8]}.html"
        write_whole(Path(name), self.html)
        return f'<a href="{name}" target="_blank">{word("lesson")}: {name}</a>'

    def __repr__(self) -> str:
        return for_terminal(f"<{word('lesson of', steps=self._steps)}; .save(path)>")
