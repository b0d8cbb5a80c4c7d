"""Files are written whole or not at all."""

import os
import sys
import tempfile
import webbrowser
from pathlib import Path


def write_whole(path: str | os.PathLike[str], content: str | bytes) -> None:
    """Write a file through a temporary one beside it.

    Raises OSError, naming the path, where it cannot be written; an old file then stays as it was.
    """
    data = content.encode() if isinstance(content, str) else content
    target = Path(path)
    if not target.parent.exists():
        reason = f"there is no folder {target.parent}: make it first"
        raise FileNotFoundError(f"{os.fspath(path)} cannot be written: {reason}")
    try:
        if target.exists() and not target.is_file():  # /dev/null, /dev/stdout, a pipe
            target.write_bytes(data)
        else:
            _replace(target.resolve(), data)  # through a link, not over it
    except OSError as error:  # which would name the temporary file
        raise type(error)(error.errno, error.strerror, os.fspath(path)) from None


def open_in_browser(path: Path) -> bool:
    """Open a file in the desktop's browser; return False where there is none.

    Without a screen nothing is tried: a browser in text mode would take over the terminal.
    """
    screens = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
    has_screen = sys.platform in ("win32", "darwin") or any(map(os.environ.get, screens))
    return has_screen and webbrowser.open(path.as_uri())


def _replace(target: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".writing-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(name, target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask())
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
