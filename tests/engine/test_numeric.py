"""Whole numbers: one check and one kind of error, wherever a function asks for one."""

from collections.abc import Callable
from inspect import isfunction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograd import (
    Picture,
    Stepper,
    Value,
    compare_algorithms,
    derivation,
    derivative,
    draw,
    explain,
    formula,
    lesson,
    tanh,
    tree,
    worksheet,
)
from autograd.numeric import whole_number
from nn import Layer


@pytest.mark.parametrize("given", [2, 1, 9, np.int64(2), np.uint8(9)])
def test_a_whole_number_comes_back_as_an_int(given: Any) -> None:
    number = whole_number("count", given, least=1, most=9)
    assert type(number) is int
    assert number == given


@pytest.mark.parametrize("given", [0, -1, 10, True, np.True_, 2.0, np.float64(2), "2", None, [2]])
def test_anything_else_is_a_value_error_with_what_was_given_and_what_there_is(given: Any) -> None:
    with pytest.raises(ValueError, match=r"^count = .*: it must be a whole number from 1 to 9$"):
        whole_number("count", given, least=1, most=9)


def test_the_error_shows_the_number_and_only_the_limits_there_are() -> None:
    with pytest.raises(ValueError, match=r"^count = -7: it must be a whole number from 0$"):
        whole_number("count", np.int64(-7), least=0)
    with pytest.raises(
        ValueError, match=r"^count = -10\*\*5000 or so: it must be a whole number from"
    ):
        whole_number("count", -(10**5000), least=0)


def _output() -> Value:
    return tanh(Value(0.5, label="x") * 2.0)


PAGE = Path("page.html")
WHOLE_NUMBERS: dict[str, tuple[Callable[..., Any], int]] = {  # and the least it takes
    "draw, max_nodes": (lambda n: draw(_output(), max_nodes=n), 1),
    "draw, digits": (lambda n: draw(_output(), digits=n), 1),
    "tree, max_nodes": (lambda n: tree(_output(), max_nodes=n), 1),
    "tree, digits": (lambda n: tree(_output(), digits=n), 1),
    "formula, digits": (lambda n: formula(_output(), digits=n), 1),
    "explain, max_paths": (lambda n: explain(y := _output(), y.parents[0], max_paths=n), 1),
    "explain, digits": (lambda n: explain(y := _output(), y.parents[0], digits=n), 1),
    "derivation, max_steps": (lambda n: derivation(_output(), max_steps=n), 0),
    "derivation, digits": (lambda n: derivation(_output(), digits=n), 1),
    "Stepper, digits": (lambda n: Stepper(_output(), digits=n), 1),
    "compare_algorithms, digits": (lambda n: compare_algorithms(_output(), digits=n), 1),
    "lesson, digits": (lambda n: lesson(_output(), PAGE, digits=n), 1),
    "worksheet, digits": (lambda n: worksheet(_output(), PAGE, digits=n), 1),
    "derivative, order": (lambda n: derivative(tanh, order=n), 0),
    "Layer, n_outputs": (lambda n: Layer(2, n), 1),
}
each_function = pytest.mark.parametrize("place", WHOLE_NUMBERS)


@each_function
@pytest.mark.parametrize("given", ["too small", True, 1.0, "x", None], ids=str)
def test_every_function_refuses_what_is_no_whole_number(
    place: str, given: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    call, least = WHOLE_NUMBERS[place]
    name = place.split(", ")[1]
    given = least - 1 if given == "too small" else given
    with pytest.raises(
        ValueError, match=f"^{name} = {given!r}: it must be a whole number from {least}"
    ):
        call(given)
    assert not PAGE.exists()


def _shown(result: Any) -> str:
    """Return what can be seen of a result: text, a picture's source, a derivative at 0.5."""
    if isinstance(result, Stepper):
        return str(result.run())
    if isinstance(result, Picture):
        return result.source
    page = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    return f"{result(0.5) if isfunction(result) else result}\n{page}"


@each_function
def test_a_whole_number_of_numpy_does_what_the_int_does(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    call, _ = WHOLE_NUMBERS[place]
    assert _shown(call(np.int64(5))) == _shown(call(5))


@pytest.mark.parametrize("place", [place for place in WHOLE_NUMBERS if "digits" in place])
def test_no_view_shows_more_digits_than_a_float_has(place: str) -> None:
    call, _ = WHOLE_NUMBERS[place]
    with pytest.raises(ValueError, match=r"^digits = 18: it must be a whole number from 1 to 17$"):
        call(18)


def test_goto_takes_a_number_of_numpy_too() -> None:
    assert repr(Stepper(_output()).goto(np.int64(2))) == repr(Stepper(_output()).goto(2))
