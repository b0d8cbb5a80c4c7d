"""Numbers written by a page against those that Python writes: the same letters."""

import math
import random
import struct
from collections.abc import Iterable
from fractions import Fraction
from types import SimpleNamespace

import pytest

from autograd.show.picture.scene import _few_digits
from autograd.text import Typesetter
from autograd.wording import write_number
from tests.show.pages.graph.scripts import called

DIGITS = range(1, 18)


def in_pages(calls: list[tuple[float, int]]) -> list[tuple[str, str, bool]]:
    found = called(["numbers"], "written", calls)
    return [(n["text"], n["factor"], n["isRounded"]) for n in found]


def in_python(number: float, digits: int) -> tuple[str, str, bool]:
    written = Typesetter.shown(write_number(number, digits))
    return written.text, written.factor, written.is_rounded


def assert_alike(calls: Iterable[tuple[float, int]]) -> None:
    calls = list(calls)
    found = in_pages(calls)
    wrong = [
        (*call, got, in_python(*call))
        for call, got in zip(calls, found, strict=True)
        if got != in_python(*call)
    ]
    assert not wrong, f"{len(wrong)} of {len(calls)}, such as {wrong[:5]}"


@pytest.mark.parametrize(
    ("number", "digits", "text", "factor", "is_rounded"),
    [
        (12.125, 4, "12.12", "12.12", True),  # a tie: to the even figure
        (12.375, 4, "12.38", "12.38", True),
        (-0.0, 4, "0.0", "0.0", False),
        (-3.0, 4, "−3.0", "(−3.0)", False),
        (1e-9, 4, "1e−09", "1e−09", False),
        (-1 / 3, 4, "−0.3333", "(−0.3333)", True),
        (1234567.0, 4, "1.235e+06", "1.235e+06", True),
        (0.1 + 0.2, 4, "0.3", "0.3", False),
        (math.nan, 4, "nan", "nan", False),
        (math.inf, 4, "inf", "inf", False),
        (-math.inf, 4, "−inf", "(−inf)", False),
    ],
)
def test_a_number_is_written_with_its_sign_and_whether_it_is_rounded(
    number, digits, text, factor, is_rounded
):
    assert in_pages([(number, digits)]) == [(text, factor, is_rounded)]


EDGES = [
    0.0, math.inf, math.nan, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308,
    1e-5, 1e-4, 9.9995e-5, 0.00099995, 0.5, 0.9999999999999999, 1.9999999999999998, 2.0000001,
    9.5, 99.5, 999.5, 9999.5, 99995.0, 999999.5, 999999.9999999999, 1e6, 1000000.0000000001,
    123456.00000000001, 0.3000000001, 1e15, 1e16, 1e17, 1e21, 1e22, 1e23, 2.0**53, 2.0**70,
]  # fmt: skip


def test_edges_are_written_as_in_python():
    assert_alike((sign * edge, digits) for edge in EDGES for sign in (1, -1) for digits in DIGITS)


def halfway(chance: random.Random, digits: int) -> float | None:
    """Return a number that lies exactly between two texts of so many digits, or None."""
    figures = chance.randrange(10 ** (digits - 1), 10**digits)
    exact = Fraction(10 * figures + 5) * Fraction(10) ** chance.randrange(-digits - 4, 6)
    return float(exact) if Fraction(float(exact)) == exact else None


def test_what_lies_between_two_texts_takes_the_even_figure():
    chance = random.Random(3)
    ties = {
        (tie, digits)
        for digits in DIGITS
        for _ in range(3000)
        if (tie := halfway(chance, digits)) is not None
    }
    assert len({digits for _, digits in ties}) >= 14
    assert_alike(ties)
    beside = [
        (math.nextafter(tie, towards), digits)
        for tie, digits in sorted(ties)[::5]
        for towards in (math.inf, 0.0)
    ]
    assert_alike(beside)


def random_floats(chance: random.Random, count: int) -> list[float]:
    """Return floats of every exponent, whole ones, short ones, and some near half a unit."""
    kinds = [
        lambda: struct.unpack(">d", chance.randbytes(8))[0],
        lambda: chance.uniform(-10, 10),
        lambda: float(chance.randrange(-(10**7), 10**7)),
        lambda: chance.randrange(-(10**6), 10**6) / 1000,
        lambda: chance.randrange(10**6) / 2 ** chance.randrange(1, 20),
        lambda: float(f"{chance.randrange(10**8)}5e{chance.randrange(-20, 10)}"),
    ]
    return [chance.choice(kinds)() for _ in range(count)]


def test_random_floats_are_written_as_in_python():
    chance = random.Random(4)
    assert_alike((number, chance.choice(DIGITS)) for number in random_floats(chance, 20_000))


@pytest.mark.parametrize(
    ("number", "digits"),
    [(0.02, 2), (9.96, 2), (99.4, 2), (99.6, 3), (-180.0, 3), (999.4, 3), (999.5, 4)],
)
def test_said_in_short_a_number_has_as_many_digits_as_in_python_and_no_exponent(number, digits):
    assert called(["numbers"], "fewDigits", [(number,)]) == [digits]
    assert _few_digits(number, SimpleNamespace(digits=17)) == digits
    assert "e" not in in_python(number, digits)[0]
