"""The words of other engines."""

import importlib
import re
import sys
import traceback
from typing import Any

import pytest

from autograd import Value
from autograd.other_words import OF_AUTOGRAD, OF_NN

WORDS = [
    ("_prev", "v.parents"), ("_op", "v.op"), ("_backward", "v.local_derivatives"),
    ("item", "v.data"), ("detach", "v.data"), ("zero_grad", "del v.grad"), ("square", "v**2"),
    ("pow", "v**2"), ("requires_grad_", "v.grad"),
]  # fmt: skip


@pytest.mark.parametrize(("word", "instead"), WORDS)
def test_a_word_of_another_engine_names_the_one_to_use(word: str, instead: str) -> None:
    for v in (Value(2.0), Value(2.0) * 3):
        with pytest.raises(
            AttributeError, match=f"^a Value has no {word}: .*{re.escape(instead)}"
        ) as caught:
            getattr(v, word)
        assert (caught.value.name, caught.value.obj) == (word, v)


@pytest.mark.parametrize(("word", "instead"), WORDS)
def test_the_word_to_use_is_there(word: str, instead: str) -> None:
    v = Value(2.0) * 3
    v.backward()
    exec(instead, {"v": v})


@pytest.mark.parametrize(("word", "instead"), WORDS)
def test_a_word_that_a_value_does_not_have_is_not_found(word: str, instead: str) -> None:
    assert not hasattr(Value(2.0), word)
    assert not hasattr(Value, word)
    assert word not in dir(Value(2.0))


def test_a_subclass_may_have_the_word() -> None:
    class Older(Value):
        def item(self) -> Any:
            return self.data

        def __init__(self, data: float) -> None:
            super().__init__(data)
            self._prev = ()

    v: Any = Older(2.0)
    assert (v.item(), v._prev) == (2.0, ())


@pytest.mark.skipif(sys.version_info < (3, 12), reason="the hint is not in the traceback module")
def test_python_still_says_what_was_meant() -> None:
    with pytest.raises(AttributeError) as caught:
        Value(2.0).bakward()  # type: ignore[attr-defined]
    told = "".join(traceback.format_exception(caught.value))
    assert "Did you mean: 'backward'?" in told


OF_MODULES = [
    *(("autograd", word, advice) for word, advice in OF_AUTOGRAD.items()),
    *(("nn", word, advice) for word, advice in OF_NN.items()),
]


@pytest.mark.parametrize(("module", "word", "advice"), OF_MODULES)
def test_a_word_that_a_module_does_not_have_names_the_one_to_use(
    module: str, word: str, advice: str
) -> None:
    ours = importlib.import_module(module)
    told = f"^{re.escape(f'{module} has no {word}: {advice}')}$"
    with pytest.raises(ImportError, match=told):
        exec(f"from {module} import {word}")
    with pytest.raises(AttributeError, match=told):
        getattr(ours, word)
    assert not hasattr(ours, word)
    assert word not in dir(ours)


@pytest.mark.parametrize(("module", "word", "advice"), OF_MODULES)
def test_each_call_that_is_advised_can_be_made(module: str, word: str, advice: str) -> None:
    v = Value(0.5, label="v")
    v.grad = 1.0
    given = {"v": v, "outputs": [v, v], "targets": [0.0, 1.0], "classes": 1}
    calls = re.findall(r"[A-Za-z_]+\([^()]*\)", advice)
    assert bool(calls) == (word != "Parameter")
    for call in calls:
        exec(f"from {module} import *\n{call}", given)


@pytest.mark.parametrize("module", ["autograd", "nn"])
def test_any_other_name_is_missing_in_pythons_words(module: str) -> None:
    with pytest.raises(ImportError, match=f"^cannot import name 'nonsense' from '{module}' "):
        exec(f"from {module} import nonsense")
    with pytest.raises(AttributeError, match=f"^module '{module}' has no attribute 'nonsense'$"):
        getattr(importlib.import_module(module), "nonsense")  # noqa: B009
