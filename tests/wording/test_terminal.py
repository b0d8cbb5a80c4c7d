"""Text for a terminal, a table and a page."""

import io

import pytest

from autograd.wording import aligned, for_terminal, in_cells, printable


def test_a_table_has_its_first_column_on_the_left_and_numbers_on_the_right():
    assert aligned([("", "data"), ("a", "2.0"), ("output", "-3.25")]) == (
        "         data\na         2.0\noutput  -3.25"
    )


def test_a_column_without_a_heading_has_remarks_on_the_left():
    assert aligned(
        [("", "error", ""), ("a", "0.1", "far from the others"), ("b", "0.0", "ok")]
    ) == ("   error\na    0.1  far from the others\nb    0.0  ok")


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        ("utf-8", "∂y → x²"),
        ("cp1252", "dy -> x^2"),
        ("ascii", "dy -> x^2"),
    ],
)
def test_text_that_the_terminal_cannot_show_is_written_in_ascii(encoding, shown, monkeypatch):
    class Terminal(io.StringIO):
        pass

    Terminal.encoding = encoding
    monkeypatch.setattr("sys.stdout", Terminal())
    assert for_terminal("∂y → x²") == shown


def test_controls_and_half_characters_are_replaced():
    assert printable("a\x00b\ud800c\nd") == "a\ufffdb\ufffdc\nd"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("a = b + c", ["a = b + c"]),
        ("a = bb + cc", ["a = bb +", "  cc"]),
        ("abcdefghijklm", ["abcdefghij", "  klm"]),
        ("損失関数 = 1", ["損失関数 =", "  1"]),
        ("損失関数損失", ["損失関数損", "  失"]),
        ("a = 12345678901", ["a =", "  12345678", "  901"]),
        ("e\u0301" * 10, ["e\u0301" * 10]),
    ],
)
def test_lines_end_at_the_edge_of_the_terminal(text, lines):
    assert in_cells(text, 10) == lines
