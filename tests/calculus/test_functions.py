"""What is not ours, in how a function is given to calculus, is told what to write instead."""

from collections.abc import Callable
from typing import Any

import pytest

from autograd import (
    Value,
    checkpoint,
    derivative,
    grad,
    gradients,
    hessian,
    hvp,
    jacobian,
    jvp,
    total,
    value_and_grad,
    vjp,
)


def square(x: Any) -> Any:
    return x * x


def product(x: Any, y: Any) -> Any:
    return x * y


def squares(xs: Any) -> Any:
    return [x * x for x in xs]


x = Value(2.0)
GRAD = r"write grad\(f\)\(x, y\): the function first, then its numbers in brackets of their own"
ONE_BY_ONE = (
    r"[\[(].*[\])] is a (list|tuple): give its numbers one by one, \(\*numbers\) and not "
    r"\(numbers\); a function of a list becomes lambda \*xs: f\(xs\)"
)


@pytest.mark.parametrize(
    ("attempt", "message"),
    [
        (
            lambda: grad(square, argnums=0),
            GRAD + "; it differentiates in every argument, so that there is no argnums: to keep "
            r"one fixed, write lambda x: f\(x, 2\.0\)",
        ),
        (lambda: value_and_grad(square, argnums=(0, 1)), ".* there is no argnums: .*"),
        (lambda: jacobian(product, argnums=0), ".* there is no argnums: .*"),
        (lambda: grad(square, 0), GRAD),
        (lambda: grad(square, 2.0), GRAD),
        (lambda: grad(square)(2.0, order=2), GRAD),
        (lambda: grad(3.0), GRAD + "; f is 3.0"),
        (lambda: hessian("x*x"), r"write hessian\(f\)\(x, y\): .*; f is 'x\*x'"),
        (
            lambda: grad(x * x, x),
            GRAD + r"; f is a Value, and not a function: of a graph that exists "
            r"gradients\(output, \[x\]\) is the gradient",
        ),
        (lambda: jacobian(squares, 2.0, 3.0), r"write jacobian\(f\)\(x, y\): .*"),
        (lambda: hessian(product, [2.0, 3.0]), r"write hessian\(f\)\(x, y\): .*"),
        (lambda: derivative(square)(2.0, 3.0), r"write derivative\(f, order\)\(x\): .*"),
        (lambda: derivative(square, n=2), r"write derivative\(f, order\)\(x\): .*"),
        (lambda: jvp(square)([2.0]), r"write jvp\(f\)\(point, tangents\): .*"),
        (lambda: jvp(square)(point=[2.0], direction=[1.0]), r"write jvp\(f\)\(point, .*"),
        (lambda: vjp(square)([2.0]), r"write vjp\(f\)\(point, upstream\): .*"),
        (lambda: hvp(square)([2.0]), r"write hvp\(f\)\(point, direction\): .*"),
        (lambda: checkpoint(square, x), r"write checkpoint\(f\)\(x, y\): .*"),
        (lambda: checkpoint(square)(x=x), r"write checkpoint\(f\)\(x, y\): .*"),
        (lambda: checkpoint(square(x)), r"write checkpoint\(f\)\(x, y\): .*; f is a Value, .*"),
    ],
)
def test_another_form_is_told_ours(attempt: Callable[[], Any], message: str) -> None:
    with pytest.raises(TypeError, match=f"^{message}$"):
        attempt()


@pytest.mark.parametrize(
    ("attempt", "advice"),
    [
        (lambda: grad(x * x, [x]), r"gradients\(output, \[x\]\) is the gradient"),
        (lambda: derivative(x * x, x), r"gradients\(output, \[x\]\) is the gradient"),
        (lambda: hessian(x * x, [x]), r"gradients\(output, \[x\], create_graph=True\) are Values"),
        (lambda: hvp(x * x, [x], [1.0]), r"gradients\(output, \[x\], create_graph=True\) are"),
        (lambda: jvp(x * x, [x], [1.0]), "put the computation into a function, such as"),
        (lambda: vjp(x * x, [x], 1.0), "put the computation into a function, such as"),
        (lambda: checkpoint(x, square), "checkpoint takes the function that would make it"),
    ],
)
def test_a_graph_in_place_of_a_function_is_told_what_there_is_for_it(
    attempt: Callable[[], Any], advice: str
) -> None:
    with pytest.raises(TypeError, match=f"f is a Value, and not a function: .*{advice}"):
        attempt()


def test_the_advice_for_a_graph_works() -> None:
    output = x**3
    (slope,) = gradients(output, [x], create_graph=True)
    assert gradients(slope, [x]) == [12.0]
    assert jvp(lambda x: x**2)([3.0], [1.0]) == (9.0, 6.0)


@pytest.mark.parametrize("point", [2.0, x, [2.0]])
def test_a_point_in_place_of_the_order_is_told_where_it_goes(point: Any) -> None:
    advice = r"order = .*; the point goes into brackets of its own, as in derivative\(f\)\(2\.0\)"
    with pytest.raises(ValueError, match=f"^{advice}$"):
        derivative(square, point)


@pytest.mark.parametrize(
    "attempt",
    [
        lambda: jacobian(squares)([2.0, 3.0]),
        lambda: jacobian(square)((2.0, 3.0)),
        lambda: hessian(product)([2.0, 3.0]),
        lambda: grad(total)([2.0, 3.0]),
        lambda: derivative(square)([2.0]),
        lambda: checkpoint(total)([x, x]),
    ],
)
def test_a_list_is_not_an_argument(attempt: Callable[[], Any]) -> None:
    with pytest.raises(TypeError, match=f"^{ONE_BY_ONE}$"):
        attempt()


def test_the_advice_for_a_list_works() -> None:
    point = [2.0, 3.0]
    assert jacobian(lambda *xs: squares(xs))(*point) == [[4.0, 0.0], [0.0, 6.0]]
    assert grad(lambda *xs: total(xs))(*point) == [1.0, 1.0]


@pytest.mark.parametrize(
    ("attempt", "message"),
    [
        (
            lambda: derivative(product)(2.0),
            r"product\(x, y\) was given 1 number: the point has one for each argument; to keep "
            r"one fixed, write lambda x: f\(x, 2\.0\)",
        ),
        (lambda: grad(product)(2.0), r"product\(x, y\) was given 1 number: .*"),
        (lambda: hvp(product)([2.0], [1.0]), r"product\(x, y\) was given 1 number: .*"),
        (
            lambda: jacobian(squares)(2.0, 3.0),
            r"squares\(xs\) was given 2 numbers: the point has one for each argument; a function "
            r"of a list becomes lambda \*xs: f\(xs\)",
        ),
        (lambda: jvp(lambda x: x)([2.0, 3.0], [1.0, 0.0]), r"lambda\(x\) was given 2 numbers: .*"),
        (lambda: checkpoint(square)(x, x), r"square\(x\) was given 2 numbers: .*"),
    ],
)
def test_a_function_of_another_number_of_arguments_is_named(
    attempt: Callable[[], Any], message: str
) -> None:
    with pytest.raises(TypeError, match=f"^{message}$"):
        attempt()


def test_an_error_of_the_function_itself_is_left_as_it_is() -> None:
    def broken(x: Any) -> Any:
        return product(x)  # type: ignore[call-arg]

    for attempt in (lambda: grad(broken)(2.0), lambda: checkpoint(broken)(x)):
        with pytest.raises(TypeError, match=r"^product\(\) missing 1 required positional"):
            attempt()


@pytest.mark.parametrize(
    ("attempt", "message"),
    [
        (
            lambda: jacobian(lambda x, y: [x, [y]])(2.0, 3.0),
            r"the function returned \[Value\(2\.0\), \[Value\(3\.0\)\]\]: .*a flat list of them",
        ),
        (
            lambda: jacobian(lambda x: {"a": x})(2.0),
            r"the function returned \{'a': .* flat list .*",
        ),
        (
            lambda: jvp(square)([[2.0]], [[1.0]]),
            r"jvp takes flat lists, such as jvp\(f\)\(\[2\.0\], \[1\.0\]\); \[2\.0\] is a list "
            "within one",
        ),
        (lambda: jvp(square)({"x": 2.0}, [1.0]), r"jvp takes lists, .*, not \{'x': 2\.0\}"),
    ],
)
def test_a_list_within_a_list_and_a_mapping_are_not_lists_of_numbers(
    attempt: Callable[[], Any], message: str
) -> None:
    with pytest.raises(TypeError, match=f"^{message}$"):
        attempt()


def test_what_is_decorated_keeps_its_name_and_signature() -> None:
    assert (grad.__name__, grad.__module__) == ("grad", "autograd.calculus.reverse")
    assert jacobian.__wrapped__.__annotations__.keys() == {"f", "mode", "return"}  # type: ignore[attr-defined]
    assert grad(f=square)(3.0) == 6.0
