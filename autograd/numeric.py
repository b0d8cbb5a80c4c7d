"""Which plain numbers are allowed, and how they are shown and turned into floats."""

import math
from fractions import Fraction
from numbers import Real
from operator import index

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
    if isinstance(candidate, type):
        name, hint = "class", f"call it, as in {candidate.__name__}(2.0)"
    elif isinstance(candidate, list | tuple) and hasattr(next(iter(candidate), 0), "parents"):
        hint = "take its Values one by one, as in [tanh(v) for v in values]"
    elif hasattr(candidate, "record_operation"):
        hint = "write v.data for its number"
    elif name == "Value":
        name, hint = f"{kind.__module__}.Value", "it belongs to another engine; write v.data"
    elif hasattr(candidate, "__array__"):
        hint = "a Value holds one number: write [v * x for x in array]"
    told = f"{shortened(repr(candidate))} is a {name}, not a number; {hint}"
    raise TypeError(told) from None  # without the errors of what was tried before


def whole_number(name: str, candidate: object, *, least: int, most: int | None = None) -> int:
    """Return a whole number, NumPy's too, as an int if it is from ``least`` to ``most``.

    Raises ``ValueError``, with ``name`` and what was given, for anything else.
    """
    try:
        number = None if isinstance(candidate, bool) else index(candidate)  # type: ignore[arg-type]
    except TypeError:
        number = None
    if number is None or number < least or (most is not None and number > most):
        given = repr(candidate) if number is None else shown(number)
        limits = f"from {least}" if most is None else f"from {least} to {most}"
        raise ValueError(f"{name} = {shortened(given)}: it must be a whole number {limits}")
    return number


def shown(number: Number) -> str:
    """Return ``number`` as text, also where Python refuses, past 4,300 digits."""
    try:
        return str(number)
    except ValueError:
        assert not isinstance(number, float)
        digits = math.log10(abs(number.numerator)) - math.log10(number.denominator)
        return f"{'-' if number < 0 else ''}10**{digits:.0f} or so"


def shortened(text: str, limit: int = 60) -> str:
    """Return ``text``, cut to ``limit`` characters of which the last is then an ellipsis."""
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
