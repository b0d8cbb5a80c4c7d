"""A page that has not been given a path: to be saved, or shown by a notebook."""

import hashlib
import html
import os
from collections.abc import Callable
from pathlib import Path

from autograd.system import write_whole
from autograd.wording import Text, for_terminal

HEIGHT = 720  # pixels of the frame in a notebook


class UnsavedPage:
    """A page of some kind, such as a lesson: ``save`` it as .html; Jupyter shows it.

    ``html`` is the page, ``kind`` its word, ``name`` what it says it is, and ``saved`` returns what
    it says of the path where it has been saved. Not ``inline``, a notebook is given a link to a
    file beside it.
    """

    def __init__(
        self, page: str, kind: str, *, name: str, saved: Callable[[str], str], inline: bool
    ) -> None:
        self.html = page
        self._kind = kind
        self._name = name
        self._saved = saved
        self._inline = inline

    def save(self, path: str | os.PathLike[str]) -> Text:
        """Write the page to a file; raises OSError where that cannot be done."""
        write_whole(path, self.html)
        return for_terminal(self._saved(os.fspath(path)))

    def _repr_html_(self) -> str:
        if self._inline:
            page = html.escape(self.html)
            return (
                f'<iframe srcdoc="{page}" title="{self._kind}" sandbox="allow-scripts" '
                f'allowfullscreen style="width:100%;height:{HEIGHT}px;border:0"></iframe>'
            )
        name = f"{self._kind}-{hashlib.sha256(self.html.encode()).hexdigest()[:8]}.html"
        write_whole(Path(name), self.html)
        return f'<a href="{name}" target="_blank">{self._kind}: {name}</a>'

    def __repr__(self) -> str:
        return for_terminal(f"<{self._name}; .save(path)>")
