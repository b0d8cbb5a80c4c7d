"""How rows are written: by every view from the row alone, and only where the row is meant."""

import math
from typing import Any

import pytest

from autograd import (
    NoForwardRuleError,
    Picture,
    Stepper,
    Value,
    compare_algorithms,
    derivation,
    dot,
    draw,
    explain,
    formula,
    total,
    worksheet,
)
from autograd.notation import places
from autograd.operation import OPERATIONS, Domain, Operation
from tests.drawn import Drawn


def leaves() -> tuple[Value, Value, Value]:
    return Value(2.0, label="a"), Value(-3.0, label="b"), Value(10.0, label="c")


def texts(output: Value) -> tuple[str, str, str]:
    """Return the formula of a node, the title of its box, and its first display in TeX."""
    title = titles(draw(output, names={}))[-1]
    return formula(output, names={}), title, derivation(output, names={}).split("$$")[1].strip()


def titles(picture: Picture) -> list[str]:
    """Return the first line of each box, in topological order."""
    drawn = Drawn(picture)
    keys = [key for key in drawn.groups if key.startswith("v")]
    return [drawn.lines(key)[0] for key in sorted(keys, key=lambda key: int(key[1:]))]


def edges(output: Value) -> list[str]:
    """Return what stands on the edges of a picture: the local derivatives."""
    drawn = Drawn(draw(output, names={}, locals=True))
    return [line.removeprefix("∂ ") for key in drawn.keys("edge") for line in drawn.lines(key)]


def factors(output: Value) -> list[str]:
    """Return the local derivatives in TeX, in the order of the backward pass."""
    lines = derivation(output, names={}).split("## Backward pass")[1].splitlines()
    return [line.split(r"1.0 \times ")[1].split(" = ")[0] for line in lines if r"{+}=" in line]


# -- a new row -----------------------------------------------------------------------------------


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that adds a row to the table for one test."""

    def add(*columns: Any, **others: Any) -> Operation:
        row = Operation(*columns, **others)
        monkeypatch.setitem(OPERATIONS, row.name, row)
        return row

    return add


def test_a_new_row_of_three_operands_is_written_by_every_view(table: Any) -> None:
    a, b, c = leaves()
    fma = table(
        "fma",
        lambda x, y, z: x * y + z,
        lambda out, x, y, z: (y, x, 1),
        ("y", "x", "1"),
        written="x*y + z",
    )
    assert texts(fma(a, b, c)) == ("a*b + c", "a*b + c", r"v_{1} = a \cdot b + c")
    assert formula(fma(a, b + c, c) ** 2, names={}) == "(a*(b + c) + c)**2"
    assert edges(fma(a, b, c)) == ["b = −3.0", "a = 2.0", "1.0"]
    assert factors(fma(a, b, c)) == ["b", "a", "1.0"]
    first = next(iter(Stepper(fma(a, b, c), names={})))
    assert str(first) == "[1/5] forward: v1 = a*b + c = 2.0 × (-3.0) + 10.0 = 4.0"


def test_a_new_row_of_any_number_of_operands_is_written_by_every_view(table: Any) -> None:
    a, b, c = leaves()
    hypot = table(
        "hypot",
        math.hypot,
        lambda out, *xs: tuple(x / out for x in xs),
        lambda k, n: f"x{k}/out",
        meaning=lambda n: f"sqrt(sum({', '.join(f'x{k}**2' for k in range(n))}))",
    )
    in_tex = r"v_{1} = \sqrt{a^{2} + b^{2} + c^{2}}"
    assert texts(hypot(a, b, c)) == ("hypot(a, b, c)", "hypot(a, b, c)", in_tex)
    assert formula(hypot(*[a] * 8, b), names={}) == "hypot(a, a, a, …, b)"
    assert texts(hypot(*[a] * 8, b))[2] == (
        r"v_{1} = \sqrt{a^{2} + a^{2} + a^{2} + \cdots + b^{2}}"
    )
    assert edges(hypot(Value(3.0, label="x"), Value(4.0, label="y"))) == [
        "x/out = 0.6",
        "y/out = 0.8",
    ]


def test_a_new_row_may_be_called_its_own_way_in_tex(table: Any) -> None:
    a, b, c = leaves()
    clamp = table(
        "clamp",
        lambda x, y, z: min(max(x, y), z),
        lambda out, x, y, z: (1 if y < x < z else 0, 0, 0),
        ("", "", ""),
        tex=r"\left\lfloor #1 \right\rfloor_{#2}^{#3}",
    )
    in_tex = r"v_{1} = \left\lfloor a \right\rfloor_{b}^{c}"
    assert texts(clamp(a, b, c)) == ("clamp(a, b, c)", "clamp(a, b, c)", in_tex)
    assert edges(clamp(a, b, c)) == ["1.0", "0.0", "0.0"]


def test_a_new_infix_row_has_the_parentheses_it_needs(table: Any) -> None:
    a, b, c = leaves()
    rest = table("%", math.fmod, lambda out, x, y: (1, 0), ("1", "0"), written="x % y")
    assert texts(rest(a, c)) == ("a%c", "a%c", r"v_{1} = a \bmod c")
    assert formula(rest(a, rest(b, c)) + b, names={}) == "a%(b%c) + b"
    assert formula(rest(a + b, c * a), names={}) == "(a + b)%(c*a)"


def test_a_new_row_of_three_operands_may_have_a_domain(table: Any) -> None:
    share = table(
        "share",
        lambda x, y, z: x / (y + z),
        lambda out, x, y, z: (1 / (y + z), -out / (y + z), -out / (y + z)),
        ("1/(y + z)", "-out/(y + z)", "-out/(y + z)"),
        domain=Domain("{y} + {z} must not be 0", lambda x, y, z: y + z != 0),
    )
    with pytest.raises(
        ValueError,
        match=r"^share\(1\.0, b = 2\.0, -2\.0\) is undefined: b \+ operand 3 must not be 0$",
    ):
        share(Value(1.0), Value(2.0, label="b"), Value(-2.0))


def test_a_new_row_with_a_kink_gives_no_worksheet_at_it(table: Any, tmp_path: Any) -> None:
    ramp = table(
        "ramp",
        lambda x: max(x - 1, 0),
        lambda out, x: 1 if x > 1 else 0,
        ("1 if x > 1 else 0",),
        kink=lambda x: x == 1,
    )
    with pytest.raises(ValueError, match=r"^none of 300 tries .* ramp is at its kink"):
        worksheet(ramp(Value(2.0) * 0.0 + 1.0), tmp_path / "sheet.html")


# -- a one-off operation named like a row --------------------------------------------------------


def impostor(op: str, *parents: Value) -> Value:
    """Return a node named like a row that is something else: each local derivative is 7."""
    return Value(4.0, parents=parents, local_derivatives=lambda out, *xs: (7.0,) * len(xs), op=op)


@pytest.mark.parametrize(
    ("op", "in_text", "in_tex"),
    [
        ("dot", "dot(a, b)", r"\mathrm{dot}(a, b)"),
        ("total", "total(a, b)", r"\mathrm{total}(a, b)"),
        ("mean", "mean(a, b)", r"\mathrm{mean}(a, b)"),
        ("logsumexp", "logsumexp(a, b)", r"\mathrm{logsumexp}(a, b)"),
        ("+", "+(a, b)", r"{\text{+}}(a, b)"),
        ("**", "**(a, b)", r"{\ast \ast }(a, b)"),
        ("*", "*(a, b)", r"{\ast }(a, b)"),
        ("a*b", "a*b(a, b)", r"{\text{a}\ast \text{b}}(a, b)"),
        ("maximum", "maximum(a, b)", r"\mathrm{maximum}(a, b)"),
        ("neg", "neg(a)", r"\mathrm{neg}(a)"),
        ("exp", "exp(a)", r"\mathrm{exp}(a)"),
        ("expm1", "expm1(a)", r"\mathrm{expm1}(a)"),
        ("**2", "**2(a)", r"{\ast \ast \text{2}}(a)"),
    ],
)
def test_it_is_written_as_a_call_with_numbers_for_local_derivatives(
    op: str, in_text: str, in_tex: str
) -> None:
    parents = leaves()[: in_text.count(",") + 1]
    node = impostor(op, *parents)
    assert texts(node) == (in_text, in_text, f"v_{{1}} = {in_tex}")
    assert edges(node) == ["7.0"] * len(parents)
    assert factors(node) == ["7.0"] * len(parents)
    assert f"= {op}(2.0{', -3.0' * (len(parents) > 1)}) = 4.0" in repr(Stepper(node).next())


def test_its_paths_and_its_mistakes_are_told_with_its_own_numbers() -> None:
    a, b, c = leaves()
    output = impostor("dot", a, b) * c
    assert str(explain(output, a, names={})) == (
        "a → v1 → v2:  ∂v1/∂a × ∂v2/∂v1 = 7.0 × c = 7.0 × 10.0 = 70.0\n"
        "where v1 = dot(a, b), v2 = v1*c\n"
        "a.grad = 70.0"
    )
    row = str(compare_algorithms(output)).splitlines()[3]
    assert row.split() == ["v1", "=", "dot(a,", "b)", "10.0", "10.0", "10.0", "20.0", "≠"]


def test_a_worksheet_cannot_draw_numbers_for_it(tmp_path: Any) -> None:
    a, b, _ = leaves()
    with pytest.raises(NoForwardRuleError, match=r"^dot is a one-off node"):
        worksheet(impostor("dot", a, b), tmp_path / "sheet.html")


def test_it_is_not_folded_with_nodes_of_the_row() -> None:
    a, b, _ = leaves()
    rows = [dot([a], [b]) for _ in range(3)]
    folded = titles(draw(total([*rows, impostor("dot", a, b)]), fold="alike", names={}))
    assert "dot ×3" in folded
    assert "dot(a, b)" in folded


# -- letters -------------------------------------------------------------------------------------


def test_letters_stand_for_the_result_and_the_operands() -> None:
    assert places("s + out*(1 - s), s = sigmoid(x)") == {"out": 0, "x": 1}
    assert places("exp(x12 - x0 - out)") == {"x12": 13, "x0": 1, "out": 0}
    assert places("Φ(x) + max(y, z)*pi") == {"x": 1, "y": 2, "z": 3}
