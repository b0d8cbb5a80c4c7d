"""A pseudo-terminal with a program in it: what is typed, and what its screen shows."""

import os
import re
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent
LONGEST = 30.0  # seconds that a program may take to show something


class Terminal:
    """Runs a command in a pseudo-terminal of its own, of some columns and rows."""

    def __init__(self, command, columns=80, rows=24, **environment):
        pty = pytest.importorskip("pty", reason="this platform has no pseudo-terminals")
        import fcntl
        import termios

        self.outside, self.inside = pty.openpty()
        termios.tcsetwinsize(self.inside, (rows, columns))
        self.modes_before = self.modes
        names = {"TERM": "xterm-256color", "PYTHONUTF8": "1", "PYTHONPATH": str(PROJECT)}
        self.child = subprocess.Popen(
            command, stdin=self.inside, stdout=self.inside, stderr=self.inside, cwd=PROJECT,
            env={name: value for name, value in os.environ.items()
                 if name not in ("NO_COLOR", "COLUMNS", "LINES")} | names | environment,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509  # for Ctrl-C
        )  # fmt: skip
        self.seen = ""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.child.kill()
        self.child.wait()
        os.close(self.outside)
        os.close(self.inside)

    @property
    def modes(self):
        """What stty would say: whether lines are gathered, keys are echoed, and so on."""
        import termios

        return termios.tcgetattr(self.inside)

    def type(self, keys):
        os.write(self.outside, keys.encode())

    def resize(self, columns, rows):
        import termios

        termios.tcsetwinsize(self.inside, (rows, columns))

    @property
    def screen(self):
        """The lines of the last whole frame, without colours."""
        frames = self.seen.split("\x1b[H")
        whole = [frame for frame in frames if frame.endswith("\x1b[J")]
        return plain(whole[-1]).split("\n") if whole else []

    def wait_for(self, *texts):
        """Read until the screen has these texts; return its lines."""
        self.read_until(lambda: all(text in "\n".join(self.screen) for text in texts), texts)
        return self.screen

    def wait_until_seen(self, text):
        """Read until a text has been written, on whatever screen; return all that was."""
        self.read_until(lambda: text in plain(self.seen), text)
        return plain(self.seen)

    def ended(self):
        """Read until the program has ended; return its exit code and what it wrote at last."""
        self.read_until(lambda: self.child.poll() is not None, "the end")
        while self._read(0.2):
            pass
        return self.child.returncode, plain(self.seen.rpartition("\x1b[?1049l")[2])

    def read_until(self, is_so, wanted):
        deadline = time.monotonic() + LONGEST
        while not is_so():
            assert time.monotonic() < deadline, f"no {wanted!r} in {self.seen[-3000:]!r}"
            self._read(0.05)

    def _read(self, seconds):
        if not select.select([self.outside], [], [], seconds)[0]:
            return False
        self.seen += os.read(self.outside, 65536).decode().replace("\r\n", "\n")
        return True


def plain(text):
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)


def python(script):
    return [sys.executable, "-c", script]
