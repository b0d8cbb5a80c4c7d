"""A step in words: the arithmetic of the chain rule."""

import math
from fractions import Fraction

import pytest

from autograd import (
    Stepper,
    Value,
    dot,
    elu,
    gelu,
    leaky_relu,
    logsumexp,
    maximum,
    mean,
    minimum,
    relu,
    silu,
    tanh,
    total,
)
from tests.graphs import graph
from tests.steps import STEPS, inf, nan, stepper, texts


def test_each_step_is_the_arithmetic_of_the_chain_rule():
    assert texts(graph()[-1]) == STEPS


def x_and_y(x=2.0, y=-3.0):
    return Value(x, label="x"), Value(y, label="y")


@pytest.mark.parametrize(
    ("make", "line"),
    [
        (lambda x, y: x - y, "v1 = x - y = 2.0 - (-3.0) = 5.0"),
        (lambda x, y: y - x, "v1 = y - x = -3.0 - 2.0 = -5.0"),
        (lambda x, y: y * x, "v1 = y*x = (-3.0) × 2.0 = -6.0"),
        (lambda x, y: x / y, "v1 = x/y = 2.0/(-3.0) ≈ -0.6667"),
        (lambda x, y: y**2, "v1 = y**2 = (-3.0)**2 = 9.0"),
        (lambda x, y: -x, "v1 = -x = -2.0"),
        (lambda x, y: -y, "v1 = -y = -(-3.0) = 3.0"),
        (lambda x, y: tanh(x), "v1 = tanh(x) = tanh(2.0) ≈ 0.964"),
        (lambda x, y: 2 * x, "v1 = 2*x = 2 × 2.0 = 4.0"),
        (lambda x, y: x / 3, "v1 = x/3 = 2.0/3 ≈ 0.6667"),
        (lambda x, y: total([x, y, 1]), "v1 = x + y + 1 = 2.0 + (-3.0) + 1 = 0.0"),
        (lambda x, y: mean([x, y]), "v1 = mean([x, y]) = mean([2.0, -3.0]) = -0.5"),
        (
            lambda x, y: dot([x, y], [3, 4], 1),
            "v1 = x*3 + y*4 + 1 = 2.0 × 3 + (-3.0) × 4 + 1 = -5.0",
        ),
        (lambda x, y: total([x] * 30), "v1 = x + x + x + … + x = 2.0 + 2.0 + 2.0 + … + 2.0 = 60.0"),
        (lambda x, y: x * Fraction(1, 3), "v1 = x*(1/3) = 2.0 × (1/3) ≈ 0.6667"),
    ],
)
def test_a_forward_step_shows_formula_numbers_and_result(make, line):
    steps = texts(make(*x_and_y()))
    assert steps[0] == f"[1/{len(steps)}] forward: {line}"


@pytest.mark.parametrize(
    ("make", "arithmetic"),
    [
        (lambda x, y: x - y, "= 1.0 × (-1.0) = -1.0"),
        (lambda x, y: -y, "= 1.0 × (-1.0) = -1.0"),
        (lambda x, y: y**2, "= 1.0 × (2*y) = 1.0 × (-6.0) = -6.0"),
        (lambda x, y: x / y, "= 1.0 × (-v1/y) ≈ 1.0 × (-0.2222) ≈ -0.2222"),
        (lambda x, y: 3 / y, "= 1.0 × (-v1/y) ≈ 1.0 × (-0.3333) ≈ -0.3333"),
        (lambda x, y: y.exp(), "= 1.0 × v1 ≈ 1.0 × 0.04979 ≈ 0.04979"),
        (lambda x, y: y.cos(), "= 1.0 × (-sin(y)) ≈ 1.0 × 0.1411 ≈ 0.1411"),
        (lambda x, y: relu(y), "= 1.0 × (1 if y > 0 else 0) = 1.0 × 0.0 = 0.0"),
        (lambda x, y: silu(y), "≈ 1.0 × (-0.0881) ≈ -0.0881"),
        (lambda x, y: gelu(y), "= 1.0 × (Φ(y) + y*φ(y)) ≈ 1.0 × (-0.01195) ≈ -0.01195"),
        (lambda x, y: mean([x, y]), "= 1.0 × 0.5 = 0.5"),
        (lambda x, y: dot([x], [y]), "= 1.0 × x = 1.0 × 2.0 = 2.0"),
        (lambda x, y: dot([4], [y]), "= 1.0 × 4.0 = 4.0"),
        (lambda x, y: logsumexp([x, y]), "= 1.0 × exp(y - v1) ≈ 1.0 × 0.006693 ≈ 0.006693"),
        (maximum, "= 1.0 × (1 if y > x else 0) = 1.0 × 0.0 = 0.0"),
        (lambda x, y: maximum(y, -3.0), "= 1.0 × 0.5 = 0.5"),
        (lambda x, y: leaky_relu(y), "= 1.0 × (1 if y > 0 else 0.01) = 1.0 × 0.01 = 0.01"),
        (lambda x, y: elu(y), "= 1.0 × (1 if y > 0 else 1.0*exp(y)) ≈ 1.0 × 0.04979 ≈ 0.04979"),
    ],
)
def test_a_backward_step_shows_the_local_derivative_as_formula_and_number(make, arithmetic):
    assert texts(make(*x_and_y()))[-1].split("\n")[1] == (
        f"  y.grad += v1.grad × ∂v1/∂y {arithmetic}"
    )


def test_what_is_rounded_is_said_to_be_about():
    x = Value(1 / 3, label="x")
    assert texts(x * 3.0)[0] == "[1/3] forward: v1 = x*3.0 ≈ 0.3333 × 3.0 ≈ 1.0"
    assert texts(x * 3.0 / 3)[-1].split("\n")[1].endswith("∂v1/∂x ≈ 0.3333 × 3.0 ≈ 1.0")


@pytest.mark.parametrize(
    ("make", "line"),
    [
        (lambda x, y: relu(x), "relu(x) ≈ relu(-0.3333) = 0.0"),
        (lambda x, y: relu(-x), "relu(v1) ≈ relu(0.3333) ≈ 0.3333"),
        (maximum, "maximum(x, y) ≈ maximum(-0.3333, 2.0) = 2.0"),
        (minimum, "minimum(x, y) ≈ minimum(-0.3333, 2.0) ≈ -0.3333"),
        (lambda x, y: abs(x), "abs(x) ≈ abs(-0.3333) ≈ 0.3333"),
        (lambda x, y: x * 0.0, "x*0.0 ≈ (-0.3333) × 0.0 = 0.0"),
        (lambda x, y: x - x, "x - x ≈ -0.3333 - (-0.3333) ≈ 0.0"),
    ],
)
def test_a_result_that_rounded_operands_cannot_change_is_exact(make, line):
    x, y = Value(-1 / 3, label="x"), Value(2.0, label="y")
    forward = [step for step in texts(make(x, y)) if "forward" in step]
    assert forward[-1].split(" = ", 1)[1] == line


def test_a_contribution_of_nothing_is_exact():
    x = Value(-1 / 3, label="x")
    y = relu(x) * x
    assert (
        "x.grad += v1.grad × ∂v1/∂x ≈ (-0.3333) × (1 if x > 0 else 0) ≈ (-0.3333) × 0.0 = 0.0"
        in (texts(y)[-1])
    )


def test_digits_are_those_asked_for():
    x = Value(1 / 3, label="x")
    assert texts(x * x, digits=2)[0] == "[1/4] forward: v1 = x*x ≈ 0.33 × 0.33 ≈ 0.11"


def test_fractions_stay_fractions():
    third = Value(Fraction(1, 3), label="x")
    assert texts(third * -third)[-1].split("\n")[1:] == [
        "  x.grad += v1.grad × ∂v1/∂x = (1/3) × (-1) = -1/3",
        "  x.grad: -1/3 → -2/3",
    ]


def test_a_seed_other_than_one_is_named():
    assert texts(graph()[-1], seed=-2)[2] == "[3/7] backward: d.grad = seed = -2.0"


def test_an_operand_used_twice_says_which():
    x = Value(3.0, label="x")
    titles = [step.told.title for step in Stepper(x * x, names={})][2:]
    assert titles == ["v1 = x*x → x (operand 1 of 2)", "v1 = x*x → x (operand 2 of 2)"]


def test_a_long_formula_is_only_named():
    x = [Value(1.0, label=f"a_rather_long_label_{k}") for k in range(4)]
    assert texts(total(x))[0] == "[1/6] forward: v1 = total = 1.0 + 1.0 + 1.0 + 1.0 = 4.0"


def test_a_one_off_operation_shows_its_name_and_its_number():
    x = Value(2.0, label="x")
    cube = Value(8.0, parents=(x,), local_derivatives=lambda out, x: 3 * x * x, op="cu\nbe\x1b[2J")
    forward, _, backward = texts(cube)
    assert forward == "[1/3] forward: v1 = cu be\ufffd[2J(x) = cu be\ufffd[2J(2.0) = 8.0"
    assert backward.split("\n")[1] == "  x.grad += v1.grad × ∂v1/∂x = 1.0 × 12.0 = 12.0"


def test_a_leaf_alone_is_one_step():
    assert texts(Value(3.0, label="x")) == ["[1/1] backward: x.grad = ∂x/∂x = 1.0"]


@pytest.mark.parametrize(
    ("x", "y", "line"),
    [
        (inf, 2.0, "x*y = inf × 2.0 = inf"),
        (nan, 2.0, "x*y = nan × 2.0 = nan"),
        (1e-5, 2.0, "x*y = 1e-05 × 2.0 = 2e-05"),
        (10**400, 10, "x*y = 1e+400 × 10 = 1e+401"),
        (-0.0, 2.0, "x*y = 0.0 × 2.0 = 0.0"),
    ],
)
def test_numbers_of_every_size_are_shown(x, y, line):
    assert texts(math.prod(x_and_y(x, y), start=Value(1)))[1].endswith(line.split(" ", 1)[1])


def test_a_step_knows_its_event_and_its_number():
    step = stepper().goto(6)
    assert (step.number, step.count, step.event.kind) == (6, 7, "backward")
    assert (step.event.upstream, step.event.local, step.event.contribution) == (1.0, -3.0, -3.0)
    assert step.headline == STEPS[5].split("\n")[0]
