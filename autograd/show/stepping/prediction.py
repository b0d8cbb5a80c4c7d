"""Asking for a number first: is the answer right, and if not, what was likely meant?

Pages ask too: show/pages/graph/prediction.js finds the same in the same numbers. Kinds of question
are those of events, which ask for the data, the seed and the contribution, and "total", which asks
for the gradient after the contribution.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from autograd.errors import DomainError, ExpressionError
from autograd.graph import is_same
from autograd.numeric import Number, saturated
from autograd.text import number_of, variables_of
from autograd.wording import word

ENOUGH = 1e-3  # relative error of a computed answer such as 0.42*0.91, typed as it was shown
AT_MOST = 0.05  # relative error of any answer: 1 is not 0.7, though 0.7 rounds to it

ASKED = {
    "forward": "result", "seed": "after", "backward": "contribution", "total": "after",
    "tangent seed": "after", "tangent": "contribution",
}  # fmt: skip
VERDICTS = (
    "predicted", "mispredicted", "not a prediction", "said local", "said upstream", "said total",
    "said contribution", "said gradient before", "said sign", "added factors", "said operand",
    "said sum", "said product", "said difference", "said quotient", "left out last", "seed is one",
    "rounded too far", "nearly",
)  # fmt: skip


class _Answer(NamedTuple):
    """A number as it was typed: how far from the truth may it be?

    ``half_unit`` is that of the last figure that was written, None where nothing was rounded.
    """

    number: Number
    half_unit: float | None

    def is_right(self, truth: Number) -> bool:
        if self.number == truth or is_same(self.number, truth):
            return True
        error, size = self._error(truth), abs(saturated(truth))
        if not math.isfinite(error):
            return False
        if self.half_unit is None:
            return error <= ENOUGH * size
        return error <= self.half_unit and error <= AT_MOST * size

    def is_coarse(self, truth: Number) -> bool:
        return self.half_unit is not None and self._error(truth) <= self.half_unit < math.inf

    def is_near(self, truth: Number) -> bool:
        return self._error(truth) <= AT_MOST * abs(saturated(truth)) < math.inf

    def _error(self, truth: Number) -> float:
        return abs(saturated(self.number) - saturated(truth))


def _read(typed: str) -> _Answer:
    typed = typed.strip().replace("−", "-").replace("×", "*").removeprefix("≈")
    if re.fullmatch(r"[-+]?(nan|inf)", typed, re.IGNORECASE):
        return _Answer(float(typed), None)
    number = number_of(typed)
    if not re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?", typed):
        return _Answer(number, None)
    unit = float(f"1e{Decimal(typed).as_tuple().exponent}")
    return _Answer(number, 0.5 * unit * (1 + 1e-9))


def answers_from(predict: object) -> list[str]:
    """Return the answers of a list as they would be typed, "" for None, which is no answer.

    Raises TypeError for what is not a list, ExpressionError for an answer that is not a number.
    """
    if not isinstance(predict, list | tuple):
        raise TypeError(
            "predict is True, to be asked, or a list of answers such as ['-6', '1*-2'], and not "
            f"{predict!r:.60}"
        )
    answers = ["" if answer is None else str(answer).strip() for answer in predict]
    for k, answer in enumerate(answers):
        try:
            _read(answer or "0")
        except (ExpressionError, DomainError) as error:
            named = variables_of(answer)
            reason = f"{answer!r:.40} has the name {named[0]} in it" if named else error
            raise ExpressionError(f"predict[{k}] is not a number: {reason}") from error
    return answers


def is_right(answer: str, truth: Number) -> bool:
    """Tell whether ``answer`` is ``truth``, as far as it is written out.

    A literal such as ``-0.42`` is right if ``truth`` rounds to it, with its number of decimals,
    and is within 5 % of it. A product such as ``1*-3`` is computed, and right to three digits.
    Raises ExpressionError, or DomainError, for what is not a number.
    """
    return _read(answer).is_right(truth)


def diagnose(kind: str, numbers: Mapping[str, Number], answer: str) -> str:
    """Return the key of the word for an answer: right, not a number, or the likeliest mistake.

    ``numbers`` are those of the event by their names in sentences. What comes to the same as the
    truth is right; of two mistakes that do, the first in the list counts.
    """
    try:
        said = _read(answer)
    except (ExpressionError, DomainError):
        return "not a prediction"
    truth = numbers[ASKED[kind]]
    if said.is_right(truth):
        return "predicted"
    floats = {name: saturated(number) for name, number in numbers.items()}
    for key, mistaken in _mistakes(kind, floats):
        if mistaken and math.isfinite(mistaken) and said.is_right(mistaken):
            return key
    if "seed" in kind and truth == 1:
        return f"{kind} is one"
    if said.is_coarse(truth):
        return "rounded too far"
    return "nearly" if said.is_near(truth) else "mispredicted"


def _mistakes(kind: str, numbers: Mapping[str, float]) -> Iterator[tuple[str, float]]:
    """Yield what a wrong answer may be, the likeliest first; zeros say nothing."""
    if kind == "tangent":
        yield "said local in forward mode", numbers["local"]
        yield "said tangent of parent", numbers["upstream"]
        yield "said tangent after", numbers["after"]
        yield "said sign", -numbers["contribution"]
    elif kind == "backward":
        yield "said local", numbers["local"]
        yield "said upstream", numbers["upstream"]
        yield "said total", numbers["after"]
        yield "said sign", -numbers["contribution"]
        yield "added factors", numbers["upstream"] + numbers["local"]
        yield "said gradient before", numbers["before"]
    elif kind == "total":
        yield "said contribution", numbers["contribution"]
        yield "said gradient before", numbers["before"]
        yield "said sign", -numbers["after"]
        yield "said difference", numbers["before"] - numbers["contribution"]
    elif kind == "forward":
        yield "said sign", -numbers["result"]
        operands = [number for name, number in numbers.items() if name != "result"]
        yield from (("said operand", number) for number in operands)
        yield from _other_operations(operands, numbers["result"])


def _other_operations(operands: list[float], result: float) -> Iterator[tuple[str, float]]:
    if len(operands) == 2:
        x, y = operands
        yield "said sum", x + y
        yield "said product", x * y
        yield "said difference", x - y
        yield "said difference", y - x
        yield "said quotient", x / y if y else math.nan
        yield "said quotient", y / x if x else math.nan
    elif operands:
        yield "left out last", result - operands[-1]


def judged(verdict: str, typed: str) -> str:
    """Return a verdict of ``diagnose`` in words."""
    if verdict in ("predicted", "mispredicted", "not a prediction"):
        return word(verdict, answer=typed)
    return word("diagnosed", answer=typed, mistake=word(verdict))


class Score:
    """How many of the numbers asked for were said right; of several answers the first counts."""

    def __init__(self) -> None:
        self.verdicts: dict[int, str] = {}  # by the number of the step

    def count(self, step: int, verdict: str) -> None:
        self.verdicts.setdefault(step, verdict)

    def told(self) -> str:
        """Return the score in words, with the mistake that was made most; "" without answers."""
        if not self.verdicts:
            return ""
        counts = Counter(self.verdicts.values())
        right, asked = counts.pop("predicted", 0), len(self.verdicts)
        counts.pop("mispredicted", 0)
        text = word("score", right=right, asked=asked)
        for verdict, times in counts.most_common(1):
            if times > 1:
                text += word("most often", times=times, mistake=word(verdict))
        return text
