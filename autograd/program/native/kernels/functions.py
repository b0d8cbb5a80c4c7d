"""Elementary functions of eight lanes: within two units in the last place, tails included.

Each is a reduction to a short interval and a polynomial there. Overflow gives infinity and
underflow the small numbers below 2**-1022; NaN gives NaN, and a zero keeps its sign.
"""

import math
from typing import Any

from autograd.program.native.kernels.lanes import (
    Lanes,
    absolute,
    copysign,
    fused,
    in_each_lane,
    is_number,
    lifted,
    nearest,
    polynomial,
    where,
)

# ln 2 in two parts: the first has zeros at its end, so that its products with exponents are exact.
LN2_HIGH = math.ldexp(math.floor(math.ldexp(math.log(2), 32)), -32)
LN2_LOW = 1.9082149292705877e-10  # ln 2 - LN2_HIGH
LARGEST, SMALLEST = 710.0, -746.0  # beyond them exp is infinite, or zero
INVERSE_FACTORIALS = [1 / math.factorial(k) for k in range(14)]
# (tanh x - x)/x³ in powers of x², for x up to 0.625: Chebyshev's approximation, to 4e-18.
TANH_SERIES = [
    -0.3333333333333333, 0.13333333333333042, -0.05396825396789636, 0.02186948851898143,
    -0.008863235102653483, 0.0035921217436959856, -0.0014557753532096296, 0.0005896603606552671,
    -0.0002375896885211701, 9.256923588512033e-05, -3.119892666773487e-05, 6.484104982405479e-06,
]  # fmt: skip
# erf(x)/x - 1 in powers of x², for x up to 1, and (1 + 2x)·e**(x²)·erfc(x) in powers of
# (x - 4)/(x + 4), for all x above 0: Chebyshev's approximations, to 8e-18 and 5e-17.
ERF_SERIES = [
    0.12837916709551256, -0.37612638903183543, 0.11283791670945006, -0.02686617064323777,
    0.0052239776071164225, -0.0008548325975389692, 0.00012055294904839707, -1.492473690741966e-05,
    1.6447424703317362e-06, -1.6208483801871705e-07, 1.3720064546777686e-08, -7.795898827002142e-10,
]  # fmt: skip
ERFC_SERIES = [
    1.2329951186255526, -0.1396211168405625, 0.015379652102610162, 0.0680970542546862,
    -0.10103906603585294, 0.09373283499865172, -0.06633036582050367, 0.0371675155318432,
    -0.01619773397992426, 0.005031970032548695, -0.0007577737141838885, -0.00019925700412184815,
    0.0001506231178516207, -2.439811794207995e-05, -1.1225140354449658e-05, 5.707239573693257e-06,
    2.980596055322769e-07, -8.218020654813044e-07, 7.111912428010423e-08, 1.0683442926744586e-07,
    -1.6357383982124768e-08, -1.2544825403855518e-08, 1.5712153638319064e-09, 9.655408225482863e-10,
]  # fmt: skip
ATANH_SERIES = [2 / (2 * k + 1) for k in range(1, 10)]


def exp(x: Lanes) -> Any:
    """Return e**x = 2**n · (1 + (e**r - 1)), for x = n·ln 2 + r."""
    n, q = _split_exp(x)
    return _scaled(1.0 + q, n)


def expm1(x: Lanes) -> Any:
    """Return e**x - 1 = 2**n · (e**r - 1) + (2**n - 1), which does not cancel near zero."""
    n, q = _split_exp(x)
    power = _scaled(lifted(x.builder, 1.0), n)
    near = power * q + (power - 1.0)
    far = _scaled(1.0 + q, n)
    return where(x == 0, x, where(absolute(x) < 40.0, near, far - 1.0))


def _split_exp(x: Lanes) -> tuple[Lanes, Lanes]:
    """Return n and e**r - 1, for x = n·ln 2 + r, and x held within what has an exponential."""
    x = where(x > LARGEST, LARGEST, where(x < SMALLEST, SMALLEST, x))
    n = nearest(x * (1 / math.log(2)))
    high, low = fused(n, -LN2_HIGH, x), n * LN2_LOW
    r = high - low
    lost = (high - r) - low
    tail = polynomial(r, INVERSE_FACTORIALS[2:]) * (r * r)
    return n, r + (tail + fused(lost, r, lost))


def _scaled(x: Lanes, n: Lanes) -> Any:
    """Return x·2**n, in two steps, for 2**n alone may be too large or too small."""
    half = nearest(n * 0.5)
    for part in (half, n - half):
        x = x * ((part.rounded() + 1023) << 52).as_bits()
    return x


def log(x: Lanes) -> Any:
    """Return ln x = n·ln 2 + ln m, for x = m·2**n with m near 1; -inf at 0, NaN below."""
    return _with_ends(x, x, _log_of_parts(*_split_log(x), 0.0))


def log1p(x: Lanes) -> Any:
    """Return ln(1 + x): of the rounded sum, and what the rounding lost beside it."""
    whole = 1.0 + x
    larger = absolute(x) > 1.0
    lost = where(larger, 1.0 - (whole - x), x - (whole - 1.0))
    lost = where(absolute(x) < 1e300, lost / whole, 0.0)
    n, f = _split_log(whole)
    result = _with_ends(x, whole, _log_of_parts(n, f, lost))
    return where(absolute(x) < 2.0**-54, x, result)


def _with_ends(x: Lanes, argument: Lanes, result: Lanes) -> Any:
    """Return the logarithm's limits where the argument has one, or has none."""
    result = where(argument == math.inf, math.inf, result)
    result = where(argument == 0, -math.inf, result)
    return where((argument < 0) | (x != x), math.nan, result)


def _split_log(x: Lanes) -> tuple[Lanes, Lanes]:
    """Return n and m - 1 for x = m·2**n, with m from the root of 1/2 to that of 2."""
    tiny = x < 2.0**-1022
    bits = where(tiny, x * 2.0**54, x).bits()
    shifted = bits + (0x3FF0000000000000 - 0x3FE6A09E667F3BCD)
    n = ((shifted >> 52) + -1023).as_lanes()
    m = ((shifted & 0x000FFFFFFFFFFFFF) + 0x3FE6A09E667F3BCD).as_bits()
    return where(tiny, n - 54.0, n), m - 1.0


def _log_of_parts(n: Lanes, f: Lanes, lost: Any) -> Any:
    """Return n·ln 2 + ln(1 + f) + lost: with s = f/(2 + f), ln(1 + f) is 2·artanh s."""
    s = f / (2.0 + f)
    z = s * s
    series = polynomial(z, ATANH_SERIES) * z
    half = 0.5 * f * f
    small = fused(s, half + series, n * LN2_LOW + lost)
    return fused(n, LN2_HIGH, f - (half - small))


def tanh(x: Lanes) -> Any:
    """Return tanh x: near zero by a polynomial, elsewhere as 1 - 2/(e**(2x) + 1)."""
    size = absolute(x)
    z = x * x
    near = fused(size * z, polynomial(z, TANH_SERIES), size)
    far = 1.0 - 2.0 / (exp(size * 2.0) + 1.0)
    return copysign(where(x != x, x, where(size < 0.625, near, far)), x)


def sigmoid(x: Lanes) -> Any:
    """Return 1/(1 + e**-x), below zero e**x/(1 + e**x), and make up for the sum's rounding."""
    decay = exp(-absolute(x))
    whole = 1.0 + decay
    lost = decay - (whole - 1.0)
    result = where(x >= 0, 1.0, decay) / whole
    inverse = where(x >= 0, result, 1.0 - result)
    return result - result * (lost * inverse)


def erf(x: Lanes) -> Any:
    """Return the error function: near zero by a polynomial, elsewhere as 1 - erfc."""
    size = absolute(x)
    far = copysign(1.0 - _erfc_above_zero(size), x)
    return where(size <= 1.0, _erf_near_zero(x), far)


def erfc(x: Lanes) -> Any:
    """Return 1 - erf(x), accurate where it is small."""
    size = absolute(x)
    above = _erfc_above_zero(size)
    far = where(x < 0, 2.0 - above, above)
    return where(size < 0.47, 1.0 - _erf_near_zero(x), far)


def _erf_near_zero(x: Lanes) -> Any:
    return fused(x, polynomial(x * x, ERF_SERIES), x)


def _erfc_above_zero(x: Lanes) -> Any:
    """Return erfc x = e**(-x²) · p/(1 + 2x), with a polynomial p in (x - 4)/(x + 4).

    The square is that of x with half of its digits, which is exact, and of the rest.
    """
    x = where(x > 28.0, 28.0, x)  # beyond it, 0
    short = (x.bits() & -(2**27)).as_bits()
    rest = (x - short) * (x + short)
    bell = exp(-(short * short))
    bell = bell - bell * (rest * (1.0 - rest * (0.5 - rest * (1 / 6))))
    p = polynomial((x - 4.0) / (x + 4.0), ERFC_SERIES)
    return bell * (p / (1.0 + 2.0 * x))


def of_numbers_too(written: Any, known: Any) -> Any:
    """Return a function that writes code for lanes, and computes what is known already."""

    def either(*operands: Any) -> Any:
        return (known if all(map(is_number, operands)) else written)(*operands)

    return either


def from_c(name: str) -> Any:
    """Return a function of the C library, for lanes."""
    return lambda *operands: in_each_lane(name, *operands)
