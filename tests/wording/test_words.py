"""The table of words: how its phrases are filled in."""

import string

import pytest

from autograd.wording import word
from autograd.wording.words import WORDS


def test_numbers_in_a_phrase_are_grouped_by_thousands():
    assert word("more", count=1234567) == "1,234,567 more"


def test_a_number_that_python_may_refuse_to_write_is_shortened():
    assert word("more", count=10**5000) == "1e+5000 more"


@pytest.mark.parametrize("key", WORDS)
def test_every_phrase_names_what_fills_it_in(key):
    fields = [name for _, name, _, _ in string.Formatter().parse(WORDS[key]) if name is not None]
    assert all(name.isidentifier() for name in fields)
