"""Asking for a number first: is what the student says right?"""

import math
import re
from decimal import Decimal

from autograd.graph import is_same
from autograd.numeric import Number, saturated
from autograd.text import number_of

ENOUGH = 1e-3  # relative error of a computed answer such as 0.42*0.91, typed as it was shown
AT_MOST = 0.05  # relative error of any answer: 1 is not 0.7, though 0.7 rounds to it


def is_right(answer: str, truth: Number) -> bool:
    """Tell whether ``answer`` is ``truth``, as far as it is written out.

    A literal such as ``-0.42`` is right if ``truth`` rounds to it, with its number of decimals,
    and is within 5 % of it. A product such as ``1*-3`` is computed, and right to three digits.
    Raises ExpressionError, or DomainError, for what is not a number.
    """
    answer = answer.strip().replace("−", "-").replace("×", "*").removeprefix("≈")
    if re.fullmatch(r"[-+]?(nan|inf)", answer, re.IGNORECASE):
        return is_same(float(answer), truth)
    said = number_of(answer)
    if said == truth:
        return True
    literal = re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?", answer)
    error, size = abs(saturated(said) - saturated(truth)), abs(saturated(truth))
    if not math.isfinite(error):
        return False
    if literal is None:
        return error <= ENOUGH * size
    unit = float(f"1e{Decimal(answer).as_tuple().exponent}")
    return error <= 0.5 * unit * (1 + 1e-9) and error <= AT_MOST * size
