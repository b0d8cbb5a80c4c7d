"""Slopes of a function of one number, from its values alone.

The function is evaluated at x and at x ± h, for steps h from a few roundings of x up to millions,
each twice the one before. Difference quotients, extrapolated to step zero (Richardson, 1911), give
an estimate for each step, with an error for rounding and for curvature. The smallest steps come
first: from there the estimates are followed upwards for as long as they agree within their errors,
and the most precise of these is the slope. A wider step may straddle a kink or miss a bump: where
it disagrees, it is not used.
"""

import math
from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

EPSILON = 2.0**-52
ROUNDINGS = 10  # roundings that a value of f may be off by
CURVATURES = 3  # times the last change: enough for x**1.5 at 0, where no power of h fits
WIDEST = 2.0**26  # the last step, relative to max(1, |x|)
ORDERS = 4  # of curvature that are extrapolated away
LARGEST_ROUNDING = 0.3  # of f's size: a larger jump is f's own

Function = Callable[[float], float]
Estimate = tuple[float, float]  # a slope and its error


class Slope(NamedTuple):
    """A slope, its error, and whether that is small beside the slope or those around it.

    ``rough``: small enough to tell that the other side of x goes on in the same way.
    """

    value: float
    error: float
    precise: bool
    rough: bool

    @property
    def low(self) -> float:
        return self.value - self.error

    @property
    def high(self) -> float:
        return self.value + self.error


class Differences:
    """The values of ``g`` around ``x``, and the slopes that they show on each side.

    Where ``g`` raises, or is not finite, it has no value.
    """

    def __init__(self, g: Function, x: float) -> None:
        def finite(point: float) -> float:
            try:
                value = g(point) if math.isfinite(point) else math.nan
            except Exception:  # whatever stops g there: it has no value
                return math.nan
            return value if math.isfinite(value) else math.nan

        self.g, self.x, self.middle = finite, x, finite(x)
        self.unit = max(1.0, abs(x))
        step, self.steps = 4 * math.ulp(x) if x else 2.0**-80, []
        while step < WIDEST * self.unit:
            self.steps.append(step)
            step *= 2
        self.above = [finite(x + h) for h in self.steps]
        self.below = [finite(x - h) for h in self.steps]
        self.right_quotients = self._quotients(side=1)
        self.left_quotients = self._quotients(side=-1)
        near = [abs(y) for h, up, down in zip(self.steps, self.above, self.below, strict=True)
                if h <= self.unit for y in (up, down, self.middle) if y == y]  # fmt: skip
        self.size = max(near, default=0.0)
        self.inner_rounding = 0.0  # what f's values show beyond ROUNDINGS of their own
        self._measure_rounding()

    @property
    def right(self) -> Slope | None:
        """The slope to the right of x; None where g has no value there."""
        quotients = self.right_quotients
        return self._slope(quotients, [*map(abs, quotients)], self._rounding(self.above), power=1)

    @property
    def left(self) -> Slope | None:
        """The slope to the left of x; None where g has no value there."""
        quotients = self.left_quotients
        return self._slope(quotients, [*map(abs, quotients)], self._rounding(self.below), power=1)

    @property
    def central(self) -> Slope | None:
        """The slope of the chords from x - h to x + h; its error falls with h**2."""
        quotients = [
            (up - down) / ((self.x + h) - (self.x - h))
            for h, up, down in zip(self.steps, self.above, self.below, strict=True)
        ]
        pairs = zip(self._rounding(self.above), self._rounding(self.below), strict=True)
        sides = zip(self.left_quotients, self.right_quotients, strict=True)
        sizes = [max(abs(left), abs(right)) for left, right in sides]
        return self._slope(quotients, sizes, [(up + down) / 2 for up, down in pairs], power=2)

    def steepening(self, sign: float) -> bool:
        """Tell whether the quotients of a side have ``sign`` and always grow as steps shrink."""
        sides = ((self.left_quotients, self.below), (self.right_quotients, self.above))
        for quotients, values in sides:
            grown = [math.copysign(1, sign) * quotient for quotient in quotients[8:20]]
            seen = grown[0] > self._rounding(values)[8]
            if seen and all(narrow > 1.1 * wide > 0 for narrow, wide in pairwise(grown)):
                return True
        return False

    def _quotients(self, side: int) -> list[float]:
        values = self.above if side > 0 else self.below
        return [
            (y - self.middle) / (self.x + side * h - self.x)  # the step as rounded
            for h, y in zip(self.steps, values, strict=True)
        ]

    def _rounding(self, values: list[float]) -> list[float]:
        """The rounding error of the quotient at each step: of f's values, and of x inside f."""
        largest, errors = abs(self.middle), []
        for h, y in zip(self.steps, values, strict=True):
            largest = max(largest, abs(y))
            own = ROUNDINGS * EPSILON * (largest + abs(self.x * (y - self.middle) / h))
            errors.append((own + self.inner_rounding) / h)
        return errors

    def _measure_rounding(self) -> None:
        """Set ``inner_rounding`` from the jumps of g, where estimates stop agreeing.

        Numbers inside f may be larger than f (x + 100 - 100): its values then move in jumps.
        """
        for _ in range(4):
            known = self.inner_rounding
            for side, values in ((1, self.above), (-1, self.below)):
                estimates = _extrapolated(self._quotients(side), self._rounding(values), power=1)
                end = _agreeing(estimates)
                if end == len(estimates):
                    continue
                trend = estimates[end // 2][0]
                jump = self._jump_between(self.x, self.x + side * self.steps[end + 1], trend)
                moved = max(abs(y - self.middle) for y in values[: end + 1])
                if moved / 10 <= jump <= LARGEST_ROUNDING * self.size:
                    self.inner_rounding = max(self.inner_rounding, 4 * jump)
            if self.inner_rounding == known:
                return

    def _jump_between(self, a: float, b: float, trend: float) -> float:
        """Return the jump of g between two neighbouring floats, 0 if g is continuous there.

        Bisection, into the half where g differs more from its ``trend``, a slope.
        """

        def off_trend(point: float) -> float:
            return self.g(point) - trend * (point - self.x)

        at_a, at_b = off_trend(a), off_trend(b)
        steepest = abs(at_b - at_a) / abs(b - a)
        for level in range(1100):
            middle = a + (b - a) / 2
            if middle in (a, b):
                break
            here = off_trend(middle)
            if abs(here - at_a) > abs(at_b - here):
                b, at_b = middle, here
            else:
                a, at_a = middle, here
            if level == 0:
                steepest = max(steepest, abs(at_b - at_a) / abs(b - a))
        jump = abs(at_b - at_a)
        return jump if jump > 8 * steepest * abs(b - a) else 0.0

    def _slope(
        self, quotients: list[float], sizes: list[float], rounding: list[float], power: int
    ) -> Slope | None:
        """Return the most precise estimate of those that agree from the smallest step upwards.

        ``sizes`` are those of the one-sided quotients: a chord may be level where g moves.
        """
        estimates = _extrapolated(quotients, rounding, power)
        agreeing = estimates[: _agreeing(estimates)]
        if not agreeing:
            return None
        changes = [abs(value - before) for (before, _), (value, _) in pairwise(agreeing)]
        errors = [
            max(error, change)
            for (_, error), change in zip(agreeing, [math.inf, *changes], strict=True)
        ]
        best = min(range(len(errors)), key=errors.__getitem__)
        value, error = agreeing[best][0] + 0.0, errors[best]  # + 0.0: never -0.0
        # Rounding in the exact gradient, too, is relative to the slopes it was added up from.
        error = max(error, ROUNDINGS * EPSILON * max(sizes[: best + 2]))
        near = [size for size, h in zip(sizes, self.steps, strict=True) if h <= self.unit]
        seen = sizes[: max(best + 2, min(len(agreeing), len(near)))]
        if all(size <= noise for size, noise in zip(seen, rounding, strict=False)):
            error = max(error, rounding[0] * self.steps[0])  # g does not move beyond its rounding
            around = self.size / self.unit
        else:
            around = max(seen)
        # No slope has to be more precise than the rounding errors of f over a unit step.
        below_rounding = error <= 2 * ROUNDINGS * EPSILON * self.size
        precise = below_rounding or error <= 1e-3 * abs(value) + 1e-9 * around
        precise = precise and self.inner_rounding <= 1e-6 * self.size
        rough = precise or error <= 0.1 * abs(value) + 1e-6 * around
        return Slope(value, error, precise, rough)


def _extrapolated(quotients: list[float], rounding: list[float], power: int) -> list[Estimate]:
    """Return an estimate for each step but the first, until a quotient is missing.

    ``power`` is that of h in the quotient's leading error.
    """
    estimates: list[Estimate] = []
    finer: list[Estimate] = []
    for quotient, noise in zip(quotients, rounding, strict=True):
        if not math.isfinite(quotient):
            break
        row, found = [(quotient, noise)], (quotient, math.inf)
        for k, (fine, fine_noise) in enumerate(finer[:ORDERS]):
            factor = 2.0 ** (power * (k + 1))
            coarse, coarse_noise = row[k]
            value = (fine * factor - coarse) / (factor - 1)
            value_noise = (fine_noise * factor + coarse_noise) / (factor - 1)
            row.append((value, value_noise))
            error = CURVATURES * max(abs(value - fine), abs(value - coarse)) + value_noise
            if error < found[1]:
                found = value, error
        if finer:
            estimates.append(found)
        finer = row
    return estimates


def _agreeing(estimates: list[Estimate]) -> int:
    """Return how many estimates, from the first, have a slope in common within their errors."""
    low, high = -math.inf, math.inf
    for k, (value, error) in enumerate(estimates):
        low, high = max(low, value - error), min(high, value + error)
        if low > high:
            return k
    return len(estimates)
