"""The plain numbers under the graph: which are allowed, and formulas that stay stable on them.

Each function takes and returns plain numbers. ``NaN`` and infinity flow through; overflow gives
infinity; outside a domain the function raises ``ValueError`` or ``ZeroDivisionError``, which the
operation that called it turns into a ``DomainError`` with names and values.
"""

import math
from collections.abc import Callable
from fractions import Fraction
from numbers import Real
from operator import mul

type_error_hints: dict[type, str] = {
    bool: "write 1.0 or 0.0 for a truth value",
    str: "convert text first, with float(...)",
    bytes: "convert text first, with float(...)",
    type(None): "did a function forget its return?",
    complex: "the engine differentiates real functions of real numbers",
    list: "a Value holds one number: write [Value(x) for x in ...]",
    tuple: "a Value holds one number: write [Value(x) for x in ...]",
}

Number = int | float | Fraction

MOST_EXACT_BITS = 1_000_000
FLOAT_EXPONENTS = 1000  # 2**1000 and 2**-1000 are floats of full precision, with room to spare


def as_number(candidate: object) -> Number:
    """Return ``candidate`` as an int, float or Fraction; NumPy scalars are taken by ``.item()``.

    Raises ``TypeError``, saying what was given and what to do, for anything else.
    """
    kind = type(candidate)
    if kind is float or kind is int or kind is Fraction:
        return candidate  # type: ignore[return-value]  # mypy does not narrow by identity of types
    if isinstance(candidate, Real) and not isinstance(candidate, bool):
        item = candidate.item() if hasattr(candidate, "item") else candidate
        if type(item) is not kind:
            return as_number(item)
        if isinstance(candidate, int):
            return int(candidate)
        if isinstance(candidate, Fraction):
            return Fraction(candidate)
        return float(candidate)
    hint = type_error_hints.get(kind, "a number is a float, an int or a Fraction")
    name = kind.__name__
    if hasattr(candidate, "record_operation"):
        hint = "write v.data for its number"
    elif name == "Value":
        name, hint = f"{kind.__module__}.Value", "it is of another engine; write v.data"
    elif hasattr(candidate, "__array__"):
        hint = "a Value holds one number: write [v * x for x in array]"
    raise TypeError(f"{_shortened(repr(candidate))} is a {name}, not a number; {hint}")


def shown(number: Number) -> str:
    """Return ``number`` as text, also where Python refuses, past 4,300 digits."""
    try:
        return str(number)
    except ValueError:
        assert not isinstance(number, float)
        digits = math.log10(abs(number.numerator)) - math.log10(number.denominator)
        return f"{'-' if number < 0 else ''}10**{digits:.0f} or so"


def _shortened(text: str, limit: int = 60) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def saturated(number: Number) -> float:
    """Return ``number`` as a float, with infinity for what is too large for one."""
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


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


# -- functions of exact numbers: of what a float cannot hold (1/10**400, 1 + 1/10**30) too --------


def log(x: Number) -> float:
    """Return the natural logarithm; of an exact number, that number's and not its float's."""
    if type(x) is float:
        return math.log(x)
    if abs(x - 1) < 0.5:
        return math.log1p(x - 1)
    if x < 0 or not _is_beyond_floats(x):
        return math.log(x)
    exponent = _binary_exponent(x)
    return exponent * math.log(2) + math.log(x / Fraction(2) ** exponent)


def log1p(x: Number) -> float:
    """Return log(1 + x), accurate near zero; of an exact number, that number's."""
    return math.log1p(x) if type(x) is float or abs(x) < 0.5 else log(1 + x)


def sqrt(x: Number) -> float:
    """Return the square root; of an exact number, that number's and not its float's."""
    if type(x) is float:
        return math.sqrt(x)
    if x < 0:
        raise ValueError("a negative number has no real root")
    if not _is_beyond_floats(x):
        return math.sqrt(x)
    half = _binary_exponent(x) // 2
    return math.ldexp(math.sqrt(x / Fraction(4) ** half), half)


def asin(x: Number) -> float:
    """Return the arc sine; of an exact number close to ±1, that number's."""
    return math.asin(x) if type(x) is float else math.atan2(x, _cosine(x))


def acos(x: Number) -> float:
    """Return the arc cosine; of an exact number close to ±1, that number's."""
    return math.acos(x) if type(x) is float else math.atan2(_cosine(x), x)


def _cosine(sine: int | Fraction) -> float:
    return sqrt((1 - sine) * (1 + sine))  # raises ValueError beyond ±1


def _binary_exponent(x: int | Fraction) -> int:
    """Return the n for which x is about 2**n, right within one."""
    return x.numerator.bit_length() - x.denominator.bit_length()


def _is_beyond_floats(x: Number) -> bool:
    """Tell whether an exact ``x`` is too large or too small for a float, or nearly."""
    return not isinstance(x, float) and x != 0 and abs(_binary_exponent(x)) > FLOAT_EXPONENTS


def power(x: Number, y: Number) -> Number:
    """Return ``x**y``, real or not at all.

    ====================  ====================================================
    x**0, 1**y            1, also for NaN
    0**y, y > 0           0
    0**y, y < 0           ZeroDivisionError
    x**y, x < 0           ValueError unless y is whole; (-inf)**y as in IEEE 754
    overflow              infinity, negative for a negative x and an odd y
    ====================  ====================================================

    An exact power of more than a million bits is taken in floats.
    """
    if x < 0 and y != y // 1 and not math.isinf(saturated(x)) and not math.isinf(saturated(y)):
        raise ValueError("a negative number has no real power that is not whole")
    if not isinstance(x, float) and isinstance(y, int) and _bits(x) * abs(y) > MOST_EXACT_BITS:
        return _power_by_logarithm(x, y)
    if _is_beyond_floats(x) and (isinstance(y, float) or y.denominator != 1):
        return _power_by_logarithm(x, y)
    try:
        result: Number = x**y
    except OverflowError:
        return _power_by_logarithm(x, y)
    return result


def _bits(x: int | Fraction) -> int:
    largest = max(abs(x.numerator), x.denominator)
    return largest.bit_length() if largest > 1 else 0


def _power_by_logarithm(x: Number, y: Number) -> float:
    magnitude = exp(saturated(y) * log(abs(x)))
    return -magnitude if x < 0 and y % 2 == 1 else magnitude


def power_derivative(x: Number, y: Number) -> Number:
    """Return y·x^(y-1), the derivative of x^y in x.

    At x = 0 it is 0 for y = 0 and y > 1, 1 for y = 1, and infinite for the rest.
    """
    if y == 0:
        return 0
    if x == 0 and y < 1:
        return math.copysign(math.inf, y)
    slope = power(x, y - 1)
    return y * slope if slope else slope


def power_log(x: Number, y: Number, n: Number) -> Number:
    """Return x^y·log(x)^n, the n-th derivative of x^y in y, for whole n.

    At x = 0 it is 0 where y > 0, and where y = 0 but for n = 0; infinite where y < 0. It is NaN
    for n > 0 at x < 0, where x^y has no real neighbours.
    """
    if n == 0:
        return power(x, y) if x != 0 or y >= 0 else math.inf
    if x < 0:
        return math.nan
    if x == 0:
        return 0.0 if y >= 0 else -math.inf if n % 2 else math.inf
    scale, magnitude = log(x) ** n, saturated(power(x, y))
    return scale * magnitude if scale and magnitude else 0.0


def asin_derivative(x: Number) -> float:
    """Return 1/√(1 - x²), infinite at ±1."""
    return 1 / sqrt((1 - x) * (1 + x)) if abs(x) != 1 else math.inf


def reciprocal(x: Number) -> Number:
    """Return 1/x, exact for exact numbers, and infinity at zero."""
    if x == 0:
        return math.inf
    return Fraction(1) / x if isinstance(x, int) else 1 / x


def sigmoid(x: Number) -> float:
    """Return 1/(1 + exp(-x)) without overflow."""
    if x >= 0:
        return 1 / (1 + exp(-x))
    growth = exp(x)
    return growth / (1 + growth)


def softplus(x: Number) -> float:
    """Return log(1 + exp(x)) without overflow."""
    return max(x, 0.0) + math.log1p(exp(-x if x > 0 else x)) if x == x else math.nan


def gelu(x: Number) -> float:
    """Return x·Φ(x), with the normal distribution Φ (Hendrycks and Gimpel, 2016)."""
    return 0.0 if x == -math.inf else x * 0.5 * math.erfc(-x / math.sqrt(2))


def gelu_derivative(x: Number) -> float:
    """Return gelu'(x) = Φ(x) + x·φ(x)."""
    bell = exp(-x * x / 2)
    return math.erfc(-x / math.sqrt(2)) / 2 + (x * bell / math.sqrt(math.tau) if bell else 0.0)


def silu(x: Number) -> float:
    """Return x·sigmoid(x) (Elfwing, Uchibe and Doya, 2017)."""
    return 0.0 if x == -math.inf else x * sigmoid(x)


def silu_derivative(x: Number) -> float:
    """Return silu'(x) = s + x·s·(1 - s) for s = sigmoid(x)."""
    s = sigmoid(x)
    bell = s * sigmoid(-x)
    return s + (x * bell if bell else 0.0)


def relu(x: Number) -> Number:
    return x if not x <= 0 else type(x)()


def leaky_relu(x: Number, slope: Number) -> Number:
    return x if x > 0 else slope * x


def elu(x: Number, alpha: Number) -> Number:
    return x if x > 0 else alpha * math.expm1(x)


def heaviside(x: Number) -> Number:
    """Return 1 where x > 0, else 0, also at 0; NaN for NaN."""
    return 1 if x > 0 else 0 if x <= 0 else x


def sign(x: Number) -> Number:
    """Return 1, -1, or 0 at 0; NaN for NaN."""
    return 1 if x > 0 else -1 if x < 0 else 0 if x == 0 else x


def where_positive(x: Number, a: Number, b: Number) -> Number:
    """Return ``a`` where x > 0, else ``b``, also at 0; NaN for NaN."""
    return x if x != x else a if x > 0 else b


def prefer(x: Number, y: Number) -> Number:
    """Return 1 where x > y, 0 where x < y, and one half for a tie."""
    if x > y:
        return 1
    if x == y:
        return 0.5 if isinstance(x, float) or isinstance(y, float) else Fraction(1, 2)
    return 0 if x < y else math.nan


def maximum(x: Number, y: Number) -> Number:
    return x if x > y or x != x else y


def minimum(x: Number, y: Number) -> Number:
    return x if x < y or x != x else y


def total(*numbers: Number) -> Number:
    return sum(numbers)


def mean(*numbers: Number) -> Number:
    return sum(numbers) / len(numbers)


def dot(*numbers: Number) -> Number:
    """Return the sum of products of the first and second half; an odd last number is the bias."""
    size = len(numbers) // 2
    weighted: Number = sum(map(mul, numbers, numbers[size : 2 * size]))
    return weighted if len(numbers) == 2 * size else weighted + numbers[-1]


def logsumexp(*numbers: Number) -> float:
    """Return log(Σ exp(x)) without overflow, by taking the largest operand out of the sum."""
    largest = max(numbers)
    if any(x != x for x in numbers):
        return math.nan
    if isinstance(largest, float) and math.isinf(largest):
        return largest
    others = list(numbers)
    others.remove(largest)
    return largest + math.log1p(sum(exp(x - largest) for x in others))


def cross_entropy(chosen: Number, *numbers: Number) -> float:
    """Return logsumexp(numbers) - chosen; as log Σ exp(x - chosen), which cancels nothing."""
    if isinstance(chosen, float) and math.isinf(chosen):
        return logsumexp(*numbers) - chosen
    return logsumexp(*[x - chosen for x in numbers])
