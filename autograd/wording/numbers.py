"""How views write numbers."""

import math
from fractions import Fraction
from numbers import Real
from typing import Any, NamedTuple

from autograd.numeric import saturated, whole_number

AGREEMENT = 1e-12  # relative: more than the arithmetic of a graph loses in rounding
FEW_DIGITS = 12  # with more of them asked for, a whole number shows its rounding errors
LARGEST_WHOLE = 1e6  # whole numbers below it are written out


def checked_digits(digits: object) -> int:
    """Return a number of significant digits; ValueError unless a float has that many."""
    return whole_number("digits", digits, least=1, most=17)


class WrittenNumber(NamedTuple):
    """A number as views write it: its text, and whether digits of it were dropped."""

    text: str
    is_rounded: bool

    def __str__(self) -> str:
        return f"≈{self.text}" if self.is_rounded else self.text

    def equation(self, left: str) -> str:
        """Return ``left = 2.0``, or ``left ≈ 0.3333`` where the number is rounded."""
        return f"{left} {'≈' if self.is_rounded else '='} {self.text}"

    @property
    def needs_parentheses(self) -> bool:
        """Whether a product cannot take it as it is."""
        return self.is_negative or self.is_fraction

    @property
    def is_negative(self) -> bool:
        return self.text.startswith(("-", "−"))

    @property
    def is_zero(self) -> bool:
        """Whether the number is exactly zero: no other is written like it."""
        return self.text in ("0.0", "0")

    @property
    def is_fraction(self) -> bool:
        return "/" in self.text

    @property
    def factor(self) -> str:
        """The text in a product, in parentheses where it needs them."""
        return f"({self.text})" if self.needs_parentheses else self.text


def show_number(number: Any, digits: int = 4) -> str:
    """Return a number as views show it, with ``≈`` where that rounds; see ``write_number``."""
    return str(write_number(number, digits))


def write_number(number: Any, digits: int = 4) -> WrittenNumber:
    """Return a number as views write it.

    It has ``digits`` significant digits; whole floats are ``2.0``, never ``-0.0``; fractions stay
    fractions. A float that agrees with its text to 1e-12 is not rounded: rounding errors of the
    arithmetic are not digits that matter.
    """
    if isinstance(number, bool) or not isinstance(number, Real):
        return WrittenNumber(str(number), False)
    if not isinstance(number, int | float | Fraction):
        number = float(number)  # a NumPy scalar in somebody's own engine
    if not isinstance(number, float):
        is_short = max(abs(number.numerator), number.denominator) < 10**9
        return WrittenNumber(str(number), False) if is_short else _rounded_exact(number, digits)
    if not math.isfinite(number):
        return WrittenNumber(str(number), False)
    text = f"{number:.{digits}g}"
    whole = round(number) if abs(number) < LARGEST_WHOLE else math.nan
    if _agree(whole, number) and (whole == number or digits <= FEW_DIGITS):
        return WrittenNumber(f"{whole:.1f}", False)
    return WrittenNumber(text, not _agree(float(text), number))


def _agree(written: float, number: float) -> bool:
    return abs(written - number) <= AGREEMENT * abs(number)


def _rounded_exact(number: int | Fraction, digits: int) -> WrittenNumber:
    nearest = saturated(number)
    text = f"{nearest:.{digits}g}"
    if nearest in (0.0, math.inf, -math.inf):
        logarithm = math.log10(abs(number.numerator)) - math.log10(number.denominator)
        exponent = math.floor(logarithm)
        sign = "-" if number < 0 else ""
        text = f"{sign}{10 ** (logarithm - exponent):.{digits}g}e{exponent:+}"
    return WrittenNumber(text, Fraction(text) != number)
