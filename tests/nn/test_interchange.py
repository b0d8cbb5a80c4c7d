"""Interchange without PyTorch: what it says then. With it: see ``test_nn_parity.py``."""

import sys

import pytest

from nn import MLP, from_torch, to_torch


@pytest.mark.parametrize("convert", [lambda: to_torch(MLP(1, [1])), lambda: from_torch(None)])
def test_without_pytorch_it_names_the_cure(convert, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(ImportError, match=r'PyTorch is missing: pip install "\.\[parity\]"'):
        convert()
