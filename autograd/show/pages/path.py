"""Where a page is written."""

import os
from typing import Any

from autograd.errors import PictureError


def require_html(path: Any, kind: str) -> None:
    """Raise TypeError for what is not a path, PictureError unless it ends in .html.

    ``kind`` is that of the page and the name of the view: "lesson".
    """
    if not isinstance(path, str | os.PathLike):
        raise TypeError(
            f'a {kind} is saved at a path: {kind}(output, "{kind}.html"), the output first; '
            f"{path!r:.60} is a {type(path).__name__}"
        )
    if not os.fspath(path).lower().endswith((".html", ".htm")):
        raise PictureError(f"{os.fspath(path)!r}: a {kind} is saved as .html")
