"""Tables of what nobody computes by hand: which functions are in them, at which inputs."""

import math

import pytest

from autograd import Value, dot, erf, gelu, log, logsumexp, silu, sin, sqrt, tanh, worksheet
from autograd.graph import topological_order
from autograd.show.pages.sheets.drawn_numbers import with_drawn_numbers
from autograd.show.pages.sheets.lookup import Call, calls_in, lookup_tables
from autograd.text import Labels, Typesetter

X = Value(0.5, label="x")


def calls(output: Value, *, in_value: bool = False) -> list[Call]:
    return [
        call
        for node in topological_order(output)
        if node.parents
        for call in calls_in(node, node.record, in_value=in_value)
    ]


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        (X * 2.0 + 1.0, []),
        (abs(X).relu(), []),
        (X**3, []),
        (tanh(X), [("tanh", 0.5)]),
        (sqrt(X), [("sqrt", 0.5)]),
        (sin(X), [("sin", 0.5), ("cos", 0.5)]),
        (silu(X), [("silu", 0.5), ("sigmoid", 0.5)]),
        (gelu(X), [("gelu", 0.5), ("Φ", 0.5), ("φ", 0.5)]),
        (2.0**X, [("log", 2.0)]),
    ],
)
def test_what_is_looked_up_is_what_is_not_arithmetic(output, expected):
    assert calls(output) == expected


def test_what_is_in_a_value_of_several_functions_is_looked_up_if_it_is_to_be_found():
    output = logsumexp([X, Value(-0.5, label="y")])
    result = math.log(math.exp(0.5) + math.exp(-0.5))
    shares = [("exp", pytest.approx(0.5 - result)), ("exp", pytest.approx(-0.5 - result))]
    assert calls(output) == shares
    value = [("log", pytest.approx(math.exp(result))), ("exp", 0.5), ("exp", -0.5)]
    assert sorted(calls(output, in_value=True)[:3]) == sorted(value)
    assert calls(output, in_value=True)[3:] == shares


def test_a_one_off_node_named_like_a_function_is_not_taken_for_it():
    node = Value(8.0, parents=(X,), local_derivatives=lambda out, x: 3 * x * x, op="exp")
    assert calls(node, in_value=True) == []


def test_an_input_too_large_for_a_float_is_in_no_table():
    (call,) = (call for call in calls(erf(Value(1e200, label="x"))) if call.function == "exp")
    assert math.isnan(call.argument)


def tables(*asked: tuple[str, float]) -> list[tuple[tuple[str, ...], dict[str, tuple[str, ...]]]]:
    return [*map(tuple, lookup_tables([Call(*call) for call in asked], Labels([], {}, 4)))]


def test_a_table_has_six_inputs_and_their_values():
    (table,) = tables(("tanh", 0.5))
    assert table == (
        ("-2.0", "-1.0", "-0.5", "0.5", "1.0", "2.0"),
        {"tanh": ("-0.964", "-0.7616", "-0.4621", "0.4621", "0.7616", "0.964")},
    )


def test_inputs_are_in_the_domain():
    (table,) = tables(("log", 2.0))
    assert table == (
        ("0.5", "1.0", "1.5", "2.0", "3.0", "4.0"),
        {"log": ("-0.6931", "0.0", "0.4055", "0.6931", "1.099", "1.386")},
    )


def test_an_input_that_is_asked_for_takes_the_place_of_a_simple_one():
    ((inputs, _),) = tables(("tanh", 0.123))
    assert inputs == ("-1.0", "-0.5", "0.123", "0.5", "1.0", "2.0")


def test_functions_of_the_same_inputs_share_a_table():
    (table,) = tables(("tanh", 1.0), ("sigmoid", 1.0))
    assert table[1].keys() == {"tanh", "sigmoid"}


def test_more_than_six_inputs_take_another_table():
    found = tables(*(("exp", k / 8) for k in range(8)))
    assert [len(inputs) for inputs, _ in found] == [6, 2]


@pytest.mark.parametrize("number", [math.nan, math.inf, -1.0])
def test_what_has_no_value_is_in_no_table(number):
    found = tables(("log", number))
    assert all("nan" not in inputs and "-1.0" not in inputs for inputs, _ in found)


@pytest.mark.parametrize("seed", range(20))
def test_a_drawn_graph_has_functions_at_simple_inputs(seed):
    w, x, b = (Value(1.0, label=name) for name in "wxb")
    output = with_drawn_numbers(tanh(dot([w, x], [x, w], b)) * log(x * x), seed, 4)
    for node in topological_order(output):
        if node.op == "tanh":
            assert node.record[1] in (-2, -1, -0.5, 0.5, 1, 2)
        if node.op == "log":
            assert node.record[1] in (0.5, 1, 1.5, 2, 3, 4)


def test_numbers_of_ones_own_are_in_the_table(tmp_path):
    worksheet(tanh(Value(0.31, label="x")), tmp_path / "sheet.html", seed=None, names={})
    page = (tmp_path / "sheet.html").read_text(encoding="utf-8")
    assert "<td>0.31</td>" in page
    assert Typesetter.shown(Labels([], {}, 4).written(math.tanh(0.31))).text in page
