"""The operations on arrays of float64: one number at each place, for many rows of data at once.

Each function does what the operation of its name does to one number, but where that raises a
DomainError: there it gives NaN or infinity, and sets NumPy's flag, invalid or divide, so that
``np.errstate(invalid="raise", divide="raise")`` finds it. A number that is not wanted is not
computed either: each side of a ``where`` is given operands that it can take.

This text stands inside programs that run without the package, so it needs NumPy and math alone.
"""

import math

import numpy as np

# Of any shape, also one number; the shapes of operands are broadcast.
Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

# -- what NumPy has, with the same zeros, infinities and NaN ---------------------------------------

exp, expm1, log, log1p, sqrt, power = np.exp, np.expm1, np.log, np.log1p, np.sqrt, np.power
sin, cos, tan, asin, acos, atan = np.sin, np.cos, np.tan, np.arcsin, np.arccos, np.arctan
sinh, cosh, tanh, abs, sign = np.sinh, np.cosh, np.tanh, np.abs, np.sign

# -- kinks -----------------------------------------------------------------------------------------


def maximum(x: Array, y: Array) -> Array:
    """Return the larger operand, y for a tie; np.maximum may take either of 0.0 and -0.0."""
    return np.where((x > y) | (x != x), x, y)


def minimum(x: Array, y: Array) -> Array:
    """Return the smaller operand, y for a tie."""
    return np.where((x < y) | (x != x), x, y)


def prefer(x: Array, y: Array) -> Array:
    """Return 1 where x > y, 0 where x < y, and one half for a tie; NaN for NaN."""
    return np.where(x == y, 0.5, np.where((x > y) | (x < y), x > y, np.nan))


def heaviside(x: Array) -> Array:
    """Return 1 where x > 0, else 0, also at 0; NaN for NaN."""
    return np.where(x != x, x, x > 0)


def where_positive(x: Array, a: Array, b: Array) -> Array:
    """Return a where x > 0, else b, also at 0; NaN for NaN."""
    return np.where(x > 0, a, np.where(x <= 0, b, x))


# -- the error function, which is not in NumPy: that of libm, one number at a time ----------------


def erf(x: Array) -> Array:
    """Return the error function."""
    return np.asarray(np.vectorize(math.erf, otypes=[float])(x))


def erfc(x: Array) -> Array:
    """Return 1 - erf(x), accurate where it is small."""
    return np.asarray(np.vectorize(math.erfc, otypes=[float])(x))


# -- activations -----------------------------------------------------------------------------------


def relu(x: Array) -> Array:
    """Return x where x > 0, else 0."""
    return np.maximum(x, 0.0) + 0.0  # which makes -0.0 a zero


def leaky_relu(x: Array, slope: Array) -> Array:
    """Return x where x > 0, else slope*x."""
    return np.where(x > 0, 1.0, slope) * x


def elu(x: Array, alpha: Array) -> Array:
    """Return x where x > 0, else alpha*(exp(x) - 1)."""
    below = np.where(x > 0, 0.0, x)
    return np.where(x > 0, x, alpha * np.expm1(below))


def sigmoid(x: Array) -> Array:
    """Return 1/(1 + exp(-x)), or exp(x)/(1 + exp(x)) below zero: no exp of a large number."""
    decay = np.exp(-np.abs(x))
    return np.where(x >= 0, 1.0, decay) / (1.0 + decay)


def sigmoid_derivative(x: Array) -> Array:
    """Return s*(1 - s) for s = sigmoid(x), in a form that is even and does not cancel."""
    decay = np.exp(-np.abs(x))
    return decay / ((1.0 + decay) * (1.0 + decay))


def tanh_derivative(x: Array) -> Array:
    """Return 1/cosh(x)**2, which does not cancel as 1 - tanh(x)**2 does."""
    return 4.0 * sigmoid_derivative(2.0 * x)


def softplus(x: Array) -> Array:
    """Return log(1 + exp(x)): the larger of log(1) and log(exp(x)), and what the other adds."""
    return np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x)))


def silu(x: Array) -> Array:
    """Return x*sigmoid(x), zero at -inf."""
    return np.where(x == -np.inf, 0.0, x) * sigmoid(x)


def x_sigmoid_derivative(x: Array) -> Array:
    """Return x*sigmoid'(x), zero at infinity."""
    bell = sigmoid_derivative(x)
    return np.where(bell == 0, 0.0, x) * bell


def silu_derivative(x: Array) -> Array:
    """Return s + x*s*(1 - s) for s = sigmoid(x)."""
    return sigmoid(x) + x_sigmoid_derivative(x)


def gelu(x: Array) -> Array:
    """Return x*Φ(x), with the normal distribution Φ, zero at -inf."""
    return np.where(x == -np.inf, 0.0, x) * 0.5 * erfc(-x / math.sqrt(2))


def gelu_derivative(x: Array) -> Array:
    """Return Φ(x) + x*φ(x), with the normal distribution Φ and its density φ."""
    root = np.exp(-x * x / 4)  # of φ, which alone may be too small for a float
    bell = np.where(root == 0, 0.0, x) * root * root / math.sqrt(math.tau)
    return erfc(-x / math.sqrt(2)) / 2 + bell


def normal_density(x: Array, n: Array | int) -> Array:
    """Return the n-th derivative of the normal density φ: φ(x) times a Hermite polynomial."""
    root = np.exp(-x * x / 4)  # of φ, multiplied twice, for the polynomial may be huge
    x = np.where(root == 0, 0.0, x)
    before, hermite = np.zeros(()), np.ones(())
    for k in range(one_of(n)):
        before, hermite = hermite, -x * hermite - k * before
    return np.where(root == 0, 0.0, hermite * root * root / math.sqrt(math.tau))


def erf_derivative(x: Array) -> Array:
    """Return 2*exp(-x**2)/sqrt(pi)."""
    return 2 / math.sqrt(math.pi) * np.exp(-x * x)


# -- many operands ---------------------------------------------------------------------------------


def logsumexp(xs: Array) -> Array:
    """Return the log of the sum of exp(x) over the first axis: the largest x, and the rest's."""
    index, largest = np.argmax(xs, axis=0, keepdims=True), np.max(xs, axis=0)
    terms = np.exp(xs - np.where(np.isinf(largest), 0.0, largest))
    np.put_along_axis(terms, index, 0.0, axis=0)  # as 1 it would hide those below 1e-16
    log_of_sum: Array = largest + np.log1p(np.sum(terms, axis=0))
    return log_of_sum


# -- quotients and roots ---------------------------------------------------------------------------


def cross_entropy(chosen: Array, xs: Array) -> Array:
    """Return logsumexp(xs) - chosen; as that of the differences, which cancels nothing."""
    shift = np.where(np.isinf(chosen), 0.0, chosen)
    return logsumexp(xs - shift) - (chosen - shift)


def reciprocal(x: Array) -> Array:
    """Return 1/x, and infinity at zero."""
    return np.where(x == 0, np.inf, 1.0 / np.where(x == 0, 1.0, x))


def asin_derivative(x: Array) -> Array:
    """Return 1/sqrt(1 - x**2), infinite at 1 and -1."""
    return reciprocal(np.sqrt((1.0 - x) * (1.0 + x)))


def atan_derivative(x: Array) -> Array:
    """Return 1/(1 + x**2), which is 1/x**2 for a large x, whose square may be infinite."""
    is_far = np.abs(x) > 1e150
    far = np.where(is_far, x, 1.0)
    return np.where(is_far, 1.0 / far / far, 1.0 / (1.0 + x * x))


def x_atan_derivative(x: Array) -> Array:
    """Return x/(1 + x**2), which is 1/(x + 1/x) where x**2 may be infinite."""
    is_far = np.abs(x) > 1.0
    near, far = np.where(is_far, 1.0, x), np.where(is_far, x, 1.0)
    return np.where(is_far, 1.0 / (far + 1.0 / far), near / (1.0 + near * near))


# -- derivatives of powers -------------------------------------------------------------------------


def power_derivative(x: Array, y: Array) -> Array:
    """Return y*x**(y - 1), also at x = 0."""
    return power_partial(x, y, 1, 0)


def power_log(x: Array, y: Array, n: Array | int) -> Array:
    """Return x**y*log(x)**n, also at x = 0; NaN where x < 0 and n > 0."""
    return power_partial(x, y, 0, n)


def power_partial(x: Array, y: Array, k: Array | int, n: Array | int) -> Array:
    """Return the k-th derivative in x and n-th in y of x**y, for whole k and n.

    It is x**(y - k) times a sum of powers of log(x), whose weights are derivatives in y of
    y*(y - 1)*...*(y - k + 1). At x = 0 it is the limit from above.
    """
    base = np.where(x == 0, 1.0, x)
    with np.errstate(invalid="ignore"):  # infinity - infinity, for a y whose square is too large
        weights = falling_factorial_derivatives(y, one_of(k), one_of(n))
        factor = weights[0]
        for w in weights[1:]:
            factor = factor * np.where(factor == 0, 0.0, np.log(np.abs(base))) + w
    slope = product_with_power(factor, base, y - one_of(k))
    slope = np.where((x < 0) & (one_of(n) > 0), np.nan, slope)
    return np.where(x == 0, power_partial_at_zero(y - one_of(k), weights), slope)


def falling_factorial_derivatives(y: Array, k: int, n: int) -> list[Array]:
    """Return n!/(n - j)! times the j-th Taylor coefficient of y*(y - 1)*..., for j = 0 to n."""
    zero, one = np.zeros(()), np.ones(())
    series = [one] + [zero] * n
    for i in range(k):
        series = [a * (y - i) + b for a, b in zip(series, [zero, *series], strict=False)]
    return [math.perm(n, j) * a for j, a in enumerate(series)]


def product_with_power(factor: Array, x: Array, y: Array) -> Array:
    """Return factor*x**y; where the power leaves the floats, its root is multiplied twice."""
    whole = np.power(x, y)
    root = np.power(np.abs(x), y / 2)
    twice = ((whole == 0) | np.isinf(whole)) & (root > 0) & (root < np.inf)
    first, second = np.where(twice, root, 1.0), np.where(twice, np.copysign(root, whole), whole)
    second = np.where(factor == 0, 0.0, second)  # not 0*inf
    return np.where(second == 0, 1.0, factor) * first * second


def power_partial_at_zero(exponent: Array, weights: list[Array]) -> Array:
    """Return the limit at x = 0, from above, where the most factors of log(0) = -inf win."""
    leading = np.zeros(())
    for n_logs, w in enumerate(reversed(weights)):
        leading = np.where(w == 0, leading, w * (-1.0) ** n_logs)
    infinite = np.where(leading == 0, 0.0, np.copysign(np.inf, leading))
    limit = np.where(exponent == 0, weights[-1], np.where(exponent < 0, infinite, 0.0))
    return np.where(exponent != exponent, exponent, limit)


def one_of(n: Array | int) -> int:
    """Return the whole number that every entry of n is."""
    return int(np.ravel(n)[0])
