"""The text of programs, as a person has read it and found it good: ``sources`` holds each."""

from pathlib import Path

import pytest

from tests.program.graphs import NETWORKS, attention, compiled, neuron

SOURCES = Path(__file__).parent / "sources"


GRAPHS = {**NETWORKS, "neuron": neuron, "attention": lambda: attention(2, 1)}
WRITTEN = [(name, "numpy") for name in [*NETWORKS, "attention"]] + [
    ("neuron", "python"), ("neuron", "javascript"), ("moons with L2", "python"),
]  # fmt: skip


def source(name: str, language: str) -> str:
    program = compiled(GRAPHS[name](), "python" if language == "javascript" else language)
    return program.javascript if language == "javascript" else program.source


@pytest.mark.parametrize(("name", "backend"), WRITTEN)
def test_a_program_reads_as_it_was_read(name: str, backend: str) -> None:
    """To accept a change, read the new text, and write it over the file."""
    path = SOURCES / f"{name.replace(' ', '_')}_{backend}.txt"
    assert source(name, backend) == path.read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "backend"), WRITTEN)
def test_no_line_is_wider_than_a_projector(name: str, backend: str) -> None:
    assert max(map(len, source(name, backend).splitlines())) <= 100
