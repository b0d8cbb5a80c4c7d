"""Elementary functions of plain numbers: exponentials, roots and powers, of exact numbers too.

Each takes and returns plain numbers. NaN and infinity flow through; overflow gives infinity.
Outside a domain the function raises ``ValueError`` or ``ZeroDivisionError``, which the operation
that called it turns into a ``DomainError`` with names and values.
"""

import math
from collections.abc import Callable
from fractions import Fraction

from autograd.numeric import Number, saturated

MOST_EXACT_BITS = 1_000_000
FLOAT_EXPONENTS = 1000  # 2**1000 and 2**-1000 are floats of full precision, with room to spare


def saturating(function: Callable[[Number], float]) -> Callable[[Number], float]:
    """Return ``function`` with its limit at infinity where it would overflow."""

    def saturating_function(x: Number) -> float:
        try:
            return function(x)
        except OverflowError:
            return function(math.inf if x > 0 else -math.inf)

    return saturating_function


exp, expm1 = saturating(math.exp), saturating(math.expm1)
sinh, cosh = saturating(math.sinh), saturating(math.cosh)


# -- functions of exact numbers, also of those no float can hold (1/10**400, 1 + 1/10**30) --------


def log(x: Number) -> float:
    """Return the natural logarithm; an exact number is not rounded to a float first."""
    if isinstance(x, float):
        return math.log(x)
    if -0.5 < x - 1 < 0.5:
        return math.log1p(x - 1)
    if x < 0 or not _is_beyond_floats(x):
        return math.log(x)
    exponent = _binary_exponent(x)
    return exponent * math.log(2) + math.log(x / Fraction(2) ** exponent)


def log1p(x: Number) -> float:
    """Return log(1 + x), accurate near zero; an exact number is not rounded first."""
    return math.log1p(x) if isinstance(x, float) or -0.5 < x < 0.5 else log(1 + x)


def sqrt(x: Number) -> float:
    """Return the square root; an exact number is not rounded to a float first."""
    if isinstance(x, float):
        return math.sqrt(x)
    if x < 0:
        raise ValueError("a negative number has no real root")
    if not _is_beyond_floats(x):
        return math.sqrt(x)
    half = _binary_exponent(x) // 2
    return math.ldexp(math.sqrt(x / Fraction(4) ** half), half)


def asin(x: Number) -> float:
    """Return the arc sine; an exact number close to ±1 is not rounded first."""
    return math.asin(x) if isinstance(x, float) else math.atan2(x, _cosine(x))


def acos(x: Number) -> float:
    """Return the arc cosine; an exact number close to ±1 is not rounded first."""
    return math.acos(x) if isinstance(x, float) else math.atan2(_cosine(x), x)


def _cosine(sine: int | Fraction) -> float:
    return sqrt((1 - sine) * (1 + sine))  # raises ValueError beyond ±1


def _binary_exponent(x: int | Fraction) -> int:
    """Return the n for which x is about 2**n, off by at most one."""
    return x.numerator.bit_length() - x.denominator.bit_length()


def _is_beyond_floats(x: Number) -> bool:
    """Tell whether an exact ``x`` is too large or too small for a float, or nearly."""
    return not isinstance(x, float) and x != 0 and abs(_binary_exponent(x)) > FLOAT_EXPONENTS


def power(x: Number, y: Number) -> Number:
    """Return ``x**y`` where it is a real number.

    ====================  ====================================================
    x**0, 1**y            1, also for NaN
    0**y, y > 0           0
    0**y, y < 0           ZeroDivisionError
    x**y, x < 0           ValueError unless y is whole; (-inf)**y as in IEEE 754
    overflow              infinity, negative for a negative x and an odd y
    ====================  ====================================================

    An exact power of more than a million bits is computed in floats.
    """
    if x < 0 and y % 1 > 0 and x != -math.inf:  # y % 1 is NaN where y is infinite
        raise ValueError("a negative number to a power that is not whole is not real")
    if not isinstance(x, float) and not _is_easy_power(x, y):
        return _power_by_logarithm(x, y)
    try:
        result: Number = x**y
    except OverflowError:
        return _power_by_logarithm(x, y)
    return result


def _is_easy_power(x: int | Fraction, y: Number) -> bool:
    """Tell whether Python's own x**y is right: exact and not too long, or in the floats' range."""
    if isinstance(y, float) or y.denominator != 1:
        return not _is_beyond_floats(x)
    largest: int = max(abs(x.numerator), x.denominator)
    return largest == 1 or largest.bit_length() * abs(y.numerator) <= MOST_EXACT_BITS


def _power_by_logarithm(x: Number, y: Number) -> float:
    magnitude = exp(saturated(y) * log(-x if x < 0 else x))
    return -magnitude if x < 0 and y % 2 == 1 else magnitude


def power_derivative(x: Number, y: Number) -> Number:
    """Return y·x^(y-1), the derivative of x^y in x.

    At x = 0 it is 0 for y = 0 and y > 1, 1 for y = 1, and infinite for the rest.
    """
    if x and y:
        slope = power(x, y - 1)
        if slope and -math.inf < slope < math.inf:
            return y * slope
    return power_partial(x, y, 1, 0)


def power_log(x: Number, y: Number, n: Number) -> Number:
    """Return x^y·log(x)^n, the n-th derivative of x^y in y, for whole n.

    At x = 0 it is 0 where y > 0, and where y = 0 unless n = 0; infinite where y < 0. It is NaN
    for n > 0 at x < 0, where x^y has no real neighbours.
    """
    if x > 0 and n == 1:
        magnitude = saturated(power(x, y))
        if 0 < magnitude < math.inf:
            return log(x) * magnitude
    return power_partial(x, y, 0, n)


def power_partial(x: Number, y: Number, k: Number, n: Number) -> Number:
    """Return the k-th derivative in x and n-th in y of x^y, for whole k and n.

    It is x^(y-k) times a sum of powers of log(x). Where x^(y-k) alone is outside the
    range of floats, its square root is multiplied in twice, since the product may be a float. At
    x = 0, as in ``power_log``, log(x)·x^0 counts as 0.
    """
    if n and x < 0:
        return math.nan
    series = _falling_factorial(y, int(k), int(n))
    if x == 0:
        return _power_partial_at_zero(y - k, series)
    logarithm = log(x) if n else 0
    weights = [math.perm(int(n), j) * a for j, a in enumerate(series)]
    magnitude = saturated(power(x, y - k)) if n else power(x, y - k)
    factor: Number = sum(w * logarithm ** (n - j) for j, w in enumerate(weights) if w)
    if not factor:
        return 0
    if magnitude == 0 or abs(magnitude) == math.inf:
        root = saturated(power(-x if x < 0 else x, saturated(y - k) / 2))
        if 0 < root < math.inf:
            return factor * root * math.copysign(root, magnitude)
    return factor * magnitude if magnitude else magnitude


def _falling_factorial(y: Number, k: int, n: int) -> list[Number]:
    """Return the Taylor coefficients in y, up to the n-th, of y·(y - 1)···(y - k + 1)."""
    series: list[Number] = [1, *[0] * n]
    for i in range(k):
        series = [a * (y - i) + before for a, before in zip(series, [0, *series], strict=False)]
    return series


def _power_partial_at_zero(exponent: Number, series: list[Number]) -> Number:
    """Return the limit at x = 0, from above, of x^exponent times the terms of ``series``."""
    if exponent != exponent:
        return exponent
    if exponent >= 0:
        return math.factorial(len(series) - 1) * series[-1] if exponent == 0 else 0
    n_logs = len(series)
    for coefficient in series:
        n_logs -= 1
        if coefficient:  # the one with the most factors of log(0) = -inf outgrows the others
            return math.copysign(math.inf, -coefficient if n_logs % 2 else coefficient)
    return 0


def asin_derivative(x: Number) -> float:
    """Return 1/√(1 - x²), infinite at ±1."""
    return 1 / sqrt((1 - x) * (1 + x)) if abs(x) != 1 else math.inf


def atan_derivative(x: Number) -> Number:
    """Return 1/(1 + x²), also where x² overflows."""
    square = x * x
    if square < 1e300:
        return reciprocal(1 + square)
    return x_atan_derivative(x) * reciprocal(x)


def x_atan_derivative(x: Number) -> Number:
    """Return x/(1 + x²), zero at infinity."""
    return x * reciprocal(1 + x * x) if -1 <= x <= 1 else reciprocal(x + reciprocal(x))


def reciprocal(x: Number) -> Number:
    """Return 1/x, exact for exact numbers, and infinity at zero."""
    if x == 0:
        return math.inf
    return Fraction(1) / x if isinstance(x, int) else 1 / x
