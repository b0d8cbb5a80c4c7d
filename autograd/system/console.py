"""A terminal as a screen that is redrawn and read key by key, and is put back as it was."""

import codecs
import os
import re
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

ESCAPE_WAIT = 0.1  # seconds in which the rest of an arrow's code has to follow its Escape
NAMES = {
    "\r": "enter", "\n": "enter", "\x7f": "backspace", "\b": "backspace", "\x1b": "escape",
    "\x04": "ctrl-d", "\x1a": "ctrl-z",
}  # fmt: skip
UNIX_CODES = {
    "A": "up", "B": "down", "C": "right", "D": "left", "H": "home", "F": "end",
    "1~": "home", "4~": "end", "7~": "home", "8~": "end",
}  # fmt: skip
WINDOWS_CODES = {"H": "up", "P": "down", "M": "right", "K": "left", "G": "home", "O": "end"}
ENTER = "\x1b[?1049h\x1b[H"  # another screen, so that this one is kept, with the cursor at its top
LEAVE = "\x1b[?1049l"


def has_console() -> bool:
    """Tell whether stdin and stdout are a terminal that gives single keys and can be redrawn."""
    try:
        is_terminal = sys.stdin.isatty() and sys.stdout.isatty()
        is_terminal = is_terminal and os.isatty(sys.stdin.fileno())  # IDLE only says that it is one
    except (AttributeError, ValueError, OSError):  # there is none; it is closed; it has no number
        return False
    if sys.platform == "win32":
        return is_terminal and os.environ.get("TERM") != "dumb"
    return is_terminal and os.environ.get("TERM", "dumb") not in ("", "dumb")


def drop_output() -> None:
    """Let what is still to be printed go nowhere: the reader of a pipe is gone, or a disk full."""
    if sys.stdout:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class Console:
    """The terminal from ``begin()`` to ``end()``, after which it is as it was before.

    ``end()`` belongs into a ``finally``, and may be called at any time, also more than once.
    """

    def __init__(self) -> None:
        self._mode: UnixMode | WindowsMode = (
            WindowsMode() if sys.platform == "win32" else UnixMode()
        )
        self._handles_interrupts = (
            threading.current_thread() is threading.main_thread()
            and signal.getsignal(signal.SIGINT) is signal.default_int_handler
        )

    def begin(self) -> None:
        if self._handles_interrupts:
            signal.signal(signal.SIGINT, _interrupt_once)
        self._mode.begin()
        _write(ENTER)

    def end(self) -> None:
        try:
            _write(LEAVE)
        finally:
            self._mode.end()
            if self._handles_interrupts:
                signal.signal(signal.SIGINT, signal.default_int_handler)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Give the terminal back for a while."""
        self.end()
        try:
            yield
        finally:
            self.begin()

    def stop(self) -> None:
        """Do what Ctrl-Z does elsewhere: stop the job until the shell continues it."""
        if sys.platform != "win32":
            with self.paused():
                os.kill(0, signal.SIGTSTP)

    @property
    def size(self) -> os.terminal_size:
        return shutil.get_terminal_size()

    def show(self, lines: list[str]) -> None:
        """Show the lines in place of what was there; the cursor stays behind the last one."""
        _write("\x1b[H" + "\x1b[K\n".join(lines) + "\x1b[K\x1b[J")

    def key(self, seconds: float) -> str:
        """Return the next key, a character or a name such as "left"; "" if none comes in time.

        A key without a name is "other". Raises EOFError if the terminal is gone.
        """
        return self._mode.keys.get(seconds)


def _interrupt_once(*_: object) -> None:
    """Raise KeyboardInterrupt; until the terminal is put back, a second Ctrl-C does nothing."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


# -- Unix ----------------------------------------------------------------------------------------


class UnixKeys:
    """Reads keys from a terminal that passes on each character as it is typed.

    One byte at a time: what is typed ahead is left to those who read after us.
    """

    def __init__(self, terminal: int, encoding: str) -> None:
        self._terminal = terminal
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")

    def get(self, seconds: float) -> str:
        typed = self._character(seconds)
        if typed != "\x1b":
            return NAMES.get(typed, typed)
        code = ""
        while following := self._character(ESCAPE_WAIT):
            code += following
            if not re.fullmatch(r"O|\[[0-?]*", code):
                return UNIX_CODES.get(code[1:], "other")
        return "other" if code else "escape"

    def _character(self, seconds: float) -> str:
        import select

        while select.select([self._terminal], [], [], seconds)[0]:
            try:
                byte = os.read(self._terminal, 1)
            except OSError:  # Linux says so of a terminal that is gone
                byte = b""
            if not byte:
                raise EOFError
            if character := self._decoder.decode(byte):
                return character
        return ""


class UnixMode:
    """Keys are passed on at once and unseen; Ctrl-C still interrupts, Ctrl-Z comes as a key."""

    def __init__(self) -> None:
        import termios

        self._terminal = sys.stdin.fileno()
        self._before = termios.tcgetattr(self._terminal)
        self.keys = UnixKeys(self._terminal, sys.stdin.encoding or "utf-8")

    def begin(self) -> None:
        import termios
        import tty

        tty.setcbreak(self._terminal, termios.TCSADRAIN)
        mode = termios.tcgetattr(self._terminal)
        mode[-1][termios.VSUSP] = bytes([os.fpathconf(self._terminal, "PC_VDISABLE") & 0xFF])
        termios.tcsetattr(self._terminal, termios.TCSADRAIN, mode)

    def end(self) -> None:
        import termios

        termios.tcsetattr(self._terminal, termios.TCSANOW, self._before)


# -- Windows -------------------------------------------------------------------------------------


class WindowsKeys:
    """Reads keys by ``has_key`` and ``get_character``, which are msvcrt's kbhit and getwch."""

    def __init__(self, has_key: Callable[[], bool], get_character: Callable[[], str]) -> None:
        self._has_key = has_key
        self._get_character = get_character

    def get(self, seconds: float) -> str:
        deadline = time.monotonic() + seconds
        while not self._has_key():
            if time.monotonic() > deadline:
                return ""
            time.sleep(0.01)
        typed = self._get_character()
        if typed == "\x03":
            raise KeyboardInterrupt
        if typed in "\x00\xe0" and self._has_key():  # without a second half it is a character: à
            return WINDOWS_CODES.get(self._get_character(), "other")
        return NAMES.get(typed, typed)


class WindowsMode:
    """The console obeys escape sequences, which it does not do everywhere by itself."""

    keys: WindowsKeys

    def __init__(self) -> None:
        if sys.platform == "win32":
            import ctypes
            import msvcrt

            self._kernel = ctypes.windll.kernel32
            self._console = self._kernel.GetStdHandle(-11)  # that of stdout
            self._before = ctypes.c_ulong()
            self._kernel.GetConsoleMode(self._console, ctypes.byref(self._before))
            self.keys = WindowsKeys(msvcrt.kbhit, msvcrt.getwch)

    def begin(self) -> None:
        if sys.platform == "win32":
            with_sequences = self._before.value | 4  # ENABLE_VIRTUAL_TERMINAL_PROCESSING
            self._kernel.SetConsoleMode(self._console, with_sequences)

    def end(self) -> None:
        if sys.platform == "win32":
            self._kernel.SetConsoleMode(self._console, self._before.value)
