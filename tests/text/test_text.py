"""A graph as text: numbers, formulas, trees, and the names that nodes get."""

import io
import math
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import autograd
from autograd import (
    DomainError,
    NotAGraphError,
    Stepper,
    Value,
    compare_algorithms,
    derivation,
    dot,
    draw,
    explain,
    formula,
    lesson,
    refresh,
    tanh,
    total,
    tree,
    worksheet,
)
from autograd.wording.words import WORDS
from tests.drawn import TURNS

EVERYWHERE = Value(7.0)


def leaves() -> tuple[Value, Value, Value]:
    return Value(2.0, label="a"), Value(-3.0, label="b"), Value(10.0, label="c")


A, B, C = leaves()

# -- letters that no view passes on ------------------------------------------------------------


def every_view(output: Value, names: dict[str, Value], folder: Path) -> dict[str, str]:
    """Return what each view says of a graph, at the prompt and in files."""
    lesson(output, folder / "page.html", names=names)
    worksheet(output, folder / "sheet.html", names=names, seed=None)
    steps = Stepper(output, names=names)
    told = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    return told | {
        "formula": str(formula(output, names=names)),
        "tree": str(tree(output, names=names)),
        "picture": draw(output, names=names).svg,
        "source": draw(output, names=names).source,
        "steps": str(steps.run()),
        "comparison": repr(compare_algorithms(output, names=names)),
        "derivation": str(derivation(output, names=names)),
        "paths": str(explain(output, output.parents[0], names=names)),
    }


@pytest.mark.parametrize("letter", [*TURNS, "\x1b", "\x07"])
@pytest.mark.parametrize("comes_as", ["label", "name"])
def test_no_view_passes_on_a_letter_that_controls_what_is_beside_it(letter, comes_as, tmp_path):
    a, b = Value(2.0), Value(123.0, label="b")
    text = f"a{letter}z"
    names = {}
    if comes_as == "label":
        a.label = text
    else:
        names[text] = a
    for view, said in every_view(a * b, names, tmp_path).items():
        assert letter not in said, view
        assert "a\ufffdz" in said, view


# -- formulas ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("output", "text"),
    [
        (tanh(A * B + C), "tanh(a*b + c)"),
        ((A + B) * C, "(a + b)*c"),
        (A - (B - C), "a - (b - c)"),
        (A - B - C, "a - b - c"),
        (A / (B * C), "a/(b*c)"),
        (A / B / C, "a/b/c"),
        (-(A**2), "-a**2"),
        ((-A) ** 2, "(-a)**2"),
        (2 ** (A**C), "2**a**c"),
        ((2**A) ** C, "(2**a)**c"),
        (A**-2, "a**(-2)"),
        (-(A + B), "-(a + b)"),
        (A * Fraction(1, 2), "a*(1/2)"),
        (A * (1 / 3), "a*0.3333333333333333"),
        (abs(A), "abs(a)"),
        (A.maximum(B), "maximum(a, b)"),
        (dot([A, B], [B, C], 1.5), "a*b + b*c + 1.5"),
        (dot([A + B], [C]), "(a + b)*c"),
        (total([A, B, C]), "a + b + c"),
        (C - total([A, B]), "c - (a + b)"),
    ],
)
def test_a_formula_reads_as_on_the_board(output, text):
    assert formula(output) == text


def test_the_sum_of_one_sum_keeps_its_parentheses():
    assert formula(total([A + B]) * C) == "(a + b)*c"


CONSTANTS = st.sampled_from([2, 3.0, -2, -0.5, 0.5, Fraction(1, 3), Fraction(-1, 2)])
NUMBERS = {"a": 1.25, "b": -0.75, "c": 2.0}
FUNCTIONS = ["tanh", "exp", "sin", "sqrt", "log", "abs", "sigmoid"]


def _combinations(inner):
    binary = st.sampled_from(["+", "-", "*", "/", "**"])
    return st.one_of(
        st.tuples(st.sampled_from(["-", "+", *FUNCTIONS]), inner),
        st.tuples(binary, inner, inner),
        st.tuples(binary, inner, CONSTANTS),
        st.tuples(binary, CONSTANTS, inner),
        st.tuples(st.just("total"), st.lists(inner, min_size=1, max_size=3)),
        st.tuples(st.just("dot"), inner, inner),
    )


EXPRESSIONS = st.recursive(st.sampled_from(sorted(NUMBERS)), _combinations, max_leaves=6)


def _grown(expression, values):
    """Return the graph of a nested tuple."""
    match expression:
        case str():
            return values[expression]
        case ("total", list(terms)):
            return total([_grown(term, values) for term in terms])
        case ("dot", left, right):
            return dot([_grown(left, values)], [_grown(right, values)], 0.5)
        case ("-", operand):
            return -_grown(operand, values)
        case ("+", operand):
            return +_grown(operand, values)
        case (function, operand):
            return getattr(autograd, function)(_grown(operand, values))
        case (operator, left, right):
            x, y = _grown(left, values), _grown(right, values)
            return eval(f"x {operator} y", {"x": x, "y": y})
    return expression


@given(EXPRESSIONS)
@settings(deadline=None, max_examples=300)
def test_a_formula_evaluates_to_the_same_number(expression):
    values = {name: Value(number, label=name) for name, number in NUMBERS.items()}
    try:
        output = _grown(expression, values)
    except DomainError:
        assume(False)
    text = formula(output, digits=17)
    assume("…" not in text)
    functions = {name: getattr(autograd, name) for name in FUNCTIONS}
    rebuilt = eval(text, {**functions, **values, "inf": math.inf, "nan": math.nan})
    assert rebuilt.data == pytest.approx(output.data, rel=1e-9, nan_ok=True)


def test_a_part_used_twice_is_named_and_explained_once():
    a, b, _ = leaves()
    shared = tanh(a * b)
    assert formula(shared * shared + 1) == "shared*shared + 1 where shared = tanh(a*b)"


def test_a_part_used_twice_that_has_no_name_gets_one():
    a, b, _ = leaves()
    square = (lambda part: part * part)(a * b)
    assert formula(square) == "t1*t1 where t1 = a*b"


def test_a_name_made_up_for_a_part_is_none_of_the_students_names():
    t1 = Value(3.0)
    text = formula((lambda part: part * part + t1)(t1 * 3))
    assert "t1 = t1*3" not in text


def test_a_named_step_used_once_is_written_out():
    a, b, c = leaves()
    product = a * b
    assert formula(product + c) == "a*b + c"


def test_a_leaf_is_its_own_formula():
    assert formula(A) == "a"
    assert formula(Value(0.5), names={}) == "0.5"


def test_a_formula_ends_after_200_characters():
    long = total([Value(1.0, label=f"weight_number_{k}") for k in range(5)])
    for k in range(9):
        long = long * tanh(long + Value(1.0, label=f"bias_number_{k}"))
    assert len(formula(long)) <= 200
    assert formula(long).endswith("…")


def test_a_long_sum_names_its_first_and_last_terms():
    x = [Value(1.0) for _ in range(100)]
    assert formula(total(x)) == "x[0] + x[1] + x[2] + … + x[99]"


def test_a_node_in_a_list_of_lists_has_the_name_of_its_place():
    keys = [[Value(1.0), Value(2.0)], [Value(3.0), Value(4.0)]]
    first = keys[0]
    assert formula(first[1] * keys[1][0]) == "first[1]*keys[1][0]"


@pytest.mark.parametrize("view", [formula, tree])
def test_a_chain_of_100_000_nodes_is_no_recursion(view):
    output = Value(0.5, label="x")
    for _ in range(100_000):
        output = output + 1
    assert 0 < len(view(output)) < 300_000


@pytest.mark.parametrize("view", [formula, tree])
@pytest.mark.parametrize(
    "thing", [3, "a*b", None, [A], Value, object()], ids=lambda thing: type(thing).__name__
)
def test_what_is_no_node_has_no_text(view, thing):
    with pytest.raises(NotAGraphError, match=r"not a node of a graph: pass a Value"):
        view(thing)


# -- trees -------------------------------------------------------------------------------------


def test_a_tree_shows_data_and_gradients_the_output_first():
    a, b, _ = leaves()
    output = a * b + 1
    output.backward()
    assert tree(output).splitlines() == [
        "output = +  data -5.0  grad 1.0",
        "├─ *  data -6.0  grad 1.0",
        "│  ├─ a  data 2.0  grad -3.0",
        "│  └─ b  data -3.0  grad 2.0",
        "└─ 1",
    ]


def test_a_node_used_twice_is_printed_once_and_then_referred_to():
    a, b, _ = leaves()
    part = a * b
    difference = part - part
    assert tree(difference).splitlines() == [
        "difference = -  data 0.0",
        "├─ part = *  data -6.0",
        "│  ├─ a  data 2.0",
        "│  └─ b  data -3.0",
        "└─ part = *  (see above)",
    ]


def test_a_tree_ends_at_max_nodes_and_says_how_many_are_left():
    x = Value(1.0, label="x")
    output = x
    for _ in range(10):
        output = tanh(output)
    lines = tree(output, max_nodes=4).splitlines()
    assert len(lines) == 5
    assert lines[-1] == "… 7 more"


def test_a_tree_never_announces_zero_more_nodes():
    a, _, _ = leaves()
    square = a * a
    assert "0 more" not in tree(square, max_nodes=2)


def test_a_tree_tells_which_gradients_are_of_an_earlier_forward_pass():
    weight = Value(1.0, label="w")
    output = weight * 3.0
    output.backward()
    refresh(output)
    weight.grad = 5.0
    assert tree(output, names={}).splitlines() == [
        "*  data 3.0  grad 1.0 (of an earlier forward pass)",
        "├─ w  data 1.0  grad 5.0",
        "└─ 3.0",
    ]


def test_a_tree_shows_what_the_forward_pass_saw():
    weight = Value(1.0, label="w")
    weight.data = 2.0
    output = weight * 3.0
    weight.data = 5.0
    assert "w  data 2.0" in tree(output)


def test_every_word_of_a_tree_can_be_translated(monkeypatch):
    monkeypatch.setitem(WORDS, "data", "Wert")
    assert tree(A) == "a  Wert 2.0"


def test_a_repl_shows_text_as_it_reads():
    assert repr(formula(A + B)) == "a + b"


# -- names -------------------------------------------------------------------------------------


def test_nodes_are_called_after_the_callers_variables():
    speed, time = Value(2.0), Value(3.0)
    assert formula(speed * time) == "speed*time"


def test_the_first_variable_bound_to_a_node_wins():
    first = Value(2.0)
    second = first
    assert second is first
    assert formula(first + 1) == "first + 1"


def test_a_variable_that_starts_with_an_underscore_names_nothing():
    _hidden = Value(2.0)
    assert formula(_hidden + 1) == "2.0 + 1"


def test_global_variables_name_nodes_too():
    assert formula(EVERYWHERE + 1) == "EVERYWHERE + 1"


def test_elements_of_a_list_are_called_by_their_place():
    x = [Value(1.0), Value(2.0)]
    pair = (Value(3.0), Value(4.0))
    assert formula(x[1] * pair[0]) == "x[1]*pair[0]"


def test_a_label_comes_before_a_variable():
    variable = Value(2.0, label="label")
    assert formula(variable + 1) == "label + 1"


def test_an_empty_mapping_turns_variables_off_and_leaves_labels():
    nameless = Value(2.0)
    assert formula(nameless * A, names={}) == "2.0*a"


@pytest.mark.parametrize("name", ["given", "_given"])
def test_a_mapping_of_names_comes_before_everything(name):
    node = Value(2.0, label="label")
    assert formula(node + 1, names={name: node}) == f"{name} + 1"


# -- terminals ---------------------------------------------------------------------------------


def in_ascii(view, output):
    """Return what ``view`` says of ``output`` where stdout is a terminal that knows only ASCII."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="ascii"))
        return view(output, names={})


def test_ascii_stands_in_where_the_terminal_can_show_no_more():
    third = Value(1 / 3)
    assert in_ascii(tree, third * 3).splitlines() == ["*  data 1.0", "+- ~0.3333", "`- 3"]


@pytest.mark.parametrize("label", ["θ", "é", "🙂"])
def test_a_label_the_terminal_cannot_show_is_written_as_an_escape(label):
    text = in_ascii(formula, Value(1.0, label=label) + 1)
    assert text == label.encode("ascii", "backslashreplace").decode() + " + 1"


def test_a_formula_does_not_round_its_constants_in_silence():
    a = Value(2.0)
    assert formula(a * 0.99999) == "a*0.99999"
    assert formula(a * (0.1 + 0.2)) == "a*0.3"
    assert formula(a * (1 / 3)) == "a*0.3333333333333333"


@pytest.mark.parametrize("number", [1 / 3, -2 / 3, 1e10 / 3, 1e-10 / 3, Fraction(10**9, 7), 2**70])
def test_a_formula_can_be_pasted_back(number):
    a = Value(2.0)
    for output in (a * number, Value(number) * a):
        pasted = eval(formula(output, names={"a": a}), {"a": a})
        assert pasted.data == pytest.approx(float(output.data), rel=1e-15)


def test_a_tree_marks_what_was_edited_since_the_forward_pass():
    x = Value(2.0)
    y = x * x
    x.data = 5.0
    assert "x  data 2.0, edited to 5.0" in tree(y)
