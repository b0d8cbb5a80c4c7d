"""explain: a gradient is the sum over all paths, and a zero has a reason."""

import io
import math
import sys
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from autograd import NotAGraphError, Value, detach, explain, maximum, relu, sin, total
from autograd.show.story.events import events_of
from nn import MLP, mse_loss
from tests.graphs import doublings, reused
from tests.programs import (
    VALUE_FUNCTIONS,
    Instruction,
    exact_programs,
    fractions,
    points,
    programs,
    run,
)


def count_paths(node: Value, wrt: Value) -> int:
    """Count by plain recursion, every path on its own."""
    if node is wrt:
        return 1
    return sum(count_paths(parent, wrt) for parent in node.parents)


# -- what it tells -----------------------------------------------------------------------------


def test_one_path_is_a_product_of_local_derivatives():
    a, b, d = Value(2.0), Value(-3.0), Value(-2.0)
    c = a * b
    L = c * d  # noqa: N806  (as on the board)
    assert repr(explain(L, a)) == (
        "a → c → L:  ∂c/∂a × ∂L/∂c = b × d = (-3.0) × (-2.0) = 6.0\n"  #
        "a.grad = 6.0"
    )


def test_several_paths_add_up():
    x, s, t, y = reused()
    explanation = explain(y, x, names={})
    assert [path.product for path in explanation.paths] == [10.0, 9.0, 9.0, 3.0, 3.0]
    assert explanation.gradient == 34.0
    assert explanation.paths[1].nodes == (x, s, t, y.parents[0], y)
    assert explanation.paths[1].local_derivatives == (3.0, 1.0, 3.0, 1.0)
    assert repr(explanation).splitlines()[-1] == "x.grad = 10.0 + 9.0 + 9.0 + 3.0 + 3.0 = 34.0"


def test_paths_are_aligned_and_nodes_without_a_name_explained():
    _, s, _, y = reused()
    assert repr(explain(y, s, names={})) == (
        "s → t → v1 → y:  ∂t/∂s × ∂v1/∂t × ∂y/∂v1 = 1.0 × x × 1.0 = 1.0 × 3.0 × 1.0 = 3.0\n"
        "s → y:           ∂y/∂s = 1.0\n"
        "where v1 = t*x\n"
        "s.grad = 3.0 + 1.0 = 4.0"
    )


def test_an_operand_that_comes_twice_makes_two_paths():
    a = Value(3.0)
    b = a * a
    assert repr(explain(b, a)) == (
        "a → b (operand 1 of 2):  ∂b/∂a₁ = a = 3.0\n"
        "a → b (operand 2 of 2):  ∂b/∂a₂ = a = 3.0\n"
        "a.grad = 3.0 + 3.0 = 6.0"
    )


def test_a_path_too_long_for_a_line_takes_two():
    x, *_, y = reused()
    _, _, first, second, *_ = repr(explain(y, x, names={})).splitlines()
    assert first == "x → s (operand 1 of 2) → t → v1 → y:"
    assert second.startswith("    ∂s/∂x₁ × ∂t/∂s × ∂v1/∂t × ∂y/∂v1 = ")


def test_of_many_nodes_only_those_at_both_ends_are_written():
    y = a = Value(0.5)
    for _ in range(30):
        y = sin(y)
    told = repr(explain(y, a))
    assert told.startswith("a → v1 → v2 → v3 → … → v28 → v29 → y:")
    assert "∂v1/∂a × ∂v2/∂v1 × ∂v3/∂v2 × … × ∂v28/∂v27 × ∂v29/∂v28 × ∂y/∂v29" in told
    assert len(explain(y, a).paths[0].nodes) == 31


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (0.5, "a.grad = 1.0 + 0.5 = 1.5"),
        (1 / 3, "a.grad ≈ 1.0 + 0.3333 ≈ 1.333"),
        (-2.0, "a.grad = -2.0 + 1.0 = -1.0"),
        (Fraction(1, 3), "a.grad = 1 + 1/3 = 4/3"),
    ],
)
def test_a_sum_says_whether_it_is_rounded(data, line):
    a, b = Value(type(data)(2)), Value(data)
    assert repr(explain(b * a + a, a)).endswith(line)


def test_a_sum_of_floats_that_is_not_that_of_its_terms_says_so():
    a = Value(1.0)
    told = repr(explain(1e16 * a + a - 1e16 * a, a, names={"a": a}))
    assert "a.grad = 1e+16 - 1e+16 + 1.0 ≈ 0.0" in told
    assert "the contributions to a cancel: -1e+16 + 1.0 + 1e+16 ≈ 0.0" in told


def test_digits_and_names_are_those_asked_for():
    x = Value(1 / 3)
    y = x * x
    told = repr(explain(y, x, names={"höhe": x, "fläche": y}, digits=2))
    assert "∂fläche/∂höhe₁ = höhe ≈ 0.33" in told


def test_text_is_ascii_where_the_terminal_is(monkeypatch):
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="ascii"))
    x, *_, y = reused()
    assert repr(explain(y, x, names={})).isascii()


def test_a_network_can_be_explained():
    model = MLP(2, [3, 3, 1])
    loss = mse_loss([model([1.0, 2.0]), model([3.0, -1.0])], [1.0, 0.0])
    weight = model.layers[0].neurons[0].w[0]
    explanation = explain(loss, weight, max_paths=20)
    assert len(explanation.paths) == count_paths(loss, weight) == 6
    assert repr(explanation).startswith("layer0.neuron0.w[0] → ")


# -- which nodes -------------------------------------------------------------------------------


def test_the_output_itself_has_the_empty_path():
    *_, y = reused()
    explanation = explain(y, y, names={})
    assert explanation.paths == [((y,), (), 1.0)]
    assert (explanation.gradient, explanation.left_out, explanation.reasons) == (1.0, 0, [])
    assert repr(explanation) == "y.grad = ∂y/∂y = 1.0"


def test_a_leaf_can_be_the_output():
    a = Value(Fraction(1, 3))
    assert repr(explain(a, a)) == "a.grad = ∂a/∂a = 1"


def test_an_interior_node_has_the_gradient_of_a_pass():
    _, s, t, y = reused()
    found = [explain(y, node).gradient for node in (s, t)]
    y.backward()
    assert found == [s.grad, t.grad] == [4.0, 3.0]


def test_a_constant_has_no_paths():
    *_, t, y = reused()
    one = t.parents[1]
    explanation = explain(y, one, names={})
    assert (explanation.paths, explanation.gradient) == ([], 0.0)
    assert repr(explanation) == "1.0 is a constant, a bare number: no path starts there"
    assert explanation.reasons == [repr(explanation)]


def test_no_gradient_is_touched():
    x, s, _, y = reused()
    s.grad = 7.0
    explain(y, x)
    assert s.grad == 7.0
    assert not any(node.has_grad for node in (x, y))


def test_it_explains_the_forward_pass_that_ran():
    a, b = Value(2.0), Value(3.0)
    c = a * b
    b.data = 100.0
    assert explain(c, a).gradient == 3.0


# -- the sum over all paths --------------------------------------------------------------------


@given(exact_programs, fractions)
def test_the_products_of_fractions_add_up_to_the_gradient_exactly(
    program: list[Instruction], point: list[Fraction]
) -> None:
    inputs = [Value(x) for x in point]
    output = run(program, inputs, {})
    explanations = [explain(output, x, max_paths=10_000) for x in inputs]
    output.backward()
    for x, explanation in zip(inputs, explanations, strict=True):
        products = [path.product for path in explanation.paths]
        assert explanation.left_out == 0
        assert sum(products) == explanation.gradient == x.grad
        assert len(products) == count_paths(output, x)


@given(programs, points, st.integers(1, 20))
@example([("+", 0, 0)] * 25, [1.0, 1.0], 1)
def test_the_gradient_and_the_number_of_paths_are_right_however_few_are_listed(
    program: list[Instruction], point: list[float], most: int
) -> None:
    inputs = [Value(x) for x in point]
    output = run(program, inputs, VALUE_FUNCTIONS)
    explanations = [explain(output, x, max_paths=most) for x in inputs]
    ways = {output: 1}
    for node in reversed([event.node for event in events_of(output) if event.kind == "forward"]):
        for parent in node.parents:
            ways[parent] = ways.get(parent, 0) + ways[node]
    output.backward()
    for x, explanation in zip(inputs, explanations, strict=True):
        assert repr(explanation.gradient) == repr(x.grad)  # bit for bit
        assert len(explanation.paths) == min(most, ways.get(x, 0))
        assert explanation.left_out == ways.get(x, 0) - len(explanation.paths)
        if explanation.left_out == 0:
            products = [path.product for path in explanation.paths]
            size = sum(map(abs, products))
            if size < 1e300:
                assert abs(math.fsum(products) - x.grad) <= 1e-12 * size + 1e-300
        assert bool(explanation.reasons) == (explanation.gradient == 0)


@given(programs, points)
def test_each_path_is_another_chain_of_parents(
    program: list[Instruction], point: list[float]
) -> None:
    inputs = [Value(x) for x in point]
    output = run(program, inputs, VALUE_FUNCTIONS)
    for x in inputs:
        for nodes, locals_, product in explain(output, x).paths:
            assert (nodes[0], nodes[-1]) == (x, output)
            for parent, node, local in zip(nodes[:-1], nodes[1:], locals_, strict=True):
                pairs = zip(node.parents, node.local_derivatives, strict=True)
                assert any(p is parent and repr(d) == repr(local) for p, d in pairs)
            assert repr(math.prod(reversed(locals_), start=1.0)) == repr(product)


# -- many paths --------------------------------------------------------------------------------


def test_five_paths_are_listed_unless_others_are_asked_for():
    a = Value(2.0)
    y = total([a * k for k in (0.5, -7.0, 3.0, 0.0, 11.0, -3.0, 1.0)])
    explanation = explain(y, a)
    assert [path.product for path in explanation.paths] == [11.0, -7.0, 3.0, -3.0, 1.0]
    assert explanation.left_out == 2
    assert len(explain(y, a, max_paths=7).paths) == 7


@given(exact_programs, fractions, st.integers(1, 6))
def test_those_listed_are_the_largest_of_all(
    program: list[Instruction], point: list[Fraction], most: int
) -> None:
    inputs = [Value(x) for x in point]
    output = run(program, inputs, {})
    for x in inputs:
        sizes = [abs(path.product) for path in explain(output, x, max_paths=10_000).paths]
        listed = [abs(path.product) for path in explain(output, x, max_paths=most).paths]
        assert listed == sorted(sizes, reverse=True)[:most]


def test_the_largest_is_found_where_its_beginning_is_small():
    a, tiny, huge = Value(1.0), Value(1e-200), Value(1e300)
    through = a * tiny * huge
    y = through + 5.0 * a
    assert [path.product for path in explain(y, a).paths] == [1e100, 5.0]


def test_a_product_that_is_not_a_number_comes_first():
    a, inf, zero = Value(1.0), Value(math.inf), Value(0.0)
    y = a * inf * zero + 5.0 * a
    first, second = explain(y, a).paths
    assert math.isnan(first.product)
    assert second.product == 5.0


def test_paths_past_the_most_are_counted_and_the_sum_stays_right():
    a = Value(1.0)
    u = doublings(50, a)
    explanation = explain(u, a, max_paths=3)
    assert len(explanation.paths) == 3
    assert explanation.left_out == 2**50 - 3
    assert explanation.gradient == 2.0**50
    assert repr(explanation).splitlines()[-2:] == [
        "… paths left out: 1,125,899,906,842,621, none of them larger; max_paths=N lists more",
        "a.grad = 1.0 + 1.0 + 1.0 + … ≈ 1.126e+15",
    ]


def test_a_count_too_long_to_read_is_rounded():
    a = Value(Fraction(1))
    assert "… paths left out: ≈1.607e+60" in repr(explain(doublings(200, a), a))


def test_paths_beside_the_way_cost_nothing():
    a, b = Value(1.0), Value(1.0)
    u = doublings(60, b) + a
    assert len(explain(u, a).paths) == 1
    assert explain(a * doublings(60, b), a).left_out == 0


def test_a_long_sum_is_cut():
    a = Value(1.0)
    assert repr(explain(total([a] * 12), a)).endswith(" + 1.0 + … = 12.0")


@pytest.mark.slow
@pytest.mark.parametrize("step", [sin, lambda y: y + y], ids=["chain", "ladder"])
def test_a_graph_may_be_100_000_nodes_deep(step):
    y = a = Value(1.0)
    for _ in range(100_000):
        y = step(y)
    explanation = explain(y, a, max_paths=2)
    assert len(explanation.paths[0].nodes) == 100_001
    assert explanation.left_out in (0, 2**100_000 - 2)
    assert len(repr(explanation)) < 2_000


# -- why a gradient is zero --------------------------------------------------------------------


def test_a_dead_relu_is_flat():
    w, x = Value(0.5), Value(-2.0)
    z = w * x
    y = relu(z) * 3.0
    explanation = explain(y, w)
    assert explanation.reasons == ["relu(z = -1.0) is flat"]
    assert repr(explanation).endswith("w.grad = 0.0\n  because relu(z = -1.0) is flat")


def test_a_relu_is_flat_at_its_kink_and_at_a_rounded_number():
    w = Value(1 / 3)
    assert explain(relu(-w), w, names={}).reasons == ["relu(v2 ≈ -0.3333) is flat"]
    assert explain(relu(w - w), w, names={}).reasons == ["relu(v2 = 0.0) is flat"]


def test_a_factor_may_be_zero():
    a, b = Value(2.0), Value(0.0)
    c = a * b
    d = sin(c)
    assert explain(d, a).reasons == ["∂c/∂a = b = 0.0"]


def test_a_factor_alone_needs_no_parentheses():
    a = Value(0.0)
    c = a**2
    assert explain(c, a).reasons == ["∂c/∂a = 2*a = 0.0"]


def test_the_smaller_operand_of_a_maximum_has_no_effect():
    a, b = Value(1.0), Value(2.0)
    m = maximum(a, b)
    assert explain(m, a).reasons == ["∂m/∂a = 1 if a > b else 0 = 0.0"]


def test_contributions_may_cancel():
    a = Value(1.0)
    b = 2 * a
    c = b - 2 * a
    assert explain(c, a).reasons == ["the contributions to a cancel: -2.0 + 2.0 = 0.0"]


def test_the_reason_may_lie_at_a_later_node():
    x, s, *_ = reused()
    z = 2.0 * s - 2.0 * s
    assert explain(z, x, names={}).reasons == ["the contributions to s cancel: -2.0 + 2.0 = 0.0"]


def test_a_product_may_be_too_small_for_a_float():
    a, b = Value(2.0), Value(1e-200)
    c = a * b
    d = c * b
    explanation = explain(d, a)
    assert explanation.reasons == ["c.grad × ∂c/∂a = 1e-200 × 1e-200 is too small for a float"]
    assert "= 1e-200 × 1e-200 ≈ 0.0" in repr(explanation)


def test_a_product_with_a_zero_is_exactly_zero():
    a, b, third = Value(2.0), Value(0.0), Value(1 / 3)
    c = a * b
    told = repr(explain(c * third, a))
    assert told.splitlines()[0].endswith("= b × third ≈ 0.0 × 0.3333 = 0.0")


def test_what_is_not_connected_has_no_effect():
    *_, y = reused()
    a = Value(1.0)
    explanation = explain(y, a, names={"a": a})
    assert (explanation.paths, explanation.left_out, explanation.gradient) == ([], 0, 0.0)
    assert repr(explanation) == "a.grad = 0.0\n  because y does not depend on a"


def test_ends_given_in_the_wrong_order_are_noticed():
    x, *_, y = reused()
    assert explain(x, y, names={}).reasons == ["x does not depend on y: y depends on x"]


def test_every_dead_end_is_named_once():
    w = Value(1.0)
    p, q = -w, w * 0.0
    y = relu(p) * relu(p) + q
    assert explain(y, w).reasons == ["∂q/∂w = 0.0", "relu(p = -1.0) is flat"]


def test_a_node_that_gets_zero_and_hands_on_zero_is_asked_itself():
    w, b = Value(1.0), Value(0.0)
    c = w * b
    y = c * 0.0
    assert explain(y, w).reasons == ["∂c/∂w = b = 0.0"]


def test_a_gradient_that_is_not_a_number_has_no_reasons():
    a, b = Value(math.inf), Value(0.0)
    y = (b * a) * b
    assert math.isnan(explain(y, b).gradient)
    assert explain(y, b).reasons == []


def test_many_reasons_are_cut_but_kept():
    a = Value(1.0)
    y = total([a * 0.0 for _ in range(30)])
    explanation = explain(y, a)
    assert len(explanation.reasons) == 30
    assert repr(explanation).endswith("\n  … 20 more")


@pytest.mark.slow
def test_reasons_take_linear_time():
    u = a = Value(1.0)
    for _ in range(30_000):
        u = u + u
    y = u * 0.0
    assert explain(y, a).reasons == ["∂y/∂u = 0.0"]


# -- what it refuses ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrt", "message"),
    [
        ([Value(1.0)], r"one node at a time: \[explain\(output, w\) for w in nodes\]"),
        ("x", "explain tells the gradient of a Value; 'x' is of type str"),
        (None, "None is of type NoneType"),
        (2.0, "2.0 is of type float"),
    ],
)
def test_wrt_is_one_value(wrt, message):
    with pytest.raises(TypeError, match=message):
        explain(Value(1.0) * 2, wrt)


@pytest.mark.parametrize("most", [0, -1, 2.0, True, None, "all"])
def test_max_paths_is_a_whole_number_from_1(most):
    a = Value(1.0)
    with pytest.raises(ValueError, match=r"max_paths = .*: it must be a whole number from 1"):
        explain(a * 2, a, max_paths=most)


def test_the_output_is_a_value():
    with pytest.raises(NotAGraphError, match=r"2\.0 \(of type float\)"):
        explain(2.0, Value(1.0))


def test_digits_are_1_to_17():
    a = Value(1.0)
    with pytest.raises(ValueError, match="digits = 0: it must be a whole number from 1 to 17"):
        explain(a * 2, a, digits=0)


def test_detach_is_told_as_a_cut():
    x = Value(2.0, label="x")
    explanation = explain(detach(x * x), x)
    assert explanation.reasons == ["detach(v1) cuts the edge: no gradient flows through it"]
    assert explain(x * detach(x), x).gradient == 2.0


def test_a_path_that_detach_cuts_is_told_beside_one_that_counts():
    x = Value(2.0, label="x")
    assert str(explain(x * detach(x), x, names={})) == (
        "x → v2:       ∂v2/∂x = v1 = 2.0\n"
        "x → v1 → v2:  ∂v1/∂x × ∂v2/∂v1 = 0.0 × x = 0.0 × 2.0 = 0.0\n"
        "where v1 = detach(x), v2 = x*v1\n"
        "x.grad = 2.0 + 0.0 = 2.0\n"
        "  detach(x) cuts the edge: no gradient flows through it"
    )
