"""The words of other engines."""

import sys
import traceback
from typing import Any

import pytest

from autograd import Value

WORDS = [
    ("_prev", "v.parents"), ("_op", "v.op"), ("_backward", "v.local_derivatives"),
    ("item", "v.data"), ("detach", "v.data"), ("zero_grad", "del v.grad"),
]  # fmt: skip


@pytest.mark.parametrize(("word", "instead"), WORDS)
def test_a_word_of_another_engine_names_the_one_to_use(word: str, instead: str) -> None:
    for v in (Value(2.0), Value(2.0) * 3):
        with pytest.raises(AttributeError, match=f"^a Value has no {word}: .*{instead}") as caught:
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
