"""Numbers as they are shown: rounded, and marked where they are."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd.wording import show_number


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (2.0, "2.0"),
        (-3.0, "-3.0"),
        (0.0, "0.0"),
        (-0.0, "0.0"),
        (123456.0, "123456.0"),
        (0.5, "0.5"),
        (0.1234, "0.1234"),
        (0.12345, "≈0.1235"),
        (-1 / 3, "≈-0.3333"),
        (0.1 + 0.2, "0.3"),
        (0.4999999999999999, "0.5"),
        (1.9999999999999998, "2.0"),
        (-123456.00000000001, "-123456.0"),
        (0.3000000001, "≈0.3"),
        (2.0000001, "≈2"),
        (1234567.0, "≈1.235e+06"),
        (1e-9, "1e-09"),
        (math.inf, "inf"),
        (-math.inf, "-inf"),
        (math.nan, "nan"),
        (3, "3"),
        (-1, "-1"),
        (Fraction(2, 3), "2/3"),
        (Fraction(-1, 2), "-1/2"),
        (Fraction(4, 2), "2"),
        (2**70, "≈1.181e+21"),
        (Fraction(10**10, 3), "≈3.333e+09"),
        (10**400, "1e+400"),
        (-(10**400), "-1e+400"),
        (10**400 + 1, "≈1e+400"),
    ],
)
def test_a_number_is_shown_with_four_significant_digits(number, shown):
    assert show_number(number) == shown


@pytest.mark.parametrize(("digits", "shown"), [(1, "≈0.3"), (6, "≈0.333333")])
def test_the_number_of_digits_is_an_option(digits, shown):
    assert show_number(1 / 3, digits) == shown


def test_an_int_beyond_every_float_keeps_its_leading_digits():
    assert show_number(3 * 10**400) == "3e+400"
    assert show_number(3 * 10**400 + 7) == "≈3e+400"


@pytest.mark.parametrize("number", [-0.0, Fraction(-1, 10**400)], ids=["float", "fraction"])
def test_zero_is_never_negative(number):
    assert show_number(number).lstrip("≈") not in ("-0", "-0.0")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_without_the_sign_of_rounding_agrees_with_its_text(number):
    shown = show_number(number)
    text = shown.removeprefix("≈")
    error = 0 if float(text) == number else abs(Fraction(text) - Fraction(number))
    assert shown.startswith("≈") == (error > abs(Fraction(number)) / 10**12)
