"""The evaluation trace: the table of the textbooks, at the prompt, in Markdown and in TeX."""

from fractions import Fraction

import pytest

from autograd import (
    NotAGraphError,
    Value,
    checkpoint,
    detach,
    gradients,
    jvp,
    log,
    relu,
    sin,
    trace,
)
from tests.engine.random_graphs import random_graph


def survey() -> tuple[Value, Value, Value]:
    """Return the inputs and output of the example of Baydin et al. (2018), tables 2 and 3."""
    x1, x2 = Value(2.0, label="x1"), Value(5.0, label="x2")
    return x1, x2, log(x1) + x1 * x2 - sin(x2)


def test_the_numbers_are_those_of_the_survey() -> None:
    x1, x2, y = survey()
    by_name = {row.name: row for row in trace(y, wrt=x1, names={"y": y})}
    assert by_name["y"].primal == pytest.approx(11.652, abs=5e-4)
    assert (by_name["y"].tangent, by_name["x1"].adjoint) == (5.5, 5.5)
    assert by_name["x2"].adjoint == pytest.approx(1.716, abs=5e-4)
    assert trace(y, wrt=x2)[-1].tangent == by_name["x2"].adjoint
    assert by_name["x2"].tangent is None
    assert not x1.has_grad


def test_at_the_prompt_it_is_a_table() -> None:
    x1, _, y = survey()
    assert repr(trace(y, wrt=x1, names={"y": y})) == (
        "Evaluation trace of y, tangents with respect to x1\n"
        "                primal  tangent  adjoint\n"
        "x1                 2.0      1.0      5.5\n"
        "v1 = log(x1)   ≈0.6931      0.5      1.0\n"
        "x2                 5.0        –   ≈1.716\n"
        "v2 = x1*x2        10.0      5.0      1.0\n"
        "v3 = v1 + v2    ≈10.69      5.5      1.0\n"
        "v4 = sin(x2)  ≈-0.9589        –     -1.0\n"
        "y = v3 - v4     ≈11.65      5.5      1.0"
    )


def test_a_worksheet_of_it_has_blanks_for_what_is_to_be_computed() -> None:
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    blank = trace(a * b + b, wrt=a, names={}).blank
    assert str(blank) == (
        "Evaluation trace of v2, tangents with respect to a\n"
        "             primal  tangent  adjoint\n"
        "a               2.0     ____     ____\n"
        "b              -3.0        –     ____\n"
        "v1 = a*b       ____     ____     ____\n"
        "v2 = v1 + b    ____     ____     ____"
    )


def test_in_markdown_it_is_a_table_of_equations() -> None:
    a, b = Value(2.0, label="a"), Value(Fraction(1, 3), label="b")
    text = trace(a * b - b, wrt=b, names={}).markdown
    assert str(text).splitlines()[2:] == [
        "| primal | tangent ↓ | adjoint ↑ |",
        "| :-- | :-- | :-- |",
        r"| $a = 2.0$ | – | $\bar{a} = b \cdot \bar{v_{1}} \approx 0.3333$ |",
        r"| $b = \tfrac{1}{3}$ | $\dot{b} = 1$ "
        r"| $\bar{b} = -\bar{v_{2}} + a \cdot \bar{v_{1}} = 1.0$ |",
        r"| $v_{1} = a \cdot b \approx 0.6667$ | $\dot{v_{1}} = a \cdot \dot{b} = 2.0$ "
        r"| $\bar{v_{1}} = \bar{v_{2}} = 1.0$ |",
        r"| $v_{2} = v_{1} - b \approx 0.3333$ | $\dot{v_{2}} = \dot{v_{1}} - \dot{b} = 1.0$ "
        r"| $\bar{v_{2}} = 1.0$ |",
    ]


def test_in_tex_it_is_an_array() -> None:
    a = Value(2.0, label="a")
    assert str(trace(relu(a), wrt=a, names={}).tex) == (
        "\\begin{array}{lll}\n"
        "\\text{primal} & \\text{tangent} & \\text{adjoint} \\\\ \\hline\n"
        "a = 2.0 & \\dot{a} = 1.0 & \\bar{a} = \\bar{v_{1}} = 1.0 \\\\\n"
        "v_{1} = \\mathrm{relu}(a) = 2.0 & \\dot{v_{1}} = \\dot{a} = 1.0 & \\bar{v_{1}} = 1.0\n"
        "\\end{array}\n"
    )


@pytest.mark.parametrize("seed", range(20))
def test_both_ways_end_with_the_same_number(seed: int) -> None:
    leaves, output = random_graph(seed)
    for leaf, slope in zip(leaves, gradients(output, leaves), strict=True):
        if slope:
            rows = trace(output, wrt=leaf)
            (start,) = [row for row in rows if row.node is leaf]
            assert start.adjoint == slope
            assert rows[-1].tangent == pytest.approx(slope, rel=1e-10)


def test_it_may_start_within_the_graph_and_at_a_cut() -> None:
    x = Value(3.0, label="x")
    square = x * x
    assert trace(square * x, wrt=square)[-1].tangent == 3.0
    assert trace(x * detach(x), wrt=x)[-1].tangent == 3.0
    assert jvp(lambda x: x * detach(x))([3.0], [1.0])[1] == 3.0


def test_a_recompute_checkpoint_is_one_row() -> None:
    x = Value(3.0, label="x")
    rows = trace(checkpoint(lambda x: x * x * x)(x) * x, x, names={})
    assert [row.name for row in rows] == ["x", "v1", "v2"]
    assert [row.tangent for row in rows] == [1.0, 27.0, 108.0]
    assert rows[0].adjoint == 108.0


def test_tangents_are_numbers_of_the_kind_of_their_node() -> None:
    x = Value(2, label="x")
    rows = trace((x * x + x) * 0.5, x, names={})
    assert [repr(row.tangent) for row in rows] == ["1", "4", "5", "2.5"]


def test_a_wrt_that_is_no_input_is_an_error() -> None:
    x, stranger = Value(3.0), Value(1.0)
    doubled = x * 2.0
    with pytest.raises(ValueError, match="is not one of what the output depends on"):
        trace(x * x, wrt=stranger)
    with pytest.raises(ValueError, match="it depends on the output, which comes first"):
        trace(x, doubled)
    with pytest.raises(ValueError, match="is a constant"):
        trace(doubled, wrt=doubled.parents[1])
    with pytest.raises(TypeError, match=r"wrt is a Value, as in wrt=x; 3\.0 is a float"):
        trace(x * x, wrt=3.0)  # type: ignore[arg-type]
    with pytest.raises(NotAGraphError):
        trace(2.0, wrt=x)  # type: ignore[arg-type]


def test_of_a_long_trace_the_first_rows_are_shown_and_the_last() -> None:
    last = x = Value(1.0, label="x")
    for _ in range(1_000):
        last = -last
    rows = trace(last, wrt=x, names={})
    for text in (repr(rows), str(rows.blank), str(rows.markdown), str(rows.tex)):
        assert "… 901 more" in text
        assert len(text.splitlines()) <= 106
    assert r"\text{… 901 more}" in str(rows.tex)
    assert repr(rows).splitlines()[-1].startswith("v1000 = -v999")
