"""Files that a model or a training was saved to."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any


def read_saved(
    path: str | os.PathLike[str], what: str, decode: Callable[[dict[str, Any]], Any] | None = None
) -> dict[str, Any]:
    """Return the JSON object in a file; ``decode`` sees every object in it.

    Raises ValueError, saying that it is not a ``what``, for anything else; OSError if it cannot be
    read.
    """
    try:
        saved = json.loads(Path(path).read_text(encoding="utf-8"), object_hook=decode)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{os.fspath(path)!r} is not a {what}: {error}") from error
    if not isinstance(saved, dict):
        raise ValueError(f"{os.fspath(path)!r} is not a {what}: it holds a {type(saved).__name__}")
    return saved
