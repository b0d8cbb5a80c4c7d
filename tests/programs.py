"""Random expression graphs as programs, run on Values and on dual numbers."""

import math
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

import autograd


@dataclass
class Dual:
    """A number and its derivative along one input: x + x'ε with ε² = 0 (Clifford, 1873)."""

    real: Any
    slope: Any

    def __add__(self, other: "Dual") -> "Dual":
        return Dual(self.real + other.real, self.slope + other.slope)

    def __sub__(self, other: "Dual") -> "Dual":
        return Dual(self.real - other.real, self.slope - other.slope)

    def __mul__(self, other: "Dual") -> "Dual":
        return Dual(self.real * other.real, self.slope * other.real + self.real * other.slope)

    def __truediv__(self, other: "Dual") -> "Dual":
        quotient = self.real / other.real
        return Dual(quotient, (self.slope - quotient * other.slope) / other.real)

    def __neg__(self) -> "Dual":
        return Dual(-self.real, -self.slope)


DUAL_FUNCTIONS = {
    "tanh": lambda x: Dual(math.tanh(x.real), x.slope * (1 - math.tanh(x.real) ** 2)),
    "sin": lambda x: Dual(math.sin(x.real), x.slope * math.cos(x.real)),
    "exp_of_sin": lambda x: Dual(
        math.exp(math.sin(x.real)), x.slope * math.cos(x.real) * math.exp(math.sin(x.real))
    ),
    "relu": lambda x: Dual(max(x.real, 0.0), x.slope if x.real > 0 else 0.0),
    "log_of_square": lambda x: Dual(
        math.log(x.real**2 + 1), x.slope * 2 * x.real / (x.real**2 + 1)
    ),
}


VALUE_FUNCTIONS = {
    "tanh": autograd.tanh,
    "sin": autograd.sin,
    "exp_of_sin": lambda x: autograd.exp(autograd.sin(x)),
    "relu": autograd.relu,
    "log_of_square": lambda x: autograd.log(x**2 + 1),
}


# A program is a list of instructions, each on results of earlier ones, so that graphs fan out.
Instruction = tuple[str, int, int]


instructions = st.tuples(
    st.sampled_from(["+", "-", "*", "/", "neg", *DUAL_FUNCTIONS]),
    st.integers(0, 100),
    st.integers(0, 100),
)


programs = st.lists(instructions, min_size=1, max_size=25)


exact_programs = st.lists(
    st.tuples(st.sampled_from(["+", "-", "*", "neg"]), st.integers(0, 100), st.integers(0, 100)),
    min_size=1,
    max_size=12,
)


fractions = st.lists(st.fractions(-2, 2, max_denominator=9), min_size=2, max_size=3)
points = st.lists(st.floats(-2, 2), min_size=2, max_size=3)


def run(program: list[Instruction], inputs: list[Any], functions: dict[str, Any]) -> Any:
    """Run the program on duals or Values; ``x / y`` is x / (y² + 1), which is always defined."""
    results = list(inputs)
    for name, i, j in program:
        x, y = results[i % len(results)], results[j % len(results)]
        match name:
            case "+":
                results.append(x + y)
            case "-":
                results.append(x - y)
            case "*":
                results.append(x * y)
            case "/":
                one = Dual(1.0, 0.0) if isinstance(y, Dual) else 1.0
                results.append(x / (y * y + one))
            case "neg":
                results.append(-x)
            case _:
                results.append(functions[name](x))
    return results[-1]


def is_the_same(number, wanted):
    """Tell whether two numbers are the same bit for bit, and of the same type."""
    if type(number) is not type(wanted):
        return False
    if not isinstance(number, float):
        return number == wanted
    both_nan = number != number and wanted != wanted
    return both_nan or (number == wanted and math.copysign(1, number) == math.copysign(1, wanted))
