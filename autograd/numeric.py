"""The plain numbers under the graph: which are allowed, and formulas that stay stable on them.

Each function takes and returns plain numbers. ``NaN`` and infinity flow through; overflow gives
infinity; outside a domain the function raises ``ValueError`` or ``ZeroDivisionError``, which the
operation that called it turns into a ``DomainError`` with names and values.
"""

import math
from collections.abc import Callable
from fractions import Fraction
from numbers import Real
from operator import index, mul

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
SQRT_2, SQRT_TAU, TWO_OVER_SQRT_PI = math.sqrt(2), math.sqrt(math.tau), 2 / math.sqrt(math.pi)
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


def whole_number(name: str, candidate: object, *, least: int, most: int | None = None) -> int:
    """Return ``candidate`` as an int, also one of NumPy's, if it is ``least`` to ``most``.

    Raises ``ValueError``, with ``name`` and what was given, for anything else.
    """
    try:
        number = None if isinstance(candidate, bool) else index(candidate)  # type: ignore[arg-type]
    except TypeError:
        number = None
    if number is None or number < least or (most is not None and number > most):
        given = repr(candidate) if number is None else shown(number)
        limits = f"from {least}" if most is None else f"from {least} to {most}"
        raise ValueError(f"{name} = {_shortened(given)}: it is a whole number {limits}")
    return number


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


def closest_float(number: Number) -> float:
    """Return a float of the same sign: infinite if too large, the smallest if too small."""
    result = saturated(number)
    if result or not number:
        return result
    return math.ulp(0.0) if number > 0 else -math.ulp(0.0)


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
    if isinstance(x, float):
        return math.log(x)
    if -0.5 < x - 1 < 0.5:
        return math.log1p(x - 1)
    if x < 0 or not _is_beyond_floats(x):
        return math.log(x)
    exponent = _binary_exponent(x)
    return exponent * math.log(2) + math.log(x / Fraction(2) ** exponent)


def log1p(x: Number) -> float:
    """Return log(1 + x), accurate near zero; of an exact number, that number's."""
    return math.log1p(x) if isinstance(x, float) or -0.5 < x < 0.5 else log(1 + x)


def sqrt(x: Number) -> float:
    """Return the square root; of an exact number, that number's and not its float's."""
    if isinstance(x, float):
        return math.sqrt(x)
    if x < 0:
        raise ValueError("a negative number has no real root")
    if not _is_beyond_floats(x):
        return math.sqrt(x)
    half = _binary_exponent(x) // 2
    return math.ldexp(math.sqrt(x / Fraction(4) ** half), half)


def asin(x: Number) -> float:
    """Return the arc sine; of an exact number close to ±1, that number's."""
    return math.asin(x) if isinstance(x, float) else math.atan2(x, _cosine(x))


def acos(x: Number) -> float:
    """Return the arc cosine; of an exact number close to ±1, that number's."""
    return math.acos(x) if isinstance(x, float) else math.atan2(_cosine(x), x)


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
    if x < 0 and y % 1 > 0 and x != -math.inf:  # y % 1 is NaN where y is infinite
        raise ValueError("a negative number has no real power that is not whole")
    if not isinstance(x, float) and not _is_easy_power(x, y):
        return _power_by_logarithm(x, y)
    try:
        result: Number = x**y
    except OverflowError:
        return _power_by_logarithm(x, y)
    return result


def _is_easy_power(x: int | Fraction, y: Number) -> bool:
    """Tell whether Python's own x**y is right: exact and not endless, or within the floats."""
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

    At x = 0 it is 0 where y > 0, and where y = 0 but for n = 0; infinite where y < 0. It is NaN
    for n > 0 at x < 0, where x^y has no real neighbours.
    """
    if x > 0 and n == 1:
        magnitude = saturated(power(x, y))
        if 0 < magnitude < math.inf:
            return log(x) * magnitude
    return power_partial(x, y, 0, n)


def power_partial(x: Number, y: Number, k: Number, n: Number) -> Number:
    """Return the k-th derivative in x and n-th in y of x^y, for whole k and n.

    It is x^(y-k) times a sum of powers of log(x). Where x^(y-k) alone leaves the floats, its
    square root is taken, and is multiplied twice, for the product may be a float. At x = 0, as
    in ``power_log``, log(x)·x^0 counts as 0.
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
    if not factor or (magnitude and -math.inf < magnitude < math.inf):
        return factor * magnitude if factor else 0
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
    """Return the limit at x = 0, from above, of x^exponent times what ``series`` says."""
    if exponent != exponent:
        return exponent
    if exponent >= 0:
        return math.factorial(len(series) - 1) * series[-1] if exponent == 0 else 0
    n_logs = len(series)
    for coefficient in series:
        n_logs -= 1
        if coefficient:  # the one with most factors of log(0) = -inf outgrows the others
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


def sigmoid(x: Number) -> float:
    """Return 1/(1 + exp(-x)) without overflow."""
    if x >= 0:
        return 1 / (1 + exp(-x))
    growth = exp(x)
    return growth / (1 + growth)


def sigmoid_derivative(x: Number) -> float:
    """Return sigmoid'(x) = s·(1 - s), in a form that is even and does not cancel."""
    decay = math.exp(-x if x > 0 else x)
    return decay / ((1 + decay) * (1 + decay))


def tanh_derivative(x: Number) -> float:
    """Return tanh'(x) = 1/cosh(x)², in a form that neither cancels nor overflows."""
    return 4 * sigmoid_derivative(2 * x)


def softplus(x: Number) -> float:
    """Return log(1 + exp(x)) without overflow."""
    return max(x, 0.0) + math.log1p(exp(-x if x > 0 else x)) if x == x else math.nan


def gelu(x: Number) -> float:
    """Return x·Φ(x), with the normal distribution Φ (Hendrycks and Gimpel, 2016)."""
    return 0.0 if x == -math.inf else x * 0.5 * math.erfc(-x / SQRT_2)


def gelu_derivative(x: Number) -> float:
    """Return gelu'(x) = Φ(x) + x·φ(x)."""
    root = exp(-x * x / 4)
    return math.erfc(-x / SQRT_2) / 2 + (x * root * root / SQRT_TAU if root else 0.0)


def normal_density(x: Number, n: Number) -> float:
    """Return the n-th derivative of the normal density φ(x), zero at infinity.

    It is φ(x) times a Hermite polynomial, which may be huge where φ is tiny: so each of the two
    square roots of φ is multiplied with it in turn.
    """
    root = exp(-x * x / 4)
    if not root:
        return 0.0
    before: Number = 0
    hermite: Number = 1
    for k in range(int(n)):
        before, hermite = hermite, -x * hermite - k * before
    return hermite * root * root / SQRT_TAU


def erf_derivative(x: Number) -> float:
    """Return erf'(x) = 2·exp(-x²)/√π."""
    return TWO_OVER_SQRT_PI * exp(-x * x)


def silu(x: Number) -> float:
    """Return x·sigmoid(x) (Elfwing, Uchibe and Doya, 2017)."""
    return 0.0 if x == -math.inf else x * sigmoid(x)


def silu_derivative(x: Number) -> float:
    """Return silu'(x) = s + x·s·(1 - s) for s = sigmoid(x)."""
    return sigmoid(x) + x_sigmoid_derivative(x)


def x_sigmoid_derivative(x: Number) -> float:
    """Return x·sigmoid'(x), zero at infinity."""
    bell = sigmoid_derivative(x)
    return x * bell if bell else 0.0


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
