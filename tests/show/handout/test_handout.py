"""derivation: the passes as a hand-out in Markdown, in TeX that other programs typeset."""

import math
import re
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from matplotlib.mathtext import MathTextParser

from autograd import (
    NotAGraphError,
    Value,
    derivation,
    dot,
    gradients,
    logsumexp,
    maximum,
    mean,
    tanh,
    total,
)
from autograd.show.handout.tex import tex_name, tex_names, tex_number
from nn import MLP, mse_loss
from tests.cases import CASES
from tests.drawn import LABELS, NASTY
from tests.programs import VALUE_FUNCTIONS, Instruction, points, programs, run


def graph():
    """Return a = 2, b = -3, c = a*b, d = c + a."""
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    c = a * b
    d = c + a
    c.label, d.label = "c", "d"
    return a, b, c, d


HANDOUT = r"""# The gradients of $d$, step by step

$$
d = a \cdot b + a
$$

## Forward pass

$$
\begin{aligned}
c &= a \cdot b = 2.0 \times (-3.0) = -6.0 \cr
d &= c + a = -6.0 + 2.0 = -4.0
\end{aligned}
$$

## Backward pass

Each contribution is upstream gradient × local derivative; the gradient of a node, $\overline{v} = \frac{\partial d}{\partial v}$, is the sum of its contributions.

$$
\begin{aligned}
\overline{d} &= \frac{\partial d}{\partial d} = 1.0 \cr
\overline{c} &\mathrel{+}= \overline{d} \cdot \frac{\partial d}{\partial c} = 1.0 \times 1.0 = 1.0 \cr
\overline{a} &\mathrel{+}= \overline{d} \cdot \frac{\partial d}{\partial a} = 1.0 \times 1.0 = 1.0 \cr
\overline{a} &\mathrel{+}= \overline{c} \cdot \frac{\partial c}{\partial a} = 1.0 \times b = 1.0 \times (-3.0) = -3.0 \cr
\overline{a} &= 1.0 + (-3.0) = -2.0 \cr
\overline{b} &\mathrel{+}= \overline{c} \cdot \frac{\partial c}{\partial b} = 1.0 \times a = 1.0 \times 2.0 = 2.0
\end{aligned}
$$

## Gradients

| node | data | grad |
| :-- | --: | --: |
| $a$ | $2.0$ | $-2.0$ |
| $b$ | $-3.0$ | $2.0$ |
| $c$ | $-6.0$ | $1.0$ |
| $d$ | $-4.0$ | $1.0$ |
"""  # noqa: E501


def written(output, **options):
    return derivation(output, **{"names": {}, **options})


def displays(text):
    """Return the displayed formulas."""
    return re.findall(r"^\$\$\n(.*?)\n\$\$$", text, re.DOTALL | re.MULTILINE)


def rows(text):
    """Return the rows of the displays with several."""
    inside = r"\\begin{aligned}\n(.*?)\n\\end{aligned}"
    return [row for block in re.findall(inside, text, re.DOTALL) for row in block.split(" \\cr\n")]


def cells(text):
    """Return the cells of the table, without their dollars."""
    table = [line for line in text.splitlines() if line.startswith("| $")]
    return [[cell.strip("$") for cell in line.strip("| ").split(" | ")] for line in table]


# -- the whole ---------------------------------------------------------------------------------


def test_a_handout_has_the_expression_both_passes_and_all_gradients():
    assert written(graph()[-1]) == HANDOUT


def test_at_the_prompt_it_reads_as_it_is():
    assert repr(written(graph()[-1])) == HANDOUT


def test_nodes_are_called_by_the_callers_variables():
    p, q = Value(2.0), Value(3.0)
    r = p * q
    assert rows(derivation(r))[0] == r"r &= p \cdot q = 2.0 \times 3.0 = 6.0"


def test_names_given_come_first():
    x = Value(2.0, label="label")
    assert cells(written(x * 2, names={"g": x}))[0] == ["g", "2.0", "2.0"]


def test_a_leaf_alone_has_no_forward_pass():
    text = written(Value(3.0, label="x"))
    assert "Forward pass" not in text
    assert rows(text) == [r"\overline{x} &= \frac{\partial x}{\partial x} = 1.0"]


def test_the_expression_names_what_is_used_twice_and_what_is_long():
    a, b = Value(2.0, label="a"), Value(3.0, label="b")
    c = a + b
    assert displays(written(tanh(c * c) / b))[0] == r"v_{4} = \frac{\tanh(v_{1} \cdot v_{1})}{b}"
    for _ in range(100):
        a = a * b
    assert re.fullmatch(r"v_\{100} = v_\{\d+}( \\cdot b)+", displays(written(a))[0])


def test_no_gradient_is_touched():
    nodes = graph()
    nodes[0].grad = 17.0
    assert written(nodes[-1]) == HANDOUT
    assert [node.grad for node in nodes] == [17.0, 0.0, 0.0, 0.0]
    assert not any(hasattr(node, "upstream") for node in nodes)


def test_the_numbers_are_those_the_forward_pass_saw():
    nodes = graph()
    nodes[0].data = 100.0
    said = (
        "This is the forward pass that ran: a = 2.0, edited to 100.0; refresh(output) runs it "
        "again.\n\n"
    )
    assert said in written(nodes[-1])
    assert written(nodes[-1]).replace(said, "") == HANDOUT


def test_digits_are_those_asked_for():
    text = written(Value(1 / 3, label="x") * 2.0, digits=2)
    assert rows(text)[0] == r"v_{1} &= x \cdot 2.0 \approx 0.33 \times 2.0 \approx 0.67"
    assert cells(text)[0] == ["x", r"\approx 0.33", "2.0"]


@pytest.mark.parametrize("output", [3.0, None, [Value(1.0)]])
def test_what_is_no_value_is_refused(output):
    with pytest.raises(NotAGraphError, match="is not a node of a graph"):
        derivation(output)


def test_digits_that_cannot_be_shown_are_refused():
    with pytest.raises(ValueError, match="digits = 0: it must be a whole number from 1 to 17"):
        written(Value(1.0), digits=0)


# -- formulas ----------------------------------------------------------------------------------


def forward_and_backward(output):
    """Return what the forward row says behind the name, and the backward row behind ∂out/∂y."""
    forward, *_, backward = rows(written(output))
    return forward.split("&= ")[1], backward.split(r"}{\partial y} ")[-1]


X, Y = Value(2.0, label="x"), Value(-3.0, label="y")


@pytest.mark.parametrize(
    ("output", "forward", "backward"),
    [
        (X + Y, r"x + y = 2.0 + (-3.0) = -1.0", r"= 1.0 \times 1.0 = 1.0"),
        (X - Y, r"x - y = 2.0 - (-3.0) = 5.0", r"= 1.0 \times (-1.0) = -1.0"),
        (
            X / Y,
            r"\frac{x}{y} = \frac{2.0}{-3.0} \approx -0.6667",
            r"= 1.0 \times \left(-\frac{v_{1}}{y}\right) \approx 1.0 \times (-0.2222) "
            r"\approx -0.2222",
        ),
        (1 / Y, r"\frac{1}{y} = \frac{1}{-3.0} \approx -0.3333", None),
        (Y / 2, r"\frac{y}{2} = \frac{-3.0}{2} = -1.5", r"= 1.0 \times 0.5 = 0.5"),
        (-Y, r"-y = -(-3.0) = 3.0", r"= 1.0 \times (-1.0) = -1.0"),
        (-X, r"-x = -2.0", None),
        (+Y, r"+y = +(-3.0) = -3.0", r"= 1.0 \times 1.0 = 1.0"),
        (
            Y**3,
            r"y^{3} = (-3.0)^{3} = -27.0",
            r"= 1.0 \times (3 \cdot y^{2}) = 1.0 \times 27.0 = 27.0",
        ),
        (
            Y**-1,
            r"y^{-1} = (-3.0)^{-1} \approx -0.3333",
            r"= 1.0 \times ((-1) \cdot y^{-2}) \approx 1.0 \times (-0.1111) \approx -0.1111",
        ),
        (
            X**Y,
            r"x^{y} = 2.0^{-3.0} = 0.125",
            r"= 1.0 \times (v_{1} \cdot \log(x)) \approx 1.0 \times 0.08664 \approx 0.08664",
        ),
        (
            Y.exp(),
            r"e^{y} = e^{-3.0} \approx 0.04979",
            r"= 1.0 \times v_{1} \approx 1.0 \times 0.04979 \approx 0.04979",
        ),
        (Y.expm1(), r"e^{y} - 1 = e^{-3.0} - 1 \approx -0.9502", None),
        (
            Y.cos(),
            r"\cos(y) = \cos(-3.0) \approx -0.99",
            r"= 1.0 \times (-\sin(y)) \approx 1.0 \times 0.1411 \approx 0.1411",
        ),
        (
            Y.atan(),
            r"\arctan(y) = \arctan(-3.0) \approx -1.249",
            r"= 1.0 \times \frac{1}{1 + y^{2}} = 1.0 \times 0.1 = 0.1",
        ),
        (
            abs(Y),
            r"{\left\vert y \right\vert} = {\left\vert -3.0 \right\vert} = 3.0",
            r"= 1.0 \times \mathrm{sign}(y) = 1.0 \times (-1.0) = -1.0",
        ),
        (
            Y.relu(),
            r"\mathrm{relu}(y) = \mathrm{relu}(-3.0) = 0.0",
            r"= 1.0 \times \left(\begin{cases} 1 & \text{if } y > 0 \cr 0 & \text{otherwise} "
            r"\end{cases}\right) = 1.0 \times 0.0 = 0.0",
        ),
        (
            Y.leaky_relu(),
            r"{\text{leaky relu}}(y, 0.01) = {\text{leaky relu}}(-3.0, 0.01) = -0.03",
            r"= 1.0 \times \left(\begin{cases} 1 & \text{if } y > 0 \cr 0.01 & \text{otherwise} "
            r"\end{cases}\right) = 1.0 \times 0.01 = 0.01",
        ),
        (
            maximum(X, Y),
            r"\max(x, y) = \max(2.0, -3.0) = 2.0",
            r"= 1.0 \times \left(\begin{cases} 1 & \text{if } y > x \cr 0 & \text{otherwise} "
            r"\end{cases}\right) = 1.0 \times 0.0 = 0.0",
        ),
        (maximum(Y, -3.0), r"\max(y, -3.0) = \max(-3.0, -3.0) = -3.0", r"= 1.0 \times 0.5 = 0.5"),
        (
            Y.gelu(),
            r"\mathrm{gelu}(y) = \mathrm{gelu}(-3.0) \approx -0.00405",
            r"= 1.0 \times (\Phi(y) + y \cdot \varphi(y)) \approx 1.0 \times (-0.01195) "
            r"\approx -0.01195",
        ),
        (
            Y.silu(),
            r"\mathrm{silu}(y) = \mathrm{silu}(-3.0) \approx -0.1423",
            r"= 1.0 \times (\mathrm{sigmoid}(y) + v_{1} \cdot (1 - \mathrm{sigmoid}(y))) "
            r"\approx 1.0 \times (-0.0881) \approx -0.0881",
        ),
        (
            Y.erf(),
            r"\mathrm{erf}(y) = \mathrm{erf}(-3.0) \approx -1",
            r"= 1.0 \times \frac{2 \cdot e^{-y^{2}}}{\sqrt{\pi}} \approx 1.0 \times 0.0001393 "
            r"\approx 0.0001393",
        ),
        (total([X, Y]), r"x + y = 2.0 + (-3.0) = -1.0", r"= 1.0 \times 1.0 = 1.0"),
        (
            mean([X, 1, Y]),
            r"\frac{x + 1 + y}{3} = \frac{2.0 + 1 + (-3.0)}{3} = 0.0",
            r"\approx 1.0 \times 0.3333 \approx 0.3333",
        ),
        (
            dot([X, 4], [Y, Y], 1),
            r"x \cdot y + 4 \cdot y + 1 = 2.0 \times (-3.0) + 4 \times (-3.0) + 1 = -17.0",
            None,
        ),
        (
            logsumexp([X, Y]),
            r"\log(e^{x} + e^{y}) = \log(e^{2.0} + e^{-3.0}) \approx 2.007",
            r"= 1.0 \times e^{y - v_{1}} \approx 1.0 \times 0.006693 \approx 0.006693",
        ),
        (
            total([X] * 9 + [Y]),
            r"x + x + x + \cdots + y = 2.0 + 2.0 + 2.0 + \cdots + (-3.0) = 15.0",
            None,
        ),
        (
            Value(-27.0, parents=(Y,), local_derivatives=lambda out, y: 3 * y * y, op="cube"),
            r"\mathrm{cube}(y) = \mathrm{cube}(-3.0) = -27.0",
            r"= 1.0 \times 27.0 = 27.0",
        ),
    ],
)
def test_a_node_is_derived_as_on_the_board(output, forward, backward):
    got_forward, got_backward = forward_and_backward(output)
    assert got_forward == forward
    assert backward is None or got_backward == backward


def test_operations_keep_their_parentheses_in_the_expression():
    x, y = Value(2.0, label="x"), Value(3.0, label="y")
    for output, expression in [
        ((x + y) * x, r"(x + y) \cdot x"),
        (x - (y - x), r"x - (y - x)"),
        (x * (y * x), r"x \cdot (y \cdot x)"),
        ((x / y) ** 2, r"\left(\frac{x}{y}\right)^{2}"),
        (x * (y / x), r"x \cdot \frac{y}{x}"),
        ((x**y) ** 2, r"(x^{y})^{2}"),
        ((-x) ** 2, r"(-x)^{2}"),
        (-(x**2), r"-x^{2}"),
        (-(x + y), r"-(x + y)"),
        (x + -y, r"x + (-y)"),
        ((x + y).exp() ** 2, r"(e^{x + y})^{2}"),
        ((x - y + 3).log1p(), r"\log(1 + (x - y + 3))"),
        ((-x + 3).log1p(), r"\log(1 + (-x + 3))"),
    ]:
        assert displays(written(output))[0].split(" = ")[1] == expression


def test_contributions_are_summed_below_the_last_one():
    x = Value(Fraction(1, 3), label="x")
    *_, second, summed = rows(written(x * x))
    assert second.endswith(r"= 1 \times x = 1 \times \tfrac{1}{3} = \tfrac{1}{3}")
    assert summed == (r"\overline{x} &= \tfrac{1}{3} + \tfrac{1}{3} = \tfrac{2}{3}")


def test_what_is_rounded_is_said_to_be_about():
    x, y = Value(2.0, label="x"), Value(5.0, label="y")
    assert rows(written(x * y / 3))[-1].endswith(
        r"\approx 0.3333 \times x \approx 0.3333 \times 2.0 \approx 0.6667"
    )


def test_a_long_sum_is_abbreviated():
    x = Value(2.0, label="x")
    assert rows(written(total([x] * 20)))[-1] == (
        r"\overline{x} &= 1.0 + 1.0 + 1.0 + \cdots + 1.0 = 20.0"
    )


# -- names and numbers -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "tex"),
    [
        ("a", "a"),
        ("α", "α"),
        ("t12", "t_{12}"),
        ("w[0]", "w_{0}"),
        ("w_0", "w_{0}"),
        ("w_in[0]", r"w_{\mathrm{in}, 0}"),
        ("loss", r"\mathrm{loss}"),
        ("my_loss", r"\mathrm{my_{loss}}"),
        ("layer0.neuron3.w[1]", r"\mathrm{layer0.neuron3.w_{1}}"),
        ("a & b", r"{\text{a }\&\text{ b}}"),
        ("$x$", r"{\$\text{x}\$}"),
        ("\\evil{", r"{\backslash \text{evil}\lbrace }"),
        ("<b>", r"{{<}\text{b}{>}}"),
        ("100%", r"{\text{100}\%}"),
        ("_x_", r"{\_\text{x}\_}"),
        ("é2", r"{\text{é2}}"),
        ("a|b*c", r"{\text{a}\vert \text{b}\ast \text{c}}"),
    ],
)
def test_a_name_is_written_in_tex(name, tex):
    assert tex_name(name) == tex


def test_two_names_are_never_written_alike():
    names = ["w[0]", "w_0", "w0", "{w}", "w"]
    assert list(tex_names(dict(enumerate(names))).values()) == [
        "w_{0}", r"{\text{w}\_\text{0}}", r"{\text{w0}}", r"{\lbrace \text{w}\rbrace }", "w",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        ("2.0", "2.0"),
        ("-3", "-3"),
        ("1/3", r"\tfrac{1}{3}"),
        ("-1/3", r"-\tfrac{1}{3}"),
        ("1e-05", r"1 \times 10^{-5}"),
        ("-1.5e+20", r"-1.5 \times 10^{20}"),
        ("inf", r"\infty"),
        ("-inf", r"-\infty"),
        ("nan", r"\text{NaN}"),
    ],
)
def test_a_number_is_written_in_tex(text, tex):
    assert tex_number(text)[0] == tex


@pytest.mark.parametrize(
    ("x", "y", "row"),
    [
        (1e-5, 1e-5, r"1 \times 10^{-5} \times (1 \times 10^{-5}) = 1 \times 10^{-10}"),
        (Fraction(-1, 3), Fraction(1, 2), r"(-\tfrac{1}{3}) \times \tfrac{1}{2} = -\tfrac{1}{6}"),
        (math.inf, -math.inf, r"\infty \times (-\infty) = -\infty"),
        (math.nan, 2.0, r"\text{NaN} \times 2.0 = \text{NaN}"),
        (1 / 3, 3.0, r"0.3333 \times 3.0 \approx 1.0"),
        (10**400, 10, r"1 \times 10^{400} \times 10 = 1 \times 10^{401}"),
    ],
)
def test_numbers_keep_their_parentheses(x, y, row):
    assert rows(written(Value(x, label="x") * Value(y, label="y")))[0].endswith(row)


# -- the table ---------------------------------------------------------------------------------


def number_in(cell):
    """Return the number in a cell of the table."""
    cell = re.sub(r" \\times 10\^{(-?\d+)}", r"e\1", cell.removeprefix(r"\approx "))
    cell = cell.replace(r"\infty", "inf").replace(r"\text{NaN}", "nan")
    return float(cell)


@settings(deadline=None, max_examples=50)
@given(programs, points)
def test_the_table_has_the_gradients_whatever_is_left_out(
    program: list[Instruction], point: list[float]
) -> None:
    inputs = [Value(x, label=f"x{k}") for k, x in enumerate(point)]
    output = run(program, inputs, VALUE_FUNCTIONS)
    table = {name: cells for name, *cells in cells(written(output, digits=17, max_steps=3))}
    for k, (node, gradient) in enumerate(zip(inputs, gradients(output, inputs), strict=True)):
        if f"x_{{{k}}}" in table:
            data, grad = map(number_in, table[f"x_{{{k}}}"])
            assert data == node.data
            assert grad == gradient or math.isnan(gradient)
        else:
            assert gradient == 0


@pytest.mark.parametrize(
    ("max_steps", "forward", "backward"),
    [(200, 30, 61), (91, 30, 61), (90, 30, 60), (60, 30, 30), (10, 5, 5), (0, 0, 0)],
)
def test_a_large_graph_says_how_many_steps_it_leaves_out(max_steps, forward, backward):
    output = x = Value(1.0, label="x")
    for _ in range(30):
        output = output * x
    text = written(output, max_steps=max_steps)
    left_out = [
        f"Steps left out here: {count}. The table has all gradients."
        for count in (30 - forward, 61 - backward)
        if count
    ]
    assert re.findall("Steps left out.*", text) == left_out
    passes = re.split("## .* pass", text)[1:]
    assert len(rows(passes[0])) == forward
    assert sum(r"\frac{\partial" in row for row in rows(passes[1])) == backward
    assert len(cells(text)) == 31
    assert cells(text)[0] == ["x", "1.0", "31.0"]


def test_10000_nodes_make_a_hand_out():
    output = x = Value(1.0, label="x")
    for _ in range(10_000):
        output = output * x
    text = written(output)
    assert len(rows(text)) == 200
    assert "Steps left out here: 9,900." in text
    assert len(cells(text)) == 10_001


# -- other readers of TeX ----------------------------------------------------------------------

typesetter = MathTextParser("path")


def formulas(text):
    """Return every formula: the rows, the expression and what stands between single dollars."""
    found = rows(text) + [display for display in displays(text) if "aligned" not in display]
    return found + [cell for line in cells(text) for cell in line]


def assert_mathtext_reads(formula):
    r"""Typeset a formula with matplotlib, which has no environments, \tfrac and \mathrel."""
    for ours, theirs in [
        (r"\tfrac", r"\frac"), (r"\mathrel{+}", "+"), (r"\&", "+"), (r"\begin{cases}", "{"),
        (r"\end{cases}", "}"), (r"\cr", ""), ("&", ""),
    ]:  # fmt: skip
        formula = formula.replace(ours, theirs)
    typesetter.parse(f"${formula}$")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.operation.name)
def test_matplotlib_typesets_every_operation(case):
    operands, _ = case.points[0]
    values = [Value(x, label="xyzuvw"[k]) for k, x in enumerate(operands)]
    n_values = len(operands) - case.n_constants
    output = case.operation(*values[:n_values], *operands[n_values:])
    for formula in formulas(written(output)):
        assert_mathtext_reads(formula)


@pytest.mark.slow
def test_matplotlib_typesets_a_network_and_its_second_derivatives():
    model = MLP(2, [2, 1])
    x = Value(0.5, label="x")
    loss = mse_loss([model([x, 1.0])], [1.0])
    (gradient,) = gradients(loss, [x], create_graph=True)
    for output in (loss, gradient):
        for formula in formulas(written(output, max_steps=80)):
            assert_mathtext_reads(formula)


MACROS = {
    "approx", "ast", "backslash", "begin", "cdot", "cr", "end", "frac", "infty", "lbrace",
    "lbrack", "mathrel", "mathrm", "overline", "partial", "rbrace", "rbrack", "sim", "tanh", "text",
    "times", "vert", "wedge",
}  # fmt: skip


def assert_is_closed(formula):
    """Assert that braces match, macros are known, and nothing ends the formula or its cell."""
    assert set(re.findall(r"\\([a-zA-Z]+)", formula)) <= MACROS
    plain = re.sub(r"\\[a-zA-Z]+", " ", formula)
    assert set(re.findall(r"\\.", plain)) <= {r"\_", r"\$", r"\&", r"\#", r"\%"}
    plain = re.sub(r"\\.", " ", plain)
    assert not set(plain) & set("$%#~`*|\\\n\r\t")
    assert plain.count("&") == ("&" in plain)
    assert not re.search("<[^}]|[^{]<", plain)
    depth = 0
    for letter in plain:
        depth += {"{": 1, "}": -1}.get(letter, 0)
        assert depth >= 0
    assert depth == 0


@settings(deadline=None, max_examples=80)
@given(LABELS, LABELS)
@example("my_loss", "my_loss")
@example("\\evil{", "\\end{aligned}")
@example("a & b", "$x$ $$")
@example("two\n\nlines", "two\n\nlines")
@example("\\", "\\\\")
def test_whatever_a_label_says_stays_inside_its_formula(label, op):
    x = Value(2.0, label=label)
    cube = Value(8.0, parents=(x,), local_derivatives=lambda out, x: 3 * x * x, op=f"o{op}")
    cube.label = f"{label}, cubed"
    text = written(tanh(cube) * x)
    for formula in formulas(text):
        assert_is_closed(formula)
    assert len(displays(text)) == 3
    assert text.count("\n$$\n") == 6
    assert len(re.findall(r"(?<!\\)\|", text)) == 4 * (2 + len(cells(text)))
    assert [line for line in text.splitlines() if line.startswith("#")] == [
        "# The gradients of $v_{2}$, step by step",
        "## Forward pass", "## Backward pass", "## Gradients",
    ]  # fmt: skip


@pytest.mark.parametrize("label", NASTY)
def test_matplotlib_typesets_nasty_labels(label):
    for formula in formulas(written(Value(2.0, label=label) * 3.0)):
        assert_mathtext_reads(formula)


def test_what_rounded_numbers_cannot_change_is_exact():
    x = Value(-1 / 3, label="x")
    text = derivation(x.relu() * x, names={})
    assert rows(text)[0] == (r"v_{1} &= \mathrm{relu}(x) \approx \mathrm{relu}(-0.3333) = 0.0")
    assert rows(text)[-2].endswith(r"\approx (-0.3333) \times 0.0 = 0.0")
