"""The JavaScript functions of programs against the table of cases and the operations in Python.

An error is measured in units of eps × (1 + condition number). A condition beyond a million does not
excuse more: the sine of 1e300 has an accurate value too. Numbers travel as the bits of a float.
"""

import itertools
import json
import math
import os
import random
import re
import shutil
import struct
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import mpmath as mp
import pytest

import autograd
from autograd import DivisionByZeroError, DomainError
from autograd.numeric import saturated
from autograd.ops import OPERATIONS, Operation
from tests.cases import CASES, OUTSIDE, SPECIAL

LIBRARY = (Path(autograd.__file__).parent / "program" / "library" / "functions.js").read_text(
    "utf-8"
)
NODE = shutil.which("node") or shutil.which("nodejs")

WRITTEN_OUT = {*"+-*/", "neg", "pos", "detach", "total", "mean", "dot"}  # as arithmetic
FUNCTIONS = {
    "power" if name == "**" else name: row
    for name, row in OPERATIONS.items()
    if name not in WRITTEN_OUT
}
NAMES = {row: name for name, row in FUNCTIONS.items()}
POLES = {"log": 0.0, "log1p": -1.0}  # errors in Python, -Infinity in JavaScript
N_ORDERS = {"normal_density": 1, "power_log": 1, "power_partial": 2}  # last operands: whole numbers

EPS = 2.0**-52
SMALLEST = 5e-324  # where floats end, an absolute error is all that can be asked for
ACCURACY = 16  # the table promises 8 at most for one language
WORST_CONDITION = 1e6

Call = tuple[str, Sequence[float]]  # the name of a function and its operands

RUN = """
const float = (bits) => Buffer.from(bits, "hex").readDoubleBE();
const bits = (float) => Buffer.from(new Float64Array([float]).buffer).reverse().toString("hex");
const calls = JSON.parse(require("fs").readFileSync(0, "utf8"));
const called = ([name, operands]) => eval(name)(...operands.map(float));
console.log(JSON.stringify(calls.map((call) => bits(called(call)))));
"""


def javascript(calls: Sequence[Call], library: str = LIBRARY) -> list[float]:
    """Return what the functions give, from one run of Node; skips without it, as pages do."""
    if not NODE:
        assert "REQUIRE_BROWSER" not in os.environ, "node is missing"
        pytest.skip("tests of JavaScript need Node.js, as node or nodejs on the PATH")
    sent = [(name, [struct.pack(">d", x).hex() for x in operands]) for name, operands in calls]
    run = subprocess.run(
        [NODE, "-e", library + RUN],
        input=json.dumps(sent),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return [struct.unpack(">d", bytes.fromhex(bits))[0] for bits in json.loads(run.stdout)]


def python(name: str, operands: Sequence[float]) -> float:
    """Return what the row gives as a float: NaN outside its domain, and infinity at a pole."""
    try:
        return saturated(FUNCTIONS[name](*operands))
    except DivisionByZeroError:
        base, exponent = operands
        return math.copysign(math.inf, base) if exponent % 2 == 1 else math.inf
    except DomainError:
        return -math.inf if operands[0] == POLES.get(name) else math.nan


def condition(row: Operation, value: float, operands: Sequence[float]) -> float:
    """Return Σ|x ∂f/∂x| / |f| at most a million, from the rule; a derivative of NaN counts as 0."""
    slopes = row.derivatives(value, *operands)
    slopes = slopes if isinstance(slopes, tuple) else (slopes,)
    terms = [abs(x * saturated(slope)) for x, slope in zip(operands, slopes, strict=True)]
    return min(sum(term for term in terms if term == term) / abs(value), WORST_CONDITION)


def agree(name: str, operands: Sequence[float], got: float, expected: float) -> bool:
    """Tell whether two values are close; NaN, infinity and zero are so to themselves, with sign."""
    if got != got or expected != expected:
        return got != got and expected != expected
    if not expected or math.isinf(expected):
        return got == expected and math.copysign(1, got) == math.copysign(1, expected)
    size = abs(expected) * (1 + condition(FUNCTIONS[name], expected, operands))
    return abs(got - expected) <= ACCURACY * (EPS * size + SMALLEST)


def disagreements(calls: Sequence[Call], expected: Sequence[float]) -> list[Any]:
    return [
        (name, *operands, "gives", got, "and not", value)
        for (name, operands), got, value in zip(calls, javascript(calls), expected, strict=True)
        if not agree(name, operands, got, value)
    ]


def floats(operands: Sequence[Any]) -> list[float]:
    return [saturated(operand) for operand in operands]


# -- the text --------------------------------------------------------------------------------------

DECLARATION = re.compile(
    r"^(?:const|function) (?P<name>\w+)(?: = .*;|\(.*\) \{\n(?:  .*\n)+\})\n", re.MULTILINE
)
DECLARATIONS = {found["name"]: found[0] for found in DECLARATION.finditer(LIBRARY)}


def with_all_it_calls(name: str) -> str:
    """Return the declarations that a program with ``name`` holds."""
    needed = [name]
    for caller in needed:  # grows meanwhile
        words = re.findall(r"\w+", re.sub("//.*", "", DECLARATIONS[caller]))
        needed += [word for word in DECLARATIONS if word in words and word not in needed]
    return "".join(DECLARATIONS[needed_name] for needed_name in needed)


def test_every_operation_but_those_written_out_has_a_function_of_its_name() -> None:
    assert set(OPERATIONS) >= WRITTEN_OUT
    assert set(FUNCTIONS) <= set(DECLARATIONS)
    assert not (WRITTEN_OUT & set(DECLARATIONS))


def test_programs_can_cut_the_library_into_declarations() -> None:
    left = DECLARATION.sub("", LIBRARY).splitlines()
    assert [line for line in left if line and not line.startswith("//")] == []


def test_a_function_needs_only_what_its_declaration_names() -> None:
    operands = [0.5, 0.25, 1.0, 1.0]
    alone = [(f"(() => {{ {with_all_it_calls(n)} return {n}; }})()", operands) for n in FUNCTIONS]
    together = [(name, operands) for name in FUNCTIONS]
    assert javascript(alone, library="") == javascript(together)


# -- the numbers -----------------------------------------------------------------------------------


def test_functions_give_the_literals_of_the_table() -> None:
    points = [(case.operation, *point) for case in CASES for point in case.points]
    points += [(row.operation, row.operands, row.value) for row in SPECIAL]
    calls, expected = [], []
    for row, operands, value in points:
        if row in NAMES:
            calls.append((NAMES[row], floats(operands)))
            sign = saturated(row(*operands))  # of a zero: the literals leave it open
            expected.append(saturated(value or math.copysign(0.0, sign)))
    assert disagreements(calls, expected) == []


def test_outside_a_domain_a_function_is_nan_and_infinite_at_a_pole() -> None:
    calls = [(NAMES[row], floats(operands)) for row, operands, _ in OUTSIDE if row in NAMES]
    for (name, operands), got in zip(calls, javascript(calls), strict=True):
        at_a_pole = operands == [POLES.get(name)] or (name == "power" and operands[0] == 0)
        assert math.isinf(got) if at_a_pole else math.isnan(got), (name, operands)


def is_lost_in_python(name: str, operands: Sequence[float]) -> bool:
    """Tell whether it is a derivative of order 0 at (-1)**NaN: 1 in Python, NaN in JavaScript."""
    x, y, *orders = [*operands, 0.0]
    return name in {"power_log", "power_partial"} and x == -1 and y != y and not any(orders)


def test_functions_agree_with_python_at_zeros_infinities_and_nan() -> None:
    tiny, huge = 1e-310, 1e308
    numbers = [0.0, 0.5, 1.0, 2.0, 3.0, tiny, huge, math.inf]
    numbers = [*numbers, *(-x for x in numbers), math.nan]
    calls = []
    for name, row in FUNCTIONS.items():
        n_orders = N_ORDERS.get(name, 0)
        operands = [numbers] * ((row.arity or 3) - n_orders) + [[0.0, 1.0, 2.0, 3.0]] * n_orders
        calls += [(name, point) for point in itertools.product(*operands)]
    calls = [call for call in calls if not is_lost_in_python(*call)]
    assert disagreements(calls, [python(*call) for call in calls]) == []


def any_float(rng: random.Random) -> float:
    size = rng.choice([rng.uniform(0, 4), rng.uniform(0, 750), 10 ** rng.uniform(-308, 308)])
    return rng.choice([-1, 1]) * size


def test_functions_agree_with_python_at_floats_of_all_magnitudes() -> None:
    rng = random.Random(1)
    calls = []
    for name, row in FUNCTIONS.items():
        n_orders = N_ORDERS.get(name, 0)
        for _ in range(400):
            n_operands = (row.arity or rng.randint(2, 6)) - n_orders
            orders = [float(rng.randint(0, 4)) for _ in range(n_orders)]
            calls.append((name, [*(any_float(rng) for _ in range(n_operands)), *orders]))
    assert disagreements(calls, [python(*call) for call in calls]) == []


@pytest.mark.parametrize(("name", "reference"), [("erf", mp.erf), ("erfc", mp.erfc)])
def test_error_functions_agree_with_mpmath(name: str, reference: Any) -> None:
    points = [x / 64 for x in range(-64 * 7, 64 * 28)] + [10.0**-k for k in range(300)]
    for x, got in zip(points, javascript([(name, [x]) for x in points]), strict=True):
        expected = reference(mp.mpf(x))
        slope = 2 * mp.exp(-(mp.mpf(x) ** 2)) / mp.sqrt(mp.pi)
        assert abs(got - expected) <= 8 * (EPS * (abs(expected) + abs(x) * slope) + SMALLEST), x
