"""The functions of networks on plain numbers: activations, kinks and sums, without overflow."""

import math
from fractions import Fraction
from operator import mul

from autograd.elementary import exp
from autograd.numeric import Number

SQRT_2, SQRT_TAU, TWO_OVER_SQRT_PI = math.sqrt(2), math.sqrt(math.tau), 2 / math.sqrt(math.pi)


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

    It is φ(x) times a Hermite polynomial, which may be huge where φ is tiny: so it is
    multiplied by the square root of φ twice.
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
    """Return the sum of products of the first and second half; a number left over is the bias."""
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
    """Return logsumexp(numbers) - chosen, as log Σ exp(x - chosen), in which nothing cancels."""
    if isinstance(chosen, float) and math.isinf(chosen):
        return logsumexp(*numbers) - chosen
    return logsumexp(*[x - chosen for x in numbers])
