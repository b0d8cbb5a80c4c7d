"""A process that runs a student's file, and ends with all that it has started."""

import contextlib
import os
import signal
import subprocess
from typing import Any


def start_group(command: list[str], **options: Any) -> "subprocess.Popen[str]":
    """Start ``command`` in a group of its own; ``options`` are those of ``Popen``."""
    return subprocess.Popen(command, start_new_session=True, encoding="utf-8", **options)


def end_group(process: "subprocess.Popen[str]") -> None:
    """End the process and all that it has started, even if it has ended already."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):  # all gone already
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()
