"""A Value: construction, operators, comparison, showing, one-off operations, copies and pickles."""

import copy
import math
import operator
import pickle
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from autograd import NoForwardRuleError, Value, gradients, refresh, tanh, total
from autograd.graph import topological_order


def cube(x: Value, **options: Any) -> Value:
    return Value(
        x.data**3, parents=(x,), local_derivatives=lambda out, x: 3 * x * x, op="cube", **options
    )


def chain(length: int) -> tuple[Value, Value]:
    first = last = Value(1.0, label="first")
    for _ in range(length):
        last = -last
    return first, last


# -- construction --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "data"),
    [
        (2.0, 2.0),
        (2, 2),
        (Fraction(2, 3), Fraction(2, 3)),
        (10**400, 10**400),
        (math.inf, math.inf),
        (np.float64(0.5), 0.5),
        (np.float32(0.5), 0.5),
        (np.int64(3), 3),
    ],
)
def test_data_is_the_number_given_as_a_builtin(given: Any, data: Any) -> None:
    v = Value(given)
    assert v.data == data
    assert type(v.data) is type(data)


@pytest.mark.parametrize("parents", [Value(2.0), 3, {1: 2}])
def test_parents_that_are_no_tuple_are_refused(parents: Any) -> None:
    with pytest.raises(TypeError, match=r"parents must be a tuple, even of one: parents=\(a,\)"):
        Value(1.0, parents=parents, local_derivatives=lambda out, x: 1)


@pytest.mark.parametrize(
    "expression", ["v + 'x'", "None * v", "v / 0", "tanh(v * 'x')", "total([v, 'x'])"]
)
def test_an_error_is_told_alone(expression: str) -> None:
    with pytest.raises((TypeError, ValueError)) as raised:
        eval(expression, {"v": Value(2.0), "tanh": tanh, "total": total})
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__


def test_nan_is_allowed() -> None:
    assert math.isnan(Value(math.nan).data)


@pytest.mark.parametrize(
    ("junk", "message"),
    [
        ("3", "'3' is a str, not a number; convert text first"),
        (None, "None is a NoneType, not a number; did a function forget its return"),
        (True, "True is a bool, not a number; write 1.0 or 0.0"),
        (1j, "1j is a complex, not a number; the engine differentiates real functions"),
        ([1], "[1] is a list, not a number; a Value holds one number"),
        ([Value(1.0)], "[Value(1.0)] is a list, not a number; take its Values one by one, as in "),
        ((1, 2), "(1, 2) is a tuple, not a number; a Value holds one number"),
        (Value(1), "Value(1) is a Value already: use it, or +v for a fresh node"),
        (np.array(1.0), "array(1.) is a ndarray, not a number"),
        (np.array([1.0]), "array([1.]) is a ndarray, not a number"),
        (np.bool_(True), "np.True_ is a bool, not a number"),
        (np.complex128(1), "np.complex128(1+0j) is a complex128, not a number"),
        (len, "<built-in function len> is a builtin_function_or_method, not a number"),
        (
            Value,
            "<class 'autograd.value.Value'> is a class, not a number; call it, as in Value(2.0)",
        ),
    ],
)
def test_data_that_is_no_number_is_refused_with_what_was_given(junk: Any, message: str) -> None:
    with pytest.raises(TypeError) as caught:
        Value(junk)
    assert str(caught.value).startswith(message)
    v = Value(1.0)
    with pytest.raises(TypeError):
        v.data = junk
    with pytest.raises(TypeError):
        v.grad = junk
    assert (v.data, v.grad, v.has_grad) == (1.0, 0.0, False)


@pytest.mark.parametrize("expression", ["v + Value", "Value + v", "v * Value", "2 ** v / Value"])
def test_a_class_is_not_an_operand(expression: str) -> None:
    with pytest.raises(TypeError, match=r"is a class, not a number; call it, as in Value\(2\.0\)"):
        eval(expression, {"v": Value(2.0), "Value": Value})


def test_a_long_operand_is_shortened_in_the_message() -> None:
    with pytest.raises(TypeError, match="…") as caught:
        Value("9" * 10_000)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"parents": (1.0,), "local_derivatives": len}, "parents are Values; 1.0 is a float"),
        ({"parents": (Value(1),)}, "parents, local_derivatives and op go together"),
        ({"local_derivatives": len}, "parents, local_derivatives and op go together"),
        ({"parents": (Value(1),), "local_derivatives": 3}, "a function of (out, *operands)"),
        ({"op": "cube"}, "a function of (out, *operands)"),
        ({"label": 3}, "a label is text, not 3"),
    ],
)
def test_contradictory_options_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(TypeError) as caught:
        Value(1.0, **options)
    assert message in str(caught.value)


def test_everything_but_data_is_given_by_keyword() -> None:
    with pytest.raises(TypeError, match="positional"):
        Value(1.0, "a")  # type: ignore[misc]


def test_a_leaf_has_no_parents_and_no_op() -> None:
    leaf = Value(3.0)
    assert (leaf.parents, leaf.op, leaf.label, leaf.is_constant) == ((), "", None, False)
    assert leaf.local_derivatives == ()


# -- operators -----------------------------------------------------------------------------------

OPERATORS = [operator.add, operator.sub, operator.mul, operator.truediv, operator.pow]
by_name = pytest.mark.parametrize("operate", OPERATORS, ids=lambda function: function.__name__)
NUMBERS = [3, 0.5, Fraction(1, 2), np.float64(0.5), np.int64(3), np.float32(0.5)]


@by_name
def test_two_values_make_one_node_with_both_parents_in_order(operate: Any) -> None:
    a, b = Value(2.0), Value(5.0)
    c = operate(a, b)
    assert c.data == operate(2.0, 5.0)
    assert c.parents == (a, b)


@by_name
@pytest.mark.parametrize("number", NUMBERS, ids=repr)
def test_a_number_on_either_side_becomes_a_constant(operate: Any, number: Any) -> None:
    v = Value(2.0)
    right, left = operate(v, number), operate(number, v)
    plain = number.item() if hasattr(number, "item") else number
    assert type(right) is type(left) is Value
    assert (right.data, left.data) == (operate(2.0, plain), operate(plain, 2.0))
    assert right.parents[0] is left.parents[1] is v
    assert right.parents[1].is_constant
    assert left.parents[0].is_constant
    for constant in (right.parents[1], left.parents[0]):
        assert constant.data == plain
        assert type(constant.data) in (int, float, Fraction)  # none of NumPy's


@by_name
@pytest.mark.parametrize("junk", ["a", None, [1.0], (1.0,), True, 1j, b"a"], ids=repr)
def test_operators_refuse_what_is_no_number_on_either_side(operate: Any, junk: Any) -> None:
    v = Value(2.0)
    for left, right in ((v, junk), (junk, v)):
        with pytest.raises(TypeError, match=f"is a {type(junk).__name__}, not a number; "):
            operate(left, right)


@by_name
@pytest.mark.parametrize(
    "stranger", [object(), {}, np.array([1.0, 2.0])], ids=["o", "dict", "array"]
)
def test_operators_leave_strangers_to_themselves(operate: Any, stranger: Any) -> None:
    for left, right in ((Value(2.0), stranger), (stranger, Value(2.0))):
        with pytest.raises(TypeError):
            operate(left, right)


def test_a_stranger_that_knows_values_gets_its_say() -> None:
    class Polite:
        def __radd__(self, other: Any) -> str:
            return "polite"

        def __rmul__(self, other: Any) -> str:
            return "polite"

    assert Value(1.0) + Polite() == "polite"
    assert Value(1.0) * Polite() == "polite"


def test_a_repeated_parent_is_kept_twice() -> None:
    a = Value(3.0)
    assert (a * a).parents == (a, a)


def test_zero_plus_a_value_adds_no_node() -> None:
    a, b = Value(1.0), Value(2.0)
    assert 0 + a is a
    assert sum([a, b]).parents == (a, b)
    assert (a + 0) is not a
    assert (0.0 + a) is not a


def test_unary_operators() -> None:
    v = Value(-3.0)
    assert ((-v).data, (-v).op, (-v).parents) == (3.0, "neg", (v,))
    assert (abs(v).data, abs(v).op, abs(v).parents) == (3.0, "abs", (v,))


def test_plus_makes_a_fresh_node() -> None:
    v = Value(-3.0, label="v")
    fresh = +v
    assert fresh is not v
    assert (fresh.data, fresh.parents, fresh.label) == (-3.0, (v,), None)


def test_augmented_assignment_rebinds() -> None:
    a = original = Value(1.0)
    a += 2
    a *= 3
    assert (a.data, original.data) == (9.0, 1.0)


# -- comparing -----------------------------------------------------------------------------------

COMPARISONS = [operator.lt, operator.le, operator.gt, operator.ge]


@pytest.mark.parametrize("compare", COMPARISONS)
@pytest.mark.parametrize("other", [1.0, 2, 3.0, Fraction(5, 2), np.float64(1.0), np.int64(3)])
def test_order_is_by_data_on_either_side(compare: Any, other: Any) -> None:
    v = Value(2.0)
    assert compare(v, other) is bool(compare(2.0, other))
    assert compare(other, v) is bool(compare(other, 2.0))
    assert compare(v, Value(other)) is bool(compare(2.0, other))


@pytest.mark.parametrize("compare", COMPARISONS)
def test_order_refuses_what_is_no_number(compare: Any) -> None:
    with pytest.raises(TypeError, match="not a number"):
        compare(Value(1.0), "a")


def test_values_are_equal_by_identity_and_hash_so() -> None:
    a, b = Value(1.0), Value(1.0)
    assert a == a
    assert a != b
    assert len({a, b, a}) == 2
    assert a != "1.0"
    assert a in [b, a]


@pytest.mark.parametrize("number", [2, 2.0, Fraction(2), True, 1j, np.float64(2), np.int64(2)])
def test_comparing_with_a_number_by_equality_raises_naming_data(number: Any) -> None:
    for compare in (operator.eq, operator.ne):
        for left, right in ((Value(2.0), number), (number, Value(2.0))):
            with pytest.raises(TypeError, match=r"write v\.data == "):
                compare(left, right)


# -- no silent way out of the graph --------------------------------------------------------------


@pytest.mark.parametrize("leave", [bool, lambda v: not v, lambda v: v and 1])
def test_a_value_is_neither_true_nor_false(leave: Callable[[Value], Any]) -> None:
    with pytest.raises(TypeError, match=r"v\.data"):
        leave(Value(1.0))


@pytest.mark.parametrize("leave", [float, int, complex, math.tanh, math.exp, np.float64])
def test_leaving_the_graph_raises_naming_data_and_tanh(leave: Callable[[Value], Any]) -> None:
    with pytest.raises(TypeError, match=r"(?s)autograd\.tanh.*v\.data"):
        leave(Value(1.0))


# -- showing -------------------------------------------------------------------------------------


def test_repr_shows_data_then_label_then_gradient_once_there_is_one() -> None:
    v = Value(-6.0)
    assert repr(v) == "Value(-6.0)"
    v.label = "c"
    assert repr(v) == "Value(-6.0, label='c')"
    v.backward()
    assert repr(v) == "Value(-6.0, label='c', grad=1.0)"
    v.label = None
    assert repr(v) == str(v) == "Value(-6.0, grad=1.0)"


def test_fractions_are_shown_as_fractions() -> None:
    v = Value(Fraction(2, 3))
    (v * v).backward()
    assert repr(v) == "Value(2/3, grad=4/3)"


@pytest.mark.parametrize(
    ("data", "spec", "text"),
    [
        (0.123456, ".4f", "0.1235"),
        (Fraction(1, 3), ".4f", "0.3333"),
        (3, "5d", "    3"),
        (2.5, "", "Value(2.5)"),
        (2.5, ">8.1f", "     2.5"),
    ],
)
def test_format_shows_the_number(data: Any, spec: str, text: str) -> None:
    assert f"{Value(data):{spec}}" == text


@pytest.mark.parametrize("label", ["", "loss", 'a|b{c}<d>&"\n', "∂ 🎓"])
def test_any_text_is_a_label(label: str) -> None:
    assert Value(1.0, label=label).label == label
    assert eval(repr(Value(1.0, label=label))).label == label


def test_labels_can_be_changed_but_only_to_text() -> None:
    v = Value(1.0, label="a")
    with pytest.raises(TypeError, match="a label is text, not 7"):
        v.label = 7  # type: ignore[assignment]
    assert v.label == "a"


# -- gradients -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("data", "zero"), [(1.5, 0.0), (2, 0), (Fraction(1, 3), 0)])
def test_grad_is_a_zero_of_the_kind_of_data_from_the_start(data: Any, zero: Any) -> None:
    v = Value(data)
    assert v.grad == zero
    assert type(v.grad) is type(zero)
    assert not v.has_grad


def test_grad_is_assignable_and_deletable() -> None:
    v = Value(1.0)
    v.grad = np.float64(2.5)
    assert (v.grad, type(v.grad), v.has_grad) == (2.5, float, True)
    del v.grad
    assert (v.grad, v.has_grad) == (0.0, False)
    del v.grad  # forgetting twice is not an error


def test_a_zero_gradient_is_told_from_none() -> None:
    v = Value(1.0)
    (v * 0).backward()
    assert v.has_grad
    assert v.grad == 0.0


def test_local_derivatives_are_numbers_one_for_each_parent() -> None:
    a, b = Value(2.0), Value(-3.0)
    assert (a * b).local_derivatives == (-3.0, 2.0)
    assert (a - b).local_derivatives == (1.0, -1.0)
    assert (a**2).local_derivatives[0] == 4.0
    assert total([a, b, a]).local_derivatives == (1.0, 1.0, 1.0)
    assert tanh(Value(0.0)).local_derivatives == (1.0,)
    assert (Value(Fraction(1, 3)) * 2).local_derivatives == (2, Fraction(1, 3))


def test_local_derivatives_are_those_of_the_pass_that_ran() -> None:
    a, b = Value(2.0), Value(-3.0)
    c = a * b
    a.data = 100.0
    assert c.local_derivatives == (-3.0, 2.0)


# -- one-off operations --------------------------------------------------------------------------


def test_a_one_off_operation_differentiates_like_any_other() -> None:
    x = Value(2.0)
    c = cube(x, label="c")
    (c + x).backward()
    assert (c.data, c.op, c.label, c.parents, c.local_derivatives) == (
        8.0,
        "cube",
        "c",
        (x,),
        (12.0,),
    )
    assert (c.grad, x.grad) == (1.0, 13.0)


def test_a_one_off_operation_has_higher_derivatives() -> None:
    x = Value(2.0)
    (slope,) = gradients(cube(x), [x], create_graph=True)
    assert gradients(slope, [x]) == [12.0]


def test_a_one_off_operation_of_several_parents_gives_a_tuple() -> None:
    a, b = Value(3.0), Value(4.0)
    h = Value(
        5.0, parents=[a, b], local_derivatives=lambda out, a, b: (a / out, b / out), op="hypot"
    )
    h.backward()
    assert (a.grad, b.grad) == (0.6, 0.8)


def test_a_one_off_operation_needs_no_name() -> None:
    x = Value(2.0)
    assert Value(4.0, parents=(x,), local_derivatives=lambda out, x: 2 * x).op == "custom"


@pytest.mark.parametrize("slopes", [(1.0,), (1.0, 2.0, 3.0), 1.0])
def test_a_rule_that_returns_the_wrong_number_of_derivatives_is_an_error(slopes: Any) -> None:
    a, b = Value(1.0), Value(2.0)
    node = Value(3.0, parents=(a, b), local_derivatives=lambda *_: slopes, op="odd")
    with pytest.raises(
        TypeError, match=r"local_derivatives of odd returned \d numbers for 2 parents"
    ):
        node.backward()
    assert not any(v.has_grad for v in (a, b, node))


@pytest.mark.parametrize("slope", ["1", None, True])
def test_a_rule_that_returns_no_number_is_an_error(slope: Any) -> None:
    x = Value(1.0)
    node = Value(3.0, parents=(x,), local_derivatives=lambda *_: slope, op="odd")
    with pytest.raises(TypeError, match="not a number"):
        node.backward()
    assert not x.has_grad


def test_a_one_off_operation_cannot_be_refreshed() -> None:
    x = Value(2.0)
    c = cube(x) + 1
    x.data = 3.0
    with pytest.raises(NoForwardRuleError, match=r"^cube is a one-off node"):
        refresh(c)
    assert c.data == 9.0


def test_a_one_off_operation_refuses_pickling_by_name() -> None:
    with pytest.raises(TypeError, match="the one-off operation 'cube' cannot be pickled"):
        pickle.dumps(cube(Value(2.0)) + 1)


def test_a_one_off_operation_may_carry_a_name_of_the_table() -> None:
    x = Value(2.0)
    mine = Value(0.0, parents=(x,), local_derivatives=lambda out, x: 42.0, op="exp")
    mine.backward()
    assert x.grad == 42.0
    with pytest.raises(TypeError, match="one-off"):
        pickle.dumps(mine)


def test_a_one_off_operation_can_be_copied() -> None:
    twin = copy.deepcopy(cube(Value(2.0)))
    twin.backward()
    assert twin.parents[0].grad == 12.0


# -- copies and pickles --------------------------------------------------------------------------


def graph() -> tuple[Value, Value, Value]:
    a, b = Value(2.0, label="a"), Value(Fraction(1, 3))
    out = tanh(a * b + a) * 2
    out.backward()
    return a, b, out


def as_seen(output: Value) -> list[Any]:
    """Return all that can be seen of a graph, but for identity."""
    order = topological_order(output)
    position = {node: k for k, node in enumerate(order)}
    return [
        *[(n.data, n.grad, n.has_grad, n.label, n.op, n.is_constant) for n in order],
        *[n.local_derivatives for n in order],
        *[[position[parent] for parent in n.parents] for n in order],
    ]


@pytest.mark.parametrize("twin_of", [copy.deepcopy, lambda v: pickle.loads(pickle.dumps(v))])
def test_a_deep_copy_and_a_pickle_are_the_same_graph_of_other_nodes(twin_of: Any) -> None:
    a, _, out = graph()
    twin = twin_of(out)
    assert as_seen(twin) == as_seen(out)
    assert set(topological_order(twin)).isdisjoint(topological_order(out))
    twin.backward()
    assert a.grad == out.parents[0].parents[0].parents[1].grad
    assert as_seen(twin) != as_seen(out)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_every_pickle_protocol_serves(protocol: int) -> None:
    _, _, out = graph()
    assert as_seen(pickle.loads(pickle.dumps(out, protocol))) == as_seen(out)


def test_a_shallow_copy_is_another_node_with_the_same_parents() -> None:
    _, _, out = graph()
    twin = copy.copy(out)
    assert twin is not out
    assert twin.parents is out.parents
    assert as_seen(twin) == as_seen(out)
    twin.data = 0.0
    assert out.data != 0.0


def test_what_a_leaf_keeps_is_copied() -> None:
    v = Value(Fraction(1, 2), label="v")
    v.grad = 3
    for twin in (copy.copy(v), copy.deepcopy(v), pickle.loads(pickle.dumps(v))):
        assert twin is not v
        assert (twin.data, twin.label, twin.grad, twin.parents) == (Fraction(1, 2), "v", 3, ())


class Tagged(Value):
    """A student's subclass, with a ``__dict__``."""


class Slotted(Tagged):
    __slots__ = ("__secret", "partner", "upstream")

    def hide(self, secret: str) -> None:
        self.__secret = secret

    def tell(self) -> str:
        return self.__secret


@pytest.mark.parametrize("protocol", [None, *range(pickle.HIGHEST_PROTOCOL + 1)])
def test_what_a_subclass_keeps_on_a_node_goes_with_it(protocol: int | None) -> None:
    v = Slotted(2.0, label="v")
    v.hide("a secret")
    v.upstream = "a word of the engine once"
    v.note = ["mutable"]  # type: ignore[attr-defined]
    for twin in (
        copy.copy(v),
        copy.deepcopy(v),
        copy.deepcopy(v * 2).parents[0],
        pickle.loads(pickle.dumps(v, protocol)),
        pickle.loads(pickle.dumps(v * 2, protocol)).parents[0],
    ):
        assert type(twin) is Slotted
        assert (twin.data, twin.label, twin.tell(), twin.note) == (
            2.0,
            "v",
            "a secret",
            ["mutable"],
        )
        assert twin.upstream == v.upstream
        assert not hasattr(twin, "partner")
    assert copy.copy(v).note is v.note  # type: ignore[attr-defined]
    assert copy.deepcopy(v).note is not v.note  # type: ignore[attr-defined]


@pytest.mark.parametrize("twin_of", [copy.deepcopy, lambda v: pickle.loads(pickle.dumps(v))])
def test_what_a_subclass_keeps_refers_to_the_nodes_of_the_copy(twin_of: Any) -> None:
    a, b = Slotted(2.0), Slotted(3.0)
    a.partner, b.partner, b.itself = b, [a], b  # type: ignore[attr-defined]
    first, second = twin_of(a * b).parents
    assert first not in (a, b)
    assert first.partner is second
    assert second.partner[0] is first
    assert second.itself is second


def test_a_deep_copy_keeps_what_leads_from_a_leaf_to_a_result() -> None:
    a = Slotted(2.0)
    b = a * 3
    a.partner = b * 4  # outside of the graph of b, and made of it
    output = cube(b)
    b_twin = copy.deepcopy(output).parents[0]
    assert b_twin is not b
    assert b_twin.parents[0].partner.parents[0] is b_twin


class Product(Value):
    """A subclass whose results are its own, and can be pickled."""

    def __mul__(self, other: Value | float) -> "Product":
        node = super().__mul__(other)
        product = Product(node.data)
        product.parents, product.operation, product.record = (
            node.parents, node.operation, node.record
        )  # fmt: skip
        product.made_of = (self, product)  # type: ignore[attr-defined]
        return product


@pytest.mark.parametrize("twin_of", [copy.deepcopy, lambda v: pickle.loads(pickle.dumps(v))])
def test_what_a_subclass_keeps_on_a_result_goes_with_it_too(twin_of: Any) -> None:
    twin = twin_of(Product(2.0) * 3.0)
    assert type(twin) is Product
    assert twin.made_of == (twin.parents[0], twin)


@pytest.mark.parametrize("twins_of", [copy.deepcopy, lambda t: pickle.loads(pickle.dumps(t))])
def test_leaves_keep_their_identity_across_a_tuple(twins_of: Any) -> None:
    a, b = Value(2.0), Value(3.0)
    product, sum_of, again, list_of = twins_of((a * b, a + b, a, [b]))
    assert product.parents == sum_of.parents == (again, *list_of)
    product.backward()
    assert again.grad == 3.0


@pytest.mark.parametrize(
    "twin_of", [copy.copy, copy.deepcopy, lambda v: pickle.loads(pickle.dumps(v))]
)
def test_a_chain_of_100_000_nodes_is_copied_without_recursion(twin_of: Any) -> None:
    first, last = chain(100_000)
    twin = twin_of(last)
    twin.backward()
    order = topological_order(twin)
    assert len(order) == 100_001
    assert (order[0].grad, order[0].label) == (1.0, "first")
    assert (first is order[0]) is (twin_of is copy.copy)


def test_a_fraction_too_large_for_a_float_is_formatted_as_infinite() -> None:
    assert f"{Value(Fraction(10) ** 400):.3f}" == "inf"
