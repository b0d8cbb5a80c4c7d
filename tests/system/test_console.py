"""The terminal key by key: what the codes of Unix and of Windows mean."""

import io
import os
import sys

import pytest

from autograd.system import has_console
from autograd.system.console import UnixKeys, WindowsKeys


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        (b"a", ["a"]),
        (b"\r\n", ["enter", "enter"]),
        (b"\x7f\x08", ["backspace", "backspace"]),
        (b"\x1b[A\x1b[B\x1b[C\x1b[D", ["up", "down", "right", "left"]),
        (b"\x1bOA\x1bOD", ["up", "left"]),
        (b"\x1b[H\x1b[F\x1b[1~\x1b[4~", ["home", "end", "home", "end"]),
        (b"\x1b[15~\x1b[1;5Cx", ["other", "other", "x"]),
        (b"\x1bx", ["other"]),
        (b"\x1b", ["escape"]),
        (b"\x1b[", ["other"]),
        ("é×−\u640d".encode(), ["é", "×", "−", "\u640d"]),
        (b"\xff", ["\ufffd"]),
        (b"", []),
    ],
)
def test_codes_of_unix_are_keys(typed, keys):
    outside, inside = os.pipe()
    os.write(inside, typed)
    reader = UnixKeys(outside, "utf-8")
    try:
        assert [reader.get(0.0) for _ in keys] == keys
        assert reader.get(0.0) == ""
        os.close(inside)
        with pytest.raises(EOFError):
            reader.get(1.0)
    finally:
        os.close(outside)


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("a\r\b\x1b", ["a", "enter", "backspace", "escape"]),
        ("\xe0H\xe0P\xe0M\xe0K", ["up", "down", "right", "left"]),
        ("\x00G\x00O\x00;", ["home", "end", "other"]),
        ("\xe0", ["\xe0"]),
        ("", []),
    ],
)
def test_codes_of_windows_are_keys(typed, keys):
    waiting = list(typed)
    reader = WindowsKeys(lambda: bool(waiting), lambda: waiting.pop(0))
    assert [reader.get(0.0) for _ in keys] == keys
    assert reader.get(0.0) == ""


def test_ctrl_c_on_windows_interrupts():
    with pytest.raises(KeyboardInterrupt):
        WindowsKeys(lambda: True, lambda: "\x03").get(0.0)


class SaysItIsATerminal(io.StringIO):
    """As IDLE's stdin does, which has no number."""

    def isatty(self):
        return True


@pytest.mark.parametrize("stream", [None, io.StringIO(), SaysItIsATerminal()])
def test_what_is_not_a_terminal_has_no_console(monkeypatch, stream):
    monkeypatch.setattr(sys, "stdin", stream)
    monkeypatch.setattr(sys, "stdout", SaysItIsATerminal())
    monkeypatch.setenv("TERM", "xterm")
    assert not has_console()
