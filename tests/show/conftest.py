"""What the tests of pictures share."""

import sys

import pytest


@pytest.fixture
def no_system_dot(tmp_path, monkeypatch):
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.setenv("PATH", str(empty))


@pytest.fixture
def no_embedded_engine(monkeypatch):
    monkeypatch.setitem(sys.modules, "wasmtime", None)
