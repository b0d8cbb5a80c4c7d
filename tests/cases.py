"""The table of operation cases: what each operation must give, written down independently.

``CASES`` has one row for each operation, ``SPECIAL`` the kinks, zeros and infinities, ``OUTSIDE``
the edges of the domains. Numbers were computed once with mpmath at 50 digits.
"""

import math
import operator
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import mpmath as mp

from autograd import ops
from autograd.ops import Operation

inf, nan = math.inf, math.nan
half = Fraction(1, 2)


class Case(NamedTuple):
    """One operation: its mpmath reference, points with their values, and how it is written."""

    operation: Operation
    reference: Callable[..., Any]
    points: Sequence[tuple[tuple[float, ...], float]]  # (operands, value)
    formula: str  # at the first point, of operands labelled x, y, z
    slopes: tuple[str, ...]  # the formulas of the local derivatives, at the first point
    n_constants: int = 0  # the last operands that a rule passes as bare numbers only


class Special(NamedTuple):
    """An operation at a kink, a zero or an infinity: its value and its local derivatives."""

    operation: Operation
    operands: tuple[Any, ...]
    value: Any
    slopes: tuple[Any, ...]


class Outside(NamedTuple):
    """An operation outside its domain, and all that its error says."""

    operation: Operation
    operands: tuple[Any, ...]
    message: str


def weighted_sum(*operands: Any) -> Any:
    size = len(operands) // 2
    products = [w * x for w, x in zip(operands[:size], operands[size : 2 * size], strict=True)]
    return mp.fsum([*products, *operands[2 * size :]])


def power_partial(x: Any, y: Any, k: Any, n: Any) -> Any:
    """Return the derivatives of x^y, k in x and n in y: with Stirling numbers, by Leibniz' rule."""
    k, n = round(k), round(n)
    powers = [mp.stirling1(k, m) for m in range(k + 1)]  # of y·(y - 1)···(y - k + 1)
    factors = [
        mp.fsum(c * mp.ff(m, j) * y ** (m - j) for m, c in enumerate(powers) if m >= j)
        for j in range(n + 1)
    ]
    logs = [mp.binomial(n, j) * mp.log(x) ** (n - j) for j in range(n + 1)]
    return x ** (y - k) * mp.fdot(logs, factors)


def normal_density(x: Any, n: Any) -> Any:
    """Return the n-th derivative of the normal density by the Hermite polynomial of physics."""
    return (-mp.sqrt(0.5)) ** round(n) * mp.hermite(round(n), x * mp.sqrt(0.5)) * mp.npdf(x)


CASES = [
    # -- arithmetic --------------------------------------------------------------------------------
    Case(
        ops.add,
        operator.add,
        [
            ((3.0, 0.25), 3.25),
            ((-2.0, 4.0), 2.0),
            ((1000.0, -1000.0), 0.0),
            ((1e-20, 2.0), 2.0),
        ],
        formula="x + y",
        slopes=("1", "1"),
    ),
    Case(
        ops.sub,
        operator.sub,
        [
            ((3.0, 0.25), 2.75),
            ((-2.0, 4.0), -6.0),
            ((1000.0, -1000.0), 2000.0),
            ((1e-20, 2.0), -2.0),
            ((1000.0, 999.999999999), 9.999894245993346e-10),
        ],
        formula="x - y",
        slopes=("1", "-1"),
    ),
    Case(
        ops.mul,
        operator.mul,
        [
            ((3.0, 0.25), 0.75),
            ((-2.0, 4.0), -8.0),
            ((1000.0, -1000.0), -1000000.0),
            ((1e-20, 2.0), 2e-20),
            ((1e200, -1e200), -inf),
        ],
        formula="x*y",
        slopes=("y", "x"),
    ),
    Case(
        ops.div,
        operator.truediv,
        [
            ((3.0, 0.25), 12.0),
            ((-2.0, 4.0), -0.5),
            ((1000.0, -1000.0), -1.0),
            ((1e-20, 2.0), 5e-21),
            ((1e200, -1e-200), -inf),
            ((1.0, 3.0), 0.3333333333333333),
        ],
        formula="x/y",
        slopes=("1/y", "-out/y"),
    ),
    Case(
        ops.neg,
        operator.neg,
        [
            ((0.5,), -0.5),
            ((-2.0,), 2.0),
            ((1000.0,), -1000.0),
            ((-1000.0,), 1000.0),
            ((1e-20,), -1e-20),
        ],
        formula="-x",
        slopes=("-1",),
    ),
    Case(
        ops.pos,
        operator.pos,
        [
            ((0.5,), 0.5),
            ((-2.0,), -2.0),
            ((1000.0,), 1000.0),
            ((-1000.0,), -1000.0),
            ((1e-20,), 1e-20),
        ],
        formula="+x",
        slopes=("1",),
    ),
    Case(
        ops.pow,
        mp.power,
        [
            ((2.0, 3.0), 8.0),
            ((0.5, -2.5), 5.656854249492381),
            ((1000.0, 2.0), 1000000.0),
            ((1000.0, 200.0), inf),
            ((2.0, -1000.0), 9.332636185032189e-302),
            ((1e-20, 0.5), 1e-10),
            ((7.0, 0.0), 1.0),
            ((1.0, 1000.0), 1.0),
            ((9.0, 1.0), 9.0),
        ],
        formula="x**y",
        slopes=("y*x**(y - 1)", "out*log(x)"),
    ),
    # -- exponentials and roots --------------------------------------------------------------------
    Case(
        ops.exp,
        mp.exp,
        [
            ((0.5,), 1.6487212707001282),
            ((-2.0,), 0.1353352832366127),
            ((0.0,), 1.0),
            ((20.0,), 485165195.4097903),
            ((1000.0,), inf),
            ((-1000.0,), 0.0),
            ((1e-20,), 1.0),
        ],
        formula="exp(x)",
        slopes=("out",),
    ),
    Case(
        ops.expm1,
        mp.expm1,
        [
            ((0.5,), 0.6487212707001282),
            ((-2.0,), -0.8646647167633873),
            ((0.0,), 0.0),
            ((1000.0,), inf),
            ((-1000.0,), -1.0),
            ((1e-20,), 1e-20),
            ((-1e-300,), -1e-300),
        ],
        formula="expm1(x)",
        slopes=("exp(x)",),
    ),
    Case(
        ops.log,
        mp.log,
        [
            ((0.5,), -0.6931471805599453),
            ((2.0,), 0.6931471805599453),
            ((1.0,), 0.0),
            ((1.0000000001,), 1.000000082690371e-10),
            ((1000.0,), 6.907755278982137),
            ((1e300,), 690.7755278982137),
            ((1e-20,), -46.051701859880914),
            ((1e-300,), -690.7755278982137),
        ],
        formula="log(x)",
        slopes=("1/x",),
    ),
    Case(
        ops.log1p,
        mp.log1p,
        [
            ((0.5,), 0.4054651081081644),
            ((-0.5,), -0.6931471805599453),
            ((0.0,), 0.0),
            ((-0.9999999999,), -23.02585084720009),
            ((1000.0,), 6.90875477931522),
            ((1e-20,), 1e-20),
            ((-1e-300,), -1e-300),
        ],
        formula="log1p(x)",
        slopes=("1/(1 + x)",),
    ),
    Case(
        ops.sqrt,
        mp.sqrt,
        [
            ((0.25,), 0.5),
            ((2.0,), 1.4142135623730951),
            ((1000.0,), 31.622776601683793),
            ((1e300,), 1e150),
            ((1e-20,), 1e-10),
            ((1e-300,), 1e-150),
        ],
        formula="sqrt(x)",
        slopes=("1/(2*out)",),
    ),
    # -- circular and hyperbolic functions ---------------------------------------------------------
    Case(
        ops.sin,
        mp.sin,
        [
            ((0.5,), 0.479425538604203),
            ((-2.0,), -0.9092974268256817),
            ((1000.0,), 0.8268795405320025),
            ((-1000.0,), -0.8268795405320025),
            ((1e-20,), 1e-20),
            ((0.0,), 0.0),
            ((3.0,), 0.1411200080598672),
            ((-1e-300,), -1e-300),
        ],
        formula="sin(x)",
        slopes=("cos(x)",),
    ),
    Case(
        ops.cos,
        mp.cos,
        [
            ((0.5,), 0.8775825618903728),
            ((-2.0,), -0.4161468365471424),
            ((1000.0,), 0.5623790762907029),
            ((-1000.0,), 0.5623790762907029),
            ((1e-20,), 1.0),
            ((0.0,), 1.0),
            ((1.5,), 0.0707372016677029),
        ],
        formula="cos(x)",
        slopes=("-sin(x)",),
    ),
    Case(
        ops.tan,
        mp.tan,
        [
            ((0.5,), 0.5463024898437905),
            ((-2.0,), 2.185039863261519),
            ((1000.0,), 1.4703241557027185),
            ((-1000.0,), -1.4703241557027185),
            ((1e-20,), 1e-20),
            ((0.0,), 0.0),
            ((1.5,), 14.101419947171719),
            ((-1e-300,), -1e-300),
        ],
        formula="tan(x)",
        slopes=("1 + out**2",),
    ),
    Case(
        ops.asin,
        mp.asin,
        [
            ((0.5,), 0.5235987755982989),
            ((-0.75,), -0.848062078981481),
            ((0.0,), 0.0),
            ((0.9999999999,), 1.5707821846586878),
            ((1e-20,), 1e-20),
            ((-1e-300,), -1e-300),
        ],
        formula="asin(x)",
        slopes=("1/sqrt(1 - x**2)",),
    ),
    Case(
        ops.acos,
        mp.acos,
        [
            ((0.5,), 1.0471975511965979),
            ((-0.75,), 2.4188584057763776),
            ((0.0,), 1.5707963267948966),
            ((0.9999999999,), 1.4142136208911564e-05),
            ((1e-20,), 1.5707963267948966),
        ],
        formula="acos(x)",
        slopes=("-1/sqrt(1 - x**2)",),
    ),
    Case(
        ops.atan,
        mp.atan,
        [
            ((0.5,), 0.4636476090008061),
            ((-2.0,), -1.1071487177940904),
            ((1000.0,), 1.5697963271282298),
            ((-1000.0,), -1.5697963271282298),
            ((1e-20,), 1e-20),
            ((0.0,), 0.0),
            ((1e200,), 1.5707963267948966),
            ((-1e-300,), -1e-300),
        ],
        formula="atan(x)",
        slopes=("1/(1 + x**2)",),
    ),
    Case(
        ops.sinh,
        mp.sinh,
        [
            ((0.5,), 0.5210953054937474),
            ((-2.0,), -3.6268604078470186),
            ((1000.0,), inf),
            ((-1000.0,), -inf),
            ((1e-20,), 1e-20),
            ((0.0,), 0.0),
            ((20.0,), 242582597.70489514),
            ((-1e-300,), -1e-300),
        ],
        formula="sinh(x)",
        slopes=("cosh(x)",),
    ),
    Case(
        ops.cosh,
        mp.cosh,
        [
            ((0.5,), 1.1276259652063807),
            ((-2.0,), 3.7621956910836314),
            ((1000.0,), inf),
            ((-1000.0,), inf),
            ((1e-20,), 1.0),
            ((0.0,), 1.0),
            ((20.0,), 242582597.70489514),
        ],
        formula="cosh(x)",
        slopes=("sinh(x)",),
    ),
    Case(
        ops.tanh,
        mp.tanh,
        [
            ((0.5,), 0.46211715726000974),
            ((-2.0,), -0.9640275800758169),
            ((1000.0,), 1.0),
            ((-1000.0,), -1.0),
            ((1e-20,), 1e-20),
            ((0.0,), 0.0),
            ((20.0,), 1.0),
            ((-300.0,), -1.0),
            ((-1e-300,), -1e-300),
        ],
        formula="tanh(x)",
        slopes=("1 - out**2",),
    ),
    # -- activations -------------------------------------------------------------------------------
    Case(
        ops.sigmoid,
        lambda x: 1 / (1 + mp.exp(-x)),
        [
            ((0.5,), 0.6224593312018546),
            ((-2.0,), 0.11920292202211756),
            ((1000.0,), 1.0),
            ((-1000.0,), 0.0),
            ((1e-20,), 0.5),
            ((0.0,), 0.5),
            ((40.0,), 1.0),
            ((-40.0,), 4.248354255291589e-18),
        ],
        formula="sigmoid(x)",
        slopes=("out*(1 - out)",),
    ),
    Case(
        ops.softplus,
        lambda x: mp.log1p(mp.exp(x)),
        [
            ((0.5,), 0.9740769841801067),
            ((-2.0,), 0.1269280110429725),
            ((1000.0,), 1000.0),
            ((-1000.0,), 0.0),
            ((1e-20,), 0.6931471805599453),
            ((0.0,), 0.6931471805599453),
            ((40.0,), 40.0),
            ((-40.0,), 4.248354255291589e-18),
        ],
        formula="softplus(x)",
        slopes=("sigmoid(x)",),
    ),
    Case(
        ops.relu,
        lambda x: max(x, mp.mpf(0)),
        [
            ((0.5,), 0.5),
            ((-2.0,), 0.0),
            ((1000.0,), 1000.0),
            ((-1000.0,), 0.0),
            ((1e-20,), 1e-20),
        ],
        formula="relu(x)",
        slopes=("1 if x > 0 else 0",),
    ),
    Case(
        ops.leaky_relu,
        lambda x, y: x if x > 0 else y * x,
        [
            ((0.5, 0.01), 0.5),
            ((-2.0, 0.01), -0.02),
            ((1000.0, 0.2), 1000.0),
            ((-1000.0, 0.2), -200.0),
            ((-1e-20, 0.01), -9.999999999999999e-23),
        ],
        formula="leaky_relu(x, y)",
        slopes=("1 if x > 0 else y", "min(x, 0)"),
    ),
    Case(
        ops.elu,
        lambda x, y: x if x > 0 else y * mp.expm1(x),
        [
            ((0.5, 1.0), 0.5),
            ((-2.0, 1.5), -1.296997075145081),
            ((1000.0, 0.2), 1000.0),
            ((-1000.0, 0.2), -0.2),
            ((-1e-20, 1.5), -1.4999999999999998e-20),
            ((-1e-300, 1.0), -1e-300),
        ],
        formula="elu(x, y)",
        slopes=("1 if x > 0 else y*exp(x)", "exp(min(x, 0)) - 1"),
    ),
    Case(
        ops.gelu,
        lambda x: x * mp.ncdf(x),
        [
            ((0.5,), 0.34573123063700656),
            ((-2.0,), -0.04550026389635842),
            ((1000.0,), 1000.0),
            ((-1000.0,), 0.0),
            ((1e-20,), 5e-21),
            ((0.0,), 0.0),
            ((-8.0,), -4.976768459417427e-15),
            ((8.0,), 7.999999999999995),
            ((-1e-300,), -5e-301),
        ],
        formula="gelu(x)",
        slopes=("Φ(x) + x*φ(x)",),
    ),
    Case(
        ops.silu,
        lambda x: x / (1 + mp.exp(-x)),
        [
            ((0.5,), 0.3112296656009273),
            ((-2.0,), -0.23840584404423512),
            ((1000.0,), 1000.0),
            ((-1000.0,), 0.0),
            ((1e-20,), 5e-21),
            ((0.0,), 0.0),
            ((-40.0,), -1.6993417021166355e-16),
            ((40.0,), 40.0),
            ((-1e-300,), -5e-301),
        ],
        formula="silu(x)",
        slopes=("s + out*(1 - s), s = sigmoid(x)",),
    ),
    Case(
        ops.erf,
        mp.erf,
        [
            ((0.5,), 0.5204998778130465),
            ((-2.0,), -0.9953222650189527),
            ((1000.0,), 1.0),
            ((-1000.0,), -1.0),
            ((1e-20,), 1.1283791670955125e-20),
            ((0.0,), 0.0),
            ((3.0,), 0.9999779095030014),
            ((-1e-300,), -1.1283791670955126e-300),
        ],
        formula="erf(x)",
        slopes=("2*exp(-x**2)/sqrt(pi)",),
    ),
    # -- kinks -------------------------------------------------------------------------------------
    Case(
        ops.abs,
        abs,
        [
            ((0.5,), 0.5),
            ((-2.0,), 2.0),
            ((1000.0,), 1000.0),
            ((-1000.0,), 1000.0),
            ((1e-20,), 1e-20),
        ],
        formula="abs(x)",
        slopes=("sign(x)",),
    ),
    Case(
        ops.maximum,
        max,
        [
            ((3.0, 0.25), 3.0),
            ((-2.0, 4.0), 4.0),
            ((1000.0, -1000.0), 1000.0),
            ((1e-20, 2.0), 2.0),
        ],
        formula="maximum(x, y)",
        slopes=("1 if x > y else 0", "1 if y > x else 0"),
    ),
    Case(
        ops.minimum,
        min,
        [
            ((3.0, 0.25), 0.25),
            ((-2.0, 4.0), -2.0),
            ((1000.0, -1000.0), -1000.0),
            ((1e-20, 2.0), 1e-20),
        ],
        formula="minimum(x, y)",
        slopes=("1 if x < y else 0", "1 if y < x else 0"),
    ),
    # -- a cut in the graph ------------------------------------------------------------------------
    Case(
        ops.detach,
        lambda x: mp.mpf(float(x)),  # the same for all numbers that round to one float
        [((0.5,), 0.5), ((-2.0,), -2.0), ((1000.0,), 1000.0), ((1e-20,), 1e-20)],
        formula="detach(x)",
        slopes=("0",),
    ),
    # -- many operands -----------------------------------------------------------------------------
    Case(
        ops.total_of,
        lambda *xs: mp.fsum(xs),
        [
            ((3.0,), 3.0),
            ((0.5, -2.0, 4.0), 2.5),
            ((1000.0, -1000.0, 1e-20), 1e-20),
        ],
        formula="x",
        slopes=("1",),
    ),
    Case(
        ops.mean_of,
        lambda *xs: mp.fsum(xs) / len(xs),
        [
            ((0.5, -2.0, 4.0), 0.8333333333333334),
            ((3.0,), 3.0),
            ((1000.0, -1000.0, 1e-20, 7.0), 1.75),
        ],
        formula="mean([x, y, z])",
        slopes=("1/3", "1/3", "1/3"),
    ),
    Case(
        ops.dot_of,
        weighted_sum,
        [
            ((2.0, -3.0, 0.5), -5.5),
            ((2.0, -3.0), -6.0),
            ((2.0, -3.0, 0.5, 0.25), 0.25),
            ((1000.0, 1e-20, -1000.0, 1000.0, 7.0), -999993.0),
        ],
        formula="x*y + z",
        slopes=("x1", "x0", "1"),
    ),
    Case(
        ops.logsumexp_of,
        lambda *xs: mp.log(mp.fsum(mp.exp(x) for x in xs)),
        [
            ((0.5, -2.0, 4.0), 4.0321536226831585),
            ((3.0,), 3.0),
            ((1000.0, 1000.0), 1000.6931471805599),
            ((-1000.0, -1000.0, -1001.0), -999.1380051959418),
            ((1000.0, -1000.0), 1000.0),
            ((0.0, -50.0), 1.9287498479639178e-22),
            ((-0.75, -0.625), 0.007599035317169066),
            ((1e-20, 1e-20), 0.6931471805599453),
        ],
        formula="logsumexp([x, y, z])",
        slopes=("exp(x0 - out)", "exp(x1 - out)", "exp(x2 - out)"),
    ),
    Case(
        ops.cross_entropy_of,
        lambda chosen, *xs: mp.log(mp.fsum(mp.exp(x - chosen) for x in xs)),
        [
            ((0.5, 0.5, -2.0, 4.0), 3.5321536226831585),
            ((3.0, 3.0), 0.0),
            ((1000.0, 1000.0, 1000.0), 0.6931471805599453),
            ((-1000.0, 1000.0, -1000.0), 2000.0),
            ((50.0, 50.0, 0.0), 1.9287498479639178e-22),
            ((0.25, -0.75, -0.625), -0.242400964682830934),
        ],
        formula="logsumexp([y, z, u]) - x",
        slopes=("-1", "exp(x1 - x0 - out)", "exp(x2 - x0 - out)", "exp(x3 - x0 - out)"),
    ),
    # -- helpers of the rules ----------------------------------------------------------------------
    Case(
        ops.heaviside,
        lambda x: mp.mpf(x > 0),
        [
            ((0.5,), 1.0),
            ((-2.0,), 0.0),
            ((1000.0,), 1.0),
            ((-1000.0,), 0.0),
            ((1e-20,), 1.0),
        ],
        formula="heaviside(x)",
        slopes=("0",),
    ),
    Case(
        ops.sign,
        mp.sign,
        [
            ((0.5,), 1.0),
            ((-2.0,), -1.0),
            ((1000.0,), 1.0),
            ((-1000.0,), -1.0),
            ((1e-20,), 1.0),
        ],
        formula="sign(x)",
        slopes=("0",),
    ),
    Case(
        ops.prefer,
        lambda x, y: mp.mpf(x > y),
        [
            ((3.0, 0.25), 1.0),
            ((-2.0, 4.0), 0.0),
            ((1000.0, -1000.0), 1.0),
            ((1e-20, 2.0), 0.0),
        ],
        formula="prefer(x, y)",
        slopes=("0", "0"),
    ),
    Case(
        ops.reciprocal,
        lambda x: 1 / x,
        [
            ((0.5,), 2.0),
            ((-2.0,), -0.5),
            ((1000.0,), 0.001),
            ((-1000.0,), -0.001),
            ((1e-20,), 1e20),
            ((3.0,), 0.3333333333333333),
            ((1e200,), 1e-200),
            ((1e-300,), 9.999999999999999e299),
        ],
        formula="reciprocal(x)",
        slopes=("-out**2",),
    ),
    Case(
        ops.power_derivative,
        lambda x, y: y * x ** (y - 1),
        [
            ((2.0, 3.0), 12.0),
            ((0.5, -2.5), -28.284271247461902),
            ((1000.0, 2.0), 2000.0),
            ((1000.0, 200.0), inf),
            ((2.0, -1000.0), -4.6663180925160944e-299),
            ((1e-20, 0.5), 5000000000.0),
            ((9.0, 1.0), 1.0),
        ],
        formula="power_derivative(x, y)",
        slopes=("y*(y - 1)*x**(y - 2)", "x**(y - 1)*(1 + y*log(x))"),
    ),
    Case(
        ops.power_log,
        lambda x, y, n: x**y * mp.log(x) ** round(n),
        [
            ((2.0, 3.0, 1), 5.545177444479562),
            ((0.5, -2.5, 2), 2.7178526734645994),
            ((1000.0, 2.0, 1), 6907755.278982137),
            ((1000.0, 200.0, 1), inf),
            ((2.0, -1000.0, 2), 4.4838931829007806e-302),
            ((1e-20, 0.5, 1), -4.605170185988091e-09),
            ((1.0, 5.0, 2), 0.0),
            ((3.0, 2.5, 0), 15.588457268119896),
        ],
        formula="power_log(x, y, z)",
        slopes=("", "", ""),
        n_constants=1,
    ),
    Case(
        ops.where_positive,
        lambda x, a, b: a if x > 0 else b,
        [
            ((0.5, 3.0, -4.0), 3.0),
            ((-2.0, 3.0, -4.0), -4.0),
            ((1000.0, 1e-20, 2.0), 1e-20),
            ((-1e-20, 1.0, 0.25), 0.25),
        ],
        formula="where_positive(x, y, z)",
        slopes=("0", "1 if x > 0 else 0", "0 if x > 0 else 1"),
    ),
    Case(
        ops.asin_derivative,
        lambda x: 1 / mp.sqrt(1 - x * x),
        [
            ((0.5,), 1.1547005383792515),
            ((-0.75,), 1.511857892036909),
            ((0.0,), 1.0),
            ((1e-20,), 1.0),
            ((0.9990234375,), 22.632943293569802),
        ],
        formula="asin_derivative(x)",
        slopes=("x*out**3",),
    ),
    Case(
        ops.gelu_derivative,
        lambda x: mp.ncdf(x) + x * mp.npdf(x),
        [
            ((0.5,), 0.8674951246561629),
            ((-2.0,), -0.0852318010781969),
            ((1000.0,), 1.0),
            ((-1000.0,), -0.0),
            ((1e-20,), 0.5),
            ((0.0,), 0.5),
            ((-8.0,), -3.979607261086796e-14),
            ((8.0,), 1.0000000000000397),
        ],
        formula="gelu_derivative(x)",
        slopes=("(2 - x**2)*φ(x)",),
    ),
    Case(
        ops.silu_derivative,
        lambda x: (1 + x * (1 - 1 / (1 + mp.exp(-x)))) / (1 + mp.exp(-x)),
        [
            ((0.5,), 0.7399611873026518),
            ((-2.0,), -0.09078424878489548),
            ((1000.0,), 1.0),
            ((-1000.0,), -0.0),
            ((1e-20,), 0.5),
            ((0.0,), 0.5),
            ((-8.0,), -0.0023465512355853157),
            ((8.0,), 1.0023465512355854),
        ],
        formula="silu_derivative(x)",
        slopes=("s*(1 - s)*(2 + x*(1 - 2*s)), s = sigmoid(x)",),
    ),
    Case(
        ops.power_partial,
        power_partial,
        [
            ((2.0, 3.0, 2, 0), 12.0),
            ((2.0, 3.0, 1, 1), 12.317766166719343),
            ((0.5, -2.5, 2, 1), -273.00064207341376),
            ((1e-155, 1e-155, 2, 0), -1e155),
            ((1e-20, 0.5, 1, 1), -220258509299.40457),
            ((1000.0, 2.0, 0, 2), 47717082.99430558),
            ((9.0, 1.0, 3, 0), 0.0),
            ((3.0, 2.5, 2, 2), 26.526283487991225),
        ],
        formula="power_partial(x, y, z, u)",
        slopes=("", "", "", ""),
        n_constants=2,
    ),
    Case(
        ops.atan_derivative,
        lambda x: 1 / (1 + x * x),
        [
            ((0.5,), 0.8),
            ((-2.0,), 0.2),
            ((1000.0,), 9.99999000001e-07),
            ((1e-20,), 1.0),
            ((0.0,), 1.0),
            ((-7.4e99,), 1.8261504747991234e-200),
            ((1e155,), 1e-310),
        ],
        formula="atan_derivative(x)",
        slopes=("-2*x*out**2",),
    ),
    Case(
        ops.x_atan_derivative,
        lambda x: x / (1 + x * x),
        [
            ((0.5,), 0.4),
            ((-2.0,), -0.4),
            ((1.0,), 0.5),
            ((1000.0,), 0.000999999000001),
            ((1e-20,), 1e-20),
            ((0.0,), 0.0),
            ((-7.4e99,), -1.3513513513513514e-100),
            ((1e200,), 1e-200),
        ],
        formula="x_atan_derivative(x)",
        slopes=("(1 - x**2)/(1 + x**2)**2",),
    ),
    Case(
        ops.tanh_derivative,
        lambda x: mp.sech(x) ** 2,
        [
            ((0.5,), 0.7864477329659274),
            ((-2.0,), 0.07065082485316447),
            ((1000.0,), 0.0),
            ((-300.0,), 1.0601586212017243e-260),
            ((1e-20,), 1.0),
            ((0.0,), 1.0),
            ((20.0,), 1.6993417021166355e-17),
        ],
        formula="tanh_derivative(x)",
        slopes=("-2*out*tanh(x)",),
    ),
    Case(
        ops.sigmoid_derivative,
        lambda x: mp.sech(x / 2) ** 2 / 4,
        [
            ((0.5,), 0.2350037122015945),
            ((-2.0,), 0.10499358540350652),
            ((1000.0,), 0.0),
            ((-300.0,), 5.148200222412013e-131),
            ((1e-20,), 0.25),
            ((0.0,), 0.25),
            ((40.0,), 4.248354255291589e-18),
        ],
        formula="sigmoid_derivative(x)",
        slopes=("-out*tanh(x/2)",),
    ),
    Case(
        ops.x_sigmoid_derivative,
        lambda x: x * mp.sech(x / 2) ** 2 / 4,
        [
            ((0.5,), 0.11750185610079725),
            ((-2.0,), -0.20998717080701304),
            ((1000.0,), 0.0),
            ((-300.0,), -1.5444600667236042e-128),
            ((1e-20,), 2.5e-21),
            ((0.0,), 0.0),
            ((40.0,), 1.6993417021166355e-16),
        ],
        formula="x_sigmoid_derivative(x)",
        slopes=("s*(1 - s)*(1 - x*tanh(x/2)), s = sigmoid(x)",),
    ),
    Case(
        ops.normal_density,
        normal_density,
        [
            ((0.5, 0), 0.35206532676429947),
            ((-2.0, 1), 0.1079819330263761),
            ((0.0, 2), -0.3989422804014327),
            ((1e-20, 3), 1.196826841204298e-20),
            ((8.0, 4), 1.8769187075339555e-11),
            ((-38.5, 2), 8.036e-320),
            ((1000.0, 3), -0.0),
        ],
        formula="normal_density(x, y)",
        slopes=("", ""),
        n_constants=1,
    ),
    Case(
        ops.erf_derivative,
        lambda x: 2 * mp.exp(-x * x) / mp.sqrt(mp.pi),
        [
            ((0.5,), 0.8787825789354448),
            ((-2.0,), 0.020666985354092053),
            ((1000.0,), 0.0),
            ((1e-20,), 1.1283791670955126),
            ((0.0,), 1.1283791670955126),
            ((5.0,), 1.5670866531017336e-11),
        ],
        formula="erf_derivative(x)",
        slopes=("-2*x*out",),
    ),
]

SPECIAL = [
    # -- kinks: the promises of ops.py ---------------------------------------------------------
    Special(ops.relu, (0.0,), 0.0, (0,)),
    Special(ops.relu, (-0.0,), 0.0, (0,)),
    Special(ops.relu, (0,), 0, (0,)),
    Special(ops.abs, (0.0,), 0.0, (0,)),
    Special(ops.abs, (Fraction(0),), 0, (0,)),
    Special(ops.leaky_relu, (0.0, 0.1), 0.0, (0.1, 0)),
    Special(ops.leaky_relu, (Fraction(0), Fraction(1, 3)), 0, (Fraction(1, 3), 0)),
    Special(ops.elu, (0.0, 1.0), 0.0, (1.0, 0.0)),
    Special(ops.elu, (0.0, 2.0), 0.0, (2.0, 0.0)),
    Special(ops.maximum, (3.0, 3.0), 3.0, (0.5, 0.5)),
    Special(ops.maximum, (3, 3.0), 3.0, (0.5, 0.5)),
    Special(ops.maximum, (3, 3), 3, (half, half)),
    Special(ops.maximum, (Fraction(1, 3), Fraction(1, 3)), Fraction(1, 3), (half, half)),
    Special(ops.minimum, (3.0, 3.0), 3.0, (0.5, 0.5)),
    Special(ops.minimum, (Fraction(1, 3), Fraction(1, 3)), Fraction(1, 3), (half, half)),
    Special(ops.heaviside, (0.0,), 0, (0,)),
    Special(ops.sign, (0.0,), 0, (0,)),
    Special(ops.prefer, (2.0, 2.0), 0.5, (0, 0)),
    # -- x**y at 0, at infinity and below zero ---------------------------------------------------
    Special(ops.pow, (0.0, 0.0), 1.0, (0, 0)),
    Special(ops.pow, (0.0, 0.5), 0.0, (inf, 0)),
    Special(ops.pow, (0.0, 1.0), 0.0, (1, 0)),
    Special(ops.pow, (0.0, 1.5), 0.0, (0, 0)),
    Special(ops.pow, (0.0, 2.0), 0.0, (0, 0)),
    Special(ops.pow, (0, 2), 0, (0, 0)),
    Special(ops.pow, (Fraction(0), 1), 0, (1, 0)),
    Special(ops.pow, (inf, 2.0), inf, (inf, inf)),
    Special(ops.pow, (inf, 1.0), inf, (1, inf)),
    Special(ops.pow, (inf, 0.0), 1.0, (0, inf)),
    Special(ops.pow, (inf, -1.0), 0.0, (0, 0)),
    Special(ops.pow, (-inf, 3.0), -inf, (inf, nan)),
    Special(ops.pow, (-2.0, 3.0), -8.0, (12.0, nan)),
    Special(ops.pow, (-2.0, 0.0), 1.0, (0, nan)),
    Special(ops.pow, (-2.0, -1.0), -0.5, (-0.25, nan)),
    Special(ops.pow, (2.0, inf), inf, (inf, inf)),
    Special(ops.pow, (0.5, 10**400), 0.0, (0, 0)),
    Special(ops.pow, (10**400, -1), 0.0, (0, 0)),
    Special(ops.pow, (-2.0, 1025.0), -inf, (inf, nan)),
    Special(ops.pow, (1.0, nan), 1.0, (nan, 0)),
    Special(ops.pow, (nan, 0.0), 1.0, (0, nan)),
    Special(ops.power_log, (0.0, 2.0, 1), 0.0, (0, 0, 0)),
    Special(ops.power_log, (-2.0, 3.0, 1), nan, (nan, nan, 0)),
    Special(ops.power_log, (-1.0, nan, 0), nan, (nan, nan, 0)),
    Special(ops.pow, (0.0, nan), nan, (nan, nan)),
    Special(ops.pow, (0.5, inf), 0.0, (0, 0)),
    Special(ops.pow, (2.0, -inf), 0.0, (0, 0)),
    Special(ops.pow, (2.0**-1030, -(2.0**-600)), 1.0, (-(2.0**430), -713.9415959767437)),
    Special(ops.power_partial, (0.0, 1.0, 2, 0), 0, (0, inf, 0, 0)),
    Special(ops.power_partial, (0.0, 0.5, 2, 0), -inf, (inf, inf, 0, 0)),
    Special(ops.power_partial, (0.0, 0.5, 1, 1), -inf, (inf, inf, 0, 0)),
    Special(ops.power_partial, (0.0, 1.0, 1, 1), 1, (inf, 0, 0, 0)),
    Special(ops.power_partial, (-2.0, 3.0, 2, 0), -12.0, (6, nan, 0, 0)),
    # -- edges of domains: the limit -------------------------------------------------------------
    Special(ops.sqrt, (0.0,), 0.0, (inf,)),
    Special(ops.asin, (1.0,), math.pi / 2, (inf,)),
    Special(ops.asin, (-1.0,), -math.pi / 2, (inf,)),
    Special(ops.acos, (1.0,), 0.0, (-inf,)),
    Special(ops.acos, (-1.0,), math.pi, (-inf,)),
    Special(ops.reciprocal, (0.0,), inf, (-inf,)),
    Special(ops.div, (0.0, 5e-324), 0.0, (inf, 0)),
    Special(ops.div, (1e-320, 1e-310), 1e-320 / 1e-310, (inf, -(1e-320 / 1e-310) / 1e-310)),
    # -- infinity ------------------------------------------------------------------------------
    Special(ops.add, (inf, -inf), nan, (1, 1)),
    Special(ops.div, (1.0, inf), 0.0, (0, 0)),
    Special(ops.exp, (inf,), inf, (inf,)),
    Special(ops.exp, (-inf,), 0.0, (0,)),
    Special(ops.exp, (10**400,), inf, (inf,)),
    Special(ops.expm1, (-inf,), -1.0, (0,)),
    Special(ops.log, (inf,), inf, (0,)),
    Special(ops.log1p, (inf,), inf, (0,)),
    Special(ops.sqrt, (inf,), inf, (0,)),
    Special(ops.sin, (inf,), nan, (nan,)),
    Special(ops.cos, (-inf,), nan, (nan,)),
    Special(ops.tan, (inf,), nan, (nan,)),
    Special(ops.atan, (inf,), math.pi / 2, (0,)),
    Special(ops.sinh, (-inf,), -inf, (inf,)),
    Special(ops.cosh, (-inf,), inf, (-inf,)),
    Special(ops.tanh, (inf,), 1.0, (0,)),
    Special(ops.tanh, (-inf,), -1.0, (0,)),
    Special(ops.sigmoid, (inf,), 1.0, (0,)),
    Special(ops.sigmoid, (-inf,), 0.0, (0,)),
    Special(ops.softplus, (inf,), inf, (1,)),
    Special(ops.softplus, (-inf,), 0.0, (0,)),
    Special(ops.relu, (inf,), inf, (1,)),
    Special(ops.relu, (-inf,), 0.0, (0,)),
    Special(ops.elu, (-inf, 1.0), -1.0, (0, -1.0)),
    Special(ops.elu, (inf, 1.0), inf, (1, 0)),
    Special(ops.gelu, (inf,), inf, (1,)),
    Special(ops.gelu, (-inf,), 0.0, (0,)),
    Special(ops.silu, (inf,), inf, (1,)),
    Special(ops.silu, (-inf,), 0.0, (0,)),
    Special(ops.erf, (inf,), 1.0, (0,)),
    Special(ops.abs, (-inf,), inf, (-1,)),
    Special(ops.maximum, (inf, inf), inf, (0.5, 0.5)),
    Special(ops.maximum, (-inf, 0.0), 0.0, (0, 1)),
    Special(ops.logsumexp_of, (-inf, 0.0), 0.0, (0, 1)),
    Special(ops.logsumexp_of, (-inf, -inf), -inf, (nan, nan)),
    Special(ops.atan_derivative, (-inf,), 0.0, (0,)),
    Special(ops.x_atan_derivative, (-inf,), 0.0, (0,)),
    Special(ops.tanh_derivative, (-inf,), 0.0, (0,)),
    Special(ops.sigmoid_derivative, (inf,), 0.0, (0,)),
    Special(ops.x_sigmoid_derivative, (inf,), 0.0, (0,)),
    Special(ops.silu_derivative, (-inf,), 0.0, (0,)),
    Special(ops.silu_derivative, (inf,), 1.0, (0,)),
    Special(ops.gelu_derivative, (-inf,), 0.0, (0,)),
    Special(ops.erf_derivative, (inf,), 0.0, (0,)),
    Special(ops.normal_density, (inf, 3), 0.0, (0, 0)),
    # -- NaN -----------------------------------------------------------------------------------
    Special(ops.relu, (nan,), nan, (nan,)),
    Special(ops.abs, (nan,), nan, (nan,)),
    Special(ops.maximum, (nan, 1.0), nan, (nan, nan)),
    Special(ops.maximum, (1.0, nan), nan, (nan, nan)),
    Special(ops.minimum, (nan, 1.0), nan, (nan, nan)),
    Special(ops.minimum, (1.0, nan), nan, (nan, nan)),
    Special(ops.logsumexp_of, (1.0, nan), nan, (nan, nan)),
    Special(ops.cross_entropy_of, (-inf, -inf, 0.0), inf, (-1, nan, nan)),
    Special(ops.cross_entropy_of, (0.0, 0.0, -inf), 0.0, (-1, 1, 0)),
    Special(ops.cross_entropy_of, (1.0, nan, 1.0), nan, (-1, nan, nan)),
]

OUTSIDE = [
    Outside(ops.div, (1.0, 0.0), "1.0 / 0.0 is undefined: the divisor must not be 0"),
    Outside(ops.div, (1, 0), "1 / 0 is undefined: the divisor must not be 0"),
    Outside(ops.div, (half, Fraction(0)), "(1/2) / 0 is undefined: the divisor must not be 0"),
    Outside(
        ops.pow,
        (0.0, -1.0),
        "0.0 ** (-1.0) is undefined: the base must be >= 0 or the exponent whole, "
        "and the exponent >= 0 where the base is 0",
    ),
    Outside(
        ops.pow,
        (0, -1),
        "0 ** (-1) is undefined: the base must be >= 0 or the exponent whole, "
        "and the exponent >= 0 where the base is 0",
    ),
    Outside(
        ops.pow,
        (-2.0, 0.5),
        "(-2.0) ** 0.5 is undefined: the base must be >= 0 or the exponent whole, "
        "and the exponent >= 0 where the base is 0",
    ),
    Outside(
        ops.pow,
        (Fraction(-8), Fraction(1, 3)),
        "(-8) ** (1/3) is undefined: the base must be >= 0 or the exponent whole, "
        "and the exponent >= 0 where the base is 0",
    ),
    Outside(ops.log, (-1.0,), "log(-1.0) is undefined: its operand must be > 0"),
    Outside(ops.log, (0,), "log(0) is undefined: its operand must be > 0"),
    Outside(ops.log, (-inf,), "log(-inf) is undefined: its operand must be > 0"),
    Outside(ops.log1p, (-1.0,), "log1p(-1.0) is undefined: its operand must be > -1"),
    Outside(ops.log1p, (-2,), "log1p(-2) is undefined: its operand must be > -1"),
    Outside(ops.sqrt, (-1.0,), "sqrt(-1.0) is undefined: its operand must be >= 0"),
    Outside(ops.sqrt, (Fraction(-1, 4),), "sqrt(-1/4) is undefined: its operand must be >= 0"),
    Outside(
        ops.asin_derivative,
        (2.0,),
        "asin_derivative(2.0) is undefined: its operand must be from -1 to 1",
    ),
    Outside(ops.asin, (1.5,), "asin(1.5) is undefined: its operand must be from -1 to 1"),
    Outside(ops.asin, (-2,), "asin(-2) is undefined: its operand must be from -1 to 1"),
    Outside(ops.acos, (inf,), "acos(inf) is undefined: its operand must be from -1 to 1"),
    Outside(ops.acos, (-1.5,), "acos(-1.5) is undefined: its operand must be from -1 to 1"),
]
